//! Converts the values of the host page to the core's types and back.

use std::cell::RefCell;

use js_sys::{Array, Object};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};

use crate::core::error::Error;
use crate::core::i18n::HostMessages;
use crate::core::json::value::Value;
use crate::core::privacy::excerpt::excerpt;
use crate::core::settings::attributes::Attributes;
use crate::core::settings::view::PartialView;
use crate::core::state::State;
use crate::services::host_values;

/// Converts a value for the page: to plain objects, arrays, texts, numbers, booleans and `null`.
pub(super) fn to_js(value: &Value) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    // Fails only for a number above 2^53, which no value has.
    value.serialize(&serializer).unwrap_or_default()
}

/// The attributes: names and texts.
pub(super) fn raw(attributes: &Object) -> Attributes {
    let text = |value: JsValue| value.as_string().unwrap_or_default();
    let pairs = Object::entries(attributes);
    let pairs = pairs.iter().map(|pair| Array::from(&pair));
    pairs.map(|pair| (text(pair.get(0)), text(pair.get(1)))).collect()
}

/// The argument of `exportData`.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ExportOptions {
    pub(super) format: String,
    pub(super) scope: Option<String>,
    pub(super) redacted: bool,
}

/// The host's tasks as JSON. The browser serialises them, so any object with a JSON form is accepted. Fails
/// with an error for `tasks`.
pub(super) fn json(value: &JsValue) -> Result<String, Error> {
    if !Array::is_array(value) {
        return Err(Error::config("tasks", "it is no array of tasks"));
    }
    host_values::json(value).ok_or_else(|| Error::config("tasks", "it cannot be written as JSON"))
}

thread_local! {
    /// The hosts' texts so far. Equal ones share one entry.
    static OWN: RefCell<Vec<(Texts, HostMessages)>> = RefCell::default();
}

type Texts = Vec<(String, String)>;

/// The host's own texts: an object of names and texts. Fails with an error for `messages`.
pub(super) fn own(value: &JsValue) -> Result<HostMessages, Error> {
    let bad = |why: String| Error::config("messages", why);
    let object: &Object = value.dyn_ref().ok_or_else(|| bad("it is no object".into()))?;
    let entries = host_values::entries(object).map_err(|_| bad("it cannot be read".into()))?;
    let texts = entries.iter().map(|pair| {
        let pair = Array::from(&pair);
        let name = pair.get(0).as_string().unwrap_or_default();
        match pair.get(1).as_string() {
            Some(text) => Ok((name, text)),
            None => Err(bad(format!("“{}” is no text", excerpt(&name)))),
        }
    });
    let texts = texts.collect::<Result<Texts, Error>>()?;
    OWN.with_borrow_mut(|all| {
        if let Some((_, own)) = all.iter().find(|(known, _)| *known == texts) {
            return Ok(*own);
        }
        let own = HostMessages::new(texts.clone())
            .map_err(|name| bad(format!("no text has the name “{}”", excerpt(&name))))?;
        all.push((texts, own));
        Ok(own)
    })
}

/// The view as `getState` returns it.
pub(super) fn view_json(state: &State) -> Value {
    PartialView::of(&state.query.view).value()
}

/// The same, converted for the page.
pub(super) fn of_view(state: &State) -> JsValue {
    to_js(&view_json(state))
}

/// A view that the page passes. Parts that are missing or invalid are left out.
pub(super) fn saved(value: &JsValue) -> PartialView {
    let saved = host_values::json(value).and_then(|json| PartialView::from_json(&json).ok());
    saved.unwrap_or_default()
}
