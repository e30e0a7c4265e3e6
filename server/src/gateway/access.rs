//! Who may use the gateway: on loopback anyone on this machine, otherwise whoever has the token or comes
//! through the proxy.
//!
//! It returns yes, or a reason for no. It imports nothing of OCP and its accounts.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use super::error::GatewayError;
use crate::http::secrets::equal;

/// The length of the shortest token, in characters.
const MIN_TOKEN_LENGTH: usize = 16;
/// Headers that any client sends, or that every proxy sets, whether the user has signed in or not: as a rule
/// they would let everyone in.
const COMMON: [&str; 34] = [
    "authorization",
    "cache-control",
    "connection",
    "cookie",
    "date",
    "dnt",
    "expect",
    "forwarded",
    "from",
    "host",
    "keep-alive",
    "last-event-id",
    "max-forwards",
    "origin",
    "pragma",
    "priority",
    "purpose",
    "range",
    "referer",
    "save-data",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "upgrade-insecure-requests",
    "user-agent",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-real-ip",
    "x-requested-with",
];
const COMMON_PREFIXES: [&str; 7] = [
    "accept",
    "access-control-",
    "content-",
    "if-",
    "proxy-",
    "sec-",
    "x-forwarded-prefix",
];

/// The access rule.
#[derive(Clone, Debug)]
pub(super) enum Access {
    /// No credentials, so the request must use a host name of this machine. Otherwise any web page could
    /// point its own name at 127.0.0.1 and read the answers ("DNS rebinding").
    Local { names: Vec<String> },
    /// As a bearer token, or as the password of HTTP Basic, for which a browser asks its user.
    Token(SecretString),
    /// A header that a proxy sets, and that the proxy must remove from outside requests. The request must
    /// also use one of the names: a web page that points its own name at this machine could set the header,
    /// too.
    Header { name: HeaderName, names: Vec<String> },
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Refusal {
    /// The host name is not allowed.
    Name,
    /// No token, or a wrong one.
    Token,
    /// Not through the proxy.
    Header,
}

impl Access {
    /// The rule for this address, or an error if it would not be safe.
    pub(super) fn choose(
        token: Option<SecretString>,
        header: Option<HeaderName>,
        names: Vec<String>,
        listen: SocketAddr,
    ) -> Result<Self, GatewayError> {
        Ok(match (token, header) {
            (Some(_), Some(_)) => return Err(GatewayError::TwoAccessRules),
            (Some(token), None) if token.expose_secret().chars().count() < MIN_TOKEN_LENGTH => {
                return Err(GatewayError::ShortToken);
            }
            (Some(_), None) if !names.is_empty() => return Err(GatewayError::HostWithToken),
            (Some(token), None) => Self::Token(token),
            (None, Some(_)) if names.is_empty() => return Err(GatewayError::HeaderWithoutHost),
            (None, Some(name)) => Self::Header { name, names },
            (None, None) if listen.ip().is_loopback() => Self::Local { names },
            (None, None) => return Err(GatewayError::NoAccessRule(listen)),
        })
    }

    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        match self {
            Self::Local { names } => host_is_allowed(headers, names).then_some(()).ok_or(Refusal::Name),
            Self::Token(token) => {
                let mut given = headers.get_all(header::AUTHORIZATION).iter();
                let fine = match (given.next().and_then(|value| value.to_str().ok()), given.next()) {
                    (Some(value), None) => has_token(value, token),
                    _ => false,
                };
                fine.then_some(()).ok_or(Refusal::Token)
            }
            Self::Header { names, .. } if !host_is_allowed(headers, names) => Err(Refusal::Name),
            Self::Header { name, .. } => {
                let mut given = headers.get_all(name).iter();
                let fine = given
                    .next()
                    .is_some_and(|value| !value.as_bytes().trim_ascii().is_empty());
                // With two values, one may be the proxy's and the other the client's own.
                (fine && given.next().is_none())
                    .then_some(())
                    .ok_or(Refusal::Header)
            }
        }
    }
}

/// Parses the header of `--access-header`, which must be one that only a proxy sets.
pub(super) fn header_name(name: &str) -> Result<HeaderName, GatewayError> {
    let refuse = |why: &str| GatewayError::Option {
        name: "--access-header",
        why: why.to_owned(),
    };
    let name =
        HeaderName::try_from(name).map_err(|_| refuse("must be a header's name, such as X-Remote-User"))?;
    let text = name.as_str();
    if COMMON.contains(&text) || COMMON_PREFIXES.iter().any(|begin| text.starts_with(begin)) {
        return Err(refuse(
            "must be a header that only the proxy sets, such as X-Remote-User: this one comes with anyone's requests",
        ));
    }
    Ok(name)
}

/// Checks a name of `--host`. A port is refused: it is not compared, so such a name would never match.
pub(super) fn host_name(name: &str) -> Result<(), GatewayError> {
    let plain = |name: &str, more: &[u8]| {
        !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || more.contains(&b))
    };
    let address = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if address.map_or_else(|| plain(name, b"-._"), |address| plain(address, b":.")) {
        return Ok(());
    }
    let why = "must be a name alone, as in the page's address, without https://, port and path; an IPv6 address stands \
               in brackets";
    Err(GatewayError::Option {
        name: "--host",
        why: why.to_owned(),
    })
}

/// Whether the host name of the request is one of this machine, or one of the names.
fn host_is_allowed(headers: &HeaderMap, names: &[String]) -> bool {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    host.map(without_port)
        .is_some_and(|name| is_local(name) || names.iter().any(|known| known.eq_ignore_ascii_case(name)))
}

fn has_token(authorization: &str, token: &SecretString) -> bool {
    let token = token.expose_secret().as_bytes();
    let Some((scheme, rest)) = authorization.split_once(' ') else {
        return false;
    };
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return equal(token, rest.as_bytes());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return false;
    }
    let decoded = STANDARD.decode(rest).unwrap_or_default();
    // The user name does not matter, only the token.
    let colon = decoded.iter().position(|byte| *byte == b':');
    let password = colon.and_then(|at| decoded.get(at + 1..));
    password.is_some_and(|password| equal(token, password))
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port))
            if port.bytes().all(|b| b.is_ascii_digit()) && (!name.contains(':') || name.ends_with(']')) =>
        {
            name
        }
        _ => host,
    }
}

fn is_local(name: &str) -> bool {
    let address = name
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(name);
    name.eq_ignore_ascii_case("localhost") || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests;
