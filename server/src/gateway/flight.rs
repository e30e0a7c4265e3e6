//! Merges identical requests that run at the same moment, and caches answers for a short time.
//!
//! Identical means: the same identity, the same normalised query, the same language. All who wait share one
//! task, which goes on when the first client is gone. While the task waits for its turn, it ends when nobody
//! wants its answer any more. Once OCP was asked it goes on to the end, because OCP does the work anyway.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::answer::Answer;
use super::inbound::{Ask, Identity};

/// The limits of the cache, in answers and in bytes. One answer may take a quarter of the bytes.
const ENTRIES: usize = 1024;
const BYTES: usize = 64 << 20;

/// The minimum time for which a failure is kept. Otherwise each further client would make OCP fail once more.
const FAILED: Duration = Duration::from_secs(1);

/// Who asks, and what.
pub(crate) type Key = (Identity, Ask);
type Sender = Arc<watch::Sender<Option<Arc<Answer>>>>;

#[derive(Debug)]
struct Kept {
    key: Key,
    until: Instant,
    size: usize,
}

#[derive(Debug, Default)]
struct State {
    running: HashMap<Key, Sender>,
    kept: HashMap<Key, Arc<Answer>>,
    /// In the order in which they arrived, which is the order in which they are removed.
    order: VecDeque<Kept>,
    bytes: usize,
}

/// Where an answer came from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum From {
    Hit,
    Joined,
    Upstream,
}

/// How long an answer is kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Keep {
    /// Not at all: the next try may give another answer, and other limits protect OCP.
    No,
    /// As long as `--cache` says.
    Usual,
    /// The same, but at least [`FAILED`].
    Failed,
}

/// Running requests and cached answers.
#[derive(Clone, Debug)]
pub(crate) struct Flight {
    state: Arc<Mutex<State>>,
    keep: Duration,
}

/// Whether anybody still wants the answer.
#[derive(Debug)]
pub(crate) struct Wanted(Sender);

impl Wanted {
    /// Completes when nobody does.
    pub(crate) async fn no_more(&self) {
        self.0.closed().await;
    }
}

impl Flight {
    pub(crate) fn new(keep: Duration) -> Self {
        Self {
            state: Arc::default(),
            keep,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to `key`: a cached one, the one of a running request, or a new one by `fetch`. `None` if
    /// `fetch` ended before it asked OCP, because nobody wanted the answer any more.
    pub(crate) async fn get<F>(
        &self,
        key: Key,
        fetch: impl Fn(Arc<Wanted>) -> F + Send + 'static,
    ) -> (Option<Arc<Answer>>, From)
    where
        F: Future<Output = Option<(Answer, Keep)>> + Send + 'static,
    {
        let (mut receiver, from) = {
            let mut state = self.lock();
            state.sweep(Instant::now());
            if let Some(answer) = state.kept.get(&key) {
                return (Some(Arc::clone(answer)), From::Hit);
            }
            match state.running.get(&key) {
                Some(sender) => (sender.subscribe(), From::Joined),
                None => {
                    let (sender, receiver) = watch::channel(None);
                    let sender = Arc::new(sender);
                    state.running.insert(key.clone(), Arc::clone(&sender));
                    let flying = Flying {
                        flight: self.clone(),
                        key,
                        sender,
                    };
                    tokio::spawn(flying.run(fetch));
                    (receiver, From::Upstream)
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
struct Flying {
    flight: Flight,
    key: Key,
    sender: Sender,
}

impl Flying {
    async fn run<F>(self, fetch: impl Fn(Arc<Wanted>) -> F + Send + 'static)
    where
        F: Future<Output = Option<(Answer, Keep)>> + Send + 'static,
    {
        loop {
            let wanted = Arc::new(Wanted(Arc::clone(&self.sender)));
            match fetch(wanted).await {
                Some((answer, keep)) => return self.land(Arc::new(answer), keep),
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

    fn land(&self, answer: Arc<Answer>, keep: Keep) {
        let mut state = self.flight.lock();
        state.running.remove(&self.key);
        // All entries are kept equally long, so the oldest ends first. If the usual time is zero, the cache
        // contains only failures.
        let time = match keep {
            Keep::No => Duration::ZERO,
            Keep::Usual => self.flight.keep,
            Keep::Failed => self.flight.keep.max(FAILED),
        };
        if !time.is_zero() {
            state.keep(self.key.clone(), Arc::clone(&answer), Instant::now() + time);
        }
        drop(state);
        self.sender.send_replace(Some(answer));
    }
}

impl Drop for Flying {
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
    fn sweep(&mut self, now: Instant) {
        while self.order.front().is_some_and(|first| first.until <= now) {
            self.forget_first();
        }
    }

    fn forget_first(&mut self) {
        if let Some(first) = self.order.pop_front() {
            self.kept.remove(&first.key);
            self.bytes -= first.size;
        }
    }

    fn keep(&mut self, key: Key, answer: Arc<Answer>, until: Instant) {
        // The compressed form may be added later, so it is counted from the start.
        let size = answer.size().saturating_mul(5) / 4;
        if size > BYTES / 4 {
            return;
        }
        while !self.order.is_empty() && (self.order.len() >= ENTRIES || self.bytes + size > BYTES) {
            self.forget_first();
        }
        self.bytes += size;
        self.kept.insert(key.clone(), answer);
        self.order.push_back(Kept { key, until, size });
    }
}

#[cfg(test)]
#[path = "flight/tests.rs"]
mod tests;
