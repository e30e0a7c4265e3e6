//! What the host is told, and how it answers.

use crate::core::json::value::Value;
use crate::core::state::{Event, Press, State};

/// An event in the form in which the host gets it.
pub struct Notice {
    /// The name of the DOM event; empty for a Yew host.
    pub name: &'static str,
    /// Its detail.
    pub detail: Value,
    /// Whether the host can prevent the default action.
    pub cancelable: bool,
}

/// The host: receives events, and may prevent default actions. To describe an event needs the state; to send
/// it must not hold the state, because the host may call the store at once.
pub trait Host {
    /// The notices to send for an event.
    fn describe(&self, event: &Event, state: &State) -> Vec<Notice>;
    /// The notice to send when a person pressed a task.
    fn describe_press(&self, row: u32, press: Press, state: &State) -> Notice;
    /// Sends a notice; `false` if the host prevented the default action.
    fn send(&self, notice: &Notice) -> bool;
}
