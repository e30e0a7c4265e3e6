//! The gate on a clock of the test's own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

const ME: Identity = Identity::NOBODY;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn go(gate: &Gate, now: Instant, outcome: Outcome) {
    gate.enter(ME, now).unwrap().tell(outcome, now);
}

#[test]
fn one_try_at_a_time_with_growing_delay_and_open_at_the_first_success() {
    let gate = Gate::new(&Limits::default());
    let start = Instant::now();
    assert_eq!(gate.health(), Health::Unknown);
    go(&gate, start, Outcome::Unreachable);
    assert_eq!(gate.health(), Health::Down);
    let mut now = start;
    let mut delays = Vec::new();
    for _ in 0..7 {
        let begin = now;
        while gate.look(ME, now).is_err() {
            now += ms(50);
        }
        delays.push((now - begin).as_millis());
        let pass = gate.enter(ME, now).unwrap();
        // Others don't get in while it tries, however long that takes.
        let Err(Closed::Down(wait)) = gate.enter(ME, now + ms(60_000)).map(|_| ()) else {
            panic!("a second one got in")
        };
        assert!((1..=5).contains(&wait));
        assert!(gate.look(ME, now + ms(60_000)).is_err());
        pass.tell(Outcome::Unreachable, now);
    }
    assert_eq!(delays, [250, 500, 1000, 2000, 4000, 5000, 5000]);
    now += ms(5000);
    go(&gate, now, Outcome::Answered);
    assert_eq!(gate.health(), Health::Up);
    let (_first, _second) = (gate.enter(ME, now).unwrap(), gate.enter(ME, now).unwrap());
}

#[test]
fn a_try_that_is_given_up_lets_the_next_one_try() {
    let gate = Gate::new(&Limits::default());
    let now = Instant::now();
    go(&gate, now, Outcome::Unreachable);
    let later = now + ms(300);
    drop(gate.enter(ME, later).unwrap());
    assert!(gate.enter(ME, later).is_ok());
}

#[test]
fn a_few_broken_answers_are_not_the_end() {
    let gate = Gate::new(&Limits::default());
    let now = Instant::now();
    for _ in 0..2 {
        go(&gate, now, Outcome::Broken);
    }
    go(&gate, now, Outcome::Answered);
    for _ in 0..3 {
        assert_eq!(gate.health(), Health::Up);
        go(&gate, now, Outcome::Broken);
    }
    assert_eq!(gate.health(), Health::Down);
}

#[test]
fn waits_are_kept_by_who_they_are_for() {
    let gate = Gate::new(&Limits::default());
    let now = Instant::now();
    let other = Identity::of("JSESSIONID=other");
    go(
        &gate,
        now,
        Outcome::Busy {
            wait: ms(2500),
            everyone: false,
        },
    );
    assert_eq!(gate.look(ME, now), Err(Closed::Limited(3)));
    assert_eq!(gate.look(ME, now + ms(1600)), Err(Closed::Limited(1)));
    assert_eq!(gate.look(ME, now + ms(2500)), Ok(()));
    assert_eq!(gate.look(other, now), Ok(()));
    let later = now + ms(2500);
    go(
        &gate,
        later,
        Outcome::Busy {
            wait: ms(1000),
            everyone: true,
        },
    );
    assert_eq!(gate.look(other, later), Err(Closed::Unavailable(1)));
    // However long the upstream wishes for.
    let later = later + ms(1000);
    go(
        &gate,
        later,
        Outcome::Busy {
            wait: ms(86_400_000),
            everyone: false,
        },
    );
    assert_eq!(gate.look(ME, later), Err(Closed::Limited(300)));
}

#[test]
fn a_refused_account_is_tried_less_and_less() {
    let gate = Gate::new(&Limits::default());
    let mut now = Instant::now();
    for wanted in [10, 20, 40, 80, 160, 300, 300] {
        go(&gate, now, Outcome::Refused);
        assert_eq!(gate.look(ME, now), Err(Closed::Refused(wanted)));
        now += Duration::from_secs(wanted);
        let _pass = gate.enter(ME, now).unwrap();
        assert!(gate.enter(ME, now).is_err(), "a second one got in");
        now += Duration::from_secs(10);
    }
    go(&gate, now, Outcome::Answered);
    go(&gate, now, Outcome::Refused);
    assert_eq!(gate.look(ME, now), Err(Closed::Refused(10)));
}
