//! The time range: presets, two bounds of one's own, and the zone in which all times stand.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::menu::{Button, Menu, menu};
use super::toolbar::caret;
use super::{Local, Send, icon};
use crate::core::format;
use crate::core::state::{Action, State};
use crate::core::text::{Key, Lang, Later, fill, text};
use crate::core::time::{Preset, Range, Written, iso, read, to_wall};

fn preset_name(range: Range) -> Key {
    match range {
        Range::All => Key::RangeAll,
        Range::Last(Preset::Hour) => Key::RangeHour,
        Range::Last(Preset::Day) => Key::RangeDay,
        Range::Last(Preset::Week) => Key::RangeWeek,
        Range::Last(Preset::Month) => Key::RangeMonth,
        Range::Last(Preset::Quarter) => Key::RangeQuarter,
        Range::Between(..) => Key::RangeCustom,
    }
}

/// The wall-clock text that a `datetime-local` input takes.
fn wall(bound: Option<i64>, state: &State) -> String {
    bound
        .map(|at| iso(to_wall(at, &*state.locale), 0, "")[..19].to_owned())
        .unwrap_or_default()
}

/// The bounds as words: whole days by their date.
#[inline(never)]
fn bounds_words(state: &State, start: Option<Written>, end: Option<Written>) -> String {
    let (locale, lang) = (&*state.locale, state.locale.lang());
    let range = Range::Between(start, end).bounds(state.now, locale);
    let words = |written: Option<Written>, at: Option<i64>| match written {
        Some(Written::Day(_)) => at.map(|at| format::day(at, state.now, locale)),
        _ => at.map(|at| format::time(at, state.now, locale)),
    };
    match (words(start, range.0), words(end, range.1)) {
        (Some(from), Some(to)) if from == to => from,
        (Some(from), Some(to)) => fill(lang, Key::Later(Later::Span), &[("from", &from), ("to", &to)]),
        (Some(from), None) => fill(lang, Key::Later(Later::Since), &[("from", &from)]),
        (None, Some(to)) => fill(lang, Key::Later(Later::Until), &[("to", &to)]),
        (None, None) => text(lang, Key::RangeAll).to_owned(),
    }
}

/// The button, and behind it everything that bounds the range.
pub(super) fn range(state: &State, send: &Send, local: &Local) -> Html {
    let lang = state.locale.lang();
    let shown = match state.view.range {
        Range::Between(start, end) => bounds_words(state, start, end),
        range => text(lang, preset_name(range)).to_owned(),
    };
    let button = Button {
        name: Some(format!("{}: {shown}", text(lang, Key::TimeRange)).into()),
        label: html! { <>{ icon::calendar() }<span class="value">{ shown }</span>{ caret() }</> },
        quiet: false,
    };
    html! { <div part="range">{ menu(Menu::Range, &local.menu, button, &|| ranges(state, send, local)) }</div> }
}

fn ranges(state: &State, send: &Send, local: &Local) -> Html {
    let lang = state.locale.lang();
    let current = state.view.range;
    let ranges = Preset::ALL.into_iter().map(Range::Last).chain([Range::All]);
    let choice = |range: Range| {
        let onchange = send.action.reform(move |_| Action::Range(range));
        html! {
            <label>
                <input type="radio" name="range" value={range.spell()} checked={range == current} {onchange} />{ text(lang, preset_name(range)) }
            </label>
        }
    };
    let (start, end) = match current {
        Range::Between(..) => current.bounds(state.now, &*state.locale),
        _ => (None, None),
    };
    let bound = |is_start: bool, at: Option<i64>| {
        html! { <Bound {is_start} {lang} value={wall(at, state)} range={current} action={send.action.clone()} /> }
    };
    html! {
        <fieldset>
            <legend class="hidden">{ text(lang, Key::TimeRange) }</legend>
            { for ranges.map(choice) }
            <hr />
            { bound(true, start) }
            { bound(false, end) }
            <hr />
            { zones(state, send, local) }
        </fieldset>
    }
}

