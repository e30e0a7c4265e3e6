//! What the host is told, and how it answers.

use crate::core::state::{Event, Press, State};

/// An event in the form in which the host gets it. To call it sends it; it returns `false` if the host
/// prevented the default action. Nothing may be borrowed then, because the host may call the store at once.
pub type Notice = Box<dyn FnOnce() -> bool>;

/// The host: receives events, and may prevent default actions.
pub trait Host {
    /// The notices to send for an event.
    fn describe(&self, event: &Event, state: &State) -> Vec<Notice>;
    /// The notice to send when a person pressed a task.
    fn describe_press(&self, row: u32, press: Press, state: &State) -> Notice;
}
