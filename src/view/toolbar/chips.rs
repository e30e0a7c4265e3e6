//! The parts of the filter as chips: one button edits the part in the search box, another removes it. What is
//! wrong with a part is below its chip.

use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::core::i18n::{Key, Lang, fill, text};
use crate::core::privacy::excerpt::{clamp, excerpt};
use crate::core::privacy::mask::mask;
use crate::core::query::filter::{Field, Hint, Takes, field, has_parts, is_readable, spans, without};
use crate::core::query::suggest::unit_at;
use crate::core::state::{Action, State};
use crate::view::context::{Local, Send};
use crate::view::dom::search_box;
use crate::view::icon;
use crate::view::phrases::sentences;

/// The most chips that are shown. A link may contain any number of parts; the search box has all of them.
const MOST: usize = 100;

/// The row of chips; empty if there is no filter, or only a single word.
pub(in crate::view) fn row(state: &State, send: &Send, local: &Local) -> Html {
    if state.query.view.filter.is_empty() {
        Html::default()
    } else {
        chips(state, send, local)
    }
}

/// The ids of the messages about the filter, for `aria-describedby`; `None` if there are none.
pub(in crate::view) fn faults(state: &State) -> Option<AttrValue> {
    if state.query.filter.hints.is_empty() {
        None
    } else {
        Some(ids(state))
    }
}

#[inline(never)]
fn ids(state: &State) -> AttrValue {
    let ids = state
        .query
        .filter
        .hints
        .iter()
        .take_while(|(number, _)| *number < MOST)
        .map(|(number, _)| format!("hint-{number}"));
    ids.collect::<Vec<_>>().join(" ").into()
}

#[inline(never)]
fn chips(state: &State, send: &Send, local: &Local) -> Html {
    let (lang, filter) = (state.lang(), &state.query.view.filter);
    if !has_parts(filter) && state.query.filter.hints.is_empty() {
        return Html::default();
    }
    let spans: Vec<_> = spans(filter).collect();
    let chip = |(number, span): (usize, &std::ops::Range<usize>)| {
        let token = &filter[span.clone()];
        // The key keeps a chip's element, and so the focus, when others change. Equal chips are numbered from
        // the end.
        let twins = spans[number + 1..]
            .iter()
            .filter(|other| filter[(*other).clone()] == *token);
        let key = format!("{} {token}", twins.count());
        let hint = state
            .query
            .filter
            .hints
            .iter()
            .find(|(other, _)| *other == number);
        let hint = hint.map(|(_, hint)| hint);
        let shown = clamp(mask(token).into_owned(), 300);
        let name = fill(lang, Key::RemoveToken, &[("token", &excerpt(token))]);
        let on_edit = {
            let place = local.place.clone();
            let (from, to) = (unit_at(filter, span.start), unit_at(filter, span.end));
            Callback::from(move |_: MouseEvent| edit(&place, from, to))
        };
        let on_remove = remover(state, send, local, number);
        let on_key = on_remove.clone();
        let on_key = Callback::from(move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Backspace" | "Delete") {
                event.prevent_default();
                on_key.emit(event.target_dyn_into());
            }
        });
        let on_remove = on_remove.reform(|event: MouseEvent| event.target_dyn_into());
        let (class, sign) = match hint {
            None => ("token", Html::default()),
            Some(Hint::NoField(_)) => ("token odd", icon::remark()),
            Some(Hint::Unreadable(_)) => ("token wrong", icon::warning()),
        };
        let described = hint.map(|_| format!("hint-{number}"));
        html! {
            <li {key} {class} onkeydown={on_key}>
                <span>
                    <button type="button" class="edit" aria-describedby={described.clone()} onclick={on_edit}>{ sign }<bdi>{ shown }</bdi></button>
                    <button type="button" class="remove" aria-label={name.clone()} title={name} onclick={on_remove}>{ icon::cross() }</button>
                </span>
                if let Some(hint) = hint { <p part="banner" id={described}>{ words(hint, lang) }</p> }
            </li>
        }
    };
    // If no row matches, the message in place of the rows has the button that clears the filter.
    let has_rows = state.page_rows().is_none_or(|rows| !rows.is_empty());
    html! {
        <div class="tokens">
            <ul role="list" aria-label={text(lang, Key::FilterParts)}>{ for spans.iter().take(MOST).enumerate().map(chip) }</ul>
            if has_rows {
                <button type="button" class="button quiet" onclick={clearer(send, local)}>{ text(lang, Key::ClearFilter) }</button>
            }
        </div>
    }
}

/// Focuses the search box and selects the part in it.
fn edit(place: &NodeRef, from: u32, to: u32) {
    if let Some(input) = search_box(place) {
        let _ = input.focus();
        let _ = input.set_selection_range(from, to);
    }
}

/// Removes a part. Moves the focus before the chip goes: to the button of the next chip, or to the search
/// box.
fn remover(state: &State, send: &Send, local: &Local, number: usize) -> Callback<Option<Element>> {
    let then = without(&state.query.view.filter, number);
    let stays = has_parts(&then) || !is_readable(&then, state.locale());
    let (action, place) = (send.action.clone(), local.place.clone());
    Callback::from(move |pressed: Option<Element>| {
        let chip = pressed.and_then(|pressed| pressed.closest(".token").ok()?);
        let next = chip
            .filter(|_| stays)
            .and_then(|chip| chip.next_element_sibling());
        let next = next.and_then(|next| next.query_selector(".remove").ok()?);
        let next = next.and_then(|next| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(next).ok());
        if let Some(next) = next.or_else(|| search_box(&place).map(Into::into)) {
            let _ = next.focus();
        }
        action.emit(Action::SetFilter(then.clone()));
    })
}

fn clearer(send: &Send, local: &Local) -> Callback<MouseEvent> {
    let (action, place) = (send.action.clone(), local.place.clone());
    Callback::from(move |_| {
        if let Some(input) = search_box(&place) {
            let _ = input.focus();
        }
        action.emit(Action::SetFilter(String::new()));
    })
}

/// What is wrong with a part, and what would be correct.
fn words(hint: &Hint, lang: Lang) -> String {
    let token = match hint {
        Hint::NoField(word) => return fill(lang, Key::NoField, &[("word", &excerpt(word))]),
        Hint::Unreadable(token) => token,
    };
    let field = field(token);
    let takes = match field.map_or(Takes::Text, Field::takes) {
        Takes::Status => Key::TakesStatus,
        Takes::Day => Key::TakesDay,
        Takes::Length => Key::TakesLength,
        Takes::Number => Key::TakesNumber,
        Takes::Text => Key::TakesText,
    };
    let wrong = fill(lang, Key::BadToken, &[("token", &excerpt(token))]);
    let right = fill(lang, takes, &[("field", field.map_or("", Field::name))]);
    sentences(lang, &wrong, &right)
}
