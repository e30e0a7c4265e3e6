//! Words and numbers as a person reads them: titles, statuses, lengths of time, dates.

use chrono::{DateTime, Datelike, Timelike};

use crate::core::domain::column::Column;
use crate::core::domain::task::{Outcome, Status};
use crate::core::i18n::locale::Locale;
use crate::core::i18n::{Key, Lang, Language, fill, terms, text};
use crate::core::time::{DAY, HOUR, MINUTE, SECOND, to_wall};

/// The title of a column's header.
pub fn title(lang: Lang, column: Column) -> &'static str {
    text(lang, terms::column(column))
}

/// The text of the status cell. Never blank: an unknown status is shown as sent.
pub fn status_text<'a>(lang: Lang, raw: &'a str, desc: &'a str, outcome: Outcome) -> &'a str {
    match (outcome, Status::parse(raw)) {
        (Outcome::Succeeded | Outcome::Failed, _) => text(lang, terms::outcome(outcome)),
        (Outcome::Running, Status::Stage(stage)) => text(lang, terms::stage(stage)),
        (Outcome::Running, Status::Success | Status::Fail | Status::Restoring) => text(lang, Key::Running),
        _ => [desc, raw]
            .into_iter()
            .find(|words| !words.trim().is_empty())
            .unwrap_or(text(lang, Key::Unknown)),
    }
}

