//! Whether the page is visible, and when the network comes back.

use web_sys::{VisibilityState, window};

use super::listener::Listener;

/// Whether the page is visible now.
pub fn is_visible() -> bool {
    let document = window().and_then(|window| window.document());
    document.is_none_or(|document| document.visibility_state() == VisibilityState::Visible)
}

/// Listens until it is dropped.
pub struct Watch {
    _listeners: [Listener; 2],
}

impl Watch {
    /// Starts to listen: `visible` is called at each change of visibility, `online` when the network is back.
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
