//! Fixed time-outs and sizes. They are no options; tests shorten them. The cache has its own limits in `flight.rs`, and
//! how long an answer is shared is an option (`settings.rs`).

use std::time::Duration;

/// Time-outs and sizes; tests shorten them.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Time for a connection to OCP, TLS included.
    pub connect: Duration,
    /// Time until OCP's headers are here.
    pub ocp_headers: Duration,
    /// Time until OCP's whole answer is here.
    pub ocp_answer: Duration,
    /// The largest body of OCP, in bytes.
    pub ocp_body: usize,
    /// The memory of all answers that are read, cached and sent, in bytes.
    pub memory: usize,
    /// Time until a request that waits for its turn is refused.
    pub queue: Duration,
    /// The longest `Retry-After` of OCP that is respected.
    pub longest_retry_after: Duration,
    /// Time until an unreachable OCP is tried again: the first one and the longest.
    pub retry_unreachable: (Duration, Duration),
    /// Time until the refused account is tried again: the first one and the longest.
    pub retry_refused: (Duration, Duration),
    /// After this many refusals in a row, the account is not used for this long.
    pub lockout: (u32, Duration),
    /// Time from a request's first byte until its head is complete.
    pub client_head: Duration,
    /// Time until a connection without requests is closed.
    pub idle: Duration,
    /// Time for a client to receive its answer.
    pub write: Duration,
    /// Time for answers to complete after a signal.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let s = Duration::from_secs;
        Self {
            connect: s(5),
            ocp_headers: s(30),
            ocp_answer: s(120),
            ocp_body: 64 << 20,
            memory: 256 << 20,
            queue: s(10),
            longest_retry_after: s(300),
            retry_unreachable: (Duration::from_millis(250), s(5)),
            retry_refused: (s(10), s(300)),
            // OCP locks a client for 30 min after 20 failures (`ocp.iam.login.max-attempts`). Well before
            // that the gateway stops for longer than OCP remembers failures.
            lockout: (8, s(35 * 60)),
            client_head: s(10),
            idle: s(75),
            write: s(120),
            grace: s(10),
        }
    }
}
