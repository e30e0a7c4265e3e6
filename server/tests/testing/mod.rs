//! What the integration tests share: the demo and the gateway as servers of a test, an OCP that answers as
//! the test says, the binary as a process, and one HTTP client.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    unreachable_pub
)]

pub mod client;
#[cfg(feature = "demo")]
pub mod demo;
#[cfg(feature = "gateway")]
pub mod gateway;
#[cfg(feature = "gateway")]
pub mod ocp;
pub mod process;
pub mod thread;
#[cfg(feature = "gateway")]
pub mod tls_ocp;

use std::time::Duration;

pub const AK: &str = "planted-access-key-id";
pub const SK: &str = "planted-access-key-secret";
pub const KEYS: [(&str, &str); 2] = [("OCP_ACCESS_KEY_ID", AK), ("OCP_ACCESS_KEY_SECRET", SK)];
pub const PATH: &str = "/api/v2/ob/clusters/1000005/backup/task/restoreTasks?page=1&size=20";

/// Repeats until it is true, for what takes a moment.
pub fn eventually(what: &str, ask: impl FnMut() -> bool) {
    within(Duration::from_secs(30), what, ask);
}

/// The same with another limit.
pub fn within(limit: Duration, what: &str, mut ask: impl FnMut() -> bool) {
    let start = std::time::Instant::now();
    while !ask() {
        assert!(start.elapsed() < limit, "{what}: not within {limit:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
