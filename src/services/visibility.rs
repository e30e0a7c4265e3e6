//! Whether the page is seen, and when the network comes back.

use web_sys::{VisibilityState, window};

use super::listen::Listener;

/// Whether the page is seen at this moment.
pub fn is_visible() -> bool {
    let document = window().and_then(|window| window.document());
    document.is_none_or(|document| document.visibility_state() == VisibilityState::Visible)
}

/// Listens until it is dropped.
pub struct Watch {
    _listeners: [Listener; 2],
}

impl Watch {
    /// Says whether the page is visible each time that changes, and when the network is back.
    pub fn new(visible: impl Fn(bool) + 'static, online: impl Fn() + 'static) -> Option<Self> {
        let window = window()?;
        let document = window.document()?;
        let visible = Listener::new(document.into(), "visibilitychange", move || visible(is_visible()));
        let online = Listener::new(window.into(), "online", online);
        Some(Self {
            _listeners: [visible, online],
        })
    }
}
