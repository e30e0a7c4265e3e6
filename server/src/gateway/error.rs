//! Why a gateway does not start, worded for the person who started it. No text repeats a secret.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the gateway does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GatewayError {
    /// An option that has no default.
    #[error("gateway needs {0}, on the command line or in the file that --config names; see gateway --help")]
    Needed(&'static str),
    /// A value that can't be used.
    #[error("{name}: {why}")]
    Option {
        /// The option.
        name: &'static str,
        /// What is wrong.
        why: String,
    },
    /// The upstream's address can't be used. It isn't repeated here.
    #[error("--upstream: the address {why}")]
    Upstream {
        /// What is wrong.
        why: &'static str,
    },
    /// The configuration file can't be used.
    #[error("--config {}: {why}", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The option says nothing without its mode.
    #[error("--session-cookie goes with --auth session only")]
    CookieWithoutSession,
    /// A certificate file can't be used.
    #[error("--ca {}: {why}", path.display())]
    Ca {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// TLS can't be had at all.
    #[error("TLS can't be set up: {0}")]
    Tls(String),
    /// Anyone on the network could read what OCP shows the gateway.
    #[error(
        "--listen {0}: refused, since anyone who reaches that address could read what OCP shows this gateway. \
         Ask for a token (OBRT_ACCESS_TOKEN or OBRT_ACCESS_TOKEN_FILE in the environment), or let a proxy sign people \
         in and name the header that it sets (--access-header NAME), or listen on 127.0.0.1"
    )]
    NoAccessRule(SocketAddr),
    /// Two rules.
    #[error("--access-header and OBRT_ACCESS_TOKEN are both set: choose one")]
    TwoAccessRules,
    /// A name that points at this machine is anybody's to make.
    #[error(
        "--access-header needs --host NAME, the name that the proxy asks by: otherwise any web page could point a name of \
         its own at this gateway and set the header itself"
    )]
    HeaderWithoutHost,
    /// Too easy to guess.
    #[error("OBRT_ACCESS_TOKEN: must have at least 16 characters; `openssl rand -hex 24` makes a good one")]
    ShortToken,
    /// The option says nothing with a token.
    #[error("--host goes without OBRT_ACCESS_TOKEN only: who has the token may ask by any name")]
    HostWithToken,
}
