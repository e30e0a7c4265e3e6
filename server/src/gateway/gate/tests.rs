//! Tests of the gate, with the test's own clock.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

const ME: Identity = Identity::NOBODY;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn ask(page: u64) -> Ask {
    Ask {
        cluster: page,
        query: Vec::new(),
        language: "en-US",
    }
}

fn gate() -> Gate {
    Gate::new(&Limits::default(), true)
}

fn go(gate: &Gate, now: Instant, outcome: Outcome) {
    about(gate, 1, now, outcome);
}

fn about(gate: &Gate, page: u64, now: Instant, outcome: Outcome) {
    gate.enter(ME, &ask(page), now).unwrap().tell(outcome, now);
}

#[test]
fn one_try_at_a_time_with_growing_delay_and_open_at_the_first_success() {
    let gate = gate();
    let start = Instant::now();
    let mut now = start;
    assert_eq!(gate.health(now), Health::Unknown);
    go(&gate, start, Outcome::Unreachable);
    assert_eq!(gate.health(now), Health::Down);
    let mut delays = Vec::new();
    for _ in 0..7 {
        let begin = now;
        while gate.look(ME, &ask(1), now).is_err() {
            now += ms(50);
        }
        delays.push((now - begin).as_millis());
        let one = ask(1);
        let pass = gate.enter(ME, &one, now).unwrap();
        // The others must wait while one tries, however long that takes.
        let Err(Closed::Down(wait)) = gate.enter(ME, &ask(1), now + ms(60_000)).map(|_| ()) else {
            panic!("a second one got in")
        };
        assert!((1..=5).contains(&wait));
        assert!(gate.look(ME, &ask(1), now + ms(60_000)).is_err());
        pass.tell(Outcome::Unreachable, now);
    }
    assert_eq!(delays, [250, 500, 1000, 2000, 4000, 5000, 5000]);
    now += ms(5000);
    go(&gate, now, Outcome::Answered);
    assert_eq!(gate.health(now), Health::Up);
    let asks = [ask(1), ask(2)];
    let _both = [
        gate.enter(ME, &asks[0], now).unwrap(),
        gate.enter(ME, &asks[1], now).unwrap(),
    ];
}

#[test]
fn a_try_that_is_given_up_lets_the_next_one_try() {
    let gate = gate();
    let now = Instant::now();
    go(&gate, now, Outcome::Unreachable);
    let later = now + ms(300);
    drop(gate.enter(ME, &ask(1), later).unwrap());
    assert!(gate.enter(ME, &ask(1), later).is_ok());
}

#[test]
fn a_few_broken_answers_are_not_the_end() {
    let gate = gate();
    let now = Instant::now();
    for _ in 0..2 {
        go(&gate, now, Outcome::Broken);
    }
    go(&gate, now, Outcome::Answered);
    for _ in 0..3 {
        assert_eq!(gate.health(now), Health::Up);
        go(&gate, now, Outcome::Broken);
    }
    assert_eq!(gate.health(now), Health::Down);
}

#[test]
fn waits_are_kept_by_who_they_are_for() {
    let gate = gate();
    let now = Instant::now();
    let other = Identity::of("JSESSIONID=other");
    go(
        &gate,
        now,
        Outcome::Limited {
            wait: ms(2500),
            everyone: false,
        },
    );
    assert_eq!(gate.look(ME, &ask(1), now), Err(Closed::Limited(3)));
    assert_eq!(gate.look(ME, &ask(1), now + ms(1600)), Err(Closed::Limited(1)));
    assert_eq!(gate.look(ME, &ask(1), now + ms(2500)), Ok(()));
    assert_eq!(gate.look(other, &ask(1), now), Ok(()));
    let later = now + ms(2500);
    go(&gate, later, Outcome::Unavailable { wait: ms(1000) });
    assert_eq!(gate.look(other, &ask(1), later), Err(Closed::Unavailable(1)));
    // Not longer than the limit, whatever the upstream asks for.
    let later = later + ms(1000);
    go(
        &gate,
        later,
        Outcome::Limited {
            wait: ms(86_400_000),
            everyone: false,
        },
    );
    assert_eq!(gate.look(ME, &ask(1), later), Err(Closed::Limited(300)));
    let later = later + ms(300_000);
    go(
        &gate,
        later,
        Outcome::Limited {
            wait: ms(1000),
            everyone: true,
        },
    );
    assert_eq!(gate.look(other, &ask(1), later), Err(Closed::Limited(1)));
}

#[test]
fn a_refused_account_is_tried_less_and_less() {
    let gate = gate();
    let mut now = Instant::now();
    // OCP forgets failures after 30 min, and locks after 20 of them.
    for wanted in [10, 20, 40, 80, 160, 300, 300, 2100, 2100] {
        go(&gate, now, Outcome::Refused);
        assert_eq!(gate.look(ME, &ask(1), now), Err(Closed::Refused(wanted)));
        now += Duration::from_secs(wanted);
        let one = ask(1);
        let _pass = gate.enter(ME, &one, now).unwrap();
        assert!(gate.enter(ME, &ask(1), now).is_err(), "a second one got in");
        now += Duration::from_secs(10);
    }
    go(&gate, now, Outcome::Answered);
    go(&gate, now, Outcome::Refused);
    assert_eq!(gate.look(ME, &ask(1), now), Err(Closed::Refused(10)));
}

