//! Values of the query that every mode reads in the same way. Which parameters there are, and how strictly
//! they are taken, each mode decides.

use chrono::{DateTime, FixedOffset};

/// The largest page that similar lists of OCP serve, in rows.
pub(crate) const MAX_PAGE_SIZE: u16 = 2000;

/// What a time must look like, for the message of a refusal.
pub(crate) const TIME_RULE: &str = "must be an ISO 8601 time with an offset ('+' percent-encoded as %2B)";

/// An ISO 8601 date and time with an offset (`Z`, `+08:00`, `+0800`, `+08`), between the years 1677 and 2262.
///
/// `None` for a text without an offset, because it names no instant, and for white space: a `+` that was not
/// percent-encoded becomes a space, and a guess would hide the caller's mistake.
pub(crate) fn time(text: &str) -> Option<DateTime<FixedOffset>> {
    if text.chars().any(char::is_whitespace) {
        return None;
    }
    let time = DateTime::parse_from_rfc3339(text).ok().or_else(|| {
        ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"]
            .iter()
            .find_map(|pattern| DateTime::parse_from_str(text, pattern).ok())
    })?;
    // Outside these years, nanoseconds do not fit into 64 bits.
    time.timestamp_nanos_opt().map(|_| time)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn nanos(text: &str) -> Option<i64> {
        time(text)?.timestamp_nanos_opt()
    }

    #[test]
    fn offsets_name_the_same_instant() {
        let wanted = nanos("2021-09-16T07:14:51Z").unwrap();
        for text in [
            "2021-09-16T15:14:51+08:00",
            "2021-09-16T15:14:51.000+0800",
            "2021-09-16T15:14:51+08",
            "2021-09-16T07:14:51.000000Z",
            "2021-09-16T02:44:51.0-04:30",
        ] {
            assert_eq!(nanos(text), Some(wanted), "{text}");
        }
        assert_eq!(nanos("2021-09-16T15:14+08:00"), Some(wanted - 51_000_000_000));
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
            assert_eq!(time(text), None, "{text}");
        }
    }
}
