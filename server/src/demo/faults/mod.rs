//! Faults on request, to test what a widget does when its server misbehaves. Off unless asked for.
//!
//! It wraps the whole demo. The rest imports nothing of it, except how to page wrongly.

mod apply;
mod connection;
mod control;
mod log;
mod paging;
mod pending;
mod router;
mod spec;
mod state;

pub(super) use connection::{Connection, Listener};
pub(super) use paging::Paging;
pub(super) use router::{with_faults, without_faults};
#[cfg(test)]
pub(super) use spec::ITEMS;
