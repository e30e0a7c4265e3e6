//! Faults that wait for their requests; the oldest is used first.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::spec::Spec;

#[derive(Debug)]
struct Entry {
    spec: Spec,
    /// Requests that it still applies to.
    left: u64,
    path: String,
}

/// The waiting faults.
#[derive(Debug, Default)]
pub(super) struct Pending(Mutex<Vec<Entry>>);

impl Pending {
    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a fault for the next `times` requests whose path contains `path`.
    pub(super) fn add(&self, spec: Spec, times: u64, path: String) {
        if times > 0 {
            self.lock().push(Entry {
                spec,
                left: times,
                path,
            });
        }
    }

    /// Takes the fault for this request, if there is one.
    pub(super) fn take(&self, path: &str) -> Option<Spec> {
        let mut entries = self.lock();
        let found = entries.iter_mut().find(|entry| path.contains(&entry.path))?;
        found.left = found.left.saturating_sub(1);
        let spec = found.spec.clone();
        entries.retain(|entry| entry.left > 0);
        Some(spec)
    }

    /// Removes all of them.
    pub(super) fn clear(&self) {
        self.lock().clear();
    }
}
