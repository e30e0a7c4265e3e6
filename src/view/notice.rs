//! Messages between toolbar and table: failures, progress, invalid attributes. Also what is shown in place of
//! the rows if there are none.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use web_sys::Element;
use yew::prelude::*;

use super::Send;
use crate::core::error::{Code, Error};
use crate::core::format::{self, number};
use crate::core::history::End;
use crate::core::state::{Action, State, Trouble};
use crate::core::text::{Key, Lang, Later, fill, text};
use crate::core::time::{MINUTE, Range};

/// The text for an error, and what to do about it.
pub fn words(error: &Error, lang: Lang) -> String {
    let status = error.status.map(|status| status.to_string()).unwrap_or_default();
    let key = match (error.code, error.status) {
        (Code::Config, _) => {
            let why = match (error.message.as_str(), error.attribute) {
                ("", Some("tasks")) => text(lang, Key::Later(Later::WhyTasks)),
                ("", _) => text(lang, Key::Later(Later::WhyHeaders)),
                (why, _) => why,
            };
            return fill(
                lang,
                Key::Later(Later::ErrConfig),
                &[("attribute", error.attribute.unwrap_or("")), ("why", why)],
            );
        }
        (Code::Http, Some(400)) => Key::Later(Later::ErrBadRequest),
        (Code::Http, Some(404)) => Key::Later(Later::ErrNotFound),
        (Code::Http, _) => Key::Later(Later::ErrHttp),
        (Code::Network, _) => Key::Later(Later::ErrNetwork),
        (Code::Timeout, _) => Key::Later(Later::ErrTimeout),
        (Code::Auth, _) => Key::Later(Later::ErrAuth),
        (Code::Permission, _) => Key::Later(Later::ErrPermission),
        (Code::RateLimit, _) => Key::Later(Later::ErrRateLimit),
        (Code::Api, _) => Key::Later(Later::ErrApi),
        (Code::Decode, _) => Key::Later(Later::ErrDecode),
        (Code::TooLarge, _) => Key::Later(Later::ErrTooLarge),
        (Code::Runtime, _) => Key::Later(Later::ErrRuntime),
    };
    fill(lang, key, &[("status", &status)])
}

/// All current messages; usually none.
pub fn notices(state: &State, send: &Send, now: i64) -> Html {
    let wrong = state.config_errors.len() + state.property_errors.len();
    let facts = facts(state);
    html! {
        <>
            if state.fetched_at.is_none() {
                { state.trouble.as_ref().map_or_else(Html::default, |trouble| failure(trouble, state, send, now)) }
            }
            if wrong > 0 { { complaints(state) } }
            { walk(state, send) }
            { for facts.into_iter().map(|words| html! { <p part="banner" class="notice">{ words }</p> }) }
        </>
    }
}

/// Invalid attributes and properties. What is wrong in the filter is below its [chip](super::chips).
#[inline(never)]
fn complaints(state: &State) -> Html {
    let lang = state.locale.lang();
    html! {
        <>
            { for state.config_errors.iter().chain(&state.property_errors).map(|error| html! { <p part="banner" class="notice warn">{ words(error, lang) }</p> }) }
        </>
    }
}

/// A failure while rows are shown. It is below the rows, so that it does not move them.
pub fn below(state: &State, send: &Send, now: i64) -> Html {
    match &state.trouble {
        Some(trouble) if state.fetched_at.is_some() => failure(trouble, state, send, now),
        _ => Html::default(),
    }
}

/// The props of [`Fleeting`].
#[derive(Properties, PartialEq)]
struct FleetingProps {
    words: &'static str,
    on_press: Callback<MouseEvent>,
}

