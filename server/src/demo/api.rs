//! The documented API over HTTP: its routes, and how a request becomes an answer.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;

use super::data::{self, Kind};
use super::error::StoreError;
use super::faults::Paging;
use super::fill::Filling;
use super::status::Lang;
use super::store::{Selection, Store};
use super::{answer, failures, fill, query};
use crate::http::clock::now_ms;
use crate::http::envelope::Failure;
use crate::http::language;

/// The state that the handlers share.
#[derive(Clone, Debug)]
pub(super) struct Api {
    pub(super) store: Arc<Store>,
    pub(super) filling: Filling,
}

/// All routes below `/api/`.
pub(super) fn router(api: Api) -> Router {
    Router::new()
        .route(
            "/api/v2/ob/clusters/{id}/backup/task/restoreTasks",
            get(list).fallback(async || {
                let allow = [(header::ALLOW, HeaderValue::from_static("GET, HEAD"))];
                (allow, failures::method_not_allowed().into_response())
            }),
        )
        .route("/api", axum::routing::any(unknown))
        .route("/api/", axum::routing::any(unknown))
        .route("/api/{*rest}", axum::routing::any(unknown))
        .layer(axum::middleware::map_response(async |mut response: Response| {
            let headers = response.headers_mut();
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            headers.append(header::VARY, HeaderValue::from_static("accept-language"));
            response
        }))
        // The fastest level: each body is made for one request, and the client of a demo runs on the same
        // machine.
        .layer(CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest))
        .with_state(api)
}

async fn unknown() -> Failure {
    failures::not_found("no such API")
}

async fn list(
    State(api): State<Api>,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
    paging: Option<axum::Extension<Paging>>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let started = Instant::now();
    let paging = paging.map(|axum::Extension(p)| p).unwrap_or_default();
    let id: i64 = id
        .parse()
        .map_err(|_| failures::parameter("id", &id, "must be an integer"))?;
    // Permission for a cluster is checked before the parameters.
    let cluster =
        data::cluster(id).ok_or_else(|| failures::not_found(&format!("cluster {id} does not exist")))?;
    if cluster.kind == Kind::Forbidden {
        return Err(failures::forbidden());
    }
    let query = query::parse(raw.as_deref().unwrap_or_default())?;
    api.filling.wait_for(&api.store, cluster).await?;

    let lang = language::preferred(&headers, Lang::of_tag).unwrap_or(Lang::English);
    let size = paging.cap.map_or(query.size, |cap| query.size.min(cap));
    let (offset, limit) = if paging.ignore {
        (0, i64::MAX)
    } else {
        ((query.page - 1).saturating_mul(size), size)
    };
    // Read here, because the clock may be shifted for this request, which another thread would not know.
    let now = now_ms();
    let selection = Selection {
        cluster: id,
        from_ms: query.from_ms,
        to_ms: query.to_ms,
        offset,
        limit,
    };
    let body = tokio::task::spawn_blocking(move || {
        if cluster.kind == Kind::Live {
            fill::refresh(&api.store, cluster, now)?;
        }
        let selected = api.store.select(selection)?;
        Ok::<_, StoreError>(answer::success(
            &selected,
            now,
            query.page,
            size,
            lang,
            paging.neither,
            started,
        ))
    })
    .await
    .map_err(|error| failures::internal(&error))?
    .map_err(|error| failures::internal(&error))?
    .map_err(|error| failures::internal(&error))?;
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], body).into_response())
}
