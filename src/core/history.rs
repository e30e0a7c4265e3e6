//! The range as far as it is here: pages merged, completeness proved, and what to fetch next.
//!
//! Two ways lead here. A *window* is one server page at the page size of the view: the cheap way, while nobody
//! asks about the whole. A *walk* fetches every page at a size of its own. A walk counts as complete only when
//! each of its pages named the same total and as many distinct tasks came as that total says; where the list
//! moved meanwhile it is walked again, a few times, and then said to be unproven.

use std::collections::{BTreeMap, HashSet};

use super::column::{IntField, TimeField};
use super::table::Table;
use super::task::Outcome;
use super::wire::Page;

/// Rows asked for at once when the whole range is wanted: the most that OCP's sibling lists take.
pub const WALK_SIZE: u64 = 2000;
/// How often a walk begins anew because the list moved.
const MOST_RESTARTS: u8 = 2;

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// The page that is shown.
    Window,
    /// One page of the whole range.
    Walk,
    /// The newest part of a range that is here already.
    Head,
}

/// A page to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ask {
    /// What for.
    pub purpose: Purpose,
    /// Its number, from 1.
    pub page: u64,
    /// How many rows.
    pub size: u64,
}

/// Pages of one size.
#[derive(Debug, Clone, Default)]
struct Pages {
    size: u64,
    got: BTreeMap<u64, Vec<u32>>,
    /// Elements of each page that were no tasks: they count, but cannot be held.
    lost: BTreeMap<u64, usize>,
}

impl Pages {
    /// One page that is everything.
    fn single(rows: Vec<u32>) -> Self {
        Self {
            size: rows.len().max(1) as u64,
            got: BTreeMap::from([(1, rows)]),
            lost: BTreeMap::new(),
        }
    }

    fn lost(&self) -> u64 {
        self.lost.values().sum::<usize>() as u64
    }

    fn put(&mut self, page: u64, rows: Vec<u32>, lost: usize) {
        self.got.insert(page, rows);
        self.lost.insert(page, lost);
    }

    /// The rows in the server's order, each once.
    fn distinct(&self, table: &Table) -> Vec<u32> {
        let mut seen = vec![false; table.len()];
        let first = |row: &u32| !std::mem::replace(&mut seen[*row as usize], true);
        self.got.values().flatten().copied().filter(first).collect()
    }
}

