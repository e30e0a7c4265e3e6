//! Tests of the throttle, with the test's own clock.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

const ME: Identity = Identity::EVERYONE;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn request(page: u64) -> ListRequest {
    ListRequest {
        cluster: page,
        query: Vec::new(),
        language: "en-US",
    }
}

fn throttle() -> Throttle {
    Throttle::new(&Limits::default(), true)
}

fn go(throttle: &Throttle, now: Instant, outcome: Outcome) {
    about(throttle, 1, now, outcome);
}

fn about(throttle: &Throttle, page: u64, now: Instant, outcome: Outcome) {
    throttle
        .admit(ME, &request(page), now)
        .unwrap()
        .report(outcome, now);
}

#[test]
fn one_try_at_a_time_with_growing_delay_and_open_at_the_first_success() {
    let throttle = throttle();
    let start = Instant::now();
    let mut now = start;
    assert_eq!(throttle.health(now), Health::Unknown);
    go(&throttle, start, Outcome::Unreachable);
    assert_eq!(throttle.health(now), Health::Down);
    let mut delays = Vec::new();
    for _ in 0..7 {
        let begin = now;
        while throttle.check(ME, &request(1), now).is_err() {
            now += ms(50);
        }
        delays.push((now - begin).as_millis());
        let one = request(1);
        let permit = throttle.admit(ME, &one, now).unwrap();
        // The others must wait while one tries, however long that takes.
        let Err(Blocked::Down(wait)) = throttle.admit(ME, &request(1), now + ms(60_000)).map(|_| ()) else {
            panic!("a second one got in")
        };
        assert!((1..=5).contains(&wait));
        assert!(throttle.check(ME, &request(1), now + ms(60_000)).is_err());
        permit.report(Outcome::Unreachable, now);
    }
    assert_eq!(delays, [250, 500, 1000, 2000, 4000, 5000, 5000]);
    now += ms(5000);
    go(&throttle, now, Outcome::Answered);
    assert_eq!(throttle.health(now), Health::Up);
    let requests = [request(1), request(2)];
    let _both = [
        throttle.admit(ME, &requests[0], now).unwrap(),
        throttle.admit(ME, &requests[1], now).unwrap(),
    ];
}

#[test]
fn a_try_that_is_given_up_lets_the_next_one_try() {
    let throttle = throttle();
    let now = Instant::now();
    go(&throttle, now, Outcome::Unreachable);
    let later = now + ms(300);
    drop(throttle.admit(ME, &request(1), later).unwrap());
    assert!(throttle.admit(ME, &request(1), later).is_ok());
}

#[test]
fn a_few_broken_answers_are_not_the_end() {
    let throttle = throttle();
    let now = Instant::now();
    for _ in 0..2 {
        go(&throttle, now, Outcome::Broken);
    }
    go(&throttle, now, Outcome::Answered);
    for _ in 0..3 {
        assert_eq!(throttle.health(now), Health::Up);
        go(&throttle, now, Outcome::Broken);
    }
    assert_eq!(throttle.health(now), Health::Down);
}

#[test]
fn waits_are_kept_by_who_they_are_for() {
    let throttle = throttle();
    let now = Instant::now();
    let other = Identity::of("JSESSIONID=other");
    go(
        &throttle,
        now,
        Outcome::Limited {
            wait: ms(2500),
            everyone: false,
        },
    );
    assert_eq!(throttle.check(ME, &request(1), now), Err(Blocked::Limited(3)));
    assert_eq!(
        throttle.check(ME, &request(1), now + ms(1600)),
        Err(Blocked::Limited(1))
    );
    assert_eq!(throttle.check(ME, &request(1), now + ms(2500)), Ok(()));
    assert_eq!(throttle.check(other, &request(1), now), Ok(()));
    let later = now + ms(2500);
    go(&throttle, later, Outcome::Unavailable { wait: ms(1000) });
    assert_eq!(
        throttle.check(other, &request(1), later),
        Err(Blocked::Unavailable(1))
    );
    // Not longer than the limit, whatever the upstream requests for.
    let later = later + ms(1000);
    go(
        &throttle,
        later,
        Outcome::Limited {
            wait: ms(86_400_000),
            everyone: false,
        },
    );
    assert_eq!(throttle.check(ME, &request(1), later), Err(Blocked::Limited(300)));
    let later = later + ms(300_000);
    go(
        &throttle,
        later,
        Outcome::Limited {
            wait: ms(1000),
            everyone: true,
        },
    );
    assert_eq!(
        throttle.check(other, &request(1), later),
        Err(Blocked::Limited(1))
    );
}

#[test]
fn a_refused_account_is_tried_less_and_less() {
    let throttle = throttle();
    let mut now = Instant::now();
    // OCP forgets failures after 30 min, and locks after 20 of them.
    for wanted in [10, 20, 40, 80, 160, 300, 300, 2100, 2100] {
        go(&throttle, now, Outcome::Refused);
        assert_eq!(
            throttle.check(ME, &request(1), now),
            Err(Blocked::Refused(wanted))
        );
        now += Duration::from_secs(wanted);
        let one = request(1);
        let _pass = throttle.admit(ME, &one, now).unwrap();
        assert!(
            throttle.admit(ME, &request(1), now).is_err(),
            "a second one got in"
        );
        now += Duration::from_secs(10);
    }
    go(&throttle, now, Outcome::Answered);
    go(&throttle, now, Outcome::Refused);
    assert_eq!(throttle.check(ME, &request(1), now), Err(Blocked::Refused(10)));
}

