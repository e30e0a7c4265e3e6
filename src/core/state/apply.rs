//! Applies an action: lets the slices work together.

use std::rc::Rc;

use super::action::{Action, At, Effect, Event};
use super::model::State;
use super::query::Need;
use crate::core::i18n::locale::Locale;
use crate::core::settings::stored::{self, StorageChange, StorageCommand};
use crate::core::settings::url::UrlParams;
use crate::core::settings::view::{PartialView, View};

impl State {
    /// Changes the state and returns the effects that the caller must carry out.
    pub fn apply(&mut self, action: Action, at: At) -> Vec<Effect> {
        self.now = at.now;
        let mut effects = Vec::new();
        let origin = action.origin();
        let entry = action.history_entry();
        let before = origin.changes_view().then(|| self.begin());
        if origin.shows_everything() {
            self.shown.release();
        }
        self.change(action, at, &mut effects);
        self.plan(&mut effects);
        self.derive();
        if self.clamp_page() {
            self.plan(&mut effects);
        }
        if self.is_settled() && self.loaded.dataset.is_wasteful() {
            self.loaded.dataset.sweep(self.shown.rows_in_use());
        }
        if let Some(before) = before {
            self.report_change(&before, &mut effects);
        }
        if self.host.config.url_sync.is_some() || self.url.is_used {
            self.write_url(entry, &mut effects);
        }
        if self.query.view.zone != self.host.resolved_zone {
            self.resolve_zone(&mut effects);
        }
        effects
    }

    /// Clears the last notice and returns the view before the person's action, to be compared later. A
    /// function of its own, so that it stays out of the code that the first row needs.
    #[inline(never)]
    fn begin(&mut self) -> Box<View> {
        self.query.notice = None;
        Box::new(self.query.view.clone())
    }

    /// Tells the host if the person's action changed the view.
    #[inline(never)]
    fn report_change(&mut self, before: &View, effects: &mut Vec<Effect>) {
        if *before != self.query.view {
            effects.push(Effect::Emit(Event::Changed));
            let Self {
                host, query, stored, ..
            } = self;
            stored.store_changes(before, &query.view, &host.config, &host.attributes, effects);
        }
    }

    fn change(&mut self, action: Action, at: At, effects: &mut Vec<Effect>) {
        match action {
            Action::Configure(attributes, locale, errors) => {
                self.configure(*attributes, locale, errors, effects);
            }
            Action::Arrived(ticket, result) => self.arrived(ticket, result, at, effects),
            Action::Reading(reading) => self.set_reading(reading),
            Action::Visible(visible) => self.set_visible(visible, effects),
            Action::ExpectTasks => self.host.has_tasks = true,
            Action::LazyPartLoaded => self.is_lazy_part_loaded = true,
            Action::Replan => {}
            action => self.change_later(action, effects),
        }
    }

    /// Handles the actions that the first row does not need. Separate, so that this code can load later.
    #[inline(never)]
    fn change_later(&mut self, action: Action, effects: &mut Vec<Effect>) {
        match action {
            Action::Tasks(tasks) => {
                self.host.set_property("tasks", None, effects);
                self.take_tasks(tasks, effects);
            }
            Action::Property(name, error) => self.host.set_property(name, error, effects),
            Action::Refresh | Action::Retry => self.refresh_now(effects),
            Action::RefreshDue => self.on_refresh_timer(effects),
            Action::Cancel => self.scheduler.cancel(),
            Action::FetchRest => self.scheduler.resume(),
            Action::WantOverview => {
                self.query.wants_overview = true;
                self.scheduler.resume();
            }
            Action::Located(locale) => self.set_locale(locale, effects),
            Action::NoZone(zone) => self.report_unknown_zone(&zone, effects),
            Action::Pause(paused) => {
                self.scheduler.is_paused = paused;
                self.set_refresh_timer(effects);
            }
            Action::Details(row) => {
                self.shown.details = row;
                self.stored.notice = None;
            }
            Action::Online => self.online(effects),
            Action::Restore(view) => self.set_view(view, effects),
            // Other code changes the URL too. Nothing to do if the parameters of this widget are the same.
            Action::UrlChanged(params) if params == self.url.current => {}
            Action::UrlChanged(params) => self.follow_url(params, effects),
            Action::Reset => self.reset(effects),
            Action::Storage(command) => self.run_command(command, effects),
            Action::RetryDue(ticket) => self.retry_due(ticket, effects),
            Action::SetZone(zone) => {
                self.host.set_property("time-zone", None, effects);
                self.query.view.zone = zone;
            }
            // What is left is what the person asks of the tasks.
            action => self.ask(action, effects),
        }
    }

