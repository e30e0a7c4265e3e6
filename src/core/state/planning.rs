//! What to fetch and when: compares what the view needs with what is loaded.

use super::action::{At, Effect, Event};
use super::host::Host;
use super::model::State;
use super::query::Query;
use super::scheduler::{InFlight, MOST_IN_FLIGHT, Target};
use crate::core::api::request::{PageRequest, Purpose};
use crate::core::api::response::Page;
use crate::core::error::Error;
use crate::core::time::SECOND;

/// How many of the newest tasks a refresh asks for if all rows are on one page.
const NEWEST_SIZE: u64 = 100;

/// Where requests go. A function of the slices that it needs, since the scheduler is changed meanwhile.
fn target<'a>(host: &'a Host, query: &Query, now: i64) -> Target<'a> {
    Target {
        config: &host.config,
        range: query.view.range,
        locale: &*host.locale,
        now,
    }
}

impl State {
    /// Drops everything that is loaded, after another range, cluster or language was set.
    pub(super) fn restart(&mut self, effects: &mut Vec<Effect>) {
        self.loaded.clear();
        self.shown.clear();
        let base_url = &self.host.config.base_url;
        self.scheduler.restart(base_url, self.now, effects);
    }

    /// Fetches the range anew after it changed. The host's own tasks are not fetched: they are filtered
    /// by range here.
    pub(super) fn load_range(&mut self, effects: &mut Vec<Effect>) {
        if !self.host.has_tasks {
            self.restart(effects);
        }
    }

    /// Fetches fresh data. What is loaded stays until they arrive.
    pub(super) fn refresh(&mut self, effects: &mut Vec<Effect>) {
        if self.host.has_tasks {
            return;
        }
        let dataset = &mut self.loaded.dataset;
        dataset.end_refresh();
        self.scheduler
            .refresh(dataset.is_scanning(), dataset.is_complete(), effects);
    }

    /// Refreshes at once, even if the server asked to wait: a person may try.
    #[inline(never)]
    pub(super) fn refresh_now(&mut self, effects: &mut Vec<Effect>) {
        self.scheduler.forget_wait();
        self.refresh(effects);
    }

    /// Refreshes without a person's request. Rows that somebody reads do not move.
    fn refresh_by_itself(&mut self, effects: &mut Vec<Effect>) {
        self.hold_if_read();
        self.refresh(effects);
        self.scheduler.is_automatic = true;
    }

    /// Whether the widget may refresh without a person's request, now or after a wait that the server asked
    /// for.
    fn may_refresh_by_itself(&self) -> bool {
        // Without a sign-in each refresh would fail until a person acts.
        !self.scheduler.is_paused
            && self.host.config.refresh > 0
            && !self.host.has_tasks
            && !self.scheduler.is_locked_out()
            && !self.scheduler.is_hidden
    }

    /// Sets or cancels the timer of the next automatic refresh.
    pub(super) fn set_refresh_timer(&self, effects: &mut Vec<Effect>) {
        let pause = self.host.config.refresh.saturating_mul(1000);
        let wait = pause.max(self.scheduler.wait_left(self.now));
        effects.push(Effect::RefreshIn(self.may_refresh_by_itself().then_some(wait)));
    }

    /// The timer of the automatic refresh has fired.
    pub(super) fn on_refresh_timer(&mut self, effects: &mut Vec<Effect>) {
        if self.scheduler.is_cancelled || self.scheduler.must_wait(self.now) {
            self.set_refresh_timer(effects);
        } else if self.may_refresh_by_itself() && self.is_settled() {
            self.refresh_by_itself(effects);
        }
    }

    /// The browser is online again: tries again what failed without it, paused or not.
    pub(super) fn online(&mut self, effects: &mut Vec<Effect>) {
        let scheduler = &self.scheduler;
        if scheduler.may_recover_online() && !scheduler.must_wait(self.now) && !scheduler.is_locked_out() {
            self.refresh_by_itself(effects);
        }
    }

    /// The page became visible or hidden.
    pub(super) fn set_visible(&mut self, visible: bool, effects: &mut Vec<Effect>) {
        if visible != self.scheduler.is_hidden {
            return;
        }
        self.scheduler.is_hidden = !visible;
        let age = self.loaded.fetched_at.map(|at| self.now - at);
        let is_due = age.is_some_and(|age| age >= i64::from(self.host.config.refresh) * SECOND);
        if is_due && self.may_refresh_by_itself() && self.is_settled() && !self.scheduler.must_wait(self.now)
        {
            self.refresh_by_itself(effects);
        }
        self.set_refresh_timer(effects);
    }

