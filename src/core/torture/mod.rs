//! What stands in the answers, line by line of the torture list: envelopes, pages, ids, times, texts.
//!
//! Bodies are written here as a server would send them, and go the whole way: decoded, held, ordered, shown, exported.

mod beyond_answer_tests;
mod beyond_text_tests;
mod envelope_tests;
mod harm_tests;
mod value_tests;

use super::column::Column;
use super::format;
use super::locale::Plain;
use super::order::{self, Sort};
use super::state::Action;
use super::state::tests::Bench;
use super::table::Table;
use super::wire::{self, Page};

/// An envelope around tasks that are written as JSON, with what the server says of the page.
fn body(tasks: &[String], info: &str) -> String {
    let tasks = tasks.join(",");
    format!(r#"{{"data":{{"contents":[{tasks}],"page":{{{info}}}}},"successful":true,"traceId":"t1"}}"#)
}

/// A page of one task with these fields.
fn one(fields: &str) -> Page {
    let tasks = [format!("{{{fields}}}")];
    wire::page(body(&tasks, r#""totalElements":1"#).as_bytes()).unwrap()
}

fn table_of(fields: &[&str]) -> (Table, Vec<u32>) {
    let tasks: Vec<String> = fields.iter().map(|fields| format!("{{{fields}}}")).collect();
    let page = wire::page(body(&tasks, "").as_bytes()).unwrap();
    let mut table = Table::default();
    let rows = table.absorb(&page.rows);
    (table, rows)
}

fn cell(table: &Table, row: u32, column: Column) -> String {
    format::cell(table, row, column, 0, &Plain::default()).text
}

fn sorted(table: &Table, rows: &[u32], by: &str) -> Vec<u32> {
    let mut rows = rows.to_vec();
    order::sort(&mut rows, table, Sort::read(by).unwrap(), 0, &Plain::default());
    rows
}

/// Tasks with ids from `first` down.
fn tasks(first: i64, count: i64) -> Vec<String> {
    let ids = (first - count + 1..=first).rev();
    ids.map(|id| format!(r#"{{"id":{id},"status":"RESTORE_SUCCESS"}}"#))
        .collect()
}

/// Answers requests with bodies, at most `most` of them; what was asked.
fn answer(bench: &mut Bench, most: usize, mut of: impl FnMut(u64, u64) -> String) -> Vec<(u64, u64)> {
    let mut asked = Vec::new();
    while let Some((ticket, url)) = bench.open.first().cloned() {
        if asked.len() == most {
            break;
        }
        bench.open.remove(0);
        let number = |name: &str| -> u64 {
            let tail = url.split(&format!("{name}=")).nth(1).unwrap();
            tail.split('&').next().unwrap().parse().unwrap()
        };
        let (page, size) = (number("page"), number("size"));
        asked.push((page, size));
        bench.act(Action::Arrived(ticket, wire::page(of(page, size).as_bytes())));
    }
    asked
}

/// A server that has so many tasks, the newest first.
fn serve(total: i64, page: u64, size: u64, info: &str) -> String {
    let before = ((page - 1) * size) as i64;
    let count = (total - before).clamp(0, size as i64);
    body(&tasks(total - before, count), info)
}
