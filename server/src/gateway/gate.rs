//! Whether the upstream may be asked just now: not while it asked for peace, not while it is down (but for one try at
//! a time), not while it refuses the gateway's own account.
//!
//! It only knows what it is told of earlier answers, and the clock.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ring::rand::{SecureRandom, SystemRandom};

use super::inbound::{Ask, Identity};
use super::limits::Limits;

#[path = "gate/account.rs"]
mod account;
use account::Account;

/// So many answers that broke off, timed out or came from what stands before it, one after the other, make the upstream one that is down. A refused
/// connection does so at once.
const BROKEN_ANSWERS: u32 = 3;
/// Identities whose wait is remembered.
const HELD: usize = 10_000;
/// What was seen longer ago says nothing of now.
const STALE: Duration = Duration::from_secs(60);

/// What the upstream turned out to be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// It answered, and accepted who asked.
    Answered,
    /// It answered, but in a way that says nothing of who asked: a failure of its own, or no answer of OCP's at all.
    Odd,
    /// 429: it wants fewer requests for a while, from this identity or from everyone.
    Limited { wait: Duration, everyone: bool },
    /// 503: it wants to be left alone by everyone for a while.
    Unavailable { wait: Duration },
    /// It does not accept the gateway's own account.
    Refused,
    /// No connection.
    Unreachable,
    /// A connection, and no whole answer of OCP's.
    Broken,
    /// It was not asked, for a reason that lies here.
    Unasked,
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
    /// When it was last heard of.
    told: Option<Instant>,
    /// Until when, by who is meant; `None` is everyone.
    limited: HashMap<Option<Identity>, Instant>,
    unavailable: Option<Instant>,
    account: Account,
    broken: u32,
    down: Option<Down>,
    /// Counts how often it went down and came back: who began to ask in another time says nothing of this one.
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

    /// Whether it is worth while to wait for a turn.
    pub(crate) fn look(&self, identity: Identity, ask: &Ask, now: Instant) -> Result<(), Closed> {
        let state = self.lock();
        state.waits(identity, ask, now)?;
        match &state.down {
            Some(down) if down.trying || now < down.next => Err(Closed::Down(jittered())),
            _ => Ok(()),
        }
    }

    /// Whether the gateway's own account must be shown to be accepted before many ask by it.
    pub(crate) fn needs_proof(&self, now: Instant) -> bool {
        self.own_account && !self.lock().account.is_proven(now)
    }

    /// The same as `look` when the turn has come; the pass must tell what came of it.
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
        // While it is down only the one that tries is of the present time. What the others, which were under way when
        // it went down, find out is known by then, or was true before.
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

/// Leave to ask once. Dropped without a word (its task is gone, or it could not ask) it lets the next one try.
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
