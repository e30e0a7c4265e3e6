use super::*;
use crate::core::domain::column::DEFAULT;
use crate::core::state::Action;
use crate::core::state::Event;
use crate::core::state::tests::Simulation;

fn sim() -> Simulation {
    let mut sim = Simulation::new(30, &[("columns", "id status createTime")]);
    sim.settle();
    sim.reported.clear();
    sim
}

const HOST: [Column; 3] = [Column::Id, Column::Status, Column::CreateTime];

#[test]
fn a_column_goes_up_and_down_and_stops_at_the_ends() {
    let table = [
        (
            Column::Status,
            -1,
            [Column::Status, Column::Id, Column::CreateTime],
        ),
        (
            Column::Status,
            1,
            [Column::Id, Column::CreateTime, Column::Status],
        ),
        (
            Column::CreateTime,
            -2,
            [Column::CreateTime, Column::Id, Column::Status],
        ),
        (Column::Id, -1, HOST),
        (Column::CreateTime, 1, HOST),
        (Column::Id, isize::MIN, HOST),
        (Column::CreateTime, isize::MAX, HOST),
        // A column that is not shown.
        (Column::Duration, -1, HOST),
    ];
    for (column, by, want) in table {
        let mut sim = sim();
        sim.act(Action::MoveColumn(column, by));
        assert_eq!(sim.state.query.view.columns, want, "{column:?} {by}");
        // At the end of the row, the place is announced again.
        let note = (column != Column::Duration).then_some(ColumnNotice::Moved(column));
        assert_eq!(sim.state.column_notice(), note, "{column:?} {by}");
        let reported = if want != HOST {
            vec![Event::Changed]
        } else {
            vec![]
        };
        assert_eq!(sim.reported, reported, "{column:?} {by}");
    }
}

#[test]
fn widths_stay_within_bounds_and_in_one_order() {
    let mut sim = sim();
    let table = [
        (Column::Status, Some(200), vec![(Column::Status, 200)]),
        (
            Column::Id,
            Some(1),
            vec![(Column::Id, LEAST), (Column::Status, 200)],
        ),
        (
            Column::Status,
            Some(5000),
            vec![(Column::Id, LEAST), (Column::Status, MOST)],
        ),
        (Column::Id, None, vec![(Column::Status, MOST)]),
        (Column::Id, None, vec![(Column::Status, MOST)]),
        (Column::Status, None, vec![]),
    ];
    for (column, width, want) in table {
        sim.act(Action::SetWidth(column, width));
        assert_eq!(sim.state.query.view.widths, want, "{column:?} {width:?}");
        assert_eq!(sim.state.column_notice(), Some(ColumnNotice::Resized(column)));
    }
}

#[test]
fn resetting_the_columns_leaves_the_rest_of_the_view_and_reset_nothing() {
    for (action, filter) in [(Action::ResetColumns, "x"), (Action::Reset, "")] {
        let mut sim = sim();
        sim.act(Action::TypeFilter("x".into()));
        sim.settle();
        sim.act(Action::MoveColumn(Column::Id, 1));
        sim.act(Action::SetWidth(Column::Id, Some(300)));
        sim.act(Action::PinFirst(true));
        assert!(sim.state.query.view.pinned);
        sim.act(action);
        let view = &sim.state.query.view;
        assert_eq!(
            (&*view.columns, &*view.widths, view.pinned, &*view.filter),
            (&HOST[..], &[][..], false, filter)
        );
    }
}

#[test]
fn the_address_says_the_order_and_neither_widths_nor_pin_and_back_keeps_these() {
    let mut sim = Simulation::new(30, &[("columns", "id status createTime"), ("url-sync", "query")]);
    sim.settle();
    sim.act(Action::SetWidth(Column::Id, Some(300)));
    sim.act(Action::PinFirst(true));
    assert_eq!(sim.addresses, [] as [&str; 0]);
    sim.act(Action::MoveColumn(Column::Id, 1));
    assert_eq!(sim.addresses, ["push columns=status id createTime"]);
    sim.act(Action::UrlChanged(Default::default()));
    let view = &sim.state.query.view;
    assert_eq!(view.columns, HOST);
    assert_eq!((&*view.widths, view.pinned), (&[(Column::Id, 300)][..], true));
}

#[test]
fn a_note_holds_until_something_else_is_done_or_the_number_is_another_one() {
    let mut sim = sim();
    sim.act(Action::SetWidth(Column::Id, Some(300)));
    sim.act(Action::Replan);
    sim.act(Action::RefreshDue);
    sim.settle();
    assert_eq!(
        sim.state.column_notice(),
        Some(ColumnNotice::Resized(Column::Id)),
        "a refresh without news"
    );
    sim.act(Action::SetDensity(
        crate::core::settings::attributes::Density::Compact,
    ));
    assert_eq!(sim.state.column_notice(), None, "something else");
    sim.act(Action::ResetColumns);
    assert_eq!(sim.state.column_notice(), Some(ColumnNotice::Reset));
    sim.list.insert(0, 31);
    sim.act(Action::Refresh);
    sim.settle();
    assert_eq!(sim.state.column_notice(), None, "another number");
}

