//! The log line of the start: the settings, so that a reader of the log knows which rule protected OCP. It
//! names where a secret is used, but contains none.

use std::net::SocketAddr;

use super::access::Access;
use super::credentials::Credentials;
use super::settings::Settings;

/// The settings, in the words of the log.
#[derive(Debug)]
pub(super) struct StartupLog {
    upstream: String,
    auth: &'static str,
    access: String,
    hosts: String,
    ca: String,
}

impl StartupLog {
    pub(super) fn of(settings: &Settings) -> Self {
        let none: &[String] = &[];
        let (access, hosts) = match &settings.access {
            Access::Local { names } => ("none: loopback only".to_owned(), names.as_slice()),
            Access::Token(_) => ("token".to_owned(), none),
            Access::Header { name, names } => (format!("header {name}"), names.as_slice()),
        };
        Self {
            upstream: format!("{}://{}", settings.upstream.scheme, settings.upstream.host),
            auth: match &settings.credentials {
                Credentials::Basic { .. } => "basic",
                Credentials::Key { .. } => "ak-sk",
                Credentials::Session { .. } => "session",
            },
            access,
            hosts: hosts.join(" "),
            ca: match &settings.ca {
                Some(path) => format!("the system's and {}", path.display()),
                None => "the system's".to_owned(),
            },
        }
    }

    pub(super) fn write(&self, listen: SocketAddr) {
        let version = env!("CARGO_PKG_VERSION");
        let Self {
            upstream,
            auth,
            access,
            hosts,
            ca,
        } = self;
        tracing::info!(version, %listen, upstream, auth, access, hosts, ca, "started");
    }
}
