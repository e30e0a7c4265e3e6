use crate::core::time::WrittenTime;
use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate};

use super::*;
use crate::core::i18n::locale::FixedLocale;
use crate::core::stats::plain_tests::{Berlin, NOW, Seed, Task, table_of};
use crate::core::stats::summary::tests::counted;
use crate::core::time::{MINUTE, SECOND, iso, parse_time};

fn at(text: &str) -> i64 {
    match parse_time(text) {
        Some(WrittenTime::Instant(at, _)) => at,
        other => panic!("{text} {other:?}"),
    }
}

fn task(created: i64) -> Task {
    Task {
        status: "SUCCESS",
        created: Some(created),
        ..Task::default()
    }
}

type Bounds = (Option<i64>, Option<i64>);

fn bars(times: &[i64], locale: &dyn Locale, bounds: Bounds, now: i64, most: usize) -> Bars {
    let tasks: Vec<Task> = times.iter().map(|at| task(*at)).collect();
    let (table, rows) = table_of(&tasks);
    Bars::of(&table, &rows, locale, bounds, now, most)
}

/// The number of the unit that a time lies in, computed from its date alone.
fn piece(at: i64, unit: Unit, locale: &dyn Locale) -> i64 {
    let wall = at + i64::from(locale.offset_at(at)) * SECOND;
    let date = DateTime::from_timestamp_micros(wall).unwrap().date_naive();
    match unit {
        // If all offsets are whole minutes, an hour begins with a UTC minute.
        Unit::Hour => (at + i64::from(locale.offset_at(at)) % 3600 * SECOND).div_euclid(HOUR),
        Unit::Day => i64::from(date.num_days_from_ce()),
        Unit::Week => {
            let week = date.iso_week();
            let monday = NaiveDate::from_isoywd_opt(week.year(), week.week(), chrono::Weekday::Mon);
            i64::from(monday.unwrap().num_days_from_ce())
        }
        Unit::Months(months) => {
            let month = date.year() * 12 + date.month0() as i32;
            i64::from(month) / i64::from(months)
        }
    }
}

#[test]
fn random_tables_reckoned_twice() {
    let mut units = BTreeMap::new();
    for number in 0..200 {
        let mut seed = Seed::new(2000 + number);
        let tasks = seed.tasks();
        let (table, rows) = table_of(&tasks);
        let rows = seed.some(&rows);
        let zone = FixedLocale {
            offset: seed.pick(&[0, 8 * 3600, -11 * 3600, 20_700]),
            ..FixedLocale::default()
        };
        let locale: &dyn Locale = if number % 2 == 0 { &Berlin } else { &zone };
        let reach = seed.pick(&[HOUR, DAY, 40 * DAY, 400 * DAY]);
        let start = NOW - seed.below(reach);
        let bounds = seed.pick(&[
            (None, None),
            (None, None),
            (Some(start), None),
            (Some(start), Some(start + reach / 2)),
            (None, Some(NOW + HOUR)),
        ]);
        let most = seed.pick(&[1, 7, 24, 60]);
        let got = Bars::of(&table, &rows, locale, bounds, NOW, most);

        let here = || rows.iter().map(|row| &tasks[*row as usize]);
        let dated: Vec<i64> = here().filter_map(|task| task.created).collect();
        assert_eq!(got.undated as usize, rows.len() - dated.len());
        let (Some(first), Some(last)) = (dated.iter().min(), dated.iter().max()) else {
            assert_eq!((got.bars.len(), got.outside), (0, 0));
            continue;
        };
        // Each bar is one unit, they follow each other without gaps, and they cover the whole time.
        let from = bounds.0.unwrap_or(*first);
        let to = match bounds {
            (None, None) => *last,
            (_, end) => end.unwrap_or(NOW).min(NOW),
        };
        let mut expected: Vec<i64> = Vec::new();
        let mut day = from;
        let step = if got.unit == Unit::Hour {
            10 * MINUTE
        } else {
            11 * HOUR
        };
        while day <= to {
            expected.push(piece(day, got.unit, locale));
            day += step;
        }
        expected.push(piece(to, got.unit, locale));
        expected.dedup();
        let pieces: Vec<i64> = got
            .bars
            .iter()
            .map(|bar| piece(bar.start, got.unit, locale))
            .collect();
        assert_eq!(pieces, expected, "{number}");
        assert!(pieces.len() <= most);
        for (bar, piece_of) in got.bars.iter().zip(&pieces) {
            assert_ne!(piece(bar.start - 1, got.unit, locale), *piece_of);
            assert_eq!(piece(bar.end - 1, got.unit, locale), *piece_of);
            assert_ne!(piece(bar.end, got.unit, locale), *piece_of);
            let tasks = here().filter(|task| {
                task.created
                    .is_some_and(|at| piece(at, got.unit, locale) == *piece_of)
            });
            assert_eq!(bar.counts, counted(tasks), "{number}");
        }
        assert!(got.bars.windows(2).all(|two| two[0].end == two[1].start));
        // Each task is counted.
        let inside: u32 = got.bars.iter().map(|bar| bar.counts.total()).sum();
        assert_eq!((inside + got.outside + got.undated) as usize, rows.len());
        // The next smaller unit would need too many bars.
        let smaller = match got.unit {
            Unit::Hour => None,
            Unit::Day => Some(Unit::Hour),
            Unit::Week => Some(Unit::Day),
            Unit::Months(1) => Some(Unit::Week),
            Unit::Months(3) => Some(Unit::Months(1)),
            Unit::Months(12) => Some(Unit::Months(3)),
            Unit::Months(months) => Some(Unit::Months(months / 2)),
        };
        if let Some(smaller) = smaller {
            let days = if smaller == Unit::Week { 7 } else { 1 };
            let many = (piece(to, smaller, locale) - piece(from, smaller, locale)) / days + 1;
            assert!(many > most as i64, "{number} {many} {most} {smaller:?}");
        }
        *units.entry(format!("{:?}", got.unit)).or_insert(0) += 1;
    }
    assert!(units.len() >= 7, "{units:?}");
}

