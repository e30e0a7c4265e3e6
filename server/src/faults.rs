//! Faults on request, to test what a widget does when its server misbehaves. Off unless asked for.
//!
//! It wraps the whole server. The rest knows nothing of it, except how to page wrongly.

mod clock;
mod connection;
mod control;
mod log;
mod spec;
mod spoil;

use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, Uri, uri::PathAndQuery};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use tower::ServiceExt;

pub(crate) use connection::{Connection, Listener};
#[cfg(test)]
pub(crate) use spec::ITEMS;
pub(crate) use spec::Paging;

use crate::clock::shifted;
use control::Control;
use spec::Spec;

struct Around {
    inner: Router,
    control: Control,
    clock: clock::Shift,
    log: Arc<log::Log>,
}

/// The server with faults.
pub(crate) fn around(inner: Router) -> Router {
    let state = Arc::new(Around {
        inner,
        control: Control::default(),
        clock: clock::Shift::default(),
        log: Arc::default(),
    });
    Router::new()
        .route("/faults", post(control::add).delete(control::clear))
        // The body of an answer that a test passes may have any length.
        .layer(DefaultBodyLimit::disable())
        .route("/faults/clock", post(clock::shift).delete(clock::reset))
        .route("/faults/log", get(control::show_log).delete(control::reset_log))
        .fallback(pass)
        .with_state(state)
}

/// The server without faults: the routes of the faults answer 404 for every method.
pub(crate) fn none(inner: Router) -> Router {
    let nothing = || any(async || (StatusCode::NOT_FOUND, "no faults here: start with --faults\n"));
    inner
        .route("/faults", nothing())
        .route("/faults/{*rest}", nothing())
}

async fn pass(
    State(around): State<Arc<Around>>,
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
    let guard = inner_path.starts_with("/api/").then(|| {
        around.log.begin(
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
    let spec = spec.or_else(|| around.control.take(&path));
    let answering = async {
        match spec {
            Some(spec) => spoil::spoil(spec, around.inner.clone(), request, connection).await,
            None => match around.inner.clone().oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            },
        }
    };
    let response = shifted(around.clock.offset_ms(), answering).await;
    match guard {
        Some(guard) => guard.until_body_ends(response),
        None => response,
    }
}
