//! What to fetch and when, and what to do when a request fails.
//!
//! After each action, [`State::plan`] compares the requests that the view needs with those in flight. It
//! sends the missing ones, at most four at a time, and aborts those that are no longer needed. An answer
//! to an aborted request is ignored.

use super::error::{Code, Error};
use super::history::History;
use super::request::{Ask, Purpose, Scope};
use super::state::{At, Effect, Event, State, Trouble};
use super::time::SECOND;
use super::wire::Page;

/// The most requests in flight for one widget.
const MOST_IN_FLIGHT: usize = 4;
/// How many of the newest tasks a refresh asks for if all rows are on one page.
const HEAD_SIZE: u64 = 100;
/// How often a failed request is tried again automatically.
const MOST_RETRIES: u32 = 3;
/// How many trace ids are kept. A walk of 200,000 tasks has fewer answers.
const MOST_TRACE_IDS: usize = 120;
/// The longest `Retry-After` in seconds that the widget waits for. After a longer one it stops and
/// reports the failure.
const LONGEST_WAIT: u64 = 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Flight {
    ticket: u64,
    ask: Ask,
    tries: u32,
    waiting: bool,
    /// When the wait ends, in microseconds since 1970; 0 for a request that is sent.
    until: i64,
}

/// The requests in flight, and what is known about them.
#[derive(Debug, Default)]
pub struct Loading {
    flights: Vec<Flight>,
    last_ticket: u64,
    scope: Option<Scope>,
    /// Whether the shown page must be requested.
    window_due: bool,
    /// Whether fresh data are wanted although the range is complete.
    refresh_due: bool,
    hidden: bool,
    /// Nothing is sent before this time, in microseconds since 1970, because of a `Retry-After`.
    not_before: i64,
    /// Whether the current load was started by the widget and not by a person.
    pub(super) by_itself: bool,
    /// Whether the last request failed finally. Nothing more is sent until somebody asks for it.
    pub(super) failed: bool,
    /// Whether the person stopped the walk.
    pub(super) cancelled: bool,
    /// Whether the walk has ended, complete or not.
    pub(super) walked: bool,
    /// How many callers need the whole range whatever the view needs, for example an export.
    pub(super) whole: u32,
    /// Whether a load is running whose end will be reported to the host.
    busy: bool,
}

impl Loading {
    pub(super) fn is_idle(&self) -> bool {
        self.flights.is_empty()
    }

    pub(super) fn asks(&self) -> impl Iterator<Item = Ask> + '_ {
        self.flights.iter().map(|flight| flight.ask)
    }

    /// Marks the shown page as missing, to be requested unless the range is complete.
    pub(super) fn due_window(&mut self) {
        self.window_due = true;
        self.failed = false;
    }
}

impl State {
    /// Drops everything that is held, after another range, cluster or language was set.
    pub(super) fn restart(&mut self, effects: &mut Vec<Effect>) {
        self.abort_all(effects);
        // The version goes on, so that rows derived from the old tasks are never taken for rows of the
        // new ones.
        let version = self.history.version + 1;
        self.history = History::default();
        self.history.version = version;
        self.forget_rows();
        self.details = None;
        self.fetched_at = None;
        self.trace_ids.clear();
        let whole = self.loading.whole;
        let scope = self.loading.scope.take();
        if scope.is_some_and(|scope| scope.base_url != self.config.base_url) {
            self.loading.not_before = 0;
        }
        // While the server asks to wait, the reason stays visible.
        if self.wait_left() == 0 {
            self.trouble = None;
        }
        self.loading = Loading {
            not_before: self.loading.not_before,
            last_ticket: self.loading.last_ticket,
            window_due: true,
            hidden: self.loading.hidden,
            whole,
            ..Loading::default()
        };
    }

    /// Fetches fresh data. What is held stays until they arrive.
    pub(super) fn refresh(&mut self, effects: &mut Vec<Effect>) {
        if self.host_tasks {
            return;
        }
        self.abort_all(effects);
        self.history.drop_poll();
        // A rolling range gets new bounds, unless a walk is half way through it.
        if !self.history.is_walking() {
            self.loading.scope = None;
        }
        self.loading.window_due = true;
        // An incomplete range is not refreshed: the walk continues with what it still needs.
        self.loading.refresh_due = self.history.is_complete();
        self.loading.by_itself = false;
        self.loading.walked = false;
        self.loading.cancelled = false;
        self.loading.failed = false;
    }

