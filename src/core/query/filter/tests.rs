use super::*;
use crate::core::api::response;
use crate::core::domain::task::Outcome;
use crate::core::i18n::locale::FixedLocale;

const TASKS: &str = r#"[
 {"id":4,"status":"RESTORE_FAIL","successful":false,"finished":true,"backupMode":"PHYSICAL_BACKUP","backupClusterName":"yc0820_17",
  "backupTenantName":"yctest","restoreTenantName":"restoretest","ocpJobId":-1,"createTime":"2021-09-09T18:32:18.833+0800",
  "finishTime":"2021-09-09T18:32:20.066+0800","restoreEndTime":"2021-09-09T17:19:00.000+0800","restoreUri":"oss://b?access_key=hush",
  "errorMsg":"CLOG : OB_ENTRY_NOT_EXIST(-4018) on \"1.1.1.1:2882\" with traceid YB42AC1E55AC-0005CB53B2946DFF"},
 {"id":"9223372036854775807","status":"RESTORE_SUCCESS","backupMode":"LOGICAL_BACKUP","backupTenantName":"订单","restoreTenantName":"Orders, two",
  "ocpJobId":77,"createTime":"2021-08-31T14:17:23.808+0800","finishTime":"2021-08-31T14:28:42.265+0800","restorePoolListStr":"pool_a,pool_b"},
 {"id":5,"status":"RESTORE_WAIT_LS","backupTenantName":"x","createTime":"2021-09-10T00:00:00.000+0800","errorMsg":""},
 {"id":6,"status":"ODD_ONE","backupTenantName":"y"}
]"#;

/// The ids that pass, and the hints.
fn run(text: &str) -> (Vec<i64>, Vec<Hint>) {
    let mut table = Table::default();
    let mut rows = table.absorb(&response::tasks(TASKS).unwrap().rows);
    let shanghai = FixedLocale {
        offset: 8 * 3600,
        ..FixedLocale::default()
    };
    let filter = Filter::parse(text, &shanghai);
    let now = 1_631_203_200_000_000 + 3600 * 1_000_000;
    filter.retain(&mut rows, &table, now, &shanghai);
    let id = |row: &u32| table.id(*row).unwrap().min(1000);
    let hints = filter.hints.into_iter().map(|(_, hint)| hint);
    (rows.iter().map(id).collect(), hints.collect())
}

