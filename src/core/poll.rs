//! The cheap refresh of a range that is here in whole: only what can have changed is asked again.
//!
//! First the *head*: page after page of the newest tasks, until one is met that is known. Then the tasks further
//! down that were *running*, by the time of their creation; one whose status nobody knows and that has no end may
//! be running as well. A task that has ended changes no more. The new rows are put before the old ones; if as many
//! are held then as the server named, the range is still here in whole.
//! Whatever doesn't fit (something vanished, moved, came in further down, or there is too much to ask this way)
//! means that the range is walked anew, while the old rows stay.

use super::column::{IntField, TimeField};
use super::pages::once;
use super::request::{Ask, Purpose};
use super::table::Table;
use super::task::Outcome;
use super::trial;
use super::wire::Page;

/// How many requests ask for running tasks.
const MOST_GROUPS: usize = 4;

/// How many tasks of an unknown status are asked again.
const MOST_UNKNOWN: usize = 100;

/// By what a task is known again when its content has changed.
pub(super) type Key = (i64, i64);

/// The key of a row.
pub(super) fn key(table: &Table, row: u32) -> Key {
    let id = table.int(row, IntField::Id);
    let created = table.time(row, TimeField::CreateTime);
    (id.unwrap_or(i64::MIN), created.unwrap_or(i64::MIN))
}

/// Two numbers to sort by, and what they belong to.
pub(super) type Mark = (i64, i64, usize);

/// Sorts all that has to be sorted here: each further type would cost the module two kilobytes.
#[inline(never)]
pub(super) fn sort(marks: &mut [Mark]) {
    marks.sort_unstable();
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// More is to come.
    More,
    /// The rows are known, and are as many as the server named.
    Done,
    /// The range has to be walked.
    Walk,
}

/// A refresh on its way.
#[derive(Debug, Clone)]
pub(super) struct Poll {
    /// The newest part, as far as it came; once it has met what is known, all rows.
    pub rows: Vec<u32>,
    /// What was asked and has not come.
    pub asks: Vec<Ask>,
    /// The total that the head named.
    pub total: Option<u64>,
    /// How many pages the head may have.
    most: u64,
    /// Tasks before it are no longer in the range.
    start: Option<i64>,
}

impl Poll {
    /// Of a range of `held` rows that begins at `start`, by pages of `size`.
    pub fn new(size: u64, held: u64, start: Option<i64>) -> Self {
        let head = Ask {
            purpose: Purpose::Head,
            page: 1,
            size,
            ..Ask::default()
        };
        Self {
            rows: Vec::new(),
            asks: vec![head],
            total: None,
            // A page more or two cost less than the whole; many don't.
            most: (held.div_ceil(trial::walk_size()) / 10).max(3),
            start,
        }
    }

    /// Takes an answer in; `held` is what was there before, `rows` is what came.
    pub fn put(&mut self, ask: Ask, rows: &[u32], page: &Page, held: &[u32], table: &Table) -> Step {
        if page.unreadable > 0 || !self.asks.contains(&ask) {
            return Step::Walk;
        }
        self.asks.retain(|other| *other != ask);
        if ask.purpose == Purpose::Head {
            self.put_head(ask, rows, page.total, held, table)
        } else {
            self.put_running(ask, rows, page.total, table)
        }
    }

    fn put_head(&mut self, ask: Ask, rows: &[u32], total: Option<u64>, held: &[u32], table: &Table) -> Step {
        if total.is_none() || self.total.is_some_and(|before| Some(before) != total) {
            return Step::Walk;
        }
        self.total = total;
        self.rows.extend_from_slice(rows);
        let mark = |row: u32| {
            let (id, created) = key(table, row);
            (id, created, 0)
        };
        let mut keys: Vec<Mark> = self.rows.iter().map(|row| mark(*row)).collect();
        sort(&mut keys);
        let in_head = |row: &u32| keys.binary_search(&mark(*row)).is_ok();
        let whole = total.is_some_and(|total| self.rows.len() as u64 >= total);
        let mut rest: Vec<u32> = Vec::new();
        if !whole {
            let in_range = |row: &&u32| {
                let created = table.time(**row, TimeField::CreateTime);
                self.start
                    .is_none_or(|start| created.is_none_or(|at| at >= start))
            };
            rest.extend(held.iter().filter(in_range));
            let Some(met) = rest.iter().rposition(in_head) else {
                if ask.page >= self.most || (rows.len() as u64) < ask.size {
                    return Step::Walk;
                }
                self.asks.push(Ask {
                    page: ask.page + 1,
                    ..ask
                });
                return Step::More;
            };
            if !rest[..met].iter().all(in_head) {
                return Step::Walk;
            }
            rest.drain(..=met);
        }
        self.rows.extend_from_slice(&rest);
        once(&mut self.rows, table.len());
        if self.total != Some(self.rows.len() as u64) {
            return Step::Walk;
        }
        self.ask_running(&rest, table)
    }

