//! The tasks over time, as bars: hours, days, weeks or months of the zone that is shown, by when each was created.
//!
//! A bar is a piece of the calendar, so days on which the clocks change are as long as they are. Asking a zone costs
//! a browser something, so only the bars' bounds are asked for, some sixty times, and each task finds its bar by
//! them. No pixels here: how high a bar stands is the view's.

use chrono::{DateTime, Datelike, NaiveDate};

use super::Counts;
use crate::core::column::TimeField;
use crate::core::locale::Locale;
use crate::core::table::Table;
use crate::core::time::{DAY, HOUR, Range, Written, from_wall, to_wall};

/// Further from 1970 than any year that can be written; a time beyond it counts as unreadable, so that no reckoning
/// here can overflow.
const FAR: i64 = 4_000_000 * DAY;
/// As many months as a bar may have: more than lie between any two times.
const MOST_MONTHS: u32 = 12 << 14;

/// What a bar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// An hour.
    Hour,
    /// From midnight to midnight.
    Day,
    /// Seven days from a Monday.
    Week,
    /// So many whole months; three begin with a quarter, twelve with a year.
    Months(u32),
}

/// The tasks that were created in one stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    /// Its first instant.
    pub start: i64,
    /// The first instant after it: the next bar's start.
    pub end: i64,
    /// By outcome.
    pub counts: Counts,
}

/// Tasks over time. Every row is counted once: in a bar, as undated or as outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// What a bar stands for.
    pub unit: Unit,
    /// The bars without a gap, the earliest first; none where no task has a time.
    pub bars: Vec<Bar>,
    /// How many tasks have no readable time of creation.
    pub undated: u32,
    /// How many lie before or after the bars: a server may hold another view of the range's bounds than we do.
    pub outside: u32,
}

impl Bars {
    /// At most `most` bars, of the smallest unit that reaches. They begin with the range's first bound, else with the
    /// first task. They end with the range's last bound, else, where the range has a beginning and so ends at
    /// present, with `now`, else with the last task; never later than both `now` and the last task.
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
            // A range may begin after all there is, or end before it begins.
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

    /// The range that a bar stands for: whole days where it has some, and never more than `bounds`, within which its
    /// tasks were counted.
    pub fn range(&self, bar: &Bar, bounds: (Option<i64>, Option<i64>), locale: &dyn Locale) -> Range {
        let instant = |at| Written::Instant(at, (locale.offset_at(at) / 60) as i16);
        let day = |at| match self.unit {
            Unit::Hour => instant(at),
            _ => Written::Day(to_wall(at, locale).div_euclid(DAY) * DAY),
        };
        // The API speaks in milliseconds.
        let last = bar.end - 1000;
        let start = bounds.0.filter(|start| *start > bar.start);
        let end = bounds.1.filter(|end| *end < last);
        Range::Between(
            Some(start.map_or_else(|| day(bar.start), instant)),
            Some(end.map_or_else(|| day(last), instant)),
        )
    }

    /// Empty bars from one instant through another.
    fn lay_out(&mut self, reach: (i64, i64), most: usize, locale: &dyn Locale) {
        let edges = loop {
            match self.unit.edges(reach, most, locale) {
                Some(edges) => break edges,
                // Who wants no bar at all gets none.
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
            // Decades of restores are a clock that was wrong, but they are shown.
            Self::Months(months) => Self::Months(months * 2),
        }
    }

    /// The starts of the units from one instant through another, and the end of the last; `None` where they are more
    /// than `most`.
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
            // Zones have left out whole days.
            if next > last {
                last = next;
                edges.push(last);
            }
        }
        Some(edges)
    }

    /// The midnight with which the unit begins in which a wall clock's time lies, or the one so many units later. An
    /// hour has none; its day has.
    fn midnight(self, wall: i64, later: i64) -> i64 {
        let day = wall.div_euclid(DAY);
        match self {
            Self::Hour | Self::Day => (day + later) * DAY,
            // 1970 began with a Thursday.
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

/// The next instant at which a wall clock shows a full hour. Where the clocks go back by an hour, both hours of one
/// name are hours of their own.
fn hour_after(hour: i64, locale: &dyn Locale) -> i64 {
    let next = hour + HOUR;
    // Some clocks are changed by half an hour.
    let past = to_wall(next, locale).rem_euclid(HOUR);
    if past == 0 { next } else { next + HOUR - past }
}

#[cfg(test)]
#[path = "bars_tests.rs"]
mod tests;
