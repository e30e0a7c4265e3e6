//! Times and durations. [Ranges](range) and [written times](written) are in modules of their own.
//!
//! A time is microseconds since 1970 in UTC. OCP sends milliseconds at most, other servers up to nine
//! digits, and an `i64` of microseconds covers every year that can be written. There is no clock here:
//! `now` is always a parameter.

mod range;
mod written;

use chrono::{DateTime, Datelike, Timelike};

use super::locale::Locale;
pub use range::{Preset, Range};
pub use written::{Written, read};

/// Microseconds in a second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Microseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Microseconds in a day of 24 hours.
pub const DAY: i64 = 24 * HOUR;

/// A time in UTC: ISO 8601 with milliseconds and `Z`.
pub fn utc(at: i64) -> String {
    let mut text = iso(at, 0, "");
    text.truncate(text.len() - "+0000".len());
    text.push('Z');
    text
}

/// The time at which the clocks of a zone show `wall` (microseconds since 1970 as if in UTC). If they
/// show it twice, the first time. If they never do (an hour skipped by DST), the time as far after the
/// gap.
pub fn from_wall(wall: i64, locale: &dyn Locale) -> i64 {
    let offset = |at: i64| i64::from(locale.offset_at(at)) * SECOND;
    let before = wall - offset(wall - DAY);
    let after = wall - offset(wall + DAY);
    let (early, late) = (before.min(after), before.max(after));
    if early + offset(early) == wall {
        return early;
    }
    if late + offset(late) == wall {
        return late;
    }
    before
}

/// What the clocks of a zone show at a time, in microseconds since 1970 as if in UTC.
pub fn to_wall(at: i64, locale: &dyn Locale) -> i64 {
    at.saturating_add(i64::from(locale.offset_at(at)) * SECOND)
}

/// The first time that is meant, and the first one after it. A day is as long as it is in the zone.
pub fn span(written: Written, locale: &dyn Locale) -> (i64, i64) {
    match written {
        Written::Day(wall) => (from_wall(wall, locale), from_wall(wall + DAY, locale)),
        Written::Local(wall) => {
            let at = from_wall(wall, locale);
            (at, at + 1)
        }
        Written::Instant(at, _) => (at, at + 1),
    }
}

/// ISO 8601 with milliseconds and the offset: `2021-09-09T18:32:18.833+08:00`, or `+0800` if `colon` is
/// empty.
pub fn iso(at: i64, offset_seconds: i32, colon: &str) -> String {
    let Some(wall) = DateTime::from_timestamp_micros(at.saturating_add(i64::from(offset_seconds) * SECOND))
    else {
        return at.to_string();
    };
    let minutes = offset_seconds.unsigned_abs() / 60;
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{}{:02}{colon}{:02}",
        wall.year(),
        wall.month(),
        wall.day(),
        wall.hour(),
        wall.minute(),
        wall.second(),
        wall.timestamp_subsec_millis(),
        if offset_seconds < 0 { '-' } else { '+' },
        minutes / 60,
        minutes % 60,
    )
}

/// Reads `10m`, `1h30m`, `1.5h`, `90` (seconds) or `-5m`. Returns the length and the smallest unit typed,
/// both in microseconds; `None` if it is not a duration.
pub fn read_duration(text: &str) -> Option<(i64, i64)> {
    let text = text.trim();
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if rest.is_empty() {
        return None;
    }
    let (mut total, mut smallest) = (0_i64, i64::MAX);
    while !rest.is_empty() {
        let length = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let number: f64 = rest.get(..length)?.parse().ok()?;
        rest = rest[length..].trim_start();
        let length = rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let unit = match rest[..length].to_ascii_lowercase().as_str() {
            "ms" => 1000,
            "" | "s" | "sec" => SECOND,
            "m" | "min" => MINUTE,
            "h" => HOUR,
            "d" => DAY,
            _ => return None,
        };
        let value = number * unit as f64;
        if value > 9e18 {
            return None;
        }
        total = total.checked_add(value as i64)?;
        smallest = smallest.min(unit);
        rest = rest[length..].trim_start();
    }
    Some((if negative { -total } else { total }, smallest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_gives_back_what_was_read() {
        let Some(Written::Instant(at, offset)) = read("2021-09-09T18:32:18.833+0800") else {
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
            assert_eq!(read_duration(text), want, "{text}");
        }
    }

    /// Clocks go forward an hour at 02:00 on 1970-01-11, and back at the same wall time on the 21st.
    struct Dst;
    impl Locale for Dst {
        fn lang(&self) -> super::super::text::Lang {
            super::super::text::Lang::EN
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
        let (start, end) = span(Written::Day(10 * DAY), &Dst);
        assert_eq!(end - start, 23 * HOUR);
        let (start, end) = span(Written::Day(20 * DAY), &Dst);
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
}
