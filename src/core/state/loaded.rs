//! What is loaded of the range, and when it came.

use crate::core::api::response::Page;
use crate::core::dataset::Dataset;

/// How many trace ids are kept. A full scan of 200,000 tasks has fewer answers.
const MOST_TRACE_IDS: usize = 120;

/// What is loaded of the range.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The tasks of the range that are loaded.
    pub dataset: Dataset,
    /// When the last answer came, in microseconds since 1970.
    pub fetched_at: Option<i64>,
    /// The trace id of the last answer.
    pub trace_id: Option<String>,
    /// The trace ids of the answers that the loaded tasks came with. At most 120; older ones are dropped.
    pub trace_ids: Vec<String>,
}

impl Loaded {
    /// Drops everything, after another range, cluster or language was set.
    pub(super) fn clear(&mut self) {
        // The version goes on, so that rows derived from the old tasks are never taken for rows of the
        // new ones.
        self.dataset = Dataset::after(&self.dataset);
        self.fetched_at = None;
        self.trace_ids.clear();
    }

    /// Notes an answer that the dataset has taken.
    pub(super) fn note_answer(&mut self, page: &Page, now: i64) {
        // While old rows stay on the screen, the shown time is the time of those rows.
        let dataset = &self.dataset;
        if !(dataset.is_complete() && (dataset.is_scanning() || dataset.is_refreshing())) {
            self.fetched_at = Some(now);
        }
        if let Some(id) = &page.trace_id {
            self.trace_id = Some(id.clone());
            if self.trace_ids.len() == MOST_TRACE_IDS {
                self.trace_ids.remove(0);
            }
            self.trace_ids.push(id.clone());
        }
    }
}
