//! What a range says as a whole: how its restores went, how long they took, and what has been running longest.
//!
//! Here are numbers only, no words and no formats: the views have those. Each answer speaks of the rows that it is
//! given, so the caller decides whether that is the range or what a filter leaves of it, and must not pass part of a
//! range off as the whole. [Bars](bars) are the same counts over time, [chains](chain) are attempts at one thing.

pub mod bars;
pub mod chain;
mod facets;
mod overview;
#[cfg(test)]
mod plain_tests;

use super::poll::{Mark, sort};
use super::table::Table;
use super::task::Outcome;

pub use bars::{Bar, Bars, Unit};
pub use chain::Chain;
pub use facets::facets;
pub use overview::Overview;

/// How many tasks have each outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts([u32; 4]);

impl Counts {
    fn add(&mut self, outcome: Outcome) {
        self.0[outcome as usize] += 1;
    }

    /// How many have this outcome.
    pub fn of(self, outcome: Outcome) -> u32 {
        self.0[outcome as usize]
    }

    /// How many there are.
    pub fn total(self) -> u32 {
        self.0.iter().sum()
    }

    /// Of a thousand that ended, so many succeeded; `None` where none has ended. One failure among many thousands is
    /// not rounded away, nor is one success: 0 and 1000 mean none and all.
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

/// What a number of tasks says together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// By outcome.
    pub counts: Counts,
    /// How many of the succeeded have a duration: what the percentiles are made of.
    pub measured: u32,
    /// The duration that half of the succeeded did not exceed, in microseconds.
    pub p50: Option<i64>,
    /// The duration that 95 in 100 of the succeeded did not exceed.
    pub p95: Option<i64>,
    /// The row that has been running longest, and how long; of two alike the first.
    pub longest: Option<(u32, i64)>,
}

impl Summary {
    /// The summary of these rows at `now`.
    pub fn of(table: &Table, rows: &[u32], now: i64) -> Self {
        let mut summary = Self::default();
        let mut lengths = Vec::new();
        for &row in rows {
            let outcome = table.outcome(row);
            summary.counts.add(outcome);
            // Failures end early and say nothing of how long a restore takes.
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

/// A duration in the shape that is sorted everywhere: see [`sort`].
fn mark(length: i64) -> Mark {
    (length, 0, 0)
}

/// The percentile by nearest rank: always a duration that a task had, never one between two.
fn percentile(sorted: &[Mark], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    Some(sorted.get(rank.checked_sub(1)?)?.0)
}

#[cfg(test)]
#[path = "summary_tests.rs"]
mod tests;