#[test]
fn no_tasks_no_bars() {
    let bounds = (Some(NOW - DAY), Some(NOW));
    let got = bars(&[], &Berlin, bounds, NOW, 60);
    assert_eq!((got.bars.len(), got.undated, got.outside), (0, 0, 0));
    let odd = Task {
        created: None,
        ..task(0)
    };
    let (table, rows) = table_of(&[odd, task(i64::MAX), task(i64::MIN + 1)]);
    let got = Bars::of(&table, &rows, &Berlin, bounds, NOW, 60);
    assert_eq!((got.bars.len(), got.undated, got.outside), (0, 3, 0));
    let got = bars(&[NOW], &Berlin, bounds, NOW, 0);
    assert_eq!((got.bars.len(), got.outside), (0, 1));
}

#[test]
fn one_task_or_many_at_one_time_are_one_bar() {
    for count in [1, 5] {
        let got = bars(&vec![NOW; count], &Berlin, (None, None), NOW + DAY, 60);
        let hour = at("2023-11-14T22:00:00Z");
        let [bar] = got.bars[..] else { panic!("{got:?}") };
        assert_eq!((bar.start, bar.end), (hour, hour + HOUR));
        assert_eq!(
            bar.counts.of(crate::core::domain::task::Outcome::Succeeded) as usize,
            count
        );
    }
}

#[test]
fn days_on_which_the_clocks_change_are_as_long_as_they_are() {
    for (day, hours) in [("2023-03-26", 23), ("2023-10-29", 25), ("2023-06-01", 24)] {
        let noon = at(&format!("{day}T12:00:00Z"));
        let times = [noon - 2 * DAY, noon, noon + 2 * DAY];
        let got = bars(&times, &Berlin, (None, None), NOW, 6);
        assert_eq!((got.unit, got.bars.len()), (Unit::Day, 5));
        let bar = got.bars[2];
        assert_eq!(bar.end - bar.start, hours * HOUR, "{day}");
        assert_eq!(
            iso(bar.start, Berlin.offset_at(bar.start), "")[..13],
            format!("{day}T00")
        );
        assert_eq!(iso(bar.end, Berlin.offset_at(bar.end), "")[11..13], *"00");
        // In hours, the day has this number of bars.
        let got = bars(&[bar.start, bar.end - 1], &Berlin, (None, None), NOW, 60);
        assert_eq!((got.unit, got.bars.len() as i64), (Unit::Hour, hours));
    }
    // Midnight itself is in the new day, the last microsecond before it in the old one.
    let midnight = at("2023-10-29T00:00:00+02:00");
    let far = midnight - 9 * DAY;
    let got = bars(&[far, midnight - 1, midnight], &Berlin, (None, None), NOW, 60);
    let last = &got.bars[got.bars.len() - 2..];
    assert_eq!((last[0].counts.total(), last[1].counts.total()), (1, 1));
}

#[test]
fn the_range_says_where_the_bars_begin_and_end() {
    let hours = |count: i64| NOW - count * HOUR;
    let table = [
        // Bounds, tasks; number of bars, number of tasks outside.
        ((None, None), vec![hours(9), hours(5)], (5, 0)),
        ((Some(hours(12)), None), vec![hours(9), hours(5)], (13, 0)),
        (
            (Some(hours(12)), Some(hours(3))),
            vec![hours(9), hours(5)],
            (10, 0),
        ),
        ((None, Some(hours(3))), vec![hours(9), hours(5)], (7, 0)),
        // There are no bars in the future, unless a server's clock is ahead.
        ((None, Some(NOW + 900 * DAY)), vec![hours(9)], (10, 0)),
        ((Some(hours(2)), None), vec![hours(1), hours(-1)], (4, 0)),
        // In the hour of the bound, though before it; and in no bar.
        ((Some(hours(2)), None), vec![hours(2) - MINUTE, hours(3)], (3, 1)),
        ((None, Some(hours(5))), vec![hours(9), hours(3)], (5, 1)),
        // Bounds that no task meets.
        ((Some(hours(2)), Some(hours(7))), vec![hours(5)], (1, 1)),
        ((Some(NOW + 9 * DAY), None), vec![hours(5)], (1, 1)),
        ((None, Some(hours(9))), vec![hours(5), hours(4)], (1, 1)),
    ];
    for (bounds, times, want) in table {
        let got = bars(&times, &FixedLocale::default(), bounds, NOW, 60);
        assert_eq!((got.bars.len(), got.outside), want, "{bounds:?}");
    }
}

