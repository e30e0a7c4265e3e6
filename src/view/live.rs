//! The polite live region of the widget. It changes only when there is something new: it repeats nothing that
//! it has announced. While a person types a filter it waits.
//!
//! Until the lazy part of the module is loaded it announces only the view, because nothing else can have
//! changed.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::{Local, Send, columns, copied_words, search, sentences, views};
use crate::core::format;
use crate::core::order::Sort;
use crate::core::state::{Action, State};
use crate::core::text::{Key, Lang, Later, fill, text};

/// Time after the last key until the result of typing is announced, in milliseconds.
const PAUSE: u32 = 300;

/// What the region announces, and what it knows already.
#[derive(Default)]
pub struct Said {
    words: String,
    /// Whether a person asked for a refresh whose end was not announced yet.
    pub(super) is_asked: bool,
    heard: Option<Box<Heard>>,
}

/// The values at the last rendering.
struct Heard {
    view: String,
    notes: [Option<String>; 4],
    page: u64,
    paused: bool,
    fetched_at: Option<i64>,
    filter: String,
    is_typing: bool,
    _timer: Option<Timeout>,
}

/// The live region.
pub(super) fn live(state: &State, send: &Send, local: &Local, found: &search::Found, busy: bool) -> Html {
    if state.is_whole {
        listen(state, send, local, found, busy);
    } else if let Some(words) = announcement(state, busy) {
        local.said.borrow_mut().words = words;
    }
    html! { <div class="hidden" role="status">{ local.said.borrow().words.clone() }</div> }
}

/// Compares the values with those of the last rendering, and announces what is new.
#[inline(never)]
fn listen(state: &State, send: &Send, local: &Local, found: &search::Found, busy: bool) {
    let lang = state.locale.lang();
    let mut said = local.said.borrow_mut();
    let Said {
        words,
        is_asked,
        heard,
    } = &mut *said;
    let heard = heard.get_or_insert_with(|| {
        Box::new(Heard {
            view: words.clone(),
            notes: Default::default(),
            page: state.view.page,
            paused: state.paused,
            fetched_at: state.fetched_at,
            filter: state.view.filter.clone(),
            is_typing: false,
            _timer: None,
        })
    });
    if heard.filter != state.view.filter {
        heard.is_typing = is_key(&heard.filter, &state.view.filter);
        heard._timer = heard.is_typing.then(|| wake(send, local));
        heard.filter.clone_from(&state.view.filter);
    }
    if heard.is_typing {
        return;
    }
    let mut news = Vec::new();
    let has_settled = !busy && state.trouble.is_none();
    if *is_asked && !busy {
        if state.trouble.is_some() {
            // The alert has announced the failure.
            *is_asked = false;
        } else if heard.fetched_at != state.fetched_at {
            *is_asked = false;
            news.push(text(lang, Key::Later(Later::Refreshed)).to_owned());
        }
    }
    if !busy {
        heard.fetched_at = state.fetched_at;
    }
    let view = announcement(state, busy).filter(|view| *view != heard.view);
    if has_settled && heard.page != state.view.page {
        heard.page = state.view.page;
        // A new view starts at its first page, so the page is not announced for it.
        if view.is_none() {
            news.push(page(state));
        }
    }
    if let Some(view) = view {
        heard.view.clone_from(&view);
        news.push(view);
    }
    if heard.paused != state.paused {
        heard.paused = state.paused;
        let key = if state.paused {
            Later::PauseOn
        } else {
            Later::PauseOff
        };
        news.push(text(lang, Key::Later(key)).to_owned());
    }
    let notes = [
        state.kept.note.as_ref().map(|note| views::words(lang, note)),
        state.note().map(|note| columns::note(state, note)),
        local.copied.map(|worked| copied_words(lang, worked).to_owned()),
        found
            .as_ref()
            .map(|found| search::announced(state, found).trim().to_owned()),
    ];
    let is_new = |(note, before): (&Option<String>, &Option<String>)| {
        note.as_ref()
            .filter(|note| before.as_ref() != Some(*note))
            .cloned()
    };
    news.extend(notes.iter().zip(&heard.notes).filter_map(is_new));
    heard.notes = notes;
    let news = news.into_iter();
    if let Some(mut news) = news.reduce(|first, second| sentences(lang, &first, &second)) {
        // A screen reader announces equal words again only if the text differs.
        if news == *words {
            news.push('\u{a0}');
        }
        *words = news;
    }
}

/// Whether one key can have changed the first text into the second.
fn is_key(before: &str, after: &str) -> bool {
    before.chars().count().abs_diff(after.chars().count()) <= 1
}

/// Renders again after the pause in typing, so that the region announces the result.
fn wake(send: &Send, local: &Local) -> Timeout {
    let (said, action) = (std::rc::Rc::downgrade(&local.said), send.action.clone());
    Timeout::new(PAUSE, move || {
        let Some(said) = said.upgrade() else { return };
        if let Some(heard) = &mut said.borrow_mut().heard {
            heard.is_typing = false;
        }
        // Changes nothing, only renders.
        action.emit(Action::Noop);
    })
}

/// The number of the page.
fn page(state: &State) -> String {
    let lang = state.locale.lang();
    let n = format::number(state.view.page);
    match state.page_count() {
        Some(total) => fill(
            lang,
            Key::Later(Later::PageOf),
            &[("n", &n), ("total", &format::number(total))],
        ),
        None => fill(lang, Key::PageNumber, &[("n", &n)]),
    }
}

/// The announcement of the view once it has settled.
fn announcement(state: &State, busy: bool) -> Option<String> {
    let lang = state.locale.lang();
    if busy || state.trouble.is_some() || state.fetched_at.is_none() {
        return None;
    }
    let count = state.count()?;
    let shown = fill(lang, Key::Shown, &[("n", &format::number(count))]);
    let order = match state.view.sort {
        None => text(lang, Key::Unsorted).to_owned(),
        Some(sort) => ordered(lang, sort),
    };
    let words = sentences(lang, &shown, &order);
    // Without the number of new tasks: their presence is announced once, not again at each refresh.
    Some(if state.pending_new() > 0 {
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
    sentences(lang, words, text(lang, Key::Later(Later::NewWait)))
}

#[cfg(test)]
mod tests {
    use super::is_key;

    #[test]
    fn a_key_adds_or_takes_one_character() {
        for (before, after, want) in [
            ("", "f", true),
            ("失敗", "失", true),
            ("", "状态", false),
            ("fa", "status:failed", false),
        ] {
            assert_eq!(is_key(before, after), want, "{before} {after}");
        }
    }
}