/// The text for a backup mode. An unknown mode is returned as sent.
pub fn mode_text(lang: Lang, raw: &str) -> &str {
    match raw {
        "PHYSICAL_BACKUP" => text(lang, Key::Physical),
        "LOGICAL_BACKUP" => text(lang, Key::Logical),
        other => other,
    }
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A whole number with a comma between thousands, as all three languages do.
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A time with its date, and with its year unless it is the current one. `at` and `now` are in
/// microseconds since 1970.
pub fn time(at: i64, now: i64, locale: &dyn Locale) -> String {
    let (Some(wall), Some(today)) = (
        DateTime::from_timestamp_micros(to_wall(at, locale)),
        DateTime::from_timestamp_micros(to_wall(now, locale)),
    ) else {
        return at.to_string();
    };
    let clock = format!("{:02}:{:02}:{:02}", wall.hour(), wall.minute(), wall.second());
    let (year, month, day) = (wall.year(), wall.month(), wall.day());
    let this_year = year == today.year();
    match locale.lang().language {
        Language::En => {
            let month = MONTHS.get(wall.month0() as usize).copied().unwrap_or_default();
            if this_year {
                format!("{month} {day}, {clock}")
            } else {
                format!("{month} {day}, {year}, {clock}")
            }
        }
        Language::ZhCn | Language::Ja if this_year => format!("{month}月{day}日 {clock}"),
        Language::ZhCn | Language::Ja => format!("{year}年{month}月{day}日 {clock}"),
    }
}

/// The date of a time, with its year unless it is the current one.
pub fn day(at: i64, now: i64, locale: &dyn Locale) -> String {
    // In all languages, a space separates the date from the time of day.
    let mut text = time(at, now, locale);
    if let Some(at) = text.rfind(' ') {
        text.truncate(at);
    }
    text.truncate(text.trim_end_matches(',').len());
    text
}

/// The time of day if the time is today, otherwise with its date.
pub fn moment(at: i64, now: i64, locale: &dyn Locale) -> String {
    let (wall, today) = (to_wall(at, locale), to_wall(now, locale));
    match DateTime::from_timestamp_micros(wall) {
        Some(wall_time) if wall.div_euclid(DAY) == today.div_euclid(DAY) => {
            format!(
                "{:02}:{:02}:{:02}",
                wall_time.hour(),
                wall_time.minute(),
                wall_time.second()
            )
        }
        _ => time(at, now, locale),
    }
}

/// A length of time in its two largest units: `1.2 s`, `1 m 14 s`, `3 h 05 m`, `2 d 4 h`.
pub fn duration(micros: i64, lang: Lang) -> String {
    let sign = if micros < 0 { "−" } else { "" };
    let length = micros.unsigned_abs().min(i64::MAX as u64) as i64;
    // Cut off and not rounded: 59.96 s would become 60.0.
    let tenths = length / (SECOND / 10);
    let (key, a, b) = if (MINUTE..HOUR).contains(&length) {
        (Key::LengthMinutes, length / MINUTE, length % MINUTE / SECOND)
    } else if length >= DAY {
        (Key::LengthDays, length / DAY, length % DAY / HOUR)
    } else if length >= HOUR {
        (Key::LengthHours, length / HOUR, length % HOUR / MINUTE)
    } else if length < SECOND && tenths == 0 && length > 0 {
        (Key::LengthMillis, (length / 1000).max(1), 0)
    } else if tenths < 100 {
        (Key::LengthTenths, tenths / 10, tenths % 10)
    } else {
        (Key::LengthSeconds, tenths / 10, 0)
    };
    let (a, one, two) = (a.to_string(), b.to_string(), format!("{b:02}"));
    format!(
        "{sign}{}",
        fill(lang, key, &[("a", &a), ("b", &one), ("bb", &two)])
    )
}

/// How long ago or how far ahead a time is, in its largest unit.
pub fn ago(at: i64, now: i64, locale: &dyn Locale) -> String {
    let distance = at.saturating_sub(now);
    let length = distance.unsigned_abs().min(i64::MAX as u64) as i64;
    let (unit, size) = match length {
        0..MINUTE => ("second", SECOND),
        MINUTE..HOUR => ("minute", MINUTE),
        HOUR..DAY => ("hour", HOUR),
        _ if length < 60 * DAY => ("day", DAY),
        _ if length < 730 * DAY => ("month", 30 * DAY),
        _ => ("year", 365 * DAY),
    };
    locale.relative(distance / size, unit)
}

/// An error code with a minus sign as wide as the digits.
pub fn error_code(code: i32) -> String {
    let sign = if code < 0 { "−" } else { "" };
    format!("{sign}{}", code.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::domain::task::{Outcome, outcome};
    use crate::core::i18n::locale::FixedLocale;
    use crate::core::time::{DAY, HOUR, MINUTE, SECOND};

    #[test]
    fn durations_in_two_units() {
        let table = [
            (0, "0.0 s"),
            (1_233_000, "1.2 s"),
            (78_457_000, "1 m 18 s"),
            (59_999_999, "59 s"),
            (3 * HOUR + 5 * MINUTE, "3 h 05 m"),
            (52 * HOUR, "2 d 4 h"),
            (40_000, "40 ms"),
            (400_000, "0.4 s"),
            (-73 * MINUTE, "−1 h 13 m"),
            (i64::MIN, "−106751991 d 4 h"),
        ];
        for (micros, want) in table {
            assert_eq!(duration(micros, Lang::EN), want);
        }
        let table = [
            (1_233_000, "1.2秒", "1.2秒"),
            (40_000, "40毫秒", "40ミリ秒"),
            (59_999_999, "59秒", "59秒"),
            (78_457_000, "1分18秒", "1分18秒"),
            (3 * HOUR + 5 * MINUTE, "3小时05分", "3時間05分"),
            (52 * HOUR, "2天4小时", "2日4時間"),
        ];
        for (micros, zh, ja) in table {
            assert_eq!(
                [zh, ja],
                [Lang::ZH_CN, Lang::JA].map(|lang| duration(micros, lang))
            );
        }
    }

    #[test]
    fn how_long_ago_in_the_unit_that_matters() {
        let table = [
            (0, "0 second"),
            (-59 * SECOND, "-59 second"),
            (-61 * MINUTE, "-1 hour"),
            (25 * HOUR, "1 day"),
            (-59 * DAY, "-59 day"),
            (-61 * DAY, "-2 month"),
            (-800 * DAY, "-2 year"),
            (i64::MIN, "-292471 year"),
        ];
        for (distance, want) in table {
            assert_eq!(ago(distance, 0, &FixedLocale::default()), want);
        }
    }

    #[test]
    fn times_carry_their_date_and_the_year_when_it_is_not_this_one() {
        let at = 1_631_183_538 * SECOND;
        let shanghai = |lang| FixedLocale {
            lang,
            offset: 8 * 3600,
        };
        assert_eq!(time(at, at, &FixedLocale::default()), "Sep 9, 10:32:18");
        assert_eq!(
            time(at, at + 400 * DAY, &shanghai(Lang::EN)),
            "Sep 9, 2021, 18:32:18"
        );
        assert_eq!(
            time(at, at + 400 * DAY, &shanghai(Lang::ZH_CN)),
            "2021年9月9日 18:32:18"
        );
        assert_eq!(time(at, at, &shanghai(Lang::JA)), "9月9日 18:32:18");
        assert_eq!(day(at, at, &shanghai(Lang::EN)), "Sep 9");
        assert_eq!(day(at, at + 400 * DAY, &shanghai(Lang::EN)), "Sep 9, 2021");
        assert_eq!(day(at, at + 400 * DAY, &shanghai(Lang::ZH_CN)), "2021年9月9日");
    }

    #[test]
    fn numbers_have_their_thousands_apart() {
        for (value, want) in [(0, "0"), (999, "999"), (1240, "1,240"), (1_234_567, "1,234,567")] {
            assert_eq!(number(value), want);
        }
    }

    #[test]
    fn every_status_of_the_console_has_its_words() {
        let table = [
            ("RESTORE_SUCCESS", "Completed", "已完成", "完了"),
            ("RESTORE_FAIL", "Failed", "失败", "失敗"),
            (
                "RESTORE_CREATE_TENANT",
                "Creating tenant",
                "租户创建中",
                "テナント作成中",
            ),
            (
                "RESTORE_SYS_REPLICA",
                "Recovering system replicas",
                "系统副本恢复中",
                "システムレプリカ復元中",
            ),
            (
                "RESTORE_UPGRADE_PRE",
                "Pre-upgrade check",
                "升级前检查",
                "アップグレード前チェック",
            ),
            (
                "RESTORE_UPGRADE_POST",
                "Post-upgrade check",
                "升级后检查",
                "アップグレード後チェック",
            ),
            (
                "RESTORE_MODIFY_SCHEMA",
                "Modifying schemas",
                "schema 修改中",
                "スキーマ変更中",
            ),
            (
                "RESTORE_CREATE_USER_PARTITIONS",
                "Creating user partitions",
                "用户分区创建中",
                "ユーザーパーティション作成中",
            ),
            (
                "RESTORE_USER_REPLICA",
                "Recovering user replicas",
                "用户副本恢复中",
                "ユーザーレプリカ復元中",
            ),
            (
                "RESTORE_REBUILD_INDEX",
                "Rebuilding indexes",
                "索引创建中",
                "インデックス再作成中",
            ),
            (
                "RESTORE_POST_CHECK",
                "Checking indexes",
                "索引检查中",
                "インデックス確認中",
            ),
            (
                "RESTORE_PRE",
                "Setting configuration items",
                "设置配置项",
                "構成項目の設定中",
            ),
            (
                "RESTORE_CREATE_INIT_LS",
                "Creating baseline log streams",
                "创建基线日志流",
                "ベースラインログストリーム作成中",
            ),
            (
                "RESTORE_WAIT_LS",
                "Restoring baseline log streams",
                "基线日志流恢复中",
                "ベースラインログストリーム復元中",
            ),
            (
                "POST_CHECK",
                "Setting up the standby tenant",
                "设置备租户",
                "スタンバイテナント設定中",
            ),
            (
                "UPGRADE",
                "Upgrading the tenant",
                "租户升级中",
                "テナントのアップグレード中",
            ),
            (
                "WAIT_TENANT_RESTORE_FINISH",
                "Waiting for the tenant to be restored",
                "等待租户恢复结束",
                "テナントの復元待ち",
            ),
        ];
        for (raw, en, zh, ja) in table {
            let outcome = outcome(raw, None, None);
            assert_eq!(status_text(Lang::EN, raw, "", outcome), en, "{raw}");
            assert_eq!(status_text(Lang::ZH_CN, raw, "", outcome), zh, "{raw}");
            assert_eq!(status_text(Lang::JA, raw, "", outcome), ja, "{raw}");
        }
    }

    #[test]
    fn what_is_unknown_is_shown_as_it_came() {
        assert_eq!(
            status_text(Lang::EN, "RESTORE_ARCHIVING", "", Outcome::Unknown),
            "RESTORE_ARCHIVING"
        );
        assert_eq!(
            status_text(Lang::EN, "X", "Archiving", Outcome::Unknown),
            "Archiving"
        );
        assert_eq!(status_text(Lang::EN, "", " ", Outcome::Unknown), "Unknown");
        assert_eq!(mode_text(Lang::EN, "SNAPSHOT"), "SNAPSHOT");
    }
}
