//! Chains: repeated attempts at the same restore, to compare a task with the ones before it.
//!
//! The API does not connect attempts. Restores from the same tenant, into the same tenant, to the same
//! restore point count as attempts at the same restore. A cluster is identified by its name and id
//! together, since several clusters often have the same name (a primary and its standby). A task without
//! a tenant's name or a restore point stands alone, because two missing values need not be the same. So
//! does a task without a creation time, which has no place in the order.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::summary::{Counts, mark, percentile};
use crate::core::domain::column::{IntField, TextField, TimeField};
use crate::core::domain::failure::{self, Failure};
use crate::core::domain::task::Outcome;
use crate::core::table::Table;
use crate::core::table::identity::{Mark, key, sort};
use crate::core::time::SECOND;

/// A restore that failed within this time (in microseconds) has not begun to restore data: the backup or
/// the target was wrong.
pub const FAST: i64 = 5 * SECOND;
/// The fewest succeeded restores from which a usual duration is computed.
const ENOUGH: usize = 5;

/// The fields that identify a tenant and its cluster, on one side of a restore.
struct Side(TextField, TextField, IntField);

const SOURCE: Side = Side(
    TextField::BackupTenantName,
    TextField::BackupClusterName,
    IntField::BackupClusterId,
);
const TARGET: Side = Side(
    TextField::RestoreTenantName,
    TextField::RestoreClusterName,
    IntField::RestoreClusterId,
);

impl Side {
    /// Whether the tenant on this side has a name.
    fn is_known(&self, table: &Table, row: u32) -> bool {
        !table.text(row, self.0).trim().is_empty()
    }

    fn is_same(&self, table: &Table, a: u32, b: u32) -> bool {
        let text = |field| table.text_id(a, field) == table.text_id(b, field);
        text(self.0) && text(self.1) && table.int(a, self.2) == table.int(b, self.2)
    }
}

/// The attempts at the same restore as `row`, oldest first, ties by id. `row` itself is always among
/// them; it is the only one if it stands alone.
pub fn chain_of(table: &Table, rows: &[u32], row: u32) -> Vec<u32> {
    let time = |row, field| table.time(row, field);
    let point = time(row, TimeField::RestoreEndTime);
    let is_tied = SOURCE.is_known(table, row)
        && TARGET.is_known(table, row)
        && point.is_some()
        && time(row, TimeField::CreateTime).is_some();
    if !is_tied {
        return vec![row];
    }
    // A task that is no longer held may be held with a newer content, under another row number.
    let gone = !rows.contains(&row);
    let is_attempt = |other: &u32| {
        time(*other, TimeField::RestoreEndTime) == point
            && SOURCE.is_same(table, *other, row)
            && TARGET.is_same(table, *other, row)
            && time(*other, TimeField::CreateTime).is_some()
            && !(gone && key(table, *other) == key(table, row))
    };
    let attempts = rows.iter().copied().filter(is_attempt);
    let mut marks: Vec<Mark> = attempts
        .chain(gone.then_some(row))
        .map(|row| {
            let (id, created) = key(table, row);
            (created, id, row as usize)
        })
        .collect();
    sort(&mut marks);
    marks.iter().map(|mark| mark.2 as u32).collect()
}

/// The chain of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The attempts, oldest first.
    pub rows: Vec<u32>,
    /// The index of the task among them, from 0.
    pub at: usize,
    /// The number of attempts of each outcome.
    pub counts: Counts,
    /// The outcome of the last attempt.
    pub last: Outcome,
}

impl Chain {
    /// The chain of a task among the given rows.
    pub fn of(table: &Table, rows: &[u32], row: u32) -> Self {
        let rows = chain_of(table, rows, row);
        let mut counts = Counts::default();
        let mut last = Outcome::Unknown;
        for &row in &rows {
            last = table.outcome(row);
            counts.add(last);
        }
        Self {
            at: rows.iter().position(|other| *other == row).unwrap_or(0),
            rows,
            counts,
            last,
        }
    }
}

/// Whether a task failed within [`FAST`].
pub fn is_fast_failure(table: &Table, row: u32) -> bool {
    let length = failed(table, row).then(|| table.duration(row, 0)).flatten();
    length.is_some_and(|length| length < FAST)
}

