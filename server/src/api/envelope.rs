//! The envelope around every answer, success or failure, as OCP's samples show it.
//!
//! Keys are in alphabetical order and nulls are omitted, as in the samples.

use std::fmt::Display;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::clock::{envelope_time, now_ms};
use crate::status::Lang;
use crate::store::Picked;
use crate::task::Row;

/// The value of `server` in the envelope, where OCP names its application server.
const SERVER: &str = "obrt-demo";
/// The same for answers that the gateway creates, so that a reader knows that OCP never saw the request.
const GATEWAY: &str = "obrt-gateway";

#[derive(Serialize)]
struct Success<'a> {
    data: Data<'a>,
    duration: u64,
    server: &'static str,
    status: u16,
    successful: bool,
    timestamp: String,
    #[serde(rename = "traceId")]
    trace_id: String,
}

#[derive(Serialize)]
struct Data<'a> {
    contents: Vec<Row<'a>>,
    page: Page,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    number: i64,
    /// The number of rows on this page, as in the samples, whatever size was requested.
    size: usize,
    total_elements: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_pages: Option<i64>,
}

/// The body of an answer with rows.
pub(super) fn success(
    picked: &Picked,
    now_ms: i64,
    number: i64,
    size: i64,
    lang: Lang,
    no_total_pages: bool,
    started: Instant,
) -> Result<Vec<u8>, serde_json::Error> {
    let total_pages = picked.total.saturating_add(size - 1).checked_div(size);
    serde_json::to_vec(&Success {
        data: Data {
            contents: picked.tasks.iter().map(|task| Row { task, lang }).collect(),
            page: Page {
                number,
                size: picked.tasks.len(),
                total_elements: picked.total,
                total_pages: total_pages.filter(|_| !no_total_pages),
            },
        },
        duration: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        server: SERVER,
        status: StatusCode::OK.as_u16(),
        successful: true,
        timestamp: envelope_time(now_ms),
        trace_id: trace_id(),
    })
}

/// A trace id: sixteen hex digits, different for each answer.
fn trace_id() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    // Fibonacci hashing of time and count: spread out, and unique within one run.
    let seed = now_ms().unsigned_abs().rotate_left(20).wrapping_add(count);
    format!("{:016x}", seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// OCP writes most codes as the number 0, and the documented ones as strings.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
enum Code {
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
    fn new(status: StatusCode, code: Code, message: String) -> Self {
        Self {
            server: SERVER,
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

    /// A failure that the gateway reports itself. Without one of OCP's codes, the code is 0.
    pub(crate) fn of_gateway(status: StatusCode, code: Option<&'static str>, message: String) -> Self {
        let code = code.map_or(Code::Number(0), Code::Text);
        let mut failure = Self::new(status, code, message);
        failure.server = GATEWAY;
        failure
    }

    /// No valid credentials.
    pub(crate) fn unauthenticated(why: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, Code::Text("IAM10000"), why.to_owned())
    }

    /// A wrong name or password.
    pub(crate) fn wrong_password() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            Code::Text("IAM10004"),
            "incorrect username or password".to_owned(),
        )
    }

    /// A parameter that is missing or invalid.
    pub(super) fn parameter(field: &'static str, value: &str, why: &str) -> Self {
        let mut failure = Self::new(
            StatusCode::BAD_REQUEST,
            Code::Number(0),
            format!("invalid parameter {field}: {why}"),
        );
        failure.error.target = Some(field);
        failure.error.sub_errors.push(SubError {
            field,
            message: why.to_owned(),
            object: "restoreTasks",
            rejected_value: value.to_owned(),
        });
        failure
    }

    /// A start after the end.
    pub(super) fn time_range() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            Code::Text("COM10010"),
            "invalid time range: startTime is after endTime".to_owned(),
        )
    }

    pub(super) fn forbidden() -> Self {
        let message = "no permission: read-only permission on cluster backup and recovery is required";
        Self::new(StatusCode::FORBIDDEN, Code::Text("IAM11000"), message.to_owned())
    }

    pub(super) fn not_found(message: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, Code::Number(0), message.to_owned())
    }

    pub(super) fn method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            Code::Number(0),
            "this method is not supported here".to_owned(),
        )
    }

    /// A failure of the server itself. The reason goes to the log, not to the client.
    pub(super) fn internal(why: &dyn Display) -> Self {
        tracing::error!("{why}");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            Code::Number(0),
            "unexpected error".to_owned(),
        )
    }

    /// A failure that a fault specification asked for.
    pub(crate) fn asked_for(http: StatusCode, status: StatusCode) -> Self {
        let reason = status.canonical_reason().unwrap_or("unnamed status");
        let mut failure = Self::new(status, Code::Number(0), format!("fault asked for: {reason}"));
        failure.http = http;
        failure
    }
}

impl Failure {
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
