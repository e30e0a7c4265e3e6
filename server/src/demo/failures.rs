//! The failures of the demo, with the codes and words of OCP.

use std::fmt::Display;

use axum::http::StatusCode;

use crate::http::envelope::{Code, Failure, NOT_SIGNED_IN};

/// The value of `server` in the envelope, where OCP names its application server.
pub(super) const SERVER: &str = "obrt-demo";

fn failure(status: StatusCode, code: Code, message: &str) -> Failure {
    Failure::new(SERVER, status, code, message.to_owned())
}

/// No valid credentials.
pub(super) fn not_signed_in(why: &str) -> Failure {
    failure(StatusCode::UNAUTHORIZED, Code::Text(NOT_SIGNED_IN), why)
}

/// A wrong name or password.
pub(super) fn wrong_password() -> Failure {
    let message = "incorrect username or password";
    failure(StatusCode::UNAUTHORIZED, Code::Text("IAM10004"), message)
}

/// A parameter that is missing or invalid.
pub(super) fn parameter(field: &'static str, value: &str, rule: &str) -> Failure {
    let message = format!("invalid parameter {field}: {rule}");
    failure(StatusCode::BAD_REQUEST, Code::Number(0), &message).with_parameter(field, value, rule)
}

/// A start after the end.
pub(super) fn time_range() -> Failure {
    let message = "invalid time range: startTime is after endTime";
    failure(StatusCode::BAD_REQUEST, Code::Text("COM10010"), message)
}

/// A missing permission.
pub(super) fn forbidden() -> Failure {
    let message = "no permission: read-only permission on cluster backup and recovery is required";
    failure(StatusCode::FORBIDDEN, Code::Text("IAM11000"), message)
}

/// A cluster or an API that does not exist.
pub(super) fn not_found(message: &str) -> Failure {
    failure(StatusCode::NOT_FOUND, Code::Number(0), message)
}

/// A method other than GET and HEAD.
pub(super) fn method_not_allowed() -> Failure {
    let message = "this method is not supported here";
    failure(StatusCode::METHOD_NOT_ALLOWED, Code::Number(0), message)
}

/// A failure of the server itself. The reason goes to the log, not to the client.
pub(super) fn internal(why: &dyn Display) -> Failure {
    tracing::error!("{why}");
    failure(
        StatusCode::INTERNAL_SERVER_ERROR,
        Code::Number(0),
        "unexpected error",
    )
}

/// A failure that a fault specification asked for; `http` is the status over HTTP, `status` that of the
/// envelope.
pub(super) fn requested(http: StatusCode, status: StatusCode) -> Failure {
    let reason = status.canonical_reason().unwrap_or("unnamed status");
    let message = format!("fault asked for: {reason}");
    failure(status, Code::Number(0), &message).with_http_status(http)
}
