//! Numbers about a set of rows: outcomes, lengths of time, tasks over time, repeated attempts, distinct texts.
//!
//! Numbers only; words and formats are the view's. The caller decides whether the rows are the range or the result
//! of a filter, and must not present part of a range as the whole. May import `i18n`, `time`, `table` and the rooms
//! that these may import.

pub mod attempts;
mod facets;
pub mod histogram;
#[cfg(test)]
mod plain_tests;
mod summary;

pub use facets::facets;
pub use histogram::{Bar, Bars, Unit};
pub use summary::{Counts, Summary};
