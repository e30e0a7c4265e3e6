//! The toolbar: status, refresh, density, export. The [search box](search), the [chips] below it, the [time
//! range](range), the menu of [columns] and the saved [views] have modules of their own.

pub(super) mod chips;
pub(super) mod columns;
mod range;
pub(super) mod search;
pub(super) mod views;

use yew::prelude::*;

use super::context::{Local, Send};
use super::help;
use super::icon::{self, caret};
use super::menu::{Button, Menu, menu};
use crate::core::domain::task::Outcome;
use crate::core::format;
use crate::core::i18n::{Key, Lang, fill, terms, text};
use crate::core::query::filter::picked;
use crate::core::report::export::{Export, Form};
use crate::core::settings::attributes::Density;
use crate::core::state::{Action, State};
use search::Found;

/// The toolbar.
pub(super) fn toolbar(state: &State, send: &Send, local: &Local, found: &Found, now: i64) -> Html {
    let lang = state.lang();
    let updated = state.loaded.fetched_at.map(|at| {
        fill(
            lang,
            Key::UpdatedAt,
            &[("time", &format::moment(at, now, state.locale()))],
        )
    });
    let (pause, pause_icon) = if state.scheduler.is_paused {
        (Key::Resume, icon::resume())
    } else {
        (Key::Pause, icon::pause())
    };
    let paused = state.scheduler.is_paused;
    html! {
        <div part="toolbar" class="toolbar">
            <slot name="toolbar-start"></slot>
            { search::search(state, send, local, found) }
            { status(state, send, local) }
            { range::range(state, send, local) }
            { views::views(state, send, local) }
            <span class="grow"></span>
            <span class="muted updated">
                { updated.unwrap_or_default() }
                if paused { { " · " }{ text(lang, Key::PausedNote) } }
            </span>
            { quiet(text(lang, Key::Refresh), icon::refresh(), local.refresh(send)) }
            { quiet(text(lang, pause), pause_icon, send.action.reform(move |_| Action::Pause(!paused))) }
            { columns::columns(state, send, local) }
            { density(state, send, local) }
            { export(lang, send, local) }
            { quiet(text(lang, Key::Help), icon::help(), help::opener(local)) }
            <slot name="toolbar-end"></slot>
        </div>
    }
}

/// A button with only an icon. Its name is in the tooltip and for screen readers.
#[inline(never)]
fn quiet(name: &'static str, picture: Html, onclick: Callback<MouseEvent>) -> Html {
    html! { <button type="button" class="button quiet" aria-label={name} title={name} {onclick}>{ picture }</button> }
}

fn status(state: &State, send: &Send, local: &Local) -> Html {
    let lang = state.lang();
    let picked = picked(&state.query.view.filter);
    let shown = if picked.is_empty() {
        text(lang, Key::StatusAny).to_owned()
    } else {
        names(state, &picked)
    };
    let label = html! { <>{ fill(lang, Key::StatusIs, &[("value", &shown)]) }{ caret() }</> };
    let button = Button {
        name: None,
        label,
        quiet: false,
    };
    menu(Menu::Status, &local.menu, button, &|| {
        outcomes(lang, &picked, send)
    })
}

#[inline(never)]
fn names(state: &State, picked: &[Outcome]) -> String {
    let lang = state.lang();
    let names: Vec<&str> = picked
        .iter()
        .map(|outcome| text(lang, terms::outcome(*outcome)))
        .collect();
    state.locale().list(&names)
}

fn outcomes(lang: Lang, picked: &[Outcome], send: &Send) -> Html {
    let choice = |outcome: Outcome| {
        let on = picked.contains(&outcome);
        let mut then = picked.to_vec();
        if on {
            then.retain(|other| *other != outcome);
        } else {
            then.push(outcome);
        }
        let onchange = send.action.reform(move |_| Action::PickOutcomes(then.clone()));
        html! {
            <label class={outcome.name()}>
                <input type="checkbox" checked={on} {onchange} /><span class="status">{ icon::outcome(outcome) }</span>{ text(lang, terms::outcome(outcome)) }
            </label>
        }
    };
    html! {
        <fieldset><legend class="hidden">{ text(lang, Key::Status) }</legend>{ for Outcome::ALL.into_iter().map(choice) }</fieldset>
    }
}

fn density(state: &State, send: &Send, local: &Local) -> Html {
    let button = Button {
        name: Some(text(state.lang(), Key::Density).into()),
        label: icon::density(),
        quiet: true,
    };
    menu(Menu::Density, &local.menu, button, &|| densities(state, send))
}

fn densities(state: &State, send: &Send) -> Html {
    let lang = state.lang();
    let current = state.query.view.density;
    let choice = |density: Density, key: Key| {
        let onchange = send.action.reform(move |_| Action::SetDensity(density));
        html! { <label><input type="radio" name="density" checked={density == current} {onchange} />{ text(lang, key) }</label> }
    };
    html! {
        <fieldset>
            <legend class="hidden">{ text(lang, Key::Density) }</legend>
            { choice(Density::Comfortable, Key::Comfortable) }
            { choice(Density::Compact, Key::Compact) }
        </fieldset>
    }
}

fn export(lang: Lang, send: &Send, local: &Local) -> Html {
    let name = text(lang, Key::Export);
    let button = Button {
        name: Some(name.into()),
        label: html! { <>{ icon::export() }<span class="word">{ name }</span></> },
        quiet: true,
    };
    menu(Menu::Export, &local.menu, button, &|| exports(lang, send))
}

fn exports(lang: Lang, send: &Send) -> Html {
    let choices = [
        (Form::Csv, false, "CSV"),
        (Form::Json, false, "JSON"),
        (Form::Csv, true, text(lang, Key::CsvRedacted)),
        (Form::Json, true, text(lang, Key::JsonRedacted)),
    ];
    let choice = |(form, redacted, name): (Form, bool, &'static str)| {
        let onclick = send.export.reform(move |_| Export { form, redacted });
        html! { <button type="button" {onclick}>{ name }</button> }
    };
    html! { <>{ for choices.into_iter().map(choice) }</> }
}
