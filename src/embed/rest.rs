//! What runs beside the widget: the second half of the module, which no first row needs (see `xtask/src/split.rs`;
//! where the module is whole, [`load_rest`] is never called), and the worker that decodes large pages.

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::services::decode;

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

/// Says who decodes large bodies; see [`decode::set_worker`].
#[wasm_bindgen(js_name = setDecoder)]
pub fn set_decoder(decode: Function) {
    decode::set_worker(decode);
}

/// In a worker: a body into the columns of its page.
#[wasm_bindgen(js_name = decode)]
pub fn columns(body: &[u8]) -> Option<Vec<u8>> {
    decode::columns(body)
}
