//! The search box, and the list of suggestions for it.
//!
//! The list must never be in the way: it is open only while a person types, nothing in it is selected before
//! an arrow is pressed, and anything else closes it. Keys that an input method uses are ignored.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::chips;
use crate::core::format::number;
use crate::core::i18n::locale::Locale;
use crate::core::i18n::{Key, fill, text};
use crate::core::privacy::excerpt::clamp;
use crate::core::query::suggest::{Known, Suggestion, byte_at, suggest, unit_at};
use crate::core::state::{Action, State};
use crate::view::context::{Local, Send};
use crate::view::dom::search_box;
use crate::view::icon;
use crate::view::menu::{Caret, Menu};

/// An attribute that is set on the box while a key is down whose letter has not come yet. Text that a script
/// or the clipboard inserts has no such key and opens no list. It is on the element because it is only a
/// state of the browser's events.
const KEY_DOWN: &str = "data-key-down";

/// The suggestions, if there are any.
pub(in crate::view) type Found = Option<Rc<Vec<Suggestion>>>;

/// The suggestions, while the list is open and there are any.
pub(in crate::view) fn found(state: &State, local: &Local) -> Found {
    match *local.menu {
        Some(Menu::Suggest(caret)) => look_up(state, caret),
        _ => None,
    }
}

/// A list, and what it was made from: the locale (each change of language or zone creates another one), the
/// version of the tasks, the text and the caret.
struct Made {
    locale: Rc<dyn Locale>,
    version: u64,
    filter: String,
    at: (u32, bool),
    found: Found,
}

thread_local! {
    /// The last list, because each arrow key renders it again, and to make it reads every task.
    static LAST: RefCell<Option<Made>> = const { RefCell::new(None) };
}

#[inline(never)]
fn look_up(state: &State, caret: Caret) -> Found {
    let (filter, version, at) = (
        &state.query.view.filter,
        state.loaded.dataset.version,
        (caret.at, caret.is_asked),
    );
    let is_same = |made: &&mut Made| {
        Rc::ptr_eq(&made.locale, &state.host.locale)
            && (made.version, &made.filter, made.at) == (version, filter, at)
    };
    LAST.with_borrow_mut(|last| {
        if let Some(made) = last.as_mut().filter(is_same) {
            return made.found.clone();
        }
        let found = look_through(state, caret);
        *last = Some(Made {
            locale: Rc::clone(&state.host.locale),
            version,
            filter: filter.clone(),
            at,
            found: found.clone(),
        });
        found
    })
}

fn look_through(state: &State, caret: Caret) -> Found {
    let filter = &state.query.view.filter;
    let known = Known {
        table: state.loaded.dataset.table(),
        rows: state.loaded.dataset.rows(),
        locale: state.locale(),
        now: state.now,
    };
    let found = suggest(filter, byte_at(filter, caret.at), caret.is_asked, known);
    (!found.is_empty()).then(|| Rc::new(found))
}

/// Whether an input method is composing in the box, as static/element.js marks it. Its text then neither
/// filters nor is replaced.
fn is_composed(input: &HtmlInputElement) -> bool {
    input.has_attribute("data-composing")
}

#[inline(never)]
fn composed(local: &Local) -> Option<String> {
    let input = search_box(&local.place).filter(is_composed);
    input.map(|input| input.value())
}

/// The search box.
pub(in crate::view) fn search(state: &State, send: &Send, local: &Local, found: &Found) -> Html {
    let label = text(state.lang(), Key::FilterLabel);
    let list = if state.is_lazy_part_loaded {
        listen(send, local, found)
    } else {
        Listeners::default()
    };
    let on_input = list.on_input.unwrap_or_else(|| {
        send.maybe(|event: InputEvent| {
            Some(Action::TypeFilter(
                event.target_dyn_into::<HtmlInputElement>()?.value(),
            ))
        })
    });
    let composed = if state.is_lazy_part_loaded {
        composed(local)
    } else {
        None
    };
    let value = composed.unwrap_or_else(|| state.query.view.filter.clone());
    let faults = chips::faults(state);
    html! {
        <div part="filter" class="search">
            { icon::search() }
            <input type="search" aria-label={label} placeholder={label} {value} oninput={on_input}
                spellcheck="false" autocomplete="off" autocapitalize="off" aria-autocomplete="list"
                aria-controls={found.as_ref().map(|_| "suggestions")} aria-activedescendant={list.active}
                aria-invalid={faults.as_ref().map(|_| "true")} aria-describedby={faults}
                onkeydown={list.on_key} onkeyup={list.on_key_up} onblur={list.on_leave} onpointerdown={list.on_press} />
            { found.as_ref().map_or_else(Html::default, |found| listed(state, send, local, found)) }
        </div>
    }
}

