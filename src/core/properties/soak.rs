//! Days of automatic refreshes: neither the requests nor the held data may grow.

use std::collections::HashMap;

use crate::core::api::request::{PageRequest, Purpose};
use crate::core::api::response::Page;
use crate::core::domain::task::Outcome;
use crate::core::state::Action;
use crate::core::state::tests::Simulation;
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

fn answer(request: PageRequest, now: i64) -> Page {
    let newest = now / SLOT;
    let oldest = newest - newest % 40 - 180;
    let slots = (oldest..=newest).rev().filter(|slot| {
        let at = created(*slot);
        at <= now && request.start.is_none_or(|start| at >= start) && request.end.is_none_or(|end| at <= end)
    });
    let slots: Vec<i64> = slots.collect();
    let page = slots.iter().skip(((request.page - 1) * request.size) as usize);
    Page {
        rows: page
            .take(request.size as usize)
            .map(|slot| task(*slot, now))
            .collect(),
        total: Some(slots.len() as u64),
        ..Page::default()
    }
}

/// One refresh: its requests, and how many of those for running tasks brought no running one.
fn refresh(sim: &mut Simulation, action: Action) -> (Vec<PageRequest>, usize) {
    let (mut requests, mut idle) = (vec![], 0);
    let dataset = &sim.state.loaded.dataset;
    let held = dataset.rows().iter();
    let running = held.filter(|row| dataset.table().outcome(**row) == Outcome::Running);
    let running: Vec<i64> = running.filter_map(|row| dataset.table().id(*row)).collect();
    sim.act(action);
    while let Some((ticket, _)) = sim.open.first().cloned() {
        sim.open.remove(0);
        let request = sim.state.scheduler.request_of(ticket).unwrap();
        let page = answer(request, sim.now);
        if request.purpose == Purpose::Running {
            let wanted = running.iter().any(|id| page.rows.ints[0].contains(id));
            idle += usize::from(!wanted);
        }
        requests.push(request);
        sim.act(Action::Arrived(ticket, Ok(page)));
    }
    (requests, idle)
}

#[test]
fn torture_42_thousands_of_refreshes_ask_and_keep_no_more_than_the_first() {
    // With `LONG`, 10,000.
    let refreshes = 2_000 * i64::from(super::long_runs(5));
    for (reading, attributes) in [
        (false, ("sort", "-duration")),
        (true, ("sort", "restoreTenantName")),
    ] {
        let mut sim = Simulation::new(0, &[attributes]);
        sim.now = 1_700_000_000 * SECOND;
        sim.open.clear();
        refresh(&mut sim, Action::Refresh);
        let (mut most_requests, mut scans, mut idle, mut numbers, mut texts) = (0, 0, 0, 0, 0);
        for n in 0..refreshes {
            sim.now += 30 * SECOND;
            if reading {
                // A person comes and goes, and shows the new tasks now and then.
                sim.act(Action::Reading(n % 50 < 40));
            }
            let (requests, in_vain) = refresh(&mut sim, Action::RefreshDue);
            assert!(sim.state.loaded.dataset.is_complete() && sim.state.scheduler.failure.is_none());
            assert_eq!((requests[0].purpose, requests[0].page), (Purpose::Newest, 1));
            let scanned = requests
                .iter()
                .any(|request| request.purpose == Purpose::FullScan);
            scans += i64::from(scanned);
            most_requests = most_requests.max(requests.len());
            idle += in_vain;
            numbers = numbers.max(sim.state.loaded.dataset.table().len());
            texts = texts.max(sim.state.loaded.dataset.table().texts().len());
        }
        assert!(most_requests <= 7, "{most_requests} requests for one refresh");
        // The oldest go every 800 s. Only then is the range scanned again.
        assert!(scans <= refreshes * 30 / 800 + 1, "{scans} scans");
        assert_eq!(idle, 0, "asked for tasks that had ended");
        assert!(numbers <= 221 * 3 / 2 + 64 + 60, "{numbers} contents are kept");
        assert!(texts <= 500, "{texts} texts are kept");
    }
}

#[test]
fn rows_on_the_screen_and_details_outlive_what_is_dropped() {
    let mut sim = Simulation::new(0, &[("page-size", "2000"), ("sort", "-id")]);
    sim.now = 1_700_000_000 * SECOND;
    sim.open.clear();
    refresh(&mut sim, Action::Refresh);
    let id = |sim: &Simulation, row: u32| sim.state.loaded.dataset.table().id(row).unwrap();
    let mut known: HashMap<u32, Row> = HashMap::new();
    let (mut swept, mut before, mut compared) = (0, 0, 0);
    let mut watched = None;
    for n in 0..600 {
        sim.now += 30 * SECOND;
        if n % 20 == 0 {
            // The newest task, which is running.
            let row = sim.state.page_rows().unwrap()[0];
            sim.act(Action::Details(Some(row)));
            watched = Some(id(&sim, row));
        }
        refresh(&mut sim, Action::RefreshDue);
        let details = sim.state.shown.details.unwrap();
        assert_eq!(Some(id(&sim, details)), watched);
        let shown = sim.state.page_rows().unwrap();
        assert!(
            shown.contains(&details),
            "the details are those of a row that is shown"
        );
        // Rows on the screen are known by number, so a number must not become another task's meanwhile.
        let table = sim.state.loaded.dataset.table();
        let mut now_known = HashMap::new();
        for &row in shown.iter() {
            let Some(id) = table.id(row) else {
                panic!("{row} is shown and empty")
            };
            if table.outcome(row) != Outcome::Running {
                let task = task(id, sim.now);
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
        let used = sim.state.loaded.dataset.table().used();
        swept += usize::from(used < before);
        before = used;
    }
    assert!(swept >= 5, "dropped {swept} times");
    assert!(compared > 10_000, "{compared} rows were there before");
}