    /// Asks for the tasks of `rest` that were running, in groups that lie close together.
    fn ask_running(&mut self, rest: &[u32], table: &Table) -> Step {
        let open = rest.iter().copied().filter(|row| is_open(table, *row));
        let unknown = |row: &u32| table.outcome(*row) == Outcome::Unknown;
        // So many that nobody understands are rather another dialect than tasks on their way.
        let many = open.clone().filter(unknown).count() > MOST_UNKNOWN;
        let times: Option<Vec<Mark>> = open
            .filter(|row| !(many && unknown(row)))
            .map(|row| Some((table.time(row, TimeField::CreateTime)?, 0, 0)))
            .collect();
        let Some(mut times) = times else { return Step::Walk };
        sort(&mut times);
        // The widest gaps between them part the groups.
        let gap = |at: usize| (times[at - 1].0.saturating_sub(times[at].0), 0, at);
        let mut gaps: Vec<Mark> = (1..times.len()).map(gap).collect();
        sort(&mut gaps);
        gaps.truncate(MOST_GROUPS - 1);
        gaps.iter_mut().for_each(|gap| gap.0 = gap.2 as i64);
        sort(&mut gaps);
        gaps.push((0, 0, times.len()));
        let mut from = 0;
        for (.., to) in gaps {
            let (Some(first), Some(last)) = (times.get(from), times[..to].last()) else {
                break;
            };
            from = to;
            // Whole milliseconds, and one more, since nobody says whether the last one is taken in.
            let start = first.0.div_euclid(1000).saturating_mul(1000);
            let end = last.0.div_euclid(1000).saturating_add(1);
            let ask = Ask {
                purpose: Purpose::Running,
                page: 1,
                size: 0,
                start: Some(start),
                end: Some(end.saturating_mul(1000)),
            };
            let size = within(&ask, &self.rows, table).len() as u64;
            if size > trial::walk_size() {
                return Step::Walk;
            }
            self.asks.push(Ask { size, ..ask });
        }
        if self.asks.is_empty() {
            Step::Done
        } else {
            Step::More
        }
    }

    fn put_running(&mut self, ask: Ask, rows: &[u32], total: Option<u64>, table: &Table) -> Step {
        let here = within(&ask, &self.rows, table);
        // Each one that was running must have come, or it is gone.
        let came = |at: &usize| {
            rows.iter()
                .any(|row| key(table, *row) == key(table, self.rows[*at]))
        };
        let running = |at: &&usize| is_open(table, self.rows[**at]);
        if total.is_none_or(|total| total > rows.len() as u64) || !here.iter().filter(running).all(came) {
            return Step::Walk;
        }
        for row in rows {
            let twins = here
                .iter()
                .filter(|at| key(table, self.rows[**at]) == key(table, *row));
            let twins: Vec<usize> = twins.copied().collect();
            match twins[..] {
                _ if twins.iter().any(|at| self.rows[*at] == *row) => {}
                [at] => self.rows[at] = *row,
                // Which of them it was, nobody can say.
                _ => return Step::Walk,
            }
        }
        if self.asks.is_empty() {
            once(&mut self.rows, table.len());
            if self.total == Some(self.rows.len() as u64) {
                return Step::Done;
            }
            return Step::Walk;
        }
        Step::More
    }
}

/// Whether a task may still move on.
fn is_open(table: &Table, row: u32) -> bool {
    match table.outcome(row) {
        Outcome::Running => true,
        Outcome::Unknown => {
            table.time(row, TimeField::FinishTime).is_none() && table.flags(row).0 != Some(true)
        }
        _ => false,
    }
}

/// Where the rows stand that a request for running tasks may bring.
fn within(ask: &Ask, rows: &[u32], table: &Table) -> Vec<usize> {
    let inside = |at: i64| ask.start.is_none_or(|start| at >= start) && ask.end.is_none_or(|end| at <= end);
    (0..rows.len())
        .filter(|at| table.time(rows[*at], TimeField::CreateTime).is_some_and(inside))
        .collect()
}
