//! Network faults of the torture list, as far as the core handles them: how often and when requests are
//! sent, and what is aborted.

use std::rc::Rc;

use super::{effects, failures, lost, wake};
use crate::core::api::request::Purpose;
use crate::core::api::response;
use crate::core::error::{Code, Error};
use crate::core::state::tests::{Bench, page};
use crate::core::state::{Action, Effect};
use crate::core::time::{Preset, SECOND, TimeRange};

#[test]
fn torture_04_a_timeout_is_tried_three_times_more_and_told_once() {
    let mut bench = Bench::new(50, &[]);
    bench.settle();
    let rows = bench.shown();
    bench.act(Action::Refresh);
    for left in (0..4).rev() {
        assert_eq!(bench.open.len(), 1);
        bench.fail(Error::new(Code::Timeout, ""));
        assert_eq!(bench.state.scheduler.failure.as_ref().unwrap().retrying, left > 0);
        assert_eq!(bench.shown(), rows);
        if left > 0 {
            wake(&mut bench);
        }
    }
    assert_eq!((bench.sent.len(), failures(&bench)), (5, vec![Code::Timeout]));
    assert!(bench.state.is_settled());
}

#[test]
fn torture_10_after_two_503_the_third_request_is_the_last() {
    let mut bench = Bench::new(50, &[]);
    for _ in 0..2 {
        bench.fail(Error::http(503));
        assert_eq!(bench.open.len(), 0);
        wake(&mut bench);
    }
    bench.settle();
    assert_eq!((bench.sent.len(), bench.shown().len()), (3, 20));
    assert_eq!(
        (&bench.state.scheduler.failure, failures(&bench)),
        (&None, vec![])
    );
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
        let mut bench = Bench::new(50, &[]);
        bench.fail(error);
        assert_eq!((bench.sent.len(), failures(&bench)), (1, vec![Code::Decode]));
    }
}

#[test]
fn torture_14_on_return_of_the_network_there_is_one_request() {
    // The number of the four attempts that had failed when the network came back.
    for tries in 0..=4 {
        let mut bench = Bench::new(50, &[]);
        bench.settle();
        bench.act(Action::RefreshDue);
        for n in 0..tries {
            bench.fail(lost());
            if n + 1 < tries {
                wake(&mut bench);
            }
        }
        let (sent, rows) = (bench.sent.len(), bench.shown());
        bench.act(Action::Online);
        let more = usize::from(tries > 0);
        assert_eq!(bench.sent.len(), sent + more, "after {tries} tries");
        assert_eq!((bench.open.len(), bench.shown()), (1, rows));
        // Waits are dropped.
        while !bench.waits.is_empty() {
            wake(&mut bench);
        }
        bench.settle();
        assert_eq!(
            (bench.sent.len(), &bench.state.scheduler.failure),
            (sent + more, &None)
        );
        bench.act(Action::Online);
        assert_eq!(bench.sent.len(), sent + more, "nothing is wrong any more");
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
    let mut bench = Bench::new(50, &[]);
    // One answer arrived before the page was hidden, one arrives after.
    bench.settle();
    bench.act(Action::RefreshDue);
    let hidden = effects(&mut bench, Action::Visible(false), 0.5);
    assert_eq!(timers(&hidden), [None]);
    let (ticket, _) = bench.open.remove(0);
    let rows = page(&bench.list, 1, 20);
    let late = effects(&mut bench, Action::Arrived(ticket, Ok(rows)), 0.5);
    assert_eq!(timers(&late), [None]);
    bench.now += 600 * SECOND;
    let seen = effects(&mut bench, Action::Visible(true), 0.5);
    let asked = seen.iter().filter(|effect| matches!(effect, Effect::Fetch(..)));
    assert_eq!((asked.count(), timers(&seen)), (1, vec![Some(30_000)]));
    let again = effects(&mut bench, Action::Visible(true), 0.5);
    assert!(!again.iter().any(|effect| matches!(effect, Effect::Fetch(..))));
}

#[test]
fn torture_17_keystrokes_between_answers_ask_nothing_more() {
    // The walk is answered after this number of keystrokes.
    for answered in 0..20 {
        let mut bench = Bench::new(1240, &[]);
        bench.settle();
        for n in 0..20 {
            bench.act(Action::TypeFilter("abcdefghijklmnopqrst"[..=n].into()));
            if n == answered {
                bench.answer();
            }
        }
        bench.settle();
        assert_eq!(bench.sent.len(), 2, "answered after {answered}");
    }
}

/// A way to leave a load: its name, what is done, and the request that follows.
type Way = (&'static str, fn(&mut Bench), &'static str);

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
            let mut bench = Bench::new(10_000, sort);
            if walking {
                bench.answer();
                assert!(bench.open.len() > 1);
            }
            let before = bench.open.clone();
            leave(&mut bench);
            assert!(
                bench.open.iter().all(|call| !before.contains(call)),
                "{name}: {:?}",
                bench.open
            );
            assert!(
                bench.open.iter().all(|(_, url)| url.contains(then)),
                "{name}: {:?}",
                bench.open
            );
            assert_eq!(bench.open.len(), usize::from(!then.is_empty()), "{name}");
            let (rows, told) = (Rc::clone(&bench.state.shown.rows), bench.told.len());
            for (n, (ticket, _)) in before.into_iter().enumerate() {
                let late = page(&bench.list.clone(), 1, 2000);
                bench.act(Action::Arrived(
                    ticket,
                    if n % 2 == 0 { Ok(late) } else { Err(lost()) },
                ));
            }
            assert_eq!(
                (&bench.state.shown.rows, bench.told.len()),
                (&rows, told),
                "{name}"
            );
            assert!(
                bench.state.scheduler.failure.is_none() && bench.waits.is_empty(),
                "{name}"
            );
        }
    }
}

#[test]
fn torture_18_cancel_aborts_the_walk() {
    let mut bench = Bench::new(10_000, &[("sort", "id")]);
    bench.answer();
    assert!(bench.state.requests().all(|ask| ask.purpose == Purpose::FullScan) && bench.open.len() > 1);
    bench.act(Action::Cancel);
    assert_eq!(bench.open, []);
}

#[test]
fn torture_26_a_body_over_the_cap_is_asked_for_once_and_rows_stay() {
    let mut bench = Bench::new(50, &[]);
    bench.settle();
    bench.act(Action::Refresh);
    bench.fail(Error::new(Code::TooLarge, ""));
    assert_eq!(
        (bench.sent.len(), bench.waits.len(), bench.shown().len()),
        (2, 0, 20)
    );
    assert_eq!(failures(&bench), [Code::TooLarge]);
}

#[test]
fn torture_10_while_one_waits_to_be_tried_again_nothing_new_is_asked() {
    for status in [502, 503, 504] {
        let mut bench = Bench::new(40_000, &[("sort", "id")]);
        bench.answer();
        assert_eq!(bench.open.len(), 4);
        bench.fail(Error::http(status));
        let sent = bench.sent.len();
        for _ in 0..3 {
            bench.answer();
            assert_eq!(bench.sent.len(), sent, "{status}");
        }
        wake(&mut bench);
        assert_eq!(bench.sent.len(), sent + 4, "{status}");
        bench.settle();
        assert!(bench.state.loaded.dataset.is_complete() && bench.state.scheduler.failure.is_none());
        assert_eq!((bench.most, failures(&bench)), (4, vec![]), "{status}");
    }
}
