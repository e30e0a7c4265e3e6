//! The language of fault specifications.

use axum::http::{HeaderName, HeaderValue, StatusCode};
use bytes::Bytes;
use percent_encoding::percent_decode_str;

use super::paging::Paging;

/// The names of all items, for the test of the manual.
#[cfg(test)]
pub(crate) const ITEMS: [&str; 16] = [
    "latency=",
    "stall",
    "stall-headers",
    "drip=",
    "reset",
    "reset-body",
    "truncate=",
    "pad=",
    "status=",
    "header=",
    "html",
    "envelope",
    "empty",
    "cap=",
    "ignore-paging",
    "neither",
];

/// An answer that replaces the real one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Replacement {
    Status(StatusCode),
    Html,
    Envelope,
    Empty,
    /// A body that the test passed.
    Given(Bytes),
}

/// What happens to the body of the answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Body {
    Stall,
    Drip(u64),
    Reset,
    Truncate(usize),
}

/// The faults of one request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Spec {
    pub(super) latency_ms: u64,
    pub(super) stall_headers: bool,
    pub(super) reset: bool,
    pub(super) replacement: Option<Replacement>,
    pub(super) body: Option<Body>,
    /// The number of spaces before the body.
    pub(super) pad: usize,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) paging: Paging,
}

/// An unknown item.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
#[error("no such fault: {0:?}; `demo --help` lists them")]
pub(super) struct UnknownItem(String);

impl Spec {
    /// Parses items separated by commas. Each may be percent-encoded, as in a URL.
    pub(super) fn parse(text: &str) -> Result<Self, UnknownItem> {
        let mut spec = Self::default();
        for raw in text.split(',') {
            let item = percent_decode_str(raw).decode_utf8_lossy();
            spec.add(item.trim())
                .ok_or_else(|| UnknownItem(item.into_owned()))?;
        }
        Ok(spec)
    }

    fn add(&mut self, item: &str) -> Option<()> {
        match item.split_once('=') {
            None => match item {
                "stall" => self.body = Some(Body::Stall),
                "stall-headers" => self.stall_headers = true,
                "reset" => self.reset = true,
                "reset-body" => self.body = Some(Body::Reset),
                "html" => self.replacement = Some(Replacement::Html),
                "envelope" => self.replacement = Some(Replacement::Envelope),
                "empty" => self.replacement = Some(Replacement::Empty),
                "ignore-paging" => self.paging.ignore = true,
                "neither" => self.paging.neither = true,
                _ => return None,
            },
            Some(("latency", ms)) => self.latency_ms = ms.parse().ok()?,
            Some(("drip", ms)) => self.body = Some(Body::Drip(ms.parse().ok()?)),
            Some(("truncate", bytes)) => self.body = Some(Body::Truncate(bytes.parse().ok()?)),
            Some(("pad", bytes)) => self.pad = bytes.parse().ok()?,
            // After a status 1xx the client would wait for the real answer.
            Some(("status", code)) => {
                let code = code.parse().ok().filter(|code| (200..=599).contains(code))?;
                self.replacement = Some(Replacement::Status(StatusCode::from_u16(code).ok()?));
            }
            Some(("cap", rows)) => self.paging.cap = Some(rows.parse().ok().filter(|rows| *rows > 0)?),
            Some(("header", pair)) => {
                let (name, value) = pair.split_once(':')?;
                self.headers.push((
                    name.trim().parse().ok()?,
                    HeaderValue::from_str(value.trim()).ok()?,
                ));
            }
            Some(_) => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn items_add_up() {
        let spec =
            Spec::parse("latency=300,status=503,header=Retry-After:2,cap=50,neither,truncate=9").unwrap();
        assert_eq!(spec.latency_ms, 300);
        assert_eq!(
            spec.replacement,
            Some(Replacement::Status(StatusCode::SERVICE_UNAVAILABLE))
        );
        assert_eq!(
            spec.headers,
            [("retry-after".parse().unwrap(), HeaderValue::from_static("2"))]
        );
        assert_eq!(
            spec.paging,
            Paging {
                cap: Some(50),
                ignore: false,
                neither: true
            }
        );
        assert_eq!(spec.body, Some(Body::Truncate(9)));
        let encoded = Spec::parse("header=x-list%3Aa%2Cb").unwrap();
        assert_eq!(
            encoded.headers,
            [("x-list".parse().unwrap(), HeaderValue::from_static("a,b"))]
        );
    }

    #[test]
    fn what_is_no_item_is_refused() {
        for bad in [
            "",
            "latency",
            "latency=x",
            "status=99",
            "status=101",
            "cap=0",
            "header=x",
            "header=é:1",
            "stall,",
            "boom",
            "drip=-1",
        ] {
            assert!(Spec::parse(bad).is_err(), "{bad}");
        }
    }
}
