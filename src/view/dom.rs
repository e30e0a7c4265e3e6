//! Finds and focuses elements of the widget.

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// Whether somebody is reading the rows of the widget in `place`, so that a refresh must not move them: the
/// pointer or the focus is on a row or on the button that shows new tasks, or the first row is scrolled out
/// of sight.
pub fn is_read(place: &NodeRef) -> bool {
    const AT: &str = "tbody:hover, tbody:focus-within, .new:hover, .new:focus";
    const ROW: f64 = 33.0;
    let find = |what| place.cast::<Element>()?.query_selector(what).ok().flatten();
    let top = |what| find(what).map_or(0.0, |element| element.get_bounding_client_rect().top());
    let scrolled = find(".scroll").map_or(0, |scroller| scroller.scroll_top());
    find(AT).is_some() || f64::from(scrolled) > ROW || top("tbody") < -ROW
}

/// Scrolls to the first row and focuses the region of the rows, because the button that was pressed
/// disappears. Not a row, because the focus on a row counts as reading.
#[inline(never)]
pub(super) fn to_top(place: &NodeRef) {
    let Some(scroller) = to_rows(place.cast()) else {
        return;
    };
    scroller.set_scroll_top(0);
    if scroller.get_bounding_client_rect().top() < 0.0 {
        scroller.scroll_into_view();
    }
}

/// Focuses the region of the rows without scrolling.
#[inline(never)]
pub(super) fn to_rows(widget: Option<Element>) -> Option<HtmlElement> {
    let scroller = widget?.query_selector(".scroll").ok()??;
    let scroller: HtmlElement = scroller.dyn_into().ok()?;
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = scroller.focus_with_options(&options);
    Some(scroller)
}

/// The search box of the widget in `place`.
pub(super) fn search_box(place: &NodeRef) -> Option<HtmlInputElement> {
    let found = place
        .cast::<Element>()?
        .query_selector("input[type=search]")
        .ok()??;
    JsCast::dyn_into(found).ok()
}
