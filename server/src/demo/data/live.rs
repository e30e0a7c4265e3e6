//! The live cluster: a pure function of the time, so that all requests and runs agree.
//!
//! Time is divided into slots of 20 s. Each slot has one task, generated from the slot's number.

use super::plan::Plan;
use super::rng::Rng;
use super::scenario;
use crate::demo::task::Task;

const SLOT_MS: i64 = 20_000;
/// The number of slots that are kept is at least this …
const MIN_SLOTS: i64 = 180;
/// … and grows by this many before the oldest are removed at once, so that the total changes.
const STEP: i64 = 40;

/// The tasks at this time, oldest first.
pub(crate) fn tasks(cluster: i64, now_ms: i64) -> Vec<Task> {
    let newest = now_ms.div_euclid(SLOT_MS);
    let oldest = (newest - newest.rem_euclid(STEP) - MIN_SLOTS).max(1);
    (oldest..=newest)
        .filter_map(|slot| {
            let mut rng = Rng::new(slot.unsigned_abs() ^ 0x0B5E_55ED);
            let create_ms = slot.saturating_mul(SLOT_MS) + rng.between(0, 15_000);
            let plan = Plan {
                seed: rng.next(),
                first_ms: create_ms,
                create_ms,
                attempt: 1,
                attempts: 1,
                duration_ms: Some(rng.spread(30_000, 600_000)),
            };
            (create_ms <= now_ms).then(|| scenario::task(&plan, cluster, slot, now_ms))
        })
        .collect()
}
