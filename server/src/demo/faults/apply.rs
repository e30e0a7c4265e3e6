//! Applies the faults to a request and its answer.

use std::time::Duration;

use axum::Router;
use axum::body::{self, Body};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tower::ServiceExt;

use super::connection::Connection;
use super::spec::{Body as BodyFault, Replacement, Spec};
use crate::demo::failures;

/// Time for the first half of a body to reach the client, because a reset discards what is still on its way.
const ON_ITS_WAY: Duration = Duration::from_millis(100);

/// A piece of the padding of a body.
static PIECE: [u8; 1 << 16] = [b' '; 1 << 16];

const LOGIN: &str = "<!doctype html><html><head><title>Sign in</title></head><body><form action=\"/login\" \
                     method=\"post\"><input name=\"username\"><input name=\"password\" type=\"password\"></form></body></html>";

/// Answers a request with the faults of its specification.
pub(super) async fn apply(
    spec: Spec,
    inner: Router,
    mut request: Request,
    connection: Connection,
) -> Response {
    if spec.latency_ms > 0 {
        tokio::time::sleep(Duration::from_millis(spec.latency_ms)).await;
    }
    if spec.reset {
        connection.reset();
        return std::future::pending().await;
    }
    if spec.stall_headers {
        return std::future::pending().await;
    }
    let mut response = match spec.replacement {
        Some(Replacement::Status(status)) => failures::requested(status, status).into_response(),
        Some(Replacement::Html) => Html(LOGIN).into_response(),
        Some(Replacement::Envelope) => {
            failures::requested(StatusCode::OK, StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }
        Some(Replacement::Empty) => StatusCode::NO_CONTENT.into_response(),
        Some(Replacement::Given(body)) => {
            ([(header::CONTENT_TYPE, "application/json;charset=UTF-8")], body).into_response()
        }
        None => {
            if spec.body.is_some() || spec.pad > 0 {
                // Cuts and drips count bytes of the text, so the body must not be compressed.
                request.headers_mut().remove(header::ACCEPT_ENCODING);
            }
            request.extensions_mut().insert(spec.paging);
            match inner.oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            }
        }
    };
    for (name, value) in spec.headers {
        response.headers_mut().insert(name, value);
    }
    if spec.pad > 0 {
        response = padded(spec.pad, response);
    }
    match spec.body {
        Some(fault) => apply_to_body(fault, response, connection).await,
        None => response,
    }
}

/// Adds spaces before a body, in pieces and without a length: the client learns the length only by reading.
fn padded(spaces: usize, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let pieces = (0..spaces)
        .step_by(PIECE.len())
        .map(move |at| Ok(Bytes::from_static(&PIECE[..PIECE.len().min(spaces - at)])));
    Response::from_parts(
        parts,
        Body::from_stream(stream::iter(pieces).chain(body.into_data_stream())),
    )
}

async fn apply_to_body(fault: BodyFault, response: Response, connection: Connection) -> Response {
    let (mut parts, old) = response.into_parts();
    let bytes = match body::to_bytes(old, usize::MAX).await {
        Ok(bytes) => bytes,
        Err(error) => return (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    };
    // The announced length stays, so that the client waits for bytes that never come …
    parts.headers.insert(header::CONTENT_LENGTH, bytes.len().into());
    let new = match fault {
        BodyFault::Stall => Body::from_stream(stream::pending::<Result<Bytes, axum::Error>>()),
        BodyFault::Drip(ms) => Body::from_stream(stream::unfold((bytes, 0), move |(bytes, at)| async move {
            let byte = bytes.get(at..=at).map(Bytes::copy_from_slice)?;
            tokio::time::sleep(Duration::from_millis(ms)).await;
            Some((Ok::<_, axum::Error>(byte), (bytes, at + 1)))
        })),
        BodyFault::Reset => {
            let half = bytes.slice(..bytes.len() / 2);
            Body::from_stream(stream::unfold(Some(half), move |half| {
                let connection = connection.clone();
                async move {
                    if let Some(half) = half {
                        return Some((Ok::<_, axum::Error>(half), None));
                    }
                    tokio::time::sleep(ON_ITS_WAY).await;
                    connection.reset();
                    std::future::pending().await
                }
            }))
        }
        BodyFault::Truncate(length) => {
            // … except for a cut body: there the fault is in the text, not in the transfer.
            let cut = bytes.slice(..length.min(bytes.len()));
            parts.headers.insert(header::CONTENT_LENGTH, cut.len().into());
            Body::from(cut)
        }
    };
    Response::from_parts(parts, new)
}
