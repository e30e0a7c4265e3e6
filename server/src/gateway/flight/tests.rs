//! Tests of who shares an answer with whom, on a paused clock where time matters.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::StatusCode;
use bytes::Bytes;
use tokio::sync::{Notify, Semaphore};

use super::*;

fn key(cluster: u64, who: &str) -> Key {
    let request = ListRequest {
        cluster,
        query: Vec::new(),
        language: "en-US",
    };
    (Identity::of(who), request)
}

fn answer(status: u16, size: usize) -> Answer {
    Answer::new(
        StatusCode::from_u16(status).unwrap(),
        Bytes::from(vec![b'x'; size]),
        "en-US",
        Vec::new(),
    )
}

#[derive(Clone, Default)]
struct Counted(Arc<AtomicUsize>);

impl Counted {
    async fn ask(&self, flight: &Flight, key: Key, status: u16, size: usize) -> Source {
        self.keep(flight, key, status, size, CacheFor::Usual).await
    }

    async fn keep(&self, flight: &Flight, key: Key, status: u16, size: usize, keep: CacheFor) -> Source {
        let count = Arc::clone(&self.0);
        let fetch = move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            async move { Some((answer(status, size), keep)) }
        };
        let (got, from) = flight.get(key, fetch).await;
        assert_eq!(got.unwrap().status.as_u16(), status);
        from
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn kept_by_identity_and_only_what_is_settled() {
    let flight = Flight::new(Duration::from_secs(60));
    let counted = Counted::default();
    assert_eq!(counted.ask(&flight, key(1, "a"), 200, 1).await, Source::Upstream);
    assert_eq!(counted.ask(&flight, key(1, "a"), 200, 1).await, Source::Hit);
    assert_eq!(counted.ask(&flight, key(1, "b"), 200, 1).await, Source::Upstream);
    assert_eq!(counted.ask(&flight, key(2, "a"), 200, 1).await, Source::Upstream);
    assert_eq!(counted.count(), 3);
    for _ in 0..2 {
        assert_eq!(
            counted.keep(&flight, key(3, "a"), 503, 1, CacheFor::No).await,
            Source::Upstream
        );
    }
    let none = Flight::new(Duration::ZERO);
    for _ in 0..2 {
        assert_eq!(counted.ask(&none, key(1, "a"), 200, 1).await, Source::Upstream);
    }
}

#[tokio::test]
async fn a_failure_is_kept_even_where_nothing_else_is() {
    let counted = Counted::default();
    for keep in [Duration::ZERO, Duration::from_secs(10)] {
        let flight = Flight::new(keep);
        let before = Instant::now();
        for wanted in [Source::Upstream, Source::Hit] {
            assert_eq!(
                counted.keep(&flight, key(1, "a"), 500, 1, CacheFor::Failed).await,
                wanted
            );
        }
        let until = flight.lock().order[0].until;
        let kept = keep.max(MIN_FAILURE_TIME);
        assert!(
            (before + kept..=Instant::now() + kept).contains(&until),
            "{:?}",
            until - before
        );
    }
}

#[tokio::test]
async fn what_is_kept_is_bounded_in_number_and_in_bytes() {
    let flight = Flight::new(Duration::from_secs(60));
    let counted = Counted::default();
    for cluster in 0..2000 {
        counted.ask(&flight, key(cluster, "a"), 200, 10).await;
    }
    assert_eq!(flight.lock().cached.len(), MAX_ENTRIES);
    assert_eq!(counted.ask(&flight, key(1999, "a"), 200, 10).await, Source::Hit);
    for cluster in 0..20 {
        counted.ask(&flight, key(cluster, "b"), 200, 8 << 20).await;
        assert!(flight.lock().bytes <= MAX_BYTES);
    }
    assert_eq!(
        counted.ask(&flight, key(0, "c"), 200, MAX_BYTES / 4).await,
        Source::Upstream
    );
    assert_eq!(
        counted.ask(&flight, key(0, "c"), 200, MAX_BYTES / 4).await,
        Source::Upstream
    );
    let state = flight.lock();
    assert_eq!(state.cached.len(), state.order.len());
    assert_eq!(
        state.bytes,
        state.order.iter().map(|kept| kept.size).sum::<usize>()
    );
}

#[tokio::test]
async fn it_goes_on_when_the_first_is_gone() {
    let flight = Flight::new(Duration::ZERO);
    let go = Arc::new(Notify::new());
    let wait = Arc::clone(&go);
    let fetch = move |_| {
        let wait = Arc::clone(&wait);
        async move {
            wait.notified().await;
            Some((answer(200, 1), CacheFor::Usual))
        }
    };
    let other = flight.clone();
    let first = tokio::spawn(async move { other.get(key(1, "a"), fetch).await });
    tokio::task::yield_now().await;
    let other = flight.clone();
    let second = tokio::spawn(async move {
        other
            .get(key(1, "a"), |_| async { Some((answer(500, 1), CacheFor::No)) })
            .await
    });
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    go.notify_one();
    let (got, from) = second.await.unwrap();
    assert_eq!((got.unwrap().status, from), (StatusCode::OK, Source::Joined));
    assert!(flight.lock().running.is_empty());
}

#[tokio::test]
async fn nobody_waits_for_a_turn_that_nobody_wants() {
    let flight = Flight::new(Duration::ZERO);
    let turns = Arc::new(Semaphore::new(0));
    let fetch = {
        let turns = Arc::clone(&turns);
        move |waiters: Arc<Waiters>| {
            let turns = Arc::clone(&turns);
            async move {
                tokio::select! {
                    _turn = turns.acquire() => Some((answer(200, 1), CacheFor::Usual)),
                    () = waiters.all_gone() => None,
                }
            }
        }
    };
    let other = flight.clone();
    let first = tokio::spawn(async move { other.get(key(1, "a"), fetch).await });
    tokio::task::yield_now().await;
    assert_eq!(flight.lock().running.len(), 1);
    first.abort();
    while !flight.lock().running.is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn one_that_dies_is_not_waited_for() {
    let flight = Flight::new(Duration::ZERO);
    let fetch = |_| async { panic!("on purpose") };
    let (got, _) = flight.get(key(1, "a"), fetch).await;
    assert!(got.is_none());
    assert!(flight.lock().running.is_empty());
}
