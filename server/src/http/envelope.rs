//! The envelope around an answer, as OCP's samples show it: what a success and a failure share, and the whole
//! of a failure.
//!
//! Keys are in alphabetical order and nulls are omitted, as in the samples. Which failures there are, each
//! mode decides.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::clock::{envelope_time, now_ms};

/// The code by which OCP says that it does not know who asks.
pub(crate) const NOT_SIGNED_IN: &str = "IAM10000";

/// A trace id: sixteen hex digits, different for each answer.
pub(crate) fn trace_id() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    // Fibonacci hashing of time and count: spread out, and unique within one run.
    let seed = now_ms().unsigned_abs().rotate_left(20).wrapping_add(count);
    format!("{:016x}", seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// OCP writes most codes as the number 0, and the documented ones as strings.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Code {
    Number(u16),
    Text(&'static str),
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SubError {
    field: &'static str,
    message: String,
    object: &'static str,
    rejected_value: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ApiError {
    code: Code,
    message: String,
    sub_errors: Vec<SubError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'static str>,
}

#[derive(Serialize)]
struct Failed<'a> {
    duration: u64,
    error: &'a ApiError,
    server: &'static str,
    status: u16,
    successful: bool,
    timestamp: String,
    #[serde(rename = "traceId")]
    trace_id: String,
}

/// A failure in OCP's form: a real HTTP status, no `data`, an `error`.
#[derive(Debug)]
pub(crate) struct Failure {
    server: &'static str,
    http: StatusCode,
    status: StatusCode,
    error: ApiError,
}

impl Failure {
    /// A failure with this status, over HTTP and in the envelope. `server` stands where OCP names its
    /// application server.
    pub(crate) fn new(server: &'static str, status: StatusCode, code: Code, message: String) -> Self {
        Self {
            server,
            http: status,
            status,
            error: ApiError {
                code,
                message,
                sub_errors: Vec::new(),
                target: None,
            },
        }
    }

    /// Names the parameter that is to blame, its value, and the rule that it breaks.
    pub(crate) fn with_parameter(mut self, field: &'static str, value: &str, rule: &str) -> Self {
        self.error.target = Some(field);
        self.error.sub_errors.push(SubError {
            field,
            message: rule.to_owned(),
            object: "restoreTasks",
            rejected_value: value.to_owned(),
        });
        self
    }

    /// Another status over HTTP than in the envelope.
    pub(crate) fn with_http_status(mut self, status: StatusCode) -> Self {
        self.http = status;
        self
    }

    /// The status over HTTP.
    pub(crate) fn http_status(&self) -> StatusCode {
        self.http
    }

    /// The body, and the trace id in it.
    pub(crate) fn render(&self) -> (Vec<u8>, String) {
        let trace_id = trace_id();
        let body = serde_json::to_vec(&Failed {
            duration: 0,
            error: &self.error,
            server: self.server,
            status: self.status.as_u16(),
            successful: false,
            timestamp: envelope_time(now_ms()),
            trace_id: trace_id.clone(),
        });
        // A struct of texts and numbers always serialises; otherwise the body is empty.
        (body.unwrap_or_default(), trace_id)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (body, _) = self.render();
        (self.http, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}
