//! Reads and writes times in the form that people and the API use.

use chrono::NaiveDate;

use super::iso::iso;
use super::units::MINUTE;

/// A written time: a whole day, a local time without a zone, or an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenTime {
    /// `2021-09-01`: its midnight, in microseconds since 1970 as if in UTC.
    Day(i64),
    /// `2021-09-01T10:00`: in microseconds since 1970 as if in UTC.
    Local(i64),
    /// A time with an offset: microseconds since 1970, and the offset in minutes, positive to the east.
    Instant(i64, i16),
}

/// Parses an ISO 8601 time: `T` or a space as separator, 0 to 9 digits of a second, and `Z`, `+0800`,
/// `+08:00` or no zone. Digits beyond microseconds are cut off. `None` if it is not such a time.
pub fn parse(text: &str) -> Option<WrittenTime> {
    let mut rest = Digits(text.trim().as_bytes());
    let year = rest.two()? * 100 + rest.two()?;
    rest.skip(b"-")?;
    let month = rest.two()?;
    rest.skip(b"-")?;
    let date = NaiveDate::from_ymd_opt(year as i32, month, rest.two()?)?;
    if rest.0.is_empty() {
        return Some(WrittenTime::Day(
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
        return Some(WrittenTime::Local(wall));
    }
    let offset = rest.offset()?;
    rest.0
        .is_empty()
        .then(|| WrittenTime::Instant(wall - i64::from(offset) * MINUTE, offset))
}

/// The bytes that are still to be read.
struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    /// Skips one of these bytes.
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

    /// Reads 1 to 9 digits of a fraction as microseconds.
    fn fraction(&mut self) -> Option<u32> {
        let length = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        let micros = (0..6).map(|at| digits.get(at).map_or(0, |digit| u32::from(digit - b'0')));
        (1..=9)
            .contains(&length)
            .then(|| micros.fold(0, |micros, digit| micros * 10 + digit))
    }

    /// Reads `Z`, `+08`, `+0800` or `+08:00` as minutes.
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

/// Writes a time in the form that [`parse`] takes.
pub fn print_written(written: WrittenTime) -> String {
    match written {
        WrittenTime::Day(wall) => iso(wall, 0, "")[..10].to_owned(),
        WrittenTime::Local(wall) => iso(wall, 0, "").trim_end_matches("+0000").to_owned(),
        WrittenTime::Instant(at, offset) => iso(at, i32::from(offset) * 60, ":"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{HOUR, MINUTE, SECOND};
    use super::*;

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
            let got = parse(text).and_then(|written| match written {
                WrittenTime::Instant(at, _) => Some(at),
                _ => None,
            });
            assert_eq!(got, want, "{text}");
        }
        assert_eq!(
            parse("2021-09-09"),
            Some(WrittenTime::Day(base - 10 * HOUR - 32 * MINUTE - 18 * SECOND))
        );
        assert_eq!(parse("2021-09-09T10:32:18"), Some(WrittenTime::Local(base)));
    }
}
