//! The second half of the module: what no first row needs (see `xtask/src/split.rs`).
//!
//! Where the module is whole, nothing here is ever called but [`set_rest`].

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::prelude::*;

thread_local! {
    static LOAD: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Says who loads the second half.
#[wasm_bindgen(js_name = setRest)]
pub fn set_rest(load: Function) {
    LOAD.with(|cell| cell.replace(Some(load)));
}

/// Has the second half loaded, at once: somebody is waiting in the middle of a call.
#[wasm_bindgen(js_name = loadRest)]
pub fn load_rest() {
    let load = LOAD.with(|cell| cell.borrow().clone());
    if let Some(Err(error)) = load.map(|load| load.call0(&JsValue::UNDEFINED)) {
        wasm_bindgen::throw_val(error);
    }
}
