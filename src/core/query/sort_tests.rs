use super::*;
use crate::core::i18n::locale::FixedLocale;
use crate::core::table::batch::{Int, Row, Time};

fn rows() -> (Table, Vec<u32>) {
    let mut table = Table::default();
    let mut add = |id: Int, tenant: &str, job: i64, times: [Time; 3], status: &str| {
        let mut row = Row {
            times,
            ..Row::default()
        };
        row.ints[0] = id;
        row.ints[1] = Int::Value(job);
        row.texts[TextField::Status as usize] = status.into();
        row.texts[TextField::RestoreTenantName as usize] = tenant.into();
        table.add(&row)
    };
    let at = |micros| Time::At(micros, 480);
    let rows = vec![
        add(
            Int::Value(i64::MAX),
            "b",
            -1,
            [at(5), at(9), Time::Missing],
            "RESTORE_SUCCESS",
        ),
        add(
            Int::Value(9_007_199_254_740_993),
            "",
            0,
            [at(7), at(3), at(1)],
            "RESTORE_FAIL",
        ),
        add(
            Int::Value(9_007_199_254_740_992),
            "a",
            12,
            [Time::Unparsed("x".into()), at(3), at(1)],
            "RESTORE_PRE",
        ),
        add(
            Int::Unparsed("1e3".into()),
            "b",
            7,
            [at(5), Time::Missing, at(9)],
            "WHAT",
        ),
    ];
    (table, rows)
}

#[test]
fn by_value_ties_in_the_servers_order_and_missing_last_both_ways() {
    let (table, rows) = rows();
    for (text, want) in [
        ("id", [2, 1, 0, 3]),
        ("-id", [0, 1, 2, 3]),
        ("restoreTenantName", [2, 0, 3, 1]),
        ("-restoreTenantName", [0, 3, 2, 1]),
        ("ocpJobId", [3, 2, 0, 1]),
        ("-ocpJobId", [2, 3, 0, 1]),
        ("createTime", [0, 3, 1, 2]),
        ("-createTime", [1, 0, 3, 2]),
        ("duration", [0, 1, 2, 3]),
        ("rewind", [3, 1, 0, 2]),
        ("-rewind", [1, 3, 0, 2]),
        ("status", [0, 1, 2, 3]),
        ("-status", [3, 2, 1, 0]),
        ("errorMsg", [0, 1, 2, 3]),
    ] {
        let mut sorted = rows.clone();
        sort(
            &mut sorted,
            &table,
            Sort::parse(text).unwrap(),
            100,
            &FixedLocale::default(),
        );
        assert_eq!(sorted, want, "{text}");
    }
}

#[test]
fn a_header_goes_up_down_and_back() {
    let up = Sort::next(None, Column::Id);
    let down = Sort::next(up, Column::Id);
    assert_eq!(
        (up.unwrap().print(), down.unwrap().print()),
        ("id".into(), "-id".into())
    );
    assert_eq!(Sort::next(down, Column::Id), None);
    assert_eq!(Sort::next(down, Column::Status).unwrap().print(), "status");
}
