use crate::core::error::Error;
use crate::core::state::Action;
use crate::core::state::tests::{Simulation, page};
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
        ("requests for it", || Action::ShowNew),
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
            let mut sim = Simulation::new(30, &[("page-size", "100"), ("filter", filter)]);
            sim.settle();
            sim.act(Action::Reading(true));
            let before = sim.shown();
            sim.list.insert(0, 32);
            sim.list.insert(0, 31);
            sim.act(Action::RefreshDue);
            sim.settle();
            assert_eq!((sim.shown(), sim.state.pending_count()), (before, 2), "{who}");
            // The figures of the range are the current ones.
            assert_eq!(
                (
                    sim.state.loaded.dataset.loaded(),
                    sim.state.loaded.dataset.total()
                ),
                (32, Some(32))
            );
            sim.act(way());
            sim.settle();
            assert!(sim.shown().contains(&32), "{who}: {:?}", sim.shown());
            assert_eq!(sim.state.pending_count(), 0, "{who}");
        }
    }
}

#[test]
fn nothing_waits_where_nobody_reads_or_the_refresh_was_asked_for() {
    let table: [(bool, Action); 2] = [(false, Action::RefreshDue), (true, Action::Refresh)];
    for (reading, action) in table {
        let mut sim = Simulation::new(30, &[("page-size", "100")]);
        sim.settle();
        sim.act(Action::Reading(reading));
        sim.list.insert(0, 31);
        sim.act(action);
        sim.settle();
        assert_eq!((sim.shown()[0], sim.state.pending_count()), (31, 0));
    }
}

#[test]
fn only_what_passes_the_filter_is_counted() {
    let mut sim = Simulation::new(30, &[("page-size", "100"), ("filter", "status:failed")]);
    sim.settle();
    sim.act(Action::Reading(true));
    for id in [31, 32, 33] {
        sim.list.insert(0, id);
    }
    sim.act(Action::RefreshDue);
    sim.settle();
    assert_eq!(sim.state.pending_count(), 1);
}

#[test]
fn a_shown_task_that_moved_on_is_shown_as_it_is_now() {
    let mut sim = Simulation::new(4, &[]);
    sim.settle();
    sim.act(Action::Reading(true));
    sim.act(Action::RefreshDue);
    let (ticket, _) = sim.open.remove(0);
    let mut answer = page(&sim.list, 1, 20);
    answer.rows.edit(|rows| {
        rows[1] = row(3, "RESTORE_WAIT_LS");
        rows.insert(0, row(9, "RESTORE_PRE"));
    });
    answer.total = Some(5);
    sim.act(Action::Arrived(ticket, Ok(answer)));
    assert_eq!((sim.shown(), sim.state.pending_count()), (vec![4, 3, 2, 1], 1));
    let shown = sim.state.page_rows().unwrap()[1];
    let table = sim.state.loaded.dataset.table();
    assert_eq!(
        table.text(shown, crate::core::domain::column::TextField::Status),
        "RESTORE_WAIT_LS"
    );
}

#[test]
fn a_page_of_the_servers_holds_still_while_rows_move_on_to_the_next() {
    let mut sim = Simulation::new(1240, &[]);
    sim.settle();
    sim.act(Action::GoToPage(3));
    sim.settle();
    sim.act(Action::Reading(true));
    let before = sim.shown();
    sim.list.insert(0, 1241);
    sim.list.insert(0, 1242);
    sim.act(Action::RefreshDue);
    sim.settle();
    assert_eq!((sim.shown(), sim.state.pending_count()), (before, 2));
    let sent = sim.sent.len();
    sim.act(Action::ShowNew);
    sim.settle();
    assert_eq!(
        (
            sim.state.query.view.page,
            sim.shown()[0],
            sim.state.pending_count()
        ),
        (1, 1242, 0)
    );
    assert_eq!(sim.sent[sent..], ["page=1&size=20"]);
}

