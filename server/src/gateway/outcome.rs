//! What a request to OCP told about OCP, and what follows for the next ones: the values that the other
//! modules pass to each other.

use std::time::Duration;

use ring::rand::{SecureRandom, SystemRandom};

/// The result of a request to OCP.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Outcome {
    /// It answered and accepted the credentials.
    Answered,
    /// It answered, but the answer says nothing about the credentials: an error of its own, or not an answer
    /// of OCP.
    Odd,
    /// Status 429: it wants fewer requests for a while, from this identity or from everyone.
    Limited { wait: Duration, everyone: bool },
    /// Status 503: it wants no requests for a while.
    Unavailable { wait: Duration },
    /// It refuses the gateway's own account.
    Refused,
    /// No connection.
    Unreachable,
    /// A connection, but no complete answer of OCP.
    Broken,
    /// It was not asked, for a reason on this side.
    Unasked,
}

/// Why OCP may not be asked now.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Blocked {
    /// It asked to wait: the seconds that are left.
    Limited(u64),
    Unavailable(u64),
    /// It is down: the seconds until the next try.
    Down(u64),
    /// It refused the gateway's own account: the seconds until the next try.
    Refused(u64),
}

/// What is known about OCP.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Health {
    Unknown,
    Up,
    Down,
}

/// One to five seconds for `Retry-After`, at random, so that clients that are turned away do not all return
/// at once.
pub(super) fn random_wait() -> u64 {
    let mut byte = [0];
    // Without randomness they do; the number of requests to OCP is limited anyway.
    let _ = SystemRandom::new().fill(&mut byte);
    1 + u64::from(byte[0] % 5)
}
