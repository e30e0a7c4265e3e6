//! The state of one widget, the actions that change it, and the effects that it asks for.
//!
//! [`State::apply`] is the only way in. It never asks a clock, a server or the browser: the time comes
//! with the action, requests and timers go out as [`Effect`]s, and their results come back as actions. So
//! a test can drive it without a browser.
//!
//! The state has slices, one file each: what the [host] gave, what is [asked](query) of the tasks,
//! what is [loaded], what the [scheduler] does to load it, what is [shown], what is [stored], and what the
//! page's [URL](url) says. No slice changes another; `shown` reads the query, by way of `source.rs`.
//! `apply.rs`, `configure.rs` and `planning.rs` let them work together; `selectors.rs` answers questions and
//! changes nothing. May import every room but `report`.

pub mod action;
mod apply;
mod configure;
pub mod host;
pub mod loaded;
mod model;
mod overview;
mod pending;
mod planning;
pub mod query;
pub mod scheduler;
mod selectors;
pub mod shown;
mod source;
pub mod stored;
pub mod url;
mod zone;

pub use action::{Action, At, Effect, Event, HistoryEntry, Origin, Press};
pub use model::State;
pub use overview::Overview;
pub use scheduler::RequestFailure;

#[cfg(test)]
pub(in crate::core) mod tests;
