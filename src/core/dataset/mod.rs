//! The range as far as it is loaded: merges pages, proves completeness and says what to fetch next.
//!
//! There are three ways to fetch. A *page* is one server page at the page size of the view: the cheap way,
//! as long as nothing needs the whole range. A *full scan* (`full_scan.rs`) fetches every page at its own page
//! size and proves that it has them all. An *incremental refresh* (`incremental.rs`) updates a range that is
//! loaded completely. This module combines their results: which rows are loaded, of how many, and whether
//! that is all. May import `api` and the rooms that it may import.

mod answers;
mod full_scan;
mod incremental;
mod pages;

use crate::core::api::request::PageRequest;
use crate::core::domain::column::TimeField;
use crate::core::table::Table;
use crate::core::table::identity::{self, Identity};
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(in crate::core) use full_scan::EXTRA;
use full_scan::FullScan;
use incremental::IncrementalRefresh;
use pages::{Pages, remove_repeats};

/// The page size of full scans: the most that OCP's sibling lists accept.
pub const SCAN_SIZE: u64 = 2000;

/// How many unused contents are kept before they are dropped, beyond half as many as the loaded rows.
const MOST_OLD: usize = 64;

/// How the last full scan ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ScanEnd {
    /// There was none, or it is in progress, or it proved that everything is loaded.
    #[default]
    Open,
    /// The range has more tasks than may be loaded (`max-rows`).
    Capped,
    /// The list kept changing, so completeness could not be proved.
    Unproven,
}

/// The state of the range.
#[derive(Debug, Clone)]
pub struct Dataset {
    table: Table,
    pages: Pages,
    rows: Vec<u32>,
    total: Option<u64>,
    complete: bool,
    scan: Option<FullScan>,
    refresh: Option<IncrementalRefresh>,
    scan_size: u64,
    /// The start of the range when it was last fetched, in microseconds since 1970.
    start: Option<i64>,
    /// The rows that the full scan in progress has brought so far.
    scanned: Vec<u32>,
    bad_ids: usize,
    /// The greatest id that ever came; the width of the id column depends on it.
    pub greatest_id: i64,
    /// How the last full scan ended.
    pub scan_end: ScanEnd,
    /// Whether the list changed during the last full scan.
    pub has_changed: bool,
    /// Whether the server sent more rows than were requested.
    pub oversent: bool,
    /// Counts the changes of the rows.
    pub version: u64,
}

impl Default for Dataset {
    fn default() -> Self {
        Self {
            table: Table::default(),
            pages: Pages::default(),
            rows: Vec::new(),
            total: None,
            complete: false,
            scan: None,
            refresh: None,
            scan_size: SCAN_SIZE,
            start: None,
            scanned: Vec::new(),
            bad_ids: 0,
            greatest_id: 0,
            scan_end: ScanEnd::Open,
            has_changed: false,
            oversent: false,
            version: 0,
        }
    }
}

impl Dataset {
    /// An empty dataset that replaces another one.
    pub(in crate::core) fn after(other: &Self) -> Self {
        Self {
            version: other.version + 1,
            scan_size: other.scan_size,
            ..Self::default()
        }
    }

    /// Sets the page size of full scans, so that a test needs few tasks for many pages.
    #[cfg(test)]
    #[cfg(not(target_arch = "wasm32"))]
    pub(in crate::core) fn set_scan_size(&mut self, size: u64) {
        self.scan_size = size;
    }

    /// The tasks by row number.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The loaded rows in the server's order. During a first full scan, those that it has brought so far.
    pub fn rows(&self) -> &[u32] {
        if self.scanned.len() > self.rows.len() && !self.complete {
            &self.scanned
        } else {
            &self.rows
        }
    }

    /// The number of loaded tasks.
    pub fn loaded(&self) -> u64 {
        self.rows().len() as u64
    }

    /// The number of elements in the answers that were not tasks.
    pub fn unreadable(&self) -> usize {
        self.pages.unreadable() as usize
    }

    /// The row that holds this task now, if its content has changed; otherwise the row itself.
    pub fn newest(&self, row: u32) -> u32 {
        let rows = self.rows();
        if rows.contains(&row) {
            return row;
        }
        rows.iter()
            .copied()
            .find(|&other| self.identity(other) == self.identity(row))
            .unwrap_or(row)
    }

    /// How many of the loaded rows have no valid id.
    pub fn bad_ids(&self) -> usize {
        if self.bad_ids == 0 {
            0
        } else {
            self.rows()
                .iter()
                .filter(|row| self.table.id(**row).is_none())
                .count()
        }
    }

    /// The number of tasks in the range; `None` if the server did not say.
    pub fn total(&self) -> Option<u64> {
        let scanned = self.scan.as_ref().and_then(|scan| scan.total);
        if self.complete {
            self.total
        } else {
            scanned.or(self.total)
        }
    }

