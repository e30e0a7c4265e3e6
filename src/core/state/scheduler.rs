//! The requests in flight, the waits between them, and what happens when one fails.
//!
//! The scheduler is told which requests are wanted (`Scheduler::reconcile`). It sends the missing ones, at
//! most four at a time, and aborts those that are no longer needed. An answer to an aborted request is
//! ignored. What is wanted is decided in `planning.rs`.

use super::action::{At, Effect, Event};
use crate::core::api::request::{PageRequest, Scope};
use crate::core::error::{Code, Error};
use crate::core::i18n::locale::Locale;
use crate::core::settings::attributes::Config;
use crate::core::time::{SECOND, TimeRange};

/// The most requests in flight for one widget.
pub(super) const MOST_IN_FLIGHT: usize = 4;
/// How often a failed request is tried again automatically.
const MOST_RETRIES: u32 = 3;
/// The longest `Retry-After` in seconds that the widget waits for. After a longer one it stops and
/// reports the failure.
const LONGEST_WAIT: u64 = 60;

/// The failure that the banner shows.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestFailure {
    /// The failure.
    pub error: Error,
    /// Whether the request is tried again automatically.
    pub retrying: bool,
}

/// A request that was sent, or that waits to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InFlight {
    ticket: u64,
    /// What is requested.
    pub(super) request: PageRequest,
    tries: u32,
    waiting: bool,
    /// When the wait ends, in microseconds since 1970; 0 for a request that is sent.
    until: i64,
}

/// Where requests go, and what bounds them.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    /// The server and the cluster.
    pub(super) config: &'a Config,
    /// The range of the view.
    pub(super) range: TimeRange,
    /// The zone of the range's days.
    pub(super) locale: &'a dyn Locale,
    /// The current time, in microseconds since 1970.
    pub(super) now: i64,
}

impl Target<'_> {
    fn scope(self) -> Option<Scope> {
        let (start, end) = self.range.bounds(self.now, self.locale);
        Some(Scope {
            base_url: self.config.base_url.clone(),
            cluster: self.config.cluster?,
            // Rounded down to the milliseconds that the request carries.
            start: start.map(|at| at.div_euclid(1000) * 1000),
            end,
        })
    }
}

/// The requests in flight, and what is known about them.
#[derive(Debug, Default)]
pub struct Scheduler {
    in_flight: Vec<InFlight>,
    last_ticket: u64,
    scope: Option<Scope>,
    /// Nothing is sent before this time, in microseconds since 1970, because of a `Retry-After`.
    not_before: i64,
    /// Whether a load is running whose end will be reported to the host.
    is_busy: bool,
    /// How many callers need the whole range whatever the view needs, for example an export.
    range_users: u32,
    /// Whether the page is hidden, so that nobody sees a refresh.
    pub(super) is_hidden: bool,
    /// Whether the shown page must be requested.
    pub(super) page_due: bool,
    /// Whether fresh data are wanted although the range is complete.
    pub(super) wants_fresh: bool,
    /// Whether the current load was started by the widget and not by a person.
    pub(super) is_automatic: bool,
    /// Whether the last request failed finally. Nothing more is sent until somebody asks for it.
    pub(super) has_failed: bool,
    /// Whether the person stopped the full scan.
    pub(super) is_cancelled: bool,
    /// Whether the full scan has ended, complete or not.
    pub(super) has_scanned: bool,
    /// Whether automatic refresh is paused.
    pub is_paused: bool,
    /// The last failure of a request. `None` once a request works again.
    pub failure: Option<RequestFailure>,
}

impl Scheduler {
    /// Whether no request is in flight or waiting.
    pub fn is_idle(&self) -> bool {
        self.in_flight.is_empty()
    }

