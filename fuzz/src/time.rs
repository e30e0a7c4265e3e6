//! Times and durations in text.

use std::cmp::Ordering;

use chrono::DateTime;
use ob_restore_tasks::core::format;
use ob_restore_tasks::core::i18n::Lang;
use ob_restore_tasks::core::i18n::locale::{FixedLocale, Locale};
use ob_restore_tasks::core::time::{
    DAY, HOUR, MINUTE, SECOND, TimeRange, WrittenTime, iso, parse_duration, parse_time, span, to_wall, utc,
};

/// A zone whose clocks go forward an hour on the 1st of every 40 days at two o'clock, and back on the 21st.
pub(crate) struct Dst;

impl Locale for Dst {
    fn lang(&self) -> Lang {
        Lang::EN
    }
    fn zone(&self) -> &str {
        "Test/Dst"
    }
    fn offset_at(&self, at: i64) -> i32 {
        let is_summer = (2 * HOUR..20 * DAY).contains(&at.rem_euclid(40 * DAY));
        if is_summer { 7200 } else { 3600 }
    }
    fn compare(&self, a: &str, b: &str) -> Ordering {
        a.cmp(b)
    }
}

/// Input, in lines: a time, a range, a duration; each may be any text.
pub fn time(data: &[u8]) {
    let Some(texts) = super::input::lines::<3>(data) else {
        return;
    };
    let zones: [&dyn Locale; 4] = [
        &FixedLocale::default(),
        &FixedLocale {
            lang: Lang::JA,
            offset: 9 * 3600,
        },
        &FixedLocale {
            lang: Lang::ZH_CN,
            offset: -12 * 3600 - 1800,
        },
        &Dst,
    ];
    for text in texts {
        written(text, &zones);
        range(text, &zones);
        duration(text);
    }
}

/// Times in the API and in text have milliseconds.
pub(crate) fn floor(written: WrittenTime) -> WrittenTime {
    let floor = |at: i64| at - at.rem_euclid(1000);
    match written {
        WrittenTime::Day(wall) => WrittenTime::Day(wall),
        WrittenTime::Local(wall) => WrittenTime::Local(floor(wall)),
        WrittenTime::Instant(at, offset) => WrittenTime::Instant(floor(at), offset),
    }
}

fn written(text: &str, zones: &[&dyn Locale]) {
    let got = parse_time(text);
    let padded = std::format!(" {text}\t");
    assert_eq!(parse_time(&padded), got, "white space around {text:?} matters");
    // Only chrono accepts leap seconds and offsets of more than 18 hours.
    if let (Some(WrittenTime::Instant(at, offset)), Ok(other)) =
        (got, DateTime::parse_from_rfc3339(text.trim()))
    {
        assert_eq!(at, other.timestamp_micros(), "{text:?} is another instant");
        assert_eq!(
            i32::from(offset) * 60,
            other.offset().local_minus_utc(),
            "{text:?}"
        );
    }
    let Some(got) = got else { return };
    let spelled = TimeRange::Between(Some(got), None).print();
    let again = parse_time(spelled.trim_end_matches('/'));
    assert_eq!(again, Some(floor(got)), "{text:?} is spelled {spelled:?}");
    for &zone in zones {
        let (start, end) = span(got, zone);
        assert!(start < end, "{text:?} ends before it begins in {}", zone.zone());
        match got {
            WrittenTime::Instant(at, _) => assert_eq!((start, end), (at, at + 1)),
            WrittenTime::Local(wall) => on_the_clock(start, wall, zone),
            WrittenTime::Day(wall) => {
                on_the_clock(start, wall, zone);
                on_the_clock(end, wall + DAY, zone);
                assert!(
                    (23 * HOUR..=25 * HOUR).contains(&(end - start)),
                    "a day of {} h",
                    (end - start) / HOUR
                );
            }
        }
        for at in [start, end] {
            let offset = zone.offset_at(at);
            for colon in ["", ":"] {
                let text = iso(at, offset, colon);
                let Some(WrittenTime::Instant(back, minutes)) = parse_time(&text) else {
                    // In another zone the year may have more than four digits.
                    assert!(
                        text.len() != 29 - 1 + colon.len() || !text.starts_with(|c: char| c.is_ascii_digit()),
                        "{text}"
                    );
                    continue;
                };
                assert_eq!(
                    (back, i32::from(minutes) * 60),
                    (at - at.rem_euclid(1000), offset),
                    "{text}"
                );
            }
            let clock = utc(at);
            if let Ok(other) = DateTime::parse_from_rfc3339(&clock) {
                assert_eq!(other.timestamp_micros(), at - at.rem_euclid(1000), "{clock}");
            }
            for shown in [
                format::time(at, 0, zone),
                format::day(at, at, zone),
                format::ago(at, 0, zone),
            ] {
                assert!(!shown.contains(['{', '}']), "{shown}");
            }
        }
    }
}