/// The handlers of the box once the lazy part of the module is loaded.
#[derive(Default)]
struct Listeners {
    on_input: Option<Callback<InputEvent>>,
    on_key: Option<Callback<KeyboardEvent>>,
    on_key_up: Option<Callback<KeyboardEvent>>,
    on_leave: Option<Callback<FocusEvent>>,
    on_press: Option<Callback<PointerEvent>>,
    active: Option<AttrValue>,
}

#[inline(never)]
fn listen(send: &Send, local: &Local, found: &Found) -> Listeners {
    let desk = Rc::new(Desk {
        action: send.action.clone(),
        menu: local.menu.clone(),
        found: found.clone(),
    });
    let active = desk.caret().and_then(|caret| caret.active);
    let (on_input, on_key, on_key_up) = (Rc::clone(&desk), Rc::clone(&desk), Rc::clone(&desk));
    let (on_leave, on_press) = (Rc::clone(&desk), desk);
    Listeners {
        on_input: Some(Callback::from(move |event| on_input.typed(&event))),
        on_key: Some(Callback::from(move |event| on_key.key(&event))),
        on_key_up: Some(Callback::from(move |event: KeyboardEvent| {
            // After a key of an input method: the text that it produced has arrived.
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>()
                && !event.is_composing()
                && take_mark(&input)
            {
                on_key_up.show(&input, false, None);
            }
        })),
        on_leave: Some(Callback::from(move |_| on_leave.close())),
        on_press: Some(Callback::from(move |_| on_press.close())),
        active: active
            .filter(|at| found.as_ref().is_some_and(|found| *at < found.len()))
            .map(|at| format!("suggestion-{at}").into()),
    }
}

/// Whether a key is down; removes the mark.
fn take_mark(input: &HtmlInputElement) -> bool {
    let had = input.has_attribute(KEY_DOWN);
    let _ = input.remove_attribute(KEY_DOWN);
    had
}

/// What the handlers need.
struct Desk {
    action: Callback<Action>,
    menu: UseStateHandle<Option<Menu>>,
    found: Found,
}

impl Desk {
    fn caret(&self) -> Option<Caret> {
        match *self.menu {
            Some(Menu::Suggest(caret)) => Some(caret),
            _ => None,
        }
    }

    fn close(&self) {
        if self.caret().is_some() {
            self.menu.set(None);
        }
    }

    fn show(&self, input: &HtmlInputElement, is_asked: bool, active: Option<usize>) {
        let at = input.selection_start().ok().flatten();
        let at = at.unwrap_or_else(|| input.value().encode_utf16().count() as u32);
        let caret = Caret { at, active, is_asked };
        self.menu.set(Some(Menu::Suggest(caret)));
    }

