//! A full scan: fetching every page of the range, and deciding when the result is complete.
//!
//! **When a range counts as complete.** All pages that count name the same total, and as many distinct
//! rows are loaded as that total says. If no task comes or goes while the total stays the same, equal
//! totals mean equal lists. Then the pages are cuts of one list, and what is loaded is that list. If the
//! server names no total, the range is complete when each page was full up to one that was not, and no
//! row came twice.
//!
//! **New tasks.** They come first in OCP's order and would push every page down. So if the first page is
//! ordered by creation, newest first, the other pages are requested up to the newest task of the first
//! page only (the *pin*). The totals show whether the server applies that bound to the same time. If not,
//! the rest is requested without it.
//!
//! **Repair.** Pages that name another total than the newest answer are in doubt. They are requested
//! again, from the last one up. A page that comes back unchanged does *not* prove the pages before it: a
//! task that went and another that came above it leave the page as it was. If all totals agree and the
//! number of rows still does not, a row has moved from one page to another (or is there twice), and each page
//! is requested once more. The repair is limited to [`EXTRA`] requests beyond one for each page. If that
//! is not enough, the scan ends as unproven, and the person is told so.

use crate::core::api::request::{PageRequest, Purpose};
use crate::core::dataset::pages::{CachedPage, Pages};
use crate::core::domain::column::TimeField;
use crate::core::table::Table;

/// The most requests of a full scan beyond one for each page.
pub const EXTRA: u64 = 12;

/// The state of a full scan after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// More pages are needed.
    More,
    /// Everything is loaded.
    Proven,
    /// Whether everything is loaded cannot be decided.
    Unproven,
    /// The range has more tasks than may be loaded.
    Capped,
}

/// A full scan in progress.
#[derive(Debug, Clone)]
pub(super) struct FullScan {
    /// The pages that came.
    pub pages: Pages,
    /// The total that an answer named last.
    pub total: Option<u64>,
    /// Whether the list changed during the scan.
    pub has_changed: bool,
    /// The total that an answer to a request without the pin named last.
    unpinned_total: Option<u64>,
    /// The pin: pages after the first are requested up to this time, in microseconds since 1970.
    pin: Option<i64>,
    /// Pages that were requested and have not come. To request them again after a failure does not count
    /// as another request.
    open: Vec<u64>,
    /// The number of requests so far.
    requested: u64,
    /// The number of pages by the first total.
    planned: Option<u64>,
    /// Whether a page came that was not full, if no total says where the end is.
    ended: bool,
}

impl FullScan {
    /// A new scan, with the page size of full scans.
    pub fn new(page_size: u64, max_rows: usize) -> Self {
        Self {
            pages: Pages::of(page_size.min(max_rows as u64)),
            total: None,
            has_changed: false,
            unpinned_total: None,
            pin: None,
            open: Vec::new(),
            requested: 0,
            planned: None,
            ended: false,
        }
    }

    /// The number of the last page that is needed.
    fn last(&self, max_rows: usize) -> u64 {
        match self.total {
            Some(total) => total.min(max_rows as u64).div_ceil(self.pages.size).max(1),
            None => self.pages.cached.len() as u64 + u64::from(!self.ended),
        }
    }

    /// The pages that came, up to the last one that is needed.
    fn needed_pages(&self, max_rows: usize) -> &[CachedPage] {
        let last = self.last(max_rows);
        let all = &self.pages.cached;
        &all[..all.partition_point(|page| page.number <= last)]
    }

    /// The pages of a full scan that has ended.
    pub fn into_pages(mut self, max_rows: usize) -> Pages {
        let within = self.needed_pages(max_rows).len();
        self.pages.cached.truncate(within);
        self.pages
    }

    fn requests_left(&self) -> u64 {
        self.planned.map_or(u64::MAX, |planned| {
            (planned + EXTRA).saturating_sub(self.requested)
        })
    }

    /// The pages that are needed next, whether requested already or not.
    fn due_pages(&self, max_rows: usize) -> Vec<u64> {
        let pages = self.needed_pages(max_rows);
        let mut have = pages.iter().map(|page| page.number).peekable();
        let missing = (1..=self.last(max_rows)).filter(|page| have.next_if_eq(page).is_none());
        // More than are requested at once, and more than a repair may request.
        let missing: Vec<u64> = missing.take(64).collect();
        if !missing.is_empty() {
            return missing;
        }
        let pick = |wanted: &dyn Fn(&CachedPage) -> bool| -> Vec<u64> {
            let some = pages.iter().rev().filter(|page| wanted(page));
            some.map(|page| page.number).collect()
        };
        let in_doubt = pick(&|page| page.total != self.total);
        if in_doubt.is_empty() {
            pick(&|page| !page.rechecked || self.open.contains(&page.number))
        } else {
            in_doubt
        }
    }

    /// The requests to send next, so that at most `most` are in flight.
    pub fn requests(&mut self, in_flight: &[PageRequest], most: usize, max_rows: usize) -> Vec<PageRequest> {
        let room = most.saturating_sub(in_flight.len());
        let mut pages: Vec<u64> = self
            .open
            .iter()
            .copied()
            .filter(|page| !in_flight.iter().any(|request| request.page == *page))
            .collect();
        for page in self.due_pages(max_rows) {
            if pages.len() >= room || self.requests_left() == 0 {
                break;
            }
            if self.open.contains(&page) {
                continue;
            }
            if self.pages.get(page).is_some() {
                // A repair requests without the pin, which may be the cause.
                self.pin = None;
                self.has_changed |= self.pages.get(page).is_some_and(|page| page.total == self.total);
            }
            self.requested += 1;
            self.open.push(page);
            pages.push(page);
        }
        pages.truncate(room);
        let request = |page| PageRequest {
            purpose: Purpose::FullScan,
            page,
            size: self.pages.size,
            start: None,
            end: self.pin.filter(|_| page > 1),
        };
        pages.into_iter().map(request).collect()
    }

