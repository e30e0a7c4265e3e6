//! Errors that can stop any mode from starting or serving, worded for the person who started it.

use std::net::SocketAddr;

use super::secrets::SecretError;

/// Why a mode did not start, or ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address can't be parsed or resolved.
    #[error("--listen {given}: not an address such as 127.0.0.1:8080 ({source})")]
    Address {
        /// The given text.
        given: String,
        /// The error of the resolver.
        source: std::io::Error,
    },
    /// The port is in use or not permitted.
    #[error("can't listen on {address}: {source}")]
    Bind {
        /// The address that was tried.
        address: SocketAddr,
        /// The error of the system.
        source: std::io::Error,
    },
    /// A secret is missing or can't be used.
    #[error("{0}")]
    Secret(#[from] SecretError),
    /// The system refused threads, signals or standard output.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}
