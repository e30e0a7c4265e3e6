//! `localStorage`, as one text under one name, and notice of other pages that write it. If it is blocked,
//! full or broken, nothing throws: the return value says so.

use std::cell::RefCell;

use web_sys::{Storage, window};

use super::listener::Listener;

/// Calls back when another page has written the text, until it is dropped.
pub struct Watch {
    _listener: Listener,
}

impl Watch {
    /// Starts to listen. Compares the text, because the host may write other names often.
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

/// `None` where it is not allowed: even access to `localStorage` can throw.
fn area() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

fn name(key: &str) -> String {
    format!("ob-restore-tasks:{key}")
}

/// The stored text, `Some(None)` if there is none; `None` if storage cannot be read.
pub fn read(key: &str) -> Option<Option<String>> {
    area()?.get_item(&name(key)).ok()
}

/// Stores a text; returns whether that worked.
pub fn write(key: &str, text: &str) -> bool {
    area().is_some_and(|area| area.set_item(&name(key), text).is_ok())
}
