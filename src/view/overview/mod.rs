//! The strip above the table: the figures of the whole range, and its tasks over time.
//!
//! Its place is reserved from the first paint. Its content is in the lazy part of the module and is rendered
//! a moment after the rows, so that it never delays a person who types a filter. The [chart](chart)
//! narrows the range.

mod chart;
mod facets;
pub(super) mod words;

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};
use yew::prelude::*;

use super::context::{Local, Send};
use super::icon;
use super::menu::{Button, Menu, menu};
use crate::core::format::number;
use crate::core::i18n::{Key, Lang, fill, text};
use crate::core::settings::attributes;
use crate::core::state::{Action, State};
use crate::core::time::{MINUTE, TimeRange};
use chart::Chart;
use words::OverviewWords;

/// Time without a change of the rows until they are summarised again, in milliseconds.
const CALM: u32 = 150;

/// The strip; empty if the host turned it off or there is nothing to summarise.
pub(super) fn strip(state: &State, send: &Send, local: &Local, now: i64) -> Html {
    let has_no_source = state.host.config.cluster.is_none() && state.loaded.fetched_at.is_none();
    if has_no_source || state.host.config.overview == attributes::OverviewMode::Off {
        return Html::default();
    }
    html! { <div class="overview">if state.is_lazy_part_loaded { { inside(state, send, local, now) } }</div> }
}

#[inline(never)]
fn inside(state: &State, send: &Send, local: &Local, now: i64) -> Html {
    let lang = state.lang();
    if state.has_overview() {
        let name = text(lang, Key::Breakdown);
        let button = Button {
            name: Some(name.into()),
            label: html! { <>{ icon::list() }<span class="word">{ name }</span></> },
            quiet: true,
        };
        return html! {
            <>
            <Filled rows={Rc::clone(&state.shown.rows)} version={state.loaded.dataset.version} minute={now.div_euclid(MINUTE)} {lang}
                zone={AttrValue::from(state.locale().zone().to_owned())} range={state.query.view.range}
                takes_focus={state.query.wants_overview} reckon={local.overview.clone()} action={send.action.clone()} />
            { menu(Menu::Facets, &local.menu, button, &|| facets::panel(state, send, local)) }
            </>
        };
    }
    if state.loaded.fetched_at.is_none() {
        return Html::default();
    }
    if state.awaits_overview() {
        // The button stays, so that a person who pressed it keeps the focus.
        return html! { <button type="button" class="button" aria-disabled="true">{ text(lang, Key::Summarizing) }</button> };
    }
    let words = match state.loaded.dataset.total() {
        Some(total) => fill(lang, Key::Summarize, &[("n", &number(total))]),
        None => text(lang, Key::SummarizeAll).to_owned(),
    };
    html! { <button type="button" class="button" onclick={send.press(|| Action::WantOverview)}>{ words }</button> }
}

/// The props of [`Filled`].
#[derive(Properties, PartialEq)]
struct FilledProps {
    rows: Rc<Vec<u32>>,
    version: u64,
    minute: i64,
    lang: Lang,
    zone: AttrValue,
    range: TimeRange,
    /// Whether the person asked for the summary. Then it takes the focus that the button or the previous
    /// chart had.
    takes_focus: bool,
    reckon: Callback<(), OverviewWords>,
    action: Callback<Action>,
}

/// The strip with its figures. Computes the first summary at once, later ones after the rows did not change
/// for [`CALM`].
#[component]
fn Filled(props: &FilledProps) -> Html {
    let shown = use_state(|| None::<Rc<OverviewWords>>);
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
                    if props.rows.is_empty() { { text(props.lang, Key::Nothing) } }
                </p>
            } else {
                <div class="chart" ref={place}>
                    <Chart words={Rc::clone(words)} lang={props.lang} action={props.action.clone()} />
                    <div class="edges" aria-hidden="true">{ for words.edges.iter().map(|edge| html! { <span>{ edge }</span> }) }</div>
                </div>
            }
            <dl class="figures" aria-label={text(props.lang, Key::Overview)}>{ for words.figures.iter().map(figure) }</dl>
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
