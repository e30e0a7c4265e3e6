//! Tests of the torture list (the faults in `docs/reliability.md`), as far as the core handles them:
//! faults of the network and of the answers.
//!
//! This module has what its submodules share. Bodies are written as a server would send them and take the
//! whole way: decoded, held, sorted, shown, exported.

mod beyond_answer_tests;
mod beyond_text_tests;
mod envelope_tests;
mod harm_tests;
mod network_tests;
mod refusal_tests;
mod value_tests;
mod wait_tests;

use crate::core::api::response::{self, Page};
use crate::core::domain::column::Column;
use crate::core::error::{Code, Error};
use crate::core::format;
use crate::core::i18n::locale::FixedLocale;
use crate::core::query::sort::{self, Sort};
use crate::core::state::tests::Simulation;
use crate::core::state::{Action, At, Effect, Event};
use crate::core::table::Table;

/// An envelope around tasks in JSON, with `info` as its `page` object.
fn body(tasks: &[String], info: &str) -> String {
    let tasks = tasks.join(",");
    format!(r#"{{"data":{{"contents":[{tasks}],"page":{{{info}}}}},"successful":true,"traceId":"t1"}}"#)
}

/// A page with one task that has these fields.
fn one(fields: &str) -> Page {
    let tasks = [format!("{{{fields}}}")];
    response::page(body(&tasks, r#""totalElements":1"#).as_bytes()).unwrap()
}

fn table_of(fields: &[&str]) -> (Table, Vec<u32>) {
    let tasks: Vec<String> = fields.iter().map(|fields| format!("{{{fields}}}")).collect();
    let page = response::page(body(&tasks, "").as_bytes()).unwrap();
    let mut table = Table::default();
    let rows = table.absorb(&page.rows);
    (table, rows)
}

fn cell(table: &Table, row: u32, column: Column) -> String {
    format::cell(table, row, column, 0, &FixedLocale::default()).text
}

fn sorted(table: &Table, rows: &[u32], by: &str) -> Vec<u32> {
    let mut rows = rows.to_vec();
    sort::sort(
        &mut rows,
        table,
        Sort::parse(by).unwrap(),
        0,
        &FixedLocale::default(),
    );
    rows
}

/// `count` tasks with ids from `first` down.
fn tasks(first: i64, count: i64) -> Vec<String> {
    let ids = (first - count + 1..=first).rev();
    ids.map(|id| format!(r#"{{"id":{id},"status":"RESTORE_SUCCESS"}}"#))
        .collect()
}

/// Answers at most `most` requests with bodies from `of`. Returns the pages and sizes that were
/// requested.
fn answer(sim: &mut Simulation, most: usize, mut of: impl FnMut(u64, u64) -> String) -> Vec<(u64, u64)> {
    let mut asked = Vec::new();
    while let Some((ticket, url)) = sim.open.first().cloned() {
        if asked.len() == most {
            break;
        }
        sim.open.remove(0);
        let number = |name: &str| -> u64 {
            let tail = url.split(&format!("{name}=")).nth(1).unwrap();
            tail.split('&').next().unwrap().parse().unwrap()
        };
        let (page, size) = (number("page"), number("size"));
        asked.push((page, size));
        sim.act(Action::Arrived(ticket, response::page(of(page, size).as_bytes())));
    }
    asked
}

/// A server that has `total` tasks, newest first.
fn serve(total: i64, page: u64, size: u64, info: &str) -> String {
    let before = ((page - 1) * size) as i64;
    let count = (total - before).clamp(0, size as i64);
    body(&tasks(total - before, count), info)
}

/// The error for a refused connection, and for one that breaks off inside a body.
fn lost() -> Error {
    Error::new(Code::Network, "Failed to fetch")
}

/// The effects of an action with this random number.
fn effects(sim: &mut Simulation, action: Action, random: f64) -> Vec<Effect> {
    sim.state.apply(action, At { now: sim.now, random })
}

/// Wakes the last wait.
fn wake(sim: &mut Simulation) {
    let (ticket, _) = sim.waits.pop().unwrap();
    sim.act(Action::RetryDue(ticket));
}

/// The codes of the failures that the host was reported.
fn failures(sim: &Simulation) -> Vec<Code> {
    let codes = sim.reported.iter().filter_map(|event| match event {
        Event::Failed(error) => Some(error.code),
        _ => None,
    });
    codes.collect()
}
