//! A server that asks to wait: which requests are sent before that time, for whom, and how late (faults
//! 6–9, 14).

use super::{effects, lost, wake};
use crate::core::domain::column::Column;
use crate::core::error::{Code, Error, wait_of};
use crate::core::state::tests::Bench;
use crate::core::state::{Action, Effect};
use crate::core::time::SECOND;

/// Random numbers from the lowest to the highest.
const RANDOM: [f64; 5] = [0.0, 0.1, 0.5, 0.9, 0.999_999];

fn wait(seconds: u64) -> Error {
    Error {
        retry_after: Some(seconds),
        ..Error::http(429)
    }
}

/// For how many milliseconds the oldest request waits after this failure; `None` if it is not tried
/// again.
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
            // Retry works all the time.
            assert_eq!(bench.sent.len(), 1);
            bench.act(Action::Retry);
            assert_eq!(bench.sent.len(), 2);
        }
    }
}

#[test]
fn torture_06_what_is_asked_instead_waits_as_long() {
    for (action, then) in [
        (Action::TypeFilter("x".into()), "page=1&size=2000"),
        (Action::ToggleSort(Column::Id), "page=1&size=2000"),
        (Action::SetRowsPerPage(50), "page=1&size=50"),
        (Action::GoToPage(3), "page=3&size=20"),
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
    // A request that nothing needs any more is not waited for.
    let mut bench = Bench::new(50, &[]);
    bench.settle();
    bench.act(Action::TypeFilter("x".into()));
    delay(&mut bench, wait(2), 0.5).unwrap();
    bench.act(Action::TypeFilter(String::new()));
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
    // Texts that a browser parses as dates, but that are not valid here.
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
        assert_eq!((bench.sent.len(), &bench.state.scheduler.failure), (3, &None));
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

/// A bench whose timers fire by its clock, and which records when each request was sent.
struct Timed {
    bench: Bench,
    due: Vec<(i64, u64)>,
    sent: Vec<(i64, String)>,
}

impl Timed {
    fn new(bench: Bench) -> Self {
        let mut timed = Self {
            bench,
            due: vec![],
            sent: vec![],
        };
        timed.bench.waits.clear();
        timed.bench.sent.clear();
        timed
    }

    /// A walk with four pages in flight.
    fn walking() -> Self {
        let mut bench = Bench::new(40_000, &[("sort", "id")]);
        bench.answer();
        assert_eq!(bench.open.len(), 4);
        Self::new(bench)
    }

    fn note(&mut self) {
        let now = self.bench.now;
        let waits = std::mem::take(&mut self.bench.waits).into_iter();
        self.due
            .extend(waits.map(|(ticket, ms)| (now + i64::from(ms) * 1000, ticket)));
        let sent = std::mem::take(&mut self.bench.sent).into_iter();
        self.sent.extend(sent.map(|url| (now, url)));
    }

    fn act(&mut self, action: Action) {
        self.bench.act(action);
        self.note();
    }

    fn fail(&mut self, error: Error) {
        self.bench.fail(error);
        self.note();
    }

    fn answer(&mut self) {
        self.bench.answer();
        self.note();
    }

    /// Advances the clock and fires every timer that is due by then.
    fn pass(&mut self, ms: i64) {
        let end = self.bench.now + ms * 1000;
        while let Some(next) = self.due.iter().min().copied().filter(|(at, _)| *at <= end) {
            self.due.retain(|timer| *timer != next);
            self.bench.now = next.0;
            self.act(Action::RetryDue(next.1));
        }
        self.bench.now = end;
    }
}

#[test]
fn torture_06_a_walk_waits_with_all_its_requests() {
    // The number of the other three requests that are answered while one waits.
    for answered in 0..=3 {
        let mut walk = Timed::walking();
        walk.fail(wait(2));
        for _ in 0..answered {
            walk.pass(500);
            walk.answer();
        }
        let left = 1999 - 500 * answered;
        walk.pass(left);
        assert_eq!(walk.sent, [], "{answered} answered");
        walk.pass(251);
        assert!(!walk.sent.is_empty(), "{answered} answered: it goes on");
        assert_eq!(walk.bench.open.len(), 4, "{answered} answered");
        walk.bench.settle();
        assert!(
            walk.bench.state.loaded.dataset.is_complete(),
            "{answered} answered"
        );
    }
}

#[test]
fn torture_06_each_of_four_that_are_refused_waits_as_long() {
    let mut walk = Timed::walking();
    for _ in 0..4 {
        walk.fail(wait(2));
    }
    walk.pass(1999);
    assert_eq!(walk.sent, []);
    walk.pass(251);
    assert_eq!(walk.sent.len(), 4);
    // They are the refused ones, each once.
    walk.sent.sort();
    walk.sent.dedup();
    assert_eq!(walk.sent.len(), 4);
    walk.bench.settle();
    assert!(walk.bench.state.loaded.dataset.is_complete());
}

#[test]
fn torture_06_after_the_last_try_nobody_asks_by_itself_before_the_time() {
    let mut load = Timed::new(Bench::new(50, &[]));
    for n in 0..4 {
        assert_eq!(load.bench.open.len(), 1, "try {n}");
        load.fail(wait(2));
        if n < 3 {
            load.pass(1999);
            assert_eq!(load.sent.len(), n, "try {n}");
            load.pass(251);
        }
    }
    assert!(!load.bench.state.scheduler.failure.as_ref().unwrap().retrying);
    load.pass(1000);
    for action in [Action::Online, Action::Visible(false), Action::Visible(true)] {
        load.act(action);
    }
    load.pass(999);
    assert_eq!(load.sent.len(), 3);
    // A person may retry at any time.
    load.act(Action::Retry);
    assert_eq!(load.sent.len(), 4);
}

#[test]
fn torture_14_the_network_is_back_and_the_server_is_still_to_be_left_alone() {
    for status in [429, 503] {
        let refusal = || Error {
            retry_after: Some(2),
            ..Error::http(status)
        };
        // While it waits to be tried again, and after it has failed finally.
        for tries in 1..=4 {
            let mut load = Timed::new(Bench::new(50, &[]));
            for n in 1..=tries {
                load.fail(refusal());
                if n < tries {
                    load.pass(2250);
                }
            }
            let sent = load.sent.len();
            load.pass(500);
            load.act(Action::Online);
            load.pass(1499);
            assert_eq!(load.sent.len(), sent, "{status}, after {tries} tries");
            if tries < 4 {
                load.pass(251);
                assert_eq!(load.sent.len(), sent + 1, "{status}, after {tries} tries");
            }
        }
    }
}

#[test]
fn torture_06_whatever_else_fails_meanwhile_the_longest_time_holds() {
    // The results of a walk's four requests, 400 ms apart, and the time in ms when the last wait ends.
    let table = [
        ([wait(2), Error::http(503), lost(), Error::http(429)], 2000),
        ([Error::http(503), wait(2), lost(), Error::http(502)], 2400),
        ([lost(), lost(), lost(), wait(2)], 3200),
        ([wait(2), wait(1), wait(1), wait(0)], 2000),
        ([wait(1), wait(1), wait(2), wait(0)], 2800),
        ([wait(5), wait(2), lost(), wait(1)], 5000),
    ];
    for (at, (errors, end)) in table.into_iter().enumerate() {
        let mut walk = Timed::walking();
        let named = errors
            .iter()
            .position(|error| error.retry_after.is_some())
            .unwrap() as i64;
        for error in errors {
            walk.fail(error);
            walk.pass(400);
        }
        walk.act(Action::Online);
        walk.pass(end - 1601);
        // Requests that were to be tried again before any time was named may have been sent.
        let too_early = walk.sent.iter().find(|(sent, _)| *sent > named * 400_000);
        assert_eq!(too_early, None, "case {at}");
        walk.pass(251);
        assert_eq!(walk.bench.open.len(), 4, "case {at}: it goes on");
    }
}

#[test]
fn torture_06_after_the_last_try_what_a_person_wants_waits_as_well() {
    for (action, then, by_itself) in [
        (Action::TypeFilter("x".into()), "page=1&size=2000", false),
        (Action::ToggleSort(Column::Id), "page=1&size=2000", false),
        (Action::SetRowsPerPage(50), "page=1&size=50", true),
        (Action::GoToPage(3), "page=3&size=20", true),
        (Action::WantOverview, "page=1&size=2000", true),
    ] {
        let mut load = Timed::new(Bench::new(1240, &[]));
        for n in 0..4 {
            load.fail(wait(2));
            load.pass(if n < 3 { 2250 } else { 1000 });
        }
        load.sent.clear();
        load.act(action);
        load.pass(999);
        assert_eq!(load.sent, [], "{then}");
        // A walk that failed finally does not continue automatically; a page that is needed since then is
        // requested.
        load.pass(251);
        let sent: Vec<&str> = load.sent.iter().map(|(_, query)| query.as_str()).collect();
        let due: &[&str] = if by_itself { &[then] } else { &[] };
        assert_eq!(sent, due, "{then}");
        let before = load.bench.sent.len();
        load.bench.act(Action::Retry);
        assert_eq!(load.bench.sent[before..], [then], "Retry asks");
        load.bench.settle();
        assert!(load.bench.state.page_rows().is_some(), "{then}");
    }
}

#[test]
fn torture_14_another_failure_does_not_hide_what_the_server_asked_for() {
    for after in [lost(), Error::http(503), Error::new(Code::Timeout, "")] {
        let mut walk = Timed::walking();
        walk.fail(wait(2));
        walk.fail(after);
        walk.act(Action::Online);
        walk.pass(1999);
        assert_eq!(walk.sent, []);
    }
}
