//! The menu of the time range: presets, two free bounds, and the time zone of all times.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::core::format;
use crate::core::i18n::{Key, Lang, fill, text};
use crate::core::state::{Action, State};
use crate::core::time::{Preset, TimeRange, WrittenTime, iso, parse_time, to_wall};
use crate::view::context::{Local, Send};
use crate::view::icon::{self, caret};
use crate::view::menu::{Button, Menu, menu};

fn preset_name(range: TimeRange) -> Key {
    match range {
        TimeRange::All => Key::RangeAll,
        TimeRange::Last(Preset::Hour) => Key::RangeHour,
        TimeRange::Last(Preset::Day) => Key::RangeDay,
        TimeRange::Last(Preset::Week) => Key::RangeWeek,
        TimeRange::Last(Preset::Month) => Key::RangeMonth,
        TimeRange::Last(Preset::Quarter) => Key::RangeQuarter,
        TimeRange::Between(..) => Key::RangeCustom,
    }
}

/// The local time in the form that a `datetime-local` input takes; empty without a bound.
fn wall(bound: Option<i64>, state: &State) -> String {
    bound
        .map(|at| iso(to_wall(at, state.locale()), 0, "")[..19].to_owned())
        .unwrap_or_default()
}

/// The bounds as text; whole days without the time.
#[inline(never)]
fn bounds_words(state: &State, start: Option<WrittenTime>, end: Option<WrittenTime>) -> String {
    let (locale, lang) = (state.locale(), state.lang());
    let range = TimeRange::Between(start, end).bounds(state.now, locale);
    let words = |written: Option<WrittenTime>, at: Option<i64>| match written {
        Some(WrittenTime::Day(_)) => at.map(|at| format::day(at, state.now, locale)),
        _ => at.map(|at| format::time(at, state.now, locale)),
    };
    match (words(start, range.0), words(end, range.1)) {
        (Some(from), Some(to)) if from == to => from,
        (Some(from), Some(to)) => fill(lang, Key::Span, &[("from", &from), ("to", &to)]),
        (Some(from), None) => fill(lang, Key::Since, &[("from", &from)]),
        (None, Some(to)) => fill(lang, Key::Until, &[("to", &to)]),
        (None, None) => text(lang, Key::RangeAll).to_owned(),
    }
}

/// The button and its menu.
pub(in crate::view) fn range(state: &State, send: &Send, local: &Local) -> Html {
    let lang = state.lang();
    let shown = match state.query.view.range {
        TimeRange::Between(start, end) => bounds_words(state, start, end),
        range => text(lang, preset_name(range)).to_owned(),
    };
    let button = Button {
        name: Some(fill(lang, Key::TimeRangeIs, &[("value", &shown)]).into()),
        label: html! { <>{ icon::calendar() }{ shown }{ caret() }</> },
        quiet: false,
    };
    html! { <div part="range">{ menu(Menu::Range, &local.menu, button, &|| ranges(state, send, local)) }</div> }
}

fn ranges(state: &State, send: &Send, local: &Local) -> Html {
    let lang = state.lang();
    let current = state.query.view.range;
    let ranges = Preset::ALL
        .into_iter()
        .map(TimeRange::Last)
        .chain([TimeRange::All]);
    let choice = |range: TimeRange| {
        let onchange = send.action.reform(move |_| Action::SetRange(range));
        html! {
            <label>
                <input type="radio" name="range" value={range.print()} checked={range == current} {onchange} />{ text(lang, preset_name(range)) }
            </label>
        }
    };
    let (start, end) = match current {
        TimeRange::Between(..) => current.bounds(state.now, state.locale()),
        _ => (None, None),
    };
    let try_range = {
        let (action, locale) = (send.action.clone(), state.host.locale.clone());
        Callback::from(move |range: TimeRange| {
            let is_ordered = range.is_ordered_in(&*locale);
            if is_ordered {
                action.emit(Action::SetRange(range));
            }
            is_ordered
        })
    };
    html! {
        <fieldset>
            <legend class="hidden">{ text(lang, Key::TimeRange) }</legend>
            { for ranges.map(choice) }
            <hr />
            <Bounds {try_range} {lang} range={current} values={[start, end].map(|at| AttrValue::from(wall(at, state)))} />
            <hr />
            { zones(state, send, local) }
        </fieldset>
    }
}

/// The choice of the time zone: that of the browser, UTC, the server's, the host's, and any other one.
#[inline(never)]
fn zones(state: &State, send: &Send, local: &Local) -> Html {
    let lang = state.lang();
    let all = local.zones.emit(());
    let own = all.first().map_or("UTC", String::as_str);
    let of_host = state
        .host
        .attributes
        .get("time-zone")
        .map_or("local", String::as_str)
        .to_owned();
    let named = |key, zone: &str| fill(lang, key, &[("zone", zone)]);
    let mut first = vec![
        ("local".to_owned(), named(Key::ZoneBrowser, own)),
        ("UTC".to_owned(), "UTC".to_owned()),
    ];
    first.extend(
        state
            .server_zone()
            .map(|zone| (zone.clone(), named(Key::ZoneServer, &zone))),
    );
    let chosen = state.query.view.zone.clone().unwrap_or_else(|| of_host.clone());
    for zone in [&of_host, &chosen] {
        if !first.iter().any(|(known, _)| known == zone) && !all.contains(zone) {
            first.push((zone.clone(), zone.clone()));
        }
    }
    let option = |(zone, name): (String, String)| html! { <option value={zone}>{ name }</option> };
    let others = all.iter().skip(1).map(|zone| (zone.clone(), zone.clone()));
    let onchange = send.maybe(move |event: Event| {
        let zone = event.target_dyn_into::<HtmlSelectElement>()?.value();
        Some(Action::SetZone(Some(zone).filter(|zone| *zone != of_host)))
    });
    html! {
        <label class="bound">
            <span>{ text(lang, Key::TimeZone) }</span>
            <Choice {onchange} value={chosen}>
                { for first.into_iter().map(option) }
                <optgroup label={text(lang, Key::ZoneOther)}>{ for others.map(option) }</optgroup>
            </Choice>
        </label>
    }
}

