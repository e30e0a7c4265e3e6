//! The summary of a set of rows: their outcomes, how long the restores took, and which has been running
//! longest.

use crate::core::domain::task::Outcome;
use crate::core::table::Table;
use crate::core::table::identity::{Mark, sort};

/// The number of tasks of each outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts([u32; 4]);

impl Counts {
    pub(super) fn add(&mut self, outcome: Outcome) {
        self.0[outcome as usize] += 1;
    }

    /// How many tasks have this outcome.
    pub fn of(self, outcome: Outcome) -> u32 {
        self.0[outcome as usize]
    }

    /// The number of all tasks.
    pub fn total(self) -> u32 {
        self.0.iter().sum()
    }

    /// How many of 1000 ended tasks succeeded; `None` if none has ended. 0 means none and 1000 means all:
    /// a single failure or success is never rounded away.
    pub fn success_permille(self) -> Option<u32> {
        let succeeded = u64::from(self.of(Outcome::Succeeded));
        let failed = u64::from(self.of(Outcome::Failed));
        let ended = succeeded + failed;
        let rounded = (succeeded * 1000 + ended / 2).checked_div(ended)?;
        let least = u64::from(succeeded > 0);
        let most = 1000 - u64::from(failed > 0);
        Some(rounded.max(least).min(most) as u32)
    }
}

/// The summary of a set of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// The number of tasks of each outcome.
    pub counts: Counts,
    /// How many succeeded tasks have a duration. The percentiles are computed from those.
    pub measured: u32,
    /// The duration that half of them did not exceed, in microseconds.
    pub p50: Option<i64>,
    /// The duration that 95 of 100 did not exceed, in microseconds.
    pub p95: Option<i64>,
    /// The row that has been running longest, and for how many microseconds. The first of equal ones.
    pub longest: Option<(u32, i64)>,
}

impl Summary {
    /// The summary of these rows at `now`, in microseconds since 1970.
    pub fn of(table: &Table, rows: &[u32], now: i64) -> Self {
        let mut summary = Self::default();
        let mut lengths = Vec::new();
        for &row in rows {
            let outcome = table.outcome(row);
            summary.counts.add(outcome);
            // Failures often end early, so they do not show how long a restore takes.
            match (outcome, table.duration(row, now)) {
                (Outcome::Succeeded, Some(length)) => lengths.push(mark(length)),
                (Outcome::Running, Some(length))
                    if summary.longest.is_none_or(|(_, longest)| length > longest) =>
                {
                    summary.longest = Some((row, length));
                }
                _ => {}
            }
        }
        sort(&mut lengths);
        summary.measured = lengths.len() as u32;
        summary.p50 = percentile(&lengths, 50);
        summary.p95 = percentile(&lengths, 95);
        summary
    }
}

/// A duration in the type that [`sort`] takes.
pub(super) fn mark(length: i64) -> Mark {
    (length, 0, 0)
}

/// The percentile by nearest rank: always a duration that a task had, never one between two.
pub(super) fn percentile(sorted: &[Mark], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    Some(sorted.get(rank.checked_sub(1)?)?.0)
}

#[cfg(test)]
#[path = "summary_tests.rs"]
pub(in crate::core) mod tests;
