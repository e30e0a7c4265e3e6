//! The menu of named views: shows one, saves or deletes one, copies a link, and resets to the host's view.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::core::i18n::{Key, Lang, fill, text};
use crate::core::settings::stored::{LONGEST_NAME, MOST_VIEWS, StorageCommand, StorageNotice, clean_name};
use crate::core::state::{Action, State};
use crate::view::context::{Local, Send};
use crate::view::icon;
use crate::view::menu::{Button, Menu, menu};

/// The menu. Its place is reserved until the lazy part of the module is loaded, so that nothing moves.
pub(in crate::view) fn views(state: &State, send: &Send, local: &Local) -> Html {
    if !state.is_lazy_part_loaded {
        return html! { <div class="views"></div> };
    }
    loaded_menu(state, send, local)
}

#[inline(never)]
fn loaded_menu(state: &State, send: &Send, local: &Local) -> Html {
    let title = text(state.lang(), Key::Views);
    let button = Button {
        name: Some(title.into()),
        label: html! { <>{ icon::bookmark() }<span class="word">{ title }</span></> },
        quiet: true,
    };
    html! {
        <div class="views">{ menu(Menu::Views, &local.menu, button, &|| panel(state, send, local)) }</div>
    }
}

fn panel(state: &State, send: &Send, local: &Local) -> Html {
    let lang = state.lang();
    let views = state.stored.views.iter();
    let views = views.map(|view| (AttrValue::from(view.name.clone()), state.shows(view)));
    let note = state.stored.notice.as_ref();
    html! {
        <Panel
            {lang}
            views={views.collect::<Vec<_>>()}
            can_save={state.host.config.storage_key.is_some()}
            has_link={state.host.config.url_sync.is_some()}
            said={note.map(|note| AttrValue::from(words(lang, note)))}
            is_saved={matches!(note, Some(StorageNotice::Saved(_) | StorageNotice::Replaced(_)))}
            action={send.action.clone()}
            menu={local.menu.setter()}
        />
    }
}

/// The result of the last request to change the stored views.
#[inline(never)]
pub(in crate::view) fn words(lang: Lang, note: &StorageNotice) -> String {
    let named = |key, name: &str| fill(lang, key, &[("name", name)]);
    match note {
        StorageNotice::Saved(name) => named(Key::ViewSaved, name),
        StorageNotice::Replaced(name) => named(Key::ViewReplaced, name),
        StorageNotice::Deleted(name) => named(Key::ViewDeleted, name),
        StorageNotice::Full => fill(lang, Key::ViewsFull, &[("n", &MOST_VIEWS.to_string())]),
        StorageNotice::Refused => text(lang, Key::ViewNotKept).to_owned(),
        StorageNotice::Linked(true) => text(lang, Key::LinkCopied).to_owned(),
        StorageNotice::Linked(false) => text(lang, Key::CopyFailed).to_owned(),
    }
}

#[derive(Properties, PartialEq)]
struct PanelProps {
    lang: Lang,
    /// The names, and whether the current view is that one.
    views: Vec<(AttrValue, bool)>,
    can_save: bool,
    has_link: bool,
    /// The result of the last request.
    said: Option<AttrValue>,
    /// Whether that result is that a view was saved.
    is_saved: bool,
    action: Callback<Action>,
    menu: UseStateSetter<Option<Menu>>,
}

