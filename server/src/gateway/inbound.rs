//! Parses a request strictly: one path, four parameters, a language, a session. Only values leave this
//! module; no text of a client is passed on to OCP unchanged.

use axum::http::{HeaderMap, Method, StatusCode, header};
use chrono::{DateTime, SecondsFormat};
use ring::digest;

use super::answer::ALLOW_GET;
use crate::api::Failure;
use crate::clock::parse_nanos;

const BEFORE: &str = "/api/v2/ob/clusters/";
const BEHIND: &str = "/backup/task/restoreTasks";
/// The largest page that similar lists of OCP serve.
const MAX_SIZE: u64 = 2000;

/// A request to OCP, normalised: equal requests compare equal.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Ask {
    pub(crate) cluster: u64,
    /// Sorted by name, values not yet encoded.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) language: &'static str,
}

impl Ask {
    pub(crate) fn path(&self) -> String {
        format!("{BEFORE}{}{BEHIND}", self.cluster)
    }

    /// Parses a request whose path is below `/api`. `Err` includes the value of the `Allow` header, if there
    /// is one.
    pub(crate) fn read(
        method: &Method,
        path: &str,
        query: &str,
        headers: &HeaderMap,
    ) -> Result<Self, (Failure, Option<&'static str>)> {
        let cluster = cluster_of(path).ok_or_else(|| {
            let why = "no such API here: this gateway passes on the list of restore tasks, and nothing else";
            (failure(StatusCode::NOT_FOUND, None, why.to_owned()), None)
        })?;
        if method != Method::GET {
            let why = "this method is not supported here: only GET is passed on";
            return Err((
                failure(StatusCode::METHOD_NOT_ALLOWED, None, why.to_owned()),
                Some(ALLOW_GET),
            ));
        }
        let cluster = number("cluster id", cluster, i64::MAX.unsigned_abs()).map_err(bad)?;
        Ok(Self {
            cluster,
            query: parameters(query).map_err(bad)?,
            language: language(headers),
        })
    }
}

fn failure(status: StatusCode, code: Option<&'static str>, why: String) -> Failure {
    Failure::of_gateway(status, code, why)
}

fn bad(why: String) -> (Failure, Option<&'static str>) {
    (failure(StatusCode::BAD_REQUEST, None, why), None)
}

/// The part of the path where the cluster id should be; `None` if it is another path.
fn cluster_of(path: &str) -> Option<&str> {
    let middle = path.strip_prefix(BEFORE)?.strip_suffix(BEHIND)?;
    (!middle.contains(['/', '%'])).then_some(middle)
}

/// Decimal digits without sign or leading zero, so that each number has one spelling.
fn number(name: &str, text: &str, most: u64) -> Result<u64, String> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    let value: Option<u64> = plain.then(|| text.parse().ok()).flatten();
    value
        .filter(|value| *value <= most)
        .ok_or_else(|| format!("invalid {name}: must be a whole number from 1 to {most}"))
}

fn parameters(raw: &str) -> Result<Vec<(String, String)>, String> {
    let (mut page, mut size, mut start, mut end) = (None, None, None, None);
    for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
        let place = match &*name {
            "page" => &mut page,
            "size" => &mut size,
            "startTime" => &mut start,
            "endTime" => &mut end,
            // The name is not repeated: an attacker could put a message there.
            _ => {
                return Err(
                    "unknown parameter: only page, size, startTime and endTime are passed on".to_owned(),
                );
            }
        };
        if place.replace(value.into_owned()).is_some() {
            return Err(format!("the parameter {name} is repeated"));
        }
    }
    let needed = |name: &str, value: Option<String>, most| {
        let value = value.ok_or_else(|| format!("the parameter {name} is required"))?;
        number(name, &value, most)
    };
    let page = needed("page", page, i64::MAX.unsigned_abs())?;
    let size = needed("size", size, MAX_SIZE)?;
    let start = start.map(|text| time("startTime", &text)).transpose()?;
    let end = end.map(|text| time("endTime", &text)).transpose()?;
    if let (Some((from, _)), Some((to, _))) = (&start, &end)
        && from > to
    {
        return Err("invalid time range: startTime is after endTime".to_owned());
    }
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let mut query = Vec::new();
    query.extend(end.map(|(_, text)| pair("endTime", text)));
    query.push(pair("page", page.to_string()));
    query.push(pair("size", size.to_string()));
    query.extend(start.map(|(_, text)| pair("startTime", text)));
    Ok(query)
}

