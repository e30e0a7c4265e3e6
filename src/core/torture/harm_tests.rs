//! Values that are meant to do harm, or are too large: URIs, secrets, formulas, long texts, attributes
//! (faults 35–39).

use super::{cell, one, table_of};
use crate::core::domain::column::{Column, IntField, TextField};
use crate::core::error::Code;
use crate::core::format;
use crate::core::i18n::locale::FixedLocale;
use crate::core::report::export;
use crate::core::settings::attributes::{Attributes, Config, is_link};
use crate::core::settings::view::PartialView;
use crate::core::state::Action;
use crate::core::state::tests::Simulation;
use crate::core::table::Table;

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
        let mut raw = Attributes::default();
        raw.insert("cluster-id".into(), "1".into());
        raw.insert("job-href".into(), hostile.into());
        let (config, errors) = Config::parse(&raw, &FixedLocale::default(), true);
        assert_eq!(config.job_link(Some(7)), None, "{hostile:?}");
        let named: Vec<_> = errors.iter().map(|error| error.attribute).collect();
        assert_eq!(named, [Some("job-href")], "{hostile:?}");
    }
    // Only a number can replace the placeholder.
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
        let cell = format::cell(&table, rows[0], *column, 0, &FixedLocale::default());
        assert!(!format!("{cell:?}").contains("hush"), "{}", column.id());
    }
    let csv = export::csv(&table, &rows, Column::ALL, false, 0, &FixedLocale::default());
    assert!(csv.contains("access_key=***") && !csv.contains("hush"), "{csv}");
    let mut json = String::new();
    export::task(&table, rows[0], true, false).write(&mut json);
    assert!(
        json.contains("access_key=***") && !json.contains("hush"),
        "{json}"
    );
    let attributes = [
        ("sort", "access_key=hush"),
        ("filter", "uri:access_key=hush"),
        ("url-sync", "query"),
    ];
    let mut sim = Simulation::new(3, &attributes);
    sim.settle();
    // Values that the host set itself do not go into the address.
    assert_eq!(sim.addresses.len(), 0);
    for filter in ["access_key=hush", "x:password=hush y", "uri:oss://me:hush@b/d"] {
        sim.act(Action::TypeFilter(filter.into()));
        sim.settle();
        let address = sim.addresses.last().unwrap();
        assert!(
            address.contains("filter=") && address.contains("***"),
            "{address}"
        );
    }
    sim.act(Action::ToggleSort(Column::Id));
    sim.settle();
    assert_eq!(sim.addresses.len(), 4);
    let said = format!("{:?}", sim.reported)
        + &PartialView::of(&sim.state.query.view).json()
        + &sim.addresses.concat();
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
        let csv = export::csv(&table, &rows, &columns, false, 0, &FixedLocale::default());
        let mark = if first == "\r" { "\"" } else { "" };
        let guarded = format!("{mark}'{first}1+1{mark}");
        // White space around an id is trimmed, so a tab may be missing there.
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
        let cell = format::cell(&table, rows[0], *column, 0, &FixedLocale::default());
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
            let mut sim = Simulation::new(30, &[(name, value)]);
            sim.settle();
            let config = &sim.state.host.config;
            assert!((1..=2000).contains(&config.page_size), "{name}");
            assert!(
                (1..=10_000_000).contains(&config.max_rows) && config.refresh <= 86_400,
                "{name}"
            );
            assert!(sim.sent.len() < 9, "{name}");
            for error in &sim.state.host.attribute_errors {
                assert_eq!((error.code, error.attribute), (Code::Config, Some(name)));
            }
            if numbers.contains(&name) && value.trim().parse::<u32>().is_err() {
                assert_eq!(sim.state.host.attribute_errors.len(), 1, "{name}={value:.20}");
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
        let sim = Simulation::new(30, &[("page-size", value)]);
        assert_eq!(sim.state.query.view.rows_per_page, size, "{value}");
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
            let mut sim = Simulation::new(50, &[]);
            sim.settle();
            let saved = PartialView {
                page: Some(page),
                page_size: Some(page_size),
                sort: Some("__proto__".into()),
                range: Some("constructor".into()),
                columns: Some(vec!["__proto__".into(), "toString".into()]),
                density: Some("hasOwnProperty".into()),
                ..PartialView::default()
            };
            sim.act(Action::Restore(saved.over(sim.state.query.view.clone())));
            sim.settle();
            let view = &sim.state.query.view;
            assert!(view.page >= 1 && view.rows_per_page <= 2000, "{page} {page_size}");
            assert!(sim.state.page_rows().is_some(), "{page} {page_size}");
            if page_size.is_nan() {
                assert_eq!(view.rows_per_page, 20);
            }
        }
    }
}
