//! The exports: the view as CSV, and the tasks as JSON in the API's shape.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::core::domain::column::{Column, IntField, Kind, TextField, TimeField};
use crate::core::i18n::locale::Locale;
use crate::core::json::value::Value;
use crate::core::privacy::redact::redact;
use crate::core::query::sort::Sort;
use crate::core::state::State;
use crate::core::table::Table;
use crate::core::time::{SECOND, iso};

/// The settings of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Export {
    /// The file format.
    pub form: Form,
    /// Whether it is for readers outside the company: without IP addresses and without trace ids, which
    /// contain one.
    pub redacted: bool,
}

/// The file formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "said by their names")]
pub enum Form {
    Csv,
    Json,
}

impl Form {
    /// The media type of the file.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Csv => "text/csv;charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// A text field as the export may contain it. A redacted export has no `restoreUri`.
fn given(table: &Table, row: u32, field: TextField, redacted: bool) -> Cow<'_, str> {
    let text = table.text(row, field);
    if !redacted || text.is_empty() {
        Cow::Borrowed(text)
    } else if field == TextField::RestoreUri {
        Cow::Borrowed("***")
    } else {
        redact(text)
    }
}

/// Any other text as the export may contain it.
fn plain(text: &str, redacted: bool) -> Cow<'_, str> {
    if redacted {
        redact(text)
    } else {
        Cow::Borrowed(text)
    }
}

/// CSV by RFC 4180 with a byte order mark. The header has the ids of the columns. `now` is in
/// microseconds since 1970.
pub fn csv(
    table: &Table,
    rows: &[u32],
    columns: &[Column],
    redacted: bool,
    now: i64,
    locale: &dyn Locale,
) -> String {
    let mut out = String::from("\u{feff}");
    let ids: Vec<&str> = columns.iter().map(|column| column.id()).collect();
    out.push_str(&ids.join(","));
    out.push_str("\r\n");
    for &row in rows {
        for (i, &column) in columns.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            out.push_str(&csv_value(table, row, column, redacted, now, locale));
        }
        out.push_str("\r\n");
    }
    out
}

fn csv_value(
    table: &Table,
    row: u32,
    column: Column,
    redacted: bool,
    now: i64,
    locale: &dyn Locale,
) -> String {
    match column.kind() {
        Kind::Int(field) => match table.int(row, field) {
            Some(value) => value.to_string(),
            None => quote(&plain(
                table.unparsed_int(row, field).unwrap_or_default(),
                redacted,
            )),
        },
        Kind::Text(field) | Kind::Worded(field) => quote(&given(table, row, field, redacted)),
        Kind::Time(field) => match table.time(row, field) {
            Some(at) => iso(at, locale.offset_at(at), ":"),
            None => quote(&plain(
                table.unparsed_time(row, field).unwrap_or_default(),
                redacted,
            )),
        },
        Kind::Duration => table.duration(row, now).map(seconds).unwrap_or_default(),
        Kind::Rewind => table.rewind(row).map(seconds).unwrap_or_default(),
    }
}

