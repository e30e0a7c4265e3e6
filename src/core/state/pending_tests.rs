use crate::core::error::Error;
use crate::core::state::Action;
use crate::core::state::tests::{Bench, page};
use crate::core::table::batch::{Int, Row};

fn row(id: i64, status: &str) -> Row {
    let mut row = Row::default();
    row.ints[0] = Int::Value(id);
    row.texts[0] = status.into();
    row
}

/// A refresh while the person reads, and each way to show its new tasks.
#[test]
fn what_is_new_waits_until_somebody_wants_it() {
    type Way = fn() -> Action;
    let ways: [(&str, Way); 8] = [
        ("asks for it", || Action::ShowNew),
        ("reads no more", || Action::Reading(false)),
        ("refreshes", || Action::Refresh),
        ("filters", || Action::TypeFilter("status:failed,succeeded".into())),
        ("sorts", || {
            Action::ToggleSort(crate::core::domain::column::Column::Id)
        }),
        ("goes to a page", || Action::GoToPage(1)),
        ("takes other pages", || Action::SetRowsPerPage(50)),
        ("resets", || Action::Reset),
    ];
    for filter in ["", "status:failed,succeeded"] {
        for (who, way) in ways {
            let mut bench = Bench::new(30, &[("page-size", "100"), ("filter", filter)]);
            bench.settle();
            bench.act(Action::Reading(true));
            let before = bench.shown();
            bench.list.insert(0, 32);
            bench.list.insert(0, 31);
            bench.act(Action::RefreshDue);
            bench.settle();
            assert_eq!((bench.shown(), bench.state.pending_count()), (before, 2), "{who}");
            // The figures of the range are the current ones.
            assert_eq!(
                (
                    bench.state.loaded.dataset.loaded(),
                    bench.state.loaded.dataset.total()
                ),
                (32, Some(32))
            );
            bench.act(way());
            bench.settle();
            assert!(bench.shown().contains(&32), "{who}: {:?}", bench.shown());
            assert_eq!(bench.state.pending_count(), 0, "{who}");
        }
    }
}

#[test]
fn nothing_waits_where_nobody_reads_or_the_refresh_was_asked_for() {
    let table: [(bool, Action); 2] = [(false, Action::RefreshDue), (true, Action::Refresh)];
    for (reading, action) in table {
        let mut bench = Bench::new(30, &[("page-size", "100")]);
        bench.settle();
        bench.act(Action::Reading(reading));
        bench.list.insert(0, 31);
        bench.act(action);
        bench.settle();
        assert_eq!((bench.shown()[0], bench.state.pending_count()), (31, 0));
    }
}

#[test]
fn only_what_passes_the_filter_is_counted() {
    let mut bench = Bench::new(30, &[("page-size", "100"), ("filter", "status:failed")]);
    bench.settle();
    bench.act(Action::Reading(true));
    for id in [31, 32, 33] {
        bench.list.insert(0, id);
    }
    bench.act(Action::RefreshDue);
    bench.settle();
    assert_eq!(bench.state.pending_count(), 1);
}

#[test]
fn a_shown_task_that_moved_on_is_shown_as_it_is_now() {
    let mut bench = Bench::new(4, &[]);
    bench.settle();
    bench.act(Action::Reading(true));
    bench.act(Action::RefreshDue);
    let (ticket, _) = bench.open.remove(0);
    let mut answer = page(&bench.list, 1, 20);
    answer.rows.edit(|rows| {
        rows[1] = row(3, "RESTORE_WAIT_LS");
        rows.insert(0, row(9, "RESTORE_PRE"));
    });
    answer.total = Some(5);
    bench.act(Action::Arrived(ticket, Ok(answer)));
    assert_eq!(
        (bench.shown(), bench.state.pending_count()),
        (vec![4, 3, 2, 1], 1)
    );
    let shown = bench.state.page_rows().unwrap()[1];
    let table = bench.state.loaded.dataset.table();
    assert_eq!(
        table.text(shown, crate::core::domain::column::TextField::Status),
        "RESTORE_WAIT_LS"
    );
}