    /// Whether every task of the range is loaded.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// The number of rows that the full scan in progress has fetched; `None` without one.
    pub fn progress(&self) -> Option<u64> {
        self.scan.as_ref().map(|scan| scan.pages.row_count())
    }

    /// `length` rows from `start` on, in the server's order. `None` if they are not loaded.
    pub fn slice(&self, start: u64, length: u64) -> Option<Vec<u32>> {
        let size = self.pages.size.max(1);
        let mut rows = Vec::new();
        for offset in start..start.saturating_add(length) {
            match self.pages.get(offset / size + 1) {
                // A page may hold fewer rows than were requested: the server has a limit, or some
                // elements were not tasks.
                Some(page) => rows.extend(page.rows.get((offset % size) as usize)),
                None if self.total.is_some_and(|total| offset >= total) => break,
                // Everything came as one page, so there is nothing to wait for.
                None if self.pages.all => break,
                None => return None,
            }
        }
        remove_repeats(&mut rows, self.table.len());
        Some(rows)
    }

    /// Ends a full scan that is no longer needed. Its rows are kept if they are more than those loaded before.
    pub fn end_scan(&mut self) {
        if let Some(scan) = self.scan.take()
            && !self.complete
            && self.scanned.len() > self.rows.len()
        {
            self.rows = std::mem::take(&mut self.scanned);
            self.pages = scan.pages;
            self.total = scan.total.or(self.total);
            self.version += 1;
        }
    }

    /// The requests that the full scan should send next, so that at most `most` are in flight. Starts one
    /// if there is none.
    pub fn scan_requests(
        &mut self,
        in_flight: &[PageRequest],
        most: usize,
        max_rows: usize,
    ) -> Vec<PageRequest> {
        self.begin_scan(max_rows).requests(in_flight, most, max_rows)
    }

    fn begin_scan(&mut self, max_rows: usize) -> &mut FullScan {
        if self.scan.is_none() {
            self.has_changed = false;
        }
        let size = self.scan_size;
        self.scan.get_or_insert_with(|| FullScan::new(size, max_rows))
    }

    /// The requests of an incremental refresh. Starts one if there is none, with pages of `size` rows; `start` is the
    /// range's start now, in microseconds since 1970.
    pub fn refresh_requests(&mut self, size: u64, start: Option<i64>) -> &[PageRequest] {
        if self.refresh.is_none() {
            // If tasks before the start are loaded, the server applies the bound to another time.
            let known = self.start.is_some_and(|start| {
                let created = |row: &u32| self.table.time(*row, TimeField::CreateTime);
                self.rows.iter().filter_map(created).all(|at| at >= start)
            });
            let loaded = self.rows.len() as u64;
            let start = start.filter(|_| known);
            self.refresh = Some(IncrementalRefresh::new(size, self.scan_size, loaded, start));
        }
        self.refresh.as_ref().map_or(&[], |refresh| &refresh.requests)
    }

    /// Whether an incremental refresh is in progress.
    pub fn is_refreshing(&self) -> bool {
        self.refresh.is_some()
    }

    /// Ends the incremental refresh.
    pub fn end_refresh(&mut self) {
        self.refresh = None;
    }

    /// Whether too many unused contents are kept. Never during a full scan or a refresh, which refer to rows
    /// that are not loaded yet.
    pub(in crate::core) fn is_wasteful(&self) -> bool {
        let most = self.rows.len() * 3 / 2 + MOST_OLD;
        self.table.used() > most && self.scan.is_none() && self.refresh.is_none()
    }

    /// Drops the contents that nothing uses. `shown` are rows that are in use besides the loaded ones.
    #[inline(never)]
    pub(in crate::core) fn sweep<'a>(&mut self, shown: impl Iterator<Item = &'a u32>) {
        let mut kept = vec![false; self.table.len()];
        let cached = self.pages.cached.iter().flat_map(|page| &page.rows);
        let loaded = self.rows.iter().chain(&self.scanned).chain(cached);
        loaded.for_each(|row| kept[*row as usize] = true);
        shown.for_each(|row| kept[*row as usize] = true);
        self.table.sweep(&kept);
    }

    /// The page size of the cached pages.
    #[cfg(test)]
    #[cfg(not(target_arch = "wasm32"))]
    pub(in crate::core) fn pages_size(&self) -> u64 {
        self.pages.size
    }

    /// Whether a full scan is in progress.
    pub fn is_scanning(&self) -> bool {
        self.scan.is_some()
    }

    /// The identity of a task, which stays the same when its content changes.
    pub(in crate::core) fn identity(&self, row: u32) -> Identity {
        identity::key(&self.table, row)
    }
}

#[cfg(test)]
mod tests;
