//! The state of one widget, the actions that change it, and the effects that it asks for.
//!
//! [`State::apply`] is the only way in. It never asks a clock, a server or the browser: the time comes
//! with the action, requests and timers go out as [`Effect`]s, and their results come back as actions. So
//! a test can drive it without a browser. What to fetch is decided in [`load`](super::load).

use std::rc::Rc;

pub use super::action::{Action, At, Effect, Event, Press, Push, Trouble, View};
use super::address::Said;
use super::config::{Config, Overview, Raw};
use super::error::Error;
use super::filter::{Filter, pick};
use super::history::{Ask, History};
use super::hold::Hold;
use super::kept::Kept;
use super::layout::Note;
use super::load::Loading;
use super::locale::{Locale, Plain};
use super::order::Sort;
use super::rows::Derived;
use super::secret::mask;
use super::time::Range;

/// The whole state of one widget.
pub struct State {
    /// The host's attributes, checked.
    pub config: Config,
    /// What is wrong with the attributes.
    pub config_errors: Vec<Error>,
    /// What is wrong with the properties, with the zone that the person chose, and with the page's
    /// address.
    pub property_errors: Vec<Error>,
    /// The language, time zone and collation.
    pub locale: Rc<dyn Locale>,
    /// What the person has chosen: range, sort, filter, page, columns and so on.
    pub view: View,
    /// `view.filter`, parsed.
    pub filter: Rc<Filter>,
    /// The tasks of the range that are held.
    pub history: History,
    /// Whether automatic refresh is paused.
    pub paused: bool,
    /// The last failure of a request. `None` once a request works again.
    pub trouble: Option<Trouble>,
    /// The row number of the task whose details are open.
    pub details: Option<u32>,
    /// The row numbers of the view, in order, on all its pages. Empty while the server cuts the pages.
    pub rows: Rc<Vec<u32>>,
    /// When the last answer came, in microseconds since 1970.
    pub fetched_at: Option<i64>,
    /// The trace id of the last answer.
    pub trace_id: Option<String>,
    /// The trace ids of the answers that the held tasks came with. At most 120; older ones are dropped.
    pub trace_ids: Vec<String>,
    /// The time of the last action, in microseconds since 1970.
    pub now: i64,
    /// Whether every part of the WebAssembly module is loaded. Until then only the rows can be shown.
    pub is_whole: bool,
    /// What the browser stores for the person: the look and the named views.
    pub kept: Kept,
    /// Whether the person asked for the overview of this range.
    pub(super) wants_overview: bool,
    /// The result of the last change to the columns, and the number of tasks in the view at that moment.
    pub(super) note: Option<(Note, Option<u64>)>,
    pub(super) host_tasks: bool,
    pub(super) loading: Loading,
    pub(super) reading: bool,
    pub(super) hold: Option<Hold>,
    pub(super) raw: Raw,
    pub(super) derived: Option<Derived>,
    pub(super) opened: Option<Said>,
    pub(super) said: Said,
    /// Whether the address may hold keys of the view, so that it must be updated or cleared.
    pub(super) is_said: bool,
    /// The zone that the last [`Effect::Locate`] asked for.
    pub(super) located: Option<String>,
}

impl Default for State {
    fn default() -> Self {
        let config = Config::default();
        Self {
            view: View::of(&config),
            config,
            config_errors: Vec::new(),
            property_errors: Vec::new(),
            locale: Rc::new(Plain::default()),
            filter: Rc::default(),
            history: History::default(),
            paused: false,
            trouble: None,
            details: None,
            rows: Rc::default(),
            fetched_at: None,
            trace_id: None,
            trace_ids: Vec::new(),
            now: 0,
            is_whole: false,
            kept: Kept::default(),
            wants_overview: false,
            note: None,
            host_tasks: false,
            loading: Loading::default(),
            reading: false,
            hold: None,
            raw: Raw::default(),
            derived: None,
            opened: None,
            said: Said::default(),
            is_said: false,
            located: None,
        }
    }
}

impl State {
    /// Changes the state and returns the effects that the caller must carry out.
    pub fn apply(&mut self, action: Action, at: At) -> Vec<Effect> {
        self.now = at.now;
        let mut effects = Vec::new();
        let push = match &action {
            Action::Filter(_) | Action::Address(_) => Push::No,
            action if self.told(action) => Push::Yes,
            _ => Push::No,
        };
        let before = self.told(&action).then(|| self.begin());
        if Self::lets_in(&action) {
            self.let_in();
        }
        self.change(action, at, &mut effects);
        self.plan(&mut effects);
        self.derive();
        if self.clamp_page() {
            self.plan(&mut effects);
        }
        if self.is_settled() && self.history.is_wasteful() {
            let held = self.hold.iter().filter_map(|hold| hold.page.as_ref()).flatten();
            self.history
                .sweep(self.rows.iter().chain(&self.details).chain(held));
        }
        if let Some(before) = before {
            self.tell(&before, &mut effects);
        }
        if self.config.url_sync.is_some() || self.is_said {
            self.keep_address(push, &mut effects);
        }
        if self.view.zone != self.located {
            self.want_zone(&mut effects);
        }
        effects
    }