    /// Sends the requests that are missing and aborts those that are no longer needed.
    pub(super) fn plan(&mut self, effects: &mut Vec<Effect>) {
        if self.host.has_tasks || self.host.config.cluster.is_none() {
            self.scheduler.abort_all(effects);
            return;
        }
        let needs_whole_range = self.needs_whole_range();
        if !needs_whole_range {
            self.scheduler.is_cancelled = false;
            self.scheduler.has_scanned = false;
        }
        let is_complete = self.loaded.dataset.is_complete();
        if !needs_whole_range && !self.scheduler.has_failed && !is_complete && self.page_rows().is_none() {
            self.scheduler.page_due = true;
        }
        let is_cancelled = self.scheduler.is_cancelled;
        let must_scan = needs_whole_range && !is_cancelled;
        if !must_scan && (is_cancelled || !is_complete) {
            self.loaded.dataset.end_scan();
        }
        let wanted = self.wanted(must_scan);
        let target = target(&self.host, &self.query, self.now);
        if self.scheduler.reconcile(wanted, target, effects) {
            if !self.scheduler.has_failed {
                self.report_loaded(effects);
            }
            self.set_refresh_timer(effects);
        }
    }

    /// All requests that should be in flight now.
    fn wanted(&mut self, must_scan: bool) -> Vec<PageRequest> {
        let (scheduler, dataset) = (&mut self.scheduler, &mut self.loaded.dataset);
        if scheduler.has_failed {
            return Vec::new();
        }
        let view = &self.query.view;
        let is_complete = dataset.is_complete();
        if is_complete && !dataset.is_scanning() {
            if !scheduler.wants_fresh {
                scheduler.page_due = false;
                return Vec::new();
            }
            // Only the newest tasks and the running ones can have changed.
            let shown = u64::from(view.rows_per_page);
            let size = if shown == 0 { NEWEST_SIZE } else { shown };
            let target = target(&self.host, &self.query, self.now);
            let start = scheduler.scope(target).and_then(|scope| scope.start);
            let mut requests = dataset.refresh_requests(size, start).to_vec();
            requests.truncate(MOST_IN_FLIGHT);
            return requests;
        }
        if must_scan || dataset.is_scanning() && is_complete {
            if scheduler.has_scanned {
                return Vec::new();
            }
            let scans = |request: &PageRequest| request.purpose == Purpose::FullScan;
            let mut requests: Vec<PageRequest> = scheduler.requests().filter(scans).collect();
            requests.extend(dataset.scan_requests(&requests, MOST_IN_FLIGHT, self.host.config.max_rows));
            return requests;
        }
        if scheduler.page_due && !scheduler.is_cancelled {
            return vec![PageRequest {
                purpose: Purpose::Page,
                page: view.page,
                size: u64::from(view.rows_per_page).max(1),
                ..PageRequest::default()
            }];
        }
        Vec::new()
    }

    /// Takes the result of a request.
    pub(super) fn arrived(
        &mut self,
        ticket: u64,
        result: Result<Page, Error>,
        at: At,
        effects: &mut Vec<Effect>,
    ) {
        let Some(flight) = self.scheduler.take(ticket) else {
            return;
        };
        match result {
            Ok(page) => self.take_page(flight, &page),
            Err(error) => self.scheduler.fail(flight, error, at, effects),
        }
    }

    fn take_page(&mut self, InFlight { request, .. }: InFlight, page: &Page) {
        let target = target(&self.host, &self.query, self.now);
        let start = self.scheduler.scope(target).and_then(|scope| scope.start);
        let dataset = &mut self.loaded.dataset;
        dataset.take_page(request, page, start, self.host.config.max_rows);
        let (is_refreshing, is_scanning) = (dataset.is_refreshing(), dataset.is_scanning());
        self.loaded.note_answer(page, self.now);
        self.scheduler.note_answer();
        self.shown.follow_details(&self.loaded.dataset);
        let scheduler = &mut self.scheduler;
        match request.purpose {
            Purpose::Page => scheduler.page_due = false,
            Purpose::Newest | Purpose::Running => scheduler.wants_fresh = is_refreshing,
            Purpose::FullScan if !is_scanning => {
                scheduler.has_scanned = true;
                scheduler.wants_fresh = false;
            }
            Purpose::FullScan => {}
        }
    }

    /// The wait of a request is over.
    pub(super) fn retry_due(&mut self, ticket: u64, effects: &mut Vec<Effect>) {
        let target = target(&self.host, &self.query, self.now);
        self.scheduler.end_wait(ticket, target, effects);
    }

    /// Tells the host that a load has ended.
    pub(super) fn report_loaded(&mut self, effects: &mut Vec<Effect>) {
        let (loaded, now) = (&mut self.loaded, self.now);
        loaded.fetched_at = loaded.fetched_at.or(Some(now));
        effects.push(Effect::Emit(Event::Loaded {
            total: loaded.dataset.total(),
            loaded: loaded.dataset.loaded(),
            complete: loaded.dataset.is_complete(),
            trace_id: loaded.trace_id.clone(),
            at: now,
        }));
    }
}
