//! Whether the gateway's own account may be tried. OCP locks out who fails too often, so a refusal is followed by less
//! and less, and what nobody has accepted yet goes alone.
//!
//! A question that alone is refused (OCP may read its query otherwise than it was signed) must not shut everyone out:
//! it waits by itself, and all wait only if the next question is refused, too.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::super::inbound::Ask;
use super::super::limits::Limits;

/// So long an acceptance speaks for the account.
const RECENT: Duration = Duration::from_secs(60);
/// Questions that wait by themselves; with more of them it is hardly the questions.
const APART: usize = 4;

/// What OCP thought of the account lately.
#[derive(Debug, Default)]
pub(super) struct Account {
    /// The last time that it was accepted, unless it has been refused since.
    accepted: Option<Instant>,
    /// Refusals since then, those of one burst taken for one; and the time of the last.
    row: u32,
    refused: Option<Instant>,
    /// Until when nobody asks.
    until: Option<Instant>,
    /// Questions that were refused while others were accepted: until when, and how often.
    apart: HashMap<Ask, (Instant, u32)>,
}

impl Account {
    /// Whether it has been accepted lately. As long as not, one must ask before the others do.
    pub(super) fn is_proven(&self, now: Instant) -> bool {
        self.accepted
            .is_some_and(|at| now.saturating_duration_since(at) < RECENT)
    }

    /// Until when this question isn't asked.
    pub(super) fn waits(&self, ask: &Ask) -> Option<Instant> {
        self.until.max(self.apart.get(ask).map(|(until, _)| *until))
    }

    /// One asks now: while it does, others wait as if it had failed already.
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

    /// `entered` is when that question began to be asked.
    pub(super) fn refuse(&mut self, ask: &Ask, entered: Instant, now: Instant, limits: &Limits) {
        // What was under way when another was refused already is no further try.
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

/// Doubled from time to time; long once OCP might be about to lock the account.
fn delay(times: u32, limits: &Limits) -> Duration {
    let (first, most) = limits.refused;
    let (many, long) = limits.lockout;
    if times >= many {
        return long;
    }
    let doubled = 1_u32.checked_shl(times.saturating_sub(1)).unwrap_or(u32::MAX);
    first.saturating_mul(doubled).min(most)
}