#[test]
fn a_page_of_the_servers_holds_still_while_rows_move_on_to_the_next() {
    let mut bench = Bench::new(1240, &[]);
    bench.settle();
    bench.act(Action::GoToPage(3));
    bench.settle();
    bench.act(Action::Reading(true));
    let before = bench.shown();
    bench.list.insert(0, 1241);
    bench.list.insert(0, 1242);
    bench.act(Action::RefreshDue);
    bench.settle();
    assert_eq!((bench.shown(), bench.state.pending_count()), (before, 2));
    let sent = bench.sent.len();
    bench.act(Action::ShowNew);
    bench.settle();
    assert_eq!(
        (
            bench.state.query.view.page,
            bench.shown()[0],
            bench.state.pending_count()
        ),
        (1, 1242, 0)
    );
    assert_eq!(bench.sent[sent..], ["page=1&size=20"]);
}

#[test]
fn who_begins_to_read_while_a_refresh_is_under_way_is_not_disturbed_either() {
    let mut bench = Bench::new(30, &[("page-size", "100")]);
    bench.settle();
    bench.list.insert(0, 31);
    bench.act(Action::RefreshDue);
    bench.act(Action::Reading(true));
    bench.settle();
    assert_eq!((bench.shown()[0], bench.state.pending_count()), (30, 1));
}

#[test]
fn what_is_shown_is_stale_when_asking_failed_or_keeps_failing_for_long() {
    let mut bench = Bench::new(30, &[]);
    assert!(!bench.state.is_stale(0), "nothing is shown");
    bench.settle();
    assert!(
        !bench.state.is_stale(3_600_000_000),
        "old, but nothing has failed"
    );
    bench.act(Action::RefreshDue);
    bench.fail(Error::http(503));
    assert!(!bench.state.is_stale(60_000_000) && bench.state.is_stale(60_000_001));
    bench.act(Action::Refresh);
    bench.fail(Error::http(500));
    assert!(bench.state.is_stale(0));
    bench.act(Action::Retry);
    bench.settle();
    assert!(!bench.state.is_stale(0));
}

#[test]
fn who_is_on_a_later_page_or_has_details_open_reads() {
    type Way = fn(&mut Bench);
    type Case = (&'static str, &'static [(&'static str, &'static str)], Way, Way);
    let table: [Case; 3] = [
        (
            "a later page",
            &[],
            |bench| bench.act(Action::GoToPage(2)),
            |bench| bench.act(Action::GoToPage(1)),
        ),
        (
            "details",
            &[("page-size", "100")],
            |bench| {
                let row = bench.state.page_rows().unwrap()[0];
                bench.act(Action::Details(Some(row)));
            },
            |bench| bench.act(Action::Details(None)),
        ),
        (
            "at the rows",
            &[("page-size", "100")],
            |bench| bench.act(Action::Reading(true)),
            |bench| bench.act(Action::Reading(false)),
        ),
    ];
    for (who, attributes, begin, end) in table {
        let mut bench = Bench::new(60, attributes);
        bench.settle();
        begin(&mut bench);
        bench.settle();
        let (before, count) = (bench.shown(), bench.state.count());
        bench.list.insert(0, 61);
        bench.act(Action::RefreshDue);
        bench.settle();
        assert_eq!((bench.shown(), bench.state.pending_count()), (before, 1), "{who}");
        assert_eq!(bench.state.count(), count, "{who}: rows of the view");
        // When a person stops reading, nothing moves until the next refresh.
        end(&mut bench);
        bench.act(Action::RefreshDue);
        bench.settle();
        assert_eq!((bench.shown()[0], bench.state.pending_count()), (61, 0), "{who}");
        assert_eq!(bench.state.count(), Some(61), "{who}");
    }
}

#[test]
fn who_has_details_open_is_not_disturbed_by_the_pointer_leaving() {
    let mut bench = Bench::new(30, &[("page-size", "100")]);
    bench.settle();
    bench.act(Action::Reading(true));
    let row = bench.state.page_rows().unwrap()[3];
    bench.act(Action::Details(Some(row)));
    bench.list.insert(0, 31);
    bench.act(Action::RefreshDue);
    bench.settle();
    bench.act(Action::Reading(false));
    assert_eq!((bench.shown()[0], bench.state.pending_count()), (30, 1));
}

#[test]
fn new_tasks_are_counted_though_as_many_old_ones_have_gone() {
    for page in [1, 2] {
        let mut bench = Bench::new(100, &[]);
        bench.settle();
        bench.act(Action::GoToPage(page));
        bench.settle();
        bench.act(Action::Reading(true));
        let before = bench.shown();
        for id in [101, 102, 103] {
            bench.list.insert(0, id);
            bench.list.truncate(95);
            bench.act(Action::RefreshDue);
            bench.settle();
        }
        assert_eq!(
            (bench.shown(), bench.state.pending_count()),
            (before, 3),
            "page {page}"
        );
    }
}
