//! Parses a request strictly: one path, four parameters, a language. Only values leave this module; no text
//! of a client is passed on to OCP unchanged.

use axum::http::{HeaderMap, Method, StatusCode, header};
use chrono::{DateTime, FixedOffset, SecondsFormat};

use super::failure::failure;
use crate::http::envelope::Failure;
use crate::http::language::preferred;
use crate::http::query::{self, MAX_PAGE_SIZE, TIME_RULE};

const PATH_BEFORE_ID: &str = "/api/v2/ob/clusters/";
const PATH_AFTER_ID: &str = "/backup/task/restoreTasks";

/// A request to OCP, normalised: equal requests compare equal.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct ListRequest {
    /// The id of the cluster.
    pub(super) cluster: u64,
    /// Sorted by name, values not yet encoded.
    pub(super) query: Vec<(String, String)>,
    /// The `Accept-Language` for OCP.
    pub(super) language: &'static str,
}

impl ListRequest {
    /// The path of the request to OCP.
    pub(super) fn path(&self) -> String {
        format!("{PATH_BEFORE_ID}{}{PATH_AFTER_ID}", self.cluster)
    }

    /// Parses a request whose path is below `/api`. `Err` includes the value of the `Allow` header, if there
    /// is one.
    pub(super) fn read(
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
                Some("GET"),
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

fn bad(why: String) -> (Failure, Option<&'static str>) {
    (failure(StatusCode::BAD_REQUEST, None, why), None)
}

/// The part of the path where the cluster id should be; `None` if it is another path.
fn cluster_of(path: &str) -> Option<&str> {
    let middle = path.strip_prefix(PATH_BEFORE_ID)?.strip_suffix(PATH_AFTER_ID)?;
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

/// The parameters in their one spelling, sorted by name.
fn parameters(raw: &str) -> Result<Vec<(String, String)>, String> {
    let (mut page, mut size, mut start, mut end) = (None, None, None, None);
    for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
        let slot = match &*name {
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
        if slot.replace(value.into_owned()).is_some() {
            return Err(format!("the parameter {name} is repeated"));
        }
    }
    let needed = |name: &str, value: Option<String>, most| {
        let value = value.ok_or_else(|| format!("the parameter {name} is required"))?;
        number(name, &value, most)
    };
    let page = needed("page", page, i64::MAX.unsigned_abs())?;
    let size = needed("size", size, u64::from(MAX_PAGE_SIZE))?;
    let start = start.map(|text| time("startTime", &text)).transpose()?;
    let end = end.map(|text| time("endTime", &text)).transpose()?;
    if let (Some(from), Some(to)) = (start, end)
        && from > to
    {
        return Err("invalid time range: startTime is after endTime".to_owned());
    }
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let mut query = Vec::new();
    let spelled = |time: DateTime<FixedOffset>| time.to_rfc3339_opts(SecondsFormat::Millis, true);
    query.extend(end.map(|time| pair("endTime", spelled(time))));
    query.push(pair("page", page.to_string()));
    query.push(pair("size", size.to_string()));
    query.extend(start.map(|time| pair("startTime", spelled(time))));
    Ok(query)
}

/// The time of a parameter; its offset is kept, because it may have a meaning for OCP.
fn time(name: &str, text: &str) -> Result<DateTime<FixedOffset>, String> {
    query::time(text).ok_or_else(|| format!("invalid {name}: {TIME_RULE}"))
}

/// The language of the widget that the client prefers, as OCP is asked in it.
fn language(headers: &HeaderMap) -> &'static str {
    let known = |tag: &str| match tag.split('-').next() {
        Some("en") => Some("en-US"),
        Some("zh") => Some("zh-CN"),
        Some("ja") => Some("ja-JP"),
        _ => None,
    };
    preferred(headers, known).unwrap_or("en-US")
}

/// Whether the request has a body, or something that could be taken for one.
pub(super) fn has_body(headers: &HeaderMap) -> bool {
    let mut lengths = headers.get_all(header::CONTENT_LENGTH).iter();
    let length = lengths.next().is_some_and(|value| value.as_bytes() != b"0");
    length || lengths.next().is_some() || headers.contains_key(header::TRANSFER_ENCODING)
}

#[cfg(test)]
mod tests;
