//! The parameters of the request, parsed strictly: what OCP would refuse is refused here, too, so that a bug
//! in the widget shows before it meets a real server.

use chrono::{DateTime, FixedOffset};

use super::failures;
use crate::http::envelope::Failure;
use crate::http::query::{self, MAX_PAGE_SIZE, TIME_RULE};

/// Nanoseconds of a millisecond.
const NANOS: u32 = 1_000_000;

/// A parsed query.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Query {
    pub(super) page: i64,
    pub(super) size: i64,
    /// Inclusive bounds, in milliseconds since the Unix epoch.
    pub(super) from_ms: i64,
    pub(super) to_ms: i64,
}

/// Parses the query string. Unknown parameters are ignored, as in Spring.
pub(super) fn parse(raw: &str) -> Result<Query, Failure> {
    let value = |name: &str| {
        form_urlencoded::parse(raw.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let page = number("page", value("page"), i64::MAX)?;
    let size = number("size", value("size"), i64::from(MAX_PAGE_SIZE))?;
    let start = time("startTime", value("startTime"))?;
    let end = time("endTime", value("endTime"))?;
    if let (Some(start), Some(end)) = (start, end)
        && start > end
    {
        return Err(failures::time_range());
    }
    Ok(Query {
        page,
        size,
        // Rows are stored in milliseconds: a bound between two milliseconds moves to the one inside the
        // range.
        from_ms: start.map_or(i64::MIN, |time| {
            time.timestamp_millis() + i64::from(time.timestamp_subsec_nanos() % NANOS > 0)
        }),
        to_ms: end.map_or(i64::MAX, |time| time.timestamp_millis()),
    })
}

fn number(name: &'static str, value: Option<String>, max: i64) -> Result<i64, Failure> {
    let value = value.ok_or_else(|| failures::parameter(name, "", "is required"))?;
    let number: i64 = value
        .parse()
        .map_err(|_| failures::parameter(name, &value, "must be an integer"))?;
    if number < 1 {
        return Err(failures::parameter(name, &value, "must be at least 1"));
    }
    if number > max {
        return Err(failures::parameter(
            name,
            &value,
            &format!("must be at most {max}"),
        ));
    }
    Ok(number)
}

fn time(name: &'static str, value: Option<String>) -> Result<Option<DateTime<FixedOffset>>, Failure> {
    value
        .map(|text| query::time(&text).ok_or_else(|| failures::parameter(name, &text, TIME_RULE)))
        .transpose()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn bounds_between_milliseconds_take_what_lies_within() {
        let query =
            parse("page=1&size=1&startTime=1970-01-01T00:00:00.0011Z&endTime=1970-01-01T00:00:00.0039Z");
        let query = query.unwrap();
        assert_eq!((query.from_ms, query.to_ms), (2, 3));
    }

    #[test]
    fn only_the_known_parameters_count() {
        let query = parse("size=10&x=1&page=3&Page=9").unwrap();
        assert_eq!(
            query,
            Query {
                page: 3,
                size: 10,
                from_ms: i64::MIN,
                to_ms: i64::MAX
            }
        );
    }
}
