//! Single flight: merges identical requests that run at the same moment, and caches answers for a short time.
//!
//! Identical means: the same identity, the same normalised query, the same language. All who wait share one
//! task, which goes on when the first client is gone. While the task waits for its turn, it ends when nobody
//! wants its answer any more. Once OCP was asked it goes on to the end, because OCP does the work anyway.
//! It is own code because both rules are needed at once: outlive the first client, and end with the last one.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::answer::Answer;
use super::request::ListRequest;
use super::session::Identity;

/// The limits of the cache, in answers and in bytes. One answer may take a quarter of the bytes.
const MAX_ENTRIES: usize = 1024;
const MAX_BYTES: usize = 64 << 20;

/// The minimum time for which a failure is kept. Otherwise each further client would make OCP fail once more.
const MIN_FAILURE_TIME: Duration = Duration::from_secs(1);

/// Who asks, and what.
pub(super) type Key = (Identity, ListRequest);
type Sender = Arc<watch::Sender<Option<Arc<Answer>>>>;

#[derive(Debug)]
struct CacheEntry {
    key: Key,
    until: Instant,
    size: usize,
}

#[derive(Debug, Default)]
struct State {
    running: HashMap<Key, Sender>,
    cached: HashMap<Key, Arc<Answer>>,
    /// In the order in which they arrived, which is the order in which they are removed.
    order: VecDeque<CacheEntry>,
    bytes: usize,
}

/// Where an answer came from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Source {
    /// The cache.
    Hit,
    /// A request to OCP that was running.
    Joined,
    /// A request of its own to OCP.
    Upstream,
}

/// How long an answer is cached.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum CacheFor {
    /// Not at all: the next try may give another answer, and other limits protect OCP.
    No,
    /// As long as `--cache` says.
    Usual,
    /// The same, but at least [`MIN_FAILURE_TIME`].
    Failed,
}

/// Running requests and cached answers.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    state: Arc<Mutex<State>>,
    /// How long an answer is cached.
    cache_time: Duration,
}

/// The clients that wait for an answer.
#[derive(Debug)]
pub(super) struct Waiters(Sender);

impl Waiters {
    /// Completes when none is left.
    pub(super) async fn all_gone(&self) {
        self.0.closed().await;
    }
}

impl Flight {
    pub(super) fn new(cache_time: Duration) -> Self {
        Self {
            state: Arc::default(),
            cache_time,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to `key`: a cached one, the one of a running request, or a new one by `fetch`. `None` if
    /// `fetch` ended before it asked OCP, because nobody wanted the answer any more.
    pub(super) async fn get<F>(
        &self,
        key: Key,
        fetch: impl Fn(Arc<Waiters>) -> F + Send + 'static,
    ) -> (Option<Arc<Answer>>, Source)
    where
        F: Future<Output = Option<(Answer, CacheFor)>> + Send + 'static,
    {
        let (mut receiver, from) = {
            let mut state = self.lock();
            state.remove_expired(Instant::now());
            if let Some(answer) = state.cached.get(&key) {
                return (Some(Arc::clone(answer)), Source::Hit);
            }
            match state.running.get(&key) {
                Some(sender) => (sender.subscribe(), Source::Joined),
                None => {
                    let (sender, receiver) = watch::channel(None);
                    let sender = Arc::new(sender);
                    state.running.insert(key.clone(), Arc::clone(&sender));
                    let running = RunningRequest {
                        flight: self.clone(),
                        key,
                        sender,
                    };
                    tokio::spawn(running.run(fetch));
                    (receiver, Source::Upstream)
                }
            }
        };
        let answer = match receiver.wait_for(Option::is_some).await {
            Ok(answer) => answer.clone(),
            // The task panicked.
            Err(_) => None,
        };
        (answer, from)
    }
}

/// A running request. When it is dropped, however it ended, it no longer counts as running.
struct RunningRequest {
    flight: Flight,
    key: Key,
    sender: Sender,
}

impl RunningRequest {
    async fn run<F>(self, fetch: impl Fn(Arc<Waiters>) -> F + Send + 'static)
    where
        F: Future<Output = Option<(Answer, CacheFor)>> + Send + 'static,
    {
        loop {
            let waiters = Arc::new(Waiters(Arc::clone(&self.sender)));
            match fetch(waiters).await {
                Some((answer, cache_for)) => return self.finish(Arc::new(answer), cache_for),
                // Under the lock, so that no client can join in between.
                None => {
                    let mut state = self.flight.lock();
                    if self.sender.receiver_count() == 0 {
                        state.running.remove(&self.key);
                        return;
                    }
                }
            }
        }
    }

    fn finish(&self, answer: Arc<Answer>, cache_for: CacheFor) {
        let mut state = self.flight.lock();
        state.running.remove(&self.key);
        // All entries are kept equally long, so the oldest ends first. If the usual time is zero, the cache
        // contains only failures.
        let time = match cache_for {
            CacheFor::No => Duration::ZERO,
            CacheFor::Usual => self.flight.cache_time,
            CacheFor::Failed => self.flight.cache_time.max(MIN_FAILURE_TIME),
        };
        if !time.is_zero() {
            state.store(self.key.clone(), Arc::clone(&answer), Instant::now() + time);
        }
        drop(state);
        self.sender.send_replace(Some(answer));
    }
}

impl Drop for RunningRequest {
    fn drop(&mut self) {
        let mut state = self.flight.lock();
        if state
            .running
            .get(&self.key)
            .is_some_and(|other| Arc::ptr_eq(other, &self.sender))
        {
            state.running.remove(&self.key);
        }
    }
}

impl State {
    fn remove_expired(&mut self, now: Instant) {
        while self.order.front().is_some_and(|first| first.until <= now) {
            self.remove_oldest();
        }
    }

    fn remove_oldest(&mut self) {
        if let Some(first) = self.order.pop_front() {
            self.cached.remove(&first.key);
            self.bytes -= first.size;
        }
    }

    fn store(&mut self, key: Key, answer: Arc<Answer>, until: Instant) {
        // The compressed form may be added later, so it is counted from the start.
        let size = answer.size().saturating_mul(5) / 4;
        if size > MAX_BYTES / 4 {
            return;
        }
        while !self.order.is_empty() && (self.order.len() >= MAX_ENTRIES || self.bytes + size > MAX_BYTES) {
            self.remove_oldest();
        }
        self.bytes += size;
        self.cached.insert(key.clone(), answer);
        self.order.push_back(CacheEntry { key, until, size });
    }
}

#[cfg(test)]
mod tests;
