//! Classifies what came back from OCP: what a client gets, what the throttle learns, and how long it is
//! cached.
//!
//! What OCP wants of its clients (to wait, to sign in) is read from status and headers, whoever wrote the
//! body: in front of OCP there is often something that answers in HTML. No text of this module repeats what
//! came.

use std::time::{Duration, SystemTime};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use bytes::Bytes;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::answer::{Answer, RATE_LIMIT, loggable};
use super::failure::failure;
use super::flight::CacheFor;
use super::outcome::Outcome;
use crate::http::envelope::{Failure, NOT_SIGNED_IN};

const EXPIRED: &str = "OCP's session has expired: sign in to OCP again";
/// What a client is told when the gateway's own account is refused.
pub(super) const OWN_ACCOUNT: &str = "OCP does not accept this gateway's own account; whoever runs the gateway must look \
                                      at its key or password";

/// The result of a request, for the throttle and the metrics.
pub(super) struct Classified {
    pub(super) answer: Answer,
    pub(super) outcome: Outcome,
    /// The outcome in the metrics.
    pub(super) label: &'static str,
    pub(super) cache_for: CacheFor,
}

/// What the result depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Classifier {
    /// Whether the account is the gateway's own, not the session of a client.
    pub(super) own_account: bool,
    /// The longest `Retry-After` that is respected.
    pub(super) hold: Duration,
}

impl Classifier {
    /// Classifies an answer that is no redirect.
    pub(super) fn answer(
        self,
        status: StatusCode,
        headers: &HeaderMap,
        body: Bytes,
        language: &'static str,
    ) -> Classified {
        let json = is_json(headers, &body) && (!status.is_success() || status == StatusCode::OK);
        let limited = status == StatusCode::TOO_MANY_REQUESTS;
        let wait = wait_of(headers, limited).or(limited.then_some(Duration::from_secs(1)));
        let wait = wait.map(|wait| wait.min(self.hold));
        let outcome = match (status.as_u16(), wait) {
            (429, Some(wait)) => Outcome::Limited {
                wait,
                // OCP limits each of its users. A 429 without OCP's envelope comes from something in between,
                // which sees all requests of the gateway as one client.
                everyone: self.own_account || !json || !is_envelope(&body),
            },
            (503, Some(wait)) => Outcome::Unavailable { wait },
            (502..=504, _) => Outcome::Broken,
            (401, _) if self.own_account => {
                tracing::warn!(
                    code = error_code(&body).unwrap_or_default(),
                    "OCP does not accept this gateway's own account: look at its key or password, and its clock"
                );
                Outcome::Refused
            }
            (200 | 400..=499, _) if json => Outcome::Answered,
            _ => Outcome::Odd,
        };
        let label = match status.as_u16() {
            429 => "limited",
            401 => "unauthorized",
            200 if !json && !self.own_account => "login-page",
            _ if !json => "no-json",
            200 => "ok",
            403 => "forbidden",
            500.. => "failed",
            _ => "refused",
        };
        let cache_for = match outcome {
            // The throttle answers the next requests.
            Outcome::Limited { .. } | Outcome::Unavailable { .. } | Outcome::Refused => CacheFor::No,
            // After signing in with the same cookie, a user must see the new answer at once.
            _ if matches!(label, "unauthorized" | "login-page") => CacheFor::No,
            Outcome::Answered => CacheFor::Usual,
            _ => CacheFor::Failed,
        };
        let passed_on = headers_to_pass_on(headers, wait);
        let answer = if json {
            Answer::new(status, body, language, passed_on)
        } else {
            let mut answer = Answer::failure(&self.own_failure(status), None);
            answer.headers = passed_on;
            answer
        };
        Classified {
            answer,
            outcome,
            label,
            cache_for,
        }
    }

    /// The failure for a login page, or for a page of something between here and OCP.
    fn own_failure(self, status: StatusCode) -> Failure {
        let number = status.as_u16();
        let (status, code, why) = match number {
            401 if self.own_account => (status, Some(NOT_SIGNED_IN), OWN_ACCOUNT.to_owned()),
            200 | 401 if !self.own_account => {
                (StatusCode::UNAUTHORIZED, Some(NOT_SIGNED_IN), EXPIRED.to_owned())
            }
            429 => {
                let why = "OCP, or what stands before it, asked for fewer requests; wait as long as Retry-After says";
                (status, None, why.to_owned())
            }
            200 | 300..=399 => {
                let why = format!(
                    "OCP answered {number} with something that is no JSON: is --upstream its address?"
                );
                (StatusCode::BAD_GATEWAY, None, why)
            }
            _ => {
                let why = format!("OCP answered {number} with something that is no JSON");
                let status = if status.is_success() {
                    StatusCode::BAD_GATEWAY
                } else {
                    status
                };
                (status, None, why)
            }
        };
        if code.is_none() {
            tracing::warn!("{why}");
        }
        failure(status, code, why)
    }

