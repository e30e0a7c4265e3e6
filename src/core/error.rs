//! The failures that can happen between the page and OCP, as types.
//!
//! The texts that a person reads are in [`i18n`](super::i18n). Here is only what decides: the code that
//! the host sees in `obrt-error`, and whether the request may be tried again.

use std::fmt;

/// The kinds of failure, named as in `obrt-error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// An attribute or property holds a value that cannot be used.
    Config,
    /// No answer: the connection was refused, reset, blocked, or the browser is offline.
    Network,
    /// No headers after 30 s, or the answer had not ended after 120 s.
    Timeout,
    /// An HTTP status without a more specific kind.
    Http,
    /// Not signed in: status 401, or a login page in place of JSON.
    Auth,
    /// Signed in, but without permission to read this cluster's backups: status 403.
    Permission,
    /// Too many requests: status 429.
    RateLimit,
    /// OCP's envelope says that the request failed.
    Api,
    /// The body is not the documented envelope.
    Decode,
    /// The body is over 64 MiB.
    TooLarge,
    /// The widget itself could not start or continue.
    Runtime,
}

impl Code {
    /// The name in events.
    pub fn name(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Http => "http",
            Self::Auth => "auth",
            Self::Permission => "permission",
            Self::RateLimit => "rate-limit",
            Self::Api => "api",
            Self::Decode => "decode",
            Self::TooLarge => "too-large",
            Self::Runtime => "runtime",
        }
    }
}

/// A failure and all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The kind.
    pub code: Code,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// What the server or the decoder said, unchanged; may be empty.
    pub message: String,
    /// OCP's own error code, such as `IAM11000`.
    pub api_code: Option<String>,
    /// The trace id of the request, to find it in OCP's log.
    pub trace_id: Option<String>,
    /// The HTML name of the attribute or property that is wrong.
    pub attribute: Option<&'static str>,
    /// The seconds that the server asks to wait (`Retry-After`).
    pub retry_after: Option<u64>,
}

impl Error {
    /// A failure of this kind with this message.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            status: None,
            message: message.into(),
            api_code: None,
            trace_id: None,
            attribute: None,
            retry_after: None,
        }
    }

    /// A value that cannot be used, and the attribute or property that holds it.
    pub fn config(attribute: &'static str, message: impl Into<String>) -> Self {
        Self {
            attribute: Some(attribute),
            ..Self::new(Code::Config, message)
        }
    }

    /// The failure for an HTTP status.
    pub fn http(status: u16) -> Self {
        let code = match status {
            401 => Code::Auth,
            403 => Code::Permission,
            429 => Code::RateLimit,
            _ => Code::Http,
        };
        Self {
            status: Some(status),
            ..Self::new(code, "")
        }
    }

    /// The kind's name.
    pub fn code(&self) -> &'static str {
        self.code.name()
    }

    /// Whether the same request may succeed a moment later, so that it is tried again automatically.
    pub fn is_retryable(&self) -> bool {
        match self.code {
            Code::Network | Code::Timeout => true,
            _ => matches!(self.status, Some(429 | 502 | 503 | 504)),
        }
    }
}

/// The seconds that a `Retry-After` asks to wait. It is a number or a date; `until` returns the seconds
/// from now to a date. `None` if it is neither.
#[inline(never)]
pub fn wait_of(text: &str, until: fn(&str) -> f64) -> Option<u64> {
    let text = text.trim();
    match text.bytes().next()? {
        // A number that overflows is a long wait in any case.
        b'0'..=b'9' if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(text.parse().unwrap_or(u64::MAX))
        }
        // Dates begin with the day of the week. Browsers parse nearly anything else as a date as well,
        // for example "-5" as May 2001. The local clock may be a day off, so a date counts as a hint of
        // less than a minute.
        byte if byte.is_ascii_alphabetic() => Some(until(text))
            .filter(|seconds| !seconds.is_nan())
            .map(|seconds| seconds.clamp(0.0, 59.0) as u64),
        _ => None,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code())?;
        if let Some(attribute) = self.attribute {
            write!(f, " ({attribute})")?;
        }
        if let Some(status) = self.status {
            write!(f, " {status}")?;
        }
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
