//! One request to OCP: built from values, signed, sent, and its answer read within limits of size and time.
//! `classify` says what the answer means.
//!
//! It imports nothing of clients, caches and other requests. No text of this module repeats a secret. It uses
//! hyper itself, not a client above it, because time-outs, memory and spelling of each request are its own.

use std::io;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::http::uri::{Authority, PathAndQuery, Scheme};
use axum::http::{HeaderValue, Request, StatusCode, Uri, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use secrecy::ExposeSecret;

use super::classify::{Classified, Classifier, failed};
use super::connect_timeout::ConnectTimeout;
use super::credentials::Credentials;
use super::error::GatewayError;
use super::flight::CacheFor;
use super::limits::Limits;
use super::memory::{MemoryBudget, MemoryExceeded};
use super::outcome::{Outcome, random_wait};
use super::request::ListRequest;
use super::settings::Settings;
use super::tls;
use super::upstream_url::UpstreamUrl;
use crate::http::signature::{self, Message};

/// Documented as required, and so it is part of the signature.
const CONTENT_TYPE: &str = "application/json";
/// How long an idle connection is kept for the next request.
const MAX_IDLE: Duration = Duration::from_secs(20);

/// The client for OCP.
pub(super) struct Upstream {
    client: Client<ConnectTimeout, Body>,
    url: UpstreamUrl,
    credentials: Credentials,
    limits: Limits,
    classifier: Classifier,
    memory: MemoryBudget,
}

impl Upstream {
    pub(super) fn new(settings: &Settings) -> Result<Self, GatewayError> {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(settings.limits.connect));
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls::config(settings.ca.as_deref())?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let connector = ConnectTimeout::new(connector, settings.limits.connect);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(MAX_IDLE)
            .pool_max_idle_per_host(settings.max_upstream)
            .http1_max_headers(128)
            .build(connector);
        Ok(Self {
            client,
            url: settings.upstream.clone(),
            credentials: settings.credentials.clone(),
            limits: settings.limits.clone(),
            classifier: Classifier {
                own_account: settings.credentials.are_own(),
                hold: settings.limits.longest_retry_after,
            },
            memory: MemoryBudget::new(settings.limits.memory),
        })
    }

    /// Asks OCP. There is always an answer, also after a failure.
    pub(super) async fn send(&self, list: &ListRequest, session: Option<&str>) -> Classified {
        if self.memory.is_full() {
            return Classified {
                outcome: Outcome::Unasked,
                cache_for: CacheFor::No,
                ..memory_exceeded()
            };
        }
        let request = match self.request(list, session) {
            Ok(request) => request,
            Err(error) => {
                return failed(
                    StatusCode::BAD_GATEWAY,
                    Outcome::Unasked,
                    "unsendable",
                    &error.to_string(),
                );
            }
        };
        match tokio::time::timeout(self.limits.ocp_answer, self.exchange(request, list)).await {
            Ok(result) => result,
            Err(_) => failed(
                StatusCode::GATEWAY_TIMEOUT,
                Outcome::Broken,
                "timeout",
                &format!(
                    "OCP's answer had not ended after {} s",
                    self.limits.ocp_answer.as_secs()
                ),
            ),
        }
    }

    async fn exchange(&self, request: Request<Body>, list: &ListRequest) -> Classified {
        let response = match tokio::time::timeout(self.limits.ocp_headers, self.client.request(request)).await
        {
            Ok(Ok(response)) => response,
            Ok(Err(error)) if out_of_files(&error) => {
                let why = "this gateway can't open one more connection: its limit of open files is reached";
                let mut result = failed(
                    StatusCode::SERVICE_UNAVAILABLE,
                    Outcome::Unasked,
                    "unsendable",
                    why,
                );
                result.answer.wait(random_wait());
                return result;
            }
            Ok(Err(error)) if error.is_connect() => {
                let why = tls::certificate_problem(&error).map_or_else(|| innermost(&error), str::to_owned);
                let why = format!("OCP can't be reached: {why}");
                return failed(StatusCode::BAD_GATEWAY, Outcome::Unreachable, "unreachable", &why);
            }
            Ok(Err(error)) => {
                let why = format!("OCP's answer broke off: {}", innermost(&error));
                return failed(StatusCode::BAD_GATEWAY, Outcome::Broken, "broken", &why);
            }
            Err(_) => {
                let why = format!(
                    "OCP had not answered after {} s",
                    self.limits.ocp_headers.as_secs()
                );
                return failed(StatusCode::GATEWAY_TIMEOUT, Outcome::Broken, "timeout", &why);
            }
        };
        let (parts, body) = response.into_parts();
        if parts.status.is_redirection() {
            return self
                .classifier
                .redirect(parts.status, &parts.headers, &list.path());
        }
        match self.read(body).await {
            Ok(body) => {
                let mut result = self
                    .classifier
                    .answer(parts.status, &parts.headers, body, list.language);
                result.answer.compress_within(&self.memory);
                result
            }
            Err(ReadError::MemoryExceeded) => memory_exceeded(),
            Err(ReadError::TooLarge) => {
                let why = format!(
                    "OCP's answer is larger than {} MiB; ask for fewer rows a page",
                    self.limits.ocp_body >> 20
                );
                // OCP works; another try would only do the same again.
                failed(StatusCode::BAD_GATEWAY, Outcome::Odd, "too-large", &why)
            }
            Err(ReadError::Broken(why)) => {
                let why = format!("OCP's answer broke off: {why}");
                failed(StatusCode::BAD_GATEWAY, Outcome::Broken, "broken", &why)
            }
        }
    }

    async fn read(&self, body: Incoming) -> Result<Bytes, ReadError> {
        let mut body = Limited::new(body, self.limits.ocp_body);
        let mut buffer = self.memory.buffer();
        while let Some(frame) = body.frame().await {
            match frame {
                Ok(frame) => {
                    if let Ok(data) = frame.into_data() {
                        buffer.add(&data)?;
                    }
                }
                Err(error) if error.is::<LengthLimitError>() => return Err(ReadError::TooLarge),
                Err(error) => return Err(ReadError::Broken(innermost(&*error))),
            }
        }
        Ok(buffer.into_bytes())
    }

    fn request(&self, list: &ListRequest, session: Option<&str>) -> Result<Request<Body>, axum::http::Error> {
        // The same spelling is signed and sent.
        let target = signature::target(&list.path(), &list.query);
        let uri = Uri::builder()
            .scheme(Scheme::try_from(self.url.scheme)?)
            .authority(Authority::try_from(self.url.host.as_str())?)
            .path_and_query(PathAndQuery::try_from(target.as_str())?)
            .build()?;
        let mut request = Request::get(uri)
            .header(header::HOST, &self.url.host)
            .header(header::ACCEPT, "application/json")
            .header(header::ACCEPT_LANGUAGE, list.language)
            .header(header::CONTENT_TYPE, CONTENT_TYPE)
            .header(
                header::USER_AGENT,
                concat!("ob-restore-tasks-gateway/", env!("CARGO_PKG_VERSION")),
            );
        match &self.credentials {
            Credentials::Basic { user, password } => {
                let both = STANDARD.encode(format!("{}:{}", user.expose_secret(), password.expose_secret()));
                request = request.header(header::AUTHORIZATION, sensitive(&format!("Basic {both}"))?);
            }
            Credentials::Key { id, secret } => {
                let date = httpdate::fmt_http_date(SystemTime::now());
                let message = Message {
                    method: "GET",
                    content_md5: "",
                    content_type: CONTENT_TYPE,
                    date: &date,
                    host: &self.url.host,
                    own_headers: "",
                    target: &target,
                };
                let signature = message.sign(secret.expose_secret());
                let value = format!("{} {}:{signature}", signature::SCHEME, id.expose_secret());
                request = request
                    .header(header::DATE, &date)
                    .header(header::AUTHORIZATION, sensitive(&value)?);
            }
            Credentials::Session { .. } => {
                if let Some(cookies) = session {
                    request = request.header(header::COOKIE, sensitive(cookies)?);
                }
            }
        }
        request.body(Body::empty())
    }
}

