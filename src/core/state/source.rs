//! What the rows of the view are computed from.

use super::query::Query;
use crate::core::dataset::Dataset;
use crate::core::i18n::locale::Locale;

/// What the rows of the view are computed from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    /// The loaded tasks.
    pub(super) dataset: &'a Dataset,
    /// What is asked of them.
    pub(super) query: &'a Query,
    /// The collation, and the zone of the filter's days.
    pub(super) locale: &'a dyn Locale,
    /// The current time, in microseconds since 1970.
    pub(super) now: i64,
    /// Whether the pages are cut here and not by the server.
    pub(super) is_local: bool,
    /// Whether the host set the tasks, so that the range is applied here and not by the server.
    pub(super) has_host_tasks: bool,
}
