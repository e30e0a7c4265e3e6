//! A root for the component on a Yew host's page: an element with a shadow root and the widget's style sheet.
//!
//! The sheet styles bare tags, so it must stay in a shadow root and not reach the page. It is compiled into
//! the module and adopted as a `CSSStyleSheet`: there is no file to locate, and no strict content security
//! policy forbids it. (The element's sheet is a file that is fetched beside its module, so its module
//! contains none of this.)

use js_sys::Array;
use web_sys::{CssStyleSheet, Document, Element, ShadowRootInit, ShadowRootMode, window};

const CSS: &str = concat!(
    include_str!("../../static/widget.css"),
    include_str!("../../static/later.css")
);

thread_local! {
    /// One sheet for all shadow roots.
    static SHEET: Option<CssStyleSheet> = {
        CssStyleSheet::new().ok().filter(|sheet| sheet.replace_sync(CSS).is_ok())
    };
}

/// An element of this class, and the element in its shadow root in which the widget renders. Neither is in
/// the page yet.
pub fn place(class: &str) -> Option<(Element, Element)> {
    let document = document()?;
    let outside = document.create_element("div").ok()?;
    outside.set_class_name(class);
    let inside = document.create_element("div").ok()?;
    inside.set_class_name("root");
    let shadow = outside
        .attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))
        .ok()?;
    let sheets: Array = SHEET.with(|sheet| sheet.iter().collect());
    shadow.set_adopted_style_sheets(&sheets);
    shadow.append_child(&inside).ok()?;
    Some((outside, inside))
}

/// The `lang` attribute of the page, if it is not empty.
pub fn page_lang() -> Option<String> {
    let lang = document()?.document_element()?.get_attribute("lang");
    lang.filter(|lang| !lang.is_empty())
}

fn document() -> Option<Document> {
    window()?.document()
}
