//! Whether the page is seen, and when the network comes back.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventTarget, VisibilityState, window};

type Listener = (EventTarget, &'static str, Closure<dyn Fn()>);

/// Whether the page is seen at this moment.
pub fn is_visible() -> bool {
    let document = window().and_then(|window| window.document());
    document.is_none_or(|document| document.visibility_state() == VisibilityState::Visible)
}

/// Listens until it is dropped.
pub struct Watch {
    listeners: Vec<Listener>,
}

impl Watch {
    /// Says whether the page is visible each time that changes, and when the network is back.
    pub fn new(visible: impl Fn(bool) + 'static, online: impl Fn() + 'static) -> Self {
        let mut watch = Self {
            listeners: Vec::new(),
        };
        if let Some(window) = window() {
            if let Some(document) = window.document() {
                let target: EventTarget = document.clone().into();
                let listener =
                    Closure::new(move || visible(document.visibility_state() == VisibilityState::Visible));
                watch.listen(target, "visibilitychange", listener);
            }
            watch.listen(window.into(), "online", Closure::new(online));
        }
        watch
    }

    fn listen(&mut self, target: EventTarget, name: &'static str, listener: Closure<dyn Fn()>) {
        if target
            .add_event_listener_with_callback(name, listener.as_ref().unchecked_ref())
            .is_ok()
        {
            self.listeners.push((target, name, listener));
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        for (target, name, listener) in &self.listeners {
            let _ = target.remove_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        }
    }
}
