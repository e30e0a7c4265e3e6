//! Messages between toolbar and table: failures, progress, invalid attributes. Also what is shown in place of
//! the rows if there are none.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use web_sys::Element;
use yew::prelude::*;

use super::context::Send;
use super::dom::to_rows;
use crate::core::dataset::ScanEnd;
use crate::core::error::{Code, Error};
use crate::core::format::{self, number};
use crate::core::i18n::{Key, Lang, fill, text};
use crate::core::privacy::excerpt::clamp;
use crate::core::state::{Action, RequestFailure, State};
use crate::core::time::{MINUTE, TimeRange};

/// The text for an error, and what to do about it.
pub fn words(error: &Error, lang: Lang) -> String {
    let status = error.status.map(|status| status.to_string()).unwrap_or_default();
    let key = match (error.code, error.status) {
        (Code::Config, _) => {
            let why = match (error.message.as_str(), error.attribute) {
                ("", Some("tasks")) => text(lang, Key::WhyTasks),
                ("", _) => text(lang, Key::WhyHeaders),
                (why, _) => why,
            };
            return fill(
                lang,
                Key::ErrConfig,
                &[("attribute", error.attribute.unwrap_or("")), ("why", why)],
            );
        }
        (Code::Http, Some(400)) => Key::ErrBadRequest,
        (Code::Http, Some(404)) => Key::ErrNotFound,
        (Code::Http, _) => Key::ErrHttp,
        (Code::Network, _) => Key::ErrNetwork,
        (Code::Timeout, _) => Key::ErrTimeout,
        (Code::Auth, _) => Key::ErrAuth,
        (Code::Permission, _) => Key::ErrPermission,
        (Code::RateLimit, _) => Key::ErrRateLimit,
        (Code::Api, _) => Key::ErrApi,
        (Code::Decode, _) => Key::ErrDecode,
        (Code::TooLarge, _) => Key::ErrTooLarge,
        (Code::Runtime, _) => Key::ErrRuntime,
    };
    fill(lang, key, &[("status", &status)])
}

/// All current messages; usually none.
pub fn notices(state: &State, send: &Send, now: i64) -> Html {
    let wrong = state.host.attribute_errors.len() + state.host.property_errors.len();
    let facts = facts(state);
    html! {
        <>
            if state.loaded.fetched_at.is_none() {
                { state.scheduler.failure.as_ref().map_or_else(Html::default, |trouble| failure(trouble, state, send, now)) }
            }
            if wrong > 0 { { complaints(state) } }
            { scan(state, send) }
            { for facts.into_iter().map(|words| html! { <p part="banner" class="notice">{ words }</p> }) }
        </>
    }
}

/// Invalid attributes and properties. What is wrong in the filter is below its [chip](super::toolbar::chips).
#[inline(never)]
fn complaints(state: &State) -> Html {
    let lang = state.lang();
    html! {
        <>
            { for state.host.attribute_errors.iter().chain(&state.host.property_errors).map(|error| html! { <p part="banner" class="notice warn">{ words(error, lang) }</p> }) }
        </>
    }
}

/// A failure while rows are shown. It is below the rows, so that it does not move them.
pub fn below(state: &State, send: &Send, now: i64) -> Html {
    match &state.scheduler.failure {
        Some(trouble) if state.loaded.fetched_at.is_some() => failure(trouble, state, send, now),
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
        let forget_if_blurred = move || {
            if button.is_connected() {
                held.take();
            }
        };
        Timeout::new(0, forget_if_blurred).forget();
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
        to_rows(widget);
    }
}

/// The time of the data that is shown, and its age in whole minutes.
#[inline(never)]
fn from_when(state: &State, at: i64, now: i64) -> String {
    let lang = state.lang();
    let time = format::moment(at, now, state.locale());
    let minutes = (now - at) / MINUTE;
    if minutes < 1 {
        return fill(lang, Key::StaleNote, &[("time", &time)]);
    }
    let (h, m) = ((minutes / 60).to_string(), (minutes % 60).to_string());
    let key = if minutes < 60 {
        Key::StaleMinutes
    } else {
        Key::StaleHours
    };
    fill(lang, key, &[("time", &time), ("h", &h), ("m", &m)])
}

#[inline(never)]
fn failure(trouble: &RequestFailure, state: &State, send: &Send, now: i64) -> Html {
    let lang = state.lang();
    let error = &trouble.error;
    let mut said = error.api_code.clone().unwrap_or_default();
    if error.code != Code::Config && !error.message.is_empty() {
        if !said.is_empty() {
            said.push_str(" · ");
        }
        said.push_str(&clamp(error.message.clone(), 1000));
    }
    let stale = state.loaded.fetched_at.filter(|_| state.is_stale(now));
    let class = if state.loaded.fetched_at.is_some() {
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
                if let Some(id) = &error.trace_id { <span class="raw">{ fill(lang, Key::TraceId, &[("id", id)]) }</span> }
            </div>
            if trouble.retrying { <span class="muted">{ text(lang, Key::Retrying) }</span> }
            <Fleeting words={text(lang, Key::Retry)} on_press={send.press(|| Action::Retry)} />
        </div>
    }
}

