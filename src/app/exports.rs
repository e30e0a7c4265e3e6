//! Exports of a store: the view as text or as a file, once the range is loaded.

use std::rc::Rc;

use super::store::Store;
use crate::core::dataset::ScanEnd;
use crate::core::report::export::{self, Export, Form};
use crate::core::state::Action;
use crate::services::{clock, download};

impl Store {
    /// The view, or only its current page, as text.
    pub fn export(&self, export: Export, page_only: bool) -> String {
        let state = self.state();
        let (table, now) = (state.loaded.dataset.table(), clock::at().now);
        let rows = if page_only {
            state.page_rows().unwrap_or_default()
        } else {
            Rc::clone(&state.shown.rows)
        };
        match export.form {
            Form::Csv => {
                let columns = &state.query.view.columns;
                export::csv(table, &rows, columns, export.redacted, now, state.locale())
            }
            Form::Json => export::json(&state, &rows, export.redacted, now),
        }
    }

    /// Fetches what is missing of the range, then calls `then`.
    pub fn fetch_whole(&self, then: impl FnOnce() + 'static) {
        self.with(|state| state.scheduler.need_whole_range(true));
        self.dispatch(Action::FetchRest);
        let store = self.clone();
        self.when_settled(move || {
            then();
            store.with(|state| state.scheduler.need_whole_range(false));
            store.dispatch(Action::Replan);
        });
    }

    /// Whether the range is loaded as far as possible: complete, cut off by `max-rows`, or with records that
    /// cannot be read.
    pub fn is_whole(&self) -> bool {
        let state = self.state();
        state.loaded.dataset.is_complete()
            || state.loaded.dataset.scan_end == ScanEnd::Capped
            || state.loaded.dataset.unreadable() > 0
    }

    /// Saves the view as a file, once the range is loaded.
    pub(super) fn save(&self, export: Export) {
        let store = self.clone();
        self.fetch_whole(move || {
            // The notice below the table gives the reason, and a button to try again.
            if !store.is_whole() {
                return;
            }
            let name = match export.form {
                Form::Csv => "restore-tasks.csv",
                Form::Json => "restore-tasks.json",
            };
            let _ = download::save(&store.export(export, false), export.form.mime(), name);
        });
    }
}
