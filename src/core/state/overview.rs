//! The numbers of the strip above the table, computed together.

use super::model::State;
use crate::core::stats::attempts::overdue_rows;
use crate::core::stats::{Bars, Summary};

/// The most bars: the days of a quarter, wide enough to point at each.
const MOST_BARS: usize = 100;

/// The numbers of the strip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The summary of the restores.
    pub summary: Summary,
    /// The restores over time.
    pub bars: Bars,
    /// The number of overdue tasks: see [`overdue_rows`].
    pub overdue: u32,
    /// The number of tasks that these numbers are about.
    pub of: u64,
    /// The number of tasks in the range.
    pub total: u64,
    /// The bounds of the range, in microseconds since 1970; `None` is open.
    pub bounds: (Option<i64>, Option<i64>),
}

impl Overview {
    /// The numbers of the tasks in the view: those of the range that pass the filter. The usual duration
    /// of a target is computed from all held tasks.
    pub fn of(state: &State, now: i64) -> Self {
        let (table, rows) = (state.loaded.dataset.table(), &state.shown.rows);
        let locale = state.locale();
        let bounds = state
            .query
            .view
            .range
            .bounds(state.loaded.fetched_at.unwrap_or(now), locale);
        let overdue = overdue_rows(table, state.loaded.dataset.rows(), now);
        let most = overdue.iter().max().map_or(0, |row| *row as usize + 1);
        let mut is_overdue = vec![false; most];
        overdue.iter().for_each(|row| is_overdue[*row as usize] = true);
        let overdue = rows
            .iter()
            .filter(|row| is_overdue.get(**row as usize) == Some(&true));
        Self {
            bounds,
            summary: Summary::of(table, rows, now),
            bars: Bars::of(table, rows, locale, bounds, now, MOST_BARS),
            overdue: overdue.count() as u32,
            of: rows.len() as u64,
            total: state
                .loaded
                .dataset
                .total()
                .unwrap_or_else(|| state.loaded.dataset.loaded()),
        }
    }
}
