//! Days of automatic refreshes: neither the requests nor the held data may grow.

use std::collections::HashMap;

use crate::core::api::request::{PageRequest, Purpose};
use crate::core::api::response::Page;
use crate::core::domain::task::Outcome;
use crate::core::state::Action;
use crate::core::state::tests::Bench;
use crate::core::table::batch::{Int, Row, Time};
use crate::core::time::SECOND;

/// A new task every 20 s, in microseconds. Each passes through all stages, and the oldest go 40 at a
/// time.
const SLOT: i64 = 20 * SECOND;
const STAGES: [&str; 4] = [
    "RESTORE_CREATE_TENANT",
    "RESTORE_SYS_REPLICA",
    "RESTORE_MODIFY_SCHEMA",
    "RESTORE_PRE",
];

fn created(slot: i64) -> i64 {
    slot * SLOT + slot % 7 * SECOND
}

fn task(slot: i64, now: i64) -> Row {
    let mut row = Row::default();
    let (age, length) = (now - created(slot), (30 + slot * 37 % 570) * SECOND);
    row.ints[0] = Int::Value(slot);
    row.times[0] = Time::At(created(slot), 0);
    let over = age >= length;
    row.finished = Some(over);
    row.successful = Some(over && slot % 5 > 0);
    row.texts[0] = match over {
        true if slot % 5 > 0 => "RESTORE_SUCCESS".into(),
        true => "RESTORE_FAIL".into(),
        false => STAGES[(age * 4 / length) as usize].into(),
    };
    if over {
        row.times[1] = Time::At(created(slot) + length, 0);
        row.texts[1] = format!("what {slot} has to say");
    }
    row
}

fn answer(ask: PageRequest, now: i64) -> Page {
    let newest = now / SLOT;
    let oldest = newest - newest % 40 - 180;
    let slots = (oldest..=newest).rev().filter(|slot| {
        let at = created(*slot);
        at <= now && ask.start.is_none_or(|start| at >= start) && ask.end.is_none_or(|end| at <= end)
    });
    let slots: Vec<i64> = slots.collect();
    let page = slots.iter().skip(((ask.page - 1) * ask.size) as usize);
    Page {
        rows: page
            .take(ask.size as usize)
            .map(|slot| task(*slot, now))
            .collect(),
        total: Some(slots.len() as u64),
        ..Page::default()
    }
}

/// One refresh: its requests, and how many of those for running tasks brought no running one.
fn refresh(bench: &mut Bench, action: Action) -> (Vec<PageRequest>, usize) {
    let (mut asks, mut idle) = (vec![], 0);
    let history = &bench.state.loaded.dataset;
    let held = history.rows().iter();
    let running = held.filter(|row| history.table().outcome(**row) == Outcome::Running);
    let running: Vec<i64> = running.filter_map(|row| history.table().id(*row)).collect();
    bench.act(action);
    while let Some((ticket, _)) = bench.open.first().cloned() {
        bench.open.remove(0);
        let ask = bench.state.scheduler.request_of(ticket).unwrap();
        let page = answer(ask, bench.now);
        if ask.purpose == Purpose::Running {
            let wanted = running.iter().any(|id| page.rows.ints[0].contains(id));
            idle += usize::from(!wanted);
        }
        asks.push(ask);
        bench.act(Action::Arrived(ticket, Ok(page)));
    }
    (asks, idle)
}

#[test]
fn torture_42_thousands_of_refreshes_ask_and_keep_no_more_than_the_first() {
    // With `LONG`, 10,000.
    let refreshes = 2_000 * i64::from(super::long_runs(5));
    for (reading, attributes) in [
        (false, ("sort", "-duration")),
        (true, ("sort", "restoreTenantName")),
    ] {
        let mut bench = Bench::new(0, &[attributes]);
        bench.now = 1_700_000_000 * SECOND;
        bench.open.clear();
        refresh(&mut bench, Action::Refresh);
        let (mut most_asks, mut walks, mut idle, mut numbers, mut texts) = (0, 0, 0, 0, 0);
        for n in 0..refreshes {
            bench.now += 30 * SECOND;
            if reading {
                // A person comes and goes, and shows the new tasks now and then.
                bench.act(Action::Reading(n % 50 < 40));
            }
            let (asks, in_vain) = refresh(&mut bench, Action::RefreshDue);
            assert!(bench.state.loaded.dataset.is_complete() && bench.state.scheduler.failure.is_none());
            assert_eq!((asks[0].purpose, asks[0].page), (Purpose::Newest, 1));
            let walked = asks.iter().any(|ask| ask.purpose == Purpose::FullScan);
            walks += i64::from(walked);
            most_asks = most_asks.max(asks.len());
            idle += in_vain;
            numbers = numbers.max(bench.state.loaded.dataset.table().len());
            texts = texts.max(bench.state.loaded.dataset.table().texts().len());
        }
        assert!(most_asks <= 7, "{most_asks} requests for one refresh");
        // The oldest go every 800 s. Only then is the range walked again.
        assert!(walks <= refreshes * 30 / 800 + 1, "{walks} walks");
        assert_eq!(idle, 0, "asked for tasks that had ended");
        assert!(numbers <= 221 * 3 / 2 + 64 + 60, "{numbers} contents are kept");
        assert!(texts <= 500, "{texts} texts are kept");
    }
}

#[test]
fn rows_on_the_screen_and_details_outlive_what_is_dropped() {
    let mut bench = Bench::new(0, &[("page-size", "2000"), ("sort", "-id")]);
    bench.now = 1_700_000_000 * SECOND;
    bench.open.clear();
    refresh(&mut bench, Action::Refresh);
    let id = |bench: &Bench, row: u32| bench.state.loaded.dataset.table().id(row).unwrap();
    let mut known: HashMap<u32, Row> = HashMap::new();
    let (mut swept, mut before, mut compared) = (0, 0, 0);
    let mut watched = None;
    for n in 0..600 {
        bench.now += 30 * SECOND;
        if n % 20 == 0 {
            // The newest task, which is running.
            let row = bench.state.page_rows().unwrap()[0];
            bench.act(Action::Details(Some(row)));
            watched = Some(id(&bench, row));
        }
        refresh(&mut bench, Action::RefreshDue);
        let details = bench.state.shown.details.unwrap();
        assert_eq!(Some(id(&bench, details)), watched);
        let shown = bench.state.page_rows().unwrap();
        assert!(
            shown.contains(&details),
            "the details are those of a row that is shown"
        );
        // Rows on the screen are known by number, so a number must not become another task's meanwhile.
        let table = bench.state.loaded.dataset.table();
        let mut now_known = HashMap::new();
        for &row in shown.iter() {
            let Some(id) = table.id(row) else {
                panic!("{row} is shown and empty")
            };
            if table.outcome(row) != Outcome::Running {
                let task = task(id, bench.now);
                assert_eq!(
                    table.time(row, crate::core::domain::column::TimeField::CreateTime),
                    Some(created(id))
                );
                if let Some(old) = known.get(&row) {
                    assert_eq!(*old, task, "row {row}");
                    compared += 1;
                }
                now_known.insert(row, task);
            }
        }
        known = now_known;
        let used = bench.state.loaded.dataset.table().used();
        swept += usize::from(used < before);
        before = used;
    }
    assert!(swept >= 5, "dropped {swept} times");
    assert!(compared > 10_000, "{compared} rows were there before");
}
