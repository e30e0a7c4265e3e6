//! The rows of the view and of its page: range, filter and order, applied to the held tasks. They are
//! computed again only if something that they depend on has changed.

use std::rc::Rc;

use super::column::TimeField;
use super::filter::Filter;
use super::hold::Hold;
use super::order::{self, Sort};
use super::state::State;
use super::time::Range;

/// What the rows of the view were computed from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Derived {
    version: u64,
    filter: Rc<Filter>,
    sort: Option<Sort>,
    local: bool,
    held: usize,
    /// The range, for the host's own tasks only: the server bounds the others.
    range: Option<Range>,
}

impl State {
    /// Computes the rows of the view again if something that they depend on has changed.
    pub(super) fn derive(&mut self) {
        if self.update_held() {
            return;
        }
        let local = self.is_local();
        // During a walk, the rows are computed only when their number has doubled: O(n log n) work in
        // all, not O(n²).
        let held = self.history.held() as usize;
        let shown = self.derived.as_ref().map_or(0, |derived| derived.held);
        let walking = self.history.is_walking() && !self.history.is_complete();
        let version = match &self.derived {
            Some(derived) if walking && held < shown * 2 && derived.local == local => derived.version,
            _ => self.history.version,
        };
        let derived = Derived {
            version,
            filter: self.filter.clone(),
            sort: self.view.sort.filter(|_| local),
            local,
            held: 0,
            range: Some(self.view.range).filter(|_| self.host_tasks),
        };
        let same = self.derived.as_ref().is_some_and(|old| {
            Derived {
                held: 0,
                ..old.clone()
            } == derived
        });
        if same {
            return;
        }
        let mut rows = if local {
            self.history.rows().to_vec()
        } else {
            Vec::new()
        };
        if let Some(range) = derived.range.filter(|range| *range != Range::All) {
            let (start, end) = range.bounds(self.now, &*self.locale);
            let table = self.history.table();
            rows.retain(|row| {
                let at = table.time(*row, TimeField::CreateTime);
                at.is_some_and(|at| start.is_none_or(|start| start <= at) && end.is_none_or(|end| at <= end))
            });
        }
        self.filter
            .retain(&mut rows, self.history.table(), self.now, &*self.locale);
        if let Some(sort) = derived.sort {
            order::sort(&mut rows, self.history.table(), sort, self.now, &*self.locale);
        }
        self.rows = Rc::new(rows);
        self.derived = Some(Derived { held, ..derived });
    }

    /// The number of rows of the view on all its pages; `None` if the server did not say.
    pub fn count(&self) -> Option<u64> {
        if let Some(total) = self.hold.as_ref().and_then(Hold::total) {
            Some(total)
        } else if self.is_local() {
            Some(self.rows.len() as u64)
        } else {
            self.history.total()
        }
    }

    /// The number of pages of the view; `None` if it is not known.
    pub fn page_count(&self) -> Option<u64> {
        let size = u64::from(self.view.rows_per_page);
        if size == 0 {
            Some(1)
        } else {
            self.count().map(|count| count.div_ceil(size).max(1))
        }
    }

    /// The rows of the shown page; `None` while they are not held.
    pub fn page_rows(&self) -> Option<Rc<Vec<u32>>> {
        let size = u64::from(self.view.rows_per_page);
        if size == 0 {
            return Some(Rc::clone(&self.rows));
        }
        let start = (self.view.page - 1) * size;
        if let Some(page) = self.hold.as_ref().and_then(|hold| hold.page.as_ref()) {
            return Some(Rc::new(page.clone()));
        }
        if self.is_local() {
            let rows = self.rows.iter().skip(start as usize).take(size as usize);
            return Some(Rc::new(rows.copied().collect()));
        }
        self.history.slice(start, size).map(Rc::new)
    }

    /// Drops the rows of the view, which belong to another range.
    pub(super) fn forget_rows(&mut self) {
        self.rows = Rc::default();
        self.hold = None;
        self.derived = None;
    }

    /// Makes the next [`derive`](Self::derive) compute the rows again.
    pub(super) fn forget_derived(&mut self) {
        self.derived = None;
    }

    /// Keeps the details on their task when its content has changed, and with it its row number.
    pub(super) fn follow_details(&mut self) {
        self.details = self.details.map(|row| self.history.newest(row));
    }

    /// Moves a page beyond the last one back to the last. Returns whether it did.
    pub(super) fn clamp_page(&mut self) -> bool {
        let still_coming = self.history.is_walking() && !self.history.is_complete();
        let Some(last) = self
            .page_count()
            .filter(|_| !still_coming && self.fetched_at.is_some())
        else {
            return false;
        };
        if self.view.page <= last {
            return false;
        }
        self.view.page = last;
        self.loading.due_window();
        true
    }
}
