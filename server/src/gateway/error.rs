//! Why the gateway does not start, worded for the person who started it. No message repeats a secret.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::http::error::ServeError;
use crate::http::secrets::SecretError;

/// Why the gateway does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GatewayError {
    /// An option without a default is missing.
    #[error("gateway needs {0}, on the command line or in the file that --config names; see gateway --help")]
    Needed(&'static str),
    /// A value that can't be used.
    #[error("{name}: {why}")]
    Option {
        /// The option.
        name: &'static str,
        /// The reason.
        why: String,
    },
    /// OCP's address can't be used. The message does not repeat it.
    #[error("--upstream: the address {why}")]
    Upstream {
        /// The reason.
        why: &'static str,
    },
    /// The configuration file can't be used.
    #[error("--config {}: {why}", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: String,
    },
    /// The option has no effect in this mode.
    #[error("--session-cookie goes with --auth session only")]
    CookieWithoutSession,
    /// A certificate file can't be used.
    #[error("--ca {}: {why}", path.display())]
    Ca {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: String,
    },
    /// TLS can't be set up at all.
    #[error("TLS can't be set up: {0}")]
    Tls(String),
    /// Without an access rule, anyone on the network could read what OCP shows the gateway.
    #[error(
        "--listen {0}: refused, since anyone who reaches that address could read what OCP shows this gateway. \
         Ask for a token (OBRT_ACCESS_TOKEN or OBRT_ACCESS_TOKEN_FILE in the environment), or let a proxy sign people \
         in and name the header that it sets (--access-header NAME), or listen on 127.0.0.1"
    )]
    NoAccessRule(SocketAddr),
    /// Two access rules.
    #[error("--access-header and OBRT_ACCESS_TOKEN are both set: choose one")]
    TwoAccessRules,
    /// Anybody can create a name that points at this machine.
    #[error(
        "--access-header needs --host NAME, the name that the proxy asks by: otherwise any web page could point a name of \
         its own at this gateway and set the header itself"
    )]
    HeaderWithoutHost,
    /// The token is too easy to guess.
    #[error("OBRT_ACCESS_TOKEN: must have at least 16 characters; `openssl rand -hex 24` makes a good one")]
    ShortToken,
    /// The option has no effect with a token.
    #[error("--host goes without OBRT_ACCESS_TOKEN only: who has the token may ask by any name")]
    HostWithToken,
    /// What can stop any mode.
    #[error("{0}")]
    Serve(#[from] ServeError),
}

impl From<SecretError> for GatewayError {
    fn from(error: SecretError) -> Self {
        Self::Serve(error.into())
    }
}

impl From<std::io::Error> for GatewayError {
    fn from(error: std::io::Error) -> Self {
        Self::Serve(error.into())
    }
}