    /// Clears the last note and returns the view before the person's action, to be compared later. A
    /// function of its own, so that it stays out of the code that the first row needs.
    #[inline(never)]
    fn begin(&mut self) -> Box<View> {
        self.note = None;
        Box::new(self.view.clone())
    }

    /// Tells the host if the person's action changed the view.
    #[inline(never)]
    fn tell(&mut self, before: &View, effects: &mut Vec<Effect>) {
        if *before != self.view {
            effects.push(Effect::Tell(Event::Changed));
            self.keep_look(before, effects);
        }
    }

    /// Whether the host hears of a change by this action. It does not hear of changes that it made
    /// itself.
    fn told(&self, action: &Action) -> bool {
        matches!(
            action,
            Action::Press(_)
                | Action::Filter(_)
                | Action::Refilter(_)
                | Action::Pick(_)
                | Action::Range(_)
                | Action::Brush(_)
                | Action::Go(_)
                | Action::RowsPerPage(_)
                | Action::Columns(_)
                | Action::Density(_)
                | Action::Move(..)
                | Action::Width(..)
                | Action::Pin(_)
                | Action::ResetColumns
                | Action::Zone(_)
                | Action::ShowNew
                | Action::Address(_)
        ) || matches!(action, Action::Kept(wish) if wish.moves())
    }

    /// Whether the action changes what is shown or asks for fresh data. Held-back rows are shown then.
    fn lets_in(action: &Action) -> bool {
        matches!(
            action,
            Action::Configure(..)
                | Action::Tasks(_)
                | Action::Refresh
                | Action::Retry
                | Action::Press(_)
                | Action::Filter(_)
                | Action::Refilter(_)
                | Action::Pick(_)
                | Action::Range(_)
                | Action::Brush(_)
                | Action::Go(_)
                | Action::RowsPerPage(_)
                | Action::Restore(_)
                | Action::Reset
                | Action::Address(_)
                | Action::ShowNew
        ) || matches!(action, Action::Kept(wish) if wish.moves())
    }

    fn change(&mut self, action: Action, at: At, effects: &mut Vec<Effect>) {
        match action {
            Action::Configure(raw, locale, errors) => self.configure(*raw, locale, errors, effects),
            Action::Arrived(ticket, result) => self.arrived(ticket, result, at, effects),
            Action::Reading(reading) => self.set_reading(reading),
            Action::Visible(visible) => self.set_visible(visible, effects),
            Action::ExpectTasks => self.host_tasks = true,
            Action::Whole => self.is_whole = true,
            Action::Noop => {}
            action => self.change_later(action, effects),
        }
    }

    /// Handles the actions that the first row does not need. Separate, so that this code can load later.
    #[inline(never)]
    fn change_later(&mut self, action: Action, effects: &mut Vec<Effect>) {
        match action {
            Action::Tasks(tasks) => {
                self.set_property("tasks", None, effects);
                self.take_tasks(tasks, effects);
            }
            Action::Property(name, error) => self.set_property(name, error, effects),
            Action::Refresh | Action::Retry => self.refresh_now(effects),
            Action::RefreshDue => {
                if self.loading.cancelled || self.must_wait() {
                    self.schedule(effects);
                } else if !self.paused && self.is_settled() {
                    self.refresh_by_itself(effects);
                }
            }
            Action::Cancel => self.cancel(),
            Action::FetchRest => self.resume(),
            Action::Press(column) => {
                self.view.sort = Sort::next(self.view.sort, column);
                self.view.page = 1;
            }
            Action::Filter(text) | Action::Refilter(text) => self.set_filter(text),
            Action::Pick(outcomes) => self.set_filter(pick(&self.view.filter, &outcomes)),
            Action::Range(range) => self.set_range(range, false, effects),
            Action::Brush(range) => self.set_range(range, true, effects),
            Action::Overview => {
                self.wants_overview = true;
                self.resume();
            }
            Action::Go(page) => {
                self.view.page = page.max(1);
                self.loading.due_window();
            }
            Action::RowsPerPage(rows) => {
                let first = (self.view.page - 1) * u64::from(self.view.rows_per_page);
                self.view.rows_per_page = rows.min(2000);
                self.view.page = if rows == 0 { 1 } else { first / u64::from(rows) + 1 };
                self.loading.due_window();
            }
            Action::Columns(columns) => self.view.columns = columns,
            Action::Density(density) => self.view.density = density,
            Action::Move(..) | Action::Width(..) | Action::Pin(_) | Action::ResetColumns => {
                self.arrange(&action);
            }
            Action::Zone(zone) => {
                self.set_property("time-zone", None, effects);
                self.view.zone = zone;
            }
            Action::Located(locale) => self.locate(locale, effects),
            Action::NoZone(zone) => self.no_zone(&zone, effects),
            Action::Pause(paused) => {
                self.paused = paused;
                self.schedule(effects);
            }
            Action::Details(row) => {
                self.details = row;
                self.kept.note = None;
            }
            Action::Online => {
                let helps = self.trouble.as_ref().is_some_and(|trouble| {
                    trouble.error.is_retryable() && trouble.error.retry_after.is_none()
                });
                if helps && !self.must_wait() && !self.is_locked_out() {
                    self.refresh_by_itself(effects);
                }
            }
            Action::Restore(view) => self.set_view(view, effects),
            // Other code changes the address too. Nothing to do if the keys of this widget are the same.
            Action::Address(said) if said == self.said => {}
            Action::Address(said) => {
                let view = View {
                    rows_per_page: self.view.rows_per_page,
                    density: self.view.density,
                    widths: std::mem::take(&mut self.view.widths),
                    pinned: self.view.pinned,
                    ..View::of(&self.config)
                };
                let view = self.read_address(said, view, effects);
                self.set_view(view, effects);
            }
            Action::Reset => {
                let view = View::of(&self.config);
                self.set_view(view, effects);
                self.forget_look(effects);
            }
            Action::Kept(wish) => self.fulfil(wish, effects),
            Action::Woke(ticket) => self.woke(ticket, effects),
            Action::ShowNew => {
                self.view.page = 1;
                self.loading.due_window();
            }
            Action::Configure(..)
            | Action::Arrived(..)
            | Action::Reading(_)
            | Action::Visible(_)
            | Action::ExpectTasks
            | Action::Whole
            | Action::Noop => {}
        }
    }