#[derive(Properties, PartialEq)]
struct ChoiceProps {
    onchange: Callback<Event>,
    value: AttrValue,
    children: Html,
}

/// A list that shows the current value. After a person has chosen in it, the browser ignores the `selected`
/// attributes of the options, so the value is set on the element.
#[component]
fn Choice(props: &ChoiceProps) -> Html {
    let place = use_node_ref();
    {
        let (place, value) = (place.clone(), props.value.clone());
        use_effect(move || {
            if let Some(select) = place.cast::<HtmlSelectElement>()
                && select.value() != *value
            {
                select.set_value(&value);
            }
        });
    }
    html! { <select ref={place} onchange={props.onchange.clone()}>{ props.children.clone() }</select> }
}

/// The props of [`Bounds`].
#[derive(Properties, PartialEq)]
struct BoundsProps {
    /// Applies the range if it is valid; returns whether it is.
    try_range: Callback<TimeRange, bool>,
    lang: Lang,
    range: TimeRange,
    /// The current bounds, as values of the inputs.
    values: [AttrValue; 2],
}

/// The two bounds. They apply when one is left or Enter is pressed in it, because a half-typed date can be a
/// date, too; and only if both are valid and in order. Until then the typed text and the range stay as they
/// are.
#[component]
fn Bounds(props: &BoundsProps) -> Html {
    let inputs = [use_node_ref(), use_node_ref()];
    let wrong = use_state_eq(|| [None; 2]);
    {
        let (inputs, wrong) = (inputs.clone(), wrong.clone());
        // Only a change of the current range replaces what was typed.
        use_effect_with((props.range, props.values.clone()), move |(_, values)| {
            for (input, value) in inputs.iter().zip(values) {
                if let Some(input) = input.cast::<HtmlInputElement>() {
                    input.set_value(value);
                }
            }
            wrong.set([None; 2]);
        });
    }
    let commit = {
        let (inputs, wrong, try_range) = (inputs.clone(), wrong.clone(), props.try_range.clone());
        let (range, values) = (props.range, props.values.clone());
        Callback::from(move |side| wrong.set(commit(side, &inputs, range, &values, &try_range)))
    };
    let bound = |side: usize, name: Key, id: &'static str| {
        let onblur = commit.reform(move |_: FocusEvent| side);
        let on_key = {
            let commit = commit.clone();
            Callback::from(move |event: KeyboardEvent| {
                if event.key() == "Enter" {
                    commit.emit(side);
                }
            })
        };
        let why = wrong[side];
        html! {
            <>
                <label class="bound">
                    <span>{ text(props.lang, name) }</span>
                    <input type="datetime-local" step="1" ref={inputs[side].clone()} {onblur} onkeydown={on_key}
                        aria-invalid={why.map(|_| "true")} aria-describedby={why.map(|_| id)} />
                </label>
                // The element exists before it has a text: only then do screen readers announce the text.
                <p class="wrong" {id} aria-live="polite">{ why.map(|why| text(props.lang, why)) }</p>
            </>
        }
    };
    html! {
        <>
            { bound(0, Key::RangeFrom, "wrong-from") }
            { bound(1, Key::RangeTo, "wrong-to") }
        </>
    }
}

/// Applies what is in the inputs, or returns what is wrong with each; `side` is the input that was left.
fn commit(
    side: usize,
    inputs: &[NodeRef; 2],
    range: TimeRange,
    values: &[AttrValue; 2],
    try_range: &Callback<TimeRange, bool>,
) -> [Option<Key>; 2] {
    let held = match range {
        TimeRange::Between(start, end) => [start, end],
        _ => [None, None],
    };
    let (mut typed, mut is_new, mut wrong) = (held, [false; 2], [None; 2]);
    for (at, input) in inputs.iter().enumerate() {
        let Some(input) = input.cast::<HtmlInputElement>() else {
            continue;
        };
        let value = input.value();
        let read_now = parse_time(&value);
        // A half-typed date, or one that does not exist, has no value either, but the input is invalid.
        if read_now.is_none() && !(value.is_empty() && input.check_validity()) {
            wrong[at] = Some(Key::RangeUnread);
        } else if read_now != parse_time(&values[at]) {
            // Compares instants, not texts, because browsers leave out seconds that are zero.
            (typed[at], is_new[at]) = (read_now, true);
        }
    }
    if wrong != [None; 2] || is_new == [false; 2] {
        return wrong;
    }
    let next = match typed {
        [None, None] => TimeRange::All,
        [start, end] => TimeRange::Between(start, end),
    };
    if !try_range.emit(next) {
        wrong[if is_new[side] { side } else { 1 - side }] = Some(Key::RangeOrder);
    }
    wrong
}
