//! One request to OCP: built from values, signed, sent, and its answer read up to a cap and in bounded time.
//! What it means is `verdict`'s to say.
//!
//! It knows nothing of clients, caches and other requests. No text that it makes repeats a secret.

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
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::config::{Credentials, Settings, UpstreamUrl};
use super::error::GatewayError;
use super::gate::Outcome;
use super::inbound::Ask;
use super::limits::Limits;
use super::tls;
use super::verdict::{Judge, Told, fault};
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
    judge: Judge,
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
            judge: Judge {
                own_account: settings.credentials.are_own(),
                hold: settings.limits.hold,
            },
        })
    }

    /// Asks OCP. Whatever happens, there is an answer.
    pub(crate) async fn ask(&self, ask: &Ask, session: Option<&str>) -> Told {
        let request = match self.request(ask, session) {
            Ok(request) => request,
            Err(error) => {
                return fault(
                    StatusCode::BAD_GATEWAY,
                    Outcome::Unasked,
                    "unsendable",
                    &error.to_string(),
                );
            }
        };
        match tokio::time::timeout(self.limits.whole, self.exchange(request, ask)).await {
            Ok(told) => told,
            Err(_) => fault(
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
                return fault(StatusCode::BAD_GATEWAY, Outcome::Unreachable, "unreachable", &why);
            }
            Ok(Err(error)) => {
                let why = format!("OCP's answer broke off: {}", root(&error));
                return fault(StatusCode::BAD_GATEWAY, Outcome::Broken, "broken", &why);
            }
            Err(_) => {
                let why = format!("OCP had not answered after {} s", self.limits.headers.as_secs());
                return fault(StatusCode::GATEWAY_TIMEOUT, Outcome::Broken, "timeout", &why);
            }
        };
        let (parts, body) = response.into_parts();
        if parts.status.is_redirection() {
            return self.judge.redirect(parts.status, &parts.headers, &ask.path());
        }
        match self.read(body).await {
            Ok(body) => self
                .judge
                .answer(parts.status, &parts.headers, body, ask.language),
            Err(Unread::TooLarge) => {
                let why = format!(
                    "OCP's answer is larger than {} MiB; ask for fewer rows a page",
                    self.limits.body >> 20
                );
                // It is up and well; asking again would only do the same once more.
                fault(StatusCode::BAD_GATEWAY, Outcome::Odd, "too-large", &why)
            }
            Err(Unread::Broken(why)) => {
                let why = format!("OCP's answer broke off: {why}");
                fault(StatusCode::BAD_GATEWAY, Outcome::Broken, "broken", &why)
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
