//! Decodes OCP's answers: the envelope, and in it the tasks (`rows.rs`).
//!
//! A body that is not valid JSON or not the documented envelope is a decode error as a whole.

use super::rows::{contents, flag};
use crate::core::error::{Code, Error};
use crate::core::json::reader::{Fault, Reader, Scalar};
use crate::core::privacy::excerpt::clamp;
use crate::core::privacy::mask::mask;
use crate::core::table::batch::Batch;

/// One decoded page.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The tasks, in the server's order.
    pub rows: Batch,
    /// How many elements were not objects.
    pub unreadable: usize,
    /// The number of tasks in the range (`totalElements`), if the server says so.
    pub total: Option<u64>,
    /// The trace id of the request.
    pub trace_id: Option<String>,
}

impl Page {
    /// Writes the page as bytes, to pass it to another thread.
    pub fn to_bytes(&self, out: &mut Vec<u8>) {
        let trace_id = self.trace_id.as_deref().unwrap_or_default();
        for number in [
            u64::from(self.total.is_some()),
            self.total.unwrap_or_default(),
            self.unreadable as u64,
            trace_id.len() as u64,
        ] {
            out.extend(number.to_le_bytes());
        }
        out.extend(trace_id.as_bytes());
        self.rows.to_bytes(out);
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (numbers, rest) = bytes.split_at_checked(32)?;
        let number = |at: usize| Some(u64::from_le_bytes(*numbers.as_chunks().0.get(at)?));
        let (trace_id, rows) = rest.split_at_checked(usize::try_from(number(3)?).ok()?)?;
        Some(Self {
            rows: Batch::from_bytes(rows)?,
            unreadable: usize::try_from(number(2)?).ok()?,
            total: (number(0)? == 1).then_some(number(1)?),
            trace_id: Some(String::from_utf8(trace_id.to_vec()).ok()?).filter(|id| !id.is_empty()),
        })
    }
}

fn count(value: &Scalar<'_>) -> Option<u64> {
    value.as_str().trim().parse().ok()
}

/// The parts of an answer that are used, each given at most once.
#[derive(Default)]
struct Envelope {
    data: Option<Data>,
    successful: Option<bool>,
    status: Option<u16>,
    trace_id: Option<String>,
    error: Option<ApiError>,
}

#[derive(Default)]
struct Data {
    contents: Option<(Batch, usize)>,
    total: Option<u64>,
}

#[derive(Default)]
struct ApiError {
    code: Option<String>,
    message: Option<String>,
}

/// A trace id or an error code, cut to 200 characters: it is shown in messages, and many are kept.
fn short(value: Scalar<'_>) -> String {
    clamp(mask(&value.text()).into_owned(), 200)
}

/// An error if this object had the field before (`field` is its number): it would not be clear which
/// value applies.
fn once(seen: &mut u8, field: u8, reader: &Reader<'_>) -> Result<(), Fault> {
    if *seen & 1 << field != 0 {
        return Err(reader.fault("each field only once"));
    }
    *seen |= 1 << field;
    Ok(())
}

fn envelope(reader: &mut Reader<'_>) -> Result<Envelope, Fault> {
    let (mut envelope, mut first, mut seen) = (Envelope::default(), true, 0);
    reader.enter(b'{')?;
    while let Some(key) = reader.key(&mut first)? {
        match &*key {
            "data" => {
                once(&mut seen, 0, reader)?;
                envelope.data = if reader.peek() == Some(b'{') {
                    Some(data(reader)?)
                } else {
                    reader.scalar()?;
                    None
                };
            }
            "error" => {
                once(&mut seen, 1, reader)?;
                envelope.error = match reader.peek() {
                    Some(b'{') => Some(api_error(reader)?),
                    _ if reader.scalar()? == Scalar::Null => None,
                    _ => Some(ApiError::default()),
                };
            }
            // A value that is not a boolean counts as a failure.
            "successful" => {
                once(&mut seen, 2, reader)?;
                envelope.successful = match reader.scalar()? {
                    Scalar::Null => None,
                    value => Some(flag(&value).unwrap_or(false)),
                }
            }
            "status" => {
                once(&mut seen, 3, reader)?;
                let status = count(&reader.scalar()?);
                envelope.status = status.and_then(|status| u16::try_from(status).ok());
            }
            "traceId" => {
                once(&mut seen, 4, reader)?;
                envelope.trace_id = Some(short(reader.scalar()?)).filter(|id| !id.is_empty());
            }
            _ => {
                reader.scalar()?;
            }
        }
    }
    reader.end()?;
    Ok(envelope)
}

