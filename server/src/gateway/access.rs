//! Who may ask the gateway: on loopback anyone on this machine, elsewhere who has the token or came through the proxy.
//!
//! It says yes or no, and in which words; it knows nothing of OCP and its accounts.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::error::GatewayError;
use crate::auth::same;
use crate::secrets::Secret;

/// The shortest token.
const SHORTEST: usize = 16;

/// The rule.
#[derive(Clone, Debug)]
pub(crate) enum Access {
    /// Nobody is asked who they are, so they must ask by a name that means this machine. Otherwise any web page could
    /// point a name of its own at 127.0.0.1 and read along ("DNS rebinding").
    Local { names: Vec<String> },
    /// As a bearer's, or as the password of HTTP Basic, which a browser asks its person for.
    Token(Secret),
    /// Set by a proxy, which must take it out of what comes from outside. With names, the proxy must ask by one of them:
    /// a web page that points its own name at this machine could set the header, too.
    Header { name: HeaderName, names: Vec<String> },
}

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Refusal {
    /// Asked by a name that isn't this machine's.
    Name,
    /// No token, or another.
    Token,
    /// Not through the proxy.
    Header,
}

impl Access {
    /// The rule for this address, if there is a safe one.
    pub(super) fn choose(
        token: Option<Secret>,
        header: Option<HeaderName>,
        names: Vec<String>,
        listen: SocketAddr,
    ) -> Result<Self, GatewayError> {
        Ok(match (token, header) {
            (Some(_), Some(_)) => return Err(GatewayError::TwoAccessRules),
            (Some(token), None) if token.reveal().chars().count() < SHORTEST => {
                return Err(GatewayError::ShortToken);
            }
            (Some(_), None) if !names.is_empty() => return Err(GatewayError::HostWithToken),
            (Some(token), None) => Self::Token(token),
            (None, Some(name)) => Self::Header { name, names },
            (None, None) if listen.ip().is_loopback() => Self::Local { names },
            (None, None) => return Err(GatewayError::NoAccessRule(listen)),
        })
    }

    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        match self {
            Self::Local { names } => asked_by(headers, names).then_some(()).ok_or(Refusal::Name),
            Self::Token(token) => {
                let mut given = headers.get_all(header::AUTHORIZATION).iter();
                let fine = match (given.next().and_then(|value| value.to_str().ok()), given.next()) {
                    (Some(value), None) => brings(value, token),
                    _ => false,
                };
                fine.then_some(()).ok_or(Refusal::Token)
            }
            Self::Header { names, .. } if !names.is_empty() && !asked_by(headers, names) => {
                Err(Refusal::Name)
            }
            Self::Header { name, .. } => {
                let mut given = headers.get_all(name).iter();
                let fine = given
                    .next()
                    .is_some_and(|value| !value.as_bytes().trim_ascii().is_empty());
                // Two of them: one may be the proxy's, the other somebody's own.
                (fine && given.next().is_none())
                    .then_some(())
                    .ok_or(Refusal::Header)
            }
        }
    }
}

/// Whether the request is for this machine, or for one of the names.
fn asked_by(headers: &HeaderMap, names: &[String]) -> bool {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    host.map(without_port)
        .is_some_and(|name| is_local(name) || names.iter().any(|known| known.eq_ignore_ascii_case(name)))
}

