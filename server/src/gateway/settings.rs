//! The settings of the gateway: what all options and secrets together mean, or the reason why they can't be
//! used.
//!
//! Everything that can be wrong is found here, before anything listens. It does not use the network.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::access::{Access, header_name};
use super::args::{Auth, GatewayArgs};
use super::credentials::Credentials;
use super::error::GatewayError;
use super::limits::Limits;
use super::upstream_url::UpstreamUrl;
use crate::http::address::resolve;
use crate::http::log::LogFormat;
use crate::http::secrets::{self, Environment};

/// The settings of the gateway, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    pub(super) listen: SocketAddr,
    pub(super) upstream: UpstreamUrl,
    pub(super) credentials: Credentials,
    pub(super) access: Access,
    pub(super) dist: Option<PathBuf>,
    pub(super) ca: Option<PathBuf>,
    /// How long an answer is shared (`--cache`).
    pub(super) cache_time: Duration,
    pub(super) max_upstream: usize,
    pub(super) max_connections: usize,
    pub(super) log: LogFormat,
    /// Time-outs and sizes.
    pub limits: Limits,
}

impl Settings {
    /// Reads the secrets, and checks everything. `args` include those of the file.
    ///
    /// # Errors
    /// When something is missing, contradictory or unsafe.
    pub fn read(args: GatewayArgs, env: Environment<'_>) -> Result<Self, GatewayError> {
        args.check()?;
        let upstream = args
            .upstream
            .as_deref()
            .ok_or(GatewayError::Needed("--upstream URL"))?;
        let upstream = UpstreamUrl::parse(upstream)?;
        let auth = args
            .auth
            .ok_or(GatewayError::Needed("--auth basic|ak-sk|session"))?;
        if auth != Auth::Session && !args.session_cookie.is_empty() {
            return Err(GatewayError::CookieWithoutSession);
        }
        let credentials = Credentials::read(auth, args.session_cookie, env)?;
        let listen = resolve(args.listen.as_deref().unwrap_or("127.0.0.1:8080"))?;
        let header = args.access_header.as_deref().map(header_name).transpose()?;
        let token = secrets::optional(env, "OBRT_ACCESS_TOKEN")?;
        let access = Access::choose(token, header, args.host, listen)?;
        Ok(Self {
            listen,
            upstream,
            credentials,
            access,
            dist: args.dist,
            ca: args.ca,
            cache_time: Duration::from_secs(args.cache.unwrap_or(1)),
            max_upstream: args.max_upstream.unwrap_or(8),
            max_connections: args.max_connections.unwrap_or(4096),
            log: args.log.unwrap_or_default(),
            limits: Limits::default(),
        })
    }
}

#[cfg(test)]
mod tests;
