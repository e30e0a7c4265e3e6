//! Time: the only place that reads the clock for what a client sees, and the two formats in which OCP writes
//! a time.

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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn both_spellings_of_the_sample() {
        let time = DateTime::parse_from_rfc3339("2021-09-09T18:32:18.833+08:00");
        let ms = time.unwrap().timestamp_millis();
        assert_eq!(row_time(ms), "2021-09-09T18:32:18.833+0800");
        assert_eq!(envelope_time(ms), "2021-09-09T18:32:18.833+08:00");
    }
}
