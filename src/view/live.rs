//! The polite live region of the widget: shows what the [announcer](super::announcer) announces.
//!
//! Until the lazy part of the module is loaded it announces only the view, because nothing else can have
//! changed.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::announcer::{Announcer, Seen, Then};
use super::context::{Local, Send};
use super::phrases::{copied_words, sentences};
use super::toolbar::{columns, search, views};
use crate::core::format;
use crate::core::i18n::{Key, Lang, fill, text};
use crate::core::query::sort::Sort;
use crate::core::state::{Action, State};

/// Time after the last key until the result of typing is announced, in milliseconds.
const PAUSE: u32 = 300;

/// The live region.
pub(super) fn live(state: &State, send: &Send, local: &Local, found: &search::Found, busy: bool) -> Html {
    let view = announcement(state, busy);
    if state.is_lazy_part_loaded {
        update(state, send, local, found, busy, view);
    } else {
        local.announcer.borrow_mut().announce_view(view);
    }
    html! { <div class="hidden" role="status">{ local.announcer.borrow().words().to_owned() }</div> }
}

#[inline(never)]
fn update(
    state: &State,
    send: &Send,
    local: &Local,
    found: &search::Found,
    busy: bool,
    view: Option<String>,
) {
    let lang = state.lang();
    let seen = Seen {
        lang,
        view,
        page: (state.query.view.page, page(state)),
        notices: [
            state
                .stored
                .notice
                .as_ref()
                .map(|notice| views::words(lang, notice)),
            state.column_notice().map(|notice| columns::words(state, notice)),
            local.copied.map(|worked| copied_words(lang, worked).to_owned()),
            found
                .as_ref()
                .map(|found| search::announced(state, found).trim().to_owned()),
        ],
        is_paused: state.scheduler.is_paused,
        fetched_at: state.loaded.fetched_at,
        filter: state.query.view.filter.clone(),
        is_busy: busy,
        has_failed: state.scheduler.failure.is_some(),
    };
    let then = local.announcer.borrow_mut().update(seen);
    match then {
        Then::Rest => return,
        Then::WaitForTyping => local.typing.replace(Some(end_typing(send, &local.announcer))),
        Then::StopWaiting => local.typing.replace(None),
    };
}

/// Renders again after the pause in typing, so that the region announces the result.
fn end_typing(send: &Send, announcer: &Rc<RefCell<Announcer>>) -> Timeout {
    let (announcer, action) = (Rc::downgrade(announcer), send.action.clone());
    Timeout::new(PAUSE, move || {
        let Some(announcer) = announcer.upgrade() else {
            return;
        };
        announcer.borrow_mut().end_typing();
        // Changes nothing, only renders.
        action.emit(Action::Replan);
    })
}

/// The number of the page.
fn page(state: &State) -> String {
    let lang = state.lang();
    let n = format::number(state.query.view.page);
    match state.page_count() {
        Some(total) => fill(lang, Key::PageOf, &[("n", &n), ("total", &format::number(total))]),
        None => fill(lang, Key::PageNumber, &[("n", &n)]),
    }
}

/// The announcement of the view once it has settled.
fn announcement(state: &State, busy: bool) -> Option<String> {
    let lang = state.lang();
    if busy || state.scheduler.failure.is_some() || state.loaded.fetched_at.is_none() {
        return None;
    }
    let count = state.count()?;
    let shown = fill(lang, Key::Shown, &[("n", &format::number(count))]);
    let order = match state.query.view.sort {
        None => text(lang, Key::Unsorted).to_owned(),
        Some(sort) => ordered(lang, sort),
    };
    let words = sentences(lang, &shown, &order);
    // Without the number of new tasks: their presence is announced once, not again at each refresh.
    Some(if state.pending_count() > 0 {
        with_new(lang, &words)
    } else {
        words
    })
}

#[inline(never)]
fn ordered(lang: Lang, Sort { column, descending }: Sort) -> String {
    let key = if descending {
        Key::SortedDown
    } else {
        Key::SortedUp
    };
    fill(lang, key, &[("column", format::title(lang, column))])
}

#[inline(never)]
fn with_new(lang: Lang, words: &str) -> String {
    sentences(lang, words, text(lang, Key::NewWait))
}
