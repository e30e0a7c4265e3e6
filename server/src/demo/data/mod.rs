//! The demo clusters and their tasks.
//!
//! Everything is generated from fixed seeds and the current time, so that two runs differ only in their
//! dates. It only creates tasks; it does not store or serve them. Of the rest of the demo it imports `task`
//! and `status`.

mod clusters;
mod error_message;
mod generate;
mod live;
mod names;
mod plan;
mod rng;
mod sample;
mod scenario;

#[cfg(test)]
pub(super) use clusters::CLUSTERS;
pub(super) use clusters::{Cluster, Kind, cluster};
pub(super) use generate::tasks;
pub(super) use live::tasks as live_tasks;
