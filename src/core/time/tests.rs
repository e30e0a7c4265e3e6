use super::*;
use crate::core::i18n::locale::Locale;

#[test]
fn iso_gives_back_what_was_read() {
    let Some(WrittenTime::Instant(at, offset)) = parse_time("2021-09-09T18:32:18.833+0800") else {
        panic!()
    };
    assert_eq!(
        iso(at, i32::from(offset) * 60, ""),
        "2021-09-09T18:32:18.833+0800"
    );
    assert_eq!(iso(at, -3 * 3600 - 1800, ":"), "2021-09-09T07:02:18.833-03:30");
}

#[test]
fn durations_are_read() {
    let table = [
        ("10m", Some((10 * MINUTE, MINUTE))),
        ("1h30m", Some((90 * MINUTE, MINUTE))),
        ("1.5h", Some((90 * MINUTE, HOUR))),
        ("90", Some((90 * SECOND, SECOND))),
        ("-5m", Some((-5 * MINUTE, MINUTE))),
        ("250ms", Some((250_000, 1000))),
        ("2d", Some((2 * DAY, DAY))),
        ("", None),
        ("-", None),
        ("m", None),
        ("10 parsecs", None),
        ("99999999999999999999d", None),
    ];
    for (text, want) in table {
        assert_eq!(parse_duration(text), want, "{text}");
    }
}

/// Clocks go forward an hour at 02:00 on 1970-01-11, and back at the same wall time on the 21st.
struct Dst;
impl Locale for Dst {
    fn lang(&self) -> crate::core::i18n::Lang {
        crate::core::i18n::Lang::EN
    }
    fn zone(&self) -> &str {
        "Test/Dst"
    }
    fn offset_at(&self, at: i64) -> i32 {
        if (10 * DAY + 2 * HOUR..20 * DAY + HOUR).contains(&at) {
            3600
        } else {
            0
        }
    }
    fn compare(&self, a: &str, b: &str) -> std::cmp::Ordering {
        a.cmp(b)
    }
}

#[test]
fn days_of_23_and_25_hours() {
    let (start, end) = span(WrittenTime::Day(10 * DAY), &Dst);
    assert_eq!(end - start, 23 * HOUR);
    let (start, end) = span(WrittenTime::Day(20 * DAY), &Dst);
    assert_eq!(end - start, 25 * HOUR);
    assert_eq!(
        from_wall(10 * DAY + 2 * HOUR + 30 * MINUTE, &Dst),
        10 * DAY + 2 * HOUR + 30 * MINUTE
    );
    assert_eq!(
        from_wall(20 * DAY + HOUR + 30 * MINUTE, &Dst),
        20 * DAY + 30 * MINUTE
    );
}
