//! How far the demo data have got: which clusters are filled, by whom, and who waits for them.
//!
//! The clusters are filled one after the other beside the first requests; a large one only once it is asked
//! for, so that nobody pays for it who doesn't.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::watch;

use super::Failure;
use crate::clock::true_ms;
use crate::demo::{self, CLUSTERS, Cluster, Kind};
use crate::store::Store;

/// From so many tasks on, a cluster is filled on its first request.
const LARGE: usize = 200_000;

#[derive(Debug, Default)]
struct Filled {
    ready: BTreeSet<i64>,
    /// Large ones that were asked for.
    begun: BTreeSet<i64>,
    /// Nothing more will come.
    over: bool,
}

/// What is there, shared between those who fill and those who wait.
#[derive(Clone, Debug)]
pub(crate) struct Filling(Arc<watch::Sender<Filled>>);

impl Filling {
    /// Begins to fill what isn't large.
    pub(crate) fn begin(store: &Arc<Store>) -> Self {
        let filling = Self(Arc::new(watch::Sender::default()));
        let small = CLUSTERS.into_iter().filter(|cluster| !is_large(*cluster));
        filling.fill(store, small.collect());
        filling
    }

    fn fill(&self, store: &Arc<Store>, clusters: Vec<Cluster>) {
        let (filling, store) = (self.clone(), Arc::clone(store));
        tokio::task::spawn_blocking(move || {
            let start = true_ms();
            for cluster in clusters {
                let filled = demo::fill(&store, cluster, start);
                if let Err(error) = &filled {
                    tracing::error!("cluster {}: {error}", cluster.id);
                }
                if !matches!(filled, Ok(true)) {
                    filling.0.send_modify(|f| f.over = true);
                    return;
                }
                filling.0.send_modify(|f| {
                    f.ready.insert(cluster.id);
                });
            }
            tracing::info!("demo data ready after {} ms", true_ms().saturating_sub(start));
        });
    }

    /// Waits until the cluster's tasks are all there: half a list would be a wrong answer.
    pub(crate) async fn wait_for(&self, store: &Arc<Store>, cluster: Cluster) -> Result<(), Failure> {
        if is_large(cluster) {
            let first = self.0.send_if_modified(|f| f.begun.insert(cluster.id));
            if first {
                self.fill(store, vec![cluster]);
            }
        }
        let mut filled = self.0.subscribe();
        let state = filled
            .wait_for(|f| f.over || f.ready.contains(&cluster.id))
            .await
            .map_err(|error| Failure::internal(&error))?;
        if state.ready.contains(&cluster.id) {
            Ok(())
        } else {
            Err(Failure::internal(&"the demo data could not be made"))
        }
    }

    #[cfg(test)]
    fn has(&self, cluster: i64) -> bool {
        self.0.borrow().ready.contains(&cluster)
    }
}

fn is_large(cluster: Cluster) -> bool {
    matches!(cluster.kind, Kind::Generated(count) if count >= LARGE)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::store::Selection;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_large_cluster_is_filled_once_and_only_when_it_is_asked_for() {
        let store = Arc::new(Store::open(None).unwrap());
        let filling = Filling::begin(&store);
        let last = CLUSTERS.into_iter().rfind(|cluster| !is_large(*cluster)).unwrap();
        filling.wait_for(&store, last).await.unwrap();
        let large = CLUSTERS.into_iter().find(|cluster| is_large(*cluster)).unwrap();
        assert_eq!(large.id, 1_300_000);
        assert!(!filling.has(large.id) && !store.has(large.id).unwrap());

        let both = tokio::join!(filling.wait_for(&store, large), filling.wait_for(&store, large));
        both.0.unwrap();
        both.1.unwrap();
        let picked = store.pick(Selection {
            cluster: large.id,
            from_ms: i64::MIN,
            to_ms: i64::MAX,
            offset: 299_999,
            limit: 10,
        });
        let picked = picked.unwrap();
        assert_eq!((picked.total, picked.tasks.len()), (300_000, 1));
    }
}
