//! The companion server: the page, and the documented restore-task API, on SQLite with demo data or from a real OCP.
//!
//! The map: `cli` says what can be asked for, `serve` listens and ends, `page` hands out files. The demo: `api`
//! speaks as OCP does, `store` holds the rows, `demo` invents them, `faults` spoils answers on request, `auth` asks
//! who is there. The gateway has a folder of its own. Between them, `sign` knows OCP's signatures and `secrets` where
//! secrets come from. Where OCP is silent, `server/README.md` says what was chosen.

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
