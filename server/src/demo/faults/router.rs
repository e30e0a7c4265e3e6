//! The routes of the faults, and the way of every other request through them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, Uri, uri::PathAndQuery};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use tower::ServiceExt;

use super::connection::Connection;
use super::pending::Pending;
use super::spec::Spec;
use super::state::FaultState;
use super::{apply, control};
use crate::http::clock::shifted;

/// The server with faults.
pub(crate) fn with_faults(inner: Router) -> Router {
    let state = Arc::new(FaultState {
        inner,
        pending: Pending::default(),
        offset_ms: AtomicI64::default(),
        log: Arc::default(),
    });
    Router::new()
        .route("/faults", post(control::add).delete(control::clear))
        // The body of an answer that a test passes may have any length.
        .layer(DefaultBodyLimit::disable())
        .route("/faults/clock", post(control::shift_clock).delete(control::reset_clock))
        .route("/faults/log", get(control::show_log).delete(control::reset_log))
        .fallback(answer)
        .with_state(state)
}

/// The server without faults: the routes of the faults answer 404 for every method.
pub(crate) fn without_faults(inner: Router) -> Router {
    let nothing = || any(async || (StatusCode::NOT_FOUND, "no faults here: start with --faults\n"));
    inner
        .route("/faults", nothing())
        .route("/faults/{*rest}", nothing())
}

async fn answer(
    State(state): State<Arc<FaultState>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    mut request: Request,
) -> Response {
    let path = request.uri().path().to_owned();
    let mut spec = None;
    let mut inner_path = path.as_str();
    if let Some(rest) = path.strip_prefix("/faults/") {
        let (text, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        match Spec::parse(text) {
            Ok(parsed) => spec = Some(parsed),
            Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
        }
        inner_path = if rest.is_empty() { "/" } else { rest };
    }
    let running = inner_path.starts_with("/api/").then(|| {
        state.log.begin(
            request
                .uri()
                .path_and_query()
                .map_or(path.as_str(), PathAndQuery::as_str),
        )
    });
    if spec.is_some() {
        let with_query = match request.uri().query() {
            Some(query) => format!("{inner_path}?{query}"),
            None => inner_path.to_owned(),
        };
        match Uri::try_from(with_query) {
            Ok(uri) => *request.uri_mut() = uri,
            Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
        }
    }
    // A fault in the URL belongs to this request. Only other requests use up the faults of POST.
    let spec = spec.or_else(|| state.pending.take(&path));
    let answering = async {
        match spec {
            Some(spec) => apply::apply(spec, state.inner.clone(), request, connection).await,
            None => match state.inner.clone().oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            },
        }
    };
    let response = shifted(state.offset_ms.load(Ordering::Relaxed), answering).await;
    match running {
        Some(running) => running.until_body_ends(response),
        None => response,
    }
}