#[component]
fn Panel(props: &PanelProps) -> Html {
    let lang = props.lang;
    let word = |key| text(lang, key);
    let naming = use_state(|| false);
    let typed = use_state(String::new);
    let (input, opener) = (use_node_ref(), use_node_ref());
    let send = |command: fn() -> StorageCommand| {
        props
            .action
            .reform(move |_: MouseEvent| Action::Storage(command()))
    };
    {
        // Another page may have saved something meanwhile.
        let action = props.action.clone();
        use_effect_with((), move |()| action.emit(Action::Storage(StorageCommand::Reload)));
    }
    {
        let input = input.clone();
        use_effect_with(*naming, move |naming| {
            if let Some(input) = input.cast::<HtmlInputElement>().filter(|_| *naming) {
                let _ = input.focus();
            }
        });
    }
    {
        // Moves the focus out of the form before the form goes.
        let (naming, typed, opener) = (naming.clone(), typed.clone(), opener.clone());
        use_effect_with((props.said.clone(), props.is_saved), move |(_, is_saved)| {
            if *is_saved && *naming {
                focus(opener.cast());
                naming.set(false);
                typed.set(String::new());
            }
        });
    }
    let replaces =
        clean_name(&typed).is_some_and(|name| props.views.iter().any(|(known, _)| **known == *name));
    // Then the last result no longer applies.
    let is_warned = *naming && replaces && (props.is_saved || props.said.is_none());
    let entry = |(name, is_shown): &(AttrValue, bool)| {
        let (show, drop) = (name.clone(), name.clone());
        let (action, menu) = (props.action.clone(), props.menu.clone());
        let on_show = move |event: MouseEvent| {
            action.emit(Action::Storage(StorageCommand::Show(show.to_string())));
            leave(&event, &menu);
        };
        let (action, opener) = (props.action.clone(), opener.clone());
        let on_drop = move |event: MouseEvent| {
            focus(neighbour(&event).or_else(|| opener.cast()));
            action.emit(Action::Storage(StorageCommand::Delete(drop.to_string())));
        };
        let delete = fill(lang, Key::ViewDelete, &[("name", name)]);
        html! {
            <li key={name.to_string()}>
                <button type="button" class="entry" title={name.clone()} aria-current={is_shown.then_some("true")} onclick={on_show}>
                    <bdi>{ name }</bdi>
                </button>
                <button type="button" class="drop" aria-label={delete.clone()} title={delete} onclick={on_drop}>{ icon::cross() }</button>
            </li>
        }
    };
    let toggle = {
        let (naming, action) = (naming.clone(), props.action.clone());
        move |_: MouseEvent| {
            naming.set(!*naming);
            // There is no result for the next view yet.
            action.emit(Action::Storage(StorageCommand::Reload));
        }
    };
    let on_input = {
        let (typed, input) = (typed.clone(), input.clone());
        move |_: InputEvent| typed.set(value(&input))
    };
    let on_submit = {
        let (action, input) = (props.action.clone(), input.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            action.emit(Action::Storage(StorageCommand::Save(value(&input))));
        }
    };
    let on_reset = {
        let (action, menu) = (props.action.clone(), props.menu.clone());
        move |event: MouseEvent| {
            action.emit(Action::Storage(StorageCommand::Reset));
            leave(&event, &menu);
        }
    };
    html! {
        <div class="kept">
            if props.can_save {
                if props.views.is_empty() {
                    <p class="muted">{ word(Key::ViewsNone) }</p>
                } else {
                    <ul>{ for props.views.iter().map(entry) }</ul>
                }
                <hr />
                <button type="button" ref={opener} aria-expanded={if *naming { "true" } else { "false" }} onclick={toggle}>{ word(Key::ViewSave) }</button>
                if *naming {
                    <form onsubmit={on_submit}>
                        <label class="bound">
                            <span>{ word(Key::ViewName) }</span>
                            <input ref={input} type="text" required=true pattern=".*\\S.*" maxlength={LONGEST_NAME.to_string()}
                                aria-describedby={is_warned.then_some("replaces")} autocomplete="off" value={(*typed).clone()} oninput={on_input} />
                        </label>
                        <button type="submit" class="button">{ word(if replaces { Key::ViewReplace } else { Key::ViewKeep }) }</button>
                    </form>
                }
            }
            if props.has_link {
                <button type="button" onclick={send(|| StorageCommand::CopyLink)}>{ word(Key::ViewLink) }</button>
            }
            <button type="button" onclick={on_reset}>{ word(Key::ViewReset) }</button>
            if is_warned {
                <p id="replaces" class="muted">{ word(Key::ViewReplaces) }</p>
            } else if let Some(said) = &props.said {
                <p class="muted">{ said }</p>
            }
        </div>
    }
}

fn value(input: &NodeRef) -> String {
    input
        .cast::<HtmlInputElement>()
        .map(|input| input.value())
        .unwrap_or_default()
}

fn focus(element: Option<HtmlElement>) {
    if let Some(element) = element {
        let _ = element.focus();
    }
}

/// The entry next to the one that is about to go.
fn neighbour(event: &MouseEvent) -> Option<HtmlElement> {
    let entry: Element = event.target_dyn_into::<Element>()?.closest("li").ok()??;
    let beside = entry
        .next_element_sibling()
        .or_else(|| entry.previous_element_sibling())?;
    beside.query_selector("button").ok()??.dyn_into().ok()
}

/// Closes the menu and returns the focus to its button, as Escape does.
fn leave(event: &MouseEvent, menu: &UseStateSetter<Option<Menu>>) {
    let root = event
        .target_dyn_into::<Element>()
        .and_then(|target| target.closest(".menu").ok()?);
    let button = root.and_then(|root| root.query_selector("button").ok()?);
    focus(button.and_then(|button| button.dyn_into().ok()));
    menu.set(None);
}