/// Seconds with as many decimals as needed.
fn seconds(micros: i64) -> String {
    let (whole, part) = (
        micros.unsigned_abs() / SECOND as u64,
        micros.unsigned_abs() % SECOND as u64,
    );
    let sign = if micros < 0 { "-" } else { "" };
    let text = format!("{sign}{whole}.{part:06}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Quotes a CSV value. A text that a spreadsheet would run as a formula gets an apostrophe.
fn quote(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

/// The rows as JSON, with a manifest for auditors: the cluster, range, times, order, and whether the rows
/// are complete. The digest is the SHA-256 of the tasks as written in the file, from `[` to `]`. It
/// proves that they were not changed later.
pub fn json(state: &State, rows: &[u32], redacted: bool, now: i64) -> String {
    let table = state.loaded.dataset.table();
    let list = rows.iter().map(|&row| task(table, row, true, redacted)).collect();
    let mut tasks = String::new();
    Value::List(list).write(&mut tasks);
    let digest = Sha256::digest(tasks.as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let trace_ids = state.loaded.trace_ids.iter().filter(|_| !redacted);
    let at = |micros: i64| iso(micros, state.locale().offset_at(micros), ":");
    let (start, end) = state
        .query
        .view
        .range
        .bounds(state.loaded.fetched_at.unwrap_or(now), state.locale());
    let manifest = Value::Map(vec![
        (
            "cluster",
            state.host.config.cluster.map(|id| id.to_string()).into(),
        ),
        ("range", state.query.view.range.print().into()),
        ("start", start.map(at).into()),
        ("end", end.map(at).into()),
        (
            "filter",
            plain(&state.public_filter(), redacted).into_owned().into(),
        ),
        (
            "sort",
            state.query.view.sort.map(Sort::print).unwrap_or_default().into(),
        ),
        ("timeZone", state.locale().zone().into()),
        ("fetchedAt", state.loaded.fetched_at.map(at).into()),
        ("exportedAt", at(now).into()),
        ("held", state.loaded.dataset.loaded().into()),
        ("total", state.loaded.dataset.total().into()),
        ("complete", state.loaded.dataset.is_complete().into()),
        ("rows", (rows.len() as u64).into()),
        ("redacted", redacted.into()),
        (
            "traceIds",
            Value::List(trace_ids.map(|id| id.clone().into()).collect()),
        ),
        ("digest", format!("sha256:{digest}").into()),
    ]);
    let mut out = String::with_capacity(tasks.len() + 1024);
    out.push_str("{\"manifest\":");
    manifest.write(&mut out);
    out.push_str(",\"tasks\":");
    out.push_str(&tasks);
    out.push('}');
    out
}

/// A task in the API's shape. Whole numbers are strings, so that no reader rounds them. Secrets are
/// masked.
pub fn task(table: &Table, row: u32, with_uri: bool, redacted: bool) -> Value {
    let mut task: Vec<(&'static str, Value)> = Vec::new();
    let mut put = |name: &'static str, value: Option<String>| {
        task.extend(value.map(|value| (name, value.into())));
    };
    for &column in Column::ALL {
        match column.kind() {
            Kind::Int(field) => put(column.id(), raw_int(table, row, field, redacted)),
            Kind::Text(TextField::RestoreUri) if !with_uri => {}
            Kind::Text(field) | Kind::Worded(field) => {
                put(
                    column.id(),
                    Some(given(table, row, field, redacted).into_owned()).filter(|text| !text.is_empty()),
                );
            }
            Kind::Time(field) => put(column.id(), raw_time(table, row, field, redacted)),
            Kind::Duration | Kind::Rewind => {}
        }
    }
    let desc = given(table, row, TextField::StatusDesc, redacted).into_owned();
    put("statusDesc", Some(desc).filter(|text| !text.is_empty()));
    let (finished, successful) = table.flags(row);
    for (name, flag) in [("finished", finished), ("successful", successful)] {
        task.extend(flag.map(|flag| (name, flag.into())));
    }
    Value::Map(task)
}

fn raw_int(table: &Table, row: u32, field: IntField, redacted: bool) -> Option<String> {
    let value = table.int(row, field).map(|value| value.to_string());
    value.or_else(|| Some(plain(table.unparsed_int(row, field)?, redacted).into_owned()))
}

fn raw_time(table: &Table, row: u32, field: TimeField, redacted: bool) -> Option<String> {
    let value = table
        .time(row, field)
        .map(|at| iso(at, i32::from(table.offset(row, field)) * 60, ""));
    value.or_else(|| Some(plain(table.unparsed_time(row, field)?, redacted).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::api::response;
    use crate::core::i18n::locale::FixedLocale;
    use crate::core::state::Action;
    use crate::core::state::tests::Simulation;

    #[test]
    fn seconds_have_the_decimals_that_they_need() {
        for (micros, want) in [
            (0, "0"),
            (1_233_000, "1.233"),
            (-1_500_000, "-1.5"),
            (60_000_000, "60"),
            (1, "0.000001"),
        ] {
            assert_eq!(seconds(micros), want);
        }
    }

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not_touched() {
        for (given, want) in [
            ("=1", "'=1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("-a,b", "\"'-a,b\""),
        ] {
            assert_eq!(quote(given), want);
        }
        let page = response::tasks(r#"[{"id":9223372036854775807,"ocpJobId":-1,"backupTenantName":"=x","createTime":"2021-09-09T18:32:18.833+0800","finishTime":"2021-09-09T18:32:20.066+0800"}]"#).unwrap();
        let mut table = Table::default();
        let row = table.absorb(&page.rows)[0];
        let columns = [
            Column::Id,
            Column::OcpJobId,
            Column::BackupTenantName,
            Column::CreateTime,
            Column::Duration,
        ];
        let text = csv(&table, &[row], &columns, false, 0, &FixedLocale::default());
        assert_eq!(
            text,
            "\u{feff}id,ocpJobId,backupTenantName,createTime,duration\r\n\
             9223372036854775807,-1,'=x,2021-09-09T10:32:18.833+00:00,1.233\r\n"
        );
        let mut json = String::new();
        task(&table, row, true, false).write(&mut json);
        assert!(
            json.contains(r#""id":"9223372036854775807""#)
                && json.contains(r#""createTime":"2021-09-09T18:32:18.833+0800""#)
        );
    }

    #[test]
    fn nothing_of_a_redacted_export_tells_an_address() {
        let mut b = Simulation::new(0, &[]);
        b.settle();
        let page = response::tasks(
            r#"[{"id":1,"statusDesc":"waits for 10.0.0.7:2882","status":"X","errorMsg":"STORAGE (server)ls_id: 1002,addr:10.0.0.1:2882,module:RESTORE_DATA,result:-4016(Internal error),trace_id:YB42AC1E55AC-0005CB53B2946DFF [YB42AC1E55AC-0005CB53B2946DFF] [10.0.0.3:2882] ip:10.0.0.4","createTime":"at 10.0.0.8"}]"#,
        );
        b.act(Action::Tasks(Some(page)));
        b.act(Action::TypeFilter("-172.30.85.172".into()));
        let rows = b.state.shown.rows.clone();
        let text = json(&b.state, &rows, true, 0);
        let leaks: Vec<&str> = [
            "172.30.85.172",
            "10.0.0.7",
            "10.0.0.1:",
            "10.0.0.3",
            "10.0.0.4",
            "YB42AC1E55AC",
            "10.0.0.8",
        ]
        .into_iter()
        .filter(|x| text.contains(x))
        .collect();
        assert!(leaks.is_empty(), "{leaks:?}\n{text}");
    }

    #[test]
    fn nor_a_redacted_table() {
        let l = FixedLocale::default();
        let page = response::tasks(
            r#"[{"id":"10.0.0.5:2882","createTime":"on 10.0.0.6","errorMsg":"a [10.0.0.3:2882] b"}]"#,
        )
        .unwrap();
        let mut t = Table::default();
        let rows = t.absorb(&page.rows);
        let text = csv(
            &t,
            &rows,
            &[Column::Id, Column::CreateTime, Column::ErrorMsg],
            true,
            0,
            &l,
        );
        assert!(!text.contains("10.0.0"), "{text}");
    }
}
