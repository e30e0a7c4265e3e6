//! What stands in the answers, line by line of the torture list: envelopes, pages, ids, times, texts.
//!
//! Bodies are written here as a server would send them, and go the whole way: decoded, held, ordered, shown, exported.

use super::column::{Column, IntField, TextField};
use super::config::{Config, Raw, is_link};
use super::error::{Code, Error};
use super::export::{self, Export, Form};
use super::format;
use super::history::End;
use super::locale::Plain;
use super::order::{self, Sort};
use super::saved::Saved;
use super::state::tests::Bench;
use super::state::{Action, Event};
use super::table::Table;
use super::task::Outcome;
use super::time::{SECOND, read};
use super::wire::{self, Page};

const SAMPLE: &str = include_str!("sample.json");

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

#[test]
fn torture_03_a_body_cut_anywhere_gives_no_rows_and_leaves_those_that_are_here() {
    let whole = SAMPLE.trim_end();
    let mut bench = Bench::new(20, &[]);
    bench.settle();
    let before = bench.shown();
    for end in 0..whole.len() {
        let cut = &whole.as_bytes()[..end];
        assert_eq!(wire::page(cut).unwrap_err().code, Code::Decode, "{end}");
        bench.act(Action::Refresh);
        let (ticket, _) = bench.open.remove(0);
        bench.act(Action::Arrived(ticket, wire::page(cut)));
        assert_eq!(bench.shown(), before, "{end}");
        assert_eq!(bench.state.trouble.as_ref().unwrap().error.code, Code::Decode);
    }
    assert!(wire::page(whole.as_bytes()).is_ok());
    assert_eq!(bench.waits, [], "no retry mends it");
}

