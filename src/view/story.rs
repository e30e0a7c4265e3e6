//! A task among others and over time: the stages that it passes, what is unusual about it, and the other
//! attempts at the same restore.
//!
//! All of this reads every row, so it is in the lazy part of the module and runs only while details are open.

use yew::prelude::*;

use super::{Send, icon, name};
use crate::core::column::{IntField, TextField, TimeField};
use crate::core::failure;
use crate::core::format;
use crate::core::stage::{self, Step};
use crate::core::state::{Action, State};
use crate::core::summary::chain::{self, Chain, Usual};
use crate::core::task::Outcome;
use crate::core::text::{Key, Lang, Later, fill, text};
use crate::core::time::SECOND;

/// The most attempts that are listed.
const MOST: usize = 20;

fn say(lang: Lang, story: Later) -> &'static str {
    text(lang, Key::Later(story))
}

fn say_of(lang: Lang, story: Later, values: &[(&str, &str)]) -> String {
    fill(lang, Key::Later(story), values)
}

/// All sections.
#[inline(never)]
pub(super) fn story(state: &State, row: u32, send: &Send, now: i64) -> Html {
    html! {
        <>
            if state.history.table().outcome(row) == Outcome::Running { { stages(state, row, now) } }
            { facts(state, row, now) }
            { attempts(state, row, send, now) }
        </>
    }
}

/// The stages of a running task; empty if its status is not a known stage.
#[inline(never)]
fn stages(state: &State, row: u32, now: i64) -> Html {
    let (lang, table) = (state.locale.lang(), state.history.table());
    let Some(progress) = stage::progress(table.text(row, TextField::Status)) else {
        return Html::default();
    };
    let elapsed = table
        .duration(row, now)
        .map(|length| format::duration(length, lang));
    let step = |(key, step): (Key, Step)| {
        let (story, icon) = match step {
            Step::Done => (Later::StageDone, icon::outcome(Outcome::Succeeded)),
            Step::Current if elapsed.is_some() => (Later::StageNowSince, icon::outcome(Outcome::Running)),
            Step::Current => (Later::StageNow, icon::outcome(Outcome::Running)),
            Step::ToCome => (Later::StageToCome, icon::to_come()),
        };
        let values = [
            ("stage", text(lang, key)),
            ("time", elapsed.as_deref().unwrap_or_default()),
        ];
        let current = (step == Step::Current).then_some("step");
        html! { <li aria-current={current}>{ icon }<span>{ say_of(lang, story, &values) }</span></li> }
    };
    html! {
        <>
            <h3>{ say(lang, Later::Stages) }</h3>
            <ol class="stages" role="list">{ for progress.steps().map(step) }</ol>
        </>
    }
}

/// What is unusual about the task, and whether this cluster is its source or its target.
#[inline(never)]
fn facts(state: &State, row: u32, now: i64) -> Html {
    let (lang, table, rows) = (state.locale.lang(), state.history.table(), state.history.rows());
    let fast = (chain::FAST / SECOND).to_string();
    let is_here = |field| state.config.cluster.is_some() && table.int(row, field) == state.config.cluster;
    let end = match (
        is_here(IntField::BackupClusterId),
        is_here(IntField::RestoreClusterId),
    ) {
        (true, true) => Some(Later::IsBoth),
        (true, false) => Some(Later::IsSource),
        (false, true) => Some(Later::IsTarget),
        (false, false) => None,
    };
    let plain = |story| say(lang, story).to_owned();
    let facts = [
        chain::overdue(table, rows, row, now).map(|usual| overdue(lang, usual)),
        chain::is_fast_failure(table, row).then(|| say_of(lang, Later::FailedFast, &[("n", &fast)])),
        chain::is_repeated_failure(table, rows, row).then(|| plain(Later::FailedAgain)),
        table
            .rewind(row)
            .filter(|rewind| *rewind < 0)
            .map(|_| plain(Later::PointAhead)),
        end.map(plain),
    ];
    list(facts, "facts")
}

fn overdue(lang: Lang, usual: Usual) -> String {
    let n = format::number(u64::from(usual.restores));
    let (p50, p95) = (
        format::duration(usual.p50, lang),
        format::duration(usual.p95, lang),
    );
    say_of(lang, Later::Overdue, &[("n", &n), ("p50", &p50), ("p95", &p95)])
}

