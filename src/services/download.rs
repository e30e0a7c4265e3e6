//! Passes texts out of the widget: as a `Blob`, as a file, to the clipboard.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url, window};

/// A text as a `Blob` of a MIME type.
pub fn blob(text: &str, mime: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&JsValue::from_str(text)), &options)
}

/// Saves a text as a file.
pub fn save(text: &str, mime: &str, name: &str) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(&blob(text, mime)?)?;
    let document = window()
        .and_then(|window| window.document())
        .ok_or(JsValue::NULL)?;
    let link: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The click starts the download; ten seconds later nothing needs the URL any more.
    gloo_timers::callback::Timeout::new(10_000, move || drop(Url::revoke_object_url(&url))).forget();
    Ok(())
}

/// Copies a text to the clipboard and returns whether the browser allowed it.
pub async fn copy(text: &str) -> bool {
    let Some(window) = window() else { return false };
    // Absent unless the page is served over https or from localhost.
    let navigator: JsValue = window.navigator().into();
    match js_sys::Reflect::get(&navigator, &"clipboard".into()) {
        Ok(clipboard) if clipboard.is_object() => {}
        _ => return false,
    }
    JsFuture::from(window.navigator().clipboard().write_text(text))
        .await
        .is_ok()
}
