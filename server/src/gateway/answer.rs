//! An answer as the gateway holds it: read once, hashed once, compressed once, sent to many clients.
//!
//! What OCP sent is reduced here to what a client may see: status, JSON, and how long to wait.

use std::io::Write as _;
use std::sync::OnceLock;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use ring::digest;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::memory::MemoryBudget;
use crate::http::envelope::Failure;

/// Smaller bodies are not compressed, in bytes.
const MIN_COMPRESSED: usize = 1024;
/// Headers in which OCP reports its limits, in addition to `Retry-After`.
pub(super) const RATE_LIMIT: [&str; 3] = ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"];

/// The parts of a body that the gateway reads.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(default, rename = "traceId")]
    trace_id: Option<String>,
}

/// An answer, not yet adapted to a client.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
    /// `Retry-After` and `RateLimit-…`.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    /// From OCP, or the gateway's own.
    pub(super) trace_id: String,
    tag: Option<HeaderValue>,
    compressed: OnceLock<Bytes>,
    /// Where the memory of the compressed body is counted.
    memory: Option<MemoryBudget>,
}

impl Answer {
    /// An answer of OCP.
    pub(super) fn new(
        status: StatusCode,
        body: Bytes,
        language: &str,
        headers: Vec<(HeaderName, HeaderValue)>,
    ) -> Self {
        let (data, trace_id) = match serde_json::from_slice::<Envelope<'_>>(&body) {
            Ok(envelope) => (envelope.data.map(|raw| raw.get().as_bytes()), envelope.trace_id),
            Err(_) => (None, None),
        };
        // Only `data` is hashed, because the rest of the envelope differs in each answer.
        let tag = (status == StatusCode::OK)
            .then(|| tag(data.unwrap_or(&body), language))
            .flatten();
        Self {
            status,
            tag,
            headers,
            trace_id: loggable(&trace_id.unwrap_or_default()),
            compressed: OnceLock::new(),
            memory: None,
            body,
        }
    }

    /// An answer of the gateway itself; `wait` is in seconds.
    pub(super) fn failure(failure: &Failure, wait: Option<u64>) -> Self {
        let (body, trace_id) = failure.render();
        let wait = wait.map(|seconds| (header::RETRY_AFTER, HeaderValue::from(seconds)));
        Self {
            status: failure.http_status(),
            body: body.into(),
            headers: wait.into_iter().collect(),
            trace_id,
            tag: None,
            compressed: OnceLock::new(),
            memory: None,
        }
    }

    /// Sets `Retry-After`, in seconds.
    pub(super) fn wait(&mut self, seconds: u64) {
        self.headers
            .push((header::RETRY_AFTER, HeaderValue::from(seconds)));
    }

    pub(super) fn compress_within(&mut self, memory: &MemoryBudget) {
        self.memory = Some(memory.clone());
    }

    /// Its approximate size in memory, in bytes.
    pub(super) fn size(&self) -> usize {
        self.body.len() + self.compressed.get().map_or(0, Bytes::len) + 512
    }

    fn compressed(&self) -> &Bytes {
        self.compressed.get_or_init(|| {
            let mut encoder = GzEncoder::new(Vec::with_capacity(self.body.len() / 8), Compression::fast());
            // Writing into memory does not fail. If it did, or if there is no memory left, the body is sent
            // uncompressed.
            let written = encoder.write_all(&self.body).and_then(|()| encoder.finish());
            let written = written.unwrap_or_default();
            let Some(memory) = &self.memory else {
                return written.into();
            };
            let mut buffer = memory.buffer();
            match buffer.add(&written) {
                Ok(()) => buffer.into_bytes(),
                Err(_) => Bytes::new(),
            }
        })
    }

    /// The response for one client: plain, compressed, or `304` if the client has this version.
    pub(super) fn respond(&self, request_headers: &HeaderMap) -> Response {
        let mut response = Response::new(Body::empty());
        let known = self
            .tag
            .as_ref()
            .is_some_and(|tag| has_version(request_headers, tag));
        *response.status_mut() = if known {
            StatusCode::NOT_MODIFIED
        } else {
            self.status
        };
        let headers = response.headers_mut();
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-cache"),
        );
        let vary = "accept-encoding, accept-language, authorization, cookie";
        headers.insert(header::VARY, HeaderValue::from_static(vary));
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        // No page of another site may use it, not even as an image that fails to load.
        let resource = HeaderName::from_static("cross-origin-resource-policy");
        headers.insert(resource, HeaderValue::from_static("same-origin"));
        headers.extend(self.tag.clone().map(|tag| (header::ETAG, tag)));
        headers.extend(self.headers.iter().cloned());
        if known {
            return response;
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let compressed =
            (self.body.len() >= MIN_COMPRESSED && accepts_gzip(request_headers)).then(|| self.compressed());
        match compressed.filter(|compressed| !compressed.is_empty()) {
            Some(compressed) => {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                *response.body_mut() = Body::from(compressed.clone());
            }
            None => *response.body_mut() = Body::from(self.body.clone()),
        }
        response
    }
}