/// A button that disappears once its work is done. If it has the focus then, the region of the rows gets it,
/// because a keyboard user loses a focus that falls off the page.
#[component]
fn Fleeting(props: &FleetingProps) -> Html {
    // The widget, while the button has the focus. Not every browser sends `blur` for an element that is
    // removed.
    let held = use_mut_ref(|| None::<Element>);
    {
        let held = Rc::clone(&held);
        use_effect_with((), move |()| move || take_focus(held.take()));
    }
    let on_focus = {
        let held = Rc::clone(&held);
        Callback::from(move |event: FocusEvent| {
            let button = event.target_dyn_into::<Element>();
            *held.borrow_mut() = button.and_then(|button| button.closest(".widget").ok().flatten());
        })
    };
    let on_blur = Callback::from(move |event: FocusEvent| {
        let Some(button) = event.target_dyn_into::<Element>() else {
            return;
        };
        let held = Rc::clone(&held);
        let look = move || {
            if button.is_connected() {
                held.take();
            }
        };
        Timeout::new(0, look).forget();
    });
    html! {
        <button type="button" class="button" onclick={&props.on_press} onfocus={on_focus} onblur={on_blur}>{ props.words }</button>
    }
}

/// Focuses the rows of a widget, if nothing else has the focus now.
fn take_focus(widget: Option<Element>) {
    let document = widget.as_ref().and_then(|widget| widget.owner_document());
    let active = document.as_ref().and_then(web_sys::Document::active_element);
    if active.is_none_or(|active| active.tag_name() == "BODY") {
        super::to_rows(widget);
    }
}

/// The time of the data that is shown, and its age in whole minutes.
#[inline(never)]
fn from_when(state: &State, at: i64, now: i64) -> String {
    let lang = state.locale.lang();
    let time = format::moment(at, now, &*state.locale);
    let minutes = (now - at) / MINUTE;
    if minutes < 1 {
        return fill(lang, Key::Later(Later::StaleNote), &[("time", &time)]);
    }
    let (h, m) = ((minutes / 60).to_string(), (minutes % 60).to_string());
    let key = if minutes < 60 {
        Key::Later(Later::StaleMinutes)
    } else {
        Key::Later(Later::StaleHours)
    };
    fill(lang, key, &[("time", &time), ("h", &h), ("m", &m)])
}

#[inline(never)]
fn failure(trouble: &Trouble, state: &State, send: &Send, now: i64) -> Html {
    let lang = state.locale.lang();
    let error = &trouble.error;
    let mut said = error.api_code.clone().unwrap_or_default();
    if error.code != Code::Config && !error.message.is_empty() {
        if !said.is_empty() {
            said.push_str(" · ");
        }
        said.push_str(&format::clamp(error.message.clone(), 1000));
    }
    let stale = state.fetched_at.filter(|_| state.is_stale(now));
    let class = if state.fetched_at.is_some() {
        "notice bad below"
    } else {
        "notice bad"
    };
    html! {
        <div part="banner" {class}>
            <div class="said">
                <span role="alert">{ words(error, lang) }</span>
                if let Some(at) = stale { { " " }<span>{ from_when(state, at, now) }</span> }
                if !said.is_empty() { <span class="raw"><bdi>{ said }</bdi></span> }
                if let Some(id) = &error.trace_id { <span class="raw">{ fill(lang, Key::Later(Later::TraceId), &[("id", id)]) }</span> }
            </div>
            if trouble.retrying { <span class="muted">{ text(lang, Key::Later(Later::Retrying)) }</span> }
            <Fleeting words={text(lang, Key::Later(Later::Retry))} on_press={send.press(|| Action::Retry)} />
        </div>
    }
}

/// The progress of the full fetch, while somebody waits for it.
fn walk(state: &State, send: &Send) -> Html {
    if !state.wants_whole() || state.history.is_complete() || state.config.cluster.is_none() {
        return Html::default();
    }
    if state.is_cancelled() || state.history.end != End::Open {
        return partial(state, send);
    }
    if state.is_settled() {
        Html::default()
    } else {
        progress(state, send)
    }
}

