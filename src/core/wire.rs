//! The envelope and the rows as OCP sends them, into tasks: lenient in what it takes, exact in what it keeps.
//!
//! The body is read from its bytes by `serde_json`, so that 64-bit ids stay exact. A body that is not valid JSON
//! or not the envelope is a decode error as a whole; a row whose values are odd is kept as it is, a row that is
//! no object is counted, and the others live.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::column::{IntField, TextField, TimeField};
use super::error::{Code, Error};
use super::secret::mask;
use super::table::{Int, Row, Time};
use super::time::{Written, read};

/// One page as it came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The tasks, in the server's order.
    pub rows: Vec<Row>,
    /// How many elements were no tasks at all.
    pub unreadable: usize,
    /// How many tasks there are in the range, where the server says so.
    pub total: Option<u64>,
    /// The trace id of the request.
    pub trace_id: Option<String>,
}

/// What a field of any type may hold.
enum Scalar<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Other(String),
    Text(Cow<'a, str>),
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Scalar<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Scalar::Null)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
                Ok(Scalar::Bool(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
                Ok(Scalar::Int(value))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
                Ok(i64::try_from(value).map_or_else(|_| Scalar::Other(value.to_string()), Scalar::Int))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
                Ok(Scalar::Other(value.to_string()))
            }
            fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
                Ok(Scalar::Text(Cow::Borrowed(value)))
            }
            fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
                Ok(Scalar::Text(Cow::Owned(value.to_owned())))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Scalar::Other("[…]".into()))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Scalar::Other("{…}".into()))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

impl Scalar<'_> {
    fn text(self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Other(text) => text,
            Self::Text(text) => text.into_owned(),
        }
    }

    fn int(self) -> Int {
        match self {
            Self::Null => Int::Missing,
            // The column's own mark for a missing value.
            Self::Int(i64::MIN) => Int::Odd(i64::MIN.to_string()),
            Self::Int(value) => Int::Value(value),
            Self::Text(text) if text.trim().is_empty() => Int::Missing,
            Self::Text(text) => match text.trim().parse() {
                Ok(value) if value != i64::MIN => Int::Value(value),
                _ => Int::Odd(text.into_owned()),
            },
            other => Int::Odd(other.text()),
        }
    }

    fn flag(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    fn time(self) -> Time {
        let text = self.text();
        if text.trim().is_empty() {
            return Time::Missing;
        }
        match read(&text) {
            Some(Written::Instant(at, offset)) => Time::At(at, offset),
            // Without an offset nobody can say which instant is meant.
            _ => Time::Odd(text),
        }
    }

    fn count(&self) -> Option<u64> {
        match self {
            Self::Int(value) => u64::try_from(*value).ok(),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}

/// A row, or `None` for an element that is no object.
struct WireRow(Option<Row>);

fn field_of(key: &str) -> Option<Target> {
    let int = |field| Some(Target::Int(field));
    let text = |field| Some(Target::Text(field));
    match key {
        "id" => int(IntField::Id),
        "ocpJobId" => int(IntField::OcpJobId),
        "backupClusterId" => int(IntField::BackupClusterId),
        "backupObClusterId" => int(IntField::BackupObClusterId),
        "backupTenantId" => int(IntField::BackupTenantId),
        "backupObTenantId" => int(IntField::BackupObTenantId),
        "restoreClusterId" => int(IntField::RestoreClusterId),
        "restoreObClusterId" => int(IntField::RestoreObClusterId),
        "status" => text(TextField::Status),
        "statusDesc" => text(TextField::StatusDesc),
        "backupMode" => text(TextField::BackupMode),
        "backupClusterName" => text(TextField::BackupClusterName),
        "backupTenantName" => text(TextField::BackupTenantName),
        "restoreClusterName" => text(TextField::RestoreClusterName),
        "restoreTenantName" => text(TextField::RestoreTenantName),
        "errorMsg" => text(TextField::ErrorMsg),
        "restoreUri" => text(TextField::RestoreUri),
        "restorePoolListStr" => text(TextField::RestorePoolListStr),
        "createTime" => Some(Target::Time(TimeField::CreateTime)),
        "finishTime" => Some(Target::Time(TimeField::FinishTime)),
        "restoreEndTime" => Some(Target::Time(TimeField::RestoreEndTime)),
        "finished" => Some(Target::Finished),
        "successful" => Some(Target::Successful),
        _ => None,
    }
}

#[derive(Clone, Copy)]
enum Target {
    Int(IntField),
    Text(TextField),
    Time(TimeField),
    Finished,
    Successful,
}

impl Target {
    fn bit(self) -> u32 {
        match self {
            Self::Int(field) => 1 << field as u32,
            Self::Text(field) => 1 << (8 + field as u32),
            Self::Time(field) => 1 << (18 + field as u32),
            Self::Finished => 1 << 21,
            Self::Successful => 1 << 22,
        }
    }
}

impl<'de> Deserialize<'de> for WireRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RowVisitor;
        impl<'de> Visitor<'de> for RowVisitor {
            type Value = WireRow;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a restore task")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(WireRow(None))
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(WireRow(None))
            }
            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(WireRow(None))
            }
            fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                Ok(WireRow(None))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(WireRow(None))
            }
            fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
                Ok(WireRow(None))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(WireRow(None))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut row = Row::default();
                let mut seen = 0;
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    let Some(target) = field_of(&key) else {
                        map.next_value::<IgnoredAny>()?;
                        continue;
                    };
                    if seen & target.bit() != 0 {
                        return Err(de::Error::custom(format_args!(
                            "the field {key} stands twice in a task"
                        )));
                    }
                    seen |= target.bit();
                    let value: Scalar<'de> = map.next_value()?;
                    match target {
                        Target::Int(field) => row.ints[field as usize] = value.int(),
                        Target::Text(field) => row.texts[field as usize] = mask(&value.text()).into_owned(),
                        Target::Time(field) => row.times[field as usize] = value.time(),
                        Target::Finished => row.finished = value.flag(),
                        Target::Successful => row.successful = value.flag(),
                    }
                }
                Ok(WireRow(Some(row)))
            }
        }
        deserializer.deserialize_any(RowVisitor)
    }
}

