//! Whether OCP may be asked now: not while it asked to wait, not while it is down (except for one try at a
//! time), not while it refuses the gateway's own account.
//!
//! It knows only the results of earlier requests, and the clock.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ring::rand::{SecureRandom, SystemRandom};

use super::inbound::{Ask, Identity};
use super::limits::Limits;

#[path = "gate/account.rs"]
mod account;
use account::Account;

/// After this many answers in a row that broke off, timed out or came from something in front of OCP, OCP
/// counts as down. A refused connection counts as down at once.
const BROKEN_ANSWERS: u32 = 3;
/// The most identities whose waiting time is remembered.
const HELD: usize = 10_000;
/// An older result says nothing about now.
const STALE: Duration = Duration::from_secs(60);

/// The result of a request to OCP.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
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
pub(crate) enum Closed {
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
pub(crate) enum Health {
    Unknown,
    Up,
    Down,
}

#[derive(Debug, Default)]
struct State {
    /// The time of the last result.
    told: Option<Instant>,
    /// Until when each identity must wait; `None` is everyone.
    limited: HashMap<Option<Identity>, Instant>,
    unavailable: Option<Instant>,
    account: Account,
    broken: u32,
    down: Option<Down>,
    /// Increases whenever it goes down or comes back. A request that started before a change says nothing
    /// about the state after it.
    time: u64,
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
    limits: Limits,
    own_account: bool,
}

impl Gate {
    pub(crate) fn new(limits: &Limits, own_account: bool) -> Self {
        Self {
            state: Mutex::default(),
            limits: limits.clone(),
            own_account,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it makes sense to wait for a turn.
    pub(crate) fn look(&self, identity: Identity, ask: &Ask, now: Instant) -> Result<(), Closed> {
        let state = self.lock();
        state.waits(identity, ask, now)?;
        match &state.down {
            Some(down) if down.trying || now < down.next => Err(Closed::Down(jittered())),
            _ => Ok(()),
        }
    }

    /// Whether OCP must accept the gateway's own account once before many requests use it.
    pub(crate) fn needs_proof(&self, now: Instant) -> bool {
        self.own_account && !self.lock().account.is_proven(now)
    }

    /// Checks the same when the turn has come. The pass must report the result.
    pub(crate) fn enter<'a>(
        &'a self,
        identity: Identity,
        ask: &'a Ask,
        now: Instant,
    ) -> Result<Pass<'a>, Closed> {
        let mut state = self.lock();
        state.waits(identity, ask, now)?;
        let mut probe = false;
        if let Some(down) = &mut state.down {
            if down.trying || now < down.next {
                return Err(Closed::Down(jittered()));
            }
            down.trying = true;
            probe = true;
        }
        state.account.try_it(now, &self.limits);
        Ok(Pass {
            gate: self,
            identity,
            ask,
            entered: now,
            time: state.time,
            probe,
            told: false,
        })
    }

    pub(crate) fn health(&self, now: Instant) -> Health {
        let state = self.lock();
        let fresh = |told: &Instant| now.saturating_duration_since(*told) < STALE;
        match (&state.down, state.told.filter(fresh)) {
            (_, None) => Health::Unknown,
            (Some(_), _) => Health::Down,
            (None, _) => Health::Up,
        }
    }

    fn tell(&self, pass: &Pass<'_>, outcome: Outcome, now: Instant) {
        let mut state = self.lock();
        state.told = Some(now);
        // While OCP is down, only the try counts. The results of requests that were running when it went down
        // are known already, or were true before.
        if pass.time == state.time {
            match outcome {
                Outcome::Unreachable | Outcome::Broken => state.failed(outcome, self.limits.probe, now),
                _ => state.answered(),
            }
        }
        match outcome {
            Outcome::Answered => state.account.accept(pass.ask, now),
            Outcome::Refused => state.account.refuse(pass.ask, pass.entered, now, &self.limits),
            Outcome::Limited { wait, everyone } => {
                let until = now + wait.min(self.limits.hold);
                state.limited.retain(|_, other| *other > now);
                if everyone || state.limited.len() < HELD {
                    let whom = (!everyone).then_some(pass.identity);
                    state.limited.insert(whom, until);
                }
            }
            Outcome::Unavailable { wait } => state.unavailable = Some(now + wait.min(self.limits.hold)),
            Outcome::Odd | Outcome::Unreachable | Outcome::Broken | Outcome::Unasked => (),
        }
    }
}

impl State {
    fn waits(&self, identity: Identity, ask: &Ask, now: Instant) -> Result<(), Closed> {
        let left = |until: Instant| {
            until
                .checked_duration_since(now)
                .filter(|left| !left.is_zero())
                .map(seconds)
        };
        if let Some(left) = self.unavailable.and_then(left) {
            return Err(Closed::Unavailable(left));
        }
        let limited = [None, Some(identity)].map(|whom| self.limited.get(&whom).copied());
        if let Some(left) = limited.into_iter().flatten().max().and_then(left) {
            return Err(Closed::Limited(left));
        }
        match self.account.waits(ask).and_then(left) {
            Some(left) => Err(Closed::Refused(left)),
            None => Ok(()),
        }
    }

    fn answered(&mut self) {
        self.broken = 0;
        if self.down.take().is_some() {
            self.time += 1;
        }
    }

    fn failed(&mut self, outcome: Outcome, (first, most): (Duration, Duration), now: Instant) {
        self.broken += 1;
        let before = self.down.as_ref().map(|down| down.delay);
        if outcome != Outcome::Unreachable && self.broken < BROKEN_ANSWERS && before.is_none() {
            return;
        }
        if before.is_none() {
            self.time += 1;
        }
        let delay = before.map_or(first, |delay| (delay * 2).min(most));
        self.down = Some(Down {
            next: now + delay,
            delay,
            trying: false,
        });
    }
}

/// Permission for one request. If it is dropped without a result (its task is gone, or it could not ask), the
/// next one may try.
#[derive(Debug)]
pub(crate) struct Pass<'a> {
    gate: &'a Gate,
    identity: Identity,
    ask: &'a Ask,
    entered: Instant,
    time: u64,
    probe: bool,
    told: bool,
}

impl Pass<'_> {
    pub(crate) fn tell(mut self, outcome: Outcome, now: Instant) {
        if outcome != Outcome::Unasked {
            self.told = true;
            self.gate.tell(&self, outcome, now);
        }
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

/// In whole seconds, as for a header: rounded up, at least 1.
fn seconds(left: Duration) -> u64 {
    (left.as_secs() + u64::from(left.subsec_nanos() > 0)).max(1)
}

/// One to five seconds at random, so that clients that are turned away do not all return at once.
pub(super) fn jittered() -> u64 {
    let mut byte = [0];
    // Without randomness they do; the number of requests to OCP is limited anyway.
    let _ = SystemRandom::new().fill(&mut byte);
    1 + u64::from(byte[0] % 5)
}

#[cfg(test)]
#[path = "gate/tests.rs"]
mod tests;
