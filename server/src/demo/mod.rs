//! The demo clusters, and how each gets its tasks.
//!
//! Everything is generated from fixed seeds and the current time, so that two runs differ only in their
//! dates. This module only creates tasks; it does not store or serve them.

mod failure;
mod live;
mod names;
mod plan;
mod rng;
mod sample;
mod scenario;

use crate::error::StoreError;
use crate::store::Store;
use crate::task::Task;

/// Where the tasks of a cluster come from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// The documented sample.
    Sample,
    /// This many generated tasks.
    Generated(usize),
    /// Computed at each request from the time.
    Live,
    /// A cluster without permission: every request is refused.
    Forbidden,
}

/// A cluster of the demo.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cluster {
    pub(crate) id: i64,
    pub(crate) kind: Kind,
}

/// All clusters.
pub(crate) const CLUSTERS: [Cluster; 9] = [
    Cluster {
        id: 1_000_001,
        kind: Kind::Generated(0),
    },
    Cluster {
        id: 1_000_005,
        kind: Kind::Sample,
    },
    Cluster {
        id: 1_000_009,
        kind: Kind::Live,
    },
    Cluster {
        id: 1_000_403,
        kind: Kind::Forbidden,
    },
    Cluster {
        id: 1_000_050,
        kind: Kind::Generated(50),
    },
    Cluster {
        id: 1_001_240,
        kind: Kind::Generated(1240),
    },
    Cluster {
        id: 1_010_000,
        kind: Kind::Generated(10_000),
    },
    Cluster {
        id: 1_100_000,
        kind: Kind::Generated(100_000),
    },
    Cluster {
        id: 1_300_000,
        kind: Kind::Generated(300_000),
    },
];

/// The one cluster with ids that exceed the integers of a JavaScript number.
const HUGE_IDS: i64 = 1_010_000;

/// The cluster with this id.
pub(crate) fn cluster(id: i64) -> Option<Cluster> {
    CLUSTERS.into_iter().find(|c| c.id == id)
}

/// Stores the tasks of a cluster unless it has them. Returns `false` when the server is stopping.
pub(crate) fn fill(store: &Store, cluster: Cluster, now_ms: i64) -> Result<bool, StoreError> {
    let mut tasks: Box<dyn Iterator<Item = Task>> = match cluster.kind {
        Kind::Live | Kind::Forbidden => return Ok(true),
        Kind::Sample => Box::new(sample::tasks().into_iter()),
        Kind::Generated(count) => Box::new(generated(cluster.id, count, now_ms)),
    };
    if store.has(cluster.id)? {
        return Ok(true);
    }
    store.fill(cluster.id, now_ms, &mut tasks)
}

/// Replaces the tasks of the live cluster by those of this time.
pub(crate) fn refresh(store: &Store, cluster: Cluster, now_ms: i64) -> Result<(), StoreError> {
    store.replace(cluster.id, &live::tasks(cluster.id, now_ms))
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
