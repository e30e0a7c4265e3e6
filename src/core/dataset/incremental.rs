//! An incremental refresh: the cheap refresh of a range that is loaded completely. It requests only what can
//! have changed.
//!
//! First it requests the *newest* tasks, page after page, until one of them is known. Then it requests the
//! older tasks that were *running*, by their creation time. A task with an unknown status and no end may be
//! running as well. A task that has ended does not change any more. The new rows are put before the old ones.
//! If their number then equals the total that the server named, the range is still complete.
//!
//! In every other case (a task vanished, moved or appeared further down, or there is too much to request
//! this way) the range is scanned anew. The old rows stay meanwhile.

use super::pages::remove_repeats;
use crate::core::api::request::{PageRequest, Purpose};
use crate::core::api::response::Page;
use crate::core::domain::column::TimeField;
use crate::core::domain::task::Outcome;
use crate::core::table::Table;
use crate::core::table::identity::{Mark, key, sort};

/// The most requests for running tasks.
const MOST_GROUPS: usize = 4;

/// The most tasks of an unknown status that are requested again.
const MOST_UNKNOWN: usize = 100;

/// The state of a refresh after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// More answers are needed.
    More,
    /// The rows are known, and as many as the server named.
    Done,
    /// The range must be scanned.
    Scan,
}

/// A refresh in progress.
#[derive(Debug, Clone)]
pub(super) struct IncrementalRefresh {
    /// The rows of the newest tasks so far; once a known row has come, all rows of the range.
    pub rows: Vec<u32>,
    /// The requests that have not been answered.
    pub requests: Vec<PageRequest>,
    /// The total that the pages of the newest tasks named.
    pub total: Option<u64>,
    /// The most pages of the newest tasks.
    most: u64,
    /// Tasks created before this time are no longer in the range, in microseconds since 1970.
    start: Option<i64>,
    /// The page size of a full scan.
    scan_size: u64,
}

impl IncrementalRefresh {
    /// A refresh of a range of `loaded` rows that begins at `start`, with pages of `size` rows.
    pub fn new(size: u64, scan_size: u64, loaded: u64, start: Option<i64>) -> Self {
        let newest = PageRequest {
            purpose: Purpose::Newest,
            page: 1,
            size,
            ..PageRequest::default()
        };
        Self {
            rows: Vec::new(),
            requests: vec![newest],
            total: None,
            // One or two more pages cost less than a scan, many do not.
            most: (loaded.div_ceil(scan_size) / 10).max(3),
            start,
            scan_size,
        }
    }

    /// Adds an answer. `loaded` are the rows before the refresh, `rows` those of the answer.
    pub fn take_page(
        &mut self,
        request: PageRequest,
        rows: &[u32],
        page: &Page,
        loaded: &[u32],
        table: &Table,
    ) -> Step {
        if page.unreadable > 0 || !self.requests.contains(&request) {
            return Step::Scan;
        }
        self.requests.retain(|other| *other != request);
        if request.purpose == Purpose::Newest {
            self.take_newest(request, rows, page.total, loaded, table)
        } else {
            self.take_running(request, rows, page.total, table)
        }
    }

    fn take_newest(
        &mut self,
        request: PageRequest,
        rows: &[u32],
        total: Option<u64>,
        loaded: &[u32],
        table: &Table,
    ) -> Step {
        if total.is_none() || self.total.is_some_and(|before| Some(before) != total) {
            return Step::Scan;
        }
        self.total = total;
        self.rows.extend_from_slice(rows);
        let mark = |row: u32| {
            let (id, created) = key(table, row);
            (id, created, 0)
        };
        let mut keys: Vec<Mark> = self.rows.iter().map(|row| mark(*row)).collect();
        sort(&mut keys);
        let in_newest = |row: &u32| keys.binary_search(&mark(*row)).is_ok();
        let whole = total.is_some_and(|total| self.rows.len() as u64 >= total);
        let mut rest: Vec<u32> = Vec::new();
        if !whole {
            let in_range = |row: &&u32| {
                let created = table.time(**row, TimeField::CreateTime);
                self.start
                    .is_none_or(|start| created.is_none_or(|at| at >= start))
            };
            rest.extend(loaded.iter().filter(in_range));
            let Some(met) = rest.iter().rposition(in_newest) else {
                if request.page >= self.most || (rows.len() as u64) < request.size {
                    return Step::Scan;
                }
                self.requests.push(PageRequest {
                    page: request.page + 1,
                    ..request
                });
                return Step::More;
            };
            if !rest[..met].iter().all(in_newest) {
                return Step::Scan;
            }
            rest.drain(..=met);
        }
        self.rows.extend_from_slice(&rest);
        remove_repeats(&mut self.rows, table.len());
        if self.total != Some(self.rows.len() as u64) {
            return Step::Scan;
        }
        self.request_running(&rest, table)
    }

