//! All that stands in the strip above the table, reckoned at once.

use super::chain::overdue_rows;
use super::{Bars, Summary};
use crate::core::state::State;

/// Most bars: the days of a quarter, each of which can still be pointed at.
const MOST_BARS: usize = 100;

/// The strip's numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// How the restores went.
    pub summary: Summary,
    /// The same over time.
    pub bars: Bars,
    /// How many run longer than their tenant's restores do.
    pub overdue: u32,
    /// Of how many tasks these numbers speak.
    pub of: u64,
    /// How many there are in the range.
    pub total: u64,
    /// The range's first and last instant, where it has them.
    pub bounds: (Option<i64>, Option<i64>),
}

impl Overview {
    /// Of the tasks in the view: those of the range that pass the filter. What is usual for a tenant is reckoned from
    /// all that are here.
    pub fn of(state: &State, now: i64) -> Self {
        let (table, rows) = (state.history.table(), &state.rows);
        let locale = &*state.locale;
        let bounds = state.view.range.bounds(state.fetched_at.unwrap_or(now), locale);
        let overdue = overdue_rows(table, state.history.rows(), now);
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
            total: state.history.total().unwrap_or_else(|| state.history.held()),
        }
    }
}