    fn typed(&self, event: &InputEvent) {
        let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
            return;
        };
        if is_composed(&input) {
            return self.close();
        }
        self.action.emit(Action::TypeFilter(input.value()));
        if !event.is_composing() && take_mark(&input) {
            self.show(&input, false, None);
        } else {
            self.close();
        }
    }

    fn key(&self, event: &KeyboardEvent) {
        let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
            return;
        };
        let _ = input.remove_attribute(KEY_DOWN);
        // Some browsers report a key of an input method only by the key code 229.
        if event.is_composing() || event.key_code() == 229 {
            let _ = input.set_attribute(KEY_DOWN, "");
            return;
        }
        let key = event.key();
        let with_others = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
        let is_open = self.found.is_some();
        let active = self
            .caret()
            .filter(|_| is_open)
            .and_then(|caret| Some((caret, caret.active?)));
        let is_ours = match key.as_str() {
            "ArrowDown" | "ArrowUp" if is_open && !with_others => {
                self.select_next(key == "ArrowDown");
                true
            }
            "ArrowDown" if !with_others => {
                self.show(&input, true, Some(0));
                true
            }
            "Enter" | "Tab" if !with_others && active.is_some() => {
                if let Some((_, at)) = active {
                    self.take(&input, at);
                }
                true
            }
            "Escape" if is_open => {
                self.close();
                true
            }
            "Enter" | "ArrowLeft" | "ArrowRight" | "Home" | "End" => {
                self.close();
                false
            }
            "Backspace" | "Delete" => {
                let _ = input.set_attribute(KEY_DOWN, "");
                false
            }
            // On some keyboards Ctrl with Alt types a letter.
            letter if letter.chars().count() == 1 && !event.meta_key() => {
                if event.ctrl_key() == event.alt_key() {
                    let _ = input.set_attribute(KEY_DOWN, "");
                }
                false
            }
            _ => false,
        };
        if is_ours {
            event.prevent_default();
            event.stop_propagation();
        }
    }

    /// Selects the next suggestion or the one before, and continues at the other end.
    fn select_next(&self, is_down: bool) {
        let (Some(caret), Some(found)) = (self.caret(), &self.found) else {
            return;
        };
        let last = found.len() - 1;
        let active = match (caret.active, is_down) {
            (Some(at), true) if at < last => at + 1,
            (Some(at), false) if at > 0 => at - 1,
            (_, true) => 0,
            (_, false) => last,
        };
        let active = Some(active);
        self.menu.set(Some(Menu::Suggest(Caret { active, ..caret })));
    }

    /// Inserts a suggestion. After a field, the list continues with its values.
    fn take(&self, input: &HtmlInputElement, at: usize) {
        let Some(suggestion) = self.found.as_ref().and_then(|found| found.get(at)) else {
            return;
        };
        let (text, caret) = suggestion.take(&input.value());
        let caret = unit_at(&text, caret);
        input.set_value(&text);
        let _ = input.set_selection_range(caret, caret);
        if suggestion.is_field() {
            self.show(input, false, None);
        } else {
            self.close();
        }
        self.action.emit(Action::TypeFilter(text));
    }
}

/// The list of suggestions.
#[inline(never)]
fn listed(state: &State, send: &Send, local: &Local, found: &Rc<Vec<Suggestion>>) -> Html {
    let desk = Rc::new(Desk {
        action: send.action.clone(),
        menu: local.menu.clone(),
        found: Some(Rc::clone(found)),
    });
    let active = desk.caret().and_then(|caret| caret.active);
    let entry = |(at, suggestion): (usize, &Suggestion)| {
        let (desk, place) = (Rc::clone(&desk), local.place.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some(input) = search_box(&place) {
                desk.take(&input, at);
            }
        });
        html! {
            <li id={format!("suggestion-{at}")} role="option" aria-selected={if active == Some(at) { "true" } else { "false" }} {onclick}>
                <bdi>{ clamp(suggestion.text.clone(), 100) }</bdi>
                <span class="muted">{ clamp(suggestion.label.clone(), 100) }</span>
                if let Some(count) = suggestion.count { <span class="muted count">{ number(u64::from(count)) }</span> }
            </li>
        }
    };
    // The search box keeps the focus.
    let onmousedown = Callback::from(|event: MouseEvent| event.prevent_default());
    html! {
        <ul id="suggestions" class="suggestions" role="listbox" aria-label={text(state.lang(), Key::Suggestions)} {onmousedown}>
            { for found.iter().enumerate().map(entry) }
        </ul>
    }
}

/// The number of suggestions, for screen readers.
#[inline(never)]
pub(in crate::view) fn announced(state: &State, found: &[Suggestion]) -> String {
    let n = number(found.len() as u64);
    let words = fill(state.lang(), Key::SuggestionCount, &[("n", &n)]);
    format!(" {words}")
}