#[test]
fn units_grow_with_the_range() {
    let shanghai = FixedLocale {
        offset: 8 * 3600,
        ..FixedLocale::default()
    };
    for (length, unit, first, count) in [
        (59 * HOUR, Unit::Hour, "2023-11-12T19:00", 60),
        (60 * HOUR, Unit::Day, "2023-11-12T00:00", 4),
        (59 * DAY, Unit::Day, "2023-09-17T00:00", 60),
        (60 * DAY, Unit::Week, "2023-09-11T00:00", 10),
        (500 * DAY, Unit::Months(1), "2022-07-01T00:00", 17),
        (3_000 * DAY, Unit::Months(3), "2015-07-01T00:00", 34),
        (10_000 * DAY, Unit::Months(12), "1996-01-01T00:00", 28),
        (30_000 * DAY, Unit::Months(24), "1940-01-01T00:00", 42),
    ] {
        let got = bars(&[NOW - length, NOW], &shanghai, (None, None), NOW, 60);
        let start = iso(got.bars[0].start, 8 * 3600, "");
        assert_eq!((got.unit, &start[..16], got.bars.len()), (unit, first, count));
    }
    // Whatever times the tasks have, there are few bars.
    let got = bars(
        &[at("0000-01-01T00:00:00Z"), at("9999-12-31T23:59:59Z")],
        &Berlin,
        (None, None),
        NOW,
        60,
    );
    assert!(got.bars.len() <= 60 && got.outside == 0);
    let bounds = (Some(i64::MIN), Some(i64::MAX));
    let got = bars(&[NOW], &Berlin, bounds, i64::MAX, 60);
    assert!(got.bars.len() <= 60 && got.outside == 0);
}

/// Clocks change by half an hour, forward at 02:00 and back at 02:00, and a day is skipped.
struct Odd;
impl Locale for Odd {
    fn lang(&self) -> crate::core::i18n::Lang {
        crate::core::i18n::Lang::EN
    }
    fn zone(&self) -> &str {
        "Test/Odd"
    }
    fn offset_at(&self, at: i64) -> i32 {
        let day = |from: i64, to: i64| (from..to).contains(&at);
        if day(10 * DAY + 2 * HOUR, 20 * DAY + 3 * HOUR / 2) {
            1800
        } else if at >= 30 * DAY {
            86_400
        } else {
            0
        }
    }
    fn compare(&self, a: &str, b: &str) -> std::cmp::Ordering {
        a.cmp(b)
    }
}

#[test]
fn odd_clocks_leave_no_gap_and_no_empty_bar() {
    for day in [10, 20, 30] {
        let times = [(day - 1) * DAY, (day + 2) * DAY - 1];
        for most in [100, 60] {
            let got = bars(&times, &Odd, (None, None), NOW, most);
            assert!(got.bars.windows(2).all(|two| two[0].end == two[1].start));
            assert!(got.bars.iter().all(|bar| bar.start < bar.end), "{day} {most}");
            assert_eq!((got.bars[0].counts.total(), got.outside), (1, 0), "{day} {most}");
            // Bars end at full hours of the wall clock.
            let last = got.bars[got.bars.len() - 1];
            assert_eq!(to_wall(last.end, &Odd).rem_euclid(HOUR), 0);
        }
    }
}

#[test]
fn a_bar_never_widens_the_range() {
    let mut t = Table::default();
    let page = crate::core::api::response::tasks(
        r#"[{"id":1,"createTime":"2021-09-01T18:00:00Z"},{"id":2,"createTime":"2021-09-20T18:00:00Z"}]"#,
    )
    .unwrap();
    let rows = t.absorb(&page.rows);
    let l = FixedLocale::default();
    let r = TimeRange::parse("2021-09-01T12:00:00Z/2021-09-20T20:00:00Z").unwrap();
    let b = r.bounds(0, &l);
    let now = b.1.unwrap() + 100 * DAY;
    let bars = Bars::of(&t, &rows, &l, b, now, 100);
    for bar in &bars.bars {
        let narrow = bars.range(bar, b, &l).bounds(0, &l);
        assert!(narrow.0 >= b.0 && narrow.1 <= b.1, "{bar:?}");
    }
}