    /// Adds the page that an answer brought. `before` is the rows and the total that were loaded before the
    /// scan.
    pub fn take_page(
        &mut self,
        request: PageRequest,
        mut page: CachedPage,
        before: (&[u32], Option<u64>),
        max_rows: usize,
        table: &Table,
    ) -> Verdict {
        if request.size != self.pages.size {
            return Verdict::More;
        }
        self.open.retain(|page| *page != request.page);
        let came = (page.rows.len() + page.unreadable) as u64;
        let total = page.total;
        if let Some(earlier) = self.pages.get(request.page) {
            page.rechecked = earlier.rechecked || earlier.total == self.total;
        }
        let is_first = self.pages.cached.is_empty();
        if request.page > 1 && total.is_none_or(|total| request.offset() < total) {
            let first = self.pages.get(1);
            let repeats =
                came > 0 && first.is_some_and(|first| first.total == total && first.rows == page.rows);
            if request.end.is_some() && came == 0 {
                // The server may count the whole range in spite of the bound, so its total is ignored
                // here.
                (self.pin, page.total) = (None, None);
            } else if repeats || came == 0 && total.is_some() {
                // The server sends the same for every page, or an empty page where rows are due.
                self.pages.put(page);
                return Verdict::Unproven;
            }
        }
        if request.end.is_none() {
            self.has_changed |= total.is_some()
                && self
                    .unpinned_total
                    .is_some_and(|unpinned| Some(unpinned) != total);
            self.unpinned_total = total.or(self.unpinned_total);
        } else if total != self.unpinned_total {
            self.pin = None;
        }
        let count = |pages: &Pages| pages.distinct(table.len()).len();
        let loaded = total.or(self.total).is_none().then(|| count(&self.pages));
        let rows = page.rows.clone();
        self.pages.put(page);
        self.total = total.or(self.total);
        if is_first && request.page == 1 && came > 0 && total.is_none_or(|total| total > came) {
            // The server uses its own page size, so the scan continues with that.
            if came < request.size || total.is_some() {
                self.pages.size = came;
            }
            self.pin = newest(&rows, table).filter(|_| total.is_some());
        } else if self.total.is_none() {
            self.ended = came < request.size;
        }
        if self.total.is_some() && self.planned.is_none() {
            let here = self.pages.cached.len() as u64;
            self.planned = Some(self.last(max_rows).max(here));
        }
        let stuck = !is_first && loaded.is_some_and(|before| count(&self.pages) == before);
        if !self.ended && stuck {
            return Verdict::Unproven;
        }
        self.verdict(before, max_rows, table)
    }

    fn verdict(&self, before: (&[u32], Option<u64>), max_rows: usize, table: &Table) -> Verdict {
        let needed = self.needed_pages(max_rows);
        let whole = needed.len() as u64 == self.last(max_rows);
        let came = |page: &CachedPage| (page.rows.len() + page.unreadable) as u64;
        let came: u64 = needed.iter().map(came).sum();
        if !whole
            && self.total.is_none_or(|total| came < total)
            && came < max_rows as u64
            && self.requests_left() > 0
        {
            return Verdict::More;
        }
        let pages = Pages {
            cached: needed.to_vec(),
            ..Pages::of(self.pages.size)
        };
        let rows = pages.distinct(table.len());
        let loaded = rows.len() as u64 + pages.unreadable();
        let Some(total) = self.total else {
            return match (self.ended, loaded >= max_rows as u64) {
                _ if loaded > max_rows as u64 => Verdict::Capped,
                (true, _) if pages.row_count() == rows.len() as u64 => Verdict::Proven,
                (true, _) => Verdict::Unproven,
                (_, true) => Verdict::Capped,
                _ => Verdict::More,
            };
        };
        let agreed = needed.iter().all(|page| page.total == Some(total));
        if total > max_rows as u64 {
            if whole || self.requests_left() == 0 && self.open.is_empty() {
                return Verdict::Capped;
            }
            return Verdict::More;
        }
        if agreed && loaded == total {
            return Verdict::Proven;
        }
        // The same result as before the scan shows that the list does not change and really repeats rows.
        if whole && agreed && before == (&rows, self.total) {
            return Verdict::Unproven;
        }
        let due = self.due_pages(max_rows);
        let new = due.iter().filter(|page| !self.open.contains(page)).count() as u64;
        if due.is_empty() || new > self.requests_left() {
            return Verdict::Unproven;
        }
        Verdict::More
    }
}

/// The first whole millisecond after the newest row, in microseconds since 1970. `None` unless the rows
/// are ordered by creation, newest first. Bounds are whole milliseconds, and whether they are inclusive
/// is not documented.
fn newest(rows: &[u32], table: &Table) -> Option<i64> {
    let time = |row: &u32| table.time(*row, TimeField::CreateTime);
    let ordered = rows
        .windows(2)
        .all(|pair| time(&pair[1]).is_some() && time(&pair[0]) >= time(&pair[1]));
    let newest = rows.first().and_then(time).filter(|_| ordered)?;
    newest.div_euclid(1000).checked_add(1)?.checked_mul(1000)
}
