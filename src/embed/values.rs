//! The values of the host page, to and from the core's types.

use std::cell::RefCell;

use js_sys::{Array, Object, Reflect};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};

use crate::core::column::Column;
use crate::core::config::{Density, Raw};
use crate::core::error::Error;
use crate::core::order::Sort;
use crate::core::state::{State, View};
use crate::core::text::Own;
use crate::core::time::Range;
use crate::core::value::Value;

/// The same value for the page.
pub(super) fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Bool(value) => (*value).into(),
        Value::Number(value) => (*value as f64).into(),
        Value::Text(text) => text.into(),
        Value::List(values) => values.iter().map(to_js).collect::<Array>().into(),
        Value::Map(fields) => {
            let object = Object::new();
            for (name, value) in fields {
                // A plain object refuses no field.
                let _ = Reflect::set(&object, &(*name).into(), &to_js(value));
            }
            object.into()
        }
    }
}

/// The attributes: names and texts.
pub(super) fn raw(attributes: &Object) -> Raw {
    let text = |value: JsValue| value.as_string().unwrap_or_default();
    let pairs = Object::entries(attributes);
    let pairs = pairs.iter().map(|pair| Array::from(&pair));
    pairs.map(|pair| (text(pair.get(0)), text(pair.get(1)))).collect()
}

/// What `exportData` takes.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ExportOptions {
    pub(super) format: String,
    pub(super) scope: Option<String>,
    pub(super) redacted: bool,
}

/// The host's tasks as JSON, through the browser, so that any object that can be written is taken.
pub(super) fn json(value: &JsValue) -> Result<String, Error> {
    let bad = |_| Error::config("tasks", "it cannot be written as JSON");
    if !Array::is_array(value) {
        return Err(Error::config("tasks", "it is no array of tasks"));
    }
    let text = js_sys::JSON::stringify(value).map_err(bad)?;
    Ok(String::from(text))
}

thread_local! {
    /// The hosts' texts so far, as they were given: the same ones are kept once.
    static OWN: RefCell<Vec<(Texts, Own)>> = RefCell::default();
}

type Texts = Vec<(String, String)>;

/// The host's own texts: an object of names and texts.
pub(super) fn own(value: &JsValue) -> Result<Own, Error> {
    let bad = |why: String| Error::config("messages", why);
    let object: &Object = value.dyn_ref().ok_or_else(|| bad("it is no object".into()))?;
    let entries = Object::entries(object);
    let texts = entries.iter().map(|pair| {
        let pair = Array::from(&pair);
        let name = pair.get(0).as_string().unwrap_or_default();
        match pair.get(1).as_string() {
            Some(text) => Ok((name, text)),
            None => Err(bad(format!("“{name}” is no text"))),
        }
    });
    let texts = texts.collect::<Result<Texts, Error>>()?;
    OWN.with_borrow_mut(|all| {
        if let Some((_, own)) = all.iter().find(|(known, _)| *known == texts) {
            return Ok(*own);
        }
        let own = Own::new(texts.clone()).map_err(|name| bad(format!("no text has the name “{name}”")))?;
        all.push((texts, own));
        Ok(own)
    })
}

/// What a saved view holds; every part may be missing.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Saved {
    range: Option<String>,
    sort: Option<String>,
    filter: Option<String>,
    page: Option<f64>,
    page_size: Option<f64>,
    columns: Option<Vec<String>>,
    density: Option<String>,
    time_zone: Option<String>,
}

/// The view as `getState` gives it.
pub(super) fn view_json(state: &State) -> Value {
    let view = &state.view;
    let columns = view.columns.iter().map(|column| column.id().into());
    Value::Map(vec![
        ("range", view.range.spell().into()),
        ("sort", view.sort.map(Sort::spell).unwrap_or_default().into()),
        ("filter", state.public_filter().into()),
        ("page", view.page.into()),
        ("pageSize", u64::from(view.rows_per_page).into()),
        ("columns", Value::List(columns.collect())),
        ("density", view.density.name().into()),
        ("timeZone", view.zone.clone().unwrap_or_default().into()),
    ])
}

/// The same for the page.
pub(super) fn of_view(state: &State) -> JsValue {
    to_js(&view_json(state))
}

/// A view from what the page gives; what is missing or wrong stays as it is.
pub(super) fn view(value: &JsValue, state: &State) -> View {
    let now = state.view.clone();
    let Ok(saved) = serde_wasm_bindgen::from_value::<Saved>(value.clone()) else {
        return now;
    };
    let mut columns: Vec<Column> = Vec::new();
    for column in saved
        .columns
        .iter()
        .flatten()
        .filter_map(|id| Column::from_id(id))
    {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    View {
        range: saved
            .range
            .and_then(|text| Range::read(&text))
            .unwrap_or(now.range),
        sort: saved.sort.map_or(now.sort, |text| Sort::read(&text)),
        filter: saved.filter.unwrap_or(now.filter),
        page: saved.page.map_or(now.page, |page| page.clamp(1.0, 1e15) as u64),
        rows_per_page: saved
            .page_size
            .map_or(now.rows_per_page, |rows| rows.clamp(0.0, 2000.0) as u32),
        columns: if columns.is_empty() { now.columns } else { columns },
        density: match saved.density.as_deref() {
            Some("compact") => Density::Compact,
            Some("comfortable") => Density::Comfortable,
            _ => now.density,
        },
        zone: match saved.time_zone {
            Some(zone) => Some(zone).filter(|zone| !zone.trim().is_empty()),
            None => now.zone,
        },
    }
}