#[test]
fn a_burst_that_fails_together_is_one_failure() {
    let throttle = throttle();
    let now = Instant::now();
    let requests: Vec<_> = (0..8).map(request).collect();
    let passes: Vec<_> = requests
        .iter()
        .map(|request| throttle.admit(ME, request, now).unwrap())
        .collect();
    for permit in passes {
        permit.report(Outcome::Unreachable, now);
    }
    assert!(throttle.admit(ME, &request(1), now + ms(300)).is_ok());
}

#[test]
fn a_straggler_does_not_let_a_second_one_try_nor_everyone() {
    let throttle = throttle();
    let now = Instant::now();
    let one = request(1);
    let stragglers: Vec<_> = (0..3).map(|_| throttle.admit(ME, &one, now).unwrap()).collect();
    go(&throttle, now, Outcome::Unreachable);
    let probe = throttle.admit(ME, &one, now + ms(300)).unwrap();
    let mut stragglers = stragglers.into_iter();
    for outcome in [Outcome::Broken, Outcome::Answered] {
        stragglers.next().unwrap().report(outcome, now + ms(400));
        assert!(
            throttle.check(ME, &one, now + ms(5000)).is_err(),
            "two try at one time"
        );
        assert!(
            throttle.admit(ME, &one, now + ms(5000)).is_err(),
            "two try at one time"
        );
    }
    probe.report(Outcome::Answered, now + ms(500));
    // And a failure from before it came back does not close it again.
    stragglers
        .next()
        .unwrap()
        .report(Outcome::Unreachable, now + ms(600));
    assert_eq!(throttle.check(ME, &one, now + ms(600)), Ok(()));
}

#[test]
fn one_that_could_not_ask_says_nothing() {
    let throttle = throttle();
    let now = Instant::now();
    go(&throttle, now, Outcome::Unasked);
    assert_eq!(throttle.health(now), Health::Unknown);
    go(&throttle, now, Outcome::Unreachable);
    let later = now + ms(300);
    go(&throttle, later, Outcome::Unasked);
    assert_eq!(throttle.health(later), Health::Down);
    // The next one may try at once.
    assert_eq!(throttle.check(ME, &request(1), later), Ok(()));
}

#[test]
fn what_was_seen_a_minute_ago_is_not_known() {
    let throttle = throttle();
    let mut now = Instant::now();
    for (outcome, health) in [
        (Outcome::Unreachable, Health::Down),
        (Outcome::Answered, Health::Up),
    ] {
        now += ms(300);
        go(&throttle, now, outcome);
        assert_eq!(throttle.health(now + ms(59_000)), health);
        assert_eq!(throttle.health(now + ms(60_000)), Health::Unknown);
    }
}

#[test]
fn an_account_is_proven_by_one_before_many_ask() {
    let now = Instant::now();
    let throttle = throttle();
    assert!(throttle.needs_verification(now));
    for outcome in [Outcome::Odd, Outcome::Broken] {
        go(&throttle, now, outcome);
        assert!(throttle.needs_verification(now), "{outcome:?}");
    }
    go(&throttle, now, Outcome::Answered);
    assert!(!throttle.needs_verification(now + ms(59_000)));
    assert!(
        throttle.needs_verification(now + ms(60_000)),
        "much may have changed"
    );
    go(&throttle, now, Outcome::Refused);
    assert!(throttle.needs_verification(now));
    // A session belongs to its user.
    assert!(!Throttle::new(&Limits::default(), false).needs_verification(now));
}

#[test]
fn a_question_that_alone_is_refused_waits_alone() {
    let throttle = throttle();
    let mut now = Instant::now();
    for wanted in [10, 20, 40, 80, 160, 300, 300, 2100] {
        about(&throttle, 1, now, Outcome::Answered);
        about(&throttle, 7, now, Outcome::Refused);
        assert_eq!(
            throttle.check(ME, &request(7), now),
            Err(Blocked::Refused(wanted))
        );
        assert_eq!(throttle.check(ME, &request(1), now), Ok(()));
        assert!(throttle.needs_verification(now));
        now += Duration::from_secs(wanted);
    }
    // Two different queries are not a coincidence.
    about(&throttle, 1, now, Outcome::Answered);
    about(&throttle, 7, now, Outcome::Refused);
    about(&throttle, 8, now, Outcome::Refused);
    assert!(matches!(
        throttle.check(ME, &request(1), now),
        Err(Blocked::Refused(_))
    ));
    // Nor are many, even if others are accepted.
    let throttle = self::throttle();
    for page in 2..=5 {
        about(&throttle, 1, now, Outcome::Answered);
        about(&throttle, page, now, Outcome::Refused);
        assert_eq!(throttle.check(ME, &request(1), now), Ok(()));
    }
    about(&throttle, 1, now, Outcome::Answered);
    about(&throttle, 6, now, Outcome::Refused);
    assert_eq!(throttle.check(ME, &request(1), now), Err(Blocked::Refused(10)));
}

#[test]
fn a_burst_that_is_refused_together_is_one_refusal() {
    let throttle = throttle();
    let now = Instant::now();
    let requests: Vec<_> = (0..8).map(request).collect();
    let passes: Vec<_> = requests
        .iter()
        .map(|request| throttle.admit(ME, request, now).unwrap())
        .collect();
    for permit in passes {
        permit.report(Outcome::Refused, now + ms(10));
    }
    assert_eq!(
        throttle.check(ME, &requests[0], now + ms(10)),
        Err(Blocked::Refused(10))
    );
}