    /// Refreshes at once, even if the server asked to wait: a person may try.
    #[inline(never)]
    pub(super) fn refresh_now(&mut self, effects: &mut Vec<Effect>) {
        self.loading.not_before = 0;
        self.refresh(effects);
    }

    /// Refreshes without a person's request. Rows that somebody reads do not move.
    pub(super) fn refresh_by_itself(&mut self, effects: &mut Vec<Effect>) {
        self.hold_still();
        self.refresh(effects);
        self.loading.by_itself = true;
    }

    /// Stops fetching the whole range. What has been fetched stays.
    pub(super) fn cancel(&mut self) {
        self.loading.cancelled = true;
        self.loading.refresh_due = false;
    }

    /// Adds (`more`) or removes one caller that needs the whole range whatever the view needs, for
    /// example an export.
    pub fn want_whole(&mut self, more: bool) {
        let wants = self.loading.whole;
        self.loading.whole = if more { wants + 1 } else { wants.saturating_sub(1) };
    }

    /// Sends the requests that are missing and aborts those that are no longer needed.
    pub(super) fn plan(&mut self, effects: &mut Vec<Effect>) {
        if self.host_tasks || self.config.cluster.is_none() {
            self.abort_all(effects);
            return;
        }
        let wants_whole = self.wants_whole();
        if !wants_whole {
            self.loading.cancelled = false;
            self.loading.walked = false;
        }
        let whole = wants_whole && !self.loading.cancelled;
        if !wants_whole && !self.loading.failed && !self.history.is_complete() && self.page_rows().is_none() {
            self.loading.window_due = true;
        }
        if !whole && (self.loading.cancelled || !self.history.is_complete()) {
            self.history.drop_walk();
        }
        let wanted = self.wanted(whole);
        // While a request waits to be tried again, nothing new is sent.
        let patient = self.loading.flights.iter().any(|flight| flight.waiting);
        if patient {
            self.pass_waits_on(&wanted);
        }
        let stale: Vec<Flight> = self
            .loading
            .flights
            .iter()
            .copied()
            .filter(|flight| !wanted.contains(&flight.ask))
            .collect();
        for flight in stale {
            self.forget(flight.ticket, effects);
        }
        for ask in wanted {
            if patient {
                break;
            }
            if !self.loading.flights.iter().any(|flight| flight.ask == ask) {
                self.send(ask, 0, effects);
            }
        }
        if self.loading.busy && self.loading.flights.is_empty() {
            self.loading.busy = false;
            if !self.loading.failed {
                self.loaded(effects);
            }
            self.schedule(effects);
        }
    }

    /// Moves waits to other requests: the wait is the server's, whatever is requested after it.
    #[inline(never)]
    fn pass_waits_on(&mut self, wanted: &[Ask]) {
        for ask in wanted {
            let flights = &mut self.loading.flights;
            if flights.iter().all(|flight| flight.ask != *ask)
                && let Some(flight) = flights
                    .iter_mut()
                    .find(|flight| flight.waiting && !wanted.contains(&flight.ask))
            {
                flight.ask = *ask;
            }
        }
    }

    /// All requests that should be in flight now.
    fn wanted(&mut self, whole: bool) -> Vec<Ask> {
        if self.loading.failed {
            return Vec::new();
        }
        if self.history.is_complete() && !self.history.is_walking() {
            if !self.loading.refresh_due {
                self.loading.window_due = false;
                return Vec::new();
            }
            // Only the newest tasks and the running ones can have changed.
            let shown = u64::from(self.view.rows_per_page);
            let size = if shown == 0 { HEAD_SIZE } else { shown };
            let start = self.scope().and_then(|scope| scope.start);
            let mut asks = self.history.poll_asks(size, start).to_vec();
            asks.truncate(MOST_IN_FLIGHT);
            return asks;
        }
        if whole || self.history.is_walking() && self.history.is_complete() {
            if self.loading.walked {
                return Vec::new();
            }
            let mut asks: Vec<Ask> = self
                .loading
                .asks()
                .filter(|ask| ask.purpose == Purpose::Walk)
                .collect();
            asks.extend(
                self.history
                    .next_asks(&asks, MOST_IN_FLIGHT, self.config.max_rows),
            );
            return asks;
        }
        if self.loading.window_due && !self.loading.cancelled {
            let size = u64::from(self.view.rows_per_page).max(1);
            return vec![Ask {
                purpose: Purpose::Window,
                page: self.view.page,
                size,
                ..Ask::default()
            }];
        }
        Vec::new()
    }