#[test]
fn tokens_and_words() {
    let table: &[(&str, &[i64])] = &[
        ("", &[4, 1000, 5, 6]),
        ("status:failed", &[4]),
        ("STATUS:Failed", &[4]),
        ("status:failed,running", &[4, 5]),
        ("-status:RESTORE_SUCCESS", &[4, 5, 6]),
        ("status:unknown", &[6]),
        ("status:fail", &[]),
        ("tenant:yctest", &[4]),
        ("tenant:\"orders, two\"", &[1000]),
        ("tenant:订", &[1000]),
        ("cluster:0820", &[4]),
        ("mode:physical", &[4]),
        ("error:4018", &[4]),
        ("error:-4018", &[4]),
        ("error:401", &[]),
        ("error:entry_not", &[4]),
        ("error:OB_ENTRY_NOT_EXIST", &[4]),
        ("created:>2021-09-09", &[5]),
        ("created:<2021-09-09", &[1000]),
        ("created:2021-09-09", &[4]),
        ("created:2021-08-31..2021-09-09", &[4, 1000]),
        ("created:>=2021-09-09", &[4, 5]),
        ("created:<=2021-09-09", &[4, 1000]),
        ("created:2021-09-10..", &[5]),
        ("created:>2021-09-09T18:32", &[4, 5]),
        ("-created:>2021-09-09", &[4, 1000, 6]),
        ("finished:2021-09-01..2021-09-30", &[4]),
        ("duration:>10m", &[1000, 5]),
        ("duration:<2s", &[4]),
        ("duration:1s", &[4]),
        ("duration:11m", &[1000]),
        ("rewind:>1h", &[4]),
        ("id:4", &[4]),
        ("id:9223372036854775807", &[1000]),
        ("job:77", &[1000]),
        ("job:-1", &[]),
        ("uri:oss", &[4]),
        ("pool:pool_b", &[1000]),
        ("completed", &[1000]),
        ("restore_success", &[1000]),
        ("log streams", &[5]),
        ("\"baseline log\"", &[5]),
        ("logical", &[1000]),
        ("yctest -status:failed", &[]),
        ("-yctest", &[1000, 5, 6]),
        ("0005cb53", &[4]),
        ("hush", &[]),
        ("***", &[4]),
        ("92233720", &[1000]),
        ("oss://b", &[4]),
        ("18:32:18", &[]),
        // The colon of a Chinese input method.
        ("status：failed", &[4]),
        ("-id：4", &[1000, 5, 6]),
    ];
    for (text, want) in table {
        assert_eq!(run(text).0, *want, "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_named_and_left_out() {
    for token in [
        "created:yesterday",
        "duration:>soon",
        "status:",
        "-id:x",
        "created:2021-09-02..2021-09-01",
        "rewind:..",
    ] {
        let (ids, hints) = run(&format!("status:failed {token}"));
        assert_eq!(
            (ids, hints),
            (vec![4], vec![Hint::Unreadable(token.into())]),
            "{token}"
        );
    }
    let (ids, hints) = run("tenent:yctest");
    assert_eq!((ids, hints), (vec![], vec![Hint::NoField("tenent".into())]));
    assert_eq!(run("10:30").1, vec![]);
    assert_eq!(run("注意：内存").1, vec![]);
}

#[test]
fn picking_and_typing_are_one_state() {
    assert_eq!(
        pick("yctest status:running", &[Outcome::Failed]),
        "yctest status:failed"
    );
    assert_eq!(
        pick("a  \"b c\"", &[Outcome::Failed, Outcome::Running]),
        "a \"b c\" status:failed,running"
    );
    assert_eq!(pick("status:failed -status:X", &[]), "-status:X");
    assert_eq!(
        picked("a status:failed,running"),
        vec![Outcome::Failed, Outcome::Running]
    );
    assert_eq!(picked("-status:failed"), vec![]);
    // Both must match, so neither is picked.
    assert_eq!(picked("status:failed status:running"), vec![]);
}

#[test]
fn a_word_is_found_wherever_it_stands() {
    let texts = [
        "",
        "o",
        "OB_ENTRY_NOT_EXIST",
        "a trade_Trade order",
        "磁盘 Full É",
        "\u{212a}ey İd",
        "@`{[",
        "restoretest",
    ];
    let mut parts = vec![
        "k",
        "i",
        "é",
        "i\u{307}d",
        "_not",
        "tt",
        "zz",
        "@",
        "`",
        "e",
        "ordeR",
    ];
    let lower: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    for text in &lower {
        let ends: Vec<usize> = text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .collect();
        parts.extend(
            ends.iter()
                .flat_map(|&from| ends.iter().filter_map(move |&to| text.get(from..to))),
        );
    }
    for text in texts {
        for pad in 0..10 {
            let text = format!("{}{text}", "-".repeat(pad));
            for part in parts.iter().map(|part| part.to_lowercase()) {
                assert_eq!(
                    has(&text, &part),
                    text.to_lowercase().contains(&part),
                    "{part} in {text}"
                );
            }
        }
    }
}

#[test]
fn a_value_of_the_data_can_be_picked_and_left_again() {
    let table = [
        ("tenant", "orders", Some("tenant:orders")),
        ("tenant", "a b", Some("tenant:\"a b\"")),
        ("tenant", "a,b", Some("tenant:\"a,b\"")),
        ("tenant", "订单", Some("tenant:订单")),
        ("tenant", "a\"b", None),
        ("error", " ", None),
    ];
    for (field, value, want) in table {
        assert_eq!(token(Field::parse(field).unwrap(), value).as_deref(), want);
        let Some(token) = want else { continue };
        let with = toggle("status:failed  \"x y\"", token);
        assert_eq!(with, format!("status:failed \"x y\" {token}"));
        assert!(has_token(&with, token) && !has_token("orders", token));
        assert_eq!(toggle(&with, token), "status:failed \"x y\"");
    }
}

#[test]
fn tokens_are_where_they_were_typed_and_can_be_taken_out() {
    let table: &[(&str, &[&str])] = &[
        ("", &[]),
        ("  ", &[]),
        ("status:failed", &[""]),
        (
            " a  status:failed\u{3000}\"b c\" ",
            &[
                " status:failed\u{3000}\"b c\" ",
                " a  \"b c\" ",
                " a  status:failed",
            ],
        ),
        ("订单 x", &["x", "订单"]),
        ("tenant:\"a b\",c d", &["d", "tenant:\"a b\",c"]),
        ("a \"b c", &["\"b c", "a"]),
        ("a a a", &["a a", "a a", "a a"]),
    ];
    for (text, want) in table {
        let spans: Vec<_> = spans(text).collect();
        let found: Vec<&str> = spans.iter().map(|span| &text[span.clone()]).collect();
        assert_eq!(found, tokens(text).collect::<Vec<_>>(), "{text}");
        let left: Vec<String> = (0..spans.len()).map(|number| without(text, number)).collect();
        assert_eq!(left, *want, "{text}");
        assert_eq!(without(text, spans.len()), *text);
    }
    let has_more: [bool; 6] = ["", "trade", "\"a b\"", "tenent:x", "-id:4", "a b"].map(has_parts);
    assert_eq!(has_more, [false, false, false, false, true, true]);
    assert_eq!(field("-Status:x"), Some(Field::Status));
    assert_eq!([field("-"), field("tenent:x"), field("status")], [None; 3]);
}

#[test]
fn a_hint_knows_its_token() {
    let filter = Filter::parse("a created:soon b tenent:x -id:y", &FixedLocale::default());
    let of: Vec<usize> = filter.hints.iter().map(|(number, _)| *number).collect();
    assert_eq!(of, [1, 3, 4]);
}
