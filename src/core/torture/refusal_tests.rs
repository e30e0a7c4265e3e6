//! Answers that do not come, break off, come too late or are refusals: which requests follow, and what
//! stays on the screen.

use super::{failures, lost};
use crate::core::api::response;
use crate::core::error::Code;
use crate::core::state::tests::{Simulation, page};
use crate::core::state::{Action, At, Effect};

/// Fails all requests until none waits to be tried again.
fn fail_for_good(sim: &mut Simulation) {
    while !sim.open.is_empty() {
        sim.fail(lost());
        if let Some((ticket, _)) = sim.waits.pop() {
            sim.act(Action::RetryDue(ticket));
        }
    }
}

#[test]
fn torture_01_a_refused_connection_costs_four_requests_and_retry_works() {
    let mut sim = Simulation::new(100, &[]);
    fail_for_good(&mut sim);
    assert_eq!(sim.sent.len(), 4);
    assert_eq!(failures(&sim), [Code::Network]);
    assert!(
        sim.state
            .scheduler
            .failure
            .as_ref()
            .is_some_and(|trouble| !trouble.retrying)
    );
    assert!(sim.state.is_settled());
    sim.act(Action::Retry);
    sim.settle();
    assert_eq!((sim.sent.len(), sim.shown().len()), (5, 20));
    assert_eq!(sim.state.scheduler.failure, None);
}

#[test]
fn torture_02_a_connection_that_breaks_off_costs_four_requests_and_no_row() {
    // One page of the server, and a range that is held completely.
    for attributes in [&[] as &[_], &[("sort", "-id")]] {
        let mut sim = Simulation::new(5000, attributes);
        sim.settle();
        let (shown, held, sent) = (sim.shown(), sim.state.loaded.dataset.loaded(), sim.sent.len());
        sim.act(Action::Refresh);
        fail_for_good(&mut sim);
        assert_eq!(sim.sent.len(), sent + 4, "{attributes:?}");
        assert_eq!(failures(&sim), [Code::Network]);
        assert_eq!(
            (sim.shown(), sim.state.loaded.dataset.loaded()),
            (shown.clone(), held)
        );
        sim.act(Action::Retry);
        sim.settle();
        assert_eq!((sim.shown(), sim.state.scheduler.failure.clone()), (shown, None));
    }
    // A full scan that breaks off keeps its complete pages and continues after them.
    let mut sim = Simulation::new(5000, &[("sort", "-id")]);
    sim.answer();
    fail_for_good(&mut sim);
    assert_eq!(
        (
            sim.state.loaded.dataset.loaded(),
            sim.state.loaded.dataset.is_complete()
        ),
        (2000, false)
    );
    sim.act(Action::Retry);
    sim.settle();
    assert!(sim.state.loaded.dataset.is_complete());
}

#[test]
fn torture_11_what_no_retry_can_mend_is_asked_once_and_told_by_its_code() {
    let table = [
        (400, Code::Http),
        (401, Code::Auth),
        (403, Code::Permission),
        (404, Code::Http),
    ];
    for (status, code) in table {
        let mut sim = Simulation::new(100, &[]);
        sim.fail(response::failure(status, b""));
        assert_eq!((sim.sent.len(), sim.waits.len()), (1, 0), "{status}");
        assert_eq!(failures(&sim), [code], "{status}");
    }
}

#[test]
fn torture_12_a_login_page_is_asked_for_once_and_polling_stops() {
    let Err(error) = response::page(b"<!doctype html><html><form action=\"/login\"></form></html>") else {
        panic!("a login page is no page of tasks");
    };
    assert_eq!(error.code, Code::Auth);
    let mut sim = Simulation::new(100, &[("refresh", "1")]);
    sim.settle();
    sim.act(Action::RefreshDue);
    let (ticket, _) = sim.open.remove(0);
    let effects = sim
        .state
        .apply(Action::Arrived(ticket, Err(error)), At::default());
    let timers: Vec<_> = effects
        .iter()
        .filter(|effect| {
            matches!(
                effect,
                Effect::RefreshIn(_) | Effect::Wait(..) | Effect::Fetch(..)
            )
        })
        .collect();
    assert!(matches!(timers[..], [Effect::RefreshIn(None)]), "{timers:?}");
    // That the network or the page is back does not mean that somebody has signed in.
    let sent = sim.sent.len();
    sim.act(Action::Online);
    sim.act(Action::Visible(false));
    sim.now = 3_600_000_000;
    sim.act(Action::Visible(true));
    assert_eq!(sim.sent.len(), sent);
    assert_eq!(sim.shown().len(), 20);
    sim.act(Action::Retry);
    sim.settle();
    assert_eq!(
        (sim.sent.len(), sim.state.scheduler.failure.clone()),
        (sent + 1, None)
    );
}

