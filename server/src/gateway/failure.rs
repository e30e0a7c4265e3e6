//! Failures that the gateway reports itself, in OCP's envelope.

use axum::http::StatusCode;

use crate::http::envelope::{Code, Failure};

/// The value of `server` in the envelope, so that a reader sees that OCP never had the request.
const SERVER: &str = "obrt-gateway";

/// A failure with one of OCP's codes; without one, the code is 0.
pub(super) fn failure(status: StatusCode, code: Option<&'static str>, message: String) -> Failure {
    Failure::new(SERVER, status, code.map_or(Code::Number(0), Code::Text), message)
}