/// The zone of the times: this browser's, UTC, the server's, the host's, and any other one.
#[inline(never)]
fn zones(state: &State, send: &Send, local: &Local) -> Html {
    let lang = state.locale.lang();
    let all = local.zones.emit(());
    let own = all.first().map_or("UTC", String::as_str);
    let of_host = state
        .raw()
        .get("time-zone")
        .map_or("local", String::as_str)
        .to_owned();
    let named = |key, zone: &str| fill(lang, Key::Later(key), &[("zone", zone)]);
    let mut first = vec![
        ("local".to_owned(), named(Later::ZoneBrowser, own)),
        ("UTC".to_owned(), "UTC".to_owned()),
    ];
    first.extend(
        state
            .server_zone()
            .map(|zone| (zone.clone(), named(Later::ZoneServer, &zone))),
    );
    let chosen = state.view.zone.clone().unwrap_or_else(|| of_host.clone());
    for zone in [&of_host, &chosen] {
        if !first.iter().any(|(known, _)| known == zone) && !all.contains(zone) {
            first.push((zone.clone(), zone.clone()));
        }
    }
    let option = |(zone, name): (String, String)| {
        let selected = zone == chosen;
        html! { <option value={zone} {selected}>{ name }</option> }
    };
    let others = all.iter().skip(1).map(|zone| (zone.clone(), zone.clone()));
    let onchange = send.maybe(move |event: Event| {
        let zone = event.target_dyn_into::<HtmlSelectElement>()?.value();
        Some(Action::Zone(Some(zone).filter(|zone| *zone != of_host)))
    });
    html! {
        <label class="bound">
            <span>{ text(lang, Key::Later(Later::TimeZone)) }</span>
            <select {onchange}>
                { for first.into_iter().map(option) }
                <optgroup label={text(lang, Key::Later(Later::ZoneOther))}>{ for others.map(option) }</optgroup>
            </select>
        </label>
    }
}

/// What one bound of the range needs.
#[derive(Properties, PartialEq)]
struct BoundProps {
    is_start: bool,
    lang: Lang,
    value: AttrValue,
    range: Range,
    action: Callback<Action>,
}

/// One bound: it holds once it is left or Enter is pressed, since a half-typed date is a date too.
#[component]
fn Bound(props: &BoundProps) -> Html {
    let input = use_node_ref();
    let wrong = use_state(|| false);
    let commit = {
        let (input, wrong, action) = (input.clone(), wrong.clone(), props.action.clone());
        let (range, is_start, before) = (props.range, props.is_start, props.value.clone());
        move || {
            let value = input
                .cast::<HtmlInputElement>()
                .map(|input| input.value())
                .unwrap_or_default();
            // Browsers leave out seconds that are zero.
            let typed = read(&value);
            if typed == read(&before) {
                return;
            }
            let (start, end) = match range {
                Range::Between(start, end) => (start, end),
                _ => (None, None),
            };
            let (start, end) = if is_start { (typed, end) } else { (start, typed) };
            let in_order = !matches!((start, end), (Some(Written::Local(start)), Some(Written::Local(end))) if start > end);
            wrong.set(!in_order);
            if in_order {
                let none = start.is_none() && end.is_none();
                action.emit(Action::Range(if none {
                    Range::All
                } else {
                    Range::Between(start, end)
                }));
            }
        }
    };
    let on_leave = {
        let commit = commit.clone();
        Callback::from(move |_: FocusEvent| commit())
    };
    let on_key = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            commit();
        }
    });
    let name = text(
        props.lang,
        if props.is_start {
            Key::Later(Later::RangeFrom)
        } else {
            Key::Later(Later::RangeTo)
        },
    );
    html! {
        <>
            <label class="bound">
                <span>{ name }</span>
                <input type="datetime-local" step="1" ref={input} value={props.value.clone()} onblur={on_leave} onkeydown={on_key}
                    aria-invalid={wrong.then_some("true")} />
            </label>
            if *wrong { <p class="wrong">{ text(props.lang, Key::Later(Later::RangeOrder)) }</p> }
        </>
    }
}
