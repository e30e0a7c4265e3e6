//! The companion server: the page and the documented restore-task API, on SQLite with demo data or from a
//! real OCP.
//!
//! `cli` defines the command line, `serve` starts and stops the server, `page` serves files. The demo: `api`
//! answers as OCP does, `store` keeps the rows, `demo` generates them, `faults` breaks answers on request,
//! `auth` checks credentials. `gateway` has a folder of its own. Both use `sign` for OCP's signatures and
//! `secrets` for secrets from the environment. Where OCP's documents are silent, `server/README.md` says what
//! was chosen.

mod api;
mod auth;
mod cli;
mod clock;
mod demo;
mod error;
mod faults;
mod gateway;
mod log;
mod page;
mod secrets;
mod serve;
mod sign;
mod status;
mod store;
mod task;

pub use auth::Required;
pub use cli::{Cli, Command, DemoArgs};
pub use error::ServerError;
pub use gateway::{Auth, Gateway, GatewayArgs, GatewayError, Limits, Settings};
pub use log::{asks_for_json, fail, tell_json};
pub use secrets::{Secret, SecretError};
pub use serve::{run, serve};
