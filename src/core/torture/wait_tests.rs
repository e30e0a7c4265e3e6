//! A server that asks to wait: which requests are sent before that time, for whom, and how late (faults
//! 6–9, 14).

use super::{effects, lost, wake};
use crate::core::domain::column::Column;
use crate::core::error::{Code, Error, wait_of};
use crate::core::state::tests::Simulation;
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
fn delay(sim: &mut Simulation, error: Error, random: f64) -> Option<u32> {
    let (ticket, _) = sim.open.remove(0);
    let effects = effects(sim, Action::Arrived(ticket, Err(error)), random);
    let waits = effects.iter().filter_map(|effect| match effect {
        Effect::Wait(ticket, ms) => Some((*ticket, *ms)),
        _ => None,
    });
    let waits: Vec<_> = waits.collect();
    assert!(waits.len() <= 1, "{waits:?}");
    sim.waits.extend(&waits);
    waits.first().map(|(_, ms)| *ms)
}

#[test]
fn torture_06_nothing_is_asked_before_the_time_that_was_named() {
    for random in RANDOM {
        for seconds in [1, 2, 59, 60] {
            let mut sim = Simulation::new(50, &[]);
            let ms = delay(&mut sim, wait(seconds), random).unwrap();
            let least = u32::try_from(seconds * 1000).unwrap();
            assert!(
                (least..=least + 250).contains(&ms),
                "{seconds} s, {random}: {ms} ms"
            );
            // Retry works all the time.
            assert_eq!(sim.sent.len(), 1);
            sim.act(Action::Retry);
            assert_eq!(sim.sent.len(), 2);
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
        let mut sim = Simulation::new(1240, &[]);
        delay(&mut sim, wait(2), 0.5).unwrap();
        sim.act(action);
        assert_eq!(sim.sent.len(), 1, "{then}");
        wake(&mut sim);
        assert_eq!(sim.sent[1..], [then]);
        sim.settle();
        assert!(
            sim.state.page_rows().is_some() && sim.state.is_settled(),
            "{then}"
        );
    }
    // A request that nothing needs any more is not waited for.
    let mut sim = Simulation::new(50, &[]);
    sim.settle();
    sim.act(Action::TypeFilter("x".into()));
    delay(&mut sim, wait(2), 0.5).unwrap();
    sim.act(Action::TypeFilter(String::new()));
    assert!(sim.state.is_settled());
}

#[test]
fn torture_07_what_a_date_can_come_to_is_waited_for_less_than_a_minute() {
    for random in RANDOM {
        for seconds in 0..60 {
            let mut sim = Simulation::new(50, &[]);
            let ms = delay(&mut sim, wait(seconds), random);
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
        let mut sim = Simulation::new(50, &[]);
        sim.settle();
        sim.act(Action::Refresh);
        let (ticket, _) = sim.open.remove(0);
        let wanted = effects(&mut sim, Action::Arrived(ticket, Err(wait(seconds))), 0.5);
        let is_timer = |effect: &Effect| matches!(effect, Effect::Wait(..) | Effect::RefreshIn(Some(_)));
        assert!(!wanted.iter().any(is_timer), "{seconds}: {wanted:?}");
        sim.now += 600 * SECOND;
        for action in [Action::Visible(false), Action::Visible(true), Action::Online] {
            sim.act(action);
        }
        assert_eq!((sim.sent.len(), sim.shown().len()), (2, 20), "{seconds}");
        sim.act(Action::Retry);
        sim.settle();
        assert_eq!((sim.sent.len(), &sim.state.scheduler.failure), (3, &None));
    }
}

#[test]
fn torture_09_without_a_time_it_backs_off_with_full_jitter() {
    for random in RANDOM {
        let mut sim = Simulation::new(50, &[]);
        for ceiling in [1000.0, 2000.0, 4000.0] {
            let ms = delay(&mut sim, Error::http(429), random).unwrap();
            assert_eq!(ms, (ceiling * random) as u32);
            wake(&mut sim);
        }
        assert_eq!(delay(&mut sim, Error::http(429), random), None);
    }
}

/// A sim whose timers fire by its clock, and which records when each request was sent.
struct Timed {
    sim: Simulation,
    due: Vec<(i64, u64)>,
    sent: Vec<(i64, String)>,
}

impl Timed {
    fn new(sim: Simulation) -> Self {
        let mut timed = Self {
            sim,
            due: vec![],
            sent: vec![],
        };
        timed.sim.waits.clear();
        timed.sim.sent.clear();
        timed
    }

    /// A full scan with four pages in flight.
    fn scanning() -> Self {
        let mut sim = Simulation::new(40_000, &[("sort", "id")]);
        sim.answer();
        assert_eq!(sim.open.len(), 4);
        Self::new(sim)
    }

    fn note(&mut self) {
        let now = self.sim.now;
        let waits = std::mem::take(&mut self.sim.waits).into_iter();
        self.due
            .extend(waits.map(|(ticket, ms)| (now + i64::from(ms) * 1000, ticket)));
        let sent = std::mem::take(&mut self.sim.sent).into_iter();
        self.sent.extend(sent.map(|url| (now, url)));
    }

    fn act(&mut self, action: Action) {
        self.sim.act(action);
        self.note();
    }

    fn fail(&mut self, error: Error) {
        self.sim.fail(error);
        self.note();
    }

    fn answer(&mut self) {
        self.sim.answer();
        self.note();
    }

    /// Advances the clock and fires every timer that is due by then.
    fn pass(&mut self, ms: i64) {
        let end = self.sim.now + ms * 1000;
        while let Some(next) = self.due.iter().min().copied().filter(|(at, _)| *at <= end) {
            self.due.retain(|timer| *timer != next);
            self.sim.now = next.0;
            self.act(Action::RetryDue(next.1));
        }
        self.sim.now = end;
    }
}

#[test]
fn torture_06_a_walk_waits_with_all_its_requests() {
    // The number of the other three requests that are answered while one waits.
    for answered in 0..=3 {
        let mut scan = Timed::scanning();
        scan.fail(wait(2));
        for _ in 0..answered {
            scan.pass(500);
            scan.answer();
        }
        let left = 1999 - 500 * answered;
        scan.pass(left);
        assert_eq!(scan.sent, [], "{answered} answered");
        scan.pass(251);
        assert!(!scan.sent.is_empty(), "{answered} answered: it goes on");
        assert_eq!(scan.sim.open.len(), 4, "{answered} answered");
        scan.sim.settle();
        assert!(scan.sim.state.loaded.dataset.is_complete(), "{answered} answered");
    }
}

#[test]
fn torture_06_each_of_four_that_are_refused_waits_as_long() {
    let mut scan = Timed::scanning();
    for _ in 0..4 {
        scan.fail(wait(2));
    }
    scan.pass(1999);
    assert_eq!(scan.sent, []);
    scan.pass(251);
    assert_eq!(scan.sent.len(), 4);
    // They are the refused ones, each once.
    scan.sent.sort();
    scan.sent.dedup();
    assert_eq!(scan.sent.len(), 4);
    scan.sim.settle();
    assert!(scan.sim.state.loaded.dataset.is_complete());
}

#[test]
fn torture_06_after_the_last_try_nobody_asks_by_itself_before_the_time() {
    let mut load = Timed::new(Simulation::new(50, &[]));
    for n in 0..4 {
        assert_eq!(load.sim.open.len(), 1, "try {n}");
        load.fail(wait(2));
        if n < 3 {
            load.pass(1999);
            assert_eq!(load.sent.len(), n, "try {n}");
            load.pass(251);
        }
    }
    assert!(!load.sim.state.scheduler.failure.as_ref().unwrap().retrying);
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
            let mut load = Timed::new(Simulation::new(50, &[]));
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
    // The results of a full scan's four requests, 400 ms apart, and the time in ms when the last wait ends.
    let table = [
        ([wait(2), Error::http(503), lost(), Error::http(429)], 2000),
        ([Error::http(503), wait(2), lost(), Error::http(502)], 2400),
        ([lost(), lost(), lost(), wait(2)], 3200),
        ([wait(2), wait(1), wait(1), wait(0)], 2000),
        ([wait(1), wait(1), wait(2), wait(0)], 2800),
        ([wait(5), wait(2), lost(), wait(1)], 5000),
    ];
    for (at, (errors, end)) in table.into_iter().enumerate() {
        let mut scan = Timed::scanning();
        let named = errors
            .iter()
            .position(|error| error.retry_after.is_some())
            .unwrap() as i64;
        for error in errors {
            scan.fail(error);
            scan.pass(400);
        }
        scan.act(Action::Online);
        scan.pass(end - 1601);
        // Requests that were to be tried again before any time was named may have been sent.
        let too_early = scan.sent.iter().find(|(sent, _)| *sent > named * 400_000);
        assert_eq!(too_early, None, "case {at}");
        scan.pass(251);
        assert_eq!(scan.sim.open.len(), 4, "case {at}: it goes on");
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
        let mut load = Timed::new(Simulation::new(1240, &[]));
        for n in 0..4 {
            load.fail(wait(2));
            load.pass(if n < 3 { 2250 } else { 1000 });
        }
        load.sent.clear();
        load.act(action);
        load.pass(999);
        assert_eq!(load.sent, [], "{then}");
        // A full scan that failed finally does not continue automatically; a page that is needed since then is
        // requested.
        load.pass(251);
        let sent: Vec<&str> = load.sent.iter().map(|(_, query)| query.as_str()).collect();
        let due: &[&str] = if by_itself { &[then] } else { &[] };
        assert_eq!(sent, due, "{then}");
        let before = load.sim.sent.len();
        load.sim.act(Action::Retry);
        assert_eq!(load.sim.sent[before..], [then], "Retry requests");
        load.sim.settle();
        assert!(load.sim.state.page_rows().is_some(), "{then}");
    }
}

#[test]
fn torture_14_another_failure_does_not_hide_what_the_server_asked_for() {
    for after in [lost(), Error::http(503), Error::new(Code::Timeout, "")] {
        let mut scan = Timed::scanning();
        scan.fail(wait(2));
        scan.fail(after);
        scan.act(Action::Online);
        scan.pass(1999);
        assert_eq!(scan.sent, []);
    }
}
