use super::*;
use crate::core::api::response;
use crate::core::i18n::Lang;
use crate::core::i18n::locale::FixedLocale;
use crate::core::query::filter::Filter;
use crate::core::table::Table;

const TASKS: &str = r#"[
 {"id":1,"status":"RESTORE_FAIL","successful":false,"finished":true,"backupMode":"PHYSICAL_BACKUP","backupClusterName":"ob_prod",
  "backupTenantName":"trade","restoreTenantName":"trade_copy","createTime":"2021-09-09T18:32:18.833+0800","restorePoolListStr":"pool_a,pool_b",
  "errorMsg":"CLOG : OB_ENTRY_NOT_EXIST(-4018) on \"1.1.1.1:2882\" with traceid YB42AC1E55AC-0005CB53B2946DFF"},
 {"id":2,"status":"RESTORE_FAIL","successful":false,"finished":true,"backupMode":"PHYSICAL_BACKUP","backupClusterName":"ob_prod",
  "backupTenantName":"trade","restoreTenantName":"trade","createTime":"2021-09-08T18:32:18.833+0800","restorePoolListStr":"pool_a",
  "errorMsg":"STORAGE : OB_CHECKSUM_ERROR(-4103) on \"1.1.1.2:2882\" with traceid YB42AC1E55AC-0005CB53B2946DFE"},
 {"id":3,"status":"RESTORE_FAIL","successful":false,"finished":true,"backupClusterName":"ob_test",
  "backupTenantName":"Orders, two","restoreTenantName":"say \"x\"","createTime":"2021-09-07T18:32:18.833+0800",
  "errorMsg":"CLOG : OB_ENTRY_NOT_EXIST(-4018) on \"1.1.1.3:2882\" with traceid YB42AC1E55AC-0005CB53B2946DFD"},
 {"id":4,"status":"RESTORE_SUCCESS","successful":true,"finished":true,"backupMode":"LOGICAL_BACKUP","backupTenantName":"订单",
  "createTime":"2021-09-10T23:30:00.000+0000","finishTime":"2021-09-11T01:00:00.000+0000"},
 {"id":5,"status":"RESTORE_WAIT_LS","backupTenantName":"x y","createTime":"2021-09-01T00:00:00.000+0800"}
]"#;

/// The suggestions at the `|` of a text, each as the text with it, with its label and count.
fn all(text: &str, is_asked: bool, lang: Lang) -> Vec<(String, String, Option<u32>)> {
    let mut table = Table::default();
    let rows = table.absorb(&response::tasks(TASKS).unwrap().rows);
    let locale = FixedLocale {
        lang,
        offset: 8 * 3600,
    };
    let caret = text.find('|').unwrap();
    let text = text.replace('|', "");
    let known = Known {
        table: &table,
        rows: &rows,
        locale: &locale,
        now: 0,
    };
    let suggestions = suggest(&text, caret, is_asked, known);
    let taken = suggestions.into_iter().map(|suggestion| {
        let (mut taken, caret) = suggestion.take(&text);
        taken.insert(caret, '|');
        (taken, suggestion.label, suggestion.count)
    });
    taken.collect()
}

fn taken(text: &str) -> Vec<String> {
    all(text, false, Lang::EN)
        .into_iter()
        .map(|(taken, ..)| taken)
        .collect()
}

#[test]
fn the_token_at_the_caret_is_gone_on_with() {
    let table: &[(&str, &[&str])] = &[
        // Fields, but not where nothing is typed.
        ("|", &[]),
        ("a |", &[]),
        ("st|", &["status:|"]),
        ("-ST|", &["-status:|"]),
        ("a r| b", &["a rewind:| b"]),
        ("sta|:failed", &["status:|failed"]),
        ("tenent:yc|", &[]),
        ("trade|", &[]),
        ("\"st|", &[]),
        // Outcomes, then statuses that the tasks have, the most frequent first.
        (
            "status:|",
            &[
                "status:failed|",
                "status:running|",
                "status:succeeded|",
                "status:RESTORE_FAIL|",
                "status:RESTORE_SUCCESS|",
                "status:RESTORE_WAIT_LS|",
            ],
        ),
        ("-status:su|", &["-status:succeeded|", "-status:RESTORE_SUCCESS|"]),
        ("status:comp|", &["status:succeeded|"]),
        ("status:failed|", &[]),
        ("status:restore_fail|", &[]),
        ("status:failed,ru|", &["status:failed,running|"]),
        ("status:ru|,failed x", &["status:running|,failed x"]),
        ("status:failed,f|", &["status:failed,RESTORE_FAIL|"]),
        (
            "status:r|unnin",
            &[
                "status:running|",
                "status:RESTORE_FAIL|",
                "status:RESTORE_SUCCESS|",
                "status:RESTORE_WAIT_LS|",
            ],
        ),
        // Names. Those with spaces or commas are quoted, and those that the language cannot express are
        // missing.
        ("tenant:tr|", &["tenant:trade|", "tenant:trade_copy|"]),
        ("tenant:COPY|", &["tenant:trade_copy|"]),
        ("tenant:trade|", &[]),
        ("tenant:orders|", &["tenant:\"Orders, two\"|"]),
        (
            "tenant:\"orders, t| status:failed",
            &["tenant:\"Orders, two\"| status:failed"],
        ),
        ("tenant:\"orders, two\"|", &[]),
        ("tenant:\"orders, two\",x|", &["tenant:\"orders, two\",\"x y\"|"]),
        ("tenant:say|", &[]),
        ("tenant:订|", &["tenant:订单|"]),
        ("cluster:|", &["cluster:ob_prod|", "cluster:ob_test|"]),
        ("mode:phy|", &["mode:PHYSICAL_BACKUP|"]),
        ("pool:|", &["pool:pool_a|", "pool:pool_b|"]),
        (
            "error:|",
            &["error:OB_ENTRY_NOT_EXIST|", "error:OB_CHECKSUM_ERROR|"],
        ),
        ("error:4|", &["error:4018|", "error:4103|"]),
        ("error:-41|", &["error:-4103|"]),
        ("error:4018|", &[]),
        ("error:check|", &["error:OB_CHECKSUM_ERROR|"]),
        // Examples around the latest day of the tasks, in the shown zone.
        (
            "created:|",
            &[
                "created:2021-09-11|",
                "created:>2021-09-04|",
                "created:<2021-09-04|",
                "created:2021-09-04..2021-09-11|",
            ],
        ),
        ("created:>|", &["created:>2021-09-04|"]),
        ("created:>2021-09-01|", &[]),
        ("finished:<|", &["finished:<2021-09-04|"]),
        ("duration:>|", &["duration:>10m|", "duration:>1d|"]),
        ("duration:>10m|", &[]),
        ("rewind:10|", &[]),
        ("id:|", &[]),
        ("uri:|", &[]),
    ];
    for (text, want) in table {
        assert_eq!(taken(text), *want, "{text}");
    }
}

