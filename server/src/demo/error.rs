//! Errors that stop the demo, worded for the person who started it.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::http::error::ServeError;
use crate::http::secrets::SecretError;

/// Why the demo did not start, or ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// An address beyond loopback would show the data to everybody on the network.
    #[error(
        "--listen {0}: refused. This server has no access rule, so it listens on loopback only: use 127.0.0.1, [::1] or localhost"
    )]
    BeyondLoopback(SocketAddr),
    /// `--require-auth` without any credentials.
    #[error(
        "--require-auth: set OCP_ACCESS_KEY_ID and OCP_ACCESS_KEY_SECRET, or OCP_USERNAME and OCP_PASSWORD, \
         in the environment (each also as ..._FILE): they are what a request must prove to know"
    )]
    NothingRequired,
    /// The database file can't be used.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// What can stop any mode.
    #[error("{0}")]
    Serve(#[from] ServeError),
}

impl From<SecretError> for DemoError {
    fn from(error: SecretError) -> Self {
        Self::Serve(error.into())
    }
}

impl From<std::io::Error> for DemoError {
    fn from(error: std::io::Error) -> Self {
        Self::Serve(error.into())
    }
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
