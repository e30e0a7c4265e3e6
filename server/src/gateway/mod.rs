//! The gateway: serves the page, and passes one kind of request on to a real OCP, within limits that protect
//! OCP.
//!
//! `server` starts it: `args`, `config_file` and `settings` read the options. A request goes from `listen`
//! (connections) to `app` (what it gets), through `access` (who may) and `request` (what is asked) to
//! `flight` (identical requests become one), `client` (turns), `throttle` (whether OCP may be asked now) and
//! `upstream` (one request to OCP); the answer comes back through `classify` and `answer`. It imports `http`,
//! never `demo`.
//!
//! Text of a client goes no further than `request` and `session`, text of OCP no further than `classify` and
//! `answer`: the other modules get only values.

mod access;
mod account;
mod answer;
mod app;
mod args;
mod classify;
mod client;
mod config_file;
mod connect_timeout;
mod credentials;
mod error;
mod failure;
mod flight;
mod limits;
mod listen;
mod manual;
mod memory;
mod metrics;
mod open_files;
mod option_source;
mod outcome;
mod request;
mod server;
mod session;
mod settings;
mod startup_log;
mod throttle;
mod tls;
mod upstream;
mod upstream_url;

pub use args::{Auth, GatewayArgs};
pub use error::GatewayError;
pub use limits::Limits;
pub use server::Gateway;
pub use settings::Settings;

pub(crate) use manual::MANUAL;
pub(crate) use server::run;
