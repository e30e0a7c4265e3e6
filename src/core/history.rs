//! The range as far as it is here: pages merged, completeness proved, and what to fetch next.
//!
//! Three ways lead here. A *window* is one server page at the page size of the view: the cheap way, while nobody
//! asks about the whole. A [*walk*](super::walk) fetches every page at a size of its own and proves that it has
//! them all. A [*poll*](super::poll) brings a range that is here in whole up to date. Here they are put together:
//! what is held, of how many, and whether that is everything.

use super::column::{IntField, TimeField};
use super::pages::{Pages, Sheet, once};
use super::poll::{self, Poll, Step};
use super::table::Table;
use super::walk::{Verdict, Walk};
use super::wire::Page;

pub use super::request::{Ask, Purpose};

/// Rows asked for at once when the whole range is wanted: the most that OCP's sibling lists take.
pub const WALK_SIZE: u64 = 2000;

/// So many contents that nobody looks at any more are kept before they are dropped, beyond half as many as are held.
const MOST_OLD: usize = 64;

/// How the last walk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum End {
    /// There was none, or it is on its way, or it is complete.
    #[default]
    Open,
    /// At the most rows that may be held.
    Capped,
    /// The list kept moving.
    Unproven,
}

/// What is known of the range.
#[derive(Debug, Clone, Default)]
pub struct History {
    table: Table,
    pages: Pages,
    rows: Vec<u32>,
    total: Option<u64>,
    complete: bool,
    walk: Option<Walk>,
    poll: Option<Poll>,
    /// Where the range began when it was last here in whole.
    start: Option<i64>,
    /// What the walk has brought so far.
    walked: Vec<u32>,
    odd_ids: usize,
    /// The greatest id that ever came, by which the column is as wide as it must be.
    pub greatest_id: i64,
    /// How the last walk ended.
    pub end: End,
    /// Whether the list moved while it was walked.
    pub moved: bool,
    /// Whether the server sent more than it was asked for.
    pub oversent: bool,
    /// Counts every change of the rows.
    pub version: u64,
}

impl History {
    /// The tasks by row number.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The rows that are here, in the server's order: those of a first walk as far as it has come.
    pub fn rows(&self) -> &[u32] {
        if self.walked.len() > self.rows.len() && !self.complete {
            &self.walked
        } else {
            &self.rows
        }
    }

    /// How many tasks are here.
    pub fn held(&self) -> u64 {
        self.rows().len() as u64
    }

    /// How many elements were no tasks.
    pub fn unreadable(&self) -> usize {
        self.pages.lost() as usize
    }

    /// The row that is here now of the same task, where its content has changed.
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

    /// How many of them have no valid id.
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

    /// How many there are in the range, where that is known.
    pub fn total(&self) -> Option<u64> {
        let walked = self.walk.as_ref().and_then(|walk| walk.total);
        if self.complete {
            self.total
        } else {
            walked.or(self.total)
        }
    }

    /// Whether every task of the range is here.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// How far a walk has come, while there is one.
    pub fn progress(&self) -> Option<u64> {
        self.walk.as_ref().map(|walk| walk.pages.came())
    }

    /// The rows from `start` on, `length` of them, in the server's order; `None` where they are not here.
    pub fn slice(&self, start: u64, length: u64) -> Option<Vec<u32>> {
        let size = self.pages.size.max(1);
        let mut rows = Vec::new();
        for offset in start..start.saturating_add(length) {
            match self.pages.get(offset / size + 1) {
                // A page may hold fewer rows than were asked for: a cap, or elements that were no tasks.
                Some(page) => rows.extend(page.rows.get((offset % size) as usize)),
                None if self.total.is_some_and(|total| offset >= total) => break,
                // What came at once is all that comes, were it fewer than there are.
                None if self.pages.all => break,
                None => return None,
            }
        }
        once(&mut rows, self.table.len());
        Some(rows)
    }

    /// Gives up a walk that nobody wants any more; what it brought is kept where it is more than what was here.
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

    /// What a walk should ask next, so that at most `most` are on their way; begins the walk where there is none.
    pub fn next_asks(&mut self, in_flight: &[Ask], most: usize, max_rows: usize) -> Vec<Ask> {
        self.begin_walk(max_rows).asks(in_flight, most, max_rows)
    }

    fn begin_walk(&mut self, max_rows: usize) -> &mut Walk {
        if self.walk.is_none() {
            self.moved = false;
        }
        self.walk.get_or_insert_with(|| Walk::new(max_rows))
    }

    /// What a refresh of a range that is here in whole asks at this moment; begins it where there is none. The
    /// range begins at `start` now.
    pub fn poll_asks(&mut self, size: u64, start: Option<i64>) -> &[Ask] {
        if self.poll.is_none() {
            // Where tasks before the start are held, the server means something else by it.
            let known = self.start.is_some_and(|start| {
                let created = |row: &u32| self.table.time(*row, TimeField::CreateTime);
                self.rows.iter().filter_map(created).all(|at| at >= start)
            });
            let held = self.rows.len() as u64;
            self.poll = Some(Poll::new(size, held, start.filter(|_| known)));
        }
        self.poll.as_ref().map_or(&[], |poll| &poll.asks)
    }

    /// Whether such a refresh is under way.
    pub fn is_polling(&self) -> bool {
        self.poll.is_some()
    }

    /// Gives such a refresh up.
    pub fn drop_poll(&mut self) {
        self.poll = None;
    }

    /// Takes an answer in; the range began at `start` when it was asked.
    pub fn arrived(&mut self, ask: Ask, page: &Page, start: Option<i64>, max_rows: usize) {
        if let (Purpose::Walk, Some(total)) = (ask.purpose, page.total) {
            // What will come is known, so that no column has to grow by doubling.
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

    /// Everything at once: the host's own tasks, or a server that knows no pages.
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

    /// The host's own tasks.
    pub fn take_tasks(&mut self, page: &Page, max_rows: usize) {
        let rows = self.add(page);
        self.take_all(rows, None, max_rows);
        self.pages = Pages::single(self.rows.clone(), page.unreadable);
    }

    fn put_window(&mut self, ask: Ask, sheet: Sheet, max_rows: usize) {
        // What could not be read still is one of those that the server counts.
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
        // A short page is no proof: a server that names no total may have a cap of its own.
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

    /// Brings what is here up to date, or begins to walk where that cannot be done with certainty.
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

    /// Whether there is too much that nobody looks at any more. Not while a walk or a refresh is on its way,
    /// which know rows that are not held yet.
    pub(super) fn is_wasteful(&self) -> bool {
        let most = self.rows.len() * 3 / 2 + MOST_OLD;
        self.table.used() > most && self.walk.is_none() && self.poll.is_none()
    }

    /// Drops what nobody looks at any more; `shown` is looked at as well.
    #[inline(never)]
    pub(super) fn sweep<'a>(&mut self, shown: impl Iterator<Item = &'a u32>) {
        let mut kept = vec![false; self.table.len()];
        let sheets = self.pages.sheets.iter().flat_map(|sheet| &sheet.rows);
        let held = self.rows.iter().chain(&self.walked).chain(sheets);
        held.for_each(|row| kept[*row as usize] = true);
        shown.for_each(|row| kept[*row as usize] = true);
        self.table.sweep(&kept);
    }

    /// The size of the pages that are held.
    #[cfg(test)]
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn pages_size(&self) -> u64 {
        self.pages.size
    }

    /// Whether a walk has begun.
    pub fn is_walking(&self) -> bool {
        self.walk.is_some()
    }

    /// By what a task is known again when its content has changed.
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
