//! The range as far as it is held: merges pages, proves completeness and says what to fetch next.
//!
//! There are three ways to fetch. A *window* is one server page at the page size of the view: the cheap
//! way, as long as nothing needs the whole range. A [*walk*](super::walk) fetches every page at its own
//! page size and proves that it has them all. A [*poll*](super::poll) updates a range that is held
//! completely. This module combines their results: which rows are held, of how many, and whether that is
//! all.

use super::column::{IntField, TimeField};
use super::pages::{Pages, Sheet, once};
use super::poll::{self, Poll, Step};
use super::table::Table;
use super::walk::{Verdict, Walk};
use super::wire::Page;

pub use super::request::{Ask, Purpose};

/// The page size of walks: the most that OCP's sibling lists accept.
pub const WALK_SIZE: u64 = 2000;

/// How many unused contents are kept before they are dropped, beyond half as many as the held rows.
const MOST_OLD: usize = 64;

/// How the last walk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum End {
    /// There was no walk, or it is in progress, or it proved that everything is held.
    #[default]
    Open,
    /// The range has more tasks than may be held (`max-rows`).
    Capped,
    /// The list kept changing, so completeness could not be proved.
    Unproven,
}

/// The state of the range.
#[derive(Debug, Clone, Default)]
pub struct History {
    table: Table,
    pages: Pages,
    rows: Vec<u32>,
    total: Option<u64>,
    complete: bool,
    walk: Option<Walk>,
    poll: Option<Poll>,
    /// The start of the range when it was last fetched, in microseconds since 1970.
    start: Option<i64>,
    /// The rows that the walk in progress has brought so far.
    walked: Vec<u32>,
    odd_ids: usize,
    /// The greatest id that ever came; the width of the id column depends on it.
    pub greatest_id: i64,
    /// How the last walk ended.
    pub end: End,
    /// Whether the list changed during the last walk.
    pub moved: bool,
    /// Whether the server sent more rows than were requested.
    pub oversent: bool,
    /// Counts the changes of the rows.
    pub version: u64,
}

impl History {
    /// The tasks by row number.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The held rows in the server's order. During a first walk, those that it has brought so far.
    pub fn rows(&self) -> &[u32] {
        if self.walked.len() > self.rows.len() && !self.complete {
            &self.walked
        } else {
            &self.rows
        }
    }

    /// The number of tasks held.
    pub fn held(&self) -> u64 {
        self.rows().len() as u64
    }

    /// The number of elements in the answers that were not tasks.
    pub fn unreadable(&self) -> usize {
        self.pages.lost() as usize
    }

    /// The row that holds this task now, if its content has changed; otherwise the row itself.
    pub fn newest(&self, row: u32) -> u32 {
        let rows = self.rows();
        if rows.contains(&row) {
            return row;
        }
        rows.iter()
            .copied()
            .find(|&other| self.key(other) == self.key(row))
            .unwrap_or(row)
    }

    /// How many of the held rows have no valid id.
    pub fn bad_ids(&self) -> usize {
        if self.odd_ids == 0 {
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
        let walked = self.walk.as_ref().and_then(|walk| walk.total);
        if self.complete {
            self.total
        } else {
            walked.or(self.total)
        }
    }

    /// Whether every task of the range is held.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// The number of rows that the walk in progress has fetched; `None` without a walk.
    pub fn progress(&self) -> Option<u64> {
        self.walk.as_ref().map(|walk| walk.pages.came())
    }

    /// `length` rows from `start` on, in the server's order. `None` if they are not held.
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
        once(&mut rows, self.table.len());
        Some(rows)
    }

    /// Ends a walk that is no longer needed. Its rows are kept if they are more than those held before.
    pub fn drop_walk(&mut self) {
        if let Some(walk) = self.walk.take()
            && !self.complete
            && self.walked.len() > self.rows.len()
        {
            self.rows = std::mem::take(&mut self.walked);
            self.pages = walk.pages;
            self.total = walk.total.or(self.total);
            self.version += 1;
        }
    }

    /// The requests that the walk should send next, so that at most `most` are in flight. Starts a walk
    /// if there is none.
    pub fn next_asks(&mut self, in_flight: &[Ask], most: usize, max_rows: usize) -> Vec<Ask> {
        self.begin_walk(max_rows).asks(in_flight, most, max_rows)
    }

