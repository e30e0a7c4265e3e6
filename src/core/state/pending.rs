//! Pending updates: keeps rows still while somebody reads them.
//!
//! An automatic refresh must not move rows under the pointer. So while somebody reads, its result is
//! applied in part: a shown task that changed is updated in its place, and a new task waits. The order
//! stays, tasks that are gone stay as last seen, and [`PendingUpdates::count`] says how many new ones wait.
//! The figures of the range (completeness, exports) belong to the dataset and are always the current ones.
//!
//! **Who reads.** Somebody reads if the view is on a later page, if the details of a task are open, if
//! the table is scrolled past the first row, or if the pointer or the focus is on a row or on the button
//! that shows the pending tasks. The first two are known here. The table reports the others
//! (`Action::Reading`, see `view::is_read`). This is checked when a refresh begins and when an answer
//! arrives, and not in between: a person who moves the pointer off the rows, for example towards that
//! button, finds everything in its place until the next refresh. When the person asks for the new tasks or
//! changes the view, everything is shown at once.

use std::rc::Rc;

use super::source::Source;
use crate::core::dataset::Dataset;
use crate::core::table::identity::{Mark, sort};

/// What is shown while rows are held still, and how much waits.
#[derive(Debug)]
pub(super) struct PendingUpdates {
    /// Whether the pages are cut here. The rows that are held still are then those of the view.
    is_local: bool,
    /// The shown page, if the server cuts the pages.
    page: Option<Vec<u32>>,
    /// The total when the rows began to be held.
    total: Option<u64>,
    /// The version of the dataset that has been applied.
    version: u64,
    /// The number of new tasks that wait.
    count: u64,
}

impl PendingUpdates {
    pub(super) fn begin(is_local: bool, page: Option<Vec<u32>>, dataset: &Dataset) -> Self {
        Self {
            is_local,
            page,
            total: dataset.total(),
            version: dataset.version,
            count: 0,
        }
    }

    pub(super) fn is_local(&self) -> bool {
        self.is_local
    }

    /// The shown page, if the server cuts the pages.
    pub(super) fn page(&self) -> Option<&Vec<u32>> {
        self.page.as_ref()
    }

    /// The number of rows of the view, if the server cuts the pages.
    pub(super) fn total(&self) -> Option<u64> {
        self.total.filter(|_| self.page.is_some())
    }

    /// The number of new tasks that wait and pass the filter.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Applies what has come since the last time. `rows` are those of the view.
    pub(super) fn update(&mut self, rows: &mut Rc<Vec<u32>>, source: Source<'_>) {
        let dataset = source.dataset;
        if self.version == dataset.version {
            return;
        }
        self.version = dataset.version;
        if let Some(page) = &mut self.page {
            let shown = follow(dataset, page);
            let total = dataset.total().zip(self.total);
            let more = total.map_or(0, |(now, then)| now.saturating_sub(then));
            // Old tasks may have gone, so the new rows at the top of the page are counted as well.
            let view = &source.query.view;
            let came = dataset.slice(view.offset(), u64::from(view.rows_per_page));
            let ahead = came.iter().flatten().take_while(|row| !shown[**row as usize]);
            self.count = more.max(ahead.count() as u64);
        } else {
            let mut held = rows.to_vec();
            let shown = follow(dataset, &mut held);
            *rows = Rc::new(held);
            let mut fresh = dataset.rows().to_vec();
            fresh.retain(|row| !shown[*row as usize]);
            let filter = &source.query.filter;
            filter.retain(&mut fresh, dataset.table(), source.now, source.locale);
            self.count = fresh.len() as u64;
        }
    }
}

/// Replaces changed rows by their current content. Returns for each row number whether it is among
/// `rows` now.
fn follow(dataset: &Dataset, rows: &mut [u32]) -> Vec<bool> {
    let mut here = vec![false; dataset.table().len()];
    let mut shown = here.clone();
    let current = dataset.rows();
    current.iter().for_each(|row| here[*row as usize] = true);
    rows.iter().for_each(|row| shown[*row as usize] = true);
    let mut gone: Vec<Mark> = (0..rows.len())
        .filter(|at| !here[rows[*at] as usize])
        .map(|at| {
            let (id, created) = dataset.identity(rows[at]);
            (id, created, at)
        })
        .collect();
    sort(&mut gone);
    for &row in current {
        if gone.is_empty() {
            break;
        }
        let (id, created) = dataset.identity(row);
        let at = gone.partition_point(|mark| *mark < (id, created, 0));
        let same = gone.get(at).is_some_and(|mark| (mark.0, mark.1) == (id, created));
        if same && !shown[row as usize] {
            rows[gone.remove(at).2] = row;
            shown[row as usize] = true;
        }
    }
    shown
}

#[cfg(test)]
#[path = "pending_tests.rs"]
mod tests;
