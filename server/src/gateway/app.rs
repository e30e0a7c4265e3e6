//! What a request gets: a file of the page, an answer of OCP, or a refusal; and its line in the log.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use tower::ServiceExt;

use super::access::{Access, Refusal};
use super::answer::Answer;
use super::client::OcpClient;
use super::credentials::Credentials;
use super::error::GatewayError;
use super::failure::failure;
use super::flight::{Flight, Source, Waiters};
use super::limits::Limits;
use super::metrics::Metrics;
use super::outcome::Health;
use super::request::{self, ListRequest};
use super::session::{self, Identity};
use super::settings::Settings;
use crate::http::envelope::NOT_SIGNED_IN;
use crate::http::page;

/// Compressing this many bytes takes so long that other requests on the same thread would have to wait.
const LARGE: usize = 1 << 20;

/// The state that requests share.
pub(super) struct App {
    access: Access,
    page: Router,
    /// The names of the session cookies; `None` if the gateway has its own account.
    cookies: Option<Vec<String>>,
    flight: Flight,
    client: Arc<OcpClient>,
}

/// What the log contains of a request in addition to its status.
#[derive(Default)]
struct LogFields {
    cluster: Option<u64>,
    trace_id: String,
    from: &'static str,
}

impl App {
    pub(super) fn new(settings: &Settings) -> Result<Self, GatewayError> {
        let source = page::Source::choose(settings.dist.clone());
        source.warn_if_missing();
        Ok(Self {
            access: settings.access.clone(),
            page: page::router(source),
            cookies: match &settings.credentials {
                Credentials::Session { cookies } => Some(cookies.clone()),
                _ => None,
            },
            flight: Flight::new(settings.cache_time),
            client: Arc::new(OcpClient::new(settings)?),
        })
    }

    pub(super) fn metrics(&self) -> &Metrics {
        self.client.metrics()
    }

    pub(super) fn limits(&self) -> &Limits {
        self.client.limits()
    }

    /// Answers a request, counts it and logs it.
    pub(super) async fn handle(&self, request: Request<Incoming>) -> Response {
        let start = Instant::now();
        let method = method_name(request.method());
        let route = route_of(request.uri().path());
        let mut log = LogFields::default();
        let response = self.answer(route, request, &mut log).await;
        let status = response.status().as_u16();
        self.metrics().request(route, status);
        let ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let LogFields {
            cluster,
            trace_id,
            from,
        } = log;
        match route {
            "api" => {
                self.metrics().answered(from);
                tracing::info!(method, route, cluster, status, trace_id, from, ms, "request");
            }
            "page" => tracing::info!(method, route, status, ms, "request"),
            // Monitoring requests these every few seconds.
            _ => tracing::debug!(method, route, status, ms, "request"),
        }
        response
    }

    async fn answer(&self, route: &'static str, request: Request<Incoming>, log: &mut LogFields) -> Response {
        log.from = "refused";
        let headers = request.headers();
        // An absolute URL is for a proxy, which this is not. Without exactly one Host the target is
        // ambiguous.
        let ambiguous =
            request.uri().authority().is_some() || headers.get_all(header::HOST).iter().count() != 1;
        if ambiguous || request::has_body(headers) {
            let why = "the request must name a path and one Host, and have no body";
            let mut response = refuse(route, StatusCode::BAD_REQUEST, None, why, log);
            // What follows on this connection may be the body, which must not be taken for a request.
            response
                .headers_mut()
                .insert(header::CONNECTION, HeaderValue::from_static("close"));
            return response;
        }
        if route == "healthz" {
            return self.health(request.method());
        }
        if let Err(refusal) = self.access.check(headers) {
            return self.refuse_access(route, refusal, log);
        }
        if route == "api"
            && headers
                .get("sec-fetch-site")
                .is_some_and(|site| site == "cross-site")
        {
            // The other page could not read the answer, but it would use OCP with the cookies or the address
            // of its visitor.
            let why = "asked for by a page of another site";
            return refuse(route, StatusCode::FORBIDDEN, None, why, log);
        }
        match route {
            "metrics" => self.show_metrics(request.method()),
            "api" => self.forward(&request, log).await,
            _ => self.page_file(request).await,
        }
    }