/// A list of the facts; empty if there are none.
fn list<const N: usize>(facts: [Option<String>; N], class: &'static str) -> Html {
    if facts.iter().all(Option::is_none) {
        return Html::default();
    }
    html! { <ul {class} role="list">{ for facts.into_iter().flatten().map(|fact| html! { <li>{ fact }</li> }) }</ul> }
}

/// The attempts at the same restore, if there is more than one.
#[inline(never)]
fn attempts(state: &State, row: u32, send: &Send, now: i64) -> Html {
    let (lang, table, rows) = (state.locale.lang(), state.history.table(), state.history.rows());
    let chain = Chain::of(table, rows, row);
    if chain.rows.len() < 2 {
        return Html::default();
    }
    let (shown, left_out) = shown(&chain);
    let missing = format::number(left_out as u64);
    let notes = [
        (!state.history.is_complete()).then(|| say(lang, Later::ChainPartial).to_owned()),
        (left_out > 0).then(|| say_of(lang, Later::AttemptsLeftOut, &[("n", &missing)])),
    ];
    html! {
        <>
            <h3>{ how_it_went(lang, &chain) }</h3>
            { list(notes, "facts muted") }
            <ol class="attempts" role="list">{ for shown.map(|other| attempt(state, other, row, send, now)) }</ol>
        </>
    }
}

/// The attempts that are listed, the last ones and the task itself, and how many are left out.
fn shown(chain: &Chain) -> (impl Iterator<Item = u32>, usize) {
    let left_out = chain.rows.len().saturating_sub(MOST);
    // An earlier task takes the place of the first of the last ones.
    let own = (chain.at < left_out).then(|| chain.rows[chain.at]);
    let last = chain.rows[left_out + usize::from(own.is_some())..].to_vec();
    (own.into_iter().chain(last), left_out)
}

/// The result of the attempts, as one sentence.
fn how_it_went(lang: Lang, chain: &Chain) -> String {
    let count = |outcome| chain.counts.of(outcome);
    let (all, failed) = (chain.counts.total(), count(Outcome::Failed));
    let story = match chain.last {
        Outcome::Failed if failed == all => Later::ChainAllFailed,
        Outcome::Failed => Later::ChainFailed,
        Outcome::Succeeded if count(Outcome::Succeeded) == all => Later::ChainAllSucceeded,
        Outcome::Succeeded => Later::ChainSucceeded,
        Outcome::Running => Later::ChainRunning,
        Outcome::Unknown => Later::ChainUnknown,
    };
    let (n, failed) = (format::number(u64::from(all)), format::number(u64::from(failed)));
    say_of(lang, story, &[("n", &n), ("failed", &failed)])
}

/// One attempt. All but the task `own` itself open their details.
fn attempt(state: &State, row: u32, own: u32, send: &Send, now: i64) -> Html {
    let table = state.history.table();
    let outcome = table.outcome(row);
    let began = table.time(row, TimeField::CreateTime);
    let began = began.map_or(format::MISSING.to_owned(), |at| {
        format::time(at, now, &*state.locale)
    });
    let took = table
        .duration(row, now)
        .map_or(format::MISSING.to_owned(), |length| {
            format::duration(length, state.locale.lang())
        });
    let error = failure::read(table.text(row, TextField::ErrorMsg));
    let code = error.code.map(format::error_code);
    let error = [error.name, code.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let error = format::clamp(error, 100);
    // The spaces separate the words for screen readers and for copying.
    let words = html! {
        <>
            <span class="status">{ icon::outcome(outcome) }<bdi class="words">{ format::clamp(format::status(table, row, state.locale.lang()).to_owned(), 100) }</bdi></span>
            { " " }<span class="began">{ began }</span>
            { " " }<span>{ took }</span>
            if !error.is_empty() { { " " }<bdi class="code">{ error }</bdi> }
        </>
    };
    if row == own {
        return html! { <li class={outcome.name()} aria-current="true"><div>{ words }</div></li> };
    }
    let on_click = send
        .action
        .reform(move |_: MouseEvent| Action::Details(Some(row)));
    html! {
        <li class={outcome.name()}>
            <button type="button" title={name(state, row)} onclick={on_click}>{ words }</button>
        </li>
    }
}
