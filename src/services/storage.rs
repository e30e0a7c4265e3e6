//! The browser's `localStorage`, as one text under one name, and who else writes it. Where it is blocked, full or broken
//! nothing is thrown: what was not kept is said by the answer.

use std::cell::RefCell;

use web_sys::{Storage, window};

use super::listen::Listener;

/// Calls back when another page has written, until it is dropped.
pub struct Watch {
    _listener: Listener,
}

impl Watch {
    /// Begins to listen for what is written under this name; the host may write others often.
    pub fn new(key: String, written: impl Fn() + 'static) -> Option<Self> {
        let last = RefCell::new(read(&key));
        let listener = Listener::new(window()?.into(), "storage", move || {
            let now = read(&key);
            if last.replace(now.clone()) != now {
                written();
            }
        });
        Some(Self { _listener: listener })
    }
}

/// Even to ask for it can be refused.
fn area() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

fn name(key: &str) -> String {
    format!("ob-restore-tasks:{key}")
}

/// What stands there; `None` where it cannot be read.
pub fn read(key: &str) -> Option<Option<String>> {
    area()?.get_item(&name(key)).ok()
}

/// Writes it, and says whether it is kept.
pub fn write(key: &str, text: &str) -> bool {
    area().is_some_and(|area| area.set_item(&name(key), text).is_ok())
}