    fn refuse_access(&self, route: &'static str, refusal: Refusal, log: &mut LogFields) -> Response {
        match refusal {
            Refusal::Name => {
                let why = "asked by a name that this gateway does not know: add --host NAME to its options, or host = [\"NAME\"] to its file";
                refuse(route, StatusCode::MISDIRECTED_REQUEST, None, why, log)
            }
            Refusal::Token => {
                let why = "this gateway asks for its access token";
                let mut response = refuse(route, StatusCode::UNAUTHORIZED, Some(NOT_SIGNED_IN), why, log);
                // A 401 with this header to a script would open the browser's login dialog unexpectedly.
                if route != "api" {
                    let challenge =
                        HeaderValue::from_static("Basic realm=\"restore tasks\", charset=\"UTF-8\"");
                    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
                }
                response
            }
            Refusal::Header => {
                let why = "this gateway is reached through its proxy, which says who is there";
                refuse(route, StatusCode::UNAUTHORIZED, Some(NOT_SIGNED_IN), why, log)
            }
        }
    }

    fn health(&self, method: &Method) -> Response {
        let upstream = match self.client.health() {
            Health::Up => "up",
            Health::Down => "down",
            Health::Unknown => "unknown",
        };
        // Status 200 as long as this process serves: restarting it would not bring OCP back.
        let body = format!("{{\"status\":\"serving\",\"upstream\":\"{upstream}\"}}\n");
        text_response(method, "application/json", body)
    }

    fn show_metrics(&self, method: &Method) -> Response {
        let text = self.metrics().text(self.client.health());
        text_response(method, "text/plain; version=0.0.4; charset=utf-8", text)
    }

    async fn page_file(&self, request: Request<Incoming>) -> Response {
        match self.page.clone().oneshot(request.map(Body::new)).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    async fn forward(&self, request: &Request<Incoming>, log: &mut LogFields) -> Response {
        let (uri, headers) = (request.uri(), request.headers());
        let query = uri.query().unwrap_or_default();
        let list = match ListRequest::read(request.method(), uri.path(), query, headers) {
            Ok(list) => list,
            Err((failure, allow)) => {
                let mut response = api_response(&Answer::failure(&failure, None), headers, log);
                let allow = allow.map(|allow| (header::ALLOW, HeaderValue::from_static(allow)));
                response.headers_mut().extend(allow);
                return response;
            }
        };
        log.cluster = Some(list.cluster);
        let session = self
            .cookies
            .as_ref()
            .map(|names| session::cookies(headers, names));
        let (identity, session) = match session {
            None => (Identity::EVERYONE, None),
            Some(Some(session)) => (Identity::of(&session), Some(session)),
            Some(None) => {
                let why = "not signed in to OCP: no session cookie came with the request";
                return refuse("api", StatusCode::UNAUTHORIZED, Some(NOT_SIGNED_IN), why, log);
            }
        };
        let client = Arc::clone(&self.client);
        let key = (identity, list.clone());
        let fetch = move |waiters: Arc<Waiters>| {
            let (client, list, session) = (Arc::clone(&client), list.clone(), session.clone());
            async move { client.fetch(identity, &list, session.as_deref(), &waiters).await }
        };
        let (answer, source) = self.flight.get(key, fetch).await;
        log.from = match source {
            Source::Hit => "hit",
            Source::Joined => "joined",
            Source::Upstream => "upstream",
        };
        match answer {
            Some(answer) => api_response(&answer, headers, log),
            None => refuse(
                "api",
                StatusCode::INTERNAL_SERVER_ERROR,
                None,
                "unexpected error",
                log,
            ),
        }
    }
}

/// The response of the API; notes the trace id for the log.
fn api_response(answer: &Answer, headers: &HeaderMap, log: &mut LogFields) -> Response {
    log.trace_id.clone_from(&answer.trace_id);
    if answer.body.len() > LARGE {
        return tokio::task::block_in_place(|| answer.respond(headers));
    }
    answer.respond(headers)
}

/// A refusal in the format of its route: OCP's envelope below `/api`, a line of text elsewhere.
fn refuse(
    route: &'static str,
    status: StatusCode,
    code: Option<&'static str>,
    why: &str,
    log: &mut LogFields,
) -> Response {
    if route == "api" {
        let answer = Answer::failure(&failure(status, code, why.to_owned()), None);
        return api_response(&answer, &HeaderMap::new(), log);
    }
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
    ];
    (status, headers, format!("{why}\n")).into_response()
}

/// A text of the gateway itself, for GET and HEAD.
fn text_response(method: &Method, kind: &'static str, body: String) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    // hyper omits the body for HEAD.
    (headers, body).into_response()
}

/// The route, as the log and the metrics name it.
fn route_of(path: &str) -> &'static str {
    match path {
        "/healthz" => "healthz",
        "/metrics" => "metrics",
        "/api" => "api",
        path if path.starts_with("/api/") => "api",
        _ => "page",
    }
}

/// The usual methods by name. Any other word of a client must not get into the log.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}
