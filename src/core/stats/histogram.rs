//! The tasks over time as bars, by creation time. A bar is an hour, day, week or a number of months in
//! the shown zone.
//!
//! A bar is a unit of the calendar, so a day on which the clocks change has its real length. To ask a
//! browser for a zone's offset is slow. So only the offsets at the bars' bounds are asked for, about
//! sixty times, and each task is put into its bar by comparing times. The height of a bar in pixels is
//! the view's.

use chrono::{DateTime, Datelike, NaiveDate};

use super::summary::Counts;
use crate::core::domain::column::TimeField;
use crate::core::i18n::locale::Locale;
use crate::core::table::Table;
use crate::core::time::{DAY, HOUR, TimeRange, WrittenTime, from_wall, to_wall};

/// Later than any year that can be written. A time further from 1970 counts as unreadable, so no
/// calculation here can overflow.
const FAR: i64 = 4_000_000 * DAY;
/// The most months of one bar: more than lie between any two times.
const MOST_MONTHS: u32 = 12 << 14;

/// The unit of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// An hour.
    Hour,
    /// A day, from midnight to midnight.
    Day,
    /// A week, from Monday.
    Week,
    /// So many whole months. Three start with a quarter, twelve with a year.
    Months(u32),
}

/// The tasks that were created in one unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    /// The first time of the bar, in microseconds since 1970.
    pub start: i64,
    /// The first time after it, which is the next bar's start.
    pub end: i64,
    /// The number of tasks of each outcome.
    pub counts: Counts,
}

/// The tasks over time. Each row is counted once: in a bar, as undated or as outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// The unit of the bars.
    pub unit: Unit,
    /// The bars without gaps, earliest first. Empty if no task has a time.
    pub bars: Vec<Bar>,
    /// The number of tasks without a readable creation time.
    pub undated: u32,
    /// The number of tasks before or after the bars: the server may apply the range's bounds in another
    /// way.
    pub outside: u32,
}

impl Bars {
    /// At most `most` bars, of the smallest unit with which they fit. They start at the range's start,
    /// otherwise at the first task. They end at the range's end. Without one they end at `now` if the
    /// range has a start, otherwise at the last task. They never end after both `now` and the last task.
    pub fn of(
        table: &Table,
        rows: &[u32],
        locale: &dyn Locale,
        bounds: (Option<i64>, Option<i64>),
        now: i64,
        most: usize,
    ) -> Self {
        let created = |row: &u32| {
            let at = table.time(*row, TimeField::CreateTime)?;
            (-FAR..FAR).contains(&at).then_some(at)
        };
        let mut bars = Self {
            unit: Unit::Hour,
            bars: Vec::new(),
            undated: 0,
            outside: 0,
        };
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for at in rows.iter().filter_map(created) {
            (first, last) = (first.min(at), last.max(at));
        }
        if first <= last {
            let latest = last.max(now);
            let from = bounds.0.unwrap_or(first);
            let to = match bounds {
                (_, Some(end)) => end.min(latest),
                (Some(_), None) => latest,
                (None, None) => last,
            };
            let from = from.clamp(-FAR, FAR);
            // A range may begin after the last task, or end before it begins.
            bars.lay_out((from, to.clamp(from, FAR)), most, locale);
        }
        for row in rows {
            let Some(at) = created(row) else {
                bars.undated += 1;
                continue;
            };
            let next = bars.bars.partition_point(|bar| bar.start <= at);
            let bar = bars.bars[..next].last_mut().filter(|bar| at < bar.end);
            match bar {
                Some(bar) => bar.counts.add(table.outcome(*row)),
                None => bars.outside += 1,
            }
        }
        bars
    }

