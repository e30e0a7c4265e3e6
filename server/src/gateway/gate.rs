//! Whether the upstream may be asked just now: not while it asked for peace, not while it is down (but for one try at
//! a time), not while it refuses the gateway's own account.
//!
//! It only knows what it is told of earlier answers, and the clock.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ring::rand::{SecureRandom, SystemRandom};

use super::inbound::Identity;
use super::limits::Limits;

/// So many answers that broke off or timed out, one after the other, make the upstream one that is down. A refused
/// connection does so at once.
const BROKEN_ANSWERS: u32 = 3;
/// Identities whose wait is remembered.
const HELD: usize = 10_000;

/// What the upstream turned out to be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// It answered, and nothing stands against asking again.
    Answered,
    /// It answered that it wants to be left alone for a while: this identity (429), or everyone (503).
    Busy { wait: Duration, everyone: bool },
    /// It does not accept the gateway's own account.
    Refused,
    /// No connection.
    Unreachable,
    /// A connection, and no whole answer.
    Broken,
}

/// Why the upstream isn't asked now.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Closed {
    /// It asked for peace: seconds that are left.
    Limited(u64),
    Unavailable(u64),
    /// It is down; when to come again.
    Down(u64),
    /// It refused the gateway's own account: seconds until that is tried again.
    Refused(u64),
}

/// What is known of the upstream.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Health {
    Unknown,
    Up,
    Down,
}

#[derive(Debug, Default)]
struct State {
    asked: bool,
    limited: HashMap<Identity, Instant>,
    unavailable: Option<Instant>,
    /// Until when, and how long next time.
    refused: Option<(Instant, Duration)>,
    broken: u32,
    down: Option<Down>,
}

#[derive(Debug)]
struct Down {
    next: Instant,
    delay: Duration,
    trying: bool,
}

/// The gate.
#[derive(Debug)]
pub(crate) struct Gate {
    state: Mutex<State>,
    hold: Duration,
    probe: (Duration, Duration),
    refused: (Duration, Duration),
}

impl Gate {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            state: Mutex::default(),
            hold: limits.hold,
            probe: limits.probe,
            refused: limits.refused,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is worth while to wait for a turn.
    pub(crate) fn look(&self, identity: Identity, now: Instant) -> Result<(), Closed> {
        let state = self.lock();
        state.waits(identity, now)?;
        match &state.down {
            Some(down) if down.trying || now < down.next => Err(Closed::Down(jittered())),
            _ => Ok(()),
        }
    }

    /// The same when the turn has come; the pass must tell what came of it.
    pub(crate) fn enter(&self, identity: Identity, now: Instant) -> Result<Pass<'_>, Closed> {
        let mut state = self.lock();
        state.waits(identity, now)?;
        let mut probe = false;
        if let Some(down) = &mut state.down {
            if down.trying || now < down.next {
                return Err(Closed::Down(jittered()));
            }
            down.trying = true;
            probe = true;
        }
        if let Some((until, _)) = &mut state.refused {
            // One try: others wait as if it had failed already.
            *until = now + self.refused.0;
        }
        Ok(Pass {
            gate: self,
            identity,
            probe,
            told: false,
        })
    }

    pub(crate) fn health(&self) -> Health {
        let state = self.lock();
        match (&state.down, state.asked) {
            (Some(_), _) => Health::Down,
            (None, true) => Health::Up,
            (None, false) => Health::Unknown,
        }
    }

    fn tell(&self, identity: Identity, outcome: Outcome, now: Instant) {
        let mut state = self.lock();
        state.asked = true;
        if !matches!(outcome, Outcome::Unreachable | Outcome::Broken) {
            state.broken = 0;
            state.down = None;
            if outcome != Outcome::Refused {
                state.refused = None;
            }
        }
        match outcome {
            Outcome::Answered => (),
            Outcome::Busy { wait, everyone } => {
                let until = now + wait.min(self.hold);
                if everyone {
                    state.unavailable = Some(until);
                } else {
                    state.limited.retain(|_, other| *other > now);
                    if state.limited.len() < HELD {
                        state.limited.insert(identity, until);
                    }
                }
            }
            Outcome::Refused => {
                let delay = state.refused.map_or(self.refused.0, |(_, delay)| delay);
                state.refused = Some((now + delay, (delay * 2).min(self.refused.1)));
            }
            Outcome::Unreachable | Outcome::Broken => {
                state.broken += 1;
                if outcome == Outcome::Unreachable || state.broken >= BROKEN_ANSWERS || state.down.is_some() {
                    let before = state.down.as_ref().map(|down| down.delay);
                    let delay = before.map_or(self.probe.0, |delay| (delay * 2).min(self.probe.1));
                    state.down = Some(Down {
                        next: now + delay,
                        delay,
                        trying: false,
                    });
                }
            }
        }
    }
}

impl State {
    fn waits(&self, identity: Identity, now: Instant) -> Result<(), Closed> {
        let left = |until: Instant| {
            until
                .checked_duration_since(now)
                .filter(|left| !left.is_zero())
                .map(seconds)
        };
        if let Some(left) = self.unavailable.and_then(left) {
            return Err(Closed::Unavailable(left));
        }
        if let Some(left) = self.limited.get(&identity).copied().and_then(left) {
            return Err(Closed::Limited(left));
        }
        match self.refused.and_then(|(until, _)| left(until)) {
            Some(left) => Err(Closed::Refused(left)),
            None => Ok(()),
        }
    }
}

/// Leave to ask once. Dropped without a word (its task is gone) it lets the next one try.
#[derive(Debug)]
pub(crate) struct Pass<'a> {
    gate: &'a Gate,
    identity: Identity,
    probe: bool,
    told: bool,
}

impl Pass<'_> {
    pub(crate) fn tell(mut self, outcome: Outcome, now: Instant) {
        self.told = true;
        self.gate.tell(self.identity, outcome, now);
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.probe
            && !self.told
            && let Some(down) = &mut self.gate.lock().down
        {
            down.trying = false;
        }
    }
}

/// In whole seconds, as a header says it: never 0, and rather too long than too short.
fn seconds(left: Duration) -> u64 {
    (left.as_secs() + u64::from(left.subsec_nanos() > 0)).max(1)
}

/// One to five seconds, so that those who are sent away don't all come back at once.
pub(super) fn jittered() -> u64 {
    let mut byte = [0];
    // Without randomness they do come back at once; the places at the upstream are bounded all the same.
    let _ = SystemRandom::new().fill(&mut byte);
    1 + u64::from(byte[0] % 5)
}

#[cfg(test)]
#[path = "gate/tests.rs"]
mod tests;
