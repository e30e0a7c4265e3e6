//! Ranges of time: rolling presets and fixed bounds.

use super::units::{DAY, HOUR, SECOND};
use super::wall::span;
use super::written::{WrittenTime, parse, print_written};
use crate::core::i18n::locale::{FixedLocale, Locale};

/// A rolling range that ends now.
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
    /// All presets, shortest first.
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

    /// The length in microseconds.
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

/// The time range of the view. It bounds the creation time of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeRange {
    /// No bounds.
    #[default]
    All,
    /// The last hours or days. Computed anew at each refresh.
    Last(Preset),
    /// Start and end, both inclusive; `None` is open.
    Between(Option<WrittenTime>, Option<WrittenTime>),
}

impl TimeRange {
    /// Parses the value of the attribute; `None` if it is not a range. Does not check the order of the
    /// bounds.
    pub fn parse(text: &str) -> Option<Self> {
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
                parse(text).map(Some)
            }
        };
        match (bound(start)?, bound(end)?) {
            (None, None) => Some(Self::All),
            (start, end) => Some(Self::Between(start, end)),
        }
    }

    /// The bounds at `now`, both inclusive, in microseconds since 1970; `None` is open.
    pub fn bounds(self, now: i64, locale: &dyn Locale) -> (Option<i64>, Option<i64>) {
        match self {
            Self::All => (None, None),
            // Rounded to a second, so that many clients at one moment send the same request, and one
            // cached answer serves them all.
            Self::Last(preset) => (Some((now - preset.length()).div_euclid(SECOND) * SECOND), None),
            Self::Between(start, end) => (
                start.map(|written| span(written, locale).0),
                end.map(|written| match written {
                    // The API has millisecond precision, so a day ends with its last millisecond.
                    WrittenTime::Day(_) => span(written, locale).1 - 1000,
                    _ => span(written, locale).0,
                }),
            ),
        }
    }

    /// Whether the start is not after the end in at least one time zone of the world.
    pub fn is_ordered(self) -> bool {
        [-12, 0, 14].into_iter().any(|hours| {
            self.is_ordered_in(&FixedLocale {
                offset: hours * 3600,
                ..FixedLocale::default()
            })
        })
    }

    /// Whether the start is not after the end in this zone. A day or a local time is another instant in
    /// each zone.
    pub fn is_ordered_in(self, locale: &dyn Locale) -> bool {
        let (start, end) = self.bounds(0, locale);
        start.zip(end).is_none_or(|(start, end)| start <= end)
    }

    /// The form of the attribute.
    pub fn print(self) -> String {
        match self {
            Self::All => "all".into(),
            Self::Last(preset) => preset.name().into(),
            Self::Between(start, end) => {
                let side = |bound: Option<WrittenTime>| bound.map(print_written).unwrap_or_default();
                format!("{}/{}", side(start), side(end))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::i18n::locale::FixedLocale;
    use crate::core::time::iso;

    #[test]
    fn ranges_are_days_of_the_zone() {
        let shanghai = FixedLocale {
            offset: 8 * 3600,
            ..FixedLocale::default()
        };
        let range = TimeRange::parse("2021-09-01/2021-09-02").unwrap();
        let (start, end) = range.bounds(0, &shanghai);
        assert_eq!(
            iso(start.unwrap(), 8 * 3600, ":"),
            "2021-09-01T00:00:00.000+08:00"
        );
        assert_eq!(iso(end.unwrap(), 8 * 3600, ":"), "2021-09-02T23:59:59.999+08:00");
        assert_eq!(range.print(), "2021-09-01/2021-09-02");
        assert_eq!(
            TimeRange::parse("7d").unwrap().bounds(10 * DAY, &shanghai),
            (Some(3 * DAY), None)
        );
        assert_eq!(
            TimeRange::parse("/2021-09-02T10:00:00Z")
                .unwrap()
                .bounds(0, &shanghai)
                .0,
            None
        );
        assert_eq!(TimeRange::parse("/"), Some(TimeRange::All));
        assert_eq!(TimeRange::parse("8d"), None);
        assert_eq!(TimeRange::parse("x/y"), None);
    }

    #[test]
    fn the_order_of_bounds_is_that_of_their_instants_in_the_zone() {
        let table = [
            ("2021-09-01/2021-09-01", [true; 3]),
            ("2021-09-02/2021-09-01", [false; 3]),
            ("2021-12-01T00:00:00/2021-09-30", [false; 3]),
            ("2021-09-30T23:59:59/2021-09-30", [true; 3]),
            // In some zones the day ends before the instant, or the local time comes after it.
            ("2021-09-02T12:00:00Z/2021-09-02", [true, false, true]),
            ("2021-09-03T06:00:00Z/2021-09-02", [false, false, true]),
            ("2021-09-02T12:00:00/2021-09-02T12:00:00Z", [true, true, false]),
            ("2021-09-02T12:00:00/", [true; 3]),
            ("/2021-09-02T12:00:00", [true; 3]),
            ("7d", [true; 3]),
        ];
        for (text, want) in table {
            let range = TimeRange::parse(text).unwrap();
            let got = [0, 14, -8].map(|hours| {
                range.is_ordered_in(&FixedLocale {
                    offset: hours * 3600,
                    ..FixedLocale::default()
                })
            });
            assert_eq!(got, want, "{text}");
            // Without a known zone, a range is refused only if no zone has it in order.
            assert_eq!(range.is_ordered(), want.contains(&true), "{text}");
        }
    }
}