fn tag(what: &[u8], language: &str) -> Option<HeaderValue> {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(language.as_bytes());
    context.update(b"\n");
    context.update(what);
    let text = URL_SAFE_NO_PAD.encode(context.finish().as_ref());
    HeaderValue::try_from(format!("W/\"{text}\"")).ok()
}

fn has_version(request_headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let tag = tag.to_str().unwrap_or_default().trim_start_matches("W/");
    let texts = request_headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|v| v.to_str().ok());
    texts.flat_map(|text| text.split(',')).any(|known| {
        let known = known.trim();
        known == "*" || known.trim_start_matches("W/") == tag
    })
}

fn accepts_gzip(request_headers: &HeaderMap) -> bool {
    let texts = request_headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|v| v.to_str().ok());
    texts.flat_map(|text| text.split(',')).any(|wish| {
        let (name, weight) = wish.split_once(';').unwrap_or((wish, "q=1"));
        let refused = weight
            .trim()
            .trim_start_matches("q=")
            .trim_matches(['0', '.'])
            .is_empty();
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// A trace id or code as it may be in a log: short, without characters that could start another line.
pub(super) fn loggable(trace_id: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    trace_id.chars().filter(plain).take(64).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn answer(body: &str, language: &str) -> Answer {
        Answer::new(
            StatusCode::OK,
            Bytes::copy_from_slice(body.as_bytes()),
            language,
            Vec::new(),
        )
    }

    fn ask(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn the_tag_speaks_of_the_data_and_the_language() {
        let first = answer(r#"{"data":{"a":1},"traceId":"x","timestamp":"1"}"#, "en-US");
        assert_eq!(
            first.tag,
            answer(r#"{"timestamp":"2","traceId":"y","data":{"a":1}}"#, "en-US").tag
        );
        assert_ne!(
            first.tag,
            answer(r#"{"data":{"a":2},"traceId":"x","timestamp":"1"}"#, "en-US").tag
        );
        assert_ne!(
            first.tag,
            answer(r#"{"data":{"a":1},"traceId":"x","timestamp":"1"}"#, "zh-CN").tag
        );
        assert_ne!(answer("{1", "en-US").tag, answer("{2", "en-US").tag);
        let failed = Answer::new(
            StatusCode::FORBIDDEN,
            Bytes::from_static(b"{}"),
            "en-US",
            Vec::new(),
        );
        assert_eq!(failed.tag, None);
    }

    #[test]
    fn a_browser_that_has_it_is_told_so() {
        let answer = answer(r#"{"data":1}"#, "en-US");
        let tag = answer.tag.clone().unwrap().to_str().unwrap().to_owned();
        for known in [
            tag.clone(),
            format!("\"x\", {tag}"),
            tag.trim_start_matches("W/").to_owned(),
            "*".to_owned(),
        ] {
            let response = answer.respond(&ask(header::IF_NONE_MATCH, &known));
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{known}");
            assert_eq!(response.headers()[header::ETAG], tag);
        }
        for other in ["", "\"x\"", "W/\"x\""] {
            assert_eq!(
                answer.respond(&ask(header::IF_NONE_MATCH, other)).status(),
                StatusCode::OK,
                "{other}"
            );
        }
    }

    #[test]
    fn gzip_for_those_who_take_it() {
        for (value, wanted) in [
            ("gzip", true),
            ("br, gzip;q=0.5", true),
            ("GZIP", true),
            ("gzip;q=0", false),
            ("gzip; q=0.0", false),
            ("br", false),
            ("", false),
        ] {
            assert_eq!(
                accepts_gzip(&ask(header::ACCEPT_ENCODING, value)),
                wanted,
                "{value}"
            );
        }
    }

    #[test]
    fn a_trace_id_forges_no_line() {
        assert_eq!(loggable("a\nINFO b=\"c\""), "aINFObc");
        assert_eq!(loggable(&"x".repeat(100)).len(), 64);
    }
}
