//! The strip above the table: the figures of the whole range, and its tasks over time.
//!
//! Its place is reserved from the first paint. Its content is in the lazy part of the module and is rendered
//! a moment after the rows, so that it never delays a person who types a filter. The [chart](super::chart)
//! narrows the range.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};
use yew::prelude::*;

use super::chart::Chart;
use super::menu::{Button, Menu, menu};
use super::{Local, Send, facets, icon};
use crate::core::config;
use crate::core::format::{self, number};
use crate::core::state::{Action, State};
use crate::core::summary::{Bar, Counts, Overview, Unit};
use crate::core::task::Outcome;
use crate::core::text::{Key, Lang, Later, fill, text};
use crate::core::time::{MINUTE, Range};

/// Time without a change of the rows until they are summarised again, in milliseconds.
const CALM: u32 = 150;

/// The texts of the strip.
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    /// Value, label and CSS class of each figure.
    figures: Vec<(String, String, Option<&'static str>)>,
    /// The bars of the chart.
    pub(super) bars: Vec<BarWords>,
    /// The times at the start, the middle and the end of the chart.
    edges: Vec<String>,
}

/// A bar of the chart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BarWords {
    /// The number of tasks by outcome.
    pub(super) counts: Counts,
    /// The text of its tooltip.
    pub(super) title: String,
    /// The time range that it covers.
    pub(super) range: Range,
}

/// The texts for the current view.
pub fn words(state: &State, now: i64) -> Words {
    let overview = Overview::of(state, now);
    let (locale, lang) = (&*state.locale, state.locale.lang());
    let bars = &overview.bars;
    let day = |at: i64| match bars.unit {
        Unit::Hour => format::time(at, now, locale),
        _ => format::day(at, now, locale),
    };
    let when = |bar: &Bar| match bars.unit {
        Unit::Hour | Unit::Day => day(bar.start),
        _ => fill(
            lang,
            Key::Later(Later::Span),
            &[("from", &day(bar.start)), ("to", &day(bar.end - 1))],
        ),
    };
    let last = bars.bars.len().saturating_sub(1);
    let mut edges: Vec<usize> = vec![0, last / 2, last];
    edges.dedup();
    let edges = edges.into_iter().filter_map(|at| bars.bars.get(at));
    Words {
        figures: figures(&overview, lang),
        edges: edges.map(|bar| day(bar.start)).collect(),
        bars: bars
            .bars
            .iter()
            .map(|bar| BarWords {
                counts: bar.counts,
                title: bar_title(&when(bar), bar.counts, lang),
                range: bars.range(bar, overview.bounds, locale),
            })
            .collect(),
    }
}

fn bar_title(when: &str, counts: Counts, lang: Lang) -> String {
    let count = |outcome| number(counts.of(outcome).into());
    fill(
        lang,
        Key::Later(Later::BarTitle),
        &[
            ("when", when),
            ("n", &number(counts.total().into())),
            ("succeeded", &count(Outcome::Succeeded)),
            ("failed", &count(Outcome::Failed)),
            ("running", &count(Outcome::Running)),
            ("unknown", &count(Outcome::Unknown)),
        ],
    )
}

fn figures(overview: &Overview, lang: Lang) -> Vec<(String, String, Option<&'static str>)> {
    let summary = &overview.summary;
    let label = |key| text(lang, key).to_owned();
    let mut figures = Vec::new();
    if let Some(rate) = summary.counts.success_permille() {
        let rate = format!("{}.{}", rate / 10, rate % 10);
        let rate = fill(lang, Key::Later(Later::Percent), &[("n", &rate)]);
        figures.push((rate, label(Key::Later(Later::RateLabel)), None));
    }
    for (length, key) in [
        (summary.p50, Key::Later(Later::MedianLabel)),
        (summary.p95, Key::Later(Later::P95Label)),
    ] {
        figures.extend(length.map(|length| (format::duration(length, lang), label(key), None)));
    }
    let running = summary.counts.of(Outcome::Running);
    if running > 0 {
        let label = match summary.longest {
            Some((_, length)) => fill(
                lang,
                Key::Later(Later::RunningLabel),
                &[("length", &format::duration(length, lang))],
            ),
            None => label(Key::Later(Later::RunningNone)),
        };
        figures.push((number(running.into()), label, None));
    }
    if overview.overdue > 0 {
        figures.push((
            number(overview.overdue.into()),
            label(Key::Later(Later::OverdueLabel)),
            Some("bad"),
        ));
    }
    let outside = overview.bars.undated + overview.bars.outside;
    if outside > 0 {
        figures.push((
            number(outside.into()),
            label(Key::Later(Later::OutsideLabel)),
            None,
        ));
    }
    let of = fill(
        lang,
        Key::Later(Later::OfLabel),
        &[("total", &number(overview.total))],
    );
    figures.push((number(overview.of), of, Some("of")));
    figures
}