/// The progress of the full fetch, while somebody waits for it.
fn scan(state: &State, send: &Send) -> Html {
    if !state.needs_whole_range() || state.loaded.dataset.is_complete() || state.host.config.cluster.is_none()
    {
        return Html::default();
    }
    if state.is_cancelled() || state.loaded.dataset.scan_end != ScanEnd::Open {
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
    let lang = state.lang();
    html! {
        <div part="banner" class="notice">
            <span class="said">{ text(lang, Key::Partial) }</span>
            if state.is_cancelled() {
                <Fleeting words={text(lang, Key::FetchRest)} on_press={send.press(|| Action::FetchRest)} />
            }
        </div>
    }
}

#[inline(never)]
fn progress(state: &State, send: &Send) -> Html {
    let lang = state.lang();
    let held = number(state.loaded.dataset.loaded());
    let words = match state.loaded.dataset.total() {
        Some(total) => fill(lang, Key::Progress, &[("held", &held), ("total", &number(total))]),
        None => fill(lang, Key::ProgressOnly, &[("held", &held)]),
    };
    let most = state.loaded.dataset.total().map(|total| total.to_string());
    html! {
        <div part="banner" class="notice">
            <span class="said">{ words }</span>
            <progress max={most} value={state.loaded.dataset.loaded().to_string()} aria-label={text(lang, Key::Loading)}></progress>
            <Fleeting words={text(lang, Key::Cancel)} on_press={send.press(|| Action::Cancel)} />
        </div>
    }
}

/// Other facts about the data that a person should know.
fn facts(state: &State) -> Vec<String> {
    let dataset = &state.loaded.dataset;
    let odd = dataset.has_changed || dataset.oversent || dataset.bad_ids() > 0 || dataset.unreadable() > 0;
    if dataset.scan_end == ScanEnd::Open && !odd {
        Vec::new()
    } else {
        odd_facts(state)
    }
}

#[inline(never)]
fn odd_facts(state: &State) -> Vec<String> {
    let lang = state.lang();
    let dataset = &state.loaded.dataset;
    let mut facts = Vec::new();
    match dataset.scan_end {
        ScanEnd::Capped => {
            let missing = dataset.total().unwrap_or(0).saturating_sub(dataset.loaded());
            let max = number(state.host.config.max_rows as u64);
            facts.push(fill(
                lang,
                Key::MaxRows,
                &[("max", &max), ("missing", &number(missing))],
            ));
        }
        ScanEnd::Unproven => facts.push(text(lang, Key::NotProven).to_owned()),
        ScanEnd::Open if dataset.has_changed && dataset.is_complete() => {
            facts.push(text(lang, Key::ListChanged).to_owned());
        }
        ScanEnd::Open => {}
    }
    if dataset.oversent {
        facts.push(text(lang, Key::Oversent).to_owned());
    }
    let bad_ids = dataset.bad_ids();
    for (count, key) in [(bad_ids, Key::BadIds), (dataset.unreadable(), Key::BadRows)] {
        if count > 0 {
            facts.push(fill(lang, key, &[("n", &number(count as u64))]));
        }
    }
    facts
}

/// What is shown in place of the rows.
pub fn empty(state: &State, send: &Send, no_rows: bool) -> Html {
    // While the range is incomplete, nobody can say that no task matches.
    let known = state.loaded.dataset.is_complete() || !state.needs_whole_range();
    let settled = state.is_settled() && state.loaded.fetched_at.is_some() && known;
    if !no_rows || !settled || state.loaded.dataset.total().is_none() && state.scheduler.failure.is_some() {
        return Html::default();
    }
    nothing(state, send)
}

#[inline(never)]
fn nothing(state: &State, send: &Send) -> Html {
    let lang = state.lang();
    let button = |key: Key, on_press: Callback<MouseEvent>| {
        html! { <Fleeting words={text(lang, key)} {on_press} /> }
    };
    let (words, way_out) = if !state.query.view.filter.trim().is_empty() {
        (
            Key::EmptyFilter,
            button(
                Key::ClearFilter,
                send.action.reform(|_| Action::SetFilter(String::new())),
            ),
        )
    } else if state.query.view.range == TimeRange::All {
        (Key::EmptyAll, Html::default())
    } else {
        (
            Key::Empty,
            button(
                Key::ShowAll,
                send.action.reform(|_| Action::SetRange(TimeRange::All)),
            ),
        )
    };
    html! { <div part="empty" class="empty"><slot name="empty"><p>{ text(lang, words) }</p></slot>{ way_out }</div> }
}
