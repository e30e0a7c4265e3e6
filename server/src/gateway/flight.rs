//! Identical questions at the same moment become one, and its answer is kept for a moment.
//!
//! "Identical" is: the same identity, the same question in its one spelling, the same language. Who waits shares one
//! task; it goes on when the first who asked is gone. While that task only waits for its turn it ends with the last who
//! wants its answer; once OCP was asked it goes on to the end, since OCP does its work anyway.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::answer::Answer;
use super::inbound::{Ask, Identity};

/// What is kept at most, in answers and in bytes. One answer may take a quarter.
const ENTRIES: usize = 1024;
const BYTES: usize = 64 << 20;

/// A failure is kept so long at least: with nothing kept, each client that asks again would have OCP fail once more.
const FAILED: Duration = Duration::from_secs(1);

/// Who asks what.
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
    /// In the order in which they came, which is that in which they go.
    order: VecDeque<Kept>,
    bytes: usize,
}

/// How an answer came about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum From {
    Hit,
    Joined,
    Upstream,
}

/// How long an answer is kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Keep {
    /// Not at all: it may be otherwise at the next try, and what it costs is seen to elsewhere.
    No,
    /// As long as the gateway was told to keep answers.
    Usual,
    /// Likewise, but for a moment in any case.
    Failed,
}

/// Questions under way, and answers of a moment ago.
#[derive(Clone, Debug)]
pub(crate) struct Flight {
    state: Arc<Mutex<State>>,
    keep: Duration,
}

/// Whether anybody still wants the answer.
#[derive(Debug)]
pub(crate) struct Wanted(Sender);

impl Wanted {
    /// Done once nobody does.
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

    /// The answer to `key`: one of a moment ago, one that is on its way, or a new one by `fetch`. That gives `None` if
    /// nobody wanted it any more before it asked OCP.
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
            // Its task died.
            Err(_) => None,
        };
        (answer, from)
    }
}

/// A question under way. However it ends, it is no longer under way then.
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
                // Under the lock, so that nobody comes in between.
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
        // All that is kept is kept equally long, so that what came first goes first: only failures are where the usual
        // time is none.
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
        // Its compressed form may join it later: counted as if it had.
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
