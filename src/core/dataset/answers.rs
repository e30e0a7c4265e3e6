//! Takes the answers: a page that is shown, a page of a full scan, a page of an incremental refresh, or everything at
//! once.

use super::full_scan::Verdict;
use super::incremental::Step;
use super::pages::{CachedPage, Pages, remove_repeats};
use super::{Dataset, ScanEnd};
use crate::core::api::request::{PageRequest, Purpose};
use crate::core::api::response::Page;
use crate::core::domain::column::IntField;

impl Dataset {
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

    fn ids<'a>(&'a self, rows: &'a [u32]) -> impl Iterator<Item = Option<i64>> + 'a {
        rows.iter().map(|&row| self.table.int(row, IntField::Id))
    }
}