#[inline(never)]
fn partial(state: &State, send: &Send) -> Html {
    let lang = state.locale.lang();
    html! {
        <div part="banner" class="notice">
            <span class="said">{ text(lang, Key::Later(Later::Partial)) }</span>
            if state.is_cancelled() {
                <Fleeting words={text(lang, Key::Later(Later::FetchRest))} on_press={send.press(|| Action::FetchRest)} />
            }
        </div>
    }
}

#[inline(never)]
fn progress(state: &State, send: &Send) -> Html {
    let lang = state.locale.lang();
    let held = number(state.history.held());
    let words = match state.history.total() {
        Some(total) => fill(
            lang,
            Key::Later(Later::Progress),
            &[("held", &held), ("total", &number(total))],
        ),
        None => fill(lang, Key::Later(Later::ProgressOnly), &[("held", &held)]),
    };
    let most = state.history.total().map(|total| total.to_string());
    html! {
        <div part="banner" class="notice">
            <span class="said">{ words }</span>
            <progress max={most} value={state.history.held().to_string()} aria-label={text(lang, Key::Loading)}></progress>
            <Fleeting words={text(lang, Key::Later(Later::Cancel))} on_press={send.press(|| Action::Cancel)} />
        </div>
    }
}

/// Other facts about the data that a person should know.
fn facts(state: &State) -> Vec<String> {
    let history = &state.history;
    let odd = history.moved || history.oversent || history.bad_ids() > 0 || history.unreadable() > 0;
    if history.end == End::Open && !odd {
        Vec::new()
    } else {
        odd_facts(state)
    }
}

#[inline(never)]
fn odd_facts(state: &State) -> Vec<String> {
    let lang = state.locale.lang();
    let history = &state.history;
    let mut facts = Vec::new();
    match history.end {
        End::Capped => {
            let missing = history.total().unwrap_or(0).saturating_sub(history.held());
            let max = number(state.config.max_rows as u64);
            facts.push(fill(
                lang,
                Key::Later(Later::MaxRows),
                &[("max", &max), ("missing", &number(missing))],
            ));
        }
        End::Unproven => facts.push(text(lang, Key::Later(Later::NotProven)).to_owned()),
        End::Open if history.moved && history.is_complete() => {
            facts.push(text(lang, Key::Later(Later::ListChanged)).to_owned());
        }
        End::Open => {}
    }
    if history.oversent {
        facts.push(text(lang, Key::Later(Later::Oversent)).to_owned());
    }
    let bad_ids = history.bad_ids();
    for (count, key) in [
        (bad_ids, Key::Later(Later::BadIds)),
        (history.unreadable(), Key::Later(Later::BadRows)),
    ] {
        if count > 0 {
            facts.push(fill(lang, key, &[("n", &number(count as u64))]));
        }
    }
    facts
}

/// What is shown in place of the rows.
pub fn empty(state: &State, send: &Send, no_rows: bool) -> Html {
    // While the range is incomplete, nobody can say that no task matches.
    let known = state.history.is_complete() || !state.wants_whole();
    let settled = state.is_settled() && state.fetched_at.is_some() && known;
    if !no_rows || !settled || state.history.total().is_none() && state.trouble.is_some() {
        return Html::default();
    }
    nothing(state, send)
}

#[inline(never)]
fn nothing(state: &State, send: &Send) -> Html {
    let lang = state.locale.lang();
    let button = |key: Key, on_press: Callback<MouseEvent>| {
        html! { <Fleeting words={text(lang, key)} {on_press} /> }
    };
    let (words, way_out) = if !state.view.filter.trim().is_empty() {
        (
            Key::Later(Later::EmptyFilter),
            button(
                Key::Later(Later::ClearFilter),
                send.action.reform(|_| Action::Refilter(String::new())),
            ),
        )
    } else if state.view.range == Range::All {
        (Key::EmptyAll, Html::default())
    } else {
        (
            Key::Empty,
            button(Key::ShowAll, send.action.reform(|_| Action::Range(Range::All))),
        )
    };
    html! { <div part="empty" class="empty"><slot name="empty"><p>{ text(lang, words) }</p></slot>{ way_out }</div> }
}
