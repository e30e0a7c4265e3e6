//! How long and how much. Tests make them short; the one who runs a gateway can't, so that none is run without.

use std::time::Duration;

/// How long and how much; tests make them short.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Until a connection to the upstream stands, TLS included.
    pub connect: Duration,
    /// Until the upstream's headers are here.
    pub headers: Duration,
    /// Until its whole answer is here.
    pub whole: Duration,
    /// The largest body taken from the upstream.
    pub body: usize,
    /// What all answers that are read, kept and sent may take together.
    pub memory: usize,
    /// Until a request that waits for its turn is told to come again.
    pub queue: Duration,
    /// The longest that the upstream's `Retry-After` is taken for.
    pub hold: Duration,
    /// Until an unreachable upstream is tried again, at first and at most.
    pub probe: (Duration, Duration),
    /// Until the gateway's refused account is tried again, at first and at most.
    pub refused: (Duration, Duration),
    /// After so many refusals in a row it is left alone for so long.
    pub lockout: (u32, Duration),
    /// From a request's first byte until its head is here.
    pub head: Duration,
    /// Until a connection that asks nothing is closed.
    pub idle: Duration,
    /// Until a client has taken its answer.
    pub write: Duration,
    /// How long answers under way may take to end after a signal.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let s = Duration::from_secs;
        Self {
            connect: s(5),
            headers: s(30),
            whole: s(120),
            body: 64 << 20,
            memory: 256 << 20,
            queue: s(10),
            hold: s(300),
            probe: (Duration::from_millis(250), s(5)),
            refused: (s(10), s(300)),
            // OCP locks a client for 30 min after 20 failures (`ocp.iam.login.max-attempts`). Well before that this
            // gateway falls silent for longer than OCP remembers.
            lockout: (8, s(35 * 60)),
            head: s(10),
            idle: s(75),
            write: s(120),
            grace: s(10),
        }
    }
}
