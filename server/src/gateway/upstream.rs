//! One request to OCP and its answer: built from values, signed, sent, read up to a cap and in bounded time.
//!
//! It knows nothing of clients, caches and other requests. No text that it makes repeats a secret.

use std::io;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::http::uri::{Authority, PathAndQuery, Scheme};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, Uri, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::answer::{Answer, RATE_LIMIT};
use super::config::{Credentials, Settings, UpstreamUrl};
use super::error::GatewayError;
use super::gate::Outcome;
use super::inbound::Ask;
use super::limits::Limits;
use super::tls;
use crate::api::Failure;
use crate::sign::{self, Message};

/// Documented as required, and so signed with the rest.
const CONTENT_TYPE: &str = "application/json";
/// Connections are kept this long for the next request.
const KEEP: Duration = Duration::from_secs(20);

/// The way to OCP.
pub(crate) struct Upstream {
    client: Client<HttpsConnector<HttpConnector>, Body>,
    url: UpstreamUrl,
    credentials: Credentials,
    limits: Limits,
}

/// How it went, for the gate and the metrics.
pub(crate) struct Told {
    pub(crate) answer: Answer,
    pub(crate) outcome: Outcome,
    pub(crate) label: &'static str,
}

impl Upstream {
    pub(crate) fn new(settings: &Settings) -> Result<Self, GatewayError> {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(settings.limits.connect));
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls::config(settings.ca.as_deref())?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(KEEP)
            .pool_max_idle_per_host(settings.max_upstream)
            .http1_max_headers(128)
            .build(connector);
        Ok(Self {
            client,
            url: settings.upstream.clone(),
            credentials: settings.credentials.clone(),
            limits: settings.limits.clone(),
        })
    }

    /// Asks OCP. Whatever happens, there is an answer.
    pub(crate) async fn ask(&self, ask: &Ask, session: Option<&str>) -> Told {
        let request = match self.request(ask, session) {
            Ok(request) => request,
            Err(error) => {
                return self.broken(
                    StatusCode::BAD_GATEWAY,
                    Outcome::Answered,
                    "unsendable",
                    &error.to_string(),
                );
            }
        };
        match tokio::time::timeout(self.limits.whole, self.exchange(request, ask)).await {
            Ok(told) => told,
            Err(_) => self.broken(
                StatusCode::GATEWAY_TIMEOUT,
                Outcome::Broken,
                "timeout",
                &format!(
                    "OCP's answer had not ended after {} s",
                    self.limits.whole.as_secs()
                ),
            ),
        }
    }

    async fn exchange(&self, request: Request<Body>, ask: &Ask) -> Told {
        let response = match tokio::time::timeout(self.limits.headers, self.client.request(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) if error.is_connect() => {
                let why = format!("OCP can't be reached: {}", root(&error));
                return self.broken(StatusCode::BAD_GATEWAY, Outcome::Unreachable, "unreachable", &why);
            }
            Ok(Err(error)) => {
                let why = format!("OCP's answer broke off: {}", root(&error));
                return self.broken(StatusCode::BAD_GATEWAY, Outcome::Broken, "broken", &why);
            }
            Err(_) => {
                let why = format!("OCP had not answered after {} s", self.limits.headers.as_secs());
                return self.broken(StatusCode::GATEWAY_TIMEOUT, Outcome::Broken, "timeout", &why);
            }
        };
        let (parts, body) = response.into_parts();
        if parts.status.is_redirection() {
            return self.not_json(parts.status);
        }
        match self.read(body).await {
            Ok(body) => self.judge(parts.status, &parts.headers, body, ask),
            Err(Unread::TooLarge) => {
                let why = format!(
                    "OCP's answer is larger than {} MiB; ask for fewer rows a page",
                    self.limits.body >> 20
                );
                // It is up and well; asking again would only do the same once more.
                self.broken(StatusCode::BAD_GATEWAY, Outcome::Answered, "too-large", &why)
            }
            Err(Unread::Broken(why)) => {
                let why = format!("OCP's answer broke off: {why}");
                self.broken(StatusCode::BAD_GATEWAY, Outcome::Broken, "broken", &why)
            }
        }
    }

    async fn read(&self, body: Incoming) -> Result<Bytes, Unread> {
        match Limited::new(body, self.limits.body).collect().await {
            Ok(collected) => Ok(collected.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => Err(Unread::TooLarge),
            Err(error) => Err(Unread::Broken(root(&*error))),
        }
    }

    fn judge(&self, status: StatusCode, headers: &HeaderMap, body: Bytes, ask: &Ask) -> Told {
        if !is_json(headers, &body) || (status.is_success() && status != StatusCode::OK) {
            return self.not_json(status);
        }
        let mut kept = Vec::new();
        for name in RATE_LIMIT {
            // Digits and little else: what could carry anything is left behind.
            let plain = |v: &&HeaderValue| {
                v.len() < 64 && v.as_bytes().iter().all(|b| b.is_ascii_graphic() || *b == b' ')
            };
            if let Some(value) = headers.get(name).filter(plain) {
                kept.push((header::HeaderName::from_static(name), value.clone()));
            }
        }
        let limited = status == StatusCode::TOO_MANY_REQUESTS;
        let wait = wait(headers, limited).map(|wait| wait.min(self.limits.hold));
        if let Some(wait) = wait {
            kept.push((header::RETRY_AFTER, HeaderValue::from(wait.as_secs())));
        }
        let own_account = !matches!(self.credentials, Credentials::Session { .. });
        let outcome = match (status, wait) {
            (StatusCode::TOO_MANY_REQUESTS, wait) => Outcome::Busy {
                wait: wait.unwrap_or(Duration::from_secs(1)),
                everyone: false,
            },
            (StatusCode::SERVICE_UNAVAILABLE, Some(wait)) => Outcome::Busy { wait, everyone: true },
            (StatusCode::UNAUTHORIZED, _) if own_account => {
                tracing::warn!(
                    "OCP does not accept this gateway's own account: look at its key or password, and its clock"
                );
                Outcome::Refused
            }
            _ => Outcome::Answered,
        };
        let label = match status.as_u16() {
            200 => "ok",
            401 => "unauthorized",
            403 => "forbidden",
            429 => "limited",
            500.. => "failed",
            _ => "refused",
        };
        Told {
            answer: Answer::new(status, body, ask.language, kept),
            outcome,
            label,
        }
    }

    /// A login page, or the page of something between here and OCP.
    fn not_json(&self, status: StatusCode) -> Told {
        let session = matches!(self.credentials, Credentials::Session { .. });
        if status.is_redirection() || status == StatusCode::OK {
            if session {
                let failure = Failure::of_gateway(
                    StatusCode::UNAUTHORIZED,
                    Some("IAM10000"),
                    "OCP's session has expired: sign in to OCP again".to_owned(),
                );
                return Told {
                    answer: Answer::failure(&failure, None),
                    outcome: Outcome::Answered,
                    label: "login-page",
                };
            }
            let why = format!(
                "OCP answered {} with something that is no JSON: is --upstream its address?",
                status.as_u16()
            );
            return self.broken(StatusCode::BAD_GATEWAY, Outcome::Answered, "no-json", &why);
        }
        let why = format!("OCP answered {} with something that is no JSON", status.as_u16());
        let status = if status.is_success() {
            StatusCode::BAD_GATEWAY
        } else {
            status
        };
        self.broken(status, Outcome::Answered, "no-json", &why)
    }

    fn broken(&self, status: StatusCode, outcome: Outcome, label: &'static str, why: &str) -> Told {
        tracing::warn!("{why}");
        let failure = Failure::of_gateway(status, None, why.to_owned());
        Told {
            answer: Answer::failure(&failure, None),
            outcome,
            label,
        }
    }

    fn request(&self, ask: &Ask, session: Option<&str>) -> Result<Request<Body>, axum::http::Error> {
        // Signed and sent in one spelling.
        let target = sign::target(&ask.path(), &ask.query);
        let uri = Uri::builder()
            .scheme(Scheme::try_from(self.url.scheme)?)
            .authority(Authority::try_from(self.url.host.as_str())?)
            .path_and_query(PathAndQuery::try_from(target.as_str())?)
            .build()?;
        let mut request = Request::get(uri)
            .header(header::HOST, &self.url.host)
            .header(header::ACCEPT, "application/json")
            .header(header::ACCEPT_LANGUAGE, ask.language)
            .header(header::CONTENT_TYPE, CONTENT_TYPE)
            .header(
                header::USER_AGENT,
                concat!("ob-restore-tasks-gateway/", env!("CARGO_PKG_VERSION")),
            );
        match &self.credentials {
            Credentials::Basic { user, password } => {
                let both = STANDARD.encode(format!("{}:{}", user.reveal(), password.reveal()));
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
                let signature = message.sign(secret.reveal());
                let value = format!("{} {}:{signature}", sign::SCHEME, id.reveal());
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

enum Unread {
    TooLarge,
    Broken(String),
}

/// Not shown by `Debug`, and not put into tables of header compression.
fn sensitive(text: &str) -> Result<HeaderValue, axum::http::Error> {
    let mut value = HeaderValue::try_from(text)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The innermost reason: the ones around it only say that something failed.
fn root(error: &(dyn std::error::Error + 'static)) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    if let Some(error) = inner.downcast_ref::<io::Error>()
        && let Some(wrapped) = error.get_ref()
    {
        return wrapped.to_string();
    }
    inner.to_string()
}

/// By its first character; a type that says otherwise wins.
fn is_json(headers: &HeaderMap, body: &[u8]) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let kind = kind
        .unwrap_or("application/json")
        .split(';')
        .next()
        .unwrap_or_default();
    let kind = kind.trim().to_ascii_lowercase();
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    (kind.ends_with("/json") || kind.ends_with("+json")) && body.trim_ascii_start().starts_with(b"{")
}

/// How long the upstream wants to be left alone. OCP documents `RateLimit-Reset`; what stands in between may say
/// `Retry-After`, in seconds or as a date.
fn wait(headers: &HeaderMap, limited: bool) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).map(str::trim);
    let seconds = |text: &str| text.parse().ok().map(Duration::from_secs);
    let date = |text: &str| {
        let until = httpdate::parse_http_date(text).ok()?;
        Some(until.duration_since(SystemTime::now()).unwrap_or_default())
    };
    let asked = text("retry-after").and_then(|text| seconds(text).or_else(|| date(text)));
    let reset = || text("ratelimit-reset").filter(|_| limited).and_then(seconds);
    let whole = |wait: Duration| Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
    asked
        .or_else(reset)
        .map(|wait| whole(wait).max(Duration::from_secs(1)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn what_the_upstream_asks_for_in_its_ways() {
        let of = |list: &[(&'static str, &str)], limited| {
            let map = list
                .iter()
                .map(|(n, v)| (header::HeaderName::from_static(n), v.parse().unwrap()));
            wait(&map.collect(), limited).map(|wait| wait.as_secs())
        };
        assert_eq!(of(&[("retry-after", "7")], false), Some(7));
        assert_eq!(of(&[("retry-after", "0")], false), Some(1));
        assert_eq!(of(&[("ratelimit-reset", "53")], true), Some(53));
        assert_eq!(of(&[("ratelimit-reset", "53")], false), None);
        assert_eq!(
            of(&[("retry-after", "7"), ("ratelimit-reset", "53")], true),
            Some(7)
        );
        assert_eq!(of(&[("retry-after", "soon")], true), None);
        assert_eq!(of(&[], true), None);
        let date = |ahead| httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(ahead));
        assert!(of(&[("retry-after", &date(60))], false).is_some_and(|wait| (55..=60).contains(&wait)));
        assert_eq!(
            of(&[("retry-after", "Tue, 17 Jan 2023 04:14:02 GMT")], false),
            Some(1)
        );
    }

    #[test]
    fn json_is_told_from_login_pages() {
        let of = |kind: &str, body: &str| {
            is_json(
                &HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]),
                body.as_bytes(),
            )
        };
        for (kind, body) in [
            ("application/json", "{}"),
            ("application/json;charset=UTF-8", " \n{"),
            ("application/problem+json", "{"),
            ("application/json", "\u{feff}{"),
        ] {
            assert!(of(kind, body), "{kind} {body}");
        }
        for (kind, body) in [
            ("text/html", "{}"),
            ("application/json", "<html>"),
            ("application/json", ""),
            ("text/plain", "{}"),
        ] {
            assert!(!of(kind, body), "{kind} {body}");
        }
        assert!(is_json(&HeaderMap::new(), b"{}"));
    }
}
