//! Ids, statuses, times and bounds as written in an answer or in a URL (faults 27–32).

use super::{answer, body, cell, sorted, table_of};
use crate::core::domain::column::Column;
use crate::core::domain::task::Outcome;
use crate::core::i18n::locale::FixedLocale;
use crate::core::report::export;
use crate::core::state::Action;
use crate::core::state::tests::Simulation;
use crate::core::time::parse_time;

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
    let csv = export::csv(&table, &rows, &[Column::Id], false, 0, &FixedLocale::default());
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
    let mut sim = Simulation::new(0, &[]);
    let given = [r#""7""#, "9223372036854775808", "1e3", "null", "-1", "0", "8"];
    let list = given
        .map(|id| format!(r#"{{"id":{id},"restoreTenantName":"t{id}"}}"#).replace("\"t\"7\"\"", "\"t7\""));
    let text = body(&list, r#""totalElements":7"#);
    answer(&mut sim, 9, |_, _| text.clone());
    let dataset = &sim.state.loaded.dataset;
    let (table, shown) = (dataset.table(), sim.state.page_rows().unwrap());
    let ids: Vec<_> = shown.iter().map(|row| table.id(*row)).collect();
    assert_eq!(ids, [Some(7), None, None, None, None, None, Some(8)]);
    assert_eq!(
        (dataset.bad_ids(), dataset.loaded(), dataset.is_complete()),
        (5, 7, true)
    );
    let cells: Vec<_> = shown.iter().map(|row| cell(table, *row, Column::Id)).collect();
    assert_eq!(cells, ["7", "9223372036854775808", "1e3", "—", "-1", "0", "8"]);
    assert!(sim.state.scheduler.failure.is_none());
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
        &FixedLocale::default(),
    );
    assert_eq!(csv, "\u{feff}createTime\r\nsoon\r\n");
    for digits in 0..=9 {
        let point = if digits == 0 { "" } else { "." };
        for zone in ["+0800", "+08:00", "Z"] {
            let text = format!("2021-09-09T10:32:18{point}{}{zone}", "1".repeat(digits));
            assert!(parse_time(&text).is_some(), "{text}");
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
    // The third task starts later than the clock.
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
        &FixedLocale::default(),
    );
    assert_eq!(csv, "\u{feff}id,duration\r\n1,\r\n2,1\r\n3,\r\n");
}

#[test]
fn torture_32_the_plus_of_a_bound_is_escaped() {
    let range = "2021-09-01T00:00:00+08:00/2021-09-02T00:00:00+08:00";
    let mut sim = Simulation::new(0, &[("range", range)]);
    sim.act(Action::SetZone(Some("+08:00".into())));
    sim.act(Action::Refresh);
    let sent = sim.sent.last().unwrap().replace("%3A", ":");
    let from = "startTime=2021-09-01T00:00:00.000%2B08:00";
    let to = "endTime=2021-09-02T00:00:00.000%2B08:00";
    assert_eq!(sent, format!("page=1&size=20&{from}&{to}"));
}
