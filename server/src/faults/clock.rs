//! Shifts the clock of the server, so that it follows the fake clock of a test.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::extract::{Json, State};
use axum::http::StatusCode;
use serde::Deserialize;

use super::Around;

/// How far the clock is shifted.
#[derive(Debug, Default)]
pub(super) struct Shift(AtomicI64);

impl Shift {
    pub(super) fn offset_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The body of POST.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Wanted {
    /// Relative to the true time, not to an earlier shift. In milliseconds.
    offset_ms: i64,
}

pub(super) async fn shift(State(around): State<Arc<Around>>, Json(wanted): Json<Wanted>) -> StatusCode {
    around.clock.0.store(wanted.offset_ms, Ordering::Relaxed);
    StatusCode::NO_CONTENT
}

pub(super) async fn reset(State(around): State<Arc<Around>>) -> StatusCode {
    around.clock.0.store(0, Ordering::Relaxed);
    StatusCode::NO_CONTENT
}