/// Other answers use all the memory: the client must wait until some of them end.
fn memory_exceeded() -> Classified {
    let why = "this gateway is sending so many large answers that it has no room for another; try again soon";
    let mut result = failed(StatusCode::SERVICE_UNAVAILABLE, Outcome::Odd, "no-room", why);
    result.answer.wait(random_wait());
    result
}

enum ReadError {
    TooLarge,
    MemoryExceeded,
    Broken(String),
}

impl From<MemoryExceeded> for ReadError {
    fn from(_: MemoryExceeded) -> Self {
        Self::MemoryExceeded
    }
}

/// Whether this process can't open another file: looks for EMFILE or ENFILE among the causes of the error.
fn out_of_files(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let os = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::raw_os_error);
        if matches!(os, Some(23 | 24)) {
            return true;
        }
        next = tls::cause(error);
    }
    false
}

/// Not shown by `Debug`, and not stored by header compression.
fn sensitive(text: &str) -> Result<HeaderValue, axum::http::Error> {
    let mut value = HeaderValue::try_from(text)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The innermost cause: the errors around it only say that something failed.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut inner = error;
    while let Some(cause) = tls::cause(inner) {
        inner = cause;
    }
    inner.to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_lack_of_files_is_found_in_the_depths() {
        for (number, wanted) in [(24, true), (23, true), (111, false)] {
            let error = io::Error::from_raw_os_error(number);
            assert_eq!(out_of_files(&error), wanted, "{number}");
            let wrapped = io::Error::other(io::Error::other(error));
            assert_eq!(out_of_files(&wrapped), wanted, "{number}");
            assert!(
                innermost(&wrapped).contains(&format!("os error {number}")),
                "{}",
                innermost(&wrapped)
            );
        }
    }
}