#[derive(Debug, Clone, Default)]
struct Walk {
    pages: Pages,
    total: Option<u64>,
    agreed: bool,
    restarts: u8,
}

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
        self.walk
            .as_ref()
            .map(|walk| walk.pages.got.values().map(Vec::len).sum::<usize>() as u64)
    }

    /// The rows from `start` on, `length` of them, in the server's order; `None` where they are not here.
    pub fn slice(&self, start: u64, length: u64) -> Option<Vec<u32>> {
        let size = self.pages.size.max(1);
        let mut rows = Vec::new();
        for offset in start..start.saturating_add(length) {
            match self.pages.got.get(&(offset / size + 1)) {
                // A page may hold fewer rows than were asked for: a cap, or elements that were no tasks.
                Some(page) => rows.extend(page.get((offset % size) as usize)),
                None if self.total.is_some_and(|total| offset >= total) => break,
                None => return None,
            }
        }
        let mut seen = HashSet::new();
        rows.retain(|row| seen.insert(*row));
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

    /// What a walk should ask next, at most `most` pages; begins the walk where there is none.
    pub fn next_asks(&mut self, in_flight: &[Ask], most: usize, max_rows: usize) -> Vec<Ask> {
        if self.walk.is_none() {
            self.moved = false;
        }
        let walk = self.walk.get_or_insert_with(|| Walk {
            pages: Pages {
                size: WALK_SIZE.min(max_rows as u64).max(1),
                ..Pages::default()
            },
            agreed: true,
            ..Walk::default()
        });
        let size = walk.pages.size;
        let ask = |page| Ask {
            purpose: Purpose::Walk,
            page,
            size,
        };
        // Nothing is asked twice, and nothing beyond page 1 before the total is known.
        let wanted = last_page(walk, max_rows).unwrap_or(walk.pages.got.len() as u64 + 1);
        (1..=wanted)
            .filter(|page| !walk.pages.got.contains_key(page))
            .map(ask)
            .filter(|ask| !in_flight.contains(ask))
            .take(most.saturating_sub(in_flight.len()))
            .collect()
    }

    /// Takes an answer in.
    pub fn arrived(&mut self, ask: Ask, page: &Page, max_rows: usize) {
        let rows = self.add(page);
        // What could not be read still is one of those that the server counts.
        let came = (rows.len() + page.unreadable) as u64;
        let short = came < ask.size;
        let counted = (ask.page - 1) * ask.size + came;
        let total = page.total.or_else(|| {
            let in_order = ask.page == 1 || ask.purpose == Purpose::Walk;
            (short && (!rows.is_empty() || in_order)).then_some(counted)
        });
        self.version += 1;
        if rows.len() as u64 > ask.size {
            self.oversent = true;
            if total.is_none_or(|total| rows.len() as u64 >= total) || rows.len() > max_rows {
                return self.take_all(rows, total, max_rows);
            }
        }
        match ask.purpose {
            Purpose::Window => self.put_window(ask, rows, page.unreadable, total, max_rows),
            Purpose::Walk => self.put_walked(ask, rows, page.unreadable, total, max_rows),
            Purpose::Head => self.put_head(ask, &rows, total),
        }
        self.walked = self
            .walk
            .as_ref()
            .map_or(Vec::new(), |walk| walk.pages.distinct(&self.table));
    }

    fn add(&mut self, page: &Page) -> Vec<u32> {
        let rows = self.table.absorb(&page.rows);
        let ids = rows.iter().filter_map(|row| self.table.id(*row));
        self.greatest_id = ids.fold(self.greatest_id, i64::max);
        self.odd_ids += rows.iter().filter(|row| self.table.id(**row).is_none()).count();
        rows
    }

    /// Everything at once: the host's own tasks, or a server that knows no pages.
    pub fn take_all(&mut self, rows: Vec<u32>, total: Option<u64>, max_rows: usize) {
        let mut pages = Pages::single(rows);
        let mut distinct = pages.distinct(&self.table);
        let came = distinct.len();
        distinct.truncate(max_rows);
        pages.got.insert(1, distinct.clone());
        self.total = Some(total.unwrap_or(0).max(came as u64));
        self.complete = self.total == Some(distinct.len() as u64);
        self.end = match (came > max_rows, self.complete) {
            (true, _) => End::Capped,
            (false, true) => End::Open,
            (false, false) => End::Unproven,
        };
        self.rows = distinct;
        self.pages = pages;
        self.walk = None;
        self.walked.clear();
        self.version += 1;
    }

    /// The host's own tasks.
    pub fn take_tasks(&mut self, page: &Page, max_rows: usize) {
        let rows = self.add(page);
        self.take_all(rows, None, max_rows);
        self.pages.lost.insert(1, page.unreadable);
    }

    fn put_window(&mut self, ask: Ask, rows: Vec<u32>, lost: usize, total: Option<u64>, max_rows: usize) {
        let before = self.pages.got.get(&ask.page);
        let same_tasks = before.is_none_or(|before| self.ids(before).eq(self.ids(&rows)));
        if self.pages.size != ask.size || self.total != total || !same_tasks {
            self.pages = Pages {
                size: ask.size,
                ..Pages::default()
            };
        }
        self.total = total;
        self.end = End::Open;
        self.pages.put(ask.page, rows, lost);
        self.rows = self.pages.distinct(&self.table);
        if self.rows.len() > max_rows {
            self.rows.truncate(max_rows);
        }
        self.complete = total == Some(self.rows.len() as u64);
    }

    fn put_walked(&mut self, ask: Ask, rows: Vec<u32>, lost: usize, total: Option<u64>, max_rows: usize) {
        let Some(walk) = self.walk.as_mut().filter(|walk| walk.pages.size == ask.size) else {
            return;
        };
        let came = (rows.len() + lost) as u64;
        walk.pages.put(ask.page, rows, lost);
        if walk.total.or(total).is_none() {
            // Without a total only a short page ends a walk; one that brings nothing new never will.
            let held = walk.pages.distinct(&self.table).len();
            let stuck = held <= self.walked.len();
            if stuck || held >= max_rows {
                return self.give_up(if stuck { End::Unproven } else { End::Capped }, max_rows);
            }
        }
        if ask.page == 1 {
            walk.total = total;
            // Fewer than asked and fewer than there are: the server has a cap of its own, so go on by that.
            if came > 0 && came < ask.size && total.is_some_and(|total| total > came) {
                walk.pages.size = came;
            }
        } else if walk.total.is_none() {
            walk.total = total;
        } else {
            walk.agreed &= total == walk.total || total.is_none();
        }
        let done = last_page(walk, max_rows)
            .is_some_and(|last| walk.pages.got.range(1..=last).count() as u64 == last);
        if done {
            self.end_walk(max_rows);
        }
    }

    /// Ends a walk of which nobody can say how much is missing.
    fn give_up(&mut self, end: End, max_rows: usize) {
        let Some(walk) = self.walk.take() else { return };
        self.rows = walk.pages.distinct(&self.table);
        self.rows.truncate(max_rows);
        self.pages = walk.pages;
        (self.total, self.complete, self.end) = (None, false, end);
    }

    fn end_walk(&mut self, max_rows: usize) {
        let Some(mut walk) = self.walk.take() else { return };
        let mut rows = walk.pages.distinct(&self.table);
        let capped = walk.total.is_some_and(|total| total > max_rows as u64);
        let proven = !capped && walk.agreed && walk.total == Some(rows.len() as u64 + walk.pages.lost());
        if !proven && !capped {
            self.moved = true;
            // The same once more proves that the list stands still and really repeats itself.
            let unchanged = walk.agreed && walk.total == self.total && rows == self.rows;
            if walk.restarts < MOST_RESTARTS && !unchanged {
                self.rows = if self.complete {
                    std::mem::take(&mut self.rows)
                } else {
                    rows
                };
                self.total = if self.complete { self.total } else { walk.total };
                walk.pages.got.clear();
                walk.pages.lost.clear();
                walk.total = None;
                walk.agreed = true;
                walk.restarts += 1;
                self.walk = Some(walk);
                return;
            }
        }
        rows.truncate(max_rows);
        self.end = match (proven, capped) {
            (true, _) => End::Open,
            (_, true) => End::Capped,
            _ => End::Unproven,
        };
        self.complete = proven && walk.pages.lost() == 0;
        self.total = walk.total;
        self.rows = rows;
        self.pages = walk.pages;
    }

    /// Puts the newest part before what is here. Where that cannot be done with certainty, nothing is complete
    /// any more, so that the range is walked again.
    fn put_head(&mut self, ask: Ask, head: &[u32], total: Option<u64>) {
        let keys: HashSet<_> = head.iter().map(|&row| self.key(row)).collect();
        let met = self.rows.iter().rposition(|&row| keys.contains(&self.key(row)));
        let whole = (head.len() as u64) < ask.size;
        let begin = met.map_or(0, |at| at + 1);
        let covered = whole
            || self.rows[..begin]
                .iter()
                .all(|&row| keys.contains(&self.key(row)));
        let rest = if whole { &[][..] } else { &self.rows[begin..] };
        let running = rest
            .iter()
            .any(|&row| self.table.outcome(row) == Outcome::Running);
        let mut rows = head.to_vec();
        rows.extend_from_slice(rest);
        let mut seen = HashSet::new();
        rows.retain(|row| seen.insert(*row));
        if (met.is_some() || whole) && covered && !running && total == Some(rows.len() as u64) {
            self.pages = Pages::single(rows.clone());
            self.moved = false;
            self.rows = rows;
            self.total = total;
        } else {
            self.next_asks(&[], 0, usize::MAX);
        }
    }

    /// Whether a walk has begun.
    pub fn is_walking(&self) -> bool {
        self.walk.is_some()
    }

    fn key(&self, row: u32) -> (Option<i64>, Option<i64>) {
        (
            self.table.int(row, IntField::Id),
            self.table.time(row, TimeField::CreateTime),
        )
    }

    fn ids<'a>(&'a self, rows: &'a [u32]) -> impl Iterator<Item = Option<i64>> + 'a {
        rows.iter().map(|&row| self.table.int(row, IntField::Id))
    }
}

/// The last page that a walk needs, once the total is known.
fn last_page(walk: &Walk, max_rows: usize) -> Option<u64> {
    let total = walk.total?.min(max_rows as u64);
    Some(total.div_ceil(walk.pages.size.max(1)).max(1))
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
