//! Network faults of the torture list, as far as the core handles them: how often and when requests are
//! sent, and what is aborted.

use std::rc::Rc;

use super::{effects, failures, lost, wake};
use crate::core::api::request::Purpose;
use crate::core::api::response;
use crate::core::error::{Code, Error};
use crate::core::state::tests::{Simulation, page};
use crate::core::state::{Action, Effect};
use crate::core::time::{Preset, SECOND, TimeRange};

#[test]
fn torture_04_a_timeout_is_tried_three_times_more_and_told_once() {
    let mut sim = Simulation::new(50, &[]);
    sim.settle();
    let rows = sim.shown();
    sim.act(Action::Refresh);
    for left in (0..4).rev() {
        assert_eq!(sim.open.len(), 1);
        sim.fail(Error::new(Code::Timeout, ""));
        assert_eq!(sim.state.scheduler.failure.as_ref().unwrap().retrying, left > 0);
        assert_eq!(sim.shown(), rows);
        if left > 0 {
            wake(&mut sim);
        }
    }
    assert_eq!((sim.sent.len(), failures(&sim)), (5, vec![Code::Timeout]));
    assert!(sim.state.is_settled());
}

#[test]
fn torture_10_after_two_503_the_third_request_is_the_last() {
    let mut sim = Simulation::new(50, &[]);
    for _ in 0..2 {
        sim.fail(Error::http(503));
        assert_eq!(sim.open.len(), 0);
        wake(&mut sim);
    }
    sim.settle();
    assert_eq!((sim.sent.len(), sim.shown().len()), (3, 20));
    assert_eq!((&sim.state.scheduler.failure, failures(&sim)), (&None, vec![]));
}

#[test]
fn torture_13_a_body_without_anything_in_it_is_a_decode_error() {
    for body in [
        "",
        " ",
        "\r\n\t ",
        "\u{feff}",
        "{}",
        "null",
        "[]",
        "0",
        "{\"data\":null}",
    ] {
        let error = response::page(body.as_bytes()).unwrap_err();
        assert_eq!(error.code, Code::Decode, "{body:?}");
        assert!(!error.is_retryable());
        let mut sim = Simulation::new(50, &[]);
        sim.fail(error);
        assert_eq!((sim.sent.len(), failures(&sim)), (1, vec![Code::Decode]));
    }
}

#[test]
fn torture_14_on_return_of_the_network_there_is_one_request() {
    // The number of the four attempts that had failed when the network came back.
    for tries in 0..=4 {
        let mut sim = Simulation::new(50, &[]);
        sim.settle();
        sim.act(Action::RefreshDue);
        for n in 0..tries {
            sim.fail(lost());
            if n + 1 < tries {
                wake(&mut sim);
            }
        }
        let (sent, rows) = (sim.sent.len(), sim.shown());
        sim.act(Action::Online);
        let more = usize::from(tries > 0);
        assert_eq!(sim.sent.len(), sent + more, "after {tries} tries");
        assert_eq!((sim.open.len(), sim.shown()), (1, rows));
        // Waits are dropped.
        while !sim.waits.is_empty() {
            wake(&mut sim);
        }
        sim.settle();
        assert_eq!(
            (sim.sent.len(), &sim.state.scheduler.failure),
            (sent + more, &None)
        );
        sim.act(Action::Online);
        assert_eq!(sim.sent.len(), sent + more, "nothing is wrong any more");
    }
}

#[test]
fn torture_15_a_page_that_is_hidden_has_no_timer_to_ask_by() {
    let timers = |effects: &[Effect]| -> Vec<Option<u32>> {
        let timers = effects.iter().filter_map(|effect| match effect {
            Effect::RefreshIn(ms) => Some(*ms),
            _ => None,
        });
        timers.collect()
    };
    let mut sim = Simulation::new(50, &[]);
    // One answer arrived before the page was hidden, one arrives after.
    sim.settle();
    sim.act(Action::RefreshDue);
    let hidden = effects(&mut sim, Action::Visible(false), 0.5);
    assert_eq!(timers(&hidden), [None]);
    let (ticket, _) = sim.open.remove(0);
    let rows = page(&sim.list, 1, 20);
    let late = effects(&mut sim, Action::Arrived(ticket, Ok(rows)), 0.5);
    assert_eq!(timers(&late), [None]);
    sim.now += 600 * SECOND;
    let seen = effects(&mut sim, Action::Visible(true), 0.5);
    let asked = seen.iter().filter(|effect| matches!(effect, Effect::Fetch(..)));
    assert_eq!((asked.count(), timers(&seen)), (1, vec![Some(30_000)]));
    let again = effects(&mut sim, Action::Visible(true), 0.5);
    assert!(!again.iter().any(|effect| matches!(effect, Effect::Fetch(..))));
}

