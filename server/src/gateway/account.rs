//! Whether the gateway's own account may be used. OCP locks an account after too many failures, so the time
//! until the next try grows with each refusal, and an account that was not accepted yet is tried by one
//! request at a time.
//!
//! If only one query is refused (OCP may normalise it differently than it was signed), the others must go on:
//! that query waits alone. All wait only if the next query is refused, too.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::limits::Limits;
use super::request::ListRequest;

/// How long an acceptance counts.
const RECENT: Duration = Duration::from_secs(60);
/// The most queries that wait alone. With more of them, the account is the more likely cause.
const MAX_REFUSED_ALONE: usize = 4;

/// What OCP decided about the account recently.
#[derive(Debug, Default)]
pub(super) struct Account {
    /// The time of the last acceptance, unless a refusal came after it.
    accepted: Option<Instant>,
    /// The number of refusals since then, where requests that ran at the same time count once; and the time
    /// of the last.
    refusals: u32,
    refused: Option<Instant>,
    /// Until when all requests wait.
    until: Option<Instant>,
    /// Queries that were refused while others were accepted: until when they wait, and the number of
    /// refusals.
    refused_alone: HashMap<ListRequest, (Instant, u32)>,
}

impl Account {
    /// Whether it was accepted recently. If not, one request must go before the others.
    pub(super) fn is_verified(&self, now: Instant) -> bool {
        self.accepted
            .is_some_and(|at| now.saturating_duration_since(at) < RECENT)
    }

    /// Until when this query must wait.
    pub(super) fn waits_until(&self, request: &ListRequest) -> Option<Instant> {
        self.until
            .max(self.refused_alone.get(request).map(|(until, _)| *until))
    }

    /// A request starts. Until its result, others wait as if it had failed.
    pub(super) fn begin_attempt(&mut self, now: Instant, limits: &Limits) {
        if self.until.is_some() {
            self.until = Some(now + limits.retry_refused.0);
        }
    }

    /// OCP has accepted the account with this request.
    pub(super) fn accept(&mut self, request: &ListRequest, now: Instant) {
        self.accepted = Some(now);
        self.refusals = 0;
        self.until = None;
        self.refused_alone.remove(request);
    }

    /// OCP has refused the account with this request. `started` is when the request started.
    pub(super) fn refuse(&mut self, request: &ListRequest, started: Instant, now: Instant, limits: &Limits) {
        // A request that started before the last refusal is not a further try.
        if self.refusals == 0 || self.refused.is_none_or(|last| started >= last) {
            self.refusals += 1;
        }
        self.refused = Some(now);
        let verified = self.is_verified(now);
        self.accepted = None;
        self.refused_alone
            .retain(|_, (until, times)| now < *until + delay(*times, limits));
        if verified
            && (self.refused_alone.len() < MAX_REFUSED_ALONE || self.refused_alone.contains_key(request))
        {
            let (until, times) = self.refused_alone.entry(request.clone()).or_insert((now, 0));
            *times += 1;
            *until = now + delay(*times, limits);
        } else {
            self.until = Some(now + delay(self.refusals, limits));
        }
    }
}

/// Doubles with each refusal; long once OCP might soon lock the account.
fn delay(times: u32, limits: &Limits) -> Duration {
    let (first, most) = limits.retry_refused;
    let (max_refusals, pause) = limits.lockout;
    if times >= max_refusals {
        return pause;
    }
    let doubled = 1_u32.checked_shl(times.saturating_sub(1)).unwrap_or(u32::MAX);
    first.saturating_mul(doubled).min(most)
}
