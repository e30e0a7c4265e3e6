//! What is shown: the rows of the view and of its page, the open details, and whether somebody reads.
//!
//! The rows are range, filter and order applied to the loaded tasks. They are computed again only if
//! something that they depend on has changed.

use std::rc::Rc;

use super::pending::PendingUpdates;
use super::source::Source;
use crate::core::dataset::Dataset;
use crate::core::domain::column::TimeField;
use crate::core::query::filter::Filter;
use crate::core::query::sort::{self, Sort};
use crate::core::time::TimeRange;

/// What the rows of the view were computed from last.
#[derive(Debug, Clone, PartialEq)]
struct Basis {
    version: u64,
    filter: Rc<Filter>,
    sort: Option<Sort>,
    is_local: bool,
    loaded: usize,
    /// The range, for the host's own tasks only: the server bounds the others.
    range: Option<TimeRange>,
}

/// What is shown.
#[derive(Debug, Default)]
pub struct Shown {
    /// The row numbers of the view, in order, on all its pages. Empty while the server cuts the pages.
    pub rows: Rc<Vec<u32>>,
    /// The row number of the task whose details are open.
    pub details: Option<u32>,
    /// Whether somebody is at the rows, as the table reported last.
    pub is_reading: bool,
    pub(super) pending: Option<PendingUpdates>,
    basis: Option<Basis>,
}

impl Shown {
    /// Drops the rows and the details, which belong to another range.
    pub(super) fn clear(&mut self) {
        self.rows = Rc::default();
        self.details = None;
        self.pending = None;
        self.basis = None;
    }

    /// Makes the next [`derive`](Self::derive) compute the rows again.
    pub(super) fn forget_basis(&mut self) {
        self.basis = None;
    }

    /// The number of new tasks that wait to be shown.
    pub(super) fn pending_count(&self) -> u64 {
        self.pending.as_ref().map_or(0, PendingUpdates::count)
    }

    /// Holds the rows still: what comes from now on waits. `page` is the shown page, if the server cuts the
    /// pages.
    pub(super) fn hold(&mut self, is_local: bool, page: Option<Vec<u32>>, dataset: &Dataset) {
        if self.pending.is_none() && (is_local || page.is_some()) {
            self.pending = Some(PendingUpdates::begin(is_local, page, dataset));
        }
    }

    /// Shows everything that waits.
    pub(super) fn release(&mut self) {
        if self.pending.take().is_some() {
            self.forget_basis();
        }
    }

    /// Keeps the details on their task when its content has changed, and with it its row number.
    pub(super) fn follow_details(&mut self, dataset: &Dataset) {
        self.details = self.details.map(|row| dataset.newest(row));
    }

    /// The rows in use besides the loaded ones.
    pub(super) fn rows_in_use(&self) -> impl Iterator<Item = &u32> {
        let waiting = self.pending.iter().filter_map(PendingUpdates::page).flatten();
        self.rows.iter().chain(&self.details).chain(waiting)
    }

    /// Applies what has come to the rows that are held still. Returns whether they are.
    fn update_pending(&mut self, source: Source<'_>) -> bool {
        if self
            .pending
            .as_ref()
            .is_some_and(|pending| pending.is_local() != source.is_local)
        {
            self.release();
        }
        let Some(pending) = &mut self.pending else {
            return false;
        };
        pending.update(&mut self.rows, source);
        true
    }

    /// Computes the rows of the view again if something that they depend on has changed.
    pub(super) fn derive(&mut self, source: Source<'_>) {
        if self.update_pending(source) {
            return;
        }
        let Source {
            dataset,
            query,
            locale,
            now,
            is_local,
            ..
        } = source;
        // During a full scan, the rows are computed only when their number has doubled: O(n log n) work in
        // all, not O(n²).
        let loaded = dataset.loaded() as usize;
        let shown = self.basis.as_ref().map_or(0, |basis| basis.loaded);
        let is_first_scan = dataset.is_scanning() && !dataset.is_complete();
        let version = match &self.basis {
            Some(basis) if is_first_scan && loaded < shown * 2 && basis.is_local == is_local => basis.version,
            _ => dataset.version,
        };
        let basis = Basis {
            version,
            filter: query.filter.clone(),
            sort: query.view.sort.filter(|_| is_local),
            is_local,
            loaded: 0,
            range: Some(query.view.range).filter(|_| source.has_host_tasks),
        };
        let is_same = self.basis.as_ref().is_some_and(|old| {
            Basis {
                loaded: 0,
                ..old.clone()
            } == basis
        });
        if is_same {
            return;
        }
        let mut rows = if is_local {
            dataset.rows().to_vec()
        } else {
            Vec::new()
        };
        let table = dataset.table();
        if let Some(range) = basis.range.filter(|range| *range != TimeRange::All) {
            let (start, end) = range.bounds(now, locale);
            rows.retain(|row| {
                let at = table.time(*row, TimeField::CreateTime);
                at.is_some_and(|at| start.is_none_or(|start| start <= at) && end.is_none_or(|end| at <= end))
            });
        }
        query.filter.retain(&mut rows, table, now, locale);
        if let Some(sort) = basis.sort {
            sort::sort(&mut rows, table, sort, now, locale);
        }
        self.rows = Rc::new(rows);
        self.basis = Some(Basis { loaded, ..basis });
    }
}
