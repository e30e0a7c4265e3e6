//! What the routes of the faults share.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use axum::Router;

use super::log::Log;
use super::pending::Pending;

/// The server that is wrapped, and what tests asked for.
#[derive(Debug)]
pub(super) struct FaultState {
    pub(super) inner: Router,
    pub(super) pending: Pending,
    /// How far the clock is shifted from the true time, in milliseconds, so that it follows the fake clock of
    /// a test.
    pub(super) offset_ms: AtomicI64,
    pub(super) log: Arc<Log>,
}
