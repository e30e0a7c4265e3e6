//! What runs beside the widget: the lazy part of the module, which no first row needs (see
//! `xtask/src/build/split.rs`; if the module is not split, [`load_rest`] is never called), and the worker
//! that decodes large pages.

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::services::decode;

thread_local! {
    static LOAD: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Sets the function that loads the lazy part.
#[wasm_bindgen(js_name = setRest)]
pub fn set_rest(load: Function) {
    LOAD.with(|cell| cell.replace(Some(load)));
}

/// Loads the lazy part synchronously, because a call into the module needs it now. Throws what the loader
/// throws.
#[wasm_bindgen(js_name = loadRest)]
pub fn load_rest() {
    let load = LOAD.with(|cell| cell.borrow().clone());
    if let Some(Err(error)) = load.map(|load| load.call0(&JsValue::UNDEFINED)) {
        wasm_bindgen::throw_val(error);
    }
}

/// Sets the function that decodes large bodies; see [`decode::set_worker`].
#[wasm_bindgen(js_name = setDecoder)]
pub fn set_decoder(decode: Function) {
    decode::set_worker(decode);
}

/// Called in the worker: decodes a body to the columns of its page; `None` if the body is not a page.
#[wasm_bindgen(js_name = decode)]
pub fn columns(body: &[u8]) -> Option<Vec<u8>> {
    decode::columns(body)
}
