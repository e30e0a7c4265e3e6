//! The core: all behaviour of the widget that needs no browser. It owns the data model, what is held of a
//! range, and how every action changes the state.
//!
//! It must not know the browser. Nothing here names Yew, `web-sys`, `js-sys` or `wasm-bindgen`, and
//! nothing here reads a clock or a random number: both come in with each action. So the whole behaviour
//! is tested natively, as tables of actions and outcomes.

pub mod action;
pub mod address;
pub mod batch;
pub mod column;
pub mod config;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod engine_props;
pub mod error;
pub mod export;
pub mod failure;
pub mod filter;
pub mod format;
pub mod history;
mod hold;
mod inputs;
pub mod json;
pub mod kept;
pub mod layout;
pub mod load;
pub mod locale;
pub mod order;
mod pages;
mod poll;
pub mod redact;
pub mod report;
pub mod request;
mod rows;
pub mod saved;
pub mod secret;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod soak_tests;
pub mod stage;
pub mod state;
pub mod suggest;
pub mod summary;
pub mod table;
pub mod task;
pub mod text;
pub mod time;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod torture;
mod trial;
pub mod value;
mod walk;
pub mod wire;
mod zone;