#[test]
fn a_burst_that_fails_together_is_one_failure() {
    let gate = gate();
    let now = Instant::now();
    let asks: Vec<_> = (0..8).map(ask).collect();
    let passes: Vec<_> = asks.iter().map(|ask| gate.enter(ME, ask, now).unwrap()).collect();
    for pass in passes {
        pass.tell(Outcome::Unreachable, now);
    }
    assert!(gate.enter(ME, &ask(1), now + ms(300)).is_ok());
}

#[test]
fn a_straggler_does_not_let_a_second_one_try_nor_everyone() {
    let gate = gate();
    let now = Instant::now();
    let one = ask(1);
    let stragglers: Vec<_> = (0..3).map(|_| gate.enter(ME, &one, now).unwrap()).collect();
    go(&gate, now, Outcome::Unreachable);
    let probe = gate.enter(ME, &one, now + ms(300)).unwrap();
    let mut stragglers = stragglers.into_iter();
    for outcome in [Outcome::Broken, Outcome::Answered] {
        stragglers.next().unwrap().tell(outcome, now + ms(400));
        assert!(
            gate.look(ME, &one, now + ms(5000)).is_err(),
            "two try at one time"
        );
        assert!(
            gate.enter(ME, &one, now + ms(5000)).is_err(),
            "two try at one time"
        );
    }
    probe.tell(Outcome::Answered, now + ms(500));
    // And a failure from before it came back does not close it again.
    stragglers
        .next()
        .unwrap()
        .tell(Outcome::Unreachable, now + ms(600));
    assert_eq!(gate.look(ME, &one, now + ms(600)), Ok(()));
}

#[test]
fn one_that_could_not_ask_says_nothing() {
    let gate = gate();
    let now = Instant::now();
    go(&gate, now, Outcome::Unasked);
    assert_eq!(gate.health(now), Health::Unknown);
    go(&gate, now, Outcome::Unreachable);
    let later = now + ms(300);
    go(&gate, later, Outcome::Unasked);
    assert_eq!(gate.health(later), Health::Down);
    // The next one may try at once.
    assert_eq!(gate.look(ME, &ask(1), later), Ok(()));
}

#[test]
fn what_was_seen_a_minute_ago_is_not_known() {
    let gate = gate();
    let mut now = Instant::now();
    for (outcome, health) in [
        (Outcome::Unreachable, Health::Down),
        (Outcome::Answered, Health::Up),
    ] {
        now += ms(300);
        go(&gate, now, outcome);
        assert_eq!(gate.health(now + ms(59_000)), health);
        assert_eq!(gate.health(now + ms(60_000)), Health::Unknown);
    }
}

#[test]
fn an_account_is_proven_by_one_before_many_ask() {
    let now = Instant::now();
    let gate = gate();
    assert!(gate.needs_proof(now));
    for outcome in [Outcome::Odd, Outcome::Broken] {
        go(&gate, now, outcome);
        assert!(gate.needs_proof(now), "{outcome:?}");
    }
    go(&gate, now, Outcome::Answered);
    assert!(!gate.needs_proof(now + ms(59_000)));
    assert!(gate.needs_proof(now + ms(60_000)), "much may have changed");
    go(&gate, now, Outcome::Refused);
    assert!(gate.needs_proof(now));
    // A session belongs to its user.
    assert!(!Gate::new(&Limits::default(), false).needs_proof(now));
}

#[test]
fn a_question_that_alone_is_refused_waits_alone() {
    let gate = gate();
    let mut now = Instant::now();
    for wanted in [10, 20, 40, 80, 160, 300, 300, 2100] {
        about(&gate, 1, now, Outcome::Answered);
        about(&gate, 7, now, Outcome::Refused);
        assert_eq!(gate.look(ME, &ask(7), now), Err(Closed::Refused(wanted)));
        assert_eq!(gate.look(ME, &ask(1), now), Ok(()));
        assert!(gate.needs_proof(now));
        now += Duration::from_secs(wanted);
    }
    // Two different queries are not a coincidence.
    about(&gate, 1, now, Outcome::Answered);
    about(&gate, 7, now, Outcome::Refused);
    about(&gate, 8, now, Outcome::Refused);
    assert!(matches!(gate.look(ME, &ask(1), now), Err(Closed::Refused(_))));
    // Nor are many, even if others are accepted.
    let gate = self::gate();
    for page in 2..=5 {
        about(&gate, 1, now, Outcome::Answered);
        about(&gate, page, now, Outcome::Refused);
        assert_eq!(gate.look(ME, &ask(1), now), Ok(()));
    }
    about(&gate, 1, now, Outcome::Answered);
    about(&gate, 6, now, Outcome::Refused);
    assert_eq!(gate.look(ME, &ask(1), now), Err(Closed::Refused(10)));
}

#[test]
fn a_burst_that_is_refused_together_is_one_refusal() {
    let gate = gate();
    let now = Instant::now();
    let asks: Vec<_> = (0..8).map(ask).collect();
    let passes: Vec<_> = asks.iter().map(|ask| gate.enter(ME, ask, now).unwrap()).collect();
    for pass in passes {
        pass.tell(Outcome::Refused, now + ms(10));
    }
    assert_eq!(gate.look(ME, &asks[0], now + ms(10)), Err(Closed::Refused(10)));
}
