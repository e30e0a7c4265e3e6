//! If a server asks to wait, nothing is sent automatically until then, whatever is wanted meanwhile.

use super::*;
use crate::core::state::Action;
use crate::core::state::tests::Bench;
use crate::core::time::{Preset, TimeRange};

fn refused(status: u16, seconds: Option<u64>) -> Error {
    Error {
        retry_after: seconds,
        ..Error::http(status)
    }
}

/// The time until the next automatic refresh after this action, in milliseconds.
fn refresh_in(bench: &mut Bench, action: Action) -> Option<u32> {
    let at = At {
        now: bench.now,
        random: 0.5,
    };
    let effects = bench.state.apply(action, at);
    effects.into_iter().rev().find_map(|effect| match effect {
        Effect::RefreshIn(ms) => Some(ms),
        _ => None,
    })?
}

/// Fires the timer of each wait.
fn wake(bench: &mut Bench) {
    for (ticket, ms) in std::mem::take(&mut bench.waits) {
        bench.now += i64::from(ms) * 1000;
        bench.act(Action::RetryDue(ticket));
    }
}

#[test]
fn after_the_last_try_too() {
    let mut bench = Bench::new(50, &[("refresh", "1")]);
    for tries in 0..4 {
        assert_eq!(bench.sent.len(), tries + 1);
        if tries < 3 {
            bench.fail(refused(429, Some(60)));
            wake(&mut bench);
        }
    }
    let (ticket, _) = bench.open.remove(0);
    let last = Action::Arrived(ticket, Err(refused(429, Some(60))));
    assert_eq!(refresh_in(&mut bench, last), Some(60_000));
    for action in [Action::RefreshDue, Action::Visible(true), Action::Online] {
        bench.act(action);
        assert_eq!(bench.sent.len(), 4);
    }
    bench.now += 20 * SECOND;
    assert_eq!(refresh_in(&mut bench, Action::RefreshDue), Some(40_000));
    bench.now += 40 * SECOND;
    bench.act(Action::RefreshDue);
    assert_eq!(bench.sent.len(), 5);
}

#[test]
fn whichever_of_many_requests_it_answered() {
    let mut bench = Bench::new(20_000, &[("filter", "status:failed")]);
    bench.answer();
    assert_eq!(bench.open.len(), MOST_IN_FLIGHT);
    bench.fail(refused(503, None));
    bench.fail(refused(429, Some(60)));
    bench.fail(Error::new(Code::Network, ""));
    // The first request has the shortest wait, but waits again when it wakes.
    let sent = bench.sent.len();
    let (ticket, ms) = bench.waits.remove(0);
    assert!(ms < 1000);
    bench.now += i64::from(ms) * 1000;
    bench.act(Action::RetryDue(ticket));
    bench.act(Action::Online);
    assert_eq!(bench.sent.len(), sent);
    assert!(
        bench.waits.iter().all(|(_, ms)| *ms >= 59_000),
        "{:?}",
        bench.waits
    );
    // An answer that arrives meanwhile does not hide why the others wait.
    bench.answer();
    assert!(
        bench
            .state
            .scheduler
            .failure
            .as_ref()
            .is_some_and(|trouble| trouble.retrying)
    );
    assert_eq!(bench.sent.len(), sent);
    wake(&mut bench);
    bench.settle();
    assert!(bench.state.scheduler.failure.is_none());
    assert!(bench.state.loaded.dataset.is_complete());
}

#[test]
fn another_range_waits_as_well_and_says_why_but_a_person_may_try() {
    let mut bench = Bench::new(50, &[]);
    bench.fail(refused(429, Some(60)));
    for preset in [Preset::ALL[0], Preset::ALL[1]] {
        bench.act(Action::SetRange(TimeRange::Last(preset)));
        assert_eq!(bench.sent.len(), 1);
        assert!(bench.state.scheduler.failure.is_some());
    }
    bench.act(Action::Retry);
    assert_eq!(bench.sent.len(), 2);
    // Another server did not ask to wait.
    bench.fail(refused(429, Some(60)));
    bench.configure(&[("base-url", "https://other.example")]);
    assert_eq!(bench.sent.len(), 3);
}

#[test]
fn a_clock_that_is_put_back_makes_it_no_longer() {
    let mut bench = Bench::new(50, &[("refresh", "5")]);
    bench.now = 86_400 * SECOND;
    bench.act(Action::Refresh);
    for _ in 0..3 {
        bench.fail(refused(429, Some(2)));
        wake(&mut bench);
    }
    bench.fail(refused(429, Some(2)));
    bench.now = 0;
    let sent = bench.sent.len();
    bench.act(Action::RefreshDue);
    assert_eq!(bench.sent.len(), sent + 1);
}