#[test]
fn who_begins_to_read_while_a_refresh_is_under_way_is_not_disturbed_either() {
    let mut sim = Simulation::new(30, &[("page-size", "100")]);
    sim.settle();
    sim.list.insert(0, 31);
    sim.act(Action::RefreshDue);
    sim.act(Action::Reading(true));
    sim.settle();
    assert_eq!((sim.shown()[0], sim.state.pending_count()), (30, 1));
}

#[test]
fn what_is_shown_is_stale_when_asking_failed_or_keeps_failing_for_long() {
    let mut sim = Simulation::new(30, &[]);
    assert!(!sim.state.is_stale(0), "nothing is shown");
    sim.settle();
    assert!(!sim.state.is_stale(3_600_000_000), "old, but nothing has failed");
    sim.act(Action::RefreshDue);
    sim.fail(Error::http(503));
    assert!(!sim.state.is_stale(60_000_000) && sim.state.is_stale(60_000_001));
    sim.act(Action::Refresh);
    sim.fail(Error::http(500));
    assert!(sim.state.is_stale(0));
    sim.act(Action::Retry);
    sim.settle();
    assert!(!sim.state.is_stale(0));
}

#[test]
fn who_is_on_a_later_page_or_has_details_open_reads() {
    type Way = fn(&mut Simulation);
    type Case = (&'static str, &'static [(&'static str, &'static str)], Way, Way);
    let table: [Case; 3] = [
        (
            "a later page",
            &[],
            |sim| sim.act(Action::GoToPage(2)),
            |sim| sim.act(Action::GoToPage(1)),
        ),
        (
            "details",
            &[("page-size", "100")],
            |sim| {
                let row = sim.state.page_rows().unwrap()[0];
                sim.act(Action::Details(Some(row)));
            },
            |sim| sim.act(Action::Details(None)),
        ),
        (
            "at the rows",
            &[("page-size", "100")],
            |sim| sim.act(Action::Reading(true)),
            |sim| sim.act(Action::Reading(false)),
        ),
    ];
    for (who, attributes, begin, end) in table {
        let mut sim = Simulation::new(60, attributes);
        sim.settle();
        begin(&mut sim);
        sim.settle();
        let (before, count) = (sim.shown(), sim.state.count());
        sim.list.insert(0, 61);
        sim.act(Action::RefreshDue);
        sim.settle();
        assert_eq!((sim.shown(), sim.state.pending_count()), (before, 1), "{who}");
        assert_eq!(sim.state.count(), count, "{who}: rows of the view");
        // When a person stops reading, nothing moves until the next refresh.
        end(&mut sim);
        sim.act(Action::RefreshDue);
        sim.settle();
        assert_eq!((sim.shown()[0], sim.state.pending_count()), (61, 0), "{who}");
        assert_eq!(sim.state.count(), Some(61), "{who}");
    }
}

#[test]
fn who_has_details_open_is_not_disturbed_by_the_pointer_leaving() {
    let mut sim = Simulation::new(30, &[("page-size", "100")]);
    sim.settle();
    sim.act(Action::Reading(true));
    let row = sim.state.page_rows().unwrap()[3];
    sim.act(Action::Details(Some(row)));
    sim.list.insert(0, 31);
    sim.act(Action::RefreshDue);
    sim.settle();
    sim.act(Action::Reading(false));
    assert_eq!((sim.shown()[0], sim.state.pending_count()), (30, 1));
}

#[test]
fn new_tasks_are_counted_though_as_many_old_ones_have_gone() {
    for page in [1, 2] {
        let mut sim = Simulation::new(100, &[]);
        sim.settle();
        sim.act(Action::GoToPage(page));
        sim.settle();
        sim.act(Action::Reading(true));
        let before = sim.shown();
        for id in [101, 102, 103] {
            sim.list.insert(0, id);
            sim.list.truncate(95);
            sim.act(Action::RefreshDue);
            sim.settle();
        }
        assert_eq!(
            (sim.shown(), sim.state.pending_count()),
            (before, 3),
            "page {page}"
        );
    }
}