#[test]
fn who_asks_gets_more() {
    let asked = |text| -> Vec<String> {
        all(text, true, Lang::EN)
            .into_iter()
            .map(|(taken, ..)| taken)
            .collect()
    };
    assert_eq!(asked("|").len(), MOST);
    assert_eq!(asked("a |")[0], "a status:|");
    assert_eq!(asked("pool:pool_a|"), ["pool:pool_b|"]);
    assert_eq!(asked("duration:>10m|")[0], "duration:<1m|");
    assert_eq!(asked("tenent:|"), Vec::<String>::new());
}

#[test]
fn what_is_suggested_says_what_it_is_and_how_often_it_is_there() {
    let first = |text, lang| all(text, false, lang).remove(0);
    let of = |text: &str, label: &str, count| (text.to_owned(), label.to_owned(), count);
    assert_eq!(
        first("status:f|", Lang::EN),
        of("status:failed|", "Failed", Some(3))
    );
    assert_eq!(
        first("status:f|", Lang::JA),
        of("status:failed|", "失敗", Some(3))
    );
    // A task with the same name as source and target counts once.
    assert_eq!(first("tenant:t|", Lang::EN), of("tenant:trade|", "", Some(2)));
    assert_eq!(
        first("error:e|", Lang::EN),
        of("error:OB_ENTRY_NOT_EXIST|", "4018", Some(2))
    );
    assert_eq!(
        first("error:40|", Lang::EN),
        of("error:4018|", "OB_ENTRY_NOT_EXIST", Some(2))
    );
    assert_eq!(
        first("ten|", Lang::EN),
        of("tenant:|", "Source or target tenant", None)
    );
    assert_eq!(first("租|", Lang::ZH_CN).0, "tenant:|");
    assert_eq!(first("status:完|", Lang::JA).0, "status:succeeded|");
}

/// Each suggestion can be read, wherever the caret is in any text, and taking it removes it from the
/// suggestions.
#[test]
fn whatever_is_taken_can_be_read() {
    let texts = [
        "status:failed,run tenant:\"Orders, two\",x -error:40 created:>2021 订单 pool:",
        "\"a b\" -te:st --status: :x tenant:,,\" \"",
        "\u{3000}-\u{3000}tenant:订\"单",
    ];
    let mut values = 0;
    for text in texts {
        for caret in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            let marked = [&text[..caret], "|", &text[caret..]].concat();
            for is_asked in [false, true] {
                for (taken, ..) in all(&marked, is_asked, Lang::EN) {
                    let caret = taken.find('|').unwrap();
                    let before = &taken[..caret];
                    let token = &before[spans(before).last().unwrap()];
                    if !token.ends_with(':') {
                        let filter = Filter::parse(token, &FixedLocale::default());
                        let is_whole = field(token).is_some() && filter.hints.is_empty();
                        assert!(is_whole, "{marked} gave {taken}");
                        values += 1;
                    }
                }
            }
        }
    }
    assert!(values > 100, "{values} values were suggested");
}

#[test]
fn places_are_counted_as_browsers_count() {
    let text = "a订😀b";
    for (unit, byte) in [(0, 0), (1, 1), (2, 4), (4, 8), (5, 9)] {
        assert_eq!((byte_at(text, unit), unit_at(text, byte)), (byte, unit));
    }
    // In the middle of a surrogate pair, and after the end.
    assert_eq!(
        (byte_at(text, 3), byte_at(text, 99), unit_at(text, 99)),
        (8, 9, 5)
    );
}
