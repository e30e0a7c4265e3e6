//! The range as far as it is loaded: merges pages, proves completeness and says what to fetch next.
//!
//! There are three ways to fetch. A *page* is one server page at the page size of the view: the cheap way,
//! as long as nothing needs the whole range. A [*full scan*](full_scan) fetches every page at its own page
//! size and proves that it has them all. An [*incremental refresh*](incremental) updates a range that is
//! loaded completely. This module combines their results: which rows are loaded, of how many, and whether
//! that is all. May import `api` and the rooms that it may import.

mod full_scan;
mod incremental;
mod pages;

use crate::core::api::request::{PageRequest, Purpose};
use crate::core::api::response::Page;
use crate::core::domain::column::{IntField, TimeField};
use crate::core::table::Table;
use crate::core::table::identity::{self, Identity};
#[cfg(test)]
pub(in crate::core) use full_scan::EXTRA;
use full_scan::{FullScan, Verdict};
use incremental::{IncrementalRefresh, Step};
use pages::{CachedPage, Pages, remove_repeats};

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

    /// Adds an answer. `start` is the start of the range when it was requested.
    pub fn take_page(&mut self, request: PageRequest, page: &Page, start: Option<i64>, max_rows: usize) {
        if let (Purpose::FullScan, Some(total)) = (request.purpose, page.total) {
            // The number of rows to come is known, so the columns need not grow by doubling.
            self.table.reserve(total.min(max_rows as u64) as usize);
        }
        let rows = self.add(page);
        if matches!(request.purpose, Purpose::Newest | Purpose::Running) {
            return self.take_refreshed(request, &rows, page, start, max_rows);
        }
        self.version += 1;
        if rows.len() as u64 > request.size {
            self.oversent = true;
            if page.total.is_none_or(|total| rows.len() as u64 >= total) || rows.len() > max_rows {
                self.start = start;
                return self.take_all(rows, page.total, max_rows);
            }
        }
        let cached = CachedPage {
            number: request.page,
            rows,
            unreadable: page.unreadable,
            total: page.total,
            rechecked: false,
        };
        if request.purpose == Purpose::Page {
            self.take_shown_page(request, cached, max_rows);
        } else {
            self.take_scanned(request, cached, max_rows);
        }
        if self.scan.is_none() {
            self.start = start;
        }
        self.scanned = self
            .scan
            .as_ref()
            .map_or(Vec::new(), |scan| scan.pages.distinct(self.table.len()));
        self.scanned.truncate(max_rows);
    }

    fn add(&mut self, page: &Page) -> Vec<u32> {
        let rows = self.table.absorb(&page.rows);
        let ids = rows.iter().filter_map(|row| self.table.id(*row));
        self.greatest_id = ids.fold(self.greatest_id, i64::max);
        self.bad_ids += rows.iter().filter(|row| self.table.id(**row).is_none()).count();
        rows
    }

    /// Sets everything at once: the host's own tasks, or the answer of a server that ignores paging.
    fn take_all(&mut self, mut rows: Vec<u32>, total: Option<u64>, max_rows: usize) {
        remove_repeats(&mut rows, self.table.len());
        let came = rows.len();
        rows.truncate(max_rows);
        self.total = Some(total.unwrap_or(0).max(came as u64));
        self.complete = self.total == Some(rows.len() as u64);
        self.scan_end = match (came > max_rows, self.complete) {
            (true, _) => ScanEnd::Capped,
            (false, true) => ScanEnd::Open,
            (false, false) => ScanEnd::Unproven,
        };
        self.pages = Pages::single(rows.clone(), 0);
        self.rows = rows;
        (self.scan, self.refresh) = (None, None);
        self.scanned.clear();
        self.version += 1;
    }

    /// Sets the host's own tasks.
    pub fn take_tasks(&mut self, page: &Page, max_rows: usize) {
        let rows = self.add(page);
        self.take_all(rows, None, max_rows);
        self.pages = Pages::single(self.rows.clone(), page.unreadable);
    }

    fn take_shown_page(&mut self, request: PageRequest, page: CachedPage, max_rows: usize) {
        // An element that could not be read is still counted by the server.
        let came = (page.rows.len() + page.unreadable) as u64;
        let named = page.total;
        let ends = came < request.size && (!page.rows.is_empty() || request.page == 1);
        let total = named.or_else(|| ends.then_some(request.offset() + came));
        let before = self.pages.get(request.page);
        let same_tasks = before.is_none_or(|before| self.ids(&before.rows).eq(self.ids(&page.rows)));
        if self.pages.size != request.size || self.total != total || !same_tasks {
            self.pages = Pages::of(request.size);
        }
        self.total = total;
        self.scan_end = ScanEnd::Open;
        self.pages.put(page);
        self.rows = self.pages.distinct(self.table.len());
        self.rows.truncate(max_rows);
        // A short page proves nothing: a server that names no total may have its own limit.
        self.complete = named == Some(self.rows.len() as u64);
    }

    #[inline(never)]
    fn take_scanned(&mut self, request: PageRequest, page: CachedPage, max_rows: usize) {
        let Some(mut scan) = self.scan.take() else { return };
        let verdict = scan.take_page(request, page, (&self.rows, self.total), max_rows, &self.table);
        self.has_changed = scan.has_changed;
        if verdict == Verdict::More {
            self.scan = Some(scan);
            return;
        }
        self.total = scan.total;
        self.pages = scan.into_pages(max_rows);
        self.rows = self.pages.distinct(self.table.len());
        if verdict == Verdict::Proven && self.total.is_none() {
            self.total = Some(self.rows.len() as u64 + self.pages.unreadable());
        }
        self.rows.truncate(max_rows);
        self.complete = verdict == Verdict::Proven && self.pages.unreadable() == 0;
        self.has_changed |= verdict == Verdict::Unproven;
        self.scan_end = match verdict {
            Verdict::Capped => ScanEnd::Capped,
            Verdict::Unproven => ScanEnd::Unproven,
            _ => ScanEnd::Open,
        };
    }

    /// Updates the loaded rows, or starts a full scan if the result is not certain.
    #[inline(never)]
    fn take_refreshed(
        &mut self,
        request: PageRequest,
        rows: &[u32],
        page: &Page,
        start: Option<i64>,
        max_rows: usize,
    ) {
        let came = rows.len() as u64;
        if request.purpose == Purpose::Newest
            && came > request.size
            && page.total.is_none_or(|total| came >= total)
        {
            self.oversent = true;
            self.start = start;
            return self.take_all(rows.to_vec(), page.total, max_rows);
        }
        let Some(mut refresh) = self.refresh.take() else {
            return;
        };
        match refresh.take_page(request, rows, page, &self.rows, &self.table) {
            Step::More => self.refresh = Some(refresh),
            Step::Done if refresh.rows.len() <= max_rows => {
                self.has_changed = false;
                self.start = start;
                self.total = refresh.total;
                if refresh.rows != self.rows {
                    self.pages = Pages::single(refresh.rows.clone(), 0);
                    self.rows = refresh.rows;
                    self.version += 1;
                }
            }
            _ => {
                self.begin_scan(max_rows);
            }
        }
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

    fn ids<'a>(&'a self, rows: &'a [u32]) -> impl Iterator<Item = Option<i64>> + 'a {
        rows.iter().map(|&row| self.table.int(row, IntField::Id))
    }
}

#[cfg(test)]
mod tests;
