//! A button that opens a small panel. Escape, leaving the panel and the button close it. At most one is open,
//! and only the open one is rendered.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};
use yew::prelude::*;

/// The state of the open list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caret {
    /// The position of the caret, in UTF-16 code units.
    pub(super) at: u32,
    /// The index of the selected suggestion.
    pub(super) active: Option<usize>,
    /// Whether the person opened the list with an arrow key.
    pub(super) is_asked: bool,
}

/// The menus of the toolbar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "said by their names")]
pub enum Menu {
    Status,
    Range,
    Columns,
    Density,
    Export,
    Facets,
    Help,
    Suggest(Caret),
    Views,
}

/// The button of a menu.
pub struct Button {
    /// Its accessible name, if the label is not enough.
    pub name: Option<AttrValue>,
    /// What it shows.
    pub label: Html,
    /// Whether it is one of the plain buttons at the end of the toolbar; then its panel is aligned to its
    /// end.
    pub quiet: bool,
}

/// A menu; `panel` is called only while it is open.
#[inline(never)]
pub fn menu(
    menu: Menu,
    open: &UseStateHandle<Option<Menu>>,
    button: Button,
    panel: &dyn Fn() -> Html,
) -> Html {
    let is_open = **open == Some(menu);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set((!is_open).then_some(menu)))
    };
    let (on_key, on_leave) = if is_open { closers(open) } else { (None, None) };
    let Button { name, label, quiet } = button;
    html! {
        <div class="menu" onkeydown={on_key} onfocusout={on_leave}>
            <button type="button" class={if quiet { "button quiet" } else { "button" }} onclick={toggle}
                aria-label={name.clone()} aria-expanded={if is_open { "true" } else { "false" }} title={name}>
                { label }
            </button>
            if is_open {
                <div class={if quiet { "panel end" } else { "panel" }} tabindex="-1">{ panel() }</div>
            }
        </div>
    }
}

/// The handlers that close the menu: Escape, and a focus that moves elsewhere.
#[inline(never)]
fn closers(
    open: &UseStateHandle<Option<Menu>>,
) -> (Option<Callback<KeyboardEvent>>, Option<Callback<FocusEvent>>) {
    let root = |target: Option<Element>| target?.closest(".menu").ok()?;
    let escape = open.clone();
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            escape.set(None);
            let button = root(event.target_dyn_into()).and_then(|root| root.query_selector("button").ok()?);
            if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
                let _ = button.focus();
            }
        }
    };
    let open = open.clone();
    // A press on something that cannot have the focus has no related target. In the panel, the panel itself
    // takes it.
    let on_leave = move |event: FocusEvent| {
        let to = event
            .related_target()
            .and_then(|target| target.dyn_into::<Node>().ok());
        let inside = root(event.target_dyn_into())
            .zip(to)
            .is_some_and(|(root, to)| root.contains(Some(&to)));
        if !inside {
            open.set(None);
        }
    };
    (Some(on_key.into()), Some(on_leave.into()))
}
