//! The companion server: the page and the documented restore-task API, on SQLite with demo data or from a
//! real OCP.
//!
//! `cli` defines the command line. Each mode is a folder and a feature: `demo` and `gateway`; they never
//! import each other. What they share is in `http`, which imports neither.

#[cfg(not(any(feature = "demo", feature = "gateway")))]
compile_error!("choose what the server can do: the feature `demo`, `gateway`, or both");

mod cli;
#[cfg(feature = "demo")]
mod demo;
#[cfg(feature = "gateway")]
mod gateway;
#[cfg_attr(
    not(all(feature = "demo", feature = "gateway")),
    allow(dead_code, reason = "one mode alone does not use everything")
)]
mod http;

pub use cli::{Cli, Command, ServerError, asks_for_json, run};
#[cfg(feature = "demo")]
pub use demo::{DemoArgs, DemoError, RequiredSignIn, StoreError, serve};
#[cfg(feature = "gateway")]
pub use gateway::{Auth, Gateway, GatewayArgs, GatewayError, Limits, Settings};
pub use http::error::ServeError;
pub use http::log::{LogFormat, fail, write_json};
pub use http::secrets::{Environment, SecretError};
