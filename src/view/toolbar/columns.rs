//! The menu of the columns: which are shown, in which order, how wide, and whether the first is pinned.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::core::domain::column::Column;
use crate::core::format::title;
use crate::core::i18n::{Key, Lang, fill, text};
use crate::core::settings::columns::{self, ColumnNotice, chosen_width};
use crate::core::state::{Action, State};
use crate::view::context::{Local, Send};
use crate::view::icon;
use crate::view::menu::{Button, Menu, menu};
use crate::view::table::resize::step;

/// The menu.
pub fn columns(state: &State, send: &Send, local: &Local) -> Html {
    let name = text(state.lang(), Key::Columns);
    let button = Button {
        name: Some(name.into()),
        label: html! { <>{ icon::columns() }<span class="word">{ name }</span></> },
        quiet: true,
    };
    menu(Menu::Columns, &local.menu, button, &|| {
        let (shown, pinned) = (state.query.view.columns.clone(), state.query.view.pinned);
        html! { <Columns {shown} {pinned} lang={state.lang()} action={send.action.clone()} /> }
    })
}

/// The props of [`Columns`].
#[derive(Properties, PartialEq)]
struct ColumnsProps {
    shown: Vec<Column>,
    pinned: bool,
    lang: Lang,
    action: Callback<Action>,
}

/// The values of `data-do`, which name the controls in a column's row.
const SHOW: &str = "show";

/// The panel. When an element moves in the document, the browser takes the focus from it, which would close
/// the menu. So the focus is given back, and until then the menu ignores the loss.
#[component]
fn Columns(props: &ColumnsProps) -> Html {
    let ColumnsProps {
        shown,
        pinned,
        lang,
        action,
    } = props;
    let (lang, pinned) = (*lang, *pinned);
    let place = use_node_ref();
    let follow = use_mut_ref(|| None::<(Column, &'static str)>);
    {
        let (place, follow) = (place.clone(), follow.clone());
        use_effect_with(shown.clone(), move |_| {
            if let Some((column, what)) = follow.take() {
                focus(&place, column, what);
            }
        });
    }
    let last = shown.len().checked_sub(1);
    let row = |column: Column| {
        let at = shown.iter().position(|other| *other == column);
        let name = title(lang, column);
        let mut then = shown.clone();
        match at {
            Some(at) => drop(then.remove(at)),
            None => columns::show(&mut then, column),
        }
        let is_last = then.is_empty();
        let onchange = {
            let (action, follow) = (action.clone(), follow.clone());
            move |_: Event| {
                follow.replace(Some((column, SHOW)));
                action.emit(Action::SetColumns(then.clone()));
            }
        };
        let shift = {
            let (action, follow) = (action.clone(), follow.clone());
            move |what: &'static str, by: isize| {
                // A column at the end does not move, so the focus need not follow it.
                if !(by < 0 && at == Some(0) || by > 0 && at == last) {
                    follow.replace(Some((column, what)));
                }
                action.emit(Action::MoveColumn(column, by));
            }
        };
        let on_key = {
            let shift = shift.clone();
            move |event: KeyboardEvent| {
                let by = match event.key().as_str() {
                    "ArrowUp" => -1,
                    "ArrowDown" => 1,
                    _ => return,
                };
                if event.alt_key() {
                    event.prevent_default();
                    shift(SHOW, by);
                }
            }
        };
        let named = |key: Key| fill(lang, key, &[("column", name)]);
        let mover = |what: &'static str, key: Key, by: isize, picture: &'static str, is_end: bool| {
            let shift = shift.clone();
            let onclick = move |_: MouseEvent| shift(what, by);
            let name = named(key);
            html! {
                <button type="button" class="small" data-do={what} aria-label={name.clone()} title={name} {onclick}
                    aria-disabled={is_end.then_some("true")}>{ picture }</button>
            }
        };
        let sizer = |what: &'static str, key: Key, by: i32, picture: &'static str| {
            let action = action.clone();
            let onclick = move |event: MouseEvent| {
                let button = event.target_dyn_into::<Element>();
                if let Some(width) = button.and_then(|button| step(&button, column, by)) {
                    action.emit(Action::SetWidth(column, Some(width)));
                }
            };
            let name = named(key);
            html! {
                <button type="button" class="small sizer" data-do={what} aria-label={name.clone()} title={name} {onclick}>{ picture }</button>
            }
        };
        html! {
            <div key={column.id()} class="column" data-of={column.id()}>
                <label>
                    <input type="checkbox" data-do={SHOW} checked={at.is_some()} disabled={is_last} {onchange}
                        onkeydown={at.is_some().then(|| Callback::from(on_key))} />{ name }
                </label>
                if let Some(at) = at {
                    { mover("up", Key::ColumnUp, -1, "↑", at == 0) }
                    { mover("down", Key::ColumnDown, 1, "↓", at + 1 == shown.len()) }
                    { sizer("narrower", Key::ColumnNarrower, -1, "−") }
                    { sizer("wider", Key::ColumnWider, 1, "+") }
                }
            </div>
        }
    };
    // The columns that are shown come first, in their order.
    let hidden = Column::ALL.iter().filter(|column| !shown.contains(column));
    let on_leave = {
        let follow = follow.clone();
        move |event: FocusEvent| {
            if follow.borrow().is_some() && event.related_target().is_none() {
                event.stop_propagation();
            }
        }
    };
    let on_pin = action.reform(move |_: Event| Action::PinFirst(!pinned));
    let on_reset = action.reform(|_: MouseEvent| Action::ResetColumns);
    html! {
        <div class="columns" ref={place} onfocusout={on_leave}>
            <fieldset><legend class="hidden">{ text(lang, Key::Columns) }</legend>{ for shown.iter().chain(hidden).map(|column| row(*column)) }</fieldset>
            <div class="under">
                <label class="pin"><input type="checkbox" checked={pinned} onchange={on_pin} />{ text(lang, Key::PinFirst) }</label>
                <button type="button" onclick={on_reset}>{ text(lang, Key::ResetColumns) }</button>
            </div>
        </div>
    }
}

/// Moves the focus to a control of the column.
fn focus(place: &NodeRef, column: Column, what: &str) {
    let control = place
        .cast::<Element>()
        .and_then(|place| {
            let path = format!("[data-of='{}'] [data-do='{what}']", column.id());
            place.query_selector(&path).ok()?
        })
        .and_then(|control| control.dyn_into::<HtmlElement>().ok());
    if let Some(control) = control {
        let _ = control.focus();
    }
}

/// The text for the live region about a change of the columns.
#[inline(never)]
pub fn words(state: &State, note: ColumnNotice) -> String {
    let (lang, view) = (state.lang(), &state.query.view);
    match note {
        ColumnNotice::Moved(column) => {
            let at = view.columns.iter().position(|other| *other == column);
            let (n, total) = (
                at.map_or(0, |at| at + 1).to_string(),
                view.columns.len().to_string(),
            );
            let values = [("column", title(lang, column)), ("n", &n), ("total", &total)];
            fill(lang, Key::ColumnMoved, &values)
        }
        ColumnNotice::Resized(column) => {
            let name = ("column", title(lang, column));
            match chosen_width(&view.widths, column) {
                Some(width) => fill(lang, Key::ColumnSized, &[name, ("n", &width.to_string())]),
                None => fill(lang, Key::ColumnUsual, &[name]),
            }
        }
        ColumnNotice::Reset => text(lang, Key::ColumnsReset).to_owned(),
    }
}
