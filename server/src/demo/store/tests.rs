//! Tests of the store alone: order, ties, bounds, files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

fn task(id: i64, create_ms: i64) -> Task {
    Task {
        id,
        create_ms,
        status: "RESTORE_SUCCESS".to_owned(),
        ..Task::default()
    }
}

fn all(cluster: i64) -> Selection {
    Selection {
        cluster,
        from_ms: i64::MIN,
        to_ms: i64::MAX,
        offset: 0,
        limit: 100,
    }
}

fn ids(store: &Store, what: Selection) -> (i64, Vec<i64>) {
    let selected = store.select(what).unwrap();
    (selected.total, selected.tasks.iter().map(|t| t.id).collect())
}

#[test]
fn newest_first_ties_by_id_bounds_inclusive() {
    let store = Store::open(None).unwrap();
    let rows = [(1, 100), (5, 300), (3, 200), (4, 200), (2, 200)].map(|(i, c)| task(i, c));
    assert!(store.fill(7, 0, &mut rows.into_iter()).unwrap());
    assert!(store.fill(8, 0, &mut [task(99, 250)].into_iter()).unwrap());
    assert_eq!(ids(&store, all(7)), (5, vec![5, 4, 3, 2, 1]));
    for (from_ms, to_ms, wanted) in [
        (200, 200, vec![4, 3, 2]),
        (200, i64::MAX, vec![5, 4, 3, 2]),
        (i64::MIN, 199, vec![1]),
        (201, 299, vec![]),
        (100, 300, vec![5, 4, 3, 2, 1]),
    ] {
        let got = ids(
            &store,
            Selection {
                from_ms,
                to_ms,
                ..all(7)
            },
        );
        assert_eq!(
            got,
            (i64::try_from(wanted.len()).unwrap(), wanted),
            "{from_ms}..{to_ms}"
        );
    }
    assert_eq!(
        ids(
            &store,
            Selection {
                offset: 3,
                limit: 1,
                ..all(7)
            }
        ),
        (5, vec![2])
    );
    assert_eq!(ids(&store, Selection { offset: 5, ..all(7) }), (5, vec![]));
}

#[test]
fn a_file_is_filled_once_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.db");
    let full = Task {
        finish_ms: Some(5),
        error_msg: Some("é \"x\"".to_owned()),
        finished: Some(true),
        ..task(1, 9)
    };
    {
        let store = Store::open(Some(&path)).unwrap();
        assert!(!store.has(7).unwrap());
        assert!(store.fill(7, 0, &mut [full.clone()].into_iter()).unwrap());
    }
    let store = Store::open(Some(&path)).unwrap();
    assert!(store.has(7).unwrap());
    assert_eq!(store.select(all(7)).unwrap().tasks, vec![full]);
}

#[test]
fn a_fill_cut_short_starts_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.db");
    let rows: Vec<Task> = (0..2500).map(|i| task(i, i)).collect();
    {
        let store = Store::open(Some(&path)).unwrap();
        // The server ends while the second chunk is made.
        let mut cut = rows.clone().into_iter().inspect(|task| {
            if task.id == 1500 {
                store.close();
            }
        });
        assert!(!store.fill(7, 0, &mut cut).unwrap());
        assert!(!store.has(7).unwrap());
        assert_eq!(ids(&store, all(7)).0, 2000);
    }
    let store = Store::open(Some(&path)).unwrap();
    assert!(!store.has(7).unwrap());
    assert!(store.fill(7, 0, &mut rows.into_iter()).unwrap());
    assert!(store.has(7).unwrap());
    assert_eq!(ids(&store, all(7)).0, 2500);
}

#[test]
fn files_of_others_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(
        &text,
        "these are my notes, and they are long enough to be read as a header".repeat(20),
    )
    .unwrap();
    assert!(matches!(Store::open(Some(&text)), Err(StoreError::Foreign(_))));
    let other = folder.path().join("other.db");
    Connection::open(&other)
        .unwrap()
        .execute_batch("CREATE TABLE mine (x)")
        .unwrap();
    assert!(matches!(Store::open(Some(&other)), Err(StoreError::Foreign(_))));
    let older = folder.path().join("older.db");
    drop(Store::open(Some(&older)).unwrap());
    Connection::open(&older)
        .unwrap()
        .pragma_update(None, "user_version", 0)
        .unwrap();
    assert!(matches!(
        Store::open(Some(&older)),
        Err(StoreError::Layout { found: 0, .. })
    ));
}

#[test]
fn pages_and_totals_are_picked_on_the_index_alone() {
    let store = Store::open(None).unwrap();
    let connection = store.lock().unwrap();
    let plan = |sql: &str, parameters: &[i64]| -> Vec<String> {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps = statement
            .query_map(rusqlite::params_from_iter(parameters), |row| row.get(3))
            .unwrap();
        steps.map(Result::unwrap).collect()
    };
    let covering = |steps: &[String]| steps.iter().any(|s| s.contains("COVERING INDEX task_newest"));
    assert!(covering(&plan(sql::COUNT, &[1, 2, 3])));
    let steps = plan(sql::PAGE, &[1, 2, 3, 4, 5]);
    assert!(covering(&steps), "{steps:?}");
    // At most the rows of one page are sorted, never the whole cluster.
    assert!(
        steps.iter().filter(|s| s.contains("TEMP B-TREE")).count() <= 1,
        "{steps:?}"
    );
    assert!(!steps.iter().any(|s| s.starts_with("SCAN t")), "{steps:?}");
}
