//! The host's inputs: applies attributes, the page's address, the host's tasks and other properties to
//! the state.

use std::rc::Rc;

use super::address::{self, Said};
use super::config::{Config, Raw};
use super::error::{Code, Error};
use super::filter::Filter;
use super::locale::Locale;
use super::state::{Effect, Event, Push, State, View};
use super::time::Range;
use super::wire::Page;

impl State {
    /// Applies new attributes. A changed attribute replaces what the person chose for it; the rest of the
    /// view stays.
    pub(super) fn configure(
        &mut self,
        raw: Raw,
        locale: Rc<dyn Locale>,
        mut errors: Vec<Error>,
        effects: &mut Vec<Effect>,
    ) {
        self.view.zone = self.zone_under(&raw).map(str::to_owned);
        self.located.clone_from(&self.view.zone);
        let (config, more) = Config::read(&raw, &*locale, !self.host_tasks);
        errors.extend(more);
        let old = std::mem::replace(&mut self.config, config);
        // The language is sent as `Accept-Language`, so another one needs a new load. Another zone does
        // if it bounds days.
        let zoned = matches!(self.view.range, Range::Between(..));
        let same_place = self.locale.lang().tongue == locale.lang().tongue
            && (!zoned || self.locale.zone() == locale.zone());
        self.locale = locale;
        self.derived = None;
        let changed = |name: &str| self.raw.get(name) != raw.get(name);
        let new = &self.config;
        let mut fresh = old.cluster != new.cluster
            || old.base_url != new.base_url
            || old.credentials != new.credentials
            || !same_place;
        if changed("range") && self.view.range != new.range {
            self.view.range = new.range;
            fresh = true;
        }
        if changed("sort") {
            self.view.sort = new.sort;
            self.view.page = 1;
        }
        if changed("page-size") {
            self.view.rows_per_page = new.page_size;
            self.view.page = 1;
            self.loading.due_window();
        }
        if changed("columns") {
            self.view.columns.clone_from(&new.columns);
        }
        if changed("density") {
            self.view.density = new.density;
        }
        if changed("paused") {
            self.paused = new.paused;
        }
        if changed("filter") {
            self.view.filter.clone_from(&new.filter);
            self.view.page = 1;
        }
        self.filter = Rc::new(Filter::read(&self.view.filter, &*self.locale));
        for error in errors.iter().filter(|error| !self.config_errors.contains(error)) {
            effects.push(Effect::Tell(Event::Failed(error.clone())));
        }
        self.config_errors = errors;
        self.raw = raw;
        if fresh {
            // The host may set the cluster after the page was opened. The page number in the address is
            // kept then.
            if old.cluster.is_some() {
                self.view.page = 1;
            }
            self.wants_overview = false;
        }
        if self.kept.has_look() {
            self.put_look_on();
            self.loading.due_window();
        }
        if let Some(said) = self.opened.take() {
            let view = self.read_address(said, self.view.clone(), effects);
            fresh |= view.range != self.view.range;
            self.view = view;
            self.filter = Rc::new(Filter::read(&self.view.filter, &*self.locale));
            self.loading.due_window();
        }
        if fresh && !self.host_tasks {
            self.restart(effects);
        }
        self.schedule(effects);
    }

    /// Sets what the address held when the page was opened. The next configuration applies it.
    pub fn open(&mut self, said: Said) {
        self.opened = Some(said);
    }

    pub(super) fn read_address(&mut self, said: Said, view: View, effects: &mut Vec<Effect>) -> View {
        let (view, errors) = address::read(&said, view, &*self.locale);
        self.said = said;
        self.property_errors
            .retain(|error| error.attribute != Some("url-sync"));
        let events = errors.iter().cloned().map(Event::Failed);
        effects.extend(events.map(Effect::Tell));
        self.property_errors.extend(errors);
        view
    }

    /// Writes the view to the page's address if `url-sync` asks for it.
    #[inline(never)]
    pub(super) fn keep_address(&mut self, push: Push, effects: &mut Vec<Effect>) {
        self.is_said = self.config.url_sync.is_some();
        if self.config.url_sync.is_none() {
            self.said = Said::default();
            self.property_errors
                .retain(|error| error.attribute != Some("url-sync"));
            return;
        }
        let said = address::said(&self.view, &self.config);
        if self.said != said {
            if push == Push::Yes {
                self.property_errors
                    .retain(|error| error.attribute != Some("url-sync"));
            }
            effects.push(Effect::Address(said.clone(), push));
            self.said = said;
        }
    }

    /// Replaces the API by the host's own tasks, or returns to the API (`None`).
    pub(super) fn take_tasks(&mut self, tasks: Option<Result<Page, Error>>, effects: &mut Vec<Effect>) {
        self.restart(effects);
        self.set_property("tasks", None, effects);
        self.host_tasks = matches!(tasks, Some(Ok(_)));
        self.config_errors
            .retain(|error| !self.host_tasks || error.attribute != Some("cluster-id"));
        match tasks {
            Some(Ok(page)) => {
                self.history.take_tasks(&page, self.config.max_rows);
                self.loaded(effects);
            }
            Some(Err(error)) => {
                let error = Error {
                    attribute: Some("tasks"),
                    code: Code::Config,
                    ..error
                };
                self.set_property("tasks", Some(error), effects);
            }
            None => {}
        }
    }

    /// Sets or clears the error of a property, and reports an error to the host.
    pub(super) fn set_property(
        &mut self,
        name: &'static str,
        error: Option<Error>,
        effects: &mut Vec<Effect>,
    ) {
        self.property_errors.retain(|error| error.attribute != Some(name));
        if let Some(error) = error {
            self.property_errors.push(error.clone());
            effects.push(Effect::Tell(Event::Failed(error)));
        }
    }
}
