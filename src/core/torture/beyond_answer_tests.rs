//! Answers that are not in the torture list but may come all the same.

use super::{answer, body, one, serve, tasks};
use crate::core::api::response;
use crate::core::dataset::ScanEnd;
use crate::core::domain::column::{Column, TextField};
use crate::core::error::{Code, Error};
use crate::core::format;
use crate::core::i18n::locale::FixedLocale;
use crate::core::report::export;
use crate::core::settings::view::PartialView;
use crate::core::state::Action;
use crate::core::state::tests::Simulation;
use crate::core::table::Table;
use crate::core::time::SECOND;

/// The sim with a sorted view after a server's answers, and the number of requests. There must be few,
/// whatever the server does.
fn scan_of(of: impl FnMut(u64, u64) -> String, most: usize) -> (Simulation, usize) {
    let mut sim = Simulation::new(0, &[("sort", "id")]);
    let asked = answer(&mut sim, most, of).len();
    assert!(sim.state.is_settled(), "still asking after {asked}");
    (sim, asked)
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
        let (sim, asked) = scan_of(|page, size| serve(3, page, size, &info), 30);
        // The second request shows that three rows are all, and not the server's page limit.
        assert_eq!((asked, sim.state.loaded.dataset.loaded()), (2, 3), "{total}");
        assert!(sim.state.loaded.dataset.is_complete(), "{total}");
    }
    for total in [
        "18446744073709551615",
        "9223372036854775807",
        "4611686018427387904",
    ] {
        let info = format!(r#""totalElements":{total}"#);
        let (sim, asked) = scan_of(|page, size| serve(3, page, size, &info), 30);
        let dataset = &sim.state.loaded.dataset;
        assert!(asked <= 8, "{asked}");
        assert_eq!(
            (dataset.scan_end, dataset.is_complete(), dataset.loaded()),
            (ScanEnd::Unproven, false, 3),
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
        let (sim, asked) = scan_of(|_, _| same.clone(), 30);
        let dataset = &sim.state.loaded.dataset;
        assert!(asked <= 8, "{asked} {info}");
        assert_eq!((dataset.is_complete(), dataset.loaded()), (false, 2000), "{info}");
        assert!(sim.state.page_rows().is_some());
    }
}

#[test]
fn beyond_rows_that_are_none_are_counted() {
    let rows = ["null", "[]", "[[1]]", r#""x""#, "7", "true", "-0", "1e400"].map(str::to_owned);
    let all = [rows.to_vec(), tasks(2, 2)].concat();
    let text = body(&all, r#""totalElements":10"#);
    let (sim, _) = scan_of(|_, _| text.clone(), 9);
    let dataset = &sim.state.loaded.dataset;
    assert_eq!(
        (dataset.unreadable(), dataset.loaded(), dataset.is_complete()),
        (8, 2, false)
    );
    assert_eq!(sim.shown(), [1, 2]);
}

#[test]
fn beyond_contents_of_another_kind_are_a_decode_error() {
    for contents in ["null", "{}", r#""x""#, "7", "true", r#"{"0":{"id":1}}"#] {
        let text =
            format!(r#"{{"data":{{"contents":{contents},"page":{{"totalElements":0}}}},"successful":true}}"#);
        assert_eq!(
            response::page(text.as_bytes()).unwrap_err().code,
            Code::Decode,
            "{contents}"
        );
    }
    for data in ["[]", r#""x""#, "7", "null"] {
        let text = format!(r#"{{"data":{data},"successful":true,"traceId":"t"}}"#);
        let error = response::page(text.as_bytes()).unwrap_err();
        assert_eq!(
            (error.code, error.trace_id.as_deref()),
            (Code::Decode, Some("t")),
            "{data}"
        );
    }
    for page in ["null", "[]", "7", r#""x""#, "{}"] {
        let text = format!(r#"{{"data":{{"contents":[{{"id":1}}],"page":{page}}}}}"#);
        let page = response::page(text.as_bytes()).unwrap();
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
        assert_eq!(response::page(&bytes).unwrap_err().code, Code::Decode);
        assert_eq!(response::failure(500, &bytes).code, Code::Http);
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
        let mut sim = Simulation::new(0, &[("overview", "on"), ("page-size", "200")]);
        sim.now = now;
        answer(&mut sim, 9, |_, _| text.clone());
        for by in ["createTime", "-duration", "rewind", "finishTime"] {
            sim.act(Action::Restore(
                PartialView {
                    sort: Some(by.into()),
                    ..PartialView::default()
                }
                .over(sim.state.query.view.clone()),
            ));
        }
        let rows = sim.state.page_rows().unwrap();
        assert_eq!(rows.len(), list.len());
        let table = sim.state.loaded.dataset.table();
        for row in rows.iter() {
            for column in Column::ALL {
                let cell = format::cell(table, *row, *column, now, &FixedLocale::default());
                if *column == Column::Duration {
                    assert!(!cell.text.starts_with('−'), "{}", cell.text);
                }
            }
            assert!(table.duration(*row, now).is_none_or(|length| length >= 0));
        }
        let text = export::json(&sim.state, &rows, false, now);
        let exported: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(exported["tasks"].as_array().unwrap().len(), list.len());
        assert!(text.contains("9999-12-31T23:59:59.999+0000"));
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
    let mut sim = Simulation::new(0, &[]);
    answer(&mut sim, 9, |_, _| text.clone());
    let dataset = &sim.state.loaded.dataset;
    assert_eq!(
        (dataset.loaded(), dataset.is_complete(), dataset.oversent),
        (50_000, false, true)
    );
    assert_eq!(sim.shown(), [7; 20]);
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
    let page = response::page(text.as_bytes()).unwrap();
    let mut table = Table::default();
    let row = table.absorb(&page.rows)[0];
    assert_eq!((page.rows.len(), table.id(row)), (1, Some(3)));
    assert_eq!(
        table.text(row, TextField::RestorePoolListStr).split(',').count(),
        10_000
    );
    let refusal = format!(r#"{{"successful":false,"error":{{"code":1,"message":"no",{nested}}}}}"#);
    let Error { code, message, .. } = response::page(refusal.as_bytes()).unwrap_err();
    assert_eq!((code, message.as_str()), (Code::Api, "no"));
}