    /// The range to select a bar: whole days where possible, and never beyond `bounds`, in which the
    /// tasks were counted.
    pub fn range(&self, bar: &Bar, bounds: (Option<i64>, Option<i64>), locale: &dyn Locale) -> TimeRange {
        let instant = |at| WrittenTime::Instant(at, (locale.offset_at(at) / 60) as i16);
        let day = |at| match self.unit {
            Unit::Hour => instant(at),
            _ => WrittenTime::Day(to_wall(at, locale).div_euclid(DAY) * DAY),
        };
        // The API has millisecond precision.
        let last = bar.end - 1000;
        let start = bounds.0.filter(|start| *start > bar.start);
        let end = bounds.1.filter(|end| *end < last);
        TimeRange::Between(
            Some(start.map_or_else(|| day(bar.start), instant)),
            Some(end.map_or_else(|| day(last), instant)),
        )
    }

    /// Creates empty bars that cover both times of `reach`.
    fn lay_out(&mut self, reach: (i64, i64), most: usize, locale: &dyn Locale) {
        let edges = loop {
            match self.unit.edges(reach, most, locale) {
                Some(edges) => break edges,
                // `most` is 0, so there are no bars.
                None if self.unit == Unit::Months(MOST_MONTHS) => return,
                None => self.unit = self.unit.wider(),
            }
        };
        let bar = |(start, end): (&i64, &i64)| Bar {
            start: *start,
            end: *end,
            counts: Counts::default(),
        };
        self.bars = edges.iter().zip(&edges[1..]).map(bar).collect();
    }
}

impl Unit {
    fn wider(self) -> Self {
        match self {
            Self::Hour => Self::Day,
            Self::Day => Self::Week,
            Self::Week => Self::Months(1),
            Self::Months(1) => Self::Months(3),
            Self::Months(3) => Self::Months(12),
            // Restores decades apart come from a wrong clock, but are shown.
            Self::Months(months) => Self::Months(months * 2),
        }
    }

    /// The starts of the units from the first time to the second, and the end of the last unit. `None` if
    /// they are more than `most`.
    fn edges(self, (from, to): (i64, i64), most: usize, locale: &dyn Locale) -> Option<Vec<i64>> {
        let wall = to_wall(from, locale);
        let mut last = match self {
            Self::Hour => from - wall.rem_euclid(HOUR),
            _ => from_wall(self.midnight(wall, 0), locale),
        };
        let mut edges = vec![last];
        let mut units = 0;
        while last <= to {
            if edges.len() > most {
                return None;
            }
            units += 1;
            let next = match self {
                Self::Hour => hour_after(last, locale),
                _ => from_wall(self.midnight(wall, units), locale),
            };
            // Some zones skipped a whole day.
            if next > last {
                last = next;
                edges.push(last);
            }
        }
        Some(edges)
    }

    /// The midnight at which the unit of a wall time begins, or the one `later` units after it. For an
    /// hour, that of its day.
    fn midnight(self, wall: i64, later: i64) -> i64 {
        let day = wall.div_euclid(DAY);
        match self {
            Self::Hour | Self::Day => (day + later) * DAY,
            // 1970 began on a Thursday.
            Self::Week => ((day + 3).div_euclid(7) + later) * 7 * DAY - 3 * DAY,
            Self::Months(months) => {
                let months = i64::from(months);
                let date = DateTime::from_timestamp_micros(wall).map_or((1970, 0), |date| {
                    (i64::from(date.year()), i64::from(date.month0()))
                });
                let month = ((date.0 * 12 + date.1).div_euclid(months) + later) * months;
                NaiveDate::from_ymd_opt(month.div_euclid(12) as i32, month.rem_euclid(12) as u32 + 1, 1)
                    .map_or(FAR, |first| i64::from(first.to_epoch_days()) * DAY)
            }
        }
    }
}

/// The next time at which the clocks show a full hour. If they go back by an hour, both hours of the same
/// name count.
fn hour_after(hour: i64, locale: &dyn Locale) -> i64 {
    let next = hour + HOUR;
    // Some zones change their clocks by half an hour.
    let past = to_wall(next, locale).rem_euclid(HOUR);
    if past == 0 { next } else { next + HOUR - past }
}

#[cfg(test)]
#[path = "histogram_tests.rs"]
mod tests;
