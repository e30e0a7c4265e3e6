//! Times as ISO 8601.

use chrono::{DateTime, Datelike, Timelike};

use super::units::SECOND;

/// A time in UTC: ISO 8601 with milliseconds and `Z`.
pub fn utc(at: i64) -> String {
    let mut text = iso(at, 0, "");
    text.truncate(text.len() - "+0000".len());
    text.push('Z');
    text
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
