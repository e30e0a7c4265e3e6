//! Between instants and what the clocks of a zone show.

use super::units::{DAY, SECOND};
use super::written::WrittenTime;
use crate::core::i18n::locale::Locale;

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
pub fn span(written: WrittenTime, locale: &dyn Locale) -> (i64, i64) {
    match written {
        WrittenTime::Day(wall) => (from_wall(wall, locale), from_wall(wall + DAY, locale)),
        WrittenTime::Local(wall) => {
            let at = from_wall(wall, locale);
            (at, at + 1)
        }
        WrittenTime::Instant(at, _) => (at, at + 1),
    }
}
