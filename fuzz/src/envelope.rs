//! Bodies and rows: nothing is lost, nothing is invented, and every way to read a row gives the same row.

use std::collections::HashSet;

use ob_restore_tasks::core::api::response::{self, Page};
use ob_restore_tasks::core::domain::column::{Column, IntField, TextField, TimeField};
use ob_restore_tasks::core::error::{Code, Error};
use ob_restore_tasks::core::format;
use ob_restore_tasks::core::i18n::locale::FixedLocale;
use ob_restore_tasks::core::json::value;
use ob_restore_tasks::core::privacy::mask::mask;
use ob_restore_tasks::core::query::sort::{Sort, sort};
use ob_restore_tasks::core::report::export;
use ob_restore_tasks::core::table::Table;
use ob_restore_tasks::core::time::{WrittenTime, parse_time};
use serde::de::IgnoredAny;
use serde_json::Value;

use super::input::{INTS, TEXTS, TIMES};

const NOW: i64 = 1_795_392_000_000_000;

/// Input: the body of an answer.
pub fn envelope(body: &[u8]) {
    // A worker may send any bytes.
    drop(Page::from_bytes(body));
    let status = 400 + (body.len() % 200) as u16;
    let failure = response::failure(status, body);
    let code = Error::http(status).code;
    assert_eq!((failure.code, failure.status), (code, Some(status)));
    super::input::holds_no_secret(&failure.message);
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    match response::page(body) {
        Ok(page) => taken(text, &page),
        Err(error) => refused(text, &error),
    }
    if let Ok(json) = std::str::from_utf8(body)
        && let (Ok(page), Ok(Value::Array(tasks))) = (response::tasks(json), serde_json::from_str(json))
    {
        rows(&page, &tasks);
    }
}

/// Only a body that is not JSON, or not the envelope, is refused.
fn refused(text: &[u8], error: &Error) {
    super::input::holds_no_secret(&error.message);
    match error.code {
        Code::Auth | Code::Permission | Code::Api => {}
        Code::Decode => {
            if serde_json::from_slice::<Value>(text).is_err() {
                return;
            }
            let shapes = [
                "each field only once",
                "an object was",
                "an array was",
                "the envelope has no data",
            ];
            let is_shape = shapes.iter().any(|shape| error.message.starts_with(shape));
            assert!(is_shape, "JSON is refused: {}", error.message);
        }
        other => unreachable!("{other:?} for a body"),
    }
}

fn taken(text: &[u8], page: &Page) {
    assert!(
        serde_json::from_slice::<IgnoredAny>(text).is_ok(),
        "what is no JSON is taken"
    );
    let last = text
        .iter()
        .rposition(|byte| !byte.is_ascii_whitespace())
        .unwrap_or(0);
    for cut in [1, last / 3, last / 2, last] {
        assert!(
            response::page(&text[..cut.min(last)]).is_err(),
            "cut at {cut}, and taken"
        );
    }
    // serde_json refuses numbers without limit and 128 levels.
    let Ok(value) = serde_json::from_slice::<Value>(text) else {
        return;
    };
    let Some(contents) = value["data"]["contents"].as_array() else {
        unreachable!("there is no array of tasks in {value}")
    };
    rows(page, contents);
    let info = &value["data"]["page"];
    let marks = text.windows(6).filter(|part| part == b"\"page\"").count();
    if marks == 1 && !text.contains(&b'\\') && info.is_object() {
        let total = match &info["totalElements"] {
            Value::Number(number) if number.is_f64() => None,
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let is_odd = info["totalElements"].is_f64();
        assert!(is_odd || page.total == total, "{:?} of {info}", page.total);
    }
}

fn rows(page: &Page, contents: &[Value]) {
    let tasks: Vec<&Value> = contents.iter().filter(|task| task.is_object()).collect();
    assert_eq!(
        (page.rows.len(), page.unreadable),
        (tasks.len(), contents.len() - tasks.len())
    );
    let mut table = Table::default();
    let rows = table.absorb(&page.rows);
    for (&row, task) in rows.iter().zip(&tasks) {
        content(&table, row, task);
    }
    let distinct: HashSet<String> = rows.iter().map(|&row| key(&table, row)).collect();
    assert_eq!(table.used(), distinct.len(), "a content stands twice, or is lost");
    assert_eq!(table.absorb(&page.rows), rows, "what came again is another row");
    of_a_worker(page, &mut table, &rows);
    in_another_order(&mut table, &rows, &tasks);
    out_and_in(&table, &rows);
    shown(&table, &rows);
}

/// The content of a row that its identity depends on: the same instant in another zone is equal.
fn key(table: &Table, row: u32) -> String {
    let ints = IntField::ALL.map(|field| (table.int(row, field), table.unparsed_int(row, field)));
    let texts = TextField::ALL.map(|field| table.text(row, field));
    let times = TimeField::ALL.map(|field| (table.time(row, field), table.unparsed_time(row, field)));
    format!("{ints:?} {texts:?} {times:?} {:?}", table.flags(row))
}

/// The value as text; `None` if serde_json has not kept it as it was written.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) if number.is_f64() => None,
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(_) => Some("[…]".into()),
        Value::Object(_) => Some("{…}".into()),
    }
}

