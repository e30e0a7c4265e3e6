//! Requests to OCP, which outlive the client's request that started them: who waits for a turn, who must go
//! first, and what those get who are turned away.

use std::time::Instant;

use axum::http::StatusCode;
use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit};

use super::answer::Answer;
use super::config::Settings;
use super::error::GatewayError;
use super::flight::{Keep, Wanted};
use super::gate::{Closed, Gate, Health, jittered};
use super::inbound::{Ask, Identity};
use super::limits::Limits;
use super::metrics::Metrics;
use super::upstream::Upstream;
use super::verdict::{OWN_ACCOUNT, UNKNOWN};
use crate::api::Failure;

/// What is needed to ask OCP.
pub(super) struct Asker {
    upstream: Upstream,
    gate: Gate,
    turns: Semaphore,
    /// Held by the request that finds out whether OCP accepts the gateway's own account.
    first: Mutex<()>,
    metrics: Metrics,
    limits: Limits,
}

/// Held during a request to OCP.
type Turn<'a> = (Option<MutexGuard<'a, ()>>, SemaphorePermit<'a>);

impl Asker {
    pub(super) fn new(settings: &Settings) -> Result<Self, GatewayError> {
        Ok(Self {
            upstream: Upstream::new(settings)?,
            gate: Gate::new(&settings.limits, settings.credentials.are_own()),
            turns: Semaphore::new(settings.max_upstream),
            first: Mutex::default(),
            metrics: Metrics::default(),
            limits: settings.limits.clone(),
        })
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(super) fn health(&self) -> Health {
        self.gate.health(Instant::now())
    }

    /// Waits for a turn and asks OCP if the gate allows it; `None` if nobody wants the answer any more.
    pub(super) async fn ask(
        &self,
        identity: Identity,
        ask: &Ask,
        session: Option<&str>,
        wanted: &Wanted,
    ) -> Option<(Answer, Keep)> {
        if let Err(closed) = self.gate.look(identity, ask, Instant::now()) {
            return Some((sent_away(closed), Keep::No));
        }
        let turn = tokio::select! {
            turn = tokio::time::timeout(self.limits.queue, self.turn()) => turn,
            () = wanted.no_more() => return None,
        };
        let Ok(Some(_turn)) = turn else {
            let why = "OCP is busy with other requests of this gateway; try again soon";
            let failure = Failure::of_gateway(StatusCode::SERVICE_UNAVAILABLE, None, why.to_owned());
            return Some((Answer::failure(&failure, Some(jittered())), Keep::No));
        };
        // Asks the gate again, because something may have been learned while this request waited.
        let pass = match self.gate.enter(identity, ask, Instant::now()) {
            Ok(pass) => pass,
            Err(closed) => return Some((sent_away(closed), Keep::No)),
        };
        let _asking = self.metrics.asking();
        let start = Instant::now();
        let told = self.upstream.ask(ask, session).await;
        pass.tell(told.outcome, Instant::now());
        self.metrics.upstream(told.label, start.elapsed());
        Some((told.answer, told.keep))
    }

    /// A place for a request to OCP. Until OCP has accepted the account, the holder is alone: many refusals
    /// at once might lock the account.
    async fn turn(&self) -> Option<Turn<'_>> {
        let mut alone = None;
        if self.gate.needs_proof(Instant::now()) {
            let first = self.first.lock().await;
            // Another request may have proven the account meanwhile.
            alone = self.gate.needs_proof(Instant::now()).then_some(first);
        }
        // The semaphore is never closed.
        let turn = self.turns.acquire().await.ok()?;
        Some((alone, turn))
    }
}

fn sent_away(closed: Closed) -> Answer {
    let (status, code, why, wait) = match closed {
        Closed::Limited(wait) => (
            StatusCode::TOO_MANY_REQUESTS,
            None,
            "OCP asked for fewer requests; wait as long as Retry-After says",
            Some(wait),
        ),
        Closed::Unavailable(wait) => (
            StatusCode::SERVICE_UNAVAILABLE,
            None,
            "OCP asked to be left alone for a while; wait as long as Retry-After says",
            Some(wait),
        ),
        Closed::Down(wait) => (
            StatusCode::SERVICE_UNAVAILABLE,
            None,
            "OCP can't be reached, or does not answer; this gateway keeps trying",
            Some(wait),
        ),
        Closed::Refused(_) => (StatusCode::UNAUTHORIZED, Some(UNKNOWN), OWN_ACCOUNT, None),
    };
    Answer::failure(&Failure::of_gateway(status, code, why.to_owned()), wait)
}
