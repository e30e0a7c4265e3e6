//! Time: the only place that reads the clock, and the two formats in which OCP writes a time.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, FixedOffset};

/// OCP answers in its server's zone; the documented samples use China Standard Time.
const ZONE_SECONDS: i32 = 8 * 3600;

tokio::task_local! {
    /// How far the clock is shifted for the current request; unset means not at all.
    static OFFSET_MS: i64;
}

/// The current time of the server: milliseconds since the Unix epoch, shifted if a test asked for it.
///
/// The shift belongs to the task of the request: work on another thread must get the time as an argument.
pub(crate) fn now_ms() -> i64 {
    let offset = OFFSET_MS.try_with(|offset| *offset).unwrap_or_default();
    true_ms().saturating_add(offset)
}

/// Runs the future with a shifted clock.
pub(crate) async fn shifted<F: Future>(offset_ms: i64, future: F) -> F::Output {
    OFFSET_MS.scope(offset_ms, future).await
}

/// Milliseconds since the Unix epoch, never shifted. A clock before the epoch reads as 0.
pub(crate) fn true_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
}

/// The format in rows: `2021-09-09T18:32:18.833+0800`.
pub(crate) fn row_time(ms: i64) -> String {
    format(ms, "%Y-%m-%dT%H:%M:%S%.3f%z")
}

/// The format in the envelope of the same body: `2021-09-23T14:49:34.885+08:00`.
pub(crate) fn envelope_time(ms: i64) -> String {
    format(ms, "%Y-%m-%dT%H:%M:%S%.3f%:z")
}

fn format(ms: i64, pattern: &str) -> String {
    let time = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    match FixedOffset::east_opt(ZONE_SECONDS) {
        Some(zone) => time.with_timezone(&zone).format(pattern).to_string(),
        None => time.format(pattern).to_string(),
    }
}

/// An ISO 8601 date and time with an offset (`Z`, `+08:00`, `+0800`, `+08`), as nanoseconds since the Unix
/// epoch.
///
/// Refuses a text without an offset, because it names no instant. Refuses white space, too: a `+` that was
/// not percent-encoded becomes a space, and a guess would hide the caller's mistake.
pub(crate) fn parse_nanos(text: &str) -> Option<i64> {
    if text.chars().any(char::is_whitespace) {
        return None;
    }
    let time = DateTime::parse_from_rfc3339(text).ok().or_else(|| {
        ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"]
            .iter()
            .find_map(|pattern| DateTime::parse_from_str(text, pattern).ok())
    })?;
    time.timestamp_nanos_opt()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn both_spellings_of_the_sample() {
        let ms = parse_nanos("2021-09-09T18:32:18.833+08:00").unwrap() / 1_000_000;
        assert_eq!(row_time(ms), "2021-09-09T18:32:18.833+0800");
        assert_eq!(envelope_time(ms), "2021-09-09T18:32:18.833+08:00");
    }

    #[test]
    fn offsets_name_the_same_instant() {
        let wanted = parse_nanos("2021-09-16T07:14:51Z").unwrap();
        for text in [
            "2021-09-16T15:14:51+08:00",
            "2021-09-16T15:14:51.000+0800",
            "2021-09-16T15:14:51+08",
            "2021-09-16T07:14:51.000000Z",
            "2021-09-16T02:44:51.0-04:30",
        ] {
            assert_eq!(parse_nanos(text), Some(wanted), "{text}");
        }
        assert_eq!(
            parse_nanos("2021-09-16T15:14+08:00"),
            Some(wanted - 51_000_000_000)
        );
    }

    #[test]
    fn what_names_no_instant_is_refused() {
        for text in [
            "",
            "2021",
            "2021-09-16",
            "2021-09-16T15:14:51",
            "2021-09-16T15:14:51 08:00",
            "2021-09-16T15:14:51 +08:00",
            "2021-13-01T00:00:00Z",
            "1631776491397",
            "yesterday",
        ] {
            assert_eq!(parse_nanos(text), None, "{text}");
        }
    }
}
