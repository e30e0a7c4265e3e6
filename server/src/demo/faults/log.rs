//! A log of API requests: when each began and ended, and how many ran at once.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use axum::response::Response;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use serde::Serialize;

use crate::http::clock::true_ms;

/// The most entries that are kept, so that a long test does not fill the memory. The oldest are removed.
const MAX_ENTRIES: usize = 10_000;

#[derive(Clone, Debug, Serialize)]
struct Entry {
    #[serde(skip)]
    number: u64,
    path: String,
    start: i64,
    /// Null while it is running.
    end: Option<i64>,
    /// Null until there is an answer.
    status: Option<u16>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entries {
    #[serde(skip)]
    next: u64,
    requests: VecDeque<Entry>,
    in_flight: usize,
    max_in_flight: usize,
}

/// The log.
#[derive(Debug, Default)]
pub(super) struct Log(Mutex<Entries>);

impl Log {
    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a request; it is running until the returned value is dropped.
    pub(super) fn begin(self: &Arc<Self>, path: &str) -> RunningRequest {
        let mut entries = self.lock();
        entries.next += 1;
        let number = entries.next;
        if entries.requests.len() >= MAX_ENTRIES {
            entries.requests.pop_front();
        }
        entries.requests.push_back(Entry {
            number,
            path: path.to_owned(),
            start: true_ms(),
            end: None,
            status: None,
        });
        entries.in_flight += 1;
        entries.max_in_flight = entries.max_in_flight.max(entries.in_flight);
        RunningRequest {
            log: Arc::clone(self),
            number,
        }
    }

    fn edit(&self, number: u64, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.lock().requests.iter_mut().rev().find(|e| e.number == number) {
            change(entry);
        }
    }

    /// Clears the log. Requests that are running still count.
    pub(super) fn reset(&self) {
        let mut entries = self.lock();
        entries.requests.clear();
        entries.max_in_flight = entries.in_flight;
    }

    pub(super) fn json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&*self.lock())
    }
}

/// A running request.
#[derive(Debug)]
pub(super) struct RunningRequest {
    log: Arc<Log>,
    number: u64,
}

impl RunningRequest {
    /// Counts as running until the body has been sent or the client is gone.
    pub(super) fn until_body_ends(self, response: Response) -> Response {
        self.log.edit(self.number, |entry| {
            entry.status = Some(response.status().as_u16());
        });
        response.map(|body| {
            Body::new(BodyUntilEnd {
                body,
                running: Some(self),
            })
        })
    }
}

impl Drop for RunningRequest {
    fn drop(&mut self) {
        self.log.edit(self.number, |entry| entry.end = Some(true_ms()));
        let mut entries = self.log.lock();
        entries.in_flight = entries.in_flight.saturating_sub(1);
    }
}

/// A body that ends its request with its last frame: before the client can know that the answer is complete.
struct BodyUntilEnd {
    body: Body,
    running: Option<RunningRequest>,
}

impl HttpBody for BodyUntilEnd {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.body).poll_frame(cx);
        let over = match &polled {
            Poll::Ready(None | Some(Err(_))) => true,
            Poll::Ready(Some(Ok(_))) => this.body.is_end_stream(),
            Poll::Pending => false,
        };
        if over {
            this.running = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