    /// The requests that are in flight or waiting.
    pub fn requests(&self) -> impl Iterator<Item = PageRequest> + '_ {
        self.in_flight.iter().map(|flight| flight.request)
    }

    /// Whether the answer to a request is still needed.
    pub fn awaits(&self, ticket: u64) -> bool {
        self.in_flight.iter().any(|flight| flight.ticket == ticket)
    }

    /// The request of a ticket.
    #[cfg(test)]
    #[cfg(not(target_arch = "wasm32"))]
    pub(in crate::core) fn request_of(&self, ticket: u64) -> Option<PageRequest> {
        let flight = self.in_flight.iter().find(|flight| flight.ticket == ticket);
        flight.map(|flight| flight.request)
    }

    /// Whether somebody needs the whole range whatever the view needs.
    pub(super) fn needs_whole_range(&self) -> bool {
        self.range_users > 0
    }

    /// Adds (`more`) or removes one caller that needs the whole range whatever the view needs, for
    /// example an export.
    pub fn need_whole_range(&mut self, more: bool) {
        self.range_users = if more {
            self.range_users + 1
        } else {
            self.range_users.saturating_sub(1)
        };
    }

    /// Marks the shown page as missing, to be requested unless the range is complete.
    pub(super) fn need_page(&mut self) {
        self.page_due = true;
        self.has_failed = false;
    }

    /// The milliseconds that the server still asks to wait. A wait beyond [`LONGEST_WAIT`] means that the
    /// clock was set back, and counts as 0.
    pub(super) fn wait_left(&self, now: i64) -> u32 {
        let left = self.not_before - now;
        if left > LONGEST_WAIT as i64 * SECOND {
            return 0;
        }
        (left.max(0) as u32).div_ceil(1000)
    }

    /// Whether automatic requests must wait because the server asked for it.
    pub(super) fn must_wait(&self, now: i64) -> bool {
        self.wait_left(now) > 0
    }

    /// Whether automatic requests are off: the person is not signed in, or OCP asked for a wait longer
    /// than [`LONGEST_WAIT`].
    pub(super) fn is_locked_out(&self) -> bool {
        self.failure.as_ref().is_some_and(|failure| {
            failure.error.code == Code::Auth
                || failure.error.retry_after.is_some_and(|wait| wait > LONGEST_WAIT)
        })
    }

    /// Whether the last failure may be over once the browser is online again.
    pub(super) fn may_recover_online(&self) -> bool {
        self.failure
            .as_ref()
            .is_some_and(|failure| failure.error.is_retryable() && failure.error.retry_after.is_none())
    }

    /// Begins anew, after another range, cluster or language was set.
    pub(super) fn restart(&mut self, base_url: &str, now: i64, effects: &mut Vec<Effect>) {
        self.abort_all(effects);
        if self.scope.take().is_some_and(|scope| scope.base_url != base_url) {
            self.not_before = 0;
        }
        // While the server asks to wait, the reason stays visible.
        let failure = self.failure.take().filter(|_| self.must_wait(now));
        *self = Self {
            not_before: self.not_before,
            last_ticket: self.last_ticket,
            page_due: true,
            is_hidden: self.is_hidden,
            is_paused: self.is_paused,
            range_users: self.range_users,
            failure,
            ..Self::default()
        };
    }

    /// Fetches fresh data. `is_scanning` and `is_complete` describe the dataset.
    pub(super) fn refresh(&mut self, is_scanning: bool, is_complete: bool, effects: &mut Vec<Effect>) {
        self.abort_all(effects);
        // A rolling range gets new bounds, unless a full scan is half way through it.
        if !is_scanning {
            self.scope = None;
        }
        self.page_due = true;
        // An incomplete range is not refreshed: the full scan continues with what it still needs.
        self.wants_fresh = is_complete;
        self.is_automatic = false;
        self.has_scanned = false;
        self.is_cancelled = false;
        self.has_failed = false;
    }

    /// Ends the wait that the server asked for: a person may try at once.
    pub(super) fn forget_wait(&mut self) {
        self.not_before = 0;
    }

    /// Stops the full scan. What has been fetched stays.
    pub(super) fn cancel(&mut self) {
        self.is_cancelled = true;
        self.wants_fresh = false;
    }

    /// Lets fetching continue after it was cancelled or failed.
    pub(super) fn resume(&mut self) {
        self.is_cancelled = false;
        self.has_scanned = false;
        self.failure = None;
        self.has_failed = false;
    }

    /// The server, cluster and bounds of a load. Computed once, so that all its requests have the same
    /// bounds.
    pub(super) fn scope(&mut self, target: Target<'_>) -> Option<&Scope> {
        if self.scope.is_none() {
            self.scope = target.scope();
        }
        self.scope.as_ref()
    }

    /// Sends the `wanted` requests that are missing, and aborts those that are no longer wanted. Returns
    /// whether a load has ended by that.
    pub(super) fn reconcile(
        &mut self,
        wanted: Vec<PageRequest>,
        target: Target<'_>,
        effects: &mut Vec<Effect>,
    ) -> bool {
        // While a request waits to be tried again, nothing new is sent.
        let is_waiting = self.in_flight.iter().any(|flight| flight.waiting);
        if is_waiting {
            self.pass_waits_on(&wanted);
        }
        let stale: Vec<InFlight> = self
            .in_flight
            .iter()
            .copied()
            .filter(|flight| !wanted.contains(&flight.request))
            .collect();
        for flight in stale {
            self.abort(flight.ticket, effects);
        }
        for request in wanted {
            if is_waiting {
                break;
            }
            if !self.in_flight.iter().any(|flight| flight.request == request) {
                self.send(request, 0, target, effects);
            }
        }
        let has_ended = self.is_busy && self.in_flight.is_empty();
        self.is_busy &= !has_ended;
        has_ended
    }

    /// Moves waits to other requests: the wait is the server's, whatever is requested after it.
    #[inline(never)]
    fn pass_waits_on(&mut self, wanted: &[PageRequest]) {
        for request in wanted {
            let flights = &mut self.in_flight;
            if flights.iter().all(|flight| flight.request != *request)
                && let Some(flight) = flights
                    .iter_mut()
                    .find(|flight| flight.waiting && !wanted.contains(&flight.request))
            {
                flight.request = *request;
            }
        }
    }

    fn push(&mut self, request: PageRequest, tries: u32, until: Option<i64>) -> u64 {
        self.last_ticket += 1;
        self.in_flight.push(InFlight {
            ticket: self.last_ticket,
            request,
            tries,
            waiting: until.is_some(),
            until: until.unwrap_or_default(),
        });
        self.is_busy = true;
        self.last_ticket
    }

    /// Queues a request to be sent after `delay` milliseconds.
    #[inline(never)]
    fn postpone(
        &mut self,
        request: PageRequest,
        tries: u32,
        delay: f64,
        now: i64,
        effects: &mut Vec<Effect>,
    ) {
        let delay = delay as u32;
        let ticket = self.push(request, tries, Some(now + i64::from(delay) * 1000));
        effects.push(Effect::Wait(ticket, delay));
    }

    fn send(&mut self, request: PageRequest, tries: u32, target: Target<'_>, effects: &mut Vec<Effect>) {
        let left = self.wait_left(target.now);
        if left > 0 {
            return self.postpone(request, tries, left.into(), target.now, effects);
        }
        let Some(url) = self.scope(target).map(|scope| scope.url(&request, target.locale)) else {
            return;
        };
        let ticket = self.push(request, tries, None);
        effects.push(Effect::Fetch(ticket, url));
    }

    fn abort(&mut self, ticket: u64, effects: &mut Vec<Effect>) {
        self.in_flight.retain(|flight| flight.ticket != ticket);
        effects.push(Effect::Abort(ticket));
    }

    /// Aborts every request.
    pub(super) fn abort_all(&mut self, effects: &mut Vec<Effect>) {
        for flight in std::mem::take(&mut self.in_flight) {
            effects.push(Effect::Abort(flight.ticket));
        }
    }

    /// Takes the request of a ticket that was answered; `None` if its answer is no longer needed.
    pub(super) fn take(&mut self, ticket: u64) -> Option<InFlight> {
        let at = self.in_flight.iter().position(|flight| flight.ticket == ticket)?;
        Some(self.in_flight.swap_remove(at))
    }

    /// Notes that a request was answered.
    pub(super) fn note_answer(&mut self) {
        if self.in_flight.iter().all(|flight| !flight.waiting) {
            self.failure = None;
        }
    }

    /// Notes that a request has failed: tries it again later, or gives up and reports the failure.
    pub(super) fn fail(&mut self, flight: InFlight, error: Error, at: At, effects: &mut Vec<Effect>) {
        let now = at.now;
        let too_long = error.retry_after.is_some_and(|seconds| seconds > LONGEST_WAIT);
        if let Some(seconds) = error.retry_after.filter(|_| !too_long) {
            let end = now + seconds as i64 * SECOND;
            self.not_before = self.not_before.max(end);
        }
        if error.is_retryable() && flight.tries < MOST_RETRIES && !too_long {
            // Full jitter, so that clients that failed together do not return together.
            let ceiling = 1000.0 * f64::from(1u32 << flight.tries);
            let requested = f64::from(self.wait_left(now)) + at.random * 250.0;
            let delay = match error.retry_after {
                Some(_) => requested,
                None if self.must_wait(now) => requested.max(at.random * ceiling),
                None => at.random * ceiling,
            };
            self.postpone(flight.request, flight.tries + 1, delay, now, effects);
            self.failure = Some(RequestFailure {
                error,
                retrying: true,
            });
            return;
        }
        self.abort_all(effects);
        self.has_failed = true;
        effects.push(Effect::Emit(Event::Failed(error.clone())));
        self.failure = Some(RequestFailure {
            error,
            retrying: false,
        });
    }

    /// Sends the request whose wait is over.
    pub(super) fn end_wait(&mut self, ticket: u64, target: Target<'_>, effects: &mut Vec<Effect>) {
        let Some(index) = self
            .in_flight
            .iter()
            .position(|flight| flight.ticket == ticket && flight.waiting)
        else {
            return;
        };
        let flight = self.in_flight.swap_remove(index);
        // The timer is trusted over the clock, unless a later answer asked for a longer wait.
        if flight.until >= self.not_before {
            self.not_before = 0;
        }
        self.send(flight.request, flight.tries, target, effects);
    }
}

#[cfg(test)]
#[path = "wait_tests.rs"]
mod wait_tests;
