//! Cases that are not in the torture list: texts and secrets in unexpected places, and hosts that set any
//! value.

use super::{answer, body, cell, table_of, tasks};
use crate::core::api::response;
use crate::core::domain::column::Column;
use crate::core::error::Code;
use crate::core::i18n::locale::FixedLocale;
use crate::core::report::export;
use crate::core::settings::view::PartialView;
use crate::core::state::Action;
use crate::core::state::tests::Simulation;

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
        &FixedLocale::default(),
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
    let mut sim = Simulation::new(0, &[]);
    answer(&mut sim, 9, |_, _| text.clone());
    let rows = sim.state.page_rows().unwrap();
    let table = sim.state.loaded.dataset.table();
    assert_eq!(cell(table, rows[0], Column::Id), "oss://***@b/d?access_key=***");
    let csv = export::csv(table, &rows, Column::ALL, false, 0, &FixedLocale::default());
    let all = csv + &export::json(&sim.state, &rows, false, 0) + &format!("{:?}", sim.reported);
    assert!(!all.contains("hush"), "{all}");
    let refusal = format!(
        r#"{{"successful":false,"error":{{"code":"{secret}","message":"no"}},"traceId":"{secret}"}}"#
    );
    let error = response::page(refusal.as_bytes()).unwrap_err();
    assert!(!format!("{error:?}").contains("hush"), "{error:?}");
}

#[test]
fn beyond_trace_ids_and_codes_of_a_megabyte() {
    let long = "Y".repeat(1 << 20);
    let text = body(&tasks(1, 1), "").replace(r#""t1""#, &format!(r#""{long}""#));
    let id = response::page(text.as_bytes()).unwrap().trace_id.unwrap();
    assert!(id.len() < 210 && id.starts_with("YYY"), "{}", id.len());
    let refusal =
        format!(r#"{{"successful":false,"error":{{"code":"{long}","message":"no"}},"traceId":"{long}"}}"#);
    let error = response::page(refusal.as_bytes()).unwrap_err();
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
            let sim = Simulation::new(0, &[(name, value)]);
            let errors = &sim.state.host.attribute_errors;
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
    // A link is handled in the same way.
    let mut sim = Simulation::new(0, &[("url-sync", "query")]);
    let said = [
        None,
        Some(many.join(" ")),
        None,
        Some("\u{202e}1e9".into()),
        Some(many.join(" ")),
        None,
    ];
    sim.act(Action::UrlChanged(said));
    let errors = &sim.state.host.property_errors;
    assert!(errors.len() <= 6, "{}", errors.len());
    assert!(errors.iter().all(|error| error.message.chars().count() < 300));
    assert!(errors.iter().any(|error| error.message.contains("\\u{202e}1e9")));
}

#[test]
fn beyond_tasks_of_the_host_that_cannot_be_read_are_named_until_others_come() {
    for bad in [r#"[{"restoreTenantName":"a\ud800"}]"#, "{}", ""] {
        let mut sim = Simulation::new(3, &[]);
        sim.settle();
        sim.act(Action::Tasks(Some(response::tasks(bad))));
        let named = |sim: &Simulation| -> Vec<_> {
            let errors = sim.state.host.property_errors.iter();
            errors.map(|error| (error.code, error.attribute)).collect()
        };
        assert_eq!(named(&sim), [(Code::Config, Some("tasks"))], "{bad}");
        sim.act(Action::Tasks(Some(response::tasks(r#"[{"id":1}]"#))));
        assert_eq!((named(&sim), sim.shown()), (vec![], vec![1]), "{bad}");
        sim.act(Action::Tasks(Some(response::tasks(bad))));
        sim.act(Action::Tasks(None));
        sim.settle();
        assert_eq!((named(&sim), sim.shown()), (vec![], vec![3, 2, 1]), "{bad}");
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
        let saved = PartialView::from_json(given).unwrap();
        assert_eq!(
            saved.widths.as_ref().map(std::collections::BTreeMap::len),
            widths,
            "{given}"
        );
        let want = PartialView {
            sort: Some("-id".into()),
            widths: saved.widths.clone(),
            ..PartialView::default()
        };
        assert_eq!(saved, want, "{given}");
    }
}
