//! The tasks that a cluster is filled with.

use super::clusters::{Cluster, Kind};
use super::{plan, sample, scenario};
use crate::demo::task::Task;

/// The one cluster with ids that exceed the integers of a JavaScript number.
const HUGE_IDS: i64 = 1_010_000;

/// The tasks of a cluster; `None` for one that is not filled. `now_ms` is the time that they are made for, in
/// milliseconds since the Unix epoch.
pub(crate) fn tasks(cluster: Cluster, now_ms: i64) -> Option<Box<dyn Iterator<Item = Task>>> {
    match cluster.kind {
        Kind::Live | Kind::Forbidden => None,
        Kind::Sample => Some(Box::new(sample::tasks().into_iter())),
        Kind::Generated(count) => Some(Box::new(generated(cluster.id, count, now_ms))),
    }
}

/// The tasks of a generated cluster, oldest first.
fn generated(cluster: i64, count: usize, now_ms: i64) -> impl Iterator<Item = Task> {
    plan::plans(cluster, count, now_ms)
        .into_iter()
        .zip(1_i64..)
        .map(move |(plan, nth)| {
            let huge = cluster == HUGE_IDS && nth % 997 == 0;
            let id = if huge { (1_i64 << 53) + nth } else { nth };
            scenario::task(&plan, cluster, id, now_ms)
        })
}

#[cfg(test)]
mod tests;
