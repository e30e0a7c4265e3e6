//! A task among others and over time: the stages that it passes, what is unusual about it, and the other
//! attempts at the same restore.
//!
//! All of this reads every row, so it is in the lazy part of the module and runs only while details are open.

use yew::prelude::*;

use crate::core::domain::column::{IntField, TextField, TimeField};
use crate::core::domain::failure;
use crate::core::domain::stage::{self, Stage, Step};
use crate::core::domain::task::{Outcome, Status};
use crate::core::format;
use crate::core::i18n::{Key, Lang, fill, terms, text};
use crate::core::privacy::excerpt::clamp;
use crate::core::state::{Action, State};
use crate::core::stats::attempts::{self, Chain, Usual};
use crate::core::time::SECOND;
use crate::view::context::Send;
use crate::view::icon;
use crate::view::phrases::task_name;

/// The most attempts that are listed.
const MOST: usize = 20;

fn say(lang: Lang, story: Key) -> &'static str {
    text(lang, story)
}

fn say_of(lang: Lang, story: Key, values: &[(&str, &str)]) -> String {
    fill(lang, story, values)
}

/// All sections.
#[inline(never)]
pub(in crate::view) fn history(state: &State, row: u32, send: &Send, now: i64) -> Html {
    html! {
        <>
            if state.loaded.dataset.table().outcome(row) == Outcome::Running { { stages(state, row, now) } }
            { facts(state, row, now) }
            { attempt_list(state, row, send, now) }
        </>
    }
}

/// The stages of a running task; empty if its status is not a known stage.
#[inline(never)]
fn stages(state: &State, row: u32, now: i64) -> Html {
    let (lang, table) = (state.lang(), state.loaded.dataset.table());
    let Status::Stage(stage) = Status::parse(table.text(row, TextField::Status)) else {
        return Html::default();
    };
    let Some(progress) = stage::progress(stage) else {
        return Html::default();
    };
    let elapsed = table
        .duration(row, now)
        .map(|length| format::duration(length, lang));
    let step = |(stage, step): (Stage, Step)| {
        let (story, icon) = match step {
            Step::Done => (Key::StageDone, icon::outcome(Outcome::Succeeded)),
            Step::Current if elapsed.is_some() => (Key::StageNowSince, icon::outcome(Outcome::Running)),
            Step::Current => (Key::StageNow, icon::outcome(Outcome::Running)),
            Step::ToCome => (Key::StageToCome, icon::to_come()),
        };
        let values = [
            ("stage", text(lang, terms::stage(stage))),
            ("time", elapsed.as_deref().unwrap_or_default()),
        ];
        let current = (step == Step::Current).then_some("step");
        html! { <li aria-current={current}>{ icon }<span>{ say_of(lang, story, &values) }</span></li> }
    };
    html! {
        <>
            <h3>{ say(lang, Key::Stages) }</h3>
            <ol class="stages" role="list">{ for progress.steps().map(step) }</ol>
        </>
    }
}

/// What is unusual about the task, and whether this cluster is its source or its target.
#[inline(never)]
fn facts(state: &State, row: u32, now: i64) -> Html {
    let (lang, table, rows) = (
        state.lang(),
        state.loaded.dataset.table(),
        state.loaded.dataset.rows(),
    );
    let fast = (attempts::FAST / SECOND).to_string();
    let is_here =
        |field| state.host.config.cluster.is_some() && table.int(row, field) == state.host.config.cluster;
    let end = match (
        is_here(IntField::BackupClusterId),
        is_here(IntField::RestoreClusterId),
    ) {
        (true, true) => Some(Key::IsBoth),
        (true, false) => Some(Key::IsSource),
        (false, true) => Some(Key::IsTarget),
        (false, false) => None,
    };
    let plain = |story| say(lang, story).to_owned();
    let facts = [
        attempts::overdue(table, rows, row, now).map(|usual| overdue(lang, usual)),
        attempts::is_fast_failure(table, row).then(|| say_of(lang, Key::FailedFast, &[("n", &fast)])),
        attempts::is_repeated_failure(table, rows, row).then(|| plain(Key::FailedAgain)),
        table
            .rewind(row)
            .filter(|rewind| *rewind < 0)
            .map(|_| plain(Key::PointAhead)),
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
    say_of(lang, Key::Overdue, &[("n", &n), ("p50", &p50), ("p95", &p95)])
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
fn attempt_list(state: &State, row: u32, send: &Send, now: i64) -> Html {
    let (lang, table, rows) = (
        state.lang(),
        state.loaded.dataset.table(),
        state.loaded.dataset.rows(),
    );
    let chain = Chain::of(table, rows, row);
    if chain.rows.len() < 2 {
        return Html::default();
    }
    let (shown, left_out) = shown(&chain);
    let missing = format::number(left_out as u64);
    let notes = [
        (!state.loaded.dataset.is_complete()).then(|| say(lang, Key::ChainPartial).to_owned()),
        (left_out > 0).then(|| say_of(lang, Key::AttemptsLeftOut, &[("n", &missing)])),
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
        Outcome::Failed if failed == all => Key::ChainAllFailed,
        Outcome::Failed => Key::ChainFailed,
        Outcome::Succeeded if count(Outcome::Succeeded) == all => Key::ChainAllSucceeded,
        Outcome::Succeeded => Key::ChainSucceeded,
        Outcome::Running => Key::ChainRunning,
        Outcome::Unknown => Key::ChainUnknown,
    };
    let (n, failed) = (format::number(u64::from(all)), format::number(u64::from(failed)));
    say_of(lang, story, &[("n", &n), ("failed", &failed)])
}

/// One attempt. All but the task `own` itself open their details.
fn attempt(state: &State, row: u32, own: u32, send: &Send, now: i64) -> Html {
    let table = state.loaded.dataset.table();
    let outcome = table.outcome(row);
    let began = table.time(row, TimeField::CreateTime);
    let began = began.map_or(format::MISSING.to_owned(), |at| {
        format::time(at, now, state.locale())
    });
    let took = table
        .duration(row, now)
        .map_or(format::MISSING.to_owned(), |length| {
            format::duration(length, state.lang())
        });
    let error = failure::read(table.text(row, TextField::ErrorMsg));
    let code = error.code.map(format::error_code);
    let error = [error.name, code.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let error = clamp(error, 100);
    // The spaces separate the words for screen readers and for copying.
    let words = html! {
        <>
            <span class="status">{ icon::outcome(outcome) }<bdi class="words">{ clamp(format::status(table, row, state.lang()).to_owned(), 100) }</bdi></span>
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
            <button type="button" title={task_name(state, row)} onclick={on_click}>{ words }</button>
        </li>
    }
}
