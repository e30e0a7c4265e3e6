//! Tasks over time as bars. To drag over bars, or to select them with the arrow keys and Enter, narrows the
//! range to them.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::words::{BarWords, OverviewWords};
use crate::core::domain::task::Outcome;
use crate::core::i18n::{Key, Lang, text};
use crate::core::state::Action;
use crate::core::time::TimeRange;

/// The width of a bar and the height of the chart, in units of the SVG.
const STEP: usize = 10;
const HEIGHT: u32 = 40;

/// The props of [`Chart`].
#[derive(Properties, PartialEq)]
pub(in crate::view) struct ChartProps {
    pub(in crate::view) words: Rc<OverviewWords>,
    pub(in crate::view) lang: Lang,
    pub(in crate::view) action: Callback<Action>,
}

/// The selected bars, by their numbers, both inclusive. `to` can be less than `from`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Picked {
    from: usize,
    to: usize,
    /// Whether a selection is active; otherwise `to` is only the position of the arrow keys.
    is_on: bool,
}

impl Picked {
    fn holds(self, at: usize) -> bool {
        self.is_on && (self.from.min(self.to)..=self.from.max(self.to)).contains(&at)
    }
}

/// The chart.
#[component]
pub(in crate::view) fn Chart(props: &ChartProps) -> Html {
    let picked = use_state(Picked::default);
    let bars = &props.words.bars;
    let last = bars.len().saturating_sub(1);
    // Another range may have fewer bars.
    let now = Picked {
        from: picked.from.min(last),
        to: picked.to.min(last),
        ..*picked
    };
    let narrow = {
        let (words, picked, action) = (Rc::clone(&props.words), picked.clone(), props.action.clone());
        Callback::from(move |Picked { from, to, .. }: Picked| {
            let range = |at: usize| words.bars.get(at).map(|bar| bar.range);
            if let (Some(TimeRange::Between(start, _)), Some(TimeRange::Between(_, end))) =
                (range(from.min(to)), range(from.max(to)))
            {
                picked.set(Picked::default());
                action.emit(Action::BrushRange(TimeRange::Between(start, end)));
            }
        })
    };
    let on_key = {
        let (picked, narrow) = (picked.clone(), narrow.clone());
        move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowLeft" => now.to.saturating_sub(1),
                "ArrowRight" => (now.to + 1).min(last),
                "Home" => 0,
                "End" => last,
                "Enter" | " " => {
                    event.prevent_default();
                    return narrow.emit(now);
                }
                "Escape" if now.is_on => {
                    event.stop_propagation();
                    return picked.set(Picked {
                        is_on: false,
                        from: now.to,
                        ..now
                    });
                }
                _ => return,
            };
            event.prevent_default();
            let from = if event.shift_key() { now.from } else { to };
            let is_on = true;
            picked.set(Picked { from, to, is_on });
        }
    };
    let on_down = {
        let picked = picked.clone();
        move |event: MouseEvent| {
            if let Some(at) = bar_at(&event).filter(|_| event.button() == 0) {
                picked.set(Picked {
                    from: at,
                    to: at,
                    is_on: true,
                });
            }
        }
    };
    let on_move = {
        let picked = picked.clone();
        move |event: MouseEvent| {
            let to = bar_at(&event).filter(|to| event.buttons() == 1 && now.is_on && *to != now.to);
            if let Some(to) = to {
                picked.set(Picked { to, ..now });
            }
        }
    };
    let on_up = move |event: MouseEvent| {
        if let Some(to) = bar_at(&event).filter(|_| now.is_on) {
            narrow.emit(Picked { to, ..now });
        }
    };
    let on_leave = move |event: MouseEvent| {
        if event.buttons() == 1 {
            picked.set(Picked { is_on: false, ..now });
        }
    };
    let most = bars
        .iter()
        .map(|bar| bar.counts.total())
        .max()
        .unwrap_or(0)
        .max(1);
    html! {
        <div class="bars" role="listbox" tabindex="0" aria-multiselectable="true" aria-orientation="horizontal"
            aria-label={text(props.lang, Key::BarsHelp)} aria-activedescendant={format!("bar-{}", now.to)} onkeydown={on_key}
            onmousedown={on_down} onmousemove={on_move} onmouseup={on_up} onmouseleave={on_leave}>
            <svg role="presentation" viewBox={format!("0 0 {} {HEIGHT}", bars.len() * STEP)} preserveAspectRatio="none" focusable="false">
                { for bars.iter().enumerate().map(|(at, words)| bar(at, words, most, now)) }
            </svg>
        </div>
    }
}

/// A bar; failures are on top, where they are easy to see.
fn bar(at: usize, words: &BarWords, most: u32, picked: Picked) -> Html {
    const ORDER: [Outcome; 4] = [
        Outcome::Succeeded,
        Outcome::Unknown,
        Outcome::Running,
        Outcome::Failed,
    ];
    let x = at * STEP;
    let mut below = 0;
    let parts = ORDER.iter().filter_map(|&outcome| {
        let count = words.counts.of(outcome);
        if count == 0 {
            return None;
        }
        let from = height(below, most);
        below += count;
        // At least 2 units, so that one failure among thousands is visible.
        let part = (height(below, most) - from).max(2.0);
        let y = (f64::from(HEIGHT) - from - part).max(0.0);
        Some(html! {
            <rect class={outcome.name()} x={(x + 1).to_string()} y={y.to_string()} width={(STEP - 2).to_string()} height={part.to_string()} />
        })
    });
    let class = if picked.holds(at) { "bar picked" } else { "bar" };
    html! {
        <g id={format!("bar-{at}")} key={at} {class} role="option" aria-label={words.title.clone()} data-bar={at.to_string()}
            aria-selected={if picked.holds(at) { "true" } else { "false" }} data-active={(at == picked.to).then_some("")}>
            <title>{ &words.title }</title>
            <rect class="back" x={x.to_string()} y="0" width={STEP.to_string()} height={HEIGHT.to_string()} />
            { for parts }
        </g>
    }
}

fn height(count: u32, most: u32) -> f64 {
    f64::from(count) / f64::from(most) * f64::from(HEIGHT)
}

fn bar_at(event: &MouseEvent) -> Option<usize> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target
        .closest("[data-bar]")
        .ok()??
        .get_attribute("data-bar")?
        .parse()
        .ok()
}
