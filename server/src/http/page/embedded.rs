//! The page in the binary: the files that `build.rs` found.

use std::sync::LazyLock;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;

// `FILES`: paths below the folder, and contents, sorted by path.
include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// A digest of each file, as its `ETag`.
static TAGS: LazyLock<Vec<String>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|(_, contents)| {
            let digest = ring::digest::digest(&ring::digest::SHA256, contents);
            format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(digest.as_ref()))
        })
        .collect()
});

/// The file at this path, or 404. Paths are compared with the list, so a path outside it cannot be reached.
pub(super) fn answer(path: &str, headers: &HeaderMap) -> Response {
    let mut wanted = path.strip_prefix('/').unwrap_or(path).to_owned();
    if wanted.is_empty() || wanted.ends_with('/') {
        wanted.push_str("index.html");
    }
    let found = FILES
        .binary_search_by_key(&wanted.as_str(), |(path, _)| path)
        .ok();
    let (Some((_, contents)), Some(tag)) = (
        found.and_then(|index| FILES.get(index)),
        found.and_then(|index| TAGS.get(index)),
    ) else {
        return (StatusCode::NOT_FOUND, "no such file\n").into_response();
    };
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .any(|value| value.to_str().is_ok_and(|text| text.contains(tag.as_str())));
    if known {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag.as_str())]).into_response();
    }
    let kind = mime_guess::from_path(&wanted).first_or_octet_stream();
    let headers = [
        (header::CONTENT_TYPE, kind.essence_str().to_owned()),
        (header::ETAG, tag.clone()),
    ];
    (headers, Bytes::from_static(contents)).into_response()
}
