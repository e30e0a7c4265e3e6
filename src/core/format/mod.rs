//! Tasks and values as a person reads them. A cell is formatted only when its row is shown.
//!
//! Knows no HTML. May import `i18n`, `time`, `table` and the rooms that these may import.

mod cell;
mod words;

pub use cell::{CellText, MISSING, add_ages, add_whole, cell, int, status};
pub use words::{ago, day, duration, error_code, mode_text, moment, number, status_text, time, title};
