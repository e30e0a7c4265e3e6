//! The torture list's network lines, as far as the core decides them: how often, how late, and what is forgotten.

use std::rc::Rc;

use super::column::Column;
use super::error::{Code, Error, wait_of};
use super::history::Purpose;
use super::state::tests::{Bench, page};
use super::state::{Action, At, Effect, Event};
use super::time::{Preset, Range, SECOND};
use super::wire;

/// Draws from the lowest to the highest that there is.
const RANDOM: [f64; 5] = [0.0, 0.1, 0.5, 0.9, 0.999_999];

fn wait(seconds: u64) -> Error {
    Error {
        retry_after: Some(seconds),
        ..Error::http(429)
    }
}

fn lost() -> Error {
    Error::new(Code::Network, "Failed to fetch")
}

/// What an action wants, with this draw.
fn effects(bench: &mut Bench, action: Action, random: f64) -> Vec<Effect> {
    bench.state.apply(
        action,
        At {
            now: bench.now,
            random,
        },
    )
}

/// How long the failure of the oldest request makes it wait; none where it is not tried again.
fn delay(bench: &mut Bench, error: Error, random: f64) -> Option<u32> {
    let (ticket, _) = bench.open.remove(0);
    let effects = effects(bench, Action::Arrived(ticket, Err(error)), random);
    let waits = effects.iter().filter_map(|effect| match effect {
        Effect::Wait(ticket, ms) => Some((*ticket, *ms)),
        _ => None,
    });
    let waits: Vec<_> = waits.collect();
    assert!(waits.len() <= 1, "{waits:?}");
    bench.waits.extend(&waits);
    waits.first().map(|(_, ms)| *ms)
}

/// Wakes the last that waits.
fn wake(bench: &mut Bench) {
    let (ticket, _) = bench.waits.pop().unwrap();
    bench.act(Action::Woke(ticket));
}

fn failures(bench: &Bench) -> Vec<Code> {
    let codes = bench.told.iter().filter_map(|event| match event {
        Event::Failed(error) => Some(error.code),
        _ => None,
    });
    codes.collect()
}

#[test]
fn torture_04_a_timeout_is_tried_three_times_more_and_told_once() {
    let mut bench = Bench::new(50, &[]);
    bench.settle();
    let rows = bench.shown();
    bench.act(Action::Refresh);
    for left in (0..4).rev() {
        assert_eq!(bench.open.len(), 1);
        bench.fail(Error::new(Code::Timeout, ""));
        assert_eq!(bench.state.trouble.as_ref().unwrap().retrying, left > 0);
        assert_eq!(bench.shown(), rows);
        if left > 0 {
            wake(&mut bench);
        }
    }
    assert_eq!((bench.sent.len(), failures(&bench)), (5, vec![Code::Timeout]));
    assert!(bench.state.is_settled());
}

#[test]
fn torture_06_nothing_is_asked_before_the_time_that_was_named() {
    for random in RANDOM {
        for seconds in [1, 2, 59, 60] {
            let mut bench = Bench::new(50, &[]);
            let ms = delay(&mut bench, wait(seconds), random).unwrap();
            let least = u32::try_from(seconds * 1000).unwrap();
            assert!(
                (least..=least + 250).contains(&ms),
                "{seconds} s, {random}: {ms} ms"
            );
            // Retry is usable throughout.
            assert_eq!(bench.sent.len(), 1);
            bench.act(Action::Retry);
            assert_eq!(bench.sent.len(), 2);
        }
    }
}

#[test]
fn beyond_what_is_asked_instead_waits_as_long() {
    for (action, then) in [
        (Action::Filter("x".into()), "page=1&size=2000"),
        (Action::Press(Column::Id), "page=1&size=2000"),
        (Action::RowsPerPage(50), "page=1&size=50"),
        (Action::Go(3), "page=3&size=20"),
        (Action::Online, "page=1&size=20"),
        (Action::Visible(true), "page=1&size=20"),
        (Action::RefreshDue, "page=1&size=20"),
    ] {
        let mut bench = Bench::new(1240, &[]);
        delay(&mut bench, wait(2), 0.5).unwrap();
        bench.act(action);
        assert_eq!(bench.sent.len(), 1, "{then}");
        wake(&mut bench);
        assert_eq!(bench.sent[1..], [then]);
        bench.settle();
        assert!(
            bench.state.page_rows().is_some() && bench.state.is_settled(),
            "{then}"
        );
    }
    // What nobody wants any more is not waited for.
    let mut bench = Bench::new(50, &[]);
    bench.settle();
    bench.act(Action::Filter("x".into()));
    delay(&mut bench, wait(2), 0.5).unwrap();
    bench.act(Action::Filter(String::new()));
    assert!(bench.state.is_settled());
}

#[test]
fn torture_07_what_a_date_can_come_to_is_waited_for_less_than_a_minute() {
    for random in RANDOM {
        for seconds in 0..60 {
            let mut bench = Bench::new(50, &[]);
            let ms = delay(&mut bench, wait(seconds), random);
            assert!(ms.is_some_and(|ms| ms <= 60_000), "{seconds} s: {ms:?}");
        }
    }
}