fn content(table: &Table, row: u32, task: &Value) {
    for (field, name) in IntField::ALL.into_iter().zip(INTS) {
        let (int, odd) = (table.int(row, field), table.unparsed_int(row, field));
        let value = &task[name];
        let Some(text) = as_text(value) else {
            // Such as 1e3, 0.5, -0, and numbers of more than 64 bits.
            let same = odd.map_or_else(|| int.map(|int| int as f64), |odd| odd.parse().ok());
            assert_eq!(same, value.as_f64(), "{name} {value}");
            continue;
        };
        let want = text
            .trim()
            .parse()
            .ok()
            .filter(|int| *int != i64::MIN && !value.is_boolean());
        assert_eq!(int, want, "{name} {value}");
        let is_odd = want.is_none() && !text.trim().is_empty();
        assert_eq!(odd, Some(&*mask(&text)).filter(|_| is_odd), "{name} {value}");
    }
    for (field, name) in TextField::ALL.into_iter().zip(TEXTS) {
        let text = table.text(row, field);
        assert_eq!(mask(text), text, "{name} {text:?}");
        if let Some(want) = as_text(&task[name]) {
            assert_eq!(text, mask(&want), "{name}");
        }
    }
    for (field, name) in TimeField::ALL.into_iter().zip(TIMES) {
        let Some(text) = as_text(&task[name]) else {
            continue;
        };
        let (time, odd) = (table.time(row, field), table.unparsed_time(row, field));
        match parse_time(&text) {
            Some(WrittenTime::Instant(at, offset)) => {
                assert_eq!(
                    (time, odd, table.offset(row, field)),
                    (Some(at), None, offset),
                    "{name} {text}"
                );
            }
            _ => {
                let shown = mask(&text);
                let want = Some(&*shown).filter(|text| !text.trim().is_empty());
                assert_eq!((time, odd), (None, want), "{name}");
            }
        }
    }
    let flag = |name: &str| match &task[name] {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    assert_eq!(table.flags(row), (flag("finished"), flag("successful")), "{task}");
}

/// A page that a worker decodes is the same as one that is decoded here.
fn of_a_worker(page: &Page, table: &mut Table, rows: &[u32]) {
    let mut bytes = Vec::new();
    page.to_bytes(&mut bytes);
    let Some(other) = Page::from_bytes(&bytes) else {
        unreachable!("a page does not come back from a worker")
    };
    assert_eq!(
        (other.total, other.unreadable, &other.trace_id),
        (page.total, page.unreadable, &page.trace_id)
    );
    assert_eq!(table.absorb(&other.rows), rows, "a worker makes other rows");
    let mut fresh = Table::default();
    let numbers = fresh.absorb(&other.rows);
    for (&row, &other) in rows.iter().zip(&numbers) {
        assert_eq!(key(table, row), key(&fresh, other), "a worker makes other rows");
        assert_eq!(table.outcome(row), fresh.outcome(other));
        for field in TimeField::ALL {
            assert_eq!(
                table.offset(row, field),
                fresh.offset(other, field),
                "a worker makes other zones"
            );
        }
    }
    let mut again = Vec::new();
    other.to_bytes(&mut again);
    assert_eq!(again, bytes);
    assert!(bytes.is_empty() || Page::from_bytes(&bytes[..bytes.len() - 1]).is_none());
}

/// The order of fields, the order of rows and white space have no meaning.
fn in_another_order(table: &mut Table, rows: &[u32], tasks: &[&Value]) {
    // serde_json writes fractions differently.
    let is_exact = |task: &&&Value| {
        task.as_object()
            .is_some_and(|task| task.values().all(|value| as_text(value).is_some()))
    };
    if tasks.iter().filter(is_exact).count() < tasks.len() {
        return;
    }
    let turned: Vec<&Value> = tasks.iter().rev().copied().collect();
    let Ok(json) = serde_json::to_string_pretty(&turned) else {
        return;
    };
    let Ok(page) = response::tasks(&json) else {
        unreachable!("{json} is refused")
    };
    let mut again = table.absorb(&page.rows);
    again.reverse();
    assert_eq!(again, rows, "{json}");
}

/// An export in the shape of the API is the same when it is read again.
fn out_and_in(table: &Table, rows: &[u32]) {
    let tasks = rows
        .iter()
        .map(|&row| export::task(table, row, true, false))
        .collect();
    let mut json = String::new();
    value::Value::List(tasks).write(&mut json);
    let Ok(page) = response::tasks(&json) else {
        unreachable!("{json} is refused")
    };
    let mut other = Table::default();
    let numbers = other.absorb(&page.rows);
    assert_eq!(numbers.len(), rows.len());
    for (&row, &number) in rows.iter().zip(&numbers) {
        for field in IntField::ALL {
            assert_eq!(other.int(number, field), table.int(row, field), "{json}");
            assert_eq!(
                other.unparsed_int(number, field),
                table.unparsed_int(row, field),
                "{json}"
            );
        }
        for field in TextField::ALL {
            assert_eq!(other.text(number, field), table.text(row, field), "{json}");
        }
        for field in TimeField::ALL {
            let floor = |at: i64| at - at.rem_euclid(1000);
            assert_eq!(
                other.time(number, field),
                table.time(row, field).map(floor),
                "{json}"
            );
            assert_eq!(other.offset(number, field), table.offset(row, field), "{json}");
            assert_eq!(
                other.unparsed_time(number, field),
                table.unparsed_time(row, field),
                "{json}"
            );
        }
        assert_eq!(other.flags(number), table.flags(row), "{json}");
    }
}

/// The rows as cells of the table and as CSV.
fn shown(table: &Table, rows: &[u32]) {
    let locale = FixedLocale {
        offset: 8 * 3600,
        ..FixedLocale::default()
    };
    for &column in Column::ALL {
        for &row in rows {
            let cell = format::cell(table, row, column, NOW, &locale);
            assert!(
                cell.text.chars().count() <= 301
                    || matches!(column.id(), "id" | "status")
                    || column.is_numeric()
                    || column.id().ends_with("Time"),
                "{}",
                cell.text.len()
            );
        }
        for descending in [false, true] {
            let mut sorted = rows.to_vec();
            sort(&mut sorted, table, Sort { column, descending }, NOW, &locale);
            let (mut a, mut b) = (rows.to_vec(), sorted.clone());
            a.sort_unstable();
            b.sort_unstable();
            assert_eq!(a, b, "rows by {} are others", column.id());
            if column == Column::BackupClusterId {
                let ints: Vec<_> = sorted
                    .iter()
                    .map(|&row| table.int(row, IntField::BackupClusterId))
                    .collect();
                let known = ints.iter().take_while(|int| int.is_some()).count();
                assert!(
                    ints[known..].iter().all(Option::is_none),
                    "missing ones are not last"
                );
                assert!(
                    ints[..known].is_sorted_by(|a, b| if descending { a >= b } else { a <= b }),
                    "{ints:?}"
                );
            }
        }
    }
    let csv = export::csv(table, rows, Column::ALL, false, NOW, &locale);
    let Some(csv) = csv.strip_prefix('\u{feff}') else {
        unreachable!("no byte order mark")
    };
    let lines = parse(csv);
    assert_eq!(lines.len(), rows.len() + 1);
    for (line, &row) in lines[1..].iter().zip(rows) {
        assert_eq!(line.len(), Column::ALL.len());
        for (field, column) in line.iter().zip(Column::ALL) {
            let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
            assert!(
                !is_formula || field.parse::<f64>().is_ok(),
                "{field:?} is a formula"
            );
            if *column == Column::ErrorMsg {
                let text = table.text(row, TextField::ErrorMsg);
                assert_eq!(
                    field
                        .strip_prefix('\'')
                        .filter(|rest| *rest == text)
                        .unwrap_or(field),
                    text
                );
            }
        }
    }
}

/// Parses CSV according to RFC 4180.
fn parse(csv: &str) -> Vec<Vec<String>> {
    let (mut lines, mut line, mut field, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = csv.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => line.push(std::mem::take(&mut field)),
            '\r' if !is_quoted && chars.next_if_eq(&'\n').is_some() => {
                line.push(std::mem::take(&mut field));
                lines.push(std::mem::take(&mut line));
            }
            c => field.push(c),
        }
    }
    lines
}
