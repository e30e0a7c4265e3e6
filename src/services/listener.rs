//! Event listeners that end when they are dropped.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::EventTarget;

/// Listens until it is dropped.
pub(super) struct Listener {
    target: EventTarget,
    name: &'static str,
    call: Closure<dyn Fn()>,
}

impl Listener {
    pub(super) fn new(target: EventTarget, name: &'static str, call: impl Fn() + 'static) -> Self {
        let call = Closure::new(call);
        // Fails only for invalid arguments, and these are valid.
        let _ = target.add_event_listener_with_callback(name, Closure::as_ref(&call).unchecked_ref());
        Self { target, name, call }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let call = Closure::as_ref(&self.call).unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.name, call);
    }
}
