//! The texts of the strip.

use crate::core::domain::task::Outcome;
use crate::core::format::{self, number};
use crate::core::i18n::{Key, Lang, fill, text};
use crate::core::state::{Overview, State};
use crate::core::stats::{Bar, Counts, Unit};
use crate::core::time::TimeRange;

/// The texts of the strip.
#[derive(Debug, Clone, PartialEq)]
pub struct OverviewWords {
    /// Value, label and CSS class of each figure.
    pub(in crate::view) figures: Vec<(String, String, Option<&'static str>)>,
    /// The bars of the chart.
    pub(in crate::view) bars: Vec<BarWords>,
    /// The times at the start, the middle and the end of the chart.
    pub(in crate::view) edges: Vec<String>,
}

/// A bar of the chart.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::view) struct BarWords {
    /// The number of tasks by outcome.
    pub(in crate::view) counts: Counts,
    /// The text of its tooltip.
    pub(in crate::view) title: String,
    /// The time range that it covers.
    pub(in crate::view) range: TimeRange,
}

/// The texts for the current view.
pub fn words(state: &State, now: i64) -> OverviewWords {
    let overview = Overview::of(state, now);
    let (locale, lang) = (state.locale(), state.lang());
    let bars = &overview.bars;
    let day = |at: i64| match bars.unit {
        Unit::Hour => format::time(at, now, locale),
        _ => format::day(at, now, locale),
    };
    let when = |bar: &Bar| match bars.unit {
        Unit::Hour | Unit::Day => day(bar.start),
        _ => fill(
            lang,
            Key::Span,
            &[("from", &day(bar.start)), ("to", &day(bar.end - 1))],
        ),
    };
    let last = bars.bars.len().saturating_sub(1);
    let mut edges: Vec<usize> = vec![0, last / 2, last];
    edges.dedup();
    let edges = edges.into_iter().filter_map(|at| bars.bars.get(at));
    OverviewWords {
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
        Key::BarTitle,
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
        let rate = fill(lang, Key::Percent, &[("n", &rate)]);
        figures.push((rate, label(Key::RateLabel), None));
    }
    for (length, key) in [(summary.p50, Key::MedianLabel), (summary.p95, Key::P95Label)] {
        figures.extend(length.map(|length| (format::duration(length, lang), label(key), None)));
    }
    let running = summary.counts.of(Outcome::Running);
    if running > 0 {
        let label = match summary.longest {
            Some((_, length)) => fill(
                lang,
                Key::RunningLabel,
                &[("length", &format::duration(length, lang))],
            ),
            None => label(Key::RunningNone),
        };
        figures.push((number(running.into()), label, None));
    }
    if overview.overdue > 0 {
        figures.push((
            number(overview.overdue.into()),
            label(Key::OverdueLabel),
            Some("bad"),
        ));
    }
    let outside = overview.bars.undated + overview.bars.outside;
    if outside > 0 {
        figures.push((number(outside.into()), label(Key::OutsideLabel), None));
    }
    let of = fill(lang, Key::OfLabel, &[("total", &number(overview.total))]);
    figures.push((number(overview.of), of, Some("of")));
    figures
}
