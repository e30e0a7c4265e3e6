//! A place of its own on a Yew host's page: an element with a shadow root and the widget's style sheet.
//!
//! The sheet is written for a shadow root and styles bare tags, so it must not reach the page. It is in the module
//! already and goes in by the browser's object model: no file to be found, and nothing that a strict policy forbids.
//! (The element's sheet is a file, fetched beside the module; its module has none of this.)

use js_sys::Array;
use web_sys::{CssStyleSheet, Document, Element, ShadowRootInit, ShadowRootMode, window};

const CSS: &str = concat!(
    include_str!("../../static/widget.css"),
    include_str!("../../static/later.css")
);

thread_local! {
    /// One for all.
    static SHEET: Option<CssStyleSheet> = {
        CssStyleSheet::new().ok().filter(|sheet| sheet.replace_sync(CSS).is_ok())
    };
}

/// An element of this class, and where in its shadow root the widget renders; neither is on the page yet.
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

/// The language that the page says it is in.
pub fn page_lang() -> Option<String> {
    let lang = document()?.document_element()?.get_attribute("lang");
    lang.filter(|lang| !lang.is_empty())
}

fn document() -> Option<Document> {
    window()?.document()
}