fn brings(authorization: &str, token: &Secret) -> bool {
    let token = token.reveal().as_bytes();
    let Some((scheme, rest)) = authorization.split_once(' ') else {
        return false;
    };
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return same(token, rest.as_bytes());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return false;
    }
    let decoded = STANDARD.decode(rest).unwrap_or_default();
    // Whatever name goes with it: the token says it all.
    let colon = decoded.iter().position(|byte| *byte == b':');
    let password = colon.and_then(|at| decoded.get(at + 1..));
    password.is_some_and(|password| same(token, password))
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
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn headers(list: &[(HeaderName, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in list {
            map.append(name, value.parse().unwrap());
        }
        map
    }

    #[test]
    fn without_a_rule_only_this_machines_names_will_do() {
        let access = Access::Local {
            names: vec!["ocp.example".to_owned()],
        };
        for host in [
            "localhost",
            "LOCALHOST:8080",
            "127.0.0.1",
            "127.0.0.1:8080",
            "127.9.9.9:1",
            "[::1]",
            "[::1]:80",
            "ocp.example",
            "OCP.example:8443",
        ] {
            assert_eq!(access.check(&headers(&[(header::HOST, host)])), Ok(()), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:8080",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "10.0.0.1",
            "",
            ":80",
            "[::2]",
            "ocp.example.evil.example",
            "127.0.0.1:8080:80",
            "localhost:x",
        ] {
            assert_eq!(
                access.check(&headers(&[(header::HOST, host)])),
                Err(Refusal::Name),
                "{host}"
            );
        }
        assert_eq!(access.check(&HeaderMap::new()), Err(Refusal::Name));
    }

    #[test]
    fn the_token_as_bearer_or_as_password() {
        let access = Access::Token(Secret::new("0123456789abcdef"));
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        for value in [
            "Bearer 0123456789abcdef".to_owned(),
            "bearer 0123456789abcdef".to_owned(),
            basic(":0123456789abcdef"),
            basic("anyone:0123456789abcdef"),
        ] {
            assert_eq!(
                access.check(&headers(&[(header::AUTHORIZATION, &value)])),
                Ok(()),
                "{value}"
            );
        }
        for value in [
            "0123456789abcdef".to_owned(),
            "Bearer 0123456789abcde".to_owned(),
            "Bearer ".to_owned(),
            "Bearer".to_owned(),
            basic("0123456789abcdef"),
            basic("0123456789abcdef:"),
            "Basic ?".to_owned(),
            "Digest 0123456789abcdef".to_owned(),
        ] {
            assert_eq!(
                access.check(&headers(&[(header::AUTHORIZATION, &value)])),
                Err(Refusal::Token),
                "{value}"
            );
        }
        let twice = [
            (header::AUTHORIZATION, "Bearer 0123456789abcdef"),
            (header::AUTHORIZATION, "Bearer x"),
        ];
        assert_eq!(access.check(&headers(&twice)), Err(Refusal::Token));
    }

    #[test]
    fn the_proxys_header_once_and_with_something_in_it() {
        let name = HeaderName::from_static("x-user");
        let names = Vec::new();
        let access = Access::Header {
            name: name.clone(),
            names,
        };
        assert_eq!(access.check(&headers(&[(name.clone(), "me")])), Ok(()));
        for list in [
            vec![],
            vec![(name.clone(), "")],
            vec![(name.clone(), " ")],
            vec![(name.clone(), "a"), (name, "b")],
        ] {
            assert_eq!(access.check(&headers(&list)), Err(Refusal::Header), "{list:?}");
        }
    }

    #[test]
    fn the_proxys_header_by_the_proxys_name() {
        let name = HeaderName::from_static("x-user");
        let names = vec!["tasks.example".to_owned()];
        let access = Access::Header {
            name: name.clone(),
            names,
        };
        for (host, wanted) in [
            ("tasks.example", Ok(())),
            ("127.0.0.1:80", Ok(())),
            ("evil.example", Err(Refusal::Name)),
        ] {
            assert_eq!(
                access.check(&headers(&[(name.clone(), "me"), (header::HOST, host)])),
                wanted,
                "{host}"
            );
        }
    }

    #[test]
    fn beyond_loopback_there_must_be_a_rule() {
        let outside = "0.0.0.0:80".parse().unwrap();
        let inside = "127.0.0.1:80".parse().unwrap();
        let token = || Some(Secret::new("0123456789abcdef"));
        let header = || Some(HeaderName::from_static("x-user"));
        assert!(matches!(
            Access::choose(None, None, vec![], outside),
            Err(GatewayError::NoAccessRule(_))
        ));
        assert!(matches!(
            Access::choose(None, None, vec![], inside),
            Ok(Access::Local { .. })
        ));
        for address in [inside, outside] {
            assert!(matches!(
                Access::choose(token(), None, vec![], address),
                Ok(Access::Token(_))
            ));
            assert!(matches!(
                Access::choose(None, header(), vec![], address),
                Ok(Access::Header { .. })
            ));
            assert!(matches!(
                Access::choose(token(), header(), vec![], address),
                Err(GatewayError::TwoAccessRules)
            ));
        }
        let short = Some(Secret::new("0123456789abcde"));
        assert!(matches!(
            Access::choose(short, None, vec![], inside),
            Err(GatewayError::ShortToken)
        ));
        let names = vec!["x".to_owned()];
        assert!(matches!(
            Access::choose(token(), None, names, inside),
            Err(GatewayError::HostWithToken)
        ));
    }
}
