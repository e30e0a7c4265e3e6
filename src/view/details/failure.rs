//! What went wrong with a restore, and what to check first.

use yew::prelude::*;

use crate::core::domain::column::TextField;
use crate::core::domain::failure;
use crate::core::domain::task::Outcome;
use crate::core::format;
use crate::core::i18n::{Key, terms, text};
use crate::core::privacy::excerpt::clamp;
use crate::core::state::{Press, State};
use crate::view::context::Send;

/// The parts of the message, with the meaning of its error, and below them the whole message, whether it
/// could be parsed or not.
pub(in crate::view) fn failed(state: &State, message: &str, outcome: Outcome, send: &Send) -> Html {
    let lang = state.lang();
    let parsed = failure::read(message);
    let code = parsed.code.map(format::error_code);
    let known = failure::cause(&parsed);
    let server = failure::server_at(&parsed);
    let search = parsed.trace_id.and_then(failure::log_search);
    let heading = if outcome == Outcome::Failed {
        Key::WhatFailed
    } else {
        Key::ColErrorMsg
    };
    html! {
        <>
            <h3>{ text(lang, heading) }</h3>
            <div class="failure" part="error">
                if parsed.name.is_some() || code.is_some() {
                    <p class="what"><span class="code">{ parsed.name.unwrap_or_default() }{ " " }{ code.unwrap_or_default() }</span>
                        if let Some(module) = parsed.module { { " " }<span class="muted">{ module }</span> }</p>
                }
                if let Some((meaning, check)) = known.map(terms::cause) {
                    <p>{ text(lang, meaning) }</p>
                    <p><b>{ text(lang, Key::CheckFirst) }</b>{ " " }{ text(lang, check) }</p>
                }
                if let Some(server) = server { <p class="muted">{ text(lang, Key::Server) }{ " " }<bdi>{ server }</bdi></p> }
                // It may scroll, so the keyboard must reach it.
                <pre tabindex="0" role="region" aria-label={text(lang, Key::ReportMessage)}><bdi>{ message }</bdi></pre>
            </div>
            <p class="actions">
                { copy(send, text(lang, Key::Copy), message.to_owned()) }
                if let Some(search) = search { { copy(send, text(lang, Key::CopyLogSearch), search) } }
            </p>
        </>
    }
}

/// A button that copies a text.
pub(in crate::view) fn copy(send: &Send, label: &'static str, words: String) -> Html {
    html! { <button type="button" class="button" onclick={send.copy.reform(move |_| words.clone())}>{ label }</button> }
}

/// The most pools that are listed here, more than any zone has. The fields below list all.
const MOST_POOLS: usize = 200;

/// The resource pools that a failed restore leaves behind and that somebody has to remove.
pub(in crate::view) fn pools(state: &State, row: u32, send: &Send) -> Html {
    let lang = state.lang();
    let pools = state
        .loaded
        .dataset
        .table()
        .text(row, TextField::RestorePoolListStr);
    let pools: Vec<&str> = pools
        .split(',')
        .map(str::trim)
        .filter(|pool| !pool.is_empty())
        .collect();
    if pools.is_empty() {
        return Html::default();
    }
    let (press, copy, names) = (send.press.clone(), send.copy.clone(), pools.join(", "));
    let on_click = move |_: MouseEvent| {
        if press.emit((row, Press::Pools)) {
            copy.emit(names.clone());
        }
    };
    html! {
        <>
            <h3>{ text(lang, Key::PoolsLeft) }</h3>
            <ul class="chips">
                { for pools.iter().take(MOST_POOLS).map(|pool| html! { <li><bdi>{ clamp((*pool).to_owned(), 300) }</bdi></li> }) }
                if pools.len() > MOST_POOLS { <li>{ "…" }</li> }
            </ul>
            <p class="actions"><button type="button" class="button" onclick={on_click}>{ text(lang, Key::PoolsAction) }</button></p>
        </>
    }
}
