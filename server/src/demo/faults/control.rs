//! The control routes: faults for later requests, the shift of the clock, and the log.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{Json, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::spec::{Replacement, Spec};
use super::state::FaultState;

/// The body of `POST /faults`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewFault {
    #[serde(default)]
    spec: Option<String>,
    /// A body that is sent unchanged with status 200.
    #[serde(default)]
    body: Option<String>,
    times: u64,
    /// Applies only to requests whose path contains this.
    #[serde(default)]
    path: String,
}

/// The body of `POST /faults/clock`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct ClockShift {
    /// Relative to the true time, not to an earlier shift. In milliseconds.
    offset_ms: i64,
}

pub(super) async fn add(State(state): State<Arc<FaultState>>, Json(new): Json<NewFault>) -> Response {
    match new
        .spec
        .as_deref()
        .map_or_else(|| Ok(Spec::default()), Spec::parse)
    {
        Err(error) => (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
        Ok(mut spec) => {
            if let Some(body) = new.body {
                spec.replacement = Some(Replacement::Given(body.into()));
            }
            state.pending.add(spec, new.times, new.path);
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

pub(super) async fn clear(State(state): State<Arc<FaultState>>) -> StatusCode {
    state.pending.clear();
    StatusCode::NO_CONTENT
}

pub(super) async fn shift_clock(
    State(state): State<Arc<FaultState>>,
    Json(shift): Json<ClockShift>,
) -> StatusCode {
    state.offset_ms.store(shift.offset_ms, Ordering::Relaxed);
    StatusCode::NO_CONTENT
}

pub(super) async fn reset_clock(State(state): State<Arc<FaultState>>) -> StatusCode {
    state.offset_ms.store(0, Ordering::Relaxed);
    StatusCode::NO_CONTENT
}

pub(super) async fn show_log(State(state): State<Arc<FaultState>>) -> Response {
    match state.log.json() {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

pub(super) async fn reset_log(State(state): State<Arc<FaultState>>) -> StatusCode {
    state.log.reset();
    StatusCode::NO_CONTENT
}
