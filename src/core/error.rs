//! What can go wrong between the page and OCP, typed, with what the person can do next.
//!
//! The texts that a person reads are in [`text`](super::text); here is only what decides: the code that the
//! host sees in `obrt-error`, and whether trying again may help.

use std::fmt;

/// The kinds of failure, by the names that `obrt-error` carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// An attribute or property holds a value that cannot be used.
    Config,
    /// No answer: refused, reset, offline, blocked.
    Network,
    /// No headers after 30 s, or not ended after 120 s.
    Timeout,
    /// An HTTP status that says nothing more than itself.
    Http,
    /// Not signed in: 401, or a login page where JSON was due.
    Auth,
    /// Signed in, but not allowed to read this cluster's backups.
    Permission,
    /// 429.
    RateLimit,
    /// OCP's own envelope says that the request failed.
    Api,
    /// The body is not the documented envelope.
    Decode,
    /// The body is over the cap.
    TooLarge,
    /// The widget itself could not start or go on.
    Runtime,
}

impl Code {
    /// The name in events and in the contract.
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

/// One failure, with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Its kind.
    pub code: Code,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// What the server or the decoder said, raw; may be empty.
    pub message: String,
    /// OCP's own error code, such as `IAM11000`.
    pub api_code: Option<String>,
    /// The trace id of the request, for OCP's log.
    pub trace_id: Option<String>,
    /// The attribute that is wrong, by its HTML name.
    pub attribute: Option<&'static str>,
    /// Seconds that the server asks to wait.
    pub retry_after: Option<u64>,
}

impl Error {
    /// A failure of a kind, with what was said.
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

    /// A value that cannot be used, and the attribute it stands in.
    pub fn config(attribute: &'static str, message: impl Into<String>) -> Self {
        Self {
            attribute: Some(attribute),
            ..Self::new(Code::Config, message)
        }
    }

    /// The failure that an HTTP status stands for.
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

    /// The code's name.
    pub fn code(&self) -> &'static str {
        self.code.name()
    }

    /// Whether the same request may work a moment later, so that it is tried again by itself.
    pub fn is_retryable(&self) -> bool {
        match self.code {
            Code::Network | Code::Timeout => true,
            _ => matches!(self.status, Some(429 | 502 | 503 | 504)),
        }
    }
}

/// Seconds of a `Retry-After`: a number, or a date, of which `until` says how many seconds it is away.
#[inline(never)]
pub fn wait_of(text: &str, until: fn(&str) -> f64) -> Option<u64> {
    let text = text.trim();
    match text.bytes().next()? {
        // More than a number can hold is long in any case.
        b'0'..=b'9' if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(text.parse().unwrap_or(u64::MAX))
        }
        // Dates begin with the day of the week. A browser takes nearly anything else for one as well, "-5" for May 2001.
        // Against a clock that may be a day off, a date is no more than a hint of less than a minute.
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