/// The strip; empty if the host turned it off or there is nothing to summarise.
pub(super) fn strip(state: &State, send: &Send, local: &Local, now: i64) -> Html {
    let has_no_source = state.config.cluster.is_none() && state.fetched_at.is_none();
    if has_no_source || state.config.overview == config::Overview::Off {
        return Html::default();
    }
    html! { <div class="overview">if state.is_whole { { inside(state, send, local, now) } }</div> }
}

#[inline(never)]
fn inside(state: &State, send: &Send, local: &Local, now: i64) -> Html {
    let lang = state.locale.lang();
    if state.has_overview() {
        let name = text(lang, Key::Later(Later::Breakdown));
        let button = Button {
            name: Some(name.into()),
            label: html! { <>{ icon::list() }<span class="word">{ name }</span></> },
            quiet: true,
        };
        return html! {
            <>
            <Filled rows={Rc::clone(&state.rows)} version={state.history.version} minute={now.div_euclid(MINUTE)} {lang}
                zone={AttrValue::from(state.locale.zone().to_owned())} range={state.view.range}
                takes_focus={state.is_overview_wanted()} reckon={local.overview.clone()} action={send.action.clone()} />
            { menu(Menu::Facets, &local.menu, button, &|| facets::panel(state, send, local)) }
            </>
        };
    }
    if state.fetched_at.is_none() {
        return Html::default();
    }
    if state.awaits_overview() {
        // The button stays, so that a person who pressed it keeps the focus.
        return html! { <button type="button" class="button" aria-disabled="true">{ text(lang, Key::Later(Later::Summarizing)) }</button> };
    }
    let words = match state.history.total() {
        Some(total) => fill(lang, Key::Later(Later::Summarize), &[("n", &number(total))]),
        None => text(lang, Key::Later(Later::SummarizeAll)).to_owned(),
    };
    html! { <button type="button" class="button" onclick={send.press(|| Action::Overview)}>{ words }</button> }
}

/// The props of [`Filled`].
#[derive(Properties, PartialEq)]
struct FilledProps {
    rows: Rc<Vec<u32>>,
    version: u64,
    minute: i64,
    lang: Lang,
    zone: AttrValue,
    range: Range,
    /// Whether the person asked for the summary. Then it takes the focus that the button or the previous
    /// chart had.
    takes_focus: bool,
    reckon: Callback<(), Words>,
    action: Callback<Action>,
}

/// The strip with its figures. Computes the first summary at once, later ones after the rows did not change
/// for [`CALM`].
#[component]
fn Filled(props: &FilledProps) -> Html {
    let shown = use_state(|| None::<Rc<Words>>);
    {
        let (shown, reckon) = (shown.clone(), props.reckon.clone());
        let on = (
            (Rc::clone(&props.rows), props.version, props.minute),
            (props.lang, props.zone.clone(), props.range),
        );
        use_effect_with(on, move |_| {
            let is_first = shown.is_none();
            let reckon = move || shown.set(Some(Rc::new(reckon.emit(()))));
            let timer = Timeout::new(if is_first { 0 } else { CALM }, reckon);
            move || drop(timer)
        });
    }
    let place = use_node_ref();
    {
        let (place, takes_focus) = (place.clone(), props.takes_focus);
        use_effect_with(shown.is_some(), move |is_here| {
            if *is_here && takes_focus {
                take_focus(&place);
            }
        });
    }
    let Some(words) = &*shown else {
        return Html::default();
    };
    let figure = |(value, label, tone): &(String, String, Option<&'static str>)| {
        html! { <div class={*tone}><dt>{ label }</dt><dd>{ value }</dd></div> }
    };
    html! {
        <>
            if words.bars.is_empty() {
                <p class="muted grow">
                    // Tasks without a start time have no bar, but the figures count them: so “nothing” only
                    // if there are no rows.
                    if props.rows.is_empty() { { text(props.lang, Key::Later(Later::Nothing)) } }
                </p>
            } else {
                <div class="chart" ref={place}>
                    <Chart words={Rc::clone(words)} lang={props.lang} action={props.action.clone()} />
                    <div class="edges" aria-hidden="true">{ for words.edges.iter().map(|edge| html! { <span>{ edge }</span> }) }</div>
                </div>
            }
            <dl class="figures" aria-label={text(props.lang, Key::Later(Later::Overview))}>{ for words.figures.iter().map(figure) }</dl>
        </>
    }
}

/// Focuses the chart, if nothing else has the focus now.
fn take_focus(place: &NodeRef) {
    let chart = place.cast::<Element>();
    let chart = chart.and_then(|chart| chart.query_selector(".bars").ok().flatten());
    let Some(chart) = chart.and_then(|chart| chart.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let document = chart.owner_document();
    let active = document.as_ref().and_then(web_sys::Document::active_element);
    if active.is_none_or(|active| active.tag_name() == "BODY") {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = chart.focus_with_options(&options);
    }
}
