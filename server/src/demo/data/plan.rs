//! When the tasks of a generated cluster were created, and which of them are attempts at the same restore.

use super::rng::Rng;

const HOUR: i64 = 3_600_000;
/// The age of the oldest tasks, in milliseconds.
pub(super) const SPAN: i64 = 400 * 24 * HOUR;

/// The plan of one task. All attempts at one restore share the seed and the time of the first attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Plan {
    pub(super) seed: u64,
    /// When the first attempt was created.
    pub(super) first_ms: i64,
    pub(super) create_ms: i64,
    /// 1 for the first attempt.
    pub(super) attempt: u8,
    /// The number of attempts: all but the last fail.
    pub(super) attempts: u8,
    /// The duration, if it is fixed.
    pub(super) duration_ms: Option<i64>,
}

/// The plans of a cluster, oldest first. They become denser towards now, so that short ranges are not empty.
pub(super) fn plans(cluster: i64, count: usize, now_ms: i64) -> Vec<Plan> {
    let mut rng = Rng::new(cluster.unsigned_abs());
    let mut plans: Vec<Plan> = Vec::with_capacity(count);
    let mut last_ms = 0;
    while plans.len() < count {
        // The age decreases from the whole span to minutes as the list fills.
        let left = (count - plans.len()) as f64 - rng.unit();
        let age = (left / count as f64).powf(1.6) * SPAN as f64;
        let mut first_ms = now_ms - (age as i64).clamp(60_000, SPAN);
        if rng.once_in(200) && last_ms > 0 {
            // Two tasks in the same millisecond: their ids must decide the order.
            first_ms = last_ms;
        }
        last_ms = first_ms;
        let seed = rng.next();
        let wanted: u8 = if rng.once_in(15) { rng.pick(&[3, 4]) } else { 1 };
        let attempts = if count - plans.len() > usize::from(wanted) {
            wanted
        } else {
            1
        };
        let mut create_ms = first_ms;
        for attempt in 1..=attempts {
            plans.push(Plan {
                seed,
                first_ms,
                create_ms,
                attempt,
                attempts,
                duration_ms: None,
            });
            create_ms = create_ms
                .saturating_add(rng.between(5 * 60_000, HOUR))
                .min(now_ms);
        }
    }
    // The newest task was created within the last hours and is still running.
    plans.sort_by_key(|plan| plan.create_ms);
    if let Some(newest) = plans.last_mut() {
        newest.create_ms = newest.create_ms.max(now_ms - rng.between(HOUR / 2, 2 * HOUR));
        newest.duration_ms = Some(
            now_ms
                .saturating_sub(newest.create_ms)
                .saturating_mul(2)
                .max(HOUR),
        );
    }
    plans
}
