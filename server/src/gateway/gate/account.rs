//! Whether the gateway's own account may be used. OCP locks an account after too many failures, so the time
//! until the next try grows with each refusal, and an account that was not accepted yet is tried by one
//! request at a time.
//!
//! If only one query is refused (OCP may normalise it differently than it was signed), the others must go on:
//! that query waits alone. All wait only if the next query is refused, too.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::super::inbound::Ask;
use super::super::limits::Limits;

/// How long an acceptance counts.
const RECENT: Duration = Duration::from_secs(60);
/// The most queries that wait alone. With more of them, the account is the more likely cause.
const APART: usize = 4;

/// What OCP decided about the account recently.
#[derive(Debug, Default)]
pub(super) struct Account {
    /// The time of the last acceptance, unless a refusal came after it.
    accepted: Option<Instant>,
    /// The number of refusals since then, where requests that ran at the same time count once; and the time
    /// of the last.
    row: u32,
    refused: Option<Instant>,
    /// Until when all requests wait.
    until: Option<Instant>,
    /// Queries that were refused while others were accepted: until when they wait, and the number of
    /// refusals.
    apart: HashMap<Ask, (Instant, u32)>,
}

impl Account {
    /// Whether it was accepted recently. If not, one request must go before the others.
    pub(super) fn is_proven(&self, now: Instant) -> bool {
        self.accepted
            .is_some_and(|at| now.saturating_duration_since(at) < RECENT)
    }

    /// Until when this query must wait.
    pub(super) fn waits(&self, ask: &Ask) -> Option<Instant> {
        self.until.max(self.apart.get(ask).map(|(until, _)| *until))
    }

    /// A request starts. Until its result, others wait as if it had failed.
    pub(super) fn try_it(&mut self, now: Instant, limits: &Limits) {
        if self.until.is_some() {
            self.until = Some(now + limits.refused.0);
        }
    }

    pub(super) fn accept(&mut self, ask: &Ask, now: Instant) {
        self.accepted = Some(now);
        self.row = 0;
        self.until = None;
        self.apart.remove(ask);
    }

    /// `entered` is when the request started.
    pub(super) fn refuse(&mut self, ask: &Ask, entered: Instant, now: Instant, limits: &Limits) {
        // A request that started before the last refusal is not a further try.
        if self.row == 0 || self.refused.is_none_or(|last| entered >= last) {
            self.row += 1;
        }
        self.refused = Some(now);
        let proven = self.is_proven(now);
        self.accepted = None;
        self.apart
            .retain(|_, (until, times)| now < *until + delay(*times, limits));
        if proven && (self.apart.len() < APART || self.apart.contains_key(ask)) {
            let (until, times) = self.apart.entry(ask.clone()).or_insert((now, 0));
            *times += 1;
            *until = now + delay(*times, limits);
        } else {
            self.until = Some(now + delay(self.row, limits));
        }
    }
}

/// Doubles with each refusal; long once OCP might soon lock the account.
fn delay(times: u32, limits: &Limits) -> Duration {
    let (first, most) = limits.refused;
    let (many, long) = limits.lockout;
    if times >= many {
        return long;
    }
    let doubled = 1_u32.checked_shl(times.saturating_sub(1)).unwrap_or(u32::MAX);
    first.saturating_mul(doubled).min(most)
}
