use super::*;
use crate::core::stats::plain_tests::{NOW, Seed, Task, table_of};
use crate::core::stats::summary::tests::counted;
use crate::core::time::{HOUR, MINUTE};

fn task(id: i64, status: &'static str, created: i64) -> Task {
    Task {
        id: Some(id),
        status,
        created: Some(created),
        point: Some(NOW - HOUR),
        source: ("orders", "prod", Some(1)),
        target: ("drill", "dr", Some(2)),
        ..Task::default()
    }
}

fn failure(id: i64, created: i64, error: (&'static str, i32)) -> Task {
    Task {
        error: Some(error),
        finished: Some(created + SECOND),
        ..task(id, "RESTORE_FAIL", created)
    }
}

/// Whether two tasks are attempts at the same restore, compared field by field.
fn tied(a: &Task, b: &Task) -> bool {
    let named = !a.source.0.is_empty() && !a.target.0.is_empty();
    let dated = a.point.is_some() && a.created.is_some() && b.created.is_some();
    named && dated && (a.source, a.target, a.point) == (b.source, b.target, b.point)
}

fn same_error(a: &Task, b: &Task) -> bool {
    let (Some(a), Some(b)) = (a.error, b.error) else {
        return false;
    };
    // "disk" is not the name of an error.
    let named = a.0 != "disk" && b.0 != "disk";
    named && (a.0 == b.0 || a.1 != 0 && a.1 == b.1)
}

#[test]
fn random_tables_reckoned_twice() {
    let (mut long, mut repeated, mut overdue_seen) = (0, 0, 0);
    for seed in 0..200 {
        let mut seed = Seed::new(3000 + seed);
        let tasks = seed.tasks();
        let (table, rows) = table_of(&tasks);
        let rows = seed.some(&rows);
        let of = |row: &u32| &tasks[*row as usize];
        let mut late = Vec::new();
        for &row in &rows {
            let own = of(&row);
            let mut want: Vec<u32> = rows
                .iter()
                .copied()
                .filter(|other| tied(own, of(other)))
                .collect();
            if want.is_empty() {
                want.push(row);
            }
            want.sort_by_key(|row| (of(row).created, of(row).id, *row));
            assert_eq!(chain_of(&table, &rows, row), want);
            let chain = Chain::of(&table, &rows, row);
            let at = want.iter().position(|other| *other == row).unwrap();
            assert_eq!((chain.at, &chain.rows), (at, &want));
            assert_eq!(chain.counts, counted(want.iter().map(of)));
            assert_eq!(chain.last, of(want.last().unwrap()).outcome());
            long += usize::from(want.len() > 2);

            let failed = own.is(Outcome::Failed);
            let again = want[..at]
                .iter()
                .any(|other| of(other).is(Outcome::Failed) && same_error(own, of(other)));
            assert_eq!(is_repeated_failure(&table, &rows, row), failed && again);
            repeated += usize::from(failed && again);
            let fast = own.length(NOW).is_some_and(|length| length < 5 * SECOND);
            assert_eq!(is_fast_failure(&table, row), failed && fast);

            let mut lengths: Vec<i64> = rows
                .iter()
                .map(of)
                .filter(|other| other.is(Outcome::Succeeded) && other.target == own.target)
                .filter_map(|other| other.length(NOW))
                .collect();
            lengths.sort_unstable();
            let enough = lengths.len() >= 5 && !own.target.0.is_empty() && own.is(Outcome::Running);
            let want = enough
                .then(|| {
                    // The first index that so many percent do not exceed.
                    let place = |percent: f64| (lengths.len() as f64 * percent).ceil() as usize - 1;
                    Usual {
                        p50: lengths[place(0.5)],
                        p95: lengths[place(0.95)],
                        restores: lengths.len() as u32,
                    }
                })
                .filter(|usual| own.length(NOW).is_some_and(|length| length > usual.p95));
            assert_eq!(overdue(&table, &rows, row, NOW), want);
            if want.is_some() {
                late.push(row);
            }
        }
        assert_eq!(overdue_rows(&table, &rows, NOW), late);
        overdue_seen += late.len();
    }
    assert!(
        long > 100 && repeated > 20 && overdue_seen > 20,
        "{long} {repeated} {overdue_seen}"
    );
}

#[test]
fn three_attempts_and_what_is_none_of_them() {
    let attempts = [
        task(9, "SUCCESS", NOW),
        failure(4, NOW - HOUR, ("OB_A", -1)),
        failure(3, NOW - HOUR, ("OB_A", -1)),
    ];
    // A change that makes another restore of a task, and whether the task then stands alone.
    type Change = fn(&mut Task);
    let others: [(Change, bool); 12] = [
        (|task| task.point = Some(NOW), false),
        (|task| task.point = None, true),
        (|task| task.created = None, true),
        (|task| task.source.0 = "", true),
        (|task| task.source.0 = " ", true),
        (|task| task.source.0 = "other", false),
        (|task| task.source.1 = "other", false),
        (|task| task.source.2 = Some(9), false),
        (|task| task.target.0 = "", true),
        (|task| task.target.0 = "other", false),
        (|task| task.target.1 = "other", false),
        (|task| task.target.2 = None, false),
    ];
    let mut tasks = attempts.to_vec();
    for (change, _) in others {
        let mut other = attempts[1].clone();
        change(&mut other);
        // Added twice: two tasks that miss the same value must not be connected.
        tasks.extend([other.clone(), other]);
    }
    let (table, rows) = table_of(&tasks);
    for row in 0..3 {
        let chain = Chain::of(&table, &rows, row);
        assert_eq!(chain.rows, [2, 1, 0]);
        assert_eq!((chain.at, chain.last), (2 - row as usize, Outcome::Succeeded));
        assert_eq!(chain.counts.of(Outcome::Failed), 2);
    }
    for (number, (_, alone)) in others.into_iter().enumerate() {
        let row = 3 + 2 * number as u32;
        let want = if alone { vec![row] } else { vec![row, row + 1] };
        assert_eq!(chain_of(&table, &rows, row), want, "{number}");
    }
}

#[test]
fn a_cluster_that_is_not_named_is_one() {
    let mut bare = task(1, "RESTORE_FAIL", NOW);
    (bare.source.1, bare.source.2, bare.target.1, bare.target.2) = ("", None, "", None);
    let (table, rows) = table_of(&[bare.clone(), bare]);
    assert_eq!(chain_of(&table, &rows, 1), [0, 1]);
}

#[test]
fn a_row_that_is_no_longer_held_stands_for_its_task() {
    let tasks = [
        task(1, "RESTORE_PRE", NOW),
        task(1, "SUCCESS", NOW),
        failure(2, NOW - HOUR, ("OB_A", -1)),
    ];
    let (table, _) = table_of(&tasks);
    assert_eq!(chain_of(&table, &[1, 2], 0), [2, 0]);
    assert_eq!(chain_of(&table, &[1, 2], 1), [2, 1]);
    assert_eq!(chain_of(&table, &[], 1), [1]);
}

#[test]
fn failures_that_are_fast_and_failures_that_come_again() {
    let (a, b) = (("OB_A", -1), ("OB_B", -2));
    let mut slow = failure(5, NOW + 4, a);
    slow.finished = slow.created.map(|at| at + 5 * SECOND);
    let mut backwards = failure(6, NOW + 5, ("OB_RENAMED", -1));
    backwards.finished = backwards.created.map(|at| at - 1);
    let tasks = [
        failure(1, NOW, a),
        failure(2, NOW + 1, b),
        failure(3, NOW + 2, a),
        failure(4, NOW + 3, ("disk", 0)),
        slow,
        backwards,
        failure(7, NOW + 6, ("disk", 0)),
        task(8, "SUCCESS", NOW + 7),
    ];
    let (table, rows) = table_of(&tasks);
    let fast: Vec<bool> = rows.iter().map(|row| is_fast_failure(&table, *row)).collect();
    assert_eq!(fast, [true, true, true, true, false, false, true, false]);
    let again: Vec<bool> = rows
        .iter()
        .map(|row| is_repeated_failure(&table, &rows, *row))
        .collect();
    assert_eq!(again, [false, false, true, false, true, true, false, false]);
}

#[test]
fn overdue_is_longer_than_five_restores_say() {
    let mut tasks: Vec<Task> = (1..=5)
        .map(|minutes| Task {
            finished: Some(NOW - HOUR + minutes * MINUTE),
            ..task(minutes, "SUCCESS", NOW - HOUR)
        })
        .collect();
    tasks.push(task(6, "RESTORE_PRE", NOW - 5 * MINUTE));
    tasks.push(task(7, "RESTORE_PRE", NOW - 5 * MINUTE - 1));
    tasks.push(Task {
        target: ("drill", "elsewhere", Some(2)),
        ..task(8, "RESTORE_PRE", NOW - HOUR)
    });
    tasks.push(task(9, "RESTORE_FAIL", NOW - HOUR));
    let (table, rows) = table_of(&tasks);
    let usual = Usual {
        p50: 3 * MINUTE,
        p95: 5 * MINUTE,
        restores: 5,
    };
    let want = [(5, None), (6, Some(usual)), (7, None), (8, None), (0, None)];
    for (row, want) in want {
        assert_eq!(overdue(&table, &rows, row, NOW), want, "{row}");
    }
    assert_eq!(overdue_rows(&table, &rows, NOW), [6]);
    // Four restores are too few.
    assert_eq!(overdue(&table, &rows[1..], 6, NOW), None);
    assert!(overdue_rows(&table, &rows[1..], NOW).is_empty());
}