/// Whether a task failed like an earlier attempt: with the same error name or the same code.
pub fn is_repeated_failure(table: &Table, rows: &[u32], row: u32) -> bool {
    let error = |row| failure::read(table.text(row, TextField::ErrorMsg));
    let own = error(row);
    if !failed(table, row) || own.name.is_none() {
        return false;
    }
    let is_same =
        |other: Failure<'_>| other.name == own.name || (other.code.is_some() && other.code == own.code);
    let chain = chain_of(table, rows, row);
    let mut earlier = chain.into_iter().take_while(|other| *other != row);
    earlier.any(|other| failed(table, other) && is_same(error(other)))
}

fn failed(table: &Table, row: u32) -> bool {
    table.outcome(row) == Outcome::Failed
}

/// How long successful restores into a tenant took, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usual {
    /// The duration that half of them did not exceed.
    pub p50: i64,
    /// The duration that 95 of 100 did not exceed.
    pub p95: i64,
    /// The number of restores.
    pub restores: u32,
}

/// The usual durations of restores into a task's target. `None` if the target has no name or fewer than
/// [`ENOUGH`] successful restores.
fn usual(table: &Table, rows: &[u32], row: u32) -> Option<Usual> {
    if !TARGET.is_known(table, row) {
        return None;
    }
    let like =
        |other: &&u32| table.outcome(**other) == Outcome::Succeeded && TARGET.is_same(table, **other, row);
    // A succeeded restore has ended, so its duration does not depend on the time.
    let lengths = rows.iter().filter(like).filter_map(|row| table.duration(*row, 0));
    usual_of(lengths.map(mark).collect())
}

fn usual_of(mut lengths: Vec<Mark>) -> Option<Usual> {
    if lengths.len() < ENOUGH {
        return None;
    }
    sort(&mut lengths);
    Some(Usual {
        p50: percentile(&lengths, 50)?,
        p95: percentile(&lengths, 95)?,
        restores: lengths.len() as u32,
    })
}

fn is_over(table: &Table, row: u32, now: i64, usual: Option<Usual>) -> bool {
    let length = table.duration(row, now);
    usual.is_some_and(|usual| length.is_some_and(|length| length > usual.p95))
}

/// The usual durations if the task is overdue: it has been running longer than 95 of 100 successful
/// restores into its target. `None` for any other task. `now` is in microseconds since 1970.
pub fn overdue(table: &Table, rows: &[u32], row: u32, now: i64) -> Option<Usual> {
    if table.outcome(row) != Outcome::Running {
        return None;
    }
    usual(table, rows, row).filter(|usual| is_over(table, row, now, Some(*usual)))
}

/// The overdue rows. All targets are computed together, in one pass over the rows.
pub fn overdue_rows(table: &Table, rows: &[u32], now: i64) -> Vec<u32> {
    let target = |row: u32| {
        let known = TARGET.is_known(table, row);
        known.then(|| {
            let sides = (table.text_id(row, TARGET.0), table.text_id(row, TARGET.1));
            (sides, table.int(row, TARGET.2))
        })
    };
    let is = |row: &u32, outcome| table.outcome(*row) == outcome;
    let running: Vec<u32> = rows
        .iter()
        .copied()
        .filter(|row| is(row, Outcome::Running))
        .collect();
    let mut lengths: HashMap<_, Vec<Mark>, FxBuildHasher> = HashMap::default();
    for target in running.iter().filter_map(|row| target(*row)) {
        lengths.insert(target, Vec::new());
    }
    for &row in rows.iter().filter(|row| is(row, Outcome::Succeeded)) {
        let lengths = target(row).and_then(|target| lengths.get_mut(&target));
        if let Some((lengths, length)) = lengths.zip(table.duration(row, 0)) {
            lengths.push(mark(length));
        }
    }
    let usual: HashMap<_, Option<Usual>, FxBuildHasher> = lengths
        .into_iter()
        .map(|(target, lengths)| (target, usual_of(lengths)))
        .collect();
    running
        .into_iter()
        .filter(|&row| {
            let usual = target(row).and_then(|target| usual.get(&target).copied().flatten());
            is_over(table, row, now, usual)
        })
        .collect()
}

#[cfg(test)]
#[path = "attempts_tests.rs"]
mod tests;
