//! The page: files of a folder, or those in the binary, with the strictest content security policy under
//! which the widget is promised to work. `cargo xtask api` compares that policy with the documents.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

#[cfg(feature = "embed")]
mod embedded;

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; require-trusted-types-for 'script'; frame-ancestors 'self'; base-uri 'none'; \
                      form-action 'self'";

/// Where the files come from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// A folder, read on each request.
    Folder(PathBuf),
    /// The files that existed when this binary was built.
    #[cfg(feature = "embed")]
    Embedded,
}

impl Source {
    /// The named folder, else the files in the binary, else `dist`.
    pub(crate) fn choose(named: Option<PathBuf>) -> Self {
        match named {
            Some(folder) => Self::Folder(folder),
            #[cfg(feature = "embed")]
            None => Self::Embedded,
            #[cfg(not(feature = "embed"))]
            None => Self::Folder(PathBuf::from("dist")),
        }
    }

    /// Logs a warning if there is no page yet.
    pub(crate) fn warn_if_missing(&self) {
        match self {
            Self::Folder(folder) if !folder.is_dir() => tracing::warn!(
                "no folder {}: the page is missing, the API is served all the same",
                folder.display()
            ),
            _ => (),
        }
    }
}

/// All files of the page, at `/`.
pub(crate) fn router(source: Source) -> Router {
    Router::new()
        .fallback(serve)
        .layer(axum::middleware::map_response(async |mut response: Response| {
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
            headers.insert(
                header::X_CONTENT_TYPE_OPTIONS,
                HeaderValue::from_static("nosniff"),
            );
            // Revalidated each time, so that a rebuilt page never runs with old files.
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            response
        }))
        .layer(CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest))
        .with_state(Arc::new(source))
}

#[allow(
    clippy::infallible_destructuring_match,
    reason = "with the feature `embed` there is a second arm"
)]
async fn serve(State(source): State<Arc<Source>>, request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let folder = match &*source {
        Source::Folder(folder) => folder,
        #[cfg(feature = "embed")]
        Source::Embedded => return embedded::answer(request.uri().path(), request.headers()),
    };
    // Checked on each request, so that a new build is found without a restart.
    if !folder.is_dir() {
        let text = format!(
            "The page's folder \"{}\" is not there.\nBuild it with `cargo xtask build`, or name another with --dist DIR.\n\
             The API is served all the same.\n",
            folder.display()
        );
        return (StatusCode::NOT_FOUND, text).into_response();
    }
    match ServeDir::new(folder.as_path()).oneshot(request).await {
        Ok(response) if response.status() == StatusCode::NOT_FOUND => {
            (StatusCode::NOT_FOUND, "no such file\n").into_response()
        }
        Ok(response) => response.map(axum::body::Body::new),
        Err(never) => match never {},
    }
}
