//! What came back from OCP, judged: what a client gets of it, what the gate is told, and how long it is kept.
//!
//! What OCP wants of its clients (to wait, to sign in) is read from the status and the headers, whoever wrote the body:
//! in front of OCP often stands something that speaks HTML. No text made here repeats what came.

use std::time::{Duration, SystemTime};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use bytes::Bytes;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::answer::{Answer, RATE_LIMIT, shown};
use super::flight::Keep;
use super::gate::Outcome;
use crate::api::Failure;

/// The code by which OCP says that it doesn't know who asks.
pub(super) const UNKNOWN: &str = "IAM10000";
const EXPIRED: &str = "OCP's session has expired: sign in to OCP again";
pub(super) const OWN_ACCOUNT: &str = "OCP does not accept this gateway's own account; whoever runs the gateway must look \
                                      at its key or password";

/// How it went, for the gate and the metrics.
pub(crate) struct Told {
    pub(crate) answer: Answer,
    pub(crate) outcome: Outcome,
    pub(crate) label: &'static str,
    pub(crate) keep: Keep,
}

/// By what it is judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judge {
    /// The account is the gateway's own, not a session of whoever asks.
    pub(super) own_account: bool,
    /// The longest that a `Retry-After` is taken for.
    pub(super) hold: Duration,
}

impl Judge {
    pub(super) fn answer(
        self,
        status: StatusCode,
        headers: &HeaderMap,
        body: Bytes,
        language: &'static str,
    ) -> Told {
        let json = is_json(headers, &body) && (!status.is_success() || status == StatusCode::OK);
        let limited = status == StatusCode::TOO_MANY_REQUESTS;
        let wait = wait(headers, limited).or(limited.then_some(Duration::from_secs(1)));
        let wait = wait.map(|wait| wait.min(self.hold));
        let outcome = match (status.as_u16(), wait) {
            (429, Some(wait)) => Outcome::Limited {
                wait,
                // OCP counts by its users. What is not in its words is the limit of something in between, which
                // takes all that comes from here for one.
                everyone: self.own_account || !json || !is_ocps(&body),
            },
            (503, Some(wait)) => Outcome::Unavailable { wait },
            (502..=504, _) => Outcome::Broken,
            (401, _) if self.own_account => {
                tracing::warn!(
                    code = code_of(&body).unwrap_or_default(),
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
        let keep = match outcome {
            // The gate answers the next ones.
            Outcome::Limited { .. } | Outcome::Unavailable { .. } | Outcome::Refused => Keep::No,
            // Who signs in meanwhile, with the same cookie, is to see it at once.
            _ if matches!(label, "unauthorized" | "login-page") => Keep::No,
            Outcome::Answered => Keep::Usual,
            _ => Keep::Failed,
        };
        let kept = kept(headers, wait);
        let answer = if json {
            Answer::new(status, body, language, kept)
        } else {
            let mut answer = Answer::failure(&self.in_own_words(status), None);
            answer.headers = kept;
            answer
        };
        Told {
            answer,
            outcome,
            label,
            keep,
        }
    }

    /// A login page, or the page of something between here and OCP.
    fn in_own_words(self, status: StatusCode) -> Failure {
        let number = status.as_u16();
        let (status, code, why) = match number {
            401 if self.own_account => (status, Some(UNKNOWN), OWN_ACCOUNT.to_owned()),
            200 | 401 if !self.own_account => (StatusCode::UNAUTHORIZED, Some(UNKNOWN), EXPIRED.to_owned()),
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
        Failure::of_gateway(status, code, why)
    }

    /// A redirect is followed by nobody. To somewhere else altogether it says that the address is wrong; any other is
    /// the way to a login page.
    pub(super) fn redirect(self, status: StatusCode, headers: &HeaderMap, path: &str) -> Told {
        if let Some(to) = moved(status, headers, path) {
            let why = format!("is --upstream OCP's address? It answers with a redirect to {to}");
            return fault(StatusCode::BAD_GATEWAY, Outcome::Odd, "no-json", &why);
        }
        if self.own_account {
            let failure = self.in_own_words(status);
            return Told {
                answer: Answer::failure(&failure, None),
                outcome: Outcome::Odd,
                label: "no-json",
                keep: Keep::Failed,
            };
        }
        Told {
            answer: Answer::failure(
                &Failure::of_gateway(StatusCode::UNAUTHORIZED, Some(UNKNOWN), EXPIRED.to_owned()),
                None,
            ),
            outcome: Outcome::Answered,
            label: "login-page",
            keep: Keep::No,
        }
    }
}

/// What came of a request that has no answer of OCP's.
pub(super) fn fault(status: StatusCode, outcome: Outcome, label: &'static str, why: &str) -> Told {
    tracing::warn!("{why}");
    Told {
        answer: Answer::failure(&Failure::of_gateway(status, None, why.to_owned()), None),
        outcome,
        label,
        keep: match outcome {
            // The next one finds the gate closed, or may find OCP.
            Outcome::Unreachable | Outcome::Unasked => Keep::No,
            _ => Keep::Failed,
        },
    }
}

/// Scheme and host, if it is another address that answers this very question, or is said to have moved for good.
fn moved(status: StatusCode, headers: &HeaderMap, path: &str) -> Option<String> {
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

/// `Retry-After` and `RateLimit-…`, as far as they go on to clients.
fn kept(headers: &HeaderMap, wait: Option<Duration>) -> Vec<(HeaderName, HeaderValue)> {
    let mut kept = Vec::new();
    for name in RATE_LIMIT {
        // Digits and little else: what could carry anything is left behind.
        let plain = |v: &&HeaderValue| {
            v.len() < 64 && v.as_bytes().iter().all(|b| b.is_ascii_graphic() || *b == b' ')
        };
        if let Some(value) = headers.get(name).filter(plain) {
            kept.push((HeaderName::from_static(name), value.clone()));
        }
    }
    kept.extend(wait.map(|wait| (header::RETRY_AFTER, HeaderValue::from(wait.as_secs()))));
    kept
}

/// Without a byte order mark.
fn unmarked(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
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
    (kind.ends_with("/json") || kind.ends_with("+json"))
        && unmarked(body).trim_ascii_start().starts_with(b"{")
}

/// Whether JSON is OCP's envelope: one of the names that only it has.
fn is_ocps(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Envelope {
        #[serde(default)]
        successful: Option<IgnoredAny>,
        #[serde(default, rename = "traceId")]
        trace_id: Option<IgnoredAny>,
    }
    serde_json::from_slice(unmarked(body))
        .is_ok_and(|envelope: Envelope| envelope.successful.is_some() || envelope.trace_id.is_some())
}

/// The code that OCP's error has, as it may stand in a log: it tells a wrong password from a signature that does not hold.
fn code_of(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Envelope {
        error: Refusal,
    }
    #[derive(Deserialize)]
    struct Refusal {
        code: serde_json::Value,
    }
    match serde_json::from_slice::<Envelope>(unmarked(body))
        .ok()?
        .error
        .code
    {
        serde_json::Value::String(code) => Some(shown(&code)),
        serde_json::Value::Number(code) => Some(code.to_string()),
        _ => None,
    }
}

/// How long the upstream wants to be left alone. OCP documents `RateLimit-Reset`; what stands in between may say
/// `Retry-After`, in seconds or as a date.
fn wait(headers: &HeaderMap, limited: bool) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).map(str::trim);
    // More than a number holds is long, not nothing.
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
#[path = "verdict/tests.rs"]
mod tests;
