//! Whether OCP may be asked now: not while it asked to wait, not while it is down (except for one try at a
//! time), not while it refuses the gateway's own account.
//!
//! It is a rate limit and a circuit breaker, and guards the account by `account`. It imports only the results
//! of earlier requests, and values that say whose they were.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::account::Account;
use super::limits::Limits;
use super::outcome::{Blocked, Health, Outcome, random_wait};
use super::request::ListRequest;
use super::session::Identity;

/// After this many answers in a row that broke off, timed out or came from something in front of OCP, OCP
/// counts as down. A refused connection counts as down at once.
const BROKEN_IN_A_ROW: u32 = 3;
/// The most identities whose waiting time is remembered.
const MAX_LIMITED: usize = 10_000;
/// An older result says nothing about now.
const STALE: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
struct State {
    /// The time of the last result.
    last_result: Option<Instant>,
    /// Until when each identity must wait; `None` is everyone.
    limited: HashMap<Option<Identity>, Instant>,
    /// Until when OCP wants no requests at all.
    unavailable: Option<Instant>,
    account: Account,
    /// Answers in a row that were broken.
    broken: u32,
    down: Option<Down>,
    /// Increases whenever it goes down or comes back. A request that started before a change says nothing
    /// about the state after it.
    period: u64,
}

#[derive(Debug)]
struct Down {
    /// The time of the next try.
    next: Instant,
    /// The wait before it.
    delay: Duration,
    /// Whether a request tries it now.
    trying: bool,
}

/// Decides whether a request may go to OCP now.
#[derive(Debug)]
pub(super) struct Throttle {
    state: Mutex<State>,
    limits: Limits,
    own_account: bool,
}

impl Throttle {
    pub(super) fn new(limits: &Limits, own_account: bool) -> Self {
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
    pub(super) fn check(
        &self,
        identity: Identity,
        request: &ListRequest,
        now: Instant,
    ) -> Result<(), Blocked> {
        let state = self.lock();
        state.check(identity, request, now)?;
        match &state.down {
            Some(down) if down.trying || now < down.next => Err(Blocked::Down(random_wait())),
            _ => Ok(()),
        }
    }

    /// Whether OCP must accept the gateway's own account once before many requests use it.
    pub(super) fn needs_verification(&self, now: Instant) -> bool {
        self.own_account && !self.lock().account.is_verified(now)
    }

    /// Checks the same when the turn has come. The permit must report the result.
    pub(super) fn admit<'a>(
        &'a self,
        identity: Identity,
        request: &'a ListRequest,
        now: Instant,
    ) -> Result<Permit<'a>, Blocked> {
        let mut state = self.lock();
        state.check(identity, request, now)?;
        let mut probe = false;
        if let Some(down) = &mut state.down {
            if down.trying || now < down.next {
                return Err(Blocked::Down(random_wait()));
            }
            down.trying = true;
            probe = true;
        }
        state.account.begin_attempt(now, &self.limits);
        Ok(Permit {
            throttle: self,
            identity,
            request,
            started: now,
            period: state.period,
            probe,
            reported: false,
        })
    }

    /// What the last result says about OCP.
    pub(super) fn health(&self, now: Instant) -> Health {
        let state = self.lock();
        let fresh = |at: &Instant| now.saturating_duration_since(*at) < STALE;
        match (&state.down, state.last_result.filter(fresh)) {
            (_, None) => Health::Unknown,
            (Some(_), _) => Health::Down,
            (None, _) => Health::Up,
        }
    }

    fn report(&self, permit: &Permit<'_>, outcome: Outcome, now: Instant) {
        let mut state = self.lock();
        state.last_result = Some(now);
        // While OCP is down, only the try counts. The results of requests that were running when it went down
        // are known already, or were true before.
        if permit.period == state.period {
            match outcome {
                Outcome::Unreachable | Outcome::Broken => {
                    state.failed(outcome, self.limits.retry_unreachable, now);
                }
                _ => state.answered(),
            }
        }
        match outcome {
            Outcome::Answered => state.account.accept(permit.request, now),
            Outcome::Refused => state
                .account
                .refuse(permit.request, permit.started, now, &self.limits),
            Outcome::Limited { wait, everyone } => {
                let until = now + wait.min(self.limits.longest_retry_after);
                state.limited.retain(|_, other| *other > now);
                if everyone || state.limited.len() < MAX_LIMITED {
                    let whom = (!everyone).then_some(permit.identity);
                    state.limited.insert(whom, until);
                }
            }
            Outcome::Unavailable { wait } => {
                state.unavailable = Some(now + wait.min(self.limits.longest_retry_after));
            }
            Outcome::Odd | Outcome::Unreachable | Outcome::Broken | Outcome::Unasked => (),
        }
    }
}

impl State {
    fn check(&self, identity: Identity, request: &ListRequest, now: Instant) -> Result<(), Blocked> {
        let left = |until: Instant| {
            until
                .checked_duration_since(now)
                .filter(|left| !left.is_zero())
                .map(seconds)
        };
        if let Some(left) = self.unavailable.and_then(left) {
            return Err(Blocked::Unavailable(left));
        }
        let limited = [None, Some(identity)].map(|whom| self.limited.get(&whom).copied());
        if let Some(left) = limited.into_iter().flatten().max().and_then(left) {
            return Err(Blocked::Limited(left));
        }
        match self.account.waits_until(request).and_then(left) {
            Some(left) => Err(Blocked::Refused(left)),
            None => Ok(()),
        }
    }

    fn answered(&mut self) {
        self.broken = 0;
        if self.down.take().is_some() {
            self.period += 1;
        }
    }

    fn failed(&mut self, outcome: Outcome, (first, most): (Duration, Duration), now: Instant) {
        self.broken += 1;
        let before = self.down.as_ref().map(|down| down.delay);
        if outcome != Outcome::Unreachable && self.broken < BROKEN_IN_A_ROW && before.is_none() {
            return;
        }
        if before.is_none() {
            self.period += 1;
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
pub(super) struct Permit<'a> {
    throttle: &'a Throttle,
    identity: Identity,
    request: &'a ListRequest,
    started: Instant,
    period: u64,
    /// Whether it is the one request that tries whether OCP is back.
    probe: bool,
    reported: bool,
}

impl Permit<'_> {
    /// Reports the result; one that was not asked is none.
    pub(super) fn report(mut self, outcome: Outcome, now: Instant) {
        if outcome != Outcome::Unasked {
            self.reported = true;
            self.throttle.report(&self, outcome, now);
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.probe
            && !self.reported
            && let Some(down) = &mut self.throttle.lock().down
        {
            down.trying = false;
        }
    }
}

/// In whole seconds, as for a header: rounded up, at least 1.
fn seconds(left: Duration) -> u64 {
    (left.as_secs() + u64::from(left.subsec_nanos() > 0)).max(1)
}

#[cfg(test)]
mod tests;
