//! Reads objects of the host page. If they throw when they are read, that is an error here. An exception
//! would pass through the module and leave it in an undefined state.

use js_sys::{Array, JSON};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The own enumerable fields of an object, as pairs of name and value.
    #[wasm_bindgen(catch, js_namespace = Object)]
    pub fn entries(object: &JsValue) -> Result<Array, JsValue>;
}

/// A value as JSON; `None` if it has no JSON form.
pub fn json(value: &JsValue) -> Option<String> {
    JSON::stringify(value).ok()?.as_string()
}
