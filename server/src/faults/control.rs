//! The control routes: faults for later requests, and the log.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Json, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::Around;
use super::spec::{Instead, Spec};

/// The body of POST.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
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

#[derive(Debug)]
struct Pending {
    spec: Spec,
    left: u64,
    path: String,
}

/// Faults that wait for their requests; the oldest is used first.
#[derive(Debug, Default)]
pub(super) struct Control(Mutex<Vec<Pending>>);

impl Control {
    fn lock(&self) -> MutexGuard<'_, Vec<Pending>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the fault for this request, if there is one.
    pub(super) fn take(&self, path: &str) -> Option<Spec> {
        let mut pending = self.lock();
        let found = pending.iter_mut().find(|p| path.contains(&p.path))?;
        found.left = found.left.saturating_sub(1);
        let spec = found.spec.clone();
        pending.retain(|p| p.left > 0);
        Some(spec)
    }
}

pub(super) async fn add(State(around): State<Arc<Around>>, Json(wanted): Json<Wanted>) -> Response {
    match wanted
        .spec
        .as_deref()
        .map_or_else(|| Ok(Spec::default()), Spec::parse)
    {
        Err(error) => (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
        Ok(mut spec) => {
            if let Some(body) = wanted.body {
                spec.instead = Some(Instead::Given(body.into()));
            }
            if wanted.times > 0 {
                around.control.lock().push(Pending {
                    spec,
                    left: wanted.times,
                    path: wanted.path,
                });
            }
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

pub(super) async fn clear(State(around): State<Arc<Around>>) -> StatusCode {
    around.control.lock().clear();
    StatusCode::NO_CONTENT
}

pub(super) async fn show_log(State(around): State<Arc<Around>>) -> Response {
    match around.log.json() {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

pub(super) async fn reset_log(State(around): State<Arc<Around>>) -> StatusCode {
    around.log.reset();
    StatusCode::NO_CONTENT
}