    /// The server, cluster and bounds of a load. Computed once, so that all its requests have the same
    /// bounds.
    fn scope(&mut self) -> Option<&Scope> {
        let cluster = self.config.cluster?;
        if self.loading.scope.is_none() {
            let (start, end) = self.view.range.bounds(self.now, &*self.locale);
            self.loading.scope = Some(Scope {
                base_url: self.config.base_url.clone(),
                cluster,
                // Rounded down to the milliseconds that the request carries.
                start: start.map(|at| at.div_euclid(1000) * 1000),
                end,
            });
        }
        self.loading.scope.as_ref()
    }

    /// The milliseconds that the server still asks to wait. A wait beyond [`LONGEST_WAIT`] means that the
    /// clock was set back, and counts as 0.
    fn wait_left(&self) -> u32 {
        let left = self.loading.not_before - self.now;
        if left > LONGEST_WAIT as i64 * SECOND {
            return 0;
        }
        (left.max(0) as u32).div_ceil(1000)
    }

    /// Whether automatic requests must wait because the server asked for it.
    pub(super) fn must_wait(&self) -> bool {
        self.wait_left() > 0
    }

    /// Queues a request to be sent after `delay` milliseconds.
    #[inline(never)]
    fn put_off(&mut self, ask: Ask, tries: u32, delay: f64, effects: &mut Vec<Effect>) {
        let delay = delay as u32;
        self.loading.last_ticket += 1;
        let ticket = self.loading.last_ticket;
        self.loading.flights.push(Flight {
            ticket,
            ask,
            tries,
            waiting: true,
            until: self.now + i64::from(delay) * 1000,
        });
        self.loading.busy = true;
        effects.push(Effect::Wait(ticket, delay));
    }

    fn send(&mut self, ask: Ask, tries: u32, effects: &mut Vec<Effect>) {
        let left = self.wait_left();
        if left > 0 {
            return self.put_off(ask, tries, left.into(), effects);
        }
        let locale = self.locale.clone();
        let Some(url) = self.scope().map(|scope| scope.url(&ask, &*locale)) else {
            return;
        };
        self.loading.last_ticket += 1;
        let ticket = self.loading.last_ticket;
        self.loading.flights.push(Flight {
            ticket,
            ask,
            tries,
            waiting: false,
            until: 0,
        });
        self.loading.busy = true;
        effects.push(Effect::Fetch(ticket, url));
    }

    /// Whether the answer to a request is still needed.
    pub fn awaits(&self, ticket: u64) -> bool {
        self.loading.flights.iter().any(|flight| flight.ticket == ticket)
    }

    /// The request of a ticket.
    #[cfg(test)]
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn ask_of(&self, ticket: u64) -> Option<Ask> {
        let flight = self.loading.flights.iter().find(|flight| flight.ticket == ticket);
        flight.map(|flight| flight.ask)
    }

    fn forget(&mut self, ticket: u64, effects: &mut Vec<Effect>) {
        self.loading.flights.retain(|flight| flight.ticket != ticket);
        effects.push(Effect::Abort(ticket));
    }

    pub(super) fn abort_all(&mut self, effects: &mut Vec<Effect>) {
        for flight in std::mem::take(&mut self.loading.flights) {
            effects.push(Effect::Abort(flight.ticket));
        }
    }

    pub(super) fn arrived(
        &mut self,
        ticket: u64,
        result: Result<Page, Error>,
        at: At,
        effects: &mut Vec<Effect>,
    ) {
        let Some(index) = self
            .loading
            .flights
            .iter()
            .position(|flight| flight.ticket == ticket)
        else {
            return;
        };
        let flight = self.loading.flights.swap_remove(index);
        match result {
            Ok(page) => self.take_page(flight.ask, &page),
            Err(error) => self.take_failure(flight, error, at, effects),
        }
    }

