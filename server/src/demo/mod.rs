//! The demo: OCP's documented API on SQLite, with generated data, faults on request, and OCP's own sign-in.
//!
//! `server` puts the parts together: `api` answers as OCP does, `fill` makes a cluster's tasks on the first
//! request for it, `store` keeps the rows, `data` generates them, `faults` breaks answers, `sign_in` checks
//! credentials. It imports `http`, never `gateway`. Where OCP's documents are silent, `server/README.md` says
//! what was chosen.

mod answer;
mod api;
mod args;
mod data;
mod error;
mod failures;
mod faults;
mod fill;
mod manual;
mod query;
mod server;
mod sign_in;
mod status;
mod store;
mod task;

pub use args::DemoArgs;
pub use error::{DemoError, StoreError};
pub use server::serve;
pub use sign_in::RequiredSignIn;

pub(crate) use manual::MANUAL;
pub(crate) use server::run;
