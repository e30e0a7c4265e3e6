//! The breakdown of the view: the number of tasks for each outcome, tenant, method and error, each of which
//! can be added to the filter.
//!
//! A number is what would be left after its entry is added, counted by the filter itself. Counting equal
//! names would give other numbers: `tenant:` matches source or target, and parts of names.

use std::rc::Rc;

use yew::prelude::*;

use crate::core::domain::column::Column;
use crate::core::domain::task::Outcome;
use crate::core::format::{mode_text, number, title};
use crate::core::i18n::{Key, terms, text};
use crate::core::privacy::excerpt::clamp;
use crate::core::query::filter::{Field, Filter, has_token, picked, toggle, token};
use crate::core::state::{Action, State};
use crate::core::stats::facets;
use crate::view::context::{FacetsBasis, Local, Send};
use crate::view::icon;

/// The largest number of entries in a group.
const MOST: usize = 8;

/// The panel of the menu. Each child has a key: a button that is created again loses the focus, which closes
/// the menu.
pub(in crate::view) fn panel(state: &State, send: &Send, local: &Local) -> Html {
    let of = FacetsBasis {
        rows: Rc::clone(&state.shown.rows),
        version: state.loaded.dataset.version,
        filter: state.query.view.filter.clone(),
        lang: state.lang(),
    };
    let mut last = local.facets.borrow_mut();
    match &*last {
        Some((known, html)) if *known == of => html.clone(),
        _ => {
            let html = reckon(state, send);
            *last = Some((of, html.clone()));
            html
        }
    }
}

fn reckon(state: &State, send: &Send) -> Html {
    let lang = state.lang();
    let groups = [
        (
            Field::Tenant,
            Column::RestoreTenantName,
            text(lang, Key::FacetTenant),
        ),
        (Field::Mode, Column::BackupMode, title(lang, Column::BackupMode)),
        (Field::Error, Column::ErrorMsg, title(lang, Column::ErrorMsg)),
    ];
    html! {
        <div class="facets">
            { outcomes(state, send) }
            { for groups.into_iter().map(|(field, column, name)| group(state, send, field, column, name)) }
        </div>
    }
}

fn outcomes(state: &State, send: &Send) -> Html {
    let lang = state.lang();
    let picked = picked(&state.query.view.filter);
    let entry = |outcome: Outcome| {
        let on = picked.contains(&outcome);
        let mut then = picked.clone();
        then.retain(|other| *other != outcome);
        if !on {
            then.push(outcome);
        }
        let token = format!("status:{}", outcome.name());
        let count = count(state, &token);
        let words = html! { <><span class={outcome.name()}><span class="status">{ icon::outcome(outcome) }</span></span>{ text(lang, terms::outcome(outcome)) }</> };
        (count > 0 || on).then(|| {
            button(
                token,
                on,
                words,
                count,
                send.action.reform(move |_| Action::PickOutcomes(then.clone())),
            )
        })
    };
    html! {
        <fieldset>
            <legend key="legend">{ text(lang, Key::Status) }</legend>
            { for Outcome::ALL.into_iter().filter_map(entry) }
        </fieldset>
    }
}

fn group(state: &State, send: &Send, field: Field, column: Column, name: &str) -> Html {
    let (lang, filter) = (state.lang(), &state.query.view.filter);
    let entries = facets(state.loaded.dataset.table(), &state.shown.rows, column, MOST);
    let entries = entries.into_iter().filter_map(|(value, _)| {
        let token = token(field, value)?;
        let on = has_token(filter, &token);
        let count = count(state, &token);
        let words = match column {
            Column::BackupMode => mode_text(lang, value),
            _ => value,
        };
        let words = clamp(words.to_owned(), 100);
        let then = toggle(filter, &token);
        let onclick = send.action.reform(move |_| Action::SetFilter(then.clone()));
        Some(button(token, on, html! { <bdi>{ words }</bdi> }, count, onclick))
    });
    let mut entries = entries.peekable();
    if entries.peek().is_none() {
        return Html::default();
    }
    html! { <fieldset><legend key="legend">{ name }</legend>{ for entries }</fieldset> }
}

fn button(token: String, on: bool, words: Html, count: usize, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button key={token} type="button" class="facet" aria-pressed={if on { "true" } else { "false" }} {onclick}>
            <span class="words">{ words }</span><span class="muted">{ number(count as u64) }</span>
        </button>
    }
}

/// How many rows of the view also match `token`.
fn count(state: &State, token: &str) -> usize {
    let mut rows = state.shown.rows.to_vec();
    let filter = Filter::parse(token, state.locale());
    filter.retain(&mut rows, state.loaded.dataset.table(), state.now, state.locale());
    rows.len()
}
