use super::*;
use crate::core::domain::column::Column;
use crate::core::stats::facets;
use crate::core::stats::plain_tests::{NOW, Seed, Task, table_of};
use crate::core::time::{HOUR, MINUTE, SECOND};

fn task(status: &'static str, created: i64, finished: Option<i64>) -> Task {
    Task {
        status,
        created: Some(created),
        finished,
        ..Task::default()
    }
}

fn summary(tasks: &[Task]) -> Summary {
    let (table, rows) = table_of(tasks);
    Summary::of(&table, &rows, NOW)
}

/// The number of tasks of each outcome, counted one by one.
pub(in crate::core) fn counted<'a>(tasks: impl Iterator<Item = &'a Task>) -> Counts {
    let outcomes: Vec<Outcome> = tasks.map(Task::outcome).collect();
    let mut counts = Counts::default();
    for outcome in Outcome::ALL {
        let same = outcomes.iter().filter(|other| **other == outcome);
        counts.0[outcome as usize] = same.count() as u32;
    }
    counts
}

/// The percentile by its definition: the smallest value that so many of 100 do not exceed.
fn defined(values: &[i64], percent: usize) -> Option<i64> {
    let reaches = |value: &&i64| {
        let within = values.iter().filter(|other| other <= value).count();
        within * 100 >= percent * values.len()
    };
    values.iter().filter(reaches).min().copied()
}

#[test]
fn random_tables_reckoned_twice() {
    let (mut measured, mut running) = (0, 0);
    for seed in 0..200 {
        let mut seed = Seed::new(seed);
        let tasks = seed.tasks();
        let (table, rows) = table_of(&tasks);
        let rows = seed.some(&rows);
        let here = || rows.iter().map(|row| &tasks[*row as usize]);
        let got = Summary::of(&table, &rows, NOW);
        assert_eq!(got.counts, counted(here()));
        let done = here().filter(|task| task.is(Outcome::Succeeded));
        let lengths: Vec<i64> = done.filter_map(|task| task.length(NOW)).collect();
        assert_eq!((got.p50, got.p95), (defined(&lengths, 50), defined(&lengths, 95)));
        assert_eq!(got.measured as usize, lengths.len());
        let mut longest: Option<(u32, i64)> = None;
        for &row in &rows {
            let task = &tasks[row as usize];
            if let (true, Some(length)) = (task.is(Outcome::Running), task.length(NOW))
                && longest.is_none_or(|(_, other)| other < length)
            {
                longest = Some((row, length));
            }
        }
        assert_eq!(got.longest, longest);
        measured += lengths.len();
        running += usize::from(longest.is_some());
    }
    assert!(measured > 500 && running > 50, "{measured} {running}");
}

#[test]
fn nothing_says_nothing() {
    assert_eq!(summary(&[]), Summary::default());
    assert_eq!(Counts::default().success_permille(), None);
}

#[test]
fn only_what_succeeded_says_how_long_it_takes() {
    let start = NOW - HOUR;
    let table = [
        // A single value is both percentiles.
        (vec![task("SUCCESS", start, Some(start + 7))], Some((7, 7))),
        (vec![task("SUCCESS", start, Some(start))], Some((0, 0))),
        // It ended before it began, or its end is unknown.
        (vec![task("SUCCESS", start, Some(start - 1))], None),
        (vec![task("SUCCESS", start, None)], None),
        (vec![task("RESTORE_FAIL", start, Some(start + 7))], None),
        (vec![task("RESTORE_PRE", start, None)], None),
        // Of an even number, the lower middle one.
        (
            [4, 1, 3, 2]
                .map(|length| task("SUCCESS", start, Some(start + length)))
                .into(),
            Some((2, 4)),
        ),
        // The 95th of 100, the 20th of 21.
        (
            (1..=100)
                .map(|length| task("SUCCESS", start, Some(start + length)))
                .collect(),
            Some((50, 95)),
        ),
        (
            (1..=21)
                .map(|length| task("SUCCESS", start, Some(start + length)))
                .collect(),
            Some((11, 20)),
        ),
    ];
    for (tasks, want) in table {
        let got = summary(&tasks);
        assert_eq!(got.p50.zip(got.p95), want, "{tasks:?}");
    }
}

#[test]
fn what_has_been_running_longest() {
    let tasks = [
        task("RESTORE_PRE", NOW - MINUTE, None),
        task("RESTORE_PRE", NOW - HOUR, None),
        task("RESTORE_WAIT_LS", NOW - HOUR, None),
        // Started by a server's clock that is ahead of ours, or at an unknown time.
        task("RESTORE_PRE", NOW + SECOND, None),
        Task {
            created: None,
            ..task("RESTORE_PRE", 0, None)
        },
        task("SUCCESS", NOW - 9 * HOUR, Some(NOW)),
        task("ODD", NOW - 9 * HOUR, None),
    ];
    let got = summary(&tasks);
    assert_eq!(got.longest, Some((1, HOUR)));
    assert_eq!(got.counts.0, [1, 0, 5, 1]);
    assert_eq!(summary(&tasks[3..5]).longest, None);
}

#[test]
fn a_rate_of_all_means_all() {
    for (succeeded, failed, want) in [
        (0, 0, None),
        (1, 0, Some(1000)),
        (0, 1, Some(0)),
        (2, 1, Some(667)),
        (1, 2, Some(333)),
        (99_999, 1, Some(999)),
        (1, 99_999, Some(1)),
        (u32::MAX, 0, Some(1000)),
    ] {
        let counts = Counts([succeeded, failed, 0, 0]);
        assert_eq!(counts.success_permille(), want, "{succeeded} {failed}");
    }
    assert_eq!(Counts([0, 0, 5, 5]).success_permille(), None);
}

#[test]
fn facets_reckoned_twice() {
    for seed in 0..200 {
        let mut seed = Seed::new(1000 + seed);
        let tasks = seed.tasks();
        let (table, rows) = table_of(&tasks);
        let rows = seed.some(&rows);
        type Text = fn(&Task) -> &'static str;
        let columns: [(Column, Text); 5] = [
            (Column::Status, |task| task.status),
            (Column::RestoreTenantName, |task| task.target.0),
            (Column::BackupClusterName, |task| task.source.1),
            (Column::BackupMode, |task| task.mode),
            (Column::ErrorMsg, |task| match task.error {
                None | Some(("disk", _)) => "",
                Some((name, _)) => name,
            }),
        ];
        for (column, text) in columns {
            let texts: Vec<&str> = rows.iter().map(|row| text(&tasks[*row as usize])).collect();
            let mut want: Vec<(&str, u32)> = Vec::new();
            for (at, text) in texts.iter().enumerate() {
                if !text.is_empty() && !texts[..at].contains(text) {
                    want.push((text, texts.iter().filter(|other| *other == text).count() as u32));
                }
            }
            // A stable sort keeps ties in the order of appearance.
            want.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            for most in [0, 1, 2, 99] {
                let got = facets(&table, &rows, column, most);
                assert_eq!(got, want[..most.min(want.len())], "{column:?}");
            }
        }
    }
}

#[test]
fn facets_are_of_texts() {
    let (table, rows) = table_of(&[task("  ", NOW, None), task("X", NOW, None)]);
    assert_eq!(facets(&table, &rows, Column::Status, 9), [("X", 1)]);
    for column in [
        Column::Id,
        Column::CreateTime,
        Column::Duration,
        Column::RestoreUri,
    ] {
        assert_eq!(facets(&table, &rows, column, 9), [], "{column:?}");
    }
    assert_eq!(facets(&Table::default(), &[], Column::Status, 9), []);
}
