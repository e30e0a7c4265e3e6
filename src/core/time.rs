//! Instants, durations and time ranges.
//!
//! An instant is microseconds since 1970 in UTC: OCP sends at most milliseconds, other servers up to nine
//! digits, and an `i64` of microseconds reaches further than any year that can be written. There is no clock
//! here: `now` is always passed in.

use chrono::{DateTime, Datelike, NaiveDate, Timelike};

use super::locale::Locale;

/// Microseconds in a second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Microseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Microseconds in a day of 24 hours.
pub const DAY: i64 = 24 * HOUR;

/// A written time: either a whole day, a wall-clock time without a zone, or an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// `2021-09-01`: microseconds since 1970 of its midnight, were it in UTC.
    Day(i64),
    /// `2021-09-01T10:00`: the same of the wall clock.
    Local(i64),
    /// With an offset, in minutes east.
    Instant(i64, i16),
}

/// Reads an ISO 8601 time: `T` or a space between, 0 to 9 digits of a second, `Z`, `+0800`, `+08:00` or no zone.
pub fn read(text: &str) -> Option<Written> {
    let mut rest = Digits(text.trim().as_bytes());
    let year = rest.two()? * 100 + rest.two()?;
    rest.skip(b"-")?;
    let month = rest.two()?;
    rest.skip(b"-")?;
    let date = NaiveDate::from_ymd_opt(year as i32, month, rest.two()?)?;
    if rest.0.is_empty() {
        return Some(Written::Day(
            date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros(),
        ));
    }
    rest.skip(b"Tt ")?;
    let hour = rest.two()?;
    rest.skip(b":")?;
    let minute = rest.two()?;
    let (mut second, mut micros) = (0, 0);
    if rest.skip(b":").is_some() {
        second = rest.two()?;
        if rest.skip(b".,").is_some() {
            micros = rest.fraction()?;
        }
    }
    let wall = date.and_hms_micro_opt(hour, minute, second, micros)?;
    let wall = wall.and_utc().timestamp_micros();
    if rest.0.is_empty() {
        return Some(Written::Local(wall));
    }
    let offset = rest.offset()?;
    rest.0
        .is_empty()
        .then(|| Written::Instant(wall - i64::from(offset) * MINUTE, offset))
}

/// What is left of a written time.
struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    /// Goes past one of these bytes.
    fn skip(&mut self, any: &[u8]) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        any.contains(byte).then(|| {
            self.0 = rest;
            *byte
        })
    }

    fn two(&mut self) -> Option<u32> {
        let (&[tens, ones], rest) = self.0.split_first_chunk()?;
        let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
        (tens < 10 && ones < 10).then(|| {
            self.0 = rest;
            u32::from(tens * 10 + ones)
        })
    }

    /// 1 to 9 digits behind the point, as microseconds.
    fn fraction(&mut self) -> Option<u32> {
        let length = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        let micros = (0..6).map(|at| digits.get(at).map_or(0, |digit| u32::from(digit - b'0')));
        (1..=9)
            .contains(&length)
            .then(|| micros.fold(0, |micros, digit| micros * 10 + digit))
    }

    /// `Z`, `+08`, `+0800`, `+08:00` in minutes.
    fn offset(&mut self) -> Option<i16> {
        let sign = match self.skip(b"zZ+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(0),
        };
        let hours = self.two()?;
        self.skip(b":");
        let minutes = if self.0.is_empty() { 0 } else { self.two()? };
        (hours <= 18 && minutes < 60).then(|| sign * (hours * 60 + minutes) as i16)
    }
}

/// An instant in UTC, with `Z`.
pub fn utc(at: i64) -> String {
    let mut text = iso(at, 0, "");
    text.truncate(text.len() - "+0000".len());
    text.push('Z');
    text
}

/// The instant at which the wall clock of a zone shows a time. Where it shows it twice, the first; where never
/// (the hour that DST skips), the instant as far after the gap.
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

/// What the wall clock of a zone shows at an instant, as if it were UTC.
pub fn to_wall(at: i64, locale: &dyn Locale) -> i64 {
    at.saturating_add(i64::from(locale.offset_at(at)) * SECOND)
}

/// The first instant of what is written, and the first one after it: a day is as long as it is in its zone.
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

/// ISO 8601 with milliseconds and the offset: `2021-09-09T18:32:18.833+08:00`, or `+0800` with an empty colon.
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

/// Reads `10m`, `1h30m`, `1.5h`, `90` (seconds), `-5m`; the second value is the size of the smallest unit typed.
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

/// How long ago the preset begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "named by their length")]
pub enum Preset {
    Hour,
    Day,
    Week,
    Month,
    Quarter,
}

impl Preset {
    /// All of them, shortest first.
    pub const ALL: [Self; 5] = [Self::Hour, Self::Day, Self::Week, Self::Month, Self::Quarter];

    /// The name in the attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::Quarter => "90d",
        }
    }

    /// Its length in microseconds.
    pub fn length(self) -> i64 {
        match self {
            Self::Hour => HOUR,
            Self::Day => DAY,
            Self::Week => 7 * DAY,
            Self::Month => 30 * DAY,
            Self::Quarter => 90 * DAY,
        }
    }
}