    /// Redirects are not followed. A redirect to another address means that `--upstream` is wrong; any other
    /// one leads to a login page.
    pub(super) fn redirect(self, status: StatusCode, headers: &HeaderMap, path: &str) -> Classified {
        if let Some(to) = new_address(status, headers, path) {
            let why = format!("is --upstream OCP's address? It answers with a redirect to {to}");
            return failed(StatusCode::BAD_GATEWAY, Outcome::Odd, "no-json", &why);
        }
        if self.own_account {
            let failure = self.own_failure(status);
            return Classified {
                answer: Answer::failure(&failure, None),
                outcome: Outcome::Odd,
                label: "no-json",
                cache_for: CacheFor::Failed,
            };
        }
        Classified {
            answer: Answer::failure(
                &failure(StatusCode::UNAUTHORIZED, Some(NOT_SIGNED_IN), EXPIRED.to_owned()),
                None,
            ),
            outcome: Outcome::Answered,
            label: "login-page",
            cache_for: CacheFor::No,
        }
    }
}

/// The result of a request without an answer of OCP.
pub(super) fn failed(status: StatusCode, outcome: Outcome, label: &'static str, why: &str) -> Classified {
    tracing::warn!("{why}");
    Classified {
        answer: Answer::failure(&failure(status, None, why.to_owned()), None),
        outcome,
        label,
        cache_for: match outcome {
            // The throttle blocks the next request, or OCP may be back by then.
            Outcome::Unreachable | Outcome::Unasked => CacheFor::No,
            _ => CacheFor::Failed,
        },
    }
}

/// Scheme and host, if the redirect leads to another address for the same path, or is permanent.
fn new_address(status: StatusCode, headers: &HeaderMap, path: &str) -> Option<String> {
    let to: Uri = headers.get(header::LOCATION)?.to_str().ok()?.parse().ok()?;
    let (scheme, host) = (to.scheme_str()?, to.host()?);
    let for_good = matches!(status.as_u16(), 301 | 308);
    let same = scheme == "https" && to.path() == path;
    let plain = host.len() < 256
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b));
    ((for_good || same) && plain && matches!(scheme, "http" | "https")).then(|| format!("{scheme}://{host}"))
}

/// `Retry-After` and `RateLimit-…`, as they are passed on to clients.
fn headers_to_pass_on(headers: &HeaderMap, wait: Option<Duration>) -> Vec<(HeaderName, HeaderValue)> {
    let mut found = Vec::new();
    for name in RATE_LIMIT {
        // Only short plain values: others could carry anything.
        let plain = |v: &&HeaderValue| {
            v.len() < 64 && v.as_bytes().iter().all(|b| b.is_ascii_graphic() || *b == b' ')
        };
        if let Some(value) = headers.get(name).filter(plain) {
            found.push((HeaderName::from_static(name), value.clone()));
        }
    }
    found.extend(wait.map(|wait| (header::RETRY_AFTER, HeaderValue::from(wait.as_secs()))));
    found
}

/// The body without a byte order mark.
fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

/// Whether it is JSON, by its content type, or without one by its first character.
fn is_json(headers: &HeaderMap, body: &[u8]) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let kind = kind
        .unwrap_or("application/json")
        .split(';')
        .next()
        .unwrap_or_default();
    let kind = kind.trim().to_ascii_lowercase();
    (kind.ends_with("/json") || kind.ends_with("+json"))
        && without_byte_order_mark(body).trim_ascii_start().starts_with(b"{")
}

/// Whether JSON is OCP's envelope: it has one of the names that only OCP uses.
fn is_envelope(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Envelope {
        #[serde(default)]
        successful: Option<IgnoredAny>,
        #[serde(default, rename = "traceId")]
        trace_id: Option<IgnoredAny>,
    }
    serde_json::from_slice(without_byte_order_mark(body))
        .is_ok_and(|envelope: Envelope| envelope.successful.is_some() || envelope.trace_id.is_some())
}

/// The code of OCP's error, for the log: it distinguishes a wrong password from a wrong signature.
fn error_code(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Envelope {
        error: Refusal,
    }
    #[derive(Deserialize)]
    struct Refusal {
        code: serde_json::Value,
    }
    match serde_json::from_slice::<Envelope>(without_byte_order_mark(body))
        .ok()?
        .error
        .code
    {
        serde_json::Value::String(code) => Some(loggable(&code)),
        serde_json::Value::Number(code) => Some(code.to_string()),
        _ => None,
    }
}

/// How long OCP wants no requests. OCP documents `RateLimit-Reset`; something in between may send
/// `Retry-After`, in seconds or as a date.
fn wait_of(headers: &HeaderMap, limited: bool) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).map(str::trim);
    // A number that is too large means long, not nothing.
    let seconds = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| Duration::from_secs(text.parse().unwrap_or(u64::MAX)))
    };
    let date = |text: &str| {
        let until = httpdate::parse_http_date(text).ok()?;
        Some(until.duration_since(SystemTime::now()).unwrap_or_default())
    };
    let asked = text("retry-after").and_then(|text| seconds(text).or_else(|| date(text)));
    let reset = || text("ratelimit-reset").filter(|_| limited).and_then(seconds);
    let whole = |wait: Duration| {
        let part = u64::from(wait.subsec_nanos() > 0);
        Duration::from_secs(wait.as_secs().saturating_add(part))
    };
    asked
        .or_else(reset)
        .map(|wait| whole(wait).max(Duration::from_secs(1)))
}

#[cfg(test)]
mod tests;
