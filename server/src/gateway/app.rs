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
use super::asker::Asker;
use super::config::{Credentials, Settings};
use super::error::GatewayError;
use super::flight::{Flight, From, Wanted};
use super::gate::Health;
use super::inbound::{self, Ask, Identity};
use super::limits::Limits;
use super::metrics::Metrics;
use super::verdict::UNKNOWN;
use crate::api::Failure;
use crate::page;

/// Compressing this many bytes takes so long that other requests on the same thread would have to wait.
const LARGE: usize = 1 << 20;

/// The state that requests share.
pub(super) struct App {
    access: Access,
    page: Router,
    /// The names of the session cookies; `None` if the gateway has its own account.
    cookies: Option<Vec<String>>,
    flight: Flight,
    asker: Arc<Asker>,
}

/// What the log contains of a request in addition to its status.
#[derive(Default)]
struct Noted {
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
            flight: Flight::new(settings.cache),
            asker: Arc::new(Asker::new(settings)?),
        })
    }

    pub(super) fn metrics(&self) -> &Metrics {
        self.asker.metrics()
    }

    pub(super) fn limits(&self) -> &Limits {
        self.asker.limits()
    }

    /// Answers a request, counts it and logs it.
    pub(super) async fn handle(&self, request: Request<Incoming>) -> Response {
        let start = Instant::now();
        let method = name_of(request.method());
        let route = route_of(request.uri().path());
        let mut noted = Noted::default();
        let response = self.answer(route, request, &mut noted).await;
        let status = response.status().as_u16();
        self.metrics().request(route, status);
        let ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let Noted {
            cluster,
            trace_id,
            from,
        } = noted;
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

    async fn answer(&self, route: &'static str, request: Request<Incoming>, noted: &mut Noted) -> Response {
        noted.from = "refused";
        let headers = request.headers();
        // An absolute URL is for a proxy, which this is not. Without exactly one Host the target is
        // ambiguous.
        let odd = request.uri().authority().is_some() || headers.get_all(header::HOST).iter().count() != 1;
        if odd || inbound::has_body(headers) {
            let why = "the request must name a path and one Host, and have no body";
            let mut response = refuse(route, StatusCode::BAD_REQUEST, None, why, noted);
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
            return self.keep_out(route, refusal, noted);
        }
        if route == "api"
            && headers
                .get("sec-fetch-site")
                .is_some_and(|site| site == "cross-site")
        {
            // The other page could not read the answer, but it would use OCP with the cookies or the address
            // of its visitor.
            let why = "asked for by a page of another site";
            return refuse(route, StatusCode::FORBIDDEN, None, why, noted);
        }
        match route {
            "metrics" => self.show_metrics(request.method()),
            "api" => self.pass_on(&request, noted).await,
            _ => self.file(request).await,
        }
    }

    fn keep_out(&self, route: &'static str, refusal: Refusal, noted: &mut Noted) -> Response {
        match refusal {
            Refusal::Name => {
                let why = "asked by a name that this gateway does not know: add --host NAME to its options, or host = [\"NAME\"] to its file";
                refuse(route, StatusCode::MISDIRECTED_REQUEST, None, why, noted)
            }
            Refusal::Token => {
                let why = "this gateway asks for its access token";
                let mut response = refuse(route, StatusCode::UNAUTHORIZED, Some(UNKNOWN), why, noted);
                // A 401 with this header to a script would open the browser's login dialog unexpectedly.
                if route != "api" {
                    let ask = HeaderValue::from_static("Basic realm=\"restore tasks\", charset=\"UTF-8\"");
                    response.headers_mut().insert(header::WWW_AUTHENTICATE, ask);
                }
                response
            }
            Refusal::Header => {
                let why = "this gateway is reached through its proxy, which says who is there";
                refuse(route, StatusCode::UNAUTHORIZED, Some(UNKNOWN), why, noted)
            }
        }
    }

    fn health(&self, method: &Method) -> Response {
        let upstream = match self.asker.health() {
            Health::Up => "up",
            Health::Down => "down",
            Health::Unknown => "unknown",
        };
        // Status 200 as long as this process serves: restarting it would not bring OCP back.
        let body = format!("{{\"status\":\"serving\",\"upstream\":\"{upstream}\"}}\n");
        told(method, "application/json", body)
    }

    fn show_metrics(&self, method: &Method) -> Response {
        let text = self.metrics().text(self.asker.health());
        told(method, "text/plain; version=0.0.4; charset=utf-8", text)
    }

    async fn file(&self, request: Request<Incoming>) -> Response {
        match self.page.clone().oneshot(request.map(Body::new)).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    async fn pass_on(&self, request: &Request<Incoming>, noted: &mut Noted) -> Response {
        let (uri, headers) = (request.uri(), request.headers());
        let query = uri.query().unwrap_or_default();
        let ask = match Ask::read(request.method(), uri.path(), query, headers) {
            Ok(ask) => ask,
            Err((failure, allow)) => {
                let mut response = spoken(&Answer::failure(&failure, None), headers, noted);
                let allow = allow.map(|allow| (header::ALLOW, HeaderValue::from_static(allow)));
                response.headers_mut().extend(allow);
                return response;
            }
        };
        noted.cluster = Some(ask.cluster);
        let session = self
            .cookies
            .as_ref()
            .map(|names| inbound::session(headers, names));
        let (identity, session) = match session {
            None => (Identity::NOBODY, None),
            Some(Some(session)) => (Identity::of(&session), Some(session)),
            Some(None) => {
                let why = "not signed in to OCP: no session cookie came with the request";
                return refuse("api", StatusCode::UNAUTHORIZED, Some(UNKNOWN), why, noted);
            }
        };
        let asker = Arc::clone(&self.asker);
        let key = (identity, ask.clone());
        let fetch = move |wanted: Arc<Wanted>| {
            let (asker, ask, session) = (Arc::clone(&asker), ask.clone(), session.clone());
            async move { asker.ask(identity, &ask, session.as_deref(), &wanted).await }
        };
        let (answer, from) = self.flight.get(key, fetch).await;
        noted.from = match from {
            From::Hit => "hit",
            From::Joined => "joined",
            From::Upstream => "upstream",
        };
        match answer {
            Some(answer) => spoken(&answer, headers, noted),
            None => refuse(
                "api",
                StatusCode::INTERNAL_SERVER_ERROR,
                None,
                "unexpected error",
                noted,
            ),
        }
    }
}

/// The response of the API; notes the trace id for the log.
fn spoken(answer: &Answer, headers: &HeaderMap, noted: &mut Noted) -> Response {
    noted.trace_id.clone_from(&answer.trace_id);
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
    noted: &mut Noted,
) -> Response {
    if route == "api" {
        let answer = Answer::failure(&Failure::of_gateway(status, code, why.to_owned()), None);
        return spoken(&answer, &HeaderMap::new(), noted);
    }
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
    ];
    (status, headers, format!("{why}\n")).into_response()
}

fn told(method: &Method, kind: &'static str, body: String) -> Response {
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
fn name_of(method: &Method) -> &'static str {
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
