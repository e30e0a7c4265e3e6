//! What can stop the server from starting or serving, worded for the person who started it.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::gateway::GatewayError;
use crate::secrets::SecretError;

/// Why the server did not start, or ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The address can't be understood or resolved.
    #[error("--listen {given}: not an address such as 127.0.0.1:8080 ({source})")]
    Address {
        /// What was given.
        given: String,
        /// What the resolver said.
        source: std::io::Error,
    },
    /// Listening beyond loopback would show the data to anyone on the network.
    #[error(
        "--listen {0}: refused. This server has no access rule, so it listens on loopback only: use 127.0.0.1, [::1] or localhost"
    )]
    BeyondLoopback(SocketAddr),
    /// The port is taken, or may not be used.
    #[error("can't listen on {address}: {source}")]
    Bind {
        /// The address tried.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// A secret is missing or can't be used.
    #[error("{0}")]
    Secret(#[from] SecretError),
    /// The gateway can't start as it was told to.
    #[error("{0}")]
    Gateway(#[from] GatewayError),
    /// The database file can't be used.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The system refused threads, signals or standard output.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Why the database said no.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file belongs to another program.
    #[error(
        "--db {0}: this is no database of this server (another program's, or no SQLite file); name another file"
    )]
    Foreign(PathBuf),
    /// The file was made by another version of this server.
    #[error(
        "--db {path}: made by another version of this server (layout {found}, wanted {wanted}); delete it and start again"
    )]
    Layout {
        /// The file.
        path: PathBuf,
        /// Its layout.
        found: i64,
        /// Ours.
        wanted: i64,
    },
    /// Anything else that SQLite reports.
    #[error("database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// Another thread died while it held the database.
    #[error("database: left locked by a failed thread")]
    Poisoned,
}
