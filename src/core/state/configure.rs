//! The host's inputs: applies attributes, the page's URL and the host's own tasks to the slices.

use std::rc::Rc;

use super::action::{Effect, Event, HistoryEntry};
use super::model::State;
use super::query::Need;
use crate::core::api::response::Page;
use crate::core::error::{Code, Error};
use crate::core::i18n::locale::Locale;
use crate::core::settings::attributes::Attributes;
use crate::core::settings::url::{self, UrlParams};
use crate::core::settings::view::View;
use crate::core::time::TimeRange;

impl State {
    /// Applies new attributes. A changed attribute replaces what the person chose for it; the rest of the
    /// view stays.
    pub(super) fn configure(
        &mut self,
        attributes: Attributes,
        locale: Rc<dyn Locale>,
        errors: Vec<Error>,
        effects: &mut Vec<Effect>,
    ) {
        self.query.view.zone = self.zone_under(&attributes).map(str::to_owned);
        self.host.resolved_zone.clone_from(&self.query.view.zone);
        let before = self.host.configure(attributes, locale, errors, effects);
        let (old, new) = (&before.config, &self.host.config);
        let (old_locale, locale) = (&*before.locale, &*self.host.locale);
        // The language is sent as `Accept-Language`, so another one needs a new load. Another zone does
        // if it bounds days.
        let has_days = matches!(self.query.view.range, TimeRange::Between(..));
        let mut is_other = old.cluster != new.cluster
            || old.base_url != new.base_url
            || old.credentials != new.credentials
            || old_locale.lang().language != locale.lang().language
            || has_days && old_locale.zone() != locale.zone();
        let now = &self.host.attributes;
        let need = self.query.follow(&before.attributes, now, new);
        if before.attributes.get("paused") != now.get("paused") {
            self.scheduler.is_paused = new.is_paused;
        }
        self.query.parse_filter(locale);
        self.shown.forget_basis();
        if need != Need::Nothing {
            self.scheduler.need_page();
        }
        is_other |= need == Need::Range;
        if is_other {
            // The host may set the cluster after the page was opened. The page number in the URL is kept
            // then.
            if old.cluster.is_some() {
                self.query.view.page = 1;
            }
            self.query.wants_overview = false;
        }
        if self.stored.has_preferences() {
            let view = self.query.view.clone();
            self.query.view = self.stored.take_preferences(view, &self.host.attributes);
            self.scheduler.need_page();
        }
        if let Some(params) = self.url.opened.take() {
            let view = self.read_url(params, self.query.view.clone(), effects);
            is_other |= self.query.set_view(view, &*self.host.locale) == Need::Range;
            self.scheduler.need_page();
        }
        if is_other && !self.host.has_tasks {
            self.restart(effects);
        }
        self.set_refresh_timer(effects);
    }

    /// The view that these parameters of the URL lead to. Reports those that cannot be read.
    pub(super) fn read_url(&mut self, params: UrlParams, view: View, effects: &mut Vec<Effect>) -> View {
        let (view, errors) = url::parse(&params, view, &*self.host.locale);
        self.url.current = params;
        self.host.clear_property("url-sync");
        let events = errors.iter().cloned().map(Event::Failed);
        effects.extend(events.map(Effect::Emit));
        self.host.property_errors.extend(errors);
        view
    }

    /// Writes the view to the page's URL if `url-sync` asks for it.
    #[inline(never)]
    pub(super) fn write_url(&mut self, entry: HistoryEntry, effects: &mut Vec<Effect>) {
        let config = &self.host.config;
        self.url.is_used = config.url_sync.is_some();
        if config.url_sync.is_none() {
            self.url.current = UrlParams::default();
            self.host.clear_property("url-sync");
        } else if self.url.write(&self.query.view, config, entry, effects) && entry == HistoryEntry::New {
            self.host.clear_property("url-sync");
        }
    }

    /// Replaces the API by the host's own tasks, or returns to the API (`None`).
    pub(super) fn take_tasks(&mut self, tasks: Option<Result<Page, Error>>, effects: &mut Vec<Effect>) {
        self.restart(effects);
        self.host.set_property("tasks", None, effects);
        self.host.has_tasks = matches!(tasks, Some(Ok(_)));
        let has_tasks = self.host.has_tasks;
        self.host
            .attribute_errors
            .retain(|error| !has_tasks || error.attribute != Some("cluster-id"));
        match tasks {
            Some(Ok(page)) => {
                self.loaded.dataset.take_tasks(&page, self.host.config.max_rows);
                self.report_loaded(effects);
            }
            Some(Err(error)) => {
                let error = Error {
                    attribute: Some("tasks"),
                    code: Code::Config,
                    ..error
                };
                self.host.set_property("tasks", Some(error), effects);
            }
            None => {}
        }
    }
}
