//! What suggestions are made from.

use crate::core::i18n::locale::Locale;
use crate::core::table::Table;

/// The data that suggestions are made from.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// All held tasks.
    pub table: &'a Table,
    /// The rows of the range.
    pub rows: &'a [u32],
    /// The language of the labels, and the zone of the days.
    pub locale: &'a dyn Locale,
    /// The current time, in microseconds since 1970.
    pub now: i64,
}

/// A value that a field may have.
pub(super) struct Choice {
    pub(super) text: String,
    pub(super) label: String,
    pub(super) count: Option<u32>,
    /// Whether it comes after the more general values (a raw status after the outcomes).
    pub(super) is_second: bool,
}