/// Which tasks are asked for, by when they were created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Range {
    /// All there are.
    #[default]
    All,
    /// The last so many hours or days, anew at each refresh.
    Last(Preset),
    /// From and to, each may be open.
    Between(Option<Written>, Option<Written>),
}

impl Range {
    /// Reads the attribute's value; `None` where it is no range.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.eq_ignore_ascii_case("all") {
            return Some(Self::All);
        }
        if let Some(preset) = Preset::ALL
            .into_iter()
            .find(|preset| preset.name().eq_ignore_ascii_case(text))
        {
            return Some(Self::Last(preset));
        }
        let (start, end) = text.split_once('/')?;
        let bound = |text: &str| {
            if text.trim().is_empty() {
                Some(None)
            } else {
                read(text).map(Some)
            }
        };
        match (bound(start)?, bound(end)?) {
            (None, None) => Some(Self::All),
            (start, end) => Some(Self::Between(start, end)),
        }
    }

    /// The bounds of the request at `now`: first and last instant, both included.
    pub fn bounds(self, now: i64, locale: &dyn Locale) -> (Option<i64>, Option<i64>) {
        match self {
            Self::All => (None, None),
            Self::Last(preset) => (Some(now - preset.length()), None),
            Self::Between(start, end) => (
                start.map(|written| span(written, locale).0),
                end.map(|written| match written {
                    // The API speaks in milliseconds, so a whole day ends with its last one.
                    Written::Day(_) => span(written, locale).1 - 1000,
                    _ => span(written, locale).0,
                }),
            ),
        }
    }

    /// The range as the attribute would spell it.
    pub fn spell(self) -> String {
        match self {
            Self::All => "all".into(),
            Self::Last(preset) => preset.name().into(),
            Self::Between(start, end) => {
                let side = |bound: Option<Written>| bound.map(spell_written).unwrap_or_default();
                format!("{}/{}", side(start), side(end))
            }
        }
    }
}

/// A written time, spelled again.
pub fn spell_written(written: Written) -> String {
    match written {
        Written::Day(wall) => iso(wall, 0, "")[..10].to_owned(),
        Written::Local(wall) => iso(wall, 0, "").trim_end_matches("+0000").to_owned(),
        Written::Instant(at, offset) => iso(at, i32::from(offset) * 60, ":"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::locale::Plain;

    #[test]
    fn times_are_read_with_any_offset_and_any_digits() {
        let base = 1_631_183_538 * SECOND;
        let table = [
            ("2021-09-09T18:32:18.833+0800", Some(base + 833_000)),
            ("2021-09-09T18:32:18.833+08:00", Some(base + 833_000)),
            ("2021-09-09T10:32:18Z", Some(base)),
            ("2021-09-09 10:32:18.1Z", Some(base + 100_000)),
            ("2021-09-09T10:32:18.123456789Z", Some(base + 123_456)),
            ("2021-09-09T10:32Z", Some(base - 18 * SECOND)),
            ("2021-09-09T02:32:18-0800", Some(base)),
            ("2021-09-09T10:32:18.1234567890Z", None),
            ("2021-02-30T10:32:18Z", None),
            ("2021-09-09T25:32:18Z", None),
            ("2021-09-09T10:32:18 UTC", None),
            ("yesterday", None),
            ("", None),
            ("２０２１-09-09", None),
        ];
        for (text, want) in table {
            let got = read(text).and_then(|written| match written {
                Written::Instant(at, _) => Some(at),
                _ => None,
            });
            assert_eq!(got, want, "{text}");
        }
        assert_eq!(
            read("2021-09-09"),
            Some(Written::Day(base - 10 * HOUR - 32 * MINUTE - 18 * SECOND))
        );
        assert_eq!(read("2021-09-09T10:32:18"), Some(Written::Local(base)));
    }

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

    #[test]
    fn ranges_are_days_of_the_zone() {
        let shanghai = Plain {
            offset: 8 * 3600,
            ..Plain::default()
        };
        let range = Range::read("2021-09-01/2021-09-02").unwrap();
        let (start, end) = range.bounds(0, &shanghai);
        assert_eq!(
            iso(start.unwrap(), 8 * 3600, ":"),
            "2021-09-01T00:00:00.000+08:00"
        );
        assert_eq!(iso(end.unwrap(), 8 * 3600, ":"), "2021-09-02T23:59:59.999+08:00");
        assert_eq!(range.spell(), "2021-09-01/2021-09-02");
        assert_eq!(
            Range::read("7d").unwrap().bounds(10 * DAY, &shanghai),
            (Some(3 * DAY), None)
        );
        assert_eq!(
            Range::read("/2021-09-02T10:00:00Z")
                .unwrap()
                .bounds(0, &shanghai)
                .0,
            None
        );
        assert_eq!(Range::read("/"), Some(Range::All));
        assert_eq!(Range::read("8d"), None);
        assert_eq!(Range::read("x/y"), None);
    }

    /// Clocks that go forward an hour at the second hour of 1970-01-11, and back at the same wall time on the 21st.
    struct Dst;
    impl Locale for Dst {
        fn lang(&self) -> super::super::text::Lang {
            super::super::text::Lang::En
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