#[test]
fn torture_19_an_envelope_that_says_no_is_an_error_with_what_it_says() {
    for data in [
        r#""data":{"contents":[],"page":{"totalElements":0}}"#,
        r#""data":null"#,
        r#""x":1"#,
    ] {
        let said = r#""error":{"code":2010,"message":"cluster 7 is locked, oss://b?access_key=hush"}"#;
        let body = format!(r#"{{{data},"successful":false,"status":500,{said},"traceId":"abc"}}"#);
        let error = wire::page(body.as_bytes()).unwrap_err();
        assert_eq!((error.code, error.status), (Code::Api, Some(500)), "{data}");
        assert_eq!(error.trace_id.as_deref(), Some("abc"));
        assert_eq!(error.api_code.as_deref(), Some("2010"));
        assert_eq!(error.message, "cluster 7 is locked, oss://b?access_key=***");
        let mut bench = Bench::new(0, &[]);
        let (ticket, _) = bench.open.remove(0);
        bench.act(Action::Arrived(ticket, Err(error)));
        assert!(bench.state.trouble.is_some() && bench.state.fetched_at.is_none());
        assert!(matches!(&bench.told[..], [Event::Failed(_)]), "{:?}", bench.told);
    }
}

#[test]
fn torture_20_a_row_that_says_no_is_a_failed_row_and_no_failure() {
    let row = r#"{"id":1,"status":"RESTORE_WAIT_LS","finished":true,"successful":false}"#;
    let mut bench = Bench::new(0, &[]);
    let text = body(&[row.to_owned()], r#""totalElements":1"#);
    answer(&mut bench, 9, |_, _| text.clone());
    let shown = bench.state.page_rows().unwrap();
    assert_eq!(bench.state.history.table().outcome(shown[0]), Outcome::Failed);
    assert!(bench.state.trouble.is_none());
    assert!(
        matches!(&bench.told[..], [Event::Loaded { .. }]),
        "{:?}",
        bench.told
    );
}

#[test]
fn torture_21_pages_are_reckoned_from_the_number_of_tasks() {
    for info in [
        r#""totalElements":23,"totalPage":3"#,
        r#""totalElements":23,"totalPages":3"#,
        r#""totalElements":23,"totalPages":99"#,
        r#""totalElements":"23","totalPages":4611686018427387904"#,
        r#""totalElements":23"#,
    ] {
        let mut bench = Bench::new(0, &[("page-size", "10")]);
        answer(&mut bench, 9, |page, size| serve(23, page, size, info));
        assert_eq!(bench.state.page_count(), Some(3), "{info}");
    }
}

#[test]
fn torture_22_pages_are_as_large_as_what_was_asked_whatever_the_answer_calls_it() {
    let mut bench = Bench::new(0, &[("page-size", "10")]);
    let info = r#""number":1,"size":2,"totalElements":23,"totalPages":12"#;
    let mut asked = answer(&mut bench, 9, |page, size| serve(23, page, size, info));
    for page in [2, 3] {
        bench.act(Action::Go(page));
        asked.extend(answer(&mut bench, 9, |page, size| serve(23, page, size, info)));
    }
    assert_eq!(asked, [(1, 10), (2, 10), (3, 10)]);
    assert_eq!(
        (bench.state.page_count(), bench.shown()),
        (Some(3), vec![3, 2, 1])
    );
    assert!(bench.state.history.is_complete());
}

#[test]
fn torture_22_a_server_that_gives_less_than_asked_is_paged_by_what_was_asked() {
    let mut bench = Bench::new(0, &[("page-size", "10")]);
    let capped = |page: u64, size: u64| {
        let info = r#""size":2,"totalElements":23"#;
        let first = 23 - ((page - 1) * size) as i64;
        body(&tasks(first, first.min(2)), info)
    };
    assert_eq!(answer(&mut bench, 9, capped), [(1, 10)]);
    bench.act(Action::Go(2));
    assert_eq!(answer(&mut bench, 9, capped), [(2, 10)]);
    assert_eq!((bench.shown(), bench.state.page_count()), (vec![13, 12], Some(3)));
}

#[test]
fn torture_23_a_list_that_moves_while_it_is_read_is_read_again_and_holds_nothing_twice() {
    let mut bench = Bench::new(0, &[("sort", "id")]);
    // One more comes behind the first answer, and pushes the last of that page onto the next one.
    let mut answers = 0;
    let asked = answer(&mut bench, 30, |page, size| {
        answers += 1;
        let total = if answers == 1 { 2500 } else { 2501 };
        serve(total, page, size, &format!(r#""totalElements":{total}"#))
    });
    assert_eq!(asked, [(1, 2000), (2, 2000), (1, 2000)]);
    let history = &bench.state.history;
    let mut ids: Vec<_> = history
        .rows()
        .iter()
        .filter_map(|row| history.table().id(*row))
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=2501).collect::<Vec<_>>());
    assert!(history.is_complete() && history.moved);
}

#[test]
fn torture_23_a_list_that_never_stands_still_is_never_complete() {
    let mut bench = Bench::new(0, &[("sort", "id")]);
    let mut total = 2500;
    let asked = answer(&mut bench, 30, |page, size| {
        total += 1;
        serve(total, page, size, &format!(r#""totalElements":{total}"#))
    });
    assert!(asked.len() <= 2 + 12, "{}", asked.len());
    let history = &bench.state.history;
    assert_eq!((history.end, history.is_complete()), (End::Unproven, false));
    assert!(history.moved && bench.state.is_settled());
}

#[test]
fn torture_24_a_page_beyond_the_last_is_the_last_with_one_request_more() {
    let mut bench = Bench::new(0, &[]);
    bench.open.clear();
    let saved = Saved {
        page: Some(9.0),
        ..Saved::default()
    };
    bench.act(Action::Restore(saved.over(bench.state.view.clone())));
    let of = |page, size| serve(50, page, size, r#""totalElements":50"#);
    assert_eq!(answer(&mut bench, 9, of), [(9, 20), (3, 20)]);
    assert_eq!(
        (bench.state.view.page, bench.shown()),
        (3, (1..=10).rev().collect())
    );
    // By now it is known how many there are.
    bench.act(Action::Go(9));
    assert_eq!(bench.state.view.page, 3);
    assert_eq!(answer(&mut bench, 9, of), [(3, 20)]);
}

#[test]
fn torture_25_more_than_was_asked_is_taken_up_to_the_most_rows_and_said() {
    let mut bench = Bench::new(0, &[("page-size", "10"), ("max-rows", "5000")]);
    let all = body(&tasks(50_000, 50_000), r#""totalElements":50000"#);
    assert_eq!(answer(&mut bench, 9, |_, _| all.clone()), [(1, 10)]);
    let history = &bench.state.history;
    assert_eq!((history.held(), history.total()), (5000, Some(50_000)));
    assert_eq!((history.oversent, history.end), (true, End::Capped));
    assert!(!history.is_complete());
    assert_eq!(bench.shown(), (49_991..=50_000).rev().collect::<Vec<_>>());
}

#[test]
fn torture_27_ids_are_exact_in_cell_order_and_export() {
    let ids = ["9223372036854775807", "9007199254740993", "9007199254740992"];
    let fields: Vec<String> = [ids[1], ids[0], ids[2]]
        .iter()
        .map(|id| format!(r#""id":{id},"ocpJobId":"{id}""#))
        .collect();
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    let (table, rows) = table_of(&fields);
    let of = |rows: Vec<u32>, column| -> Vec<String> {
        rows.into_iter().map(|row| cell(&table, row, column)).collect()
    };
    for (column, by) in [(Column::Id, "-id"), (Column::OcpJobId, "-ocpJobId")] {
        assert_eq!(of(sorted(&table, &rows, by), column), ids);
    }
    let csv = export::csv(&table, &rows, &[Column::Id], false, 0, &Plain::default());
    assert_eq!(
        csv,
        format!("\u{feff}id\r\n{}\r\n{}\r\n{}\r\n", ids[1], ids[0], ids[2])
    );
    let mut json = String::new();
    export::task(&table, rows[1], false, false).write(&mut json);
    assert!(json.contains(r#""id":"9223372036854775807""#), "{json}");
}

#[test]
fn torture_28_what_is_no_id_flags_its_row_and_leaves_the_rest() {
    let mut bench = Bench::new(0, &[]);
    let given = [r#""7""#, "9223372036854775808", "1e3", "null", "-1", "0", "8"];
    let list = given
        .map(|id| format!(r#"{{"id":{id},"restoreTenantName":"t{id}"}}"#).replace("\"t\"7\"\"", "\"t7\""));
    let text = body(&list, r#""totalElements":7"#);
    answer(&mut bench, 9, |_, _| text.clone());
    let history = &bench.state.history;
    let (table, shown) = (history.table(), bench.state.page_rows().unwrap());
    let ids: Vec<_> = shown.iter().map(|row| table.id(*row)).collect();
    assert_eq!(ids, [Some(7), None, None, None, None, None, Some(8)]);
    assert_eq!(
        (history.bad_ids(), history.held(), history.is_complete()),
        (5, 7, true)
    );
    let cells: Vec<_> = shown.iter().map(|row| cell(table, *row, Column::Id)).collect();
    assert_eq!(cells, ["7", "9223372036854775808", "1e3", "—", "-1", "0", "8"]);
    assert!(bench.state.trouble.is_none());
}

#[test]
fn torture_29_what_is_not_known_is_shown_as_it_is() {
    let (table, rows) = table_of(&[
        r#""id":1,"status":"RESTORE_ARCHIVING","backupMode":"SNAPSHOT","nobodyKnows":{"a":[1]}"#,
        r#""id":2"#,
        r#""status":7,"backupMode":true"#,
    ]);
    assert_eq!(table.outcome(rows[0]), Outcome::Unknown);
    assert_eq!(cell(&table, rows[0], Column::Status), "RESTORE_ARCHIVING");
    assert_eq!(cell(&table, rows[0], Column::BackupMode), "SNAPSHOT");
    assert_eq!(cell(&table, rows[1], Column::Status), "Unknown");
    for column in Column::ALL {
        let text = cell(&table, rows[1], *column);
        let want = match column {
            Column::Id => "2",
            Column::Status => "Unknown",
            Column::ErrorMsg => "",
            _ => "—",
        };
        assert_eq!(text, want, "{}", column.id());
    }
    assert_eq!(cell(&table, rows[2], Column::Status), "7");
    assert_eq!(cell(&table, rows[2], Column::BackupMode), "true");
}

#[test]
fn torture_30_times_are_parsed_as_they_come_and_what_is_none_stays_raw_and_last() {
    let given = [
        "2021-09-09T18:32:18+0800",
        "2021-09-09T18:32:18.1+08:00",
        "2021-09-09T10:32:18.123456789Z",
        "2021-09-09T10:32:18.2Z",
        "soon",
        "2021-09-09T10:32:18",
    ];
    let fields: Vec<String> = (1..)
        .zip(given)
        .map(|(id, time)| format!(r#""id":{id},"createTime":"{time}""#))
        .chain([
            r#""id":7,"createTime":null"#.into(),
            r#""id":8,"createTime":1631183538"#.into(),
        ])
        .collect();
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    let (table, rows) = table_of(&fields);
    let ids = |rows: Vec<u32>| -> Vec<i64> { rows.iter().map(|row| table.id(*row).unwrap()).collect() };
    assert_eq!(ids(sorted(&table, &rows, "createTime")), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(
        ids(sorted(&table, &rows, "-createTime")),
        [4, 3, 2, 1, 5, 6, 7, 8]
    );
    let cells: Vec<String> = rows
        .iter()
        .map(|row| cell(&table, *row, Column::CreateTime))
        .collect();
    assert_eq!(cells[..4], vec!["Sep 9, 2021, 10:32:18"; 4]);
    assert_eq!(cells[4..], ["soon", "2021-09-09T10:32:18", "—", "1631183538"]);
    let csv = export::csv(
        &table,
        &rows[4..5],
        &[Column::CreateTime],
        false,
        0,
        &Plain::default(),
    );
    assert_eq!(csv, "\u{feff}createTime\r\nsoon\r\n");
    for digits in 0..=9 {
        let point = if digits == 0 { "" } else { "." };
        for zone in ["+0800", "+08:00", "Z"] {
            let text = format!("2021-09-09T10:32:18{point}{}{zone}", "1".repeat(digits));
            assert!(read(&text).is_some(), "{text}");
        }
    }
}

#[test]
fn torture_31_a_finish_before_the_start_is_no_length() {
    let (table, rows) = table_of(&[
        r#""id":1,"createTime":"2021-09-09T18:32:18Z","finishTime":"2021-09-09T18:32:17Z""#,
        r#""id":2,"createTime":"2021-09-09T18:32:18Z","finishTime":"2021-09-09T18:32:19Z""#,
        r#""id":3,"createTime":"2021-09-09T18:32:18Z","status":"RESTORE_PRE""#,
    ]);
    // Of the third one the start lies ahead of the clock.
    let cells: Vec<String> = rows
        .iter()
        .map(|row| cell(&table, *row, Column::Duration))
        .collect();
    assert_eq!(cells, ["—", "1.0 s", "—"]);
    for by in ["duration", "-duration"] {
        assert_eq!(sorted(&table, &rows, by), [rows[1], rows[0], rows[2]]);
    }
    let csv = export::csv(
        &table,
        &rows,
        &[Column::Id, Column::Duration],
        false,
        0,
        &Plain::default(),
    );
    assert_eq!(csv, "\u{feff}id,duration\r\n1,\r\n2,1\r\n3,\r\n");
}

#[test]
fn torture_32_the_plus_of_a_bound_is_escaped() {
    let range = "2021-09-01T00:00:00+08:00/2021-09-02T00:00:00+08:00";
    let mut bench = Bench::new(0, &[("range", range)]);
    bench.act(Action::Zone(Some("+08:00".into())));
    bench.act(Action::Refresh);
    let sent = bench.sent.last().unwrap().replace("%3A", ":");
    let from = "startTime=2021-09-01T00:00:00.000%2B08:00";
    let to = "endTime=2021-09-02T00:00:00.000%2B08:00";
    assert_eq!(sent, format!("page=1&size=20&{from}&{to}"));
}

#[test]
fn torture_33_what_is_no_sound_json_is_a_typed_error_and_a_mark_is_taken() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    let arrays = deep("[", "]");
    let objects = format!("{}0{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    for (what, task) in [
        ("arrays", format!(r#"{{"id":1,"x":{arrays}}}"#)),
        ("objects", format!(r#"{{"id":1,"x":{objects}}}"#)),
        ("arrays as a row", arrays.clone()),
        ("an id twice", r#"{"id":1,"id":1}"#.into()),
        ("a text twice", r#"{"id":1,"status":"A","status":"A"}"#.into()),
        (
            "twice, with another type",
            r#"{"id":1,"createTime":"x","createTime":[1]}"#.into(),
        ),
        ("twice, once escaped", r#"{"id":1,"\u0069d":2}"#.into()),
        (
            "half of a pair",
            r#"{"id":1,"restoreTenantName":"a\ud800b"}"#.into(),
        ),
        (
            "its other half",
            r#"{"id":1,"restoreTenantName":"\udc00"}"#.into(),
        ),
        (
            "two first halves",
            r#"{"id":1,"restoreTenantName":"\ud800\ud800"}"#.into(),
        ),
    ] {
        let error = wire::page(body(&[task], "").as_bytes()).unwrap_err();
        assert_eq!(error.code, Code::Decode, "{what}");
        assert!(
            error.message.contains("was due at line 1, column "),
            "{}",
            error.message
        );
    }
    let sound = body(&tasks(1, 1), r#""totalElements":1"#);
    let twice = sound.replace(r#""contents""#, r#""contents":[],"contents""#);
    assert_eq!(wire::page(twice.as_bytes()).unwrap_err().code, Code::Decode);
    let page = wire::page(format!("\u{feff}{sound}").as_bytes()).unwrap();
    assert_eq!(page.rows.len(), 1);
}

#[test]
fn torture_35_no_template_runs_anything() {
    for hostile in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        " javascript:alert(1)",
        "\u{1}javascript:alert(1)",
        "\u{a0}javascript:alert(1)",
        "\u{0}javascript:alert(1)",
        "javascript\u{a}:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "blob:https://x/1",
        "file:///etc/passwd",
        "https://user:pw@evil/",
        "/\\evil/x",
        "\\\\evil",
        "/a b",
        "http://",
        "//",
    ] {
        assert!(!is_link(hostile), "{hostile:?}");
        let mut raw = Raw::default();
        raw.insert("cluster-id".into(), "1".into());
        raw.insert("job-href".into(), hostile.into());
        let (config, errors) = Config::read(&raw, &Plain::default(), true);
        assert_eq!(config.job_link(Some(7)), None, "{hostile:?}");
        let named: Vec<_> = errors.iter().map(|error| error.attribute).collect();
        assert_eq!(named, [Some("job-href")], "{hostile:?}");
    }
    // What comes in its place is a number, and nothing else.
    let config = Config {
        job_href: Some("{ocpJobId}:x".into()),
        ..Config::default()
    };
    assert_eq!(config.job_link(Some(7)).as_deref(), Some("7:x"));
    let (table, rows) = table_of(&[r#""id":1,"ocpJobId":"javascript:alert(1)""#]);
    assert_eq!(table.int(rows[0], IntField::OcpJobId), None);
    let (table, rows) = table_of(&[r#""id":1,"restoreUri":"javascript:alert(1)""#]);
    assert_eq!(cell(&table, rows[0], Column::RestoreUri), "javascript:alert(1)");
}

#[test]
fn torture_36_a_secret_is_masked_before_it_is_held() {
    let secret = "oss://me:hush@b/d?host=h&access_key=hush&x=1,file:///y?SecretToken=hush";
    let fields = [
        "status",
        "statusDesc",
        "backupMode",
        "backupClusterName",
        "backupTenantName",
    ]
    .into_iter()
    .chain([
        "restoreClusterName",
        "restoreTenantName",
        "errorMsg",
        "restoreUri",
        "restorePoolListStr",
    ]);
    let fields: Vec<String> = fields.map(|name| format!(r#""{name}":"{secret}""#)).collect();
    let page = one(&format!(r#""id":1,{}"#, fields.join(",")));
    assert!(!format!("{page:?}").contains("hush"), "{page:?}");
    let mut table = Table::default();
    let rows = table.absorb(&page.rows);
    for column in Column::ALL {
        let cell = format::cell(&table, rows[0], *column, 0, &Plain::default());
        assert!(!format!("{cell:?}").contains("hush"), "{}", column.id());
    }
    let csv = export::csv(&table, &rows, Column::ALL, false, 0, &Plain::default());
    assert!(csv.contains("access_key=***") && !csv.contains("hush"), "{csv}");
    let mut json = String::new();
    export::task(&table, rows[0], true, false).write(&mut json);
    assert!(
        json.contains("access_key=***") && !json.contains("hush"),
        "{json}"
    );
    let mut bench = Bench::new(
        3,
        &[("sort", "access_key=hush"), ("filter", "uri:access_key=hush")],
    );
    bench.settle();
    bench.act(Action::Filter("access_key=hush".into()));
    let said = format!("{:?}", bench.told) + &Saved::of(&bench.state.view).json() + &bench.addresses.concat();
    assert!(!said.contains("hush"), "{said}");
}

#[test]
fn torture_37_texts_that_a_spreadsheet_would_run_are_quoted_and_numbers_are_not() {
    let columns = [
        Column::Id,
        Column::OcpJobId,
        Column::RestoreTenantName,
        Column::CreateTime,
        Column::Rewind,
    ];
    for (first, escaped) in [
        ("=", "="),
        ("+", "+"),
        ("-", "-"),
        ("@", "@"),
        ("\t", "\\t"),
        ("\r", "\\r"),
    ] {
        let text = format!("{escaped}1+1");
        let (table, rows) = table_of(&[
            &format!(r#""id":"{text}","ocpJobId":-1,"restoreTenantName":"{text}","createTime":"{text}""#),
            r#""id":2,"ocpJobId":-1,"createTime":"2021-09-09T10:00:00Z","restoreEndTime":"2021-09-09T10:00:01Z""#,
        ]);
        let csv = export::csv(&table, &rows, &columns, false, 0, &Plain::default());
        let mark = if first == "\r" { "\"" } else { "" };
        let guarded = format!("{mark}'{first}1+1{mark}");
        // White space around an id says nothing, so that a tab may be gone from it.
        let lines = csv.split("\r\n").collect::<Vec<_>>();
        assert_eq!(lines[1], format!("{guarded},-1,{guarded},{guarded},"), "{text}");
        assert_eq!(lines[2], "2,-1,,2021-09-09T10:00:00.000+00:00,-1", "{text}");
    }
}

#[test]
fn torture_38_no_cell_is_longer_than_anybody_reads() {
    let long = "é\u{202e}".repeat(500_000);
    let fields: Vec<String> = [
        "status",
        "statusDesc",
        "backupMode",
        "backupClusterName",
        "errorMsg",
        "restoreUri",
    ]
    .into_iter()
    .chain(["restorePoolListStr", "createTime", "ocpJobId", "id"])
    .map(|name| format!(r#""{name}":"{long}""#))
    .collect();
    let (table, rows) = table_of(&[&fields.join(",")]);
    for column in Column::ALL {
        let cell = format::cell(&table, rows[0], *column, 0, &Plain::default());
        assert!(cell.text.chars().count() <= 301, "{}", column.id());
        assert!(
            cell.title.is_none_or(|title| title.chars().count() <= 1001),
            "{}",
            column.id()
        );
    }
    assert_eq!(
        table.text(rows[0], TextField::ErrorMsg).chars().count(),
        1_000_000,
        "and kept in whole"
    );
}

#[test]
fn torture_39_hostile_attributes_are_named_and_fall_back() {
    let huge = "x".repeat(1 << 20);
    let hostile = [
        "__proto__",
        "constructor",
        "toString",
        "-1",
        "1e9",
        "1000000000",
        "NaN",
        "-0",
        "+5",
        "0x10",
        "٣",
        "",
        " ",
        "\0",
        "\u{202e}",
        "null",
        "undefined",
        "[object Object]",
        "9223372036854775808",
        "javascript:alert(1)",
        &huge,
    ];
    let numbers = ["page-size", "max-rows", "refresh"];
    let words = [
        "credentials",
        "url-sync",
        "url-key",
        "storage-key",
        "overview",
        "shortcuts",
        "theme",
        "density",
    ];
    let plain = [
        "cluster-id",
        "base-url",
        "range",
        "sort",
        "columns",
        "job-href",
        "filter",
        "paused",
    ];
    for name in numbers.into_iter().chain(words).chain(plain) {
        for value in hostile {
            let mut bench = Bench::new(30, &[(name, value)]);
            bench.settle();
            let config = &bench.state.config;
            assert!((1..=2000).contains(&config.page_size), "{name}");
            assert!(
                (1..=10_000_000).contains(&config.max_rows) && config.refresh <= 86_400,
                "{name}"
            );
            assert!(bench.sent.len() < 9, "{name}");
            for error in &bench.state.config_errors {
                assert_eq!((error.code, error.attribute), (Code::Config, Some(name)));
            }
            if numbers.contains(&name) && value.trim().parse::<u32>().is_err() {
                assert_eq!(bench.state.config_errors.len(), 1, "{name}={value:.20}");
            }
        }
    }
    for (value, size) in [
        ("-1", 20),
        ("1000000000", 20),
        ("1e9", 20),
        ("2000", 2000),
        ("0", 20),
    ] {
        let bench = Bench::new(30, &[("page-size", value)]);
        assert_eq!(bench.state.view.rows_per_page, size, "{value}");
    }
}

#[test]
fn torture_39_hostile_views_change_nothing_or_are_clamped() {
    let odd = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        -1.0,
        -0.0,
        0.5,
        1e300,
        1e15,
        1e9,
    ];
    for page in odd {
        for page_size in odd {
            let mut bench = Bench::new(50, &[]);
            bench.settle();
            let saved = Saved {
                page: Some(page),
                page_size: Some(page_size),
                sort: Some("__proto__".into()),
                range: Some("constructor".into()),
                columns: Some(vec!["__proto__".into(), "toString".into()]),
                density: Some("hasOwnProperty".into()),
                ..Saved::default()
            };
            bench.act(Action::Restore(saved.over(bench.state.view.clone())));
            bench.settle();
            let view = &bench.state.view;
            assert!(view.page >= 1 && view.rows_per_page <= 2000, "{page} {page_size}");
            assert!(bench.state.page_rows().is_some(), "{page} {page_size}");
            if page_size.is_nan() {
                assert_eq!(view.rows_per_page, 20);
            }
        }
    }
}

/// How many requests a server of any kind is sent for a sorted view; it must be few.
fn walks(of: impl FnMut(u64, u64) -> String, most: usize) -> (Bench, usize) {
    let mut bench = Bench::new(0, &[("sort", "id")]);
    let asked = answer(&mut bench, most, of).len();
    assert!(bench.state.is_settled(), "still asking after {asked}");
    (bench, asked)
}

#[test]
fn beyond_totals_that_cannot_be_are_not_walked_for_ever() {
    for total in [
        "-1",
        "1e400",
        "2.5",
        "18446744073709551616",
        r#""many""#,
        "null",
        "[3]",
        "{}",
        "true",
    ] {
        let info = format!(r#""totalElements":{total},"totalPages":4611686018427387904"#);
        let (bench, asked) = walks(|page, size| serve(3, page, size, &info), 30);
        // The second shows that the first was not a server's own cap.
        assert_eq!((asked, bench.state.history.held()), (2, 3), "{total}");
        assert!(bench.state.history.is_complete(), "{total}");
    }
    for total in [
        "18446744073709551615",
        "9223372036854775807",
        "4611686018427387904",
    ] {
        let info = format!(r#""totalElements":{total}"#);
        let (bench, asked) = walks(|page, size| serve(3, page, size, &info), 30);
        let history = &bench.state.history;
        assert!(asked <= 8, "{asked}");
        assert_eq!(
            (history.end, history.is_complete(), history.held()),
            (End::Unproven, false, 3),
            "{total}"
        );
    }
}

#[test]
fn beyond_a_page_that_repeats_for_ever_ends() {
    for info in [
        "",
        r#""totalElements":5000"#,
        r#""totalElements":9223372036854775807"#,
    ] {
        let same = body(&tasks(2000, 2000), info);
        let (bench, asked) = walks(|_, _| same.clone(), 30);
        let history = &bench.state.history;
        assert!(asked <= 8, "{asked} {info}");
        assert_eq!((history.is_complete(), history.held()), (false, 2000), "{info}");
        assert!(bench.state.page_rows().is_some());
    }
}

#[test]
fn beyond_rows_that_are_none_are_counted() {
    let rows = ["null", "[]", "[[1]]", r#""x""#, "7", "true", "-0", "1e400"].map(str::to_owned);
    let all = [rows.to_vec(), tasks(2, 2)].concat();
    let text = body(&all, r#""totalElements":10"#);
    let (bench, _) = walks(|_, _| text.clone(), 9);
    let history = &bench.state.history;
    assert_eq!(
        (history.unreadable(), history.held(), history.is_complete()),
        (8, 2, false)
    );
    assert_eq!(bench.shown(), [1, 2]);
}

#[test]
fn beyond_contents_of_another_kind_are_a_decode_error() {
    for contents in ["null", "{}", r#""x""#, "7", "true", r#"{"0":{"id":1}}"#] {
        let text =
            format!(r#"{{"data":{{"contents":{contents},"page":{{"totalElements":0}}}},"successful":true}}"#);
        assert_eq!(
            wire::page(text.as_bytes()).unwrap_err().code,
            Code::Decode,
            "{contents}"
        );
    }
    for data in ["[]", r#""x""#, "7", "null"] {
        let text = format!(r#"{{"data":{data},"successful":true,"traceId":"t"}}"#);
        let error = wire::page(text.as_bytes()).unwrap_err();
        assert_eq!(
            (error.code, error.trace_id.as_deref()),
            (Code::Decode, Some("t")),
            "{data}"
        );
    }
    for page in ["null", "[]", "7", r#""x""#, "{}"] {
        let text = format!(r#"{{"data":{{"contents":[{{"id":1}}],"page":{page}}}}}"#);
        let page = wire::page(text.as_bytes()).unwrap();
        assert_eq!((page.rows.len(), page.total), (1, None));
    }
}

#[test]
fn beyond_bodies_of_another_encoding_are_a_decode_error() {
    let sound = body(&tasks(1, 1), "").replace("RESTORE_SUCCESS", "完了");
    let wide = |order: fn(u16) -> [u8; 2], mark: &[u8]| -> Vec<u8> {
        mark.iter()
            .copied()
            .chain(sound.encode_utf16().flat_map(order))
            .collect()
    };
    let gbk = sound
        .as_bytes()
        .iter()
        .map(|byte| if *byte < 128 { *byte } else { 0xd6 })
        .collect();
    let mut cut = sound.clone().into_bytes();
    let at = sound.find('完').unwrap();
    cut.remove(at + 1);
    let overlong = sound
        .replace("完了", "\u{1}\u{1}")
        .into_bytes()
        .iter()
        .map(|byte| if *byte == 1 { 0xc0 } else { *byte })
        .collect();
    for bytes in [
        wide(u16::to_le_bytes, b"\xff\xfe"),
        wide(u16::to_be_bytes, b"\xfe\xff"),
        wide(u16::to_le_bytes, b""),
        gbk,
        cut,
        overlong,
        vec![0; 1000],
        b"\xef\xbb\xbf".to_vec(),
    ] {
        assert_eq!(wire::page(&bytes).unwrap_err().code, Code::Decode);
        assert_eq!(wire::failure(500, &bytes).code, Code::Http);
    }
}

#[test]
fn beyond_numbers_that_are_none_stay_as_they_are() {
    for (given, id) in [
        ("1e400", None),
        ("-0", None),
        ("0.0", None),
        ("7.0", None),
        (r#""\u00007""#, None),
        ("1", Some(1)),
    ] {
        let page = one(&format!(r#""id":{given},"ocpJobId":{given}"#));
        let mut table = Table::default();
        let row = table.absorb(&page.rows)[0];
        assert_eq!(table.id(row), id, "{given}");
    }
}

#[test]
fn beyond_times_at_the_ends_of_all_years() {
    let given = [
        "0000-01-01T00:00:00Z",
        "0000-01-01T00:00:00+18:00",
        "0001-01-01T00:00:00-18:00",
        "9999-12-31T23:59:59.999999999Z",
        "9999-12-31T23:59:59-18:00",
        "275760-09-13T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "-1",
        "2016-12-31T23:59:60Z",
        "2021-01-01T24:00:00Z",
        "2021-01-01T00:00:00+99:99",
    ];
    let mut list = Vec::new();
    for (at, create) in given.iter().enumerate() {
        for finish in given {
            let status = ["RESTORE_SUCCESS", "RESTORE_PRE", "X"][at % 3];
            list.push(format!(
                r#"{{"id":{},"status":"{status}","createTime":"{create}","finishTime":"{finish}","restoreEndTime":"{finish}"}}"#,
                list.len() + 1
            ));
        }
    }
    let text = body(&list, &format!(r#""totalElements":{}"#, list.len()));
    for now in [0, 1_800_000_000 * SECOND, i64::MAX, i64::MIN + 1] {
        let mut bench = Bench::new(0, &[("overview", "on"), ("page-size", "200")]);
        bench.now = now;
        answer(&mut bench, 9, |_, _| text.clone());
        for by in ["createTime", "-duration", "rewind", "finishTime"] {
            bench.act(Action::Restore(
                Saved {
                    sort: Some(by.into()),
                    ..Saved::default()
                }
                .over(bench.state.view.clone()),
            ));
        }
        let rows = bench.state.page_rows().unwrap();
        assert_eq!(rows.len(), list.len());
        let table = bench.state.history.table();
        for row in rows.iter() {
            for column in Column::ALL {
                let cell = format::cell(table, *row, *column, now, &Plain::default());
                if *column == Column::Duration {
                    assert!(!cell.text.starts_with('−'), "{}", cell.text);
                }
            }
            assert!(table.duration(*row, now).is_none_or(|length| length >= 0));
        }
        let form = Export {
            form: Form::Json,
            redacted: false,
        };
        assert_eq!(form.form, Form::Json);
        assert!(export::json(&bench.state, &rows, false, now).contains("9999-12-31T23:59:59.999+0000"));
    }
}

#[test]
fn beyond_many_ids_that_are_the_same() {
    let list: Vec<String> = (0..50_000)
        .map(|at| format!(r#"{{"id":7,"errorMsg":"{at}"}}"#))
        .collect();
    let text = body(
        &[list, vec![r#"{"id":7,"errorMsg":"1"}"#.into(); 1000]].concat(),
        r#""totalElements":51000"#,
    );
    let mut bench = Bench::new(0, &[]);
    answer(&mut bench, 9, |_, _| text.clone());
    let history = &bench.state.history;
    assert_eq!(
        (history.held(), history.is_complete(), history.oversent),
        (50_000, false, true)
    );
    assert_eq!(bench.shown(), [7; 20]);
}

#[test]
fn beyond_large_rows_are_read() {
    let keys: Vec<String> = (0..100_000).map(|at| format!(r#""k{at}":{at}"#)).collect();
    let nested = format!(
        r#""subErrors":[{}]"#,
        vec![r#"{"message":"no","subErrors":[1,2,{"a":null}]}"#; 200_000].join(",")
    );
    let pools: Vec<String> = (0..10_000).map(|at| format!("pool_{at}")).collect();
    let row = format!(
        r#"{{{},{nested},"id":3,"restorePoolListStr":"{}"}}"#,
        keys.join(","),
        pools.join(",")
    );
    let text = body(&[row], r#""totalElements":1"#);
    assert!(text.len() > 9 << 20);
    let page = wire::page(text.as_bytes()).unwrap();
    let mut table = Table::default();
    let row = table.absorb(&page.rows)[0];
    assert_eq!((page.rows.len(), table.id(row)), (1, Some(3)));
    assert_eq!(
        table.text(row, TextField::RestorePoolListStr).split(',').count(),
        10_000
    );
    let refusal = format!(r#"{{"successful":false,"error":{{"code":1,"message":"no",{nested}}}}}"#);
    let Error { code, message, .. } = wire::page(refusal.as_bytes()).unwrap_err();
    assert_eq!((code, message.as_str()), (Code::Api, "no"));
}

#[test]
fn beyond_texts_with_characters_that_end_texts_elsewhere() {
    let (table, rows) =
        table_of(&[r#""id":1,"restoreTenantName":"a\u0000b\u2028c\u0007","errorMsg":"\u0000""#]);
    let csv = export::csv(
        &table,
        &rows,
        &[Column::RestoreTenantName],
        false,
        0,
        &Plain::default(),
    );
    assert_eq!(csv, "\u{feff}restoreTenantName\r\na\0b\u{2028}c\u{7}\r\n");
    let mut json = String::new();
    export::task(&table, rows[0], false, false).write(&mut json);
    let parsed: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(parsed["restoreTenantName"], "a\0b\u{2028}c\u{7}");
}

#[test]
fn beyond_secrets_where_a_number_a_time_or_a_trace_id_belongs() {
    let secret = "oss://me:hush@b/d?access_key=hush";
    let names = ["id", "ocpJobId", "backupClusterId", "createTime", "finishTime"];
    let fields = names.map(|name| format!(r#""{name}":"{secret}""#)).join(",");
    let text = body(&[format!("{{{fields}}}")], r#""totalElements":1"#);
    let text = text.replace(r#""t1""#, &format!(r#""{secret}""#));
    let mut bench = Bench::new(0, &[]);
    answer(&mut bench, 9, |_, _| text.clone());
    let rows = bench.state.page_rows().unwrap();
    let table = bench.state.history.table();
    assert_eq!(cell(table, rows[0], Column::Id), "oss://***@b/d?access_key=***");
    let csv = export::csv(table, &rows, Column::ALL, false, 0, &Plain::default());
    let all = csv + &export::json(&bench.state, &rows, false, 0) + &format!("{:?}", bench.told);
    assert!(!all.contains("hush"), "{all}");
    let refusal = format!(
        r#"{{"successful":false,"error":{{"code":"{secret}","message":"no"}},"traceId":"{secret}"}}"#
    );
    let error = wire::page(refusal.as_bytes()).unwrap_err();
    assert!(!format!("{error:?}").contains("hush"), "{error:?}");
}

#[test]
fn beyond_trace_ids_and_codes_of_a_megabyte() {
    let long = "Y".repeat(1 << 20);
    let text = body(&tasks(1, 1), "").replace(r#""t1""#, &format!(r#""{long}""#));
    let id = wire::page(text.as_bytes()).unwrap().trace_id.unwrap();
    assert!(id.len() < 210 && id.starts_with("YYY"), "{}", id.len());
    let refusal =
        format!(r#"{{"successful":false,"error":{{"code":"{long}","message":"no"}},"traceId":"{long}"}}"#);
    let error = wire::page(refusal.as_bytes()).unwrap_err();
    assert!(error.api_code.unwrap().len() < 210 && error.trace_id.unwrap().len() < 210);
}

#[test]
fn beyond_attributes_of_a_megabyte_are_named_in_a_few_words() {
    let many: Vec<String> = (0..100_000).map(|at| format!("x{at}")).collect();
    let values = [
        "\\\\".to_owned() + &"x".repeat(1 << 20),
        many.join(" "),
        "a\u{202e}b\u{7}access_key=hush".into(),
    ];
    for name in [
        "columns",
        "theme",
        "sort",
        "range",
        "page-size",
        "job-href",
        "base-url",
        "url-key",
    ] {
        for value in &values {
            let bench = Bench::new(0, &[(name, value)]);
            let errors = &bench.state.config_errors;
            assert!((1..=4).contains(&errors.len()), "{name}: {}", errors.len());
            for error in errors {
                assert_eq!(error.attribute, Some(name));
                assert!(error.message.chars().count() < 300, "{name}");
                assert!(
                    !error.message.contains(['\u{202e}', '\u{7}']),
                    "{}",
                    error.message
                );
                assert!(!error.message.contains("hush"), "{}", error.message);
            }
        }
    }
    // So does what a link brings.
    let mut bench = Bench::new(0, &[("url-sync", "query")]);
    let said = [
        None,
        Some(many.join(" ")),
        None,
        Some("\u{202e}1e9".into()),
        Some(many.join(" ")),
        None,
    ];
    bench.act(Action::Address(said));
    let errors = &bench.state.property_errors;
    assert!(errors.len() <= 6, "{}", errors.len());
    assert!(errors.iter().all(|error| error.message.chars().count() < 300));
    assert!(errors.iter().any(|error| error.message.contains("\\u{202e}1e9")));
}

#[test]
fn beyond_tasks_of_the_host_that_cannot_be_read_are_named_until_others_come() {
    for bad in [r#"[{"restoreTenantName":"a\ud800"}]"#, "{}", ""] {
        let mut bench = Bench::new(3, &[]);
        bench.settle();
        bench.act(Action::Tasks(Some(wire::tasks(bad))));
        let named = |bench: &Bench| -> Vec<_> {
            let errors = bench.state.property_errors.iter();
            errors.map(|error| (error.code, error.attribute)).collect()
        };
        assert_eq!(named(&bench), [(Code::Config, Some("tasks"))], "{bad}");
        bench.act(Action::Tasks(Some(wire::tasks(r#"[{"id":1}]"#))));
        assert_eq!((named(&bench), bench.shown()), (vec![], vec![1]), "{bad}");
        bench.act(Action::Tasks(Some(wire::tasks(bad))));
        bench.act(Action::Tasks(None));
        bench.settle();
        assert_eq!((named(&bench), bench.shown()), (vec![], vec![3, 2, 1]), "{bad}");
    }
}

#[test]
fn beyond_what_is_right_in_a_view_holds_beside_what_is_wrong() {
    for (given, widths) in [
        (r#"{"sort":"-id","page":"x","columns":7,"widths":{}}"#, Some(0)),
        (r#"{"sort":"-id","pinned":3,"widths":{"id":"wide"}}"#, None),
        (
            r#"{"sort":"-id","filter":7,"widths":{"id":"wide","status":90,"x":null}}"#,
            Some(1),
        ),
        (
            r#"{"sort":"-id","density":[],"widths":"wide","__proto__":{"page":9}}"#,
            None,
        ),
    ] {
        let saved = Saved::from_json(given).unwrap();
        assert_eq!(
            saved.widths.as_ref().map(std::collections::BTreeMap::len),
            widths,
            "{given}"
        );
        let want = Saved {
            sort: Some("-id".into()),
            widths: saved.widths.clone(),
            ..Saved::default()
        };
        assert_eq!(saved, want, "{given}");
    }
}
