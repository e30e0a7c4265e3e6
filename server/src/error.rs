//! Errors that stop the server from starting or serving, worded for the person who started it.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::gateway::GatewayError;
use crate::secrets::SecretError;

/// Why the server did not start, or ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The address can't be parsed or resolved.
    #[error("--listen {given}: not an address such as 127.0.0.1:8080 ({source})")]
    Address {
        /// The given text.
        given: String,
        /// The error of the resolver.
        source: std::io::Error,
    },
    /// An address beyond loopback would show the data to everybody on the network.
    #[error(
        "--listen {0}: refused. This server has no access rule, so it listens on loopback only: use 127.0.0.1, [::1] or localhost"
    )]
    BeyondLoopback(SocketAddr),
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
    /// The gateway can't start with these settings.
    #[error("{0}")]
    Gateway(#[from] GatewayError),
    /// The database file can't be used.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The system refused threads, signals or standard output.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Why the database can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file belongs to another program.
    #[error(
        "--db {0}: this is no database of this server (another program's, or no SQLite file); name another file"
    )]
    Foreign(PathBuf),
    /// The file was created by another version of this server.
    #[error(
        "--db {path}: made by another version of this server (layout {found}, wanted {wanted}); delete it and start again"
    )]
    Layout {
        /// The file.
        path: PathBuf,
        /// The layout of the file.
        found: i64,
        /// The layout of this server.
        wanted: i64,
    },
    /// Any other error of SQLite.
    #[error("database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// Another thread panicked while it held the lock.
    #[error("database: left locked by a failed thread")]
    Poisoned,
}