    /// Requests the tasks of `rest` that were running, in groups that are close in time.
    fn request_running(&mut self, rest: &[u32], table: &Table) -> Step {
        let open = rest.iter().copied().filter(|row| is_open(table, *row));
        let unknown = |row: &u32| table.outcome(*row) == Outcome::Unknown;
        // So many tasks of an unknown status rather mean another set of statuses than running tasks.
        let many = open.clone().filter(unknown).count() > MOST_UNKNOWN;
        let times: Option<Vec<Mark>> = open
            .filter(|row| !(many && unknown(row)))
            .map(|row| Some((table.time(row, TimeField::CreateTime)?, 0, 0)))
            .collect();
        let Some(mut times) = times else { return Step::Scan };
        sort(&mut times);
        // The widest gaps between the times separate the groups.
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
            // Bounds are whole milliseconds. One is added because it is not documented whether the end is
            // inclusive.
            let start = first.0.div_euclid(1000).saturating_mul(1000);
            let end = last.0.div_euclid(1000).saturating_add(1);
            let request = PageRequest {
                purpose: Purpose::Running,
                page: 1,
                size: 0,
                start: Some(start),
                end: Some(end.saturating_mul(1000)),
            };
            let size = within(&request, &self.rows, table).len() as u64;
            if size > self.scan_size {
                return Step::Scan;
            }
            self.requests.push(PageRequest { size, ..request });
        }
        if self.requests.is_empty() {
            Step::Done
        } else {
            Step::More
        }
    }

    fn take_running(
        &mut self,
        request: PageRequest,
        rows: &[u32],
        total: Option<u64>,
        table: &Table,
    ) -> Step {
        let here = within(&request, &self.rows, table);
        // Each task that was running must have come, otherwise it is gone.
        let came = |at: &usize| {
            rows.iter()
                .any(|row| key(table, *row) == key(table, self.rows[*at]))
        };
        let running = |at: &&usize| is_open(table, self.rows[**at]);
        if total.is_none_or(|total| total > rows.len() as u64) || !here.iter().filter(running).all(came) {
            return Step::Scan;
        }
        for row in rows {
            let twins = here
                .iter()
                .filter(|at| key(table, self.rows[**at]) == key(table, *row));
            let twins: Vec<usize> = twins.copied().collect();
            match twins[..] {
                _ if twins.iter().any(|at| self.rows[*at] == *row) => {}
                [at] => self.rows[at] = *row,
                // The key does not tell which of them it was.
                _ => return Step::Scan,
            }
        }
        if self.requests.is_empty() {
            remove_repeats(&mut self.rows, table.len());
            if self.total == Some(self.rows.len() as u64) {
                return Step::Done;
            }
            return Step::Scan;
        }
        Step::More
    }
}

/// Whether a task may still change.
fn is_open(table: &Table, row: u32) -> bool {
    match table.outcome(row) {
        Outcome::Running => true,
        Outcome::Unknown => {
            table.time(row, TimeField::FinishTime).is_none() && table.flags(row).0 != Some(true)
        }
        _ => false,
    }
}

/// The indexes of the rows that a request for running tasks covers.
fn within(request: &PageRequest, rows: &[u32], table: &Table) -> Vec<usize> {
    let inside =
        |at: i64| request.start.is_none_or(|start| at >= start) && request.end.is_none_or(|end| at <= end);
    (0..rows.len())
        .filter(|at| table.time(rows[*at], TimeField::CreateTime).is_some_and(inside))
        .collect()
}