    fn begin_walk(&mut self, max_rows: usize) -> &mut Walk {
        if self.walk.is_none() {
            self.moved = false;
        }
        self.walk.get_or_insert_with(|| Walk::new(max_rows))
    }

    /// The requests of a poll. Starts one if there is none, with pages of `size` rows; `start` is the
    /// range's start now, in microseconds since 1970.
    pub fn poll_asks(&mut self, size: u64, start: Option<i64>) -> &[Ask] {
        if self.poll.is_none() {
            // If tasks before the start are held, the server applies the bound to another time.
            let known = self.start.is_some_and(|start| {
                let created = |row: &u32| self.table.time(*row, TimeField::CreateTime);
                self.rows.iter().filter_map(created).all(|at| at >= start)
            });
            let held = self.rows.len() as u64;
            self.poll = Some(Poll::new(size, held, start.filter(|_| known)));
        }
        self.poll.as_ref().map_or(&[], |poll| &poll.asks)
    }

    /// Whether a poll is in progress.
    pub fn is_polling(&self) -> bool {
        self.poll.is_some()
    }

    /// Ends the poll.
    pub fn drop_poll(&mut self) {
        self.poll = None;
    }

    /// Adds an answer. `start` is the start of the range when it was requested.
    pub fn arrived(&mut self, ask: Ask, page: &Page, start: Option<i64>, max_rows: usize) {
        if let (Purpose::Walk, Some(total)) = (ask.purpose, page.total) {
            // The number of rows to come is known, so the columns need not grow by doubling.
            self.table.reserve(total.min(max_rows as u64) as usize);
        }
        let rows = self.add(page);
        if matches!(ask.purpose, Purpose::Head | Purpose::Running) {
            return self.put_poll(ask, &rows, page, start, max_rows);
        }
        self.version += 1;
        if rows.len() as u64 > ask.size {
            self.oversent = true;
            if page.total.is_none_or(|total| rows.len() as u64 >= total) || rows.len() > max_rows {
                self.start = start;
                return self.take_all(rows, page.total, max_rows);
            }
        }
        let sheet = Sheet {
            number: ask.page,
            rows,
            lost: page.unreadable,
            named: page.total,
            looked: false,
        };
        if ask.purpose == Purpose::Window {
            self.put_window(ask, sheet, max_rows);
        } else {
            self.put_walked(ask, sheet, max_rows);
        }
        if self.walk.is_none() {
            self.start = start;
        }
        self.walked = self
            .walk
            .as_ref()
            .map_or(Vec::new(), |walk| walk.pages.distinct(self.table.len()));
        self.walked.truncate(max_rows);
    }

    fn add(&mut self, page: &Page) -> Vec<u32> {
        let rows = self.table.absorb(&page.rows);
        let ids = rows.iter().filter_map(|row| self.table.id(*row));
        self.greatest_id = ids.fold(self.greatest_id, i64::max);
        self.odd_ids += rows.iter().filter(|row| self.table.id(**row).is_none()).count();
        rows
    }

    /// Sets everything at once: the host's own tasks, or the answer of a server that ignores paging.
    fn take_all(&mut self, mut rows: Vec<u32>, total: Option<u64>, max_rows: usize) {
        once(&mut rows, self.table.len());
        let came = rows.len();
        rows.truncate(max_rows);
        self.total = Some(total.unwrap_or(0).max(came as u64));
        self.complete = self.total == Some(rows.len() as u64);
        self.end = match (came > max_rows, self.complete) {
            (true, _) => End::Capped,
            (false, true) => End::Open,
            (false, false) => End::Unproven,
        };
        self.pages = Pages::single(rows.clone(), 0);
        self.rows = rows;
        (self.walk, self.poll) = (None, None);
        self.walked.clear();
        self.version += 1;
    }

    /// Sets the host's own tasks.
    pub fn take_tasks(&mut self, page: &Page, max_rows: usize) {
        let rows = self.add(page);
        self.take_all(rows, None, max_rows);
        self.pages = Pages::single(self.rows.clone(), page.unreadable);
    }