/// The contents, row by row, with those counted that are no objects.
#[derive(Default)]
struct Contents(Vec<Row>, usize);

impl<'de> Deserialize<'de> for Contents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rows;
        impl<'de> Visitor<'de> for Rows {
            type Value = Contents;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of restore tasks")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut contents = Contents::default();
                while let Some(WireRow(row)) = seq.next_element()? {
                    match row {
                        Some(row) => contents.0.push(row),
                        None => contents.1 += 1,
                    }
                }
                Ok(contents)
            }
        }
        deserializer.deserialize_seq(Rows)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow)]
    successful: Option<Scalar<'a>>,
    #[serde(borrow)]
    status: Option<Scalar<'a>>,
    #[serde(borrow)]
    trace_id: Option<Scalar<'a>>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Data<'a> {
    contents: Contents,
    #[serde(borrow)]
    page: Option<PageInfo<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo<'a> {
    #[serde(borrow)]
    total_elements: Option<Scalar<'a>>,
}

#[derive(Deserialize)]
struct ApiError<'a> {
    #[serde(borrow)]
    code: Option<Scalar<'a>>,
    #[serde(borrow)]
    message: Option<Scalar<'a>>,
}

/// Reads the body of an answer with a successful HTTP status.
pub fn page(body: &[u8]) -> Result<Page, Error> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        None => return Err(Error::new(Code::Decode, "the body is empty")),
        // A proxy or OCP's own /error page answers a lost session with a login page and status 200.
        Some(b'<') => return Err(Error::new(Code::Auth, "an HTML page came where JSON was due")),
        _ => {}
    }
    let envelope: Envelope<'_> = serde_json::from_slice(body).map_err(decode)?;
    let trace_id = envelope.trace_id.map(Scalar::text).filter(|id| !id.is_empty());
    let refused = envelope.successful.as_ref().and_then(Scalar::flag) == Some(false);
    let error = envelope.error.filter(|raw| raw.get() != "null");
    if refused || (error.is_some() && envelope.data.is_none()) {
        let status = envelope
            .status
            .as_ref()
            .and_then(Scalar::count)
            .and_then(|status| status.try_into().ok());
        return Err(api_error(error, status, trace_id));
    }
    let data = envelope
        .data
        .ok_or_else(|| Error::new(Code::Decode, "the envelope has no data"));
    let with_trace = |error: Error| Error {
        trace_id: trace_id.clone(),
        ..error
    };
    let data: Data<'_> =
        serde_json::from_str(data.map_err(with_trace)?.get()).map_err(|e| with_trace(decode(e)))?;
    let total = data
        .page
        .and_then(|page| page.total_elements)
        .as_ref()
        .and_then(Scalar::count);
    Ok(Page {
        rows: data.contents.0,
        unreadable: data.contents.1,
        total,
        trace_id,
    })
}

/// What the body of an answer with another HTTP status says on top of it.
pub fn failure(status: u16, body: &[u8]) -> Error {
    let bare = Error::http(status);
    let Ok(envelope) = serde_json::from_slice::<Envelope<'_>>(body) else {
        return bare;
    };
    let trace_id = envelope.trace_id.map(Scalar::text).filter(|id| !id.is_empty());
    let said = api_error(envelope.error, Some(status), trace_id);
    Error {
        code: bare.code,
        ..said
    }
}

fn api_error(raw: Option<&RawValue>, status: Option<u16>, trace_id: Option<String>) -> Error {
    let parsed = raw.and_then(|raw| serde_json::from_str::<ApiError<'_>>(raw.get()).ok());
    let (code, message) = parsed.map_or((None, None), |error| (error.code, error.message));
    let api_code = code
        .map(Scalar::text)
        .filter(|code| !code.is_empty() && code != "0");
    let kind = match api_code.as_deref() {
        Some("IAM10000") => Code::Auth,
        Some("IAM11000") => Code::Permission,
        _ => Code::Api,
    };
    let message = message.map(Scalar::text).unwrap_or_default();
    Error {
        status,
        trace_id,
        api_code,
        ..Error::new(kind, mask(&message))
    }
}

#[allow(clippy::needless_pass_by_value, reason = "fits map_err")]
fn decode(error: serde_json::Error) -> Error {
    Error::new(Code::Decode, error.to_string())
}

/// Reads tasks that the host hands over itself: an array in the API's shape, as JSON.
pub fn tasks(json: &str) -> Result<Page, Error> {
    let contents: Contents = serde_json::from_str(json).map_err(decode)?;
    let total = Some(contents.0.len() as u64);
    Ok(Page {
        rows: contents.0,
        unreadable: contents.1,
        total,
        trace_id: None,
    })
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
