//! Fills the store: which clusters have their tasks, and who waits for them.
//!
//! A cluster is filled on the first request for it, so that the start is fast and clusters without requests
//! cost nothing. The request waits; later requests wait with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::watch;

use super::data::{self, Cluster};
use super::error::StoreError;
use super::failures;
use super::store::Store;
use crate::http::clock::true_ms;
use crate::http::envelope::Failure;

/// The progress of a cluster that was requested.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    Filling,
    Ready,
    /// The next request tries again.
    Failed,
}

/// The progress of the clusters, shared between the tasks that fill and the requests that wait.
#[derive(Clone, Debug, Default)]
pub(super) struct Filling(Arc<watch::Sender<BTreeMap<i64, Stage>>>);

impl Filling {
    /// Waits until all tasks of the cluster are stored: half a list would be a wrong answer.
    pub(super) async fn wait_for(&self, store: &Arc<Store>, cluster: Cluster) -> Result<(), Failure> {
        let first = self.0.send_if_modified(|stages| {
            let begins = !matches!(stages.get(&cluster.id), Some(Stage::Filling | Stage::Ready));
            if begins {
                stages.insert(cluster.id, Stage::Filling);
            }
            begins
        });
        if first {
            self.fill(store, cluster);
        }
        let mut stages = self.0.subscribe();
        let ended = stages
            .wait_for(|stages| stages.get(&cluster.id) != Some(&Stage::Filling))
            .await
            .map_err(|error| failures::internal(&error))?;
        if ended.get(&cluster.id) == Some(&Stage::Ready) {
            Ok(())
        } else {
            Err(failures::internal(&"the demo data could not be made"))
        }
    }

    /// Fills a cluster in a task of its own, which goes on if the request that started it is dropped:
    /// otherwise half a list would remain.
    fn fill(&self, store: &Arc<Store>, cluster: Cluster) {
        let (filling, store) = (self.clone(), Arc::clone(store));
        tokio::spawn(async move {
            let start = true_ms();
            let filled = tokio::task::spawn_blocking(move || fill(&store, cluster, start)).await;
            let stage = match filled {
                Ok(Ok(true)) => Stage::Ready,
                // The server is ending.
                Ok(Ok(false)) => Stage::Failed,
                Ok(Err(error)) => {
                    tracing::error!("cluster {}: {error}", cluster.id);
                    Stage::Failed
                }
                Err(error) => {
                    tracing::error!("cluster {}: {error}", cluster.id);
                    Stage::Failed
                }
            };
            if stage == Stage::Ready {
                let took = true_ms().saturating_sub(start);
                tracing::info!("cluster {} ready after {took} ms", cluster.id);
            }
            filling.0.send_modify(|stages| {
                stages.insert(cluster.id, stage);
            });
        });
    }
}

/// Stores the tasks of a cluster unless it has them. Returns `false` when the server is stopping.
fn fill(store: &Store, cluster: Cluster, now_ms: i64) -> Result<bool, StoreError> {
    match data::tasks(cluster, now_ms) {
        Some(mut tasks) if !store.has(cluster.id)? => store.fill(cluster.id, now_ms, &mut tasks),
        _ => Ok(true),
    }
}

/// Replaces the tasks of the live cluster by those of this time.
pub(super) fn refresh(store: &Store, cluster: Cluster, now_ms: i64) -> Result<(), StoreError> {
    store.replace(cluster.id, &data::live_tasks(cluster.id, now_ms))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::demo::data::CLUSTERS;
    use crate::demo::store::Selection;

    fn cluster(id: i64) -> Cluster {
        data::cluster(id).unwrap()
    }

    fn total(store: &Store, id: i64) -> i64 {
        let all = Selection {
            cluster: id,
            from_ms: i64::MIN,
            to_ms: i64::MAX,
            offset: 0,
            limit: 1,
        };
        store.select(all).unwrap().total
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_cluster_is_filled_once_and_only_when_it_is_asked_for() {
        let store = Arc::new(Store::open(None).unwrap());
        let filling = Filling::default();
        let asked = cluster(1_010_000);
        let waiting: Vec<_> = (0..20)
            .map(|_| {
                let (filling, store) = (filling.clone(), Arc::clone(&store));
                tokio::spawn(async move { filling.wait_for(&store, asked).await })
            })
            .collect();
        for one in waiting {
            one.await.unwrap().unwrap();
        }
        assert_eq!(total(&store, asked.id), 10_000);
        for other in CLUSTERS.into_iter().filter(|other| other.id != asked.id) {
            assert!(!store.has(other.id).unwrap(), "{}", other.id);
            assert_eq!(total(&store, other.id), 0, "{}", other.id);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_request_that_is_given_up_leaves_no_half_list() {
        let store = Arc::new(Store::open(None).unwrap());
        let filling = Filling::default();
        let asked = cluster(1_010_000);
        let given_up = tokio::time::timeout(std::time::Duration::ZERO, filling.wait_for(&store, asked));
        given_up.await.unwrap_err();
        filling.wait_for(&store, asked).await.unwrap();
        assert_eq!(total(&store, asked.id), 10_000);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_could_not_be_filled_is_tried_again() {
        let store = Arc::new(Store::open(None).unwrap());
        let filling = Filling::default();
        let asked = cluster(1_000_050);
        store.close();
        filling.wait_for(&store, asked).await.unwrap_err();
        assert_eq!(total(&store, asked.id), 0);
        store.reopen();
        filling.wait_for(&store, asked).await.unwrap();
        assert_eq!(total(&store, asked.id), 50);
    }
}