    /// Sets another range. A wish for the overview counts for one range only, so it is reset.
    fn set_range(&mut self, range: Range, with_overview: bool, effects: &mut Vec<Effect>) {
        if range != self.view.range {
            self.view.range = range;
            self.view.page = 1;
            self.wants_overview = with_overview;
            self.reach(effects);
        }
    }

    /// Fetches the range anew after it changed. The host's own tasks are not fetched: they are filtered
    /// by range here.
    pub(super) fn reach(&mut self, effects: &mut Vec<Effect>) {
        if !self.host_tasks {
            self.restart(effects);
        }
    }

    /// Lets fetching continue after it was cancelled or failed.
    fn resume(&mut self) {
        self.loading.cancelled = false;
        self.loading.walked = false;
        self.trouble = None;
        self.loading.failed = false;
    }

    fn set_filter(&mut self, text: String) {
        if text != self.view.filter {
            self.filter = Rc::new(Filter::read(&text, &*self.locale));
            self.view.filter = text;
            self.view.page = 1;
        }
    }

    pub(super) fn set_view(&mut self, view: View, effects: &mut Vec<Effect>) {
        let fresh = view.range != self.view.range;
        self.view = view;
        self.filter = Rc::new(Filter::read(&self.view.filter, &*self.locale));
        self.loading.due_window();
        if fresh {
            self.wants_overview = false;
            self.reach(effects);
        }
    }

    /// Whether the view needs every task of the range, so that one page of the server is not enough.
    pub fn wants_whole(&self) -> bool {
        self.view.sort.is_some()
            || !self.view.filter.trim().is_empty()
            || self.view.rows_per_page == 0
            || self.loading.whole > 0
            || self.wants_overview
            || self.config.overview == Overview::On
    }

    /// Whether the overview can be filled: every task is held, or the walk ended and got all that it
    /// could.
    pub fn has_overview(&self) -> bool {
        self.history.is_complete() || (self.is_local() && self.loading.walked)
    }

    /// Whether the person asked for the overview of this range.
    pub fn is_overview_wanted(&self) -> bool {
        self.wants_overview
    }

    /// Whether fetching still goes on for the overview.
    pub fn awaits_overview(&self) -> bool {
        self.wants_whole() && !self.loading.cancelled && !self.loading.failed && !self.loading.walked
    }

    /// Whether the pages are cut here and not by the server.
    pub fn is_local(&self) -> bool {
        self.history.is_complete() || self.wants_whole()
    }

    /// Whether no request is in flight or waiting.
    pub fn is_settled(&self) -> bool {
        self.loading.is_idle()
    }

    /// The host's attributes as written.
    pub fn raw(&self) -> &Raw {
        &self.raw
    }

    /// The requests that are in flight or waiting.
    pub fn asks(&self) -> impl Iterator<Item = Ask> + '_ {
        self.loading.asks()
    }

    /// Whether the person stopped fetching the whole range.
    pub fn is_cancelled(&self) -> bool {
        self.loading.cancelled
    }

    /// The filter with its secrets masked, so that it may leave the widget.
    pub fn public_filter(&self) -> String {
        mask(&self.view.filter).into_owned()
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
pub(super) mod tests;