#[test]
fn torture_17_keystrokes_between_answers_ask_nothing_more() {
    // The scan is answered after this number of keystrokes.
    for answered in 0..20 {
        let mut sim = Simulation::new(1240, &[]);
        sim.settle();
        for n in 0..20 {
            sim.act(Action::TypeFilter("abcdefghijklmnopqrst"[..=n].into()));
            if n == answered {
                sim.answer();
            }
        }
        sim.settle();
        assert_eq!(sim.sent.len(), 2, "answered after {answered}");
    }
}

/// A way to leave a load: its name, what is done, and the request that follows.
type Way = (&'static str, fn(&mut Simulation), &'static str);

fn ways() -> Vec<Way> {
    vec![
        (
            "another cluster",
            |b| b.configure(&[("cluster-id", "2")]),
            "/clusters/2/",
        ),
        (
            "another server",
            |b| b.configure(&[("base-url", "/x")]),
            "/x/api/",
        ),
        (
            "another range",
            |b| b.act(Action::SetRange(TimeRange::Last(Preset::Week))),
            "startTime=",
        ),
        (
            "the host's range",
            |b| b.configure(&[("range", "7d")]),
            "startTime=",
        ),
        ("no cluster", |b| b.configure(&[("cluster-id", "x")]), ""),
        (
            "tasks of the host",
            |b| b.act(Action::Tasks(Some(Ok(page(&[7], 1, 20))))),
            "",
        ),
    ]
}

#[test]
fn torture_18_whoever_goes_elsewhere_aborts_what_is_on_its_way() {
    for walking in [false, true] {
        for (name, leave, then) in ways() {
            let sort: &[(&str, &str)] = if walking { &[("sort", "id")] } else { &[] };
            let mut sim = Simulation::new(10_000, sort);
            if walking {
                sim.answer();
                assert!(sim.open.len() > 1);
            }
            let before = sim.open.clone();
            leave(&mut sim);
            assert!(
                sim.open.iter().all(|call| !before.contains(call)),
                "{name}: {:?}",
                sim.open
            );
            assert!(
                sim.open.iter().all(|(_, url)| url.contains(then)),
                "{name}: {:?}",
                sim.open
            );
            assert_eq!(sim.open.len(), usize::from(!then.is_empty()), "{name}");
            let (rows, reported) = (Rc::clone(&sim.state.shown.rows), sim.reported.len());
            for (n, (ticket, _)) in before.into_iter().enumerate() {
                let late = page(&sim.list.clone(), 1, 2000);
                sim.act(Action::Arrived(
                    ticket,
                    if n % 2 == 0 { Ok(late) } else { Err(lost()) },
                ));
            }
            assert_eq!(
                (&sim.state.shown.rows, sim.reported.len()),
                (&rows, reported),
                "{name}"
            );
            assert!(
                sim.state.scheduler.failure.is_none() && sim.waits.is_empty(),
                "{name}"
            );
        }
    }
}

#[test]
fn torture_18_cancel_aborts_the_full_scan() {
    let mut sim = Simulation::new(10_000, &[("sort", "id")]);
    sim.answer();
    assert!(
        sim.state
            .requests()
            .all(|request| request.purpose == Purpose::FullScan)
            && sim.open.len() > 1
    );
    sim.act(Action::Cancel);
    assert_eq!(sim.open, []);
}

#[test]
fn torture_26_a_body_over_the_cap_is_asked_for_once_and_rows_stay() {
    let mut sim = Simulation::new(50, &[]);
    sim.settle();
    sim.act(Action::Refresh);
    sim.fail(Error::new(Code::TooLarge, ""));
    assert_eq!((sim.sent.len(), sim.waits.len(), sim.shown().len()), (2, 0, 20));
    assert_eq!(failures(&sim), [Code::TooLarge]);
}

#[test]
fn torture_10_while_one_waits_to_be_tried_again_nothing_new_is_asked() {
    for status in [502, 503, 504] {
        let mut sim = Simulation::new(40_000, &[("sort", "id")]);
        sim.answer();
        assert_eq!(sim.open.len(), 4);
        sim.fail(Error::http(status));
        let sent = sim.sent.len();
        for _ in 0..3 {
            sim.answer();
            assert_eq!(sim.sent.len(), sent, "{status}");
        }
        wake(&mut sim);
        assert_eq!(sim.sent.len(), sent + 4, "{status}");
        sim.settle();
        assert!(sim.state.loaded.dataset.is_complete() && sim.state.scheduler.failure.is_none());
        assert_eq!((sim.most, failures(&sim)), (4, vec![]), "{status}");
    }
}