    fn take_page(&mut self, ask: Ask, page: &Page) {
        let start = self.scope().and_then(|scope| scope.start);
        self.history.arrived(ask, page, start, self.config.max_rows);
        // While old rows stay on the screen, the shown time is the time of those rows.
        if !(self.history.is_complete() && (self.history.is_walking() || self.history.is_polling())) {
            self.fetched_at = Some(self.now);
        }
        if let Some(id) = &page.trace_id {
            self.trace_id = Some(id.clone());
            if self.trace_ids.len() == MOST_TRACE_IDS {
                self.trace_ids.remove(0);
            }
            self.trace_ids.push(id.clone());
        }
        if self.loading.flights.iter().all(|flight| !flight.waiting) {
            self.trouble = None;
        }
        self.follow_details();
        match ask.purpose {
            Purpose::Window => self.loading.window_due = false,
            Purpose::Head | Purpose::Running => self.loading.refresh_due = self.history.is_polling(),
            Purpose::Walk => {}
        }
        if ask.purpose == Purpose::Walk && !self.history.is_walking() {
            self.loading.walked = true;
            self.loading.refresh_due = false;
        }
    }

    fn take_failure(&mut self, flight: Flight, error: Error, at: At, effects: &mut Vec<Effect>) {
        let too_long = error.retry_after.is_some_and(|seconds| seconds > LONGEST_WAIT);
        if let Some(seconds) = error.retry_after.filter(|_| !too_long) {
            let end = self.now + seconds as i64 * SECOND;
            self.loading.not_before = self.loading.not_before.max(end);
        }
        if error.is_retryable() && flight.tries < MOST_RETRIES && !too_long {
            // Full jitter, so that clients that failed together do not return together.
            let ceiling = 1000.0 * f64::from(1u32 << flight.tries);
            let told = f64::from(self.wait_left()) + at.random * 250.0;
            let delay = match error.retry_after {
                Some(_) => told,
                None if self.must_wait() => told.max(at.random * ceiling),
                None => at.random * ceiling,
            };
            self.put_off(flight.ask, flight.tries + 1, delay, effects);
            self.trouble = Some(Trouble {
                error,
                retrying: true,
            });
            return;
        }
        self.abort_all(effects);
        self.loading.failed = true;
        effects.push(Effect::Tell(Event::Failed(error.clone())));
        self.trouble = Some(Trouble {
            error,
            retrying: false,
        });
    }

    pub(super) fn woke(&mut self, ticket: u64, effects: &mut Vec<Effect>) {
        let Some(index) = self
            .loading
            .flights
            .iter()
            .position(|f| f.ticket == ticket && f.waiting)
        else {
            return;
        };
        let flight = self.loading.flights.swap_remove(index);
        let Flight {
            ask, tries, until, ..
        } = flight;
        // The timer is trusted over the clock, unless a later answer asked for a longer wait.
        if until >= self.loading.not_before {
            self.loading.not_before = 0;
        }
        self.send(ask, tries, effects);
    }

    pub(super) fn loaded(&mut self, effects: &mut Vec<Effect>) {
        self.fetched_at = self.fetched_at.or(Some(self.now));
        effects.push(Effect::Tell(Event::Loaded {
            total: self.history.total(),
            loaded: self.history.held(),
            complete: self.history.is_complete(),
            trace_id: self.trace_id.clone(),
            at: self.now,
        }));
    }

    /// Whether automatic requests are off: the person is not signed in, or OCP asked for a wait longer
    /// than [`LONGEST_WAIT`].
    pub(super) fn is_locked_out(&self) -> bool {
        self.trouble.as_ref().is_some_and(|trouble| {
            trouble.error.code == Code::Auth
                || trouble.error.retry_after.is_some_and(|wait| wait > LONGEST_WAIT)
        })
    }

    /// Sets or cancels the timer of the next automatic refresh.
    pub(super) fn schedule(&self, effects: &mut Vec<Effect>) {
        // Without a sign-in each refresh would fail until a person acts.
        let off = self.paused
            || self.config.refresh == 0
            || self.host_tasks
            || self.is_locked_out()
            || self.loading.hidden;
        let pause = self.config.refresh.saturating_mul(1000);
        effects.push(Effect::RefreshIn((!off).then(|| pause.max(self.wait_left()))));
    }

    pub(super) fn set_visible(&mut self, visible: bool, effects: &mut Vec<Effect>) {
        if visible != self.loading.hidden {
            return;
        }
        self.loading.hidden = !visible;
        let age = self.fetched_at.map_or(0, |at| self.now - at);
        let due = age >= i64::from(self.config.refresh) * SECOND;
        let wants = visible
            && due
            && !self.paused
            && self.config.refresh > 0
            && self.is_settled()
            && !self.must_wait()
            && !self.is_locked_out();
        if wants && self.fetched_at.is_some() {
            self.refresh_by_itself(effects);
        }
        self.schedule(effects);
    }
}

#[cfg(test)]
#[path = "wait_tests.rs"]
mod wait_tests;
