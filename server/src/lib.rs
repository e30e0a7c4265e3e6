//! The companion server: the documented restore-task API on SQLite with demo data, and the page.
//!
//! The map: `cli` says what can be asked for, `serve` listens and ends, `page` hands out files, `api` speaks
//! as OCP does, `store` holds the rows, `demo` invents them, `faults` spoils answers on request. Dates and
//! numbers in the answers follow the documented sample; where OCP is silent, `server/README.md` says what was chosen.

mod api;
mod cli;
mod clock;
mod demo;
mod error;
mod faults;
mod page;
mod serve;
mod status;
mod store;
mod task;

pub use cli::{Cli, Command, DemoArgs};
pub use error::ServerError;
pub use serve::{run, serve};
