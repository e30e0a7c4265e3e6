//! The address of OCP.

use std::net::IpAddr;

use axum::http::Uri;

use super::error::GatewayError;

/// The parts of OCP's address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct UpstreamUrl {
    /// `https` or `http`.
    pub(super) scheme: &'static str,
    /// Name and port, as in `Host`: without the port if it is the default of the scheme.
    pub(super) host: String,
    /// Whether it is this machine.
    pub(super) loopback: bool,
}

impl UpstreamUrl {
    /// Parses the address of `--upstream`.
    ///
    /// # Errors
    /// When it is no address, or has more than scheme, name and port. They do not repeat it: it may contain a
    /// password.
    pub(super) fn parse(text: &str) -> Result<Self, GatewayError> {
        let refuse = |why| GatewayError::Upstream { why };
        let form = "is no address such as https://ocp.example.com:8080";
        // Checked first, because an error of the parser might repeat it.
        if text.contains('@') {
            return Err(refuse(
                "has a user or password in it; those go into OCP_USERNAME and OCP_PASSWORD (with --auth basic)",
            ));
        }
        let uri: Uri = text.parse().map_err(|_| refuse(form))?;
        let (scheme, own_port) = match uri.scheme_str() {
            Some("https") => ("https", 443),
            Some("http") => ("http", 80),
            _ => return Err(refuse("must begin with https:// or http://")),
        };
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(refuse(
                "must end after the port: the gateway adds the path itself",
            ));
        }
        let authority = uri.authority().ok_or_else(|| refuse(form))?;
        let name = authority.host();
        // The parser treats an invalid port as no port.
        if name.is_empty() || (authority.as_str() != name && authority.port_u16().is_none()) {
            return Err(refuse(form));
        }
        let host = match authority.port_u16() {
            Some(port) if port != own_port => format!("{name}:{port}"),
            _ => name.to_owned(),
        };
        let address = name.trim_start_matches('[').trim_end_matches(']');
        let loopback = name == "localhost" || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        Ok(Self {
            scheme,
            host,
            loopback,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn upstreams() {
        for (text, scheme, host, loopback) in [
            ("https://ocp:8080", "https", "ocp:8080", false),
            ("https://ocp.example.com/", "https", "ocp.example.com", false),
            ("https://ocp:443", "https", "ocp", false),
            ("http://ocp:443", "http", "ocp:443", false),
            ("http://127.0.0.1:80", "http", "127.0.0.1", true),
            ("http://[::1]:8080", "http", "[::1]:8080", true),
        ] {
            let host = host.to_owned();
            assert_eq!(
                UpstreamUrl::parse(text).unwrap(),
                UpstreamUrl {
                    scheme,
                    host,
                    loopback
                },
                "{text}"
            );
        }
        for (text, why) in [
            ("https://admin:planted@ocp:8080", "OCP_PASSWORD"),
            ("https://admin:pl anted@ocp", "OCP_PASSWORD"),
            ("https://planted@ocp", "OCP_PASSWORD"),
            ("ocp:8080", "https://"),
            ("ftp://ocp", "https://"),
            ("https://ocp/api", "end after the port"),
            ("https://ocp/?x=planted", "end after the port"),
            ("https://", "no address"),
            ("https://:8080", "no address"),
            ("https://ocp:99999", "no address"),
            ("", "no address"),
        ] {
            let error = UpstreamUrl::parse(text).unwrap_err().to_string();
            assert!(
                error.contains(why) && !error.contains("planted"),
                "{text}: {error}"
            );
        }
    }
}