#[test]
fn tracks_grow_where_nobody_chose() {
    let columns = [Column::Id, Column::Status, Column::ErrorMsg];
    let named = [Column::Id, Column::BackupMode];
    #[allow(clippy::type_complexity, reason = "a table is read as one")]
    let table: [(&[Column], &[(Column, u32)], [u32; 2], &str); 7] = [
        (
            &columns,
            &[],
            [522, 0],
            "calc(64*var(--unit)) calc(238*var(--unit)) minmax(calc(220*var(--unit)),220fr)",
        ),
        (
            &columns,
            &[(Column::Status, 100)],
            [284, 100],
            "calc(64*var(--unit)) 100px minmax(calc(220*var(--unit)),220fr) 0px",
        ),
        (
            &columns,
            &[(Column::ErrorMsg, 300)],
            [302, 300],
            "calc(64*var(--unit)) calc(238*var(--unit)) 300px minmax(0,1fr)",
        ),
        (
            &named,
            &[],
            [144, 0],
            "minmax(calc(64*var(--unit)),64fr) minmax(calc(80*var(--unit)),80fr)",
        ),
        (
            &named,
            &[(Column::Id, 70)],
            [80, 70],
            "70px minmax(calc(80*var(--unit)),80fr) 0px",
        ),
        (
            &named,
            &[(Column::Id, 70), (Column::BackupMode, 90)],
            [0, 160],
            "70px 90px minmax(0,1fr)",
        ),
        // A column that is not shown.
        (
            &named,
            &[(Column::Status, 90)],
            [144, 0],
            "minmax(calc(64*var(--unit)),64fr) minmax(calc(80*var(--unit)),80fr) 0px",
        ),
    ];
    for (columns, widths, [units, pixels], want) in table {
        let (is, tracks) = tracks(columns, widths);
        let least = Least { units, pixels };
        assert_eq!((is, tracks.as_str()), (least, want));
    }
    assert_eq!(tracks(&DEFAULT, &[]).0.css(), "calc(1704*var(--unit) + 0px)");
}

#[test]
fn a_drag_changes_one_track_only() {
    let free = layout(&[Column::Id, Column::Status, Column::ErrorMsg], &[]);
    let table = [
        (
            Column::Id,
            100,
            [458, 100],
            "100px calc(238*var(--unit)) minmax(calc(220*var(--unit)),220fr) 0px",
        ),
        (
            Column::Id,
            1,
            [458, 48],
            "48px calc(238*var(--unit)) minmax(calc(220*var(--unit)),220fr) 0px",
        ),
        (
            Column::ErrorMsg,
            9999,
            [302, 800],
            "calc(64*var(--unit)) calc(238*var(--unit)) 800px minmax(0,1fr)",
        ),
        // A column that is not shown any more.
        (
            Column::RestoreUri,
            100,
            [522, 0],
            "calc(64*var(--unit)) calc(238*var(--unit)) minmax(calc(220*var(--unit)),220fr) 0px",
        ),
    ];
    for (column, width, [units, pixels], want) in table {
        let (least, tracks) = free.with_width(column, width).tracks();
        let is = (least, tracks.join(" "));
        assert_eq!(
            is,
            (Least { units, pixels }, want.to_owned()),
            "{column:?} {width}"
        );
    }
}

#[test]
fn a_column_that_is_shown_again_stands_where_it_usually_does() {
    for column in Column::ALL.iter().copied() {
        let mut columns = DEFAULT.to_vec();
        columns.retain(|other| *other != column);
        show(&mut columns, column);
        let is_default = DEFAULT.contains(&column);
        assert_eq!(columns.len(), DEFAULT.len() + usize::from(!is_default));
        if is_default {
            assert_eq!(columns, DEFAULT);
        } else {
            assert_eq!(columns.last(), Some(&column));
        }
    }
    // In another order, a column comes before the first one that follows it by default.
    let mut columns = vec![Column::ErrorMsg, Column::Status, Column::Id];
    show(&mut columns, Column::CreateTime);
    assert_eq!(columns[0], Column::CreateTime);
    let mut columns = Vec::new();
    show(&mut columns, Column::Rewind);
    show(&mut columns, Column::OcpJobId);
    show(&mut columns, Column::Status);
    assert_eq!(columns[0], Column::Status);
    assert_eq!(columns.len(), 3);
}

fn layout(columns: &[Column], widths: &[(Column, u32)]) -> ColumnLayout {
    ColumnLayout {
        columns: columns.to_vec(),
        widths: widths.to_vec(),
        id_digits: 4,
    }
}

fn tracks(columns: &[Column], widths: &[(Column, u32)]) -> (Least, String) {
    let (least, tracks) = layout(columns, widths).tracks();
    (least, tracks.join(" "))
}
