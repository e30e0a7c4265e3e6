//! The core: all behaviour of the widget that needs no browser. It owns the data model, what is held of a
//! range, and how every action changes the state.
//!
//! It must not know the browser. Nothing here names Yew, `web-sys`, `js-sys` or `wasm-bindgen`, and
//! nothing here reads a clock or a random number: both come in with each action. So the whole behaviour
//! is tested natively, as tables of actions and outcomes.

pub mod api;
pub mod dataset;
pub mod domain;
pub mod error;
pub mod format;
pub mod i18n;
pub mod json;
pub mod privacy;
pub mod query;
pub mod report;
pub mod settings;
pub mod state;
pub mod stats;
pub mod table;
pub mod time;

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod properties;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod torture;
