//! Objects of the host page. Whatever they do when they are looked at is an error here, and never thrown through the
//! module, which would leave it half done.

use js_sys::{Array, JSON};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The own fields of an object, as pairs of name and value.
    #[wasm_bindgen(catch, js_namespace = Object)]
    pub fn entries(object: &JsValue) -> Result<Array, JsValue>;
}

/// A value as JSON, where it can be written so.
pub fn json(value: &JsValue) -> Option<String> {
    JSON::stringify(value).ok()?.as_string()
}