/// At this instant the clock shows `wall`, or never, if `wall` is in the skipped hour.
fn on_the_clock(at: i64, wall: i64, zone: &dyn Locale) {
    let shown = to_wall(at, zone);
    let skipped = shown - wall == HOUR && to_wall(at - HOUR - 1, zone) < wall;
    assert!(
        shown == wall || skipped,
        "{wall} is {shown} on the clock of {}",
        zone.zone()
    );
    if shown == wall {
        assert_ne!(to_wall(at - HOUR, zone), wall, "the second of two");
    }
}

fn range(text: &str, zones: &[&dyn Locale]) {
    let Some(got) = TimeRange::parse(text) else { return };
    let same = match got {
        TimeRange::Between(start, end) => TimeRange::Between(start.map(floor), end.map(floor)),
        other => other,
    };
    assert_eq!(
        TimeRange::parse(&got.print()),
        Some(same),
        "{text:?} is spelled {:?}",
        got.print()
    );
    assert_eq!(same.print(), got.print());
    for &zone in zones {
        let now = 1_795_392_000 * SECOND;
        let (start, end) = got.bounds(now, zone);
        match got {
            TimeRange::All => assert_eq!((start, end), (None, None)),
            TimeRange::Last(preset) => assert_eq!((start, end), (Some(now - preset.length()), None)),
            TimeRange::Between(from, to) => {
                assert_eq!((start.is_some(), end.is_some()), (from.is_some(), to.is_some()));
                if let (Some(start), Some(WrittenTime::Day(_)), true) = (start, from, from == to) {
                    let length = end.unwrap_or(start) - start;
                    assert!(
                        (23 * HOUR - 1000..25 * HOUR).contains(&length),
                        "a day of {length} µs"
                    );
                }
            }
        }
    }
}

fn duration(text: &str) {
    let got = parse_duration(text);
    let padded = std::format!("\t{text} ");
    assert_eq!(
        parse_duration(&padded),
        got,
        "white space around {text:?} matters"
    );
    let Some((length, unit)) = got else { return };
    assert!([1000, SECOND, MINUTE, HOUR, DAY].contains(&unit), "{text:?}");
    let is_negative = text.trim().starts_with('-');
    assert!(
        if is_negative { length <= 0 } else { length >= 0 },
        "{text:?} is {length}"
    );
    let other = if is_negative {
        text.trim()[1..].to_owned()
    } else {
        std::format!("-{}", text.trim())
    };
    assert_eq!(parse_duration(&other), Some((-length, unit)), "{other:?}");
    // Up to here a double is exact.
    if length.unsigned_abs() < 1 << 53 {
        let (ms, rest) = (length / 1000, length % 1000);
        if rest == 0 {
            assert_eq!(
                parse_duration(&std::format!("{ms}ms")),
                Some((length, 1000)),
                "{text:?}"
            );
        }
    }
    for lang in [Lang::EN, Lang::ZH_CN, Lang::JA] {
        let shown = format::duration(length, lang);
        assert!(!shown.is_empty() && !shown.contains(['{', '}']), "{shown}");
    }
}
