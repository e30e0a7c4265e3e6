//! The documented API over HTTP: its routes, and how a request becomes an answer. Knows nothing of the
//! gateway.

mod envelope;
mod filling;
mod query;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;

pub(crate) use envelope::Failure;
pub(crate) use filling::Filling;

use crate::clock::now_ms;
use crate::demo::{self, Kind};
use crate::error::StoreError;
use crate::faults::Paging;
use crate::status::Lang;
use crate::store::{Selection, Store};

/// The state that the handlers share.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    pub(crate) store: Arc<Store>,
    pub(crate) filling: Filling,
}

/// All routes below `/api/`.
pub(crate) fn router(api: Api) -> Router {
    Router::new()
        .route(
            "/api/v2/ob/clusters/{id}/backup/task/restoreTasks",
            get(list).fallback(async || {
                let allow = [(header::ALLOW, HeaderValue::from_static("GET, HEAD"))];
                (allow, Failure::method().into_response())
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
    Failure::not_found("no such API")
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
        .map_err(|_| Failure::parameter("id", &id, "must be an integer"))?;
    // Permission for a cluster is checked before the parameters.
    let cluster =
        demo::cluster(id).ok_or_else(|| Failure::not_found(&format!("cluster {id} does not exist")))?;
    if cluster.kind == Kind::Forbidden {
        return Err(Failure::forbidden());
    }
    let query = query::parse(raw.as_deref().unwrap_or_default())?;
    api.filling.wait_for(&api.store, cluster).await?;

    let lang = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map_or(Lang::English, Lang::from_accept);
    let size = paging.cap.map_or(query.size, |cap| query.size.min(cap));
    let (offset, limit) = if paging.ignore {
        (0, i64::MAX)
    } else {
        ((query.page - 1).saturating_mul(size), size)
    };
    // Read here, because the clock may be shifted for this request, which another thread would not know.
    let now = now_ms();
    let what = Selection {
        cluster: id,
        from_ms: query.from_ms,
        to_ms: query.to_ms,
        offset,
        limit,
    };
    let body = tokio::task::spawn_blocking(move || {
        if cluster.kind == Kind::Live {
            demo::refresh(&api.store, cluster, now)?;
        }
        let picked = api.store.pick(what)?;
        Ok::<_, StoreError>(envelope::success(
            &picked,
            now,
            query.page,
            size,
            lang,
            paging.neither,
            started,
        ))
    })
    .await
    .map_err(|error| Failure::internal(&error))?
    .map_err(|error| Failure::internal(&error))?
    .map_err(|error| Failure::internal(&error))?;
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], body).into_response())
}