    fn put_window(&mut self, ask: Ask, sheet: Sheet, max_rows: usize) {
        // An element that could not be read is still counted by the server.
        let came = (sheet.rows.len() + sheet.lost) as u64;
        let named = sheet.named;
        let ends = came < ask.size && (!sheet.rows.is_empty() || ask.page == 1);
        let total = named.or_else(|| ends.then_some((ask.page - 1) * ask.size + came));
        let before = self.pages.get(ask.page);
        let same_tasks = before.is_none_or(|before| self.ids(&before.rows).eq(self.ids(&sheet.rows)));
        if self.pages.size != ask.size || self.total != total || !same_tasks {
            self.pages = Pages::of(ask.size);
        }
        self.total = total;
        self.end = End::Open;
        self.pages.put(sheet);
        self.rows = self.pages.distinct(self.table.len());
        self.rows.truncate(max_rows);
        // A short page proves nothing: a server that names no total may have its own limit.
        self.complete = named == Some(self.rows.len() as u64);
    }

    #[inline(never)]
    fn put_walked(&mut self, ask: Ask, sheet: Sheet, max_rows: usize) {
        let Some(mut walk) = self.walk.take() else { return };
        let verdict = walk.put(ask, sheet, (&self.rows, self.total), max_rows, &self.table);
        self.moved = walk.moved;
        if verdict == Verdict::More {
            self.walk = Some(walk);
            return;
        }
        self.total = walk.total;
        self.pages = walk.into_pages(max_rows);
        self.rows = self.pages.distinct(self.table.len());
        if verdict == Verdict::Proven && self.total.is_none() {
            self.total = Some(self.rows.len() as u64 + self.pages.lost());
        }
        self.rows.truncate(max_rows);
        self.complete = verdict == Verdict::Proven && self.pages.lost() == 0;
        self.moved |= verdict == Verdict::Unproven;
        self.end = match verdict {
            Verdict::Capped => End::Capped,
            Verdict::Unproven => End::Unproven,
            _ => End::Open,
        };
    }

    /// Updates the held rows, or starts a walk if the result is not certain.
    #[inline(never)]
    fn put_poll(&mut self, ask: Ask, rows: &[u32], page: &Page, start: Option<i64>, max_rows: usize) {
        let came = rows.len() as u64;
        if ask.purpose == Purpose::Head && came > ask.size && page.total.is_none_or(|total| came >= total) {
            self.oversent = true;
            self.start = start;
            return self.take_all(rows.to_vec(), page.total, max_rows);
        }
        let Some(mut poll) = self.poll.take() else { return };
        match poll.put(ask, rows, page, &self.rows, &self.table) {
            Step::More => self.poll = Some(poll),
            Step::Done if poll.rows.len() <= max_rows => {
                self.moved = false;
                self.start = start;
                self.total = poll.total;
                if poll.rows != self.rows {
                    self.pages = Pages::single(poll.rows.clone(), 0);
                    self.rows = poll.rows;
                    self.version += 1;
                }
            }
            _ => {
                self.begin_walk(max_rows);
            }
        }
    }

    /// Whether too many unused contents are kept. Never during a walk or a poll, which refer to rows that
    /// are not held yet.
    pub(super) fn is_wasteful(&self) -> bool {
        let most = self.rows.len() * 3 / 2 + MOST_OLD;
        self.table.used() > most && self.walk.is_none() && self.poll.is_none()
    }

    /// Drops the contents that nothing uses. `shown` are rows that are in use besides the held ones.
    #[inline(never)]
    pub(super) fn sweep<'a>(&mut self, shown: impl Iterator<Item = &'a u32>) {
        let mut kept = vec![false; self.table.len()];
        let sheets = self.pages.sheets.iter().flat_map(|sheet| &sheet.rows);
        let held = self.rows.iter().chain(&self.walked).chain(sheets);
        held.for_each(|row| kept[*row as usize] = true);
        shown.for_each(|row| kept[*row as usize] = true);
        self.table.sweep(&kept);
    }

    /// The page size of the held pages.
    #[cfg(test)]
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn pages_size(&self) -> u64 {
        self.pages.size
    }

    /// Whether a walk is in progress.
    pub fn is_walking(&self) -> bool {
        self.walk.is_some()
    }

    /// The key of a task, which stays the same when its content changes.
    pub(super) fn key(&self, row: u32) -> poll::Key {
        poll::key(&self.table, row)
    }

    fn ids<'a>(&'a self, rows: &'a [u32]) -> impl Iterator<Item = Option<i64>> + 'a {
        rows.iter().map(|&row| self.table.int(row, IntField::Id))
    }
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
