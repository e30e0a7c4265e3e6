//! If a server asks to wait, nothing is sent automatically until then, whatever is wanted meanwhile.

use super::*;
use crate::core::state::Action;
use crate::core::state::tests::Simulation;
use crate::core::time::{Preset, TimeRange};

fn refused(status: u16, seconds: Option<u64>) -> Error {
    Error {
        retry_after: seconds,
        ..Error::http(status)
    }
}

/// The time until the next automatic refresh after this action, in milliseconds.
fn refresh_in(sim: &mut Simulation, action: Action) -> Option<u32> {
    let at = At {
        now: sim.now,
        random: 0.5,
    };
    let effects = sim.state.apply(action, at);
    effects.into_iter().rev().find_map(|effect| match effect {
        Effect::RefreshIn(ms) => Some(ms),
        _ => None,
    })?
}

/// Fires the timer of each wait.
fn wake(sim: &mut Simulation) {
    for (ticket, ms) in std::mem::take(&mut sim.waits) {
        sim.now += i64::from(ms) * 1000;
        sim.act(Action::RetryDue(ticket));
    }
}

#[test]
fn after_the_last_try_too() {
    let mut sim = Simulation::new(50, &[("refresh", "1")]);
    for tries in 0..4 {
        assert_eq!(sim.sent.len(), tries + 1);
        if tries < 3 {
            sim.fail(refused(429, Some(60)));
            wake(&mut sim);
        }
    }
    let (ticket, _) = sim.open.remove(0);
    let last = Action::Arrived(ticket, Err(refused(429, Some(60))));
    assert_eq!(refresh_in(&mut sim, last), Some(60_000));
    for action in [Action::RefreshDue, Action::Visible(true), Action::Online] {
        sim.act(action);
        assert_eq!(sim.sent.len(), 4);
    }
    sim.now += 20 * SECOND;
    assert_eq!(refresh_in(&mut sim, Action::RefreshDue), Some(40_000));
    sim.now += 40 * SECOND;
    sim.act(Action::RefreshDue);
    assert_eq!(sim.sent.len(), 5);
}

#[test]
fn whichever_of_many_requests_it_answered() {
    let mut sim = Simulation::new(20_000, &[("filter", "status:failed")]);
    sim.answer();
    assert_eq!(sim.open.len(), MOST_IN_FLIGHT);
    sim.fail(refused(503, None));
    sim.fail(refused(429, Some(60)));
    sim.fail(Error::new(Code::Network, ""));
    // The first request has the shortest wait, but waits again when it wakes.
    let sent = sim.sent.len();
    let (ticket, ms) = sim.waits.remove(0);
    assert!(ms < 1000);
    sim.now += i64::from(ms) * 1000;
    sim.act(Action::RetryDue(ticket));
    sim.act(Action::Online);
    assert_eq!(sim.sent.len(), sent);
    assert!(sim.waits.iter().all(|(_, ms)| *ms >= 59_000), "{:?}", sim.waits);
    // An answer that arrives meanwhile does not hide why the others wait.
    sim.answer();
    assert!(
        sim.state
            .scheduler
            .failure
            .as_ref()
            .is_some_and(|trouble| trouble.retrying)
    );
    assert_eq!(sim.sent.len(), sent);
    wake(&mut sim);
    sim.settle();
    assert!(sim.state.scheduler.failure.is_none());
    assert!(sim.state.loaded.dataset.is_complete());
}

#[test]
fn another_range_waits_as_well_and_says_why_but_a_person_may_try() {
    let mut sim = Simulation::new(50, &[]);
    sim.fail(refused(429, Some(60)));
    for preset in [Preset::ALL[0], Preset::ALL[1]] {
        sim.act(Action::SetRange(TimeRange::Last(preset)));
        assert_eq!(sim.sent.len(), 1);
        assert!(sim.state.scheduler.failure.is_some());
    }
    sim.act(Action::Retry);
    assert_eq!(sim.sent.len(), 2);
    // Another server did not ask to wait.
    sim.fail(refused(429, Some(60)));
    sim.configure(&[("base-url", "https://other.example")]);
    assert_eq!(sim.sent.len(), 3);
}

#[test]
fn a_clock_that_is_put_back_makes_it_no_longer() {
    let mut sim = Simulation::new(50, &[("refresh", "5")]);
    sim.now = 86_400 * SECOND;
    sim.act(Action::Refresh);
    for _ in 0..3 {
        sim.fail(refused(429, Some(2)));
        wake(&mut sim);
    }
    sim.fail(refused(429, Some(2)));
    sim.now = 0;
    let sent = sim.sent.len();
    sim.act(Action::RefreshDue);
    assert_eq!(sim.sent.len(), sent + 1);
}