    fn ask(&mut self, action: Action, effects: &mut Vec<Effect>) {
        let count = self.count();
        let host = &self.host;
        let need = self.query.apply(action, &host.config, &*host.locale, count);
        self.fulfil(need, effects);
    }

    fn fulfil(&mut self, need: Need, effects: &mut Vec<Effect>) {
        match need {
            Need::Nothing => {}
            Need::Page => self.scheduler.need_page(),
            Need::Range => self.load_range(effects),
        }
    }

    fn set_view(&mut self, view: View, effects: &mut Vec<Effect>) {
        let need = self.query.set_view(view, &*self.host.locale);
        self.scheduler.need_page();
        self.fulfil(need, effects);
    }

    /// Resets the view to the attributes, and has the browser remove the stored preferences.
    fn reset(&mut self, effects: &mut Vec<Effect>) {
        let view = View::of(&self.host.config);
        self.set_view(view, effects);
        if self.host.config.storage_key.is_some() {
            effects.push(Effect::Store(StorageChange::ForgetPreferences));
        }
    }

    /// Goes to the view of a URL. What no URL says stays.
    fn follow_url(&mut self, params: UrlParams, effects: &mut Vec<Effect>) {
        let current = &mut self.query.view;
        let view = View {
            rows_per_page: current.rows_per_page,
            density: current.density,
            widths: std::mem::take(&mut current.widths),
            pinned: current.pinned,
            ..View::of(&self.host.config)
        };
        let view = self.read_url(params, view, effects);
        self.set_view(view, effects);
    }

    #[inline(never)]
    fn run_command(&mut self, command: StorageCommand, effects: &mut Vec<Effect>) {
        match command {
            StorageCommand::Save(typed) => {
                if let Some(name) = stored::clean_name(&typed) {
                    let view = PartialView {
                        page: None,
                        ..PartialView::of(&self.query.view)
                    };
                    effects.push(Effect::Store(StorageChange::Save(name, view.json())));
                }
            }
            StorageCommand::Delete(name) => effects.push(Effect::Store(StorageChange::Delete(name))),
            StorageCommand::Show(name) => {
                if let Some(view) = self.stored.view_named(&name, &self.query.view) {
                    self.set_view(view, effects);
                }
            }
            StorageCommand::Reset => self.reset(effects),
            StorageCommand::CopyLink => effects.push(Effect::CopyLink),
            StorageCommand::Reload => effects.push(Effect::ReadStorage),
            StorageCommand::Loaded(text, notice) => self.stored.update(text, notice),
            StorageCommand::Notice(notice) => self.stored.notice = notice,
        }
    }

    /// Sets whether somebody is at the rows.
    fn set_reading(&mut self, reading: bool) {
        self.shown.is_reading = reading;
        if !self.is_read() {
            self.shown.release();
        } else if self.scheduler.is_automatic && !self.is_settled() {
            self.hold_if_read();
        }
    }

    /// Holds the rows still if somebody reads them; otherwise shows everything that waits.
    pub(super) fn hold_if_read(&mut self) {
        if !self.is_read() {
            return self.shown.release();
        }
        if self.shown.pending.is_some() {
            return;
        }
        let is_local = self.is_local();
        let page = self.page_rows().filter(|_| !is_local).map(Rc::unwrap_or_clone);
        self.shown.hold(is_local, page, &self.loaded.dataset);
    }

    fn derive(&mut self) {
        let mut shown = std::mem::take(&mut self.shown);
        shown.derive(self.source());
        self.shown = shown;
    }

    /// Moves a page beyond the last one back to the last. Returns whether it did.
    fn clamp_page(&mut self) -> bool {
        let dataset = &self.loaded.dataset;
        let still_coming = dataset.is_scanning() && !dataset.is_complete();
        let Some(last) = self
            .page_count()
            .filter(|_| !still_coming && self.loaded.fetched_at.is_some())
        else {
            return false;
        };
        if self.query.view.page <= last {
            return false;
        }
        self.query.view.page = last;
        self.scheduler.need_page();
        true
    }

    /// Sets the locale of another zone. Days and bounds without an offset change with it.
    #[inline(never)]
    fn set_locale(&mut self, locale: Rc<dyn Locale>, effects: &mut Vec<Effect>) {
        let moves = self.moves_range(&*locale);
        self.host.locale = locale;
        self.shown.forget_basis();
        self.query.parse_filter(&*self.host.locale);
        if moves {
            self.load_range(effects);
        }
    }
}