fn data(reader: &mut Reader<'_>) -> Result<Data, Fault> {
    let (mut data, mut first, mut seen) = (Data::default(), true, 0);
    reader.enter(b'{')?;
    while let Some(key) = reader.key(&mut first)? {
        match &*key {
            "contents" => {
                once(&mut seen, 0, reader)?;
                data.contents = Some(contents(reader)?);
            }
            "page" => {
                once(&mut seen, 1, reader)?;
                if reader.peek() != Some(b'{') {
                    reader.scalar()?;
                    continue;
                }
                let mut first = true;
                reader.enter(b'{')?;
                while let Some(key) = reader.key(&mut first)? {
                    let value = reader.scalar()?;
                    if key == "totalElements" {
                        once(&mut seen, 2, reader)?;
                        data.total = count(&value);
                    }
                }
            }
            _ => {
                reader.scalar()?;
            }
        }
    }
    Ok(data)
}

fn api_error(reader: &mut Reader<'_>) -> Result<ApiError, Fault> {
    let (mut error, mut first, mut seen) = (ApiError::default(), true, 0);
    reader.enter(b'{')?;
    while let Some(key) = reader.key(&mut first)? {
        let value = reader.scalar()?;
        match &*key {
            "code" => {
                once(&mut seen, 0, reader)?;
                error.code = Some(short(value)).filter(|code| !code.is_empty() && code != "0");
            }
            "message" => {
                once(&mut seen, 1, reader)?;
                error.message = Some(value.text());
            }
            _ => {}
        }
    }
    Ok(error)
}

/// Decodes the body of an answer with a successful HTTP status. Errors: [`Code::Decode`] for a body that
/// is not the envelope, [`Code::Auth`] for an HTML page, and OCP's own error if the envelope reports one.
pub fn page(body: &[u8]) -> Result<Page, Error> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        None => return Err(Error::new(Code::Decode, "the body is empty")),
        // A proxy or OCP's own `/error` page answers a lost session with a login page and status 200.
        Some(b'<') => return Err(Error::new(Code::Auth, "an HTML page came where JSON was due")),
        _ => {}
    }
    let envelope = read_envelope(body)?;
    if envelope.successful == Some(false) || (envelope.error.is_some() && envelope.data.is_none()) {
        return Err(refusal(envelope));
    }
    let data = envelope.data.map(|data| (data.contents, data.total));
    let Some((Some((rows, unreadable)), total)) = data else {
        return Err(Error {
            trace_id: envelope.trace_id,
            ..Error::new(Code::Decode, "the envelope has no data with contents")
        });
    };
    Ok(Page {
        rows,
        unreadable,
        total,
        trace_id: envelope.trace_id,
    })
}

/// The error for an answer with another HTTP status. If the body is an envelope, it adds OCP's code,
/// message and trace id.
pub fn failure(status: u16, body: &[u8]) -> Error {
    // `fetch` gives status 0 for no answer, or for one that the page must not read.
    if status == 0 {
        return Error::new(Code::Network, "");
    }
    let bare = Error::http(status);
    let Ok(envelope) = read_envelope(body) else {
        return bare;
    };
    Error {
        code: bare.code,
        ..refusal(Envelope {
            status: Some(status),
            ..envelope
        })
    }
}

fn read_envelope(body: &[u8]) -> Result<Envelope, Error> {
    let text = std::str::from_utf8(body).map_err(|error| {
        decode(
            body,
            &Fault {
                what: "UTF-8",
                at: error.valid_up_to(),
            },
        )
    })?;
    envelope(&mut Reader::new(text)).map_err(|fault| decode(body, &fault))
}

fn refusal(envelope: Envelope) -> Error {
    let ApiError { code, message } = envelope.error.unwrap_or_default();
    let kind = match code.as_deref() {
        Some("IAM10000") => Code::Auth,
        Some("IAM11000") => Code::Permission,
        _ => Code::Api,
    };
    Error {
        status: envelope.status,
        trace_id: envelope.trace_id,
        api_code: code,
        ..Error::new(kind, mask(&message.unwrap_or_default()))
    }
}

/// A decode error with the line and column of the fault.
fn decode(body: &[u8], fault: &Fault) -> Error {
    let before = &body[..fault.at.min(body.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    Error::new(
        Code::Decode,
        format!("{} was due at line {line}, column {column}", fault.what),
    )
}

/// Reads the host's own tasks: an array in the API's shape, as JSON.
pub fn tasks(json: &str) -> Result<Page, Error> {
    let mut reader = Reader::new(json);
    let (rows, unreadable) = contents(&mut reader)
        .and_then(|contents| reader.end().map(|()| contents))
        .map_err(|fault| decode(json.as_bytes(), &fault))?;
    Ok(Page {
        total: Some(rows.len() as u64),
        rows,
        unreadable,
        trace_id: None,
    })
}

#[cfg(test)]
#[path = "response_tests.rs"]
mod tests;