#[test]
fn torture_07_a_date_and_whatever_else_stands_there_is_a_wait_of_less_than_a_minute_or_none() {
    let date = "Wed, 21 Oct 2026 07:28:00 GMT";
    for (off, seconds) in [
        ((|_| -86_390.0) as fn(&str) -> f64, Some(0)),
        (|_| 86_410.0, Some(59)),
        (|_| 20.7, Some(20)),
        (|_| f64::INFINITY, Some(59)),
        (|_| f64::NAN, None),
    ] {
        assert_eq!(wait_of(date, off), seconds);
    }
    // What a browser makes dates of that are none.
    let taken: fn(&str) -> f64 = |_| -7e8;
    for text in [
        "", " ", "-5", "+5", "2.5", "1e9", "2, 5", "5 s", "0x10", "\u{663}",
    ] {
        assert_eq!(wait_of(text, taken), None, "{text:?}");
    }
    for (text, seconds) in [
        ("0", 0),
        (" 2 ", 2),
        ("60", 60),
        ("99999999999999999999999", u64::MAX),
    ] {
        assert_eq!(wait_of(text, taken), Some(seconds));
    }
}

#[test]
fn torture_08_who_wants_to_be_left_alone_for_long_is_asked_by_a_person_only() {
    for seconds in [61, 86_400, u64::MAX] {
        let mut bench = Bench::new(50, &[]);
        bench.settle();
        bench.act(Action::Refresh);
        let (ticket, _) = bench.open.remove(0);
        let wanted = effects(&mut bench, Action::Arrived(ticket, Err(wait(seconds))), 0.5);
        let is_timer = |effect: &Effect| matches!(effect, Effect::Wait(..) | Effect::RefreshIn(Some(_)));
        assert!(!wanted.iter().any(is_timer), "{seconds}: {wanted:?}");
        bench.now += 600 * SECOND;
        for action in [Action::Visible(false), Action::Visible(true), Action::Online] {
            bench.act(action);
        }
        assert_eq!((bench.sent.len(), bench.shown().len()), (2, 20), "{seconds}");
        bench.act(Action::Retry);
        bench.settle();
        assert_eq!((bench.sent.len(), &bench.state.trouble), (3, &None));
    }
}

#[test]
fn torture_09_without_a_time_it_backs_off_with_full_jitter() {
    for random in RANDOM {
        let mut bench = Bench::new(50, &[]);
        for ceiling in [1000.0, 2000.0, 4000.0] {
            let ms = delay(&mut bench, Error::http(429), random).unwrap();
            assert_eq!(ms, (ceiling * random) as u32);
            wake(&mut bench);
        }
        assert_eq!(delay(&mut bench, Error::http(429), random), None);
    }
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
    assert_eq!((&bench.state.trouble, failures(&bench)), (&None, vec![]));
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
        let error = wire::page(body.as_bytes()).unwrap_err();
        assert_eq!(error.code, Code::Decode, "{body:?}");
        assert!(!error.is_retryable());
        let mut bench = Bench::new(50, &[]);
        bench.fail(error);
        assert_eq!((bench.sent.len(), failures(&bench)), (1, vec![Code::Decode]));
    }
}

#[test]
fn torture_14_on_return_of_the_network_there_is_one_request() {
    // How many of the four tries had failed when it came back.
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
        // What waited is forgotten.
        while !bench.waits.is_empty() {
            wake(&mut bench);
        }
        bench.settle();
        assert_eq!((bench.sent.len(), &bench.state.trouble), (sent + more, &None));
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
    // One answer came before it was hidden, one comes after.
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
    // The walk's answer comes after so many of them.
    for answered in 0..20 {
        let mut bench = Bench::new(1240, &[]);
        bench.settle();
        for n in 0..20 {
            bench.act(Action::Filter("abcdefghijklmnopqrst"[..=n].into()));
            if n == answered {
                bench.answer();
            }
        }
        bench.settle();
        assert_eq!(bench.sent.len(), 2, "answered after {answered}");
    }
}

/// A way out of a load: its name, how it is gone, and what is asked then.
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
            |b| b.act(Action::Range(Range::Last(Preset::Week))),
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
            let (rows, told) = (Rc::clone(&bench.state.rows), bench.told.len());
            for (n, (ticket, _)) in before.into_iter().enumerate() {
                let late = page(&bench.list.clone(), 1, 2000);
                bench.act(Action::Arrived(
                    ticket,
                    if n % 2 == 0 { Ok(late) } else { Err(lost()) },
                ));
            }
            assert_eq!((&bench.state.rows, bench.told.len()), (&rows, told), "{name}");
            assert!(bench.state.trouble.is_none() && bench.waits.is_empty(), "{name}");
        }
    }
}

#[test]
fn torture_18_cancel_aborts_the_walk() {
    let mut bench = Bench::new(10_000, &[("sort", "id")]);
    bench.answer();
    assert!(bench.state.asks().all(|ask| ask.purpose == Purpose::Walk) && bench.open.len() > 1);
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
