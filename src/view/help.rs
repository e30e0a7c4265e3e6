//! The keyboard shortcuts, and the dialog that lists them and the filter language.
//!
//! A single key works only while the focus is in the widget and not in a text field. A host with its own keys
//! turns them off (`shortcuts="off"`).

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use super::context::{Local, Send};
use super::menu::Menu;
use crate::core::i18n::{Key, Lang, text};
use crate::core::query::filter::Field;
use crate::core::query::suggest::description;
use crate::core::state::{Action, State};

/// The keys and what they do.
fn keys(has_shortcuts: bool) -> Vec<(&'static str, Key)> {
    let always = [
        ("↑ ↓", Key::KeyWalk),
        ("Home End", Key::KeyEnds),
        ("Enter", Key::KeyOpen),
        ("Esc", Key::KeyClose),
        ("Shift+←→", Key::KeySize),
        ("Alt+↑↓", Key::KeyMove),
    ];
    let shortcuts = [
        ("/", Key::KeySearch),
        ("r", Key::Refresh),
        ("p", Key::KeyPause),
        ("?", Key::KeyHelp),
    ];
    let shortcuts = shortcuts.into_iter().filter(|_| has_shortcuts);
    shortcuts.chain(always).collect()
}

/// A callback that opens the dialog.
pub(super) fn opener(local: &Local) -> Callback<MouseEvent> {
    let menu = local.menu.clone();
    Callback::from(move |_| menu.set(Some(Menu::Help)))
}

/// The handler of the shortcuts, for the whole widget.
pub(super) fn on_key(state: &State, send: &Send, local: &Local) -> Callback<KeyboardEvent> {
    let (on, paused) = (state.host.config.shortcuts, state.scheduler.is_paused);
    let (action, menu, place) = (send.action.clone(), local.menu.clone(), local.place.clone());
    let refresh = local.refresh(send);
    Callback::from(move |event: KeyboardEvent| {
        if on && let Some(key) = shortcut(&event) {
            event.prevent_default();
            match key {
                '/' => to_search(&place),
                'r' => refresh.emit(()),
                'p' => action.emit(Action::Pause(!paused)),
                _ => menu.set(Some(Menu::Help)),
            }
        }
    })
}

/// The key, if it is a shortcut and not meant for the element that has the focus.
#[inline(never)]
fn shortcut(event: &KeyboardEvent) -> Option<char> {
    let with_others = event.ctrl_key() || event.meta_key() || event.alt_key();
    if with_others || event.is_composing() || event.repeat() || event.default_prevented() {
        return None;
    }
    let target: Element = event.target_dyn_into()?;
    let takes_text = target
        .closest("input:not([type=checkbox]):not([type=radio]), select, textarea, dialog, [contenteditable]")
        .ok()?;
    let key = event.key();
    let key = ['/', 'r', 'p', '?']
        .into_iter()
        .find(|own| key.chars().eq([*own]))?;
    takes_text.is_none().then_some(key)
}

#[inline(never)]
fn to_search(place: &NodeRef) {
    let widget = place.cast::<Element>();
    let input = widget.and_then(|widget| widget.query_selector("input[type=search]").ok().flatten());
    if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlElement>().ok()) {
        let _ = input.focus();
    }
}

/// The dialog, if it is open.
pub(super) fn help(state: &State, local: &Local) -> Html {
    if *local.menu == Some(Menu::Help) {
        dialog(state, local)
    } else {
        Html::default()
    }
}

#[inline(never)]
fn dialog(state: &State, local: &Local) -> Html {
    let menu = local.menu.clone();
    let on_close = Callback::from(move |()| menu.set(None));
    html! { <Dialog lang={state.lang()} shortcuts={state.host.config.shortcuts} {on_close} /> }
}

/// The props of [`Dialog`].
#[derive(Properties, PartialEq)]
struct DialogProps {
    lang: Lang,
    shortcuts: bool,
    on_close: Callback<()>,
}

/// Modal: the browser keeps the focus in it, closes it on Escape and returns the focus.
#[component]
fn Dialog(props: &DialogProps) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                // Fails if the dialog is already open.
                let _ = dialog.show_modal();
            }
        });
    }
    let lang = props.lang;
    let say = |later| text(lang, later);
    let on_press = {
        let dialog = dialog.clone();
        Callback::from(move |_: MouseEvent| {
            dialog
                .cast::<HtmlDialogElement>()
                .iter()
                .for_each(HtmlDialogElement::close);
        })
    };
    // A press on the backdrop has the dialog itself as its target.
    let on_beside = {
        let dialog = dialog.clone();
        Callback::from(move |event: MouseEvent| {
            let dialog = dialog.cast::<HtmlDialogElement>();
            let beside = dialog.filter(|dialog| event.target().as_ref() == Some(dialog.as_ref()));
            beside.iter().for_each(HtmlDialogElement::close);
        })
    };
    let key = |(keys, key): (&'static str, Key)| {
        let keys = keys.split(' ').map(|key| html! { <kbd>{ key }</kbd> });
        html! { <><dt>{ for keys }</dt><dd>{ text(lang, key) }</dd></> }
    };
    let field = |field: &Field| {
        html! { <><dt><code>{ format!("{}:", field.name()) }</code></dt><dd>{ say(description(*field)) }</dd></> }
    };
    html! {
        <dialog class="help" ref={dialog} aria-labelledby="help" onclose={props.on_close.reform(|_: Event| ())} onclick={on_beside}>
            <div>
                <header>
                    <h2 id="help">{ text(lang, Key::Help) }</h2>
                    <button type="button" class="button quiet" aria-label={say(Key::Close)} title={say(Key::Close)} onclick={on_press}>{ "✕" }</button>
                </header>
                <p>{ say(Key::HelpRange) }</p>
                <h3>{ say(Key::HelpKeys) }</h3>
                <dl>{ for keys(props.shortcuts).into_iter().map(key) }</dl>
                if props.shortcuts { <p class="muted">{ say(Key::HelpWhere) }</p> }
                <h3>{ say(Key::HelpFilter) }</h3>
                <p>{ say(Key::HelpSyntax) }</p>
                <dl>{ for Field::ALL.iter().map(field) }</dl>
            </div>
        </dialog>
    }
}
