//! Questions about the state. They change nothing.

use std::rc::Rc;

use super::action::Action;
use super::model::State;
use super::pending::PendingUpdates;
use super::shown::Shown;
use super::source::Source;
use crate::core::api::request::PageRequest;
use crate::core::i18n::Lang;
use crate::core::i18n::locale::Locale;
use crate::core::privacy::mask::mask;
use crate::core::settings::attributes::OverviewMode;
use crate::core::settings::columns::ColumnNotice;
use crate::core::settings::stored::NamedView;
use crate::core::settings::view::View;
use crate::core::time::SECOND;

impl State {
    /// The language, time zone and collation.
    pub fn locale(&self) -> &dyn Locale {
        &*self.host.locale
    }

    /// The language of the texts.
    pub fn lang(&self) -> Lang {
        self.host.locale.lang()
    }

    /// Whether the view needs every task of the range, so that one page of the server is not enough.
    pub fn needs_whole_range(&self) -> bool {
        let view = &self.query.view;
        view.sort.is_some()
            || !view.filter.trim().is_empty()
            || view.rows_per_page == 0
            || self.scheduler.needs_whole_range()
            || self.query.wants_overview
            || self.host.config.overview == OverviewMode::On
    }

    /// Whether the overview can be filled: every task is loaded, or the full scan ended and got all that
    /// it could.
    pub fn has_overview(&self) -> bool {
        self.loaded.dataset.is_complete() || (self.is_local() && self.scheduler.has_scanned)
    }

    /// Whether fetching still goes on for the overview.
    pub fn awaits_overview(&self) -> bool {
        let scheduler = &self.scheduler;
        self.needs_whole_range() && !scheduler.is_cancelled && !scheduler.has_failed && !scheduler.has_scanned
    }

    /// Whether the pages are cut here and not by the server.
    pub fn is_local(&self) -> bool {
        self.loaded.dataset.is_complete() || self.needs_whole_range()
    }

    /// Whether no request is in flight or waiting.
    pub fn is_settled(&self) -> bool {
        self.scheduler.is_idle()
    }

    /// The requests that are in flight or waiting.
    pub fn requests(&self) -> impl Iterator<Item = PageRequest> + '_ {
        self.scheduler.requests()
    }

    /// Whether the person stopped the full scan.
    pub fn is_cancelled(&self) -> bool {
        self.scheduler.is_cancelled
    }

    /// The filter with its secrets masked, so that it may leave the widget.
    pub fn public_filter(&self) -> String {
        mask(&self.query.view.filter).into_owned()
    }

    /// Whether an action may move rows without a person's request, so that it matters whether somebody
    /// reads.
    pub fn may_move(&self, action: &Action) -> bool {
        match action {
            Action::Arrived(..) => self.scheduler.is_automatic,
            Action::RefreshDue | Action::Visible(true) | Action::Online => true,
            _ => false,
        }
    }

    /// Whether somebody reads: see [`pending`](super::pending).
    pub(super) fn is_read(&self) -> bool {
        self.shown.is_reading || self.query.view.page > 1 || self.shown.details.is_some()
    }

    /// The number of new tasks that wait to be shown and pass the filter.
    pub fn pending_count(&self) -> u64 {
        self.shown.pending_count()
    }

    /// Whether the shown rows are older than they should be because requests fail. `now` is in
    /// microseconds since 1970.
    pub fn is_stale(&self, now: i64) -> bool {
        let (Some(at), Some(failure)) = (self.loaded.fetched_at, &self.scheduler.failure) else {
            return false;
        };
        let due = 2 * i64::from(self.host.config.refresh) * SECOND;
        !failure.retrying || due > 0 && now - at > due
    }

    pub(super) fn source(&self) -> Source<'_> {
        Source {
            dataset: &self.loaded.dataset,
            query: &self.query,
            locale: self.locale(),
            now: self.now,
            is_local: self.is_local(),
            has_host_tasks: self.host.has_tasks,
        }
    }

    fn pending(&self) -> Option<&PendingUpdates> {
        let Shown { pending, .. } = &self.shown;
        pending.as_ref()
    }

    /// The number of rows of the view on all its pages; `None` if the server did not say.
    pub fn count(&self) -> Option<u64> {
        if let Some(total) = self.pending().and_then(PendingUpdates::total) {
            Some(total)
        } else if self.is_local() {
            Some(self.shown.rows.len() as u64)
        } else {
            self.loaded.dataset.total()
        }
    }

    /// The number of pages of the view; `None` if it is not known.
    pub fn page_count(&self) -> Option<u64> {
        let size = u64::from(self.query.view.rows_per_page);
        if size == 0 {
            Some(1)
        } else {
            self.count().map(|count| count.div_ceil(size).max(1))
        }
    }

    /// The rows of the shown page; `None` while they are not loaded.
    pub fn page_rows(&self) -> Option<Rc<Vec<u32>>> {
        let (view, rows) = (&self.query.view, &self.shown.rows);
        let size = u64::from(view.rows_per_page);
        if size == 0 {
            return Some(Rc::clone(rows));
        }
        if let Some(page) = self.pending().and_then(PendingUpdates::page) {
            return Some(Rc::new(page.clone()));
        }
        let start = view.offset();
        if self.is_local() {
            let rows = rows.iter().skip(start as usize).take(size as usize);
            return Some(Rc::new(rows.copied().collect()));
        }
        self.loaded.dataset.slice(start, size).map(Rc::new)
    }

    /// The result of the last change to the columns. `None` after another action, or when the number of
    /// tasks has changed, which is then announced in its place.
    #[inline(never)]
    pub fn column_notice(&self) -> Option<ColumnNotice> {
        let (notice, count) = self.query.notice?;
        (count == self.count()).then_some(notice)
    }

    /// Whether the current view equals this stored one, apart from the page.
    pub fn shows(&self, named: &NamedView) -> bool {
        let current = &self.query.view;
        let page = current.page;
        let view = self.stored.view_named(&named.name, current);
        view.is_some_and(|view| View { page, ..view } == *current)
    }
}