#[test]
fn torture_16_the_page_asked_for_last_is_shown_in_a_thousand_shuffles() {
    const SIZE: i64 = 20;
    let mut late = 0;
    for seed in 1..=1_000u64 {
        let mut random = seed;
        let mut below = |most: usize| {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) as usize % most
        };
        let mut sim = Simulation::new(200, &[]);
        // Answers of the server arrive even if nothing needs them any more.
        let mut answers = sim.open.clone();
        for _ in 0..2 + below(4) {
            sim.act(Action::GoToPage(1 + below(10) as u64));
            answers.extend(sim.open.iter().cloned());
            answers.dedup();
            if below(3) == 0 {
                arrive(&mut sim, &mut answers, &mut below, &mut late);
            }
        }
        while !answers.is_empty() {
            arrive(&mut sim, &mut answers, &mut below, &mut late);
            let first = 200 - (sim.state.query.view.page as i64 - 1) * SIZE;
            let want: Vec<i64> = (0..SIZE).map(|n| first - n).collect();
            let shown = sim.shown();
            assert!(
                shown.is_empty() || shown == want,
                "seed {seed}: page {} shows {shown:?}",
                sim.state.query.view.page
            );
        }
        assert!(sim.open.is_empty() && sim.state.is_settled(), "seed {seed}");
        assert_eq!(sim.shown().len(), SIZE as usize, "seed {seed}");
    }
    assert!(late > 1_000, "only {late} answers came too late");
}

/// One of the answers in flight arrives, in random order.
fn arrive(
    sim: &mut Simulation,
    answers: &mut Vec<(u64, String)>,
    below: &mut impl FnMut(usize) -> usize,
    late: &mut usize,
) {
    let (ticket, url) = answers.remove(below(answers.len()));
    let number = |name: &str| {
        let (_, tail) = url.split_once(&format!("{name}=")).unwrap();
        tail.split('&').next().unwrap().parse::<u64>().unwrap()
    };
    *late += usize::from(sim.open.iter().all(|(open, _)| *open != ticket));
    sim.open.retain(|(open, _)| *open != ticket);
    let page = page(&sim.list, number("page"), number("size"));
    sim.act(Action::Arrived(ticket, Ok(page)));
    answers.extend(
        sim.open
            .iter()
            .filter(|open| !answers.contains(open))
            .cloned()
            .collect::<Vec<_>>(),
    );
}

#[test]
fn torture_01_each_of_four_in_a_walk_is_asked_four_times_at_most() {
    // Which request in flight or waiting is next: in turn, always the last, always the first.
    for order in [0, 1, 2] {
        let mut sim = Simulation::new(40_000, &[("sort", "id")]);
        sim.answer();
        assert_eq!(sim.open.len(), 4);
        let before = sim.sent.len() - 4;
        for n in 0.. {
            assert!(n < 100, "it never ends");
            let pick = |length: usize| [n % length, length - 1, 0][order];
            if !sim.open.is_empty() {
                let (ticket, _) = sim.open.remove(pick(sim.open.len()));
                sim.act(Action::Arrived(ticket, Err(lost())));
            } else if !sim.waits.is_empty() {
                let (ticket, _) = sim.waits.remove(pick(sim.waits.len()));
                sim.act(Action::RetryDue(ticket));
            } else {
                break;
            }
            assert!(sim.open.len() <= 4);
        }
        let asked = &sim.sent[before..];
        for url in asked {
            let tries = asked.iter().filter(|other| *other == url).count();
            assert!(tries <= 4, "{url} was asked {tries} times");
        }
        assert!(
            (4..=16).contains(&asked.len())
                && asked
                    .iter()
                    .any(|url| asked.iter().filter(|o| *o == url).count() == 4),
            "{asked:?}"
        );
        assert_eq!(failures(&sim), [Code::Network]);
        assert!(sim.state.is_settled() && !sim.state.scheduler.failure.as_ref().unwrap().retrying);
        assert_eq!(sim.state.loaded.dataset.loaded(), 2000, "what came is kept");
        sim.act(Action::Retry);
        sim.settle();
        assert!(sim.state.loaded.dataset.is_complete() && sim.state.scheduler.failure.is_none());
    }
}

#[test]
fn torture_11_a_refused_refresh_leaves_the_rows_and_is_told_once() {
    for status in [400, 401, 403, 404] {
        for attributes in [&[] as &[_], &[("sort", "-id")]] {
            let mut sim = Simulation::new(5000, attributes);
            sim.settle();
            let (shown, held, sent) = (sim.shown(), sim.state.loaded.dataset.loaded(), sim.sent.len());
            sim.act(Action::Refresh);
            sim.fail(response::failure(status, b""));
            assert_eq!((sim.sent.len(), sim.waits.len()), (sent + 1, 0), "{status}");
            assert_eq!(failures(&sim).len(), 1, "{status}");
            assert_eq!(
                (sim.shown(), sim.state.loaded.dataset.loaded()),
                (shown, held),
                "{status}"
            );
            assert!(sim.state.is_settled() && sim.open.is_empty(), "{status}");
            sim.act(Action::Online);
            assert_eq!(sim.sent.len(), sent + 1, "{status}");
        }
    }
}