/// The instant, and its spelling for OCP: with the offset of the client, which may have a meaning there.
fn time(name: &str, text: &str) -> Result<(i64, String), String> {
    let why =
        || format!("invalid {name}: must be an ISO 8601 time with an offset ('+' percent-encoded as %2B)");
    let nanos = parse_nanos(text).ok_or_else(why)?;
    let parsed = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%#z"))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%#z"))
        .map_err(|_| why())?;
    Ok((nanos, parsed.to_rfc3339_opts(SecondsFormat::Millis, true)))
}

/// One of the languages of the widget: the known one with the highest weight, the first of equal ones.
fn language(headers: &HeaderMap) -> &'static str {
    let mut wishes: Vec<(&'static str, u32)> = Vec::new();
    let texts = headers.get_all(header::ACCEPT_LANGUAGE);
    for wish in texts
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
    {
        let (tag, weight) = wish.split_once(';').unwrap_or((wish, "q=1"));
        let tag = tag.trim().to_ascii_lowercase();
        let known = match tag.split('-').next() {
            Some("en") => "en-US",
            Some("zh") => "zh-CN",
            Some("ja") => "ja-JP",
            _ => continue,
        };
        let weight: f32 = weight.trim().trim_start_matches("q=").parse().unwrap_or(0.0);
        // In thousandths. A weight that is no number or is 0 excludes the language.
        if weight > 0.0 && weight <= 1.0 {
            wishes.push((known, (weight * 1000.0) as u32));
        }
    }
    let strongest = wishes.iter().map(|(_, weight)| *weight).max();
    let first = wishes.iter().find(|(_, weight)| Some(*weight) == strongest);
    first.map_or("en-US", |(language, _)| language)
}

/// Whether the request has a body, or something that could be taken for one.
pub(crate) fn has_body(headers: &HeaderMap) -> bool {
    let mut lengths = headers.get_all(header::CONTENT_LENGTH).iter();
    let length = lengths.next().is_some_and(|value| value.as_bytes() != b"0");
    length || lengths.next().is_some() || headers.contains_key(header::TRANSFER_ENCODING)
}

/// The cookies with these names, as they are sent to OCP; `None` if there are none.
pub(crate) fn session(headers: &HeaderMap, names: &[String]) -> Option<String> {
    let mut kept = Vec::new();
    for pair in headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
    {
        let Some((name, value)) = pair.trim().split_once('=') else {
            continue;
        };
        let plain = value
            .bytes()
            .all(|b| b.is_ascii_graphic() && !matches!(b, b',' | b'\\'));
        if plain && !value.is_empty() && names.iter().any(|known| known == name) {
            kept.push(format!("{name}={value}"));
        }
    }
    (!kept.is_empty()).then(|| kept.join("; "))
}

/// Who asks, from OCP's point of view. If the gateway has its own account, all clients are one.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub(crate) struct Identity([u8; 32]);

impl Identity {
    /// Everyone: the gateway uses its own account.
    pub(crate) const NOBODY: Self = Self([0; 32]);

    /// The identity of a session, of which only the digest is kept.
    pub(crate) fn of(cookies: &str) -> Self {
        let digest = digest::digest(&digest::SHA256, cookies.as_bytes());
        Self(digest.as_ref().try_into().unwrap_or_default())
    }
}

#[cfg(test)]
#[path = "inbound/tests.rs"]
mod tests;
