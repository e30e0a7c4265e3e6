//! The client for OCP: who waits for a turn, who must go first, and what those get who are turned away. Its
//! requests outlive the request that started them.

use std::time::Instant;

use axum::http::StatusCode;
use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit};

use super::answer::Answer;
use super::classify::OWN_ACCOUNT;
use super::error::GatewayError;
use super::failure::failure;
use super::flight::{CacheFor, Waiters};
use super::limits::Limits;
use super::metrics::Metrics;
use super::outcome::{Blocked, Health, random_wait};
use super::request::ListRequest;
use super::session::Identity;
use super::settings::Settings;
use super::throttle::Throttle;
use super::upstream::Upstream;
use crate::http::envelope::NOT_SIGNED_IN;

/// What is needed to ask OCP.
pub(super) struct OcpClient {
    upstream: Upstream,
    throttle: Throttle,
    turns: Semaphore,
    /// Held by the request that finds out whether OCP accepts the gateway's own account.
    verifying: Mutex<()>,
    metrics: Metrics,
    limits: Limits,
}

/// Held during a request to OCP.
type Turn<'a> = (Option<MutexGuard<'a, ()>>, SemaphorePermit<'a>);

impl OcpClient {
    pub(super) fn new(settings: &Settings) -> Result<Self, GatewayError> {
        Ok(Self {
            upstream: Upstream::new(settings)?,
            throttle: Throttle::new(&settings.limits, settings.credentials.are_own()),
            turns: Semaphore::new(settings.max_upstream),
            verifying: Mutex::default(),
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
        self.throttle.health(Instant::now())
    }

    /// Waits for a turn and asks OCP if the throttle allows it; `None` if nobody wants the answer any more.
    pub(super) async fn fetch(
        &self,
        identity: Identity,
        request: &ListRequest,
        session: Option<&str>,
        waiters: &Waiters,
    ) -> Option<(Answer, CacheFor)> {
        if let Err(reason) = self.throttle.check(identity, request, Instant::now()) {
            return Some((blocked(reason), CacheFor::No));
        }
        let turn = tokio::select! {
            turn = tokio::time::timeout(self.limits.queue, self.turn()) => turn,
            () = waiters.all_gone() => return None,
        };
        let Ok(Some(_turn)) = turn else {
            let why = "OCP is busy with other requests of this gateway; try again soon";
            let busy = failure(StatusCode::SERVICE_UNAVAILABLE, None, why.to_owned());
            return Some((Answer::failure(&busy, Some(random_wait())), CacheFor::No));
        };
        // Checks again, because something may have been learned while this request waited.
        let permit = match self.throttle.admit(identity, request, Instant::now()) {
            Ok(permit) => permit,
            Err(reason) => return Some((blocked(reason), CacheFor::No)),
        };
        let _counted = self.metrics.requesting();
        let start = Instant::now();
        let result = self.upstream.send(request, session).await;
        permit.report(result.outcome, Instant::now());
        self.metrics.upstream(result.label, start.elapsed());
        Some((result.answer, result.cache_for))
    }

    /// A place for a request to OCP. Until OCP has accepted the account, the holder is alone: many refusals
    /// at once might lock the account.
    async fn turn(&self) -> Option<Turn<'_>> {
        let mut alone = None;
        if self.throttle.needs_verification(Instant::now()) {
            let verifying = self.verifying.lock().await;
            // Another request may have verified the account meanwhile.
            alone = self
                .throttle
                .needs_verification(Instant::now())
                .then_some(verifying);
        }
        // The semaphore is never closed.
        let turn = self.turns.acquire().await.ok()?;
        Some((alone, turn))
    }
}

/// The answer of the gateway itself when OCP may not be asked.
fn blocked(reason: Blocked) -> Answer {
    let (status, code, why, wait) = match reason {
        Blocked::Limited(wait) => (
            StatusCode::TOO_MANY_REQUESTS,
            None,
            "OCP asked for fewer requests; wait as long as Retry-After says",
            Some(wait),
        ),
        Blocked::Unavailable(wait) => (
            StatusCode::SERVICE_UNAVAILABLE,
            None,
            "OCP asked to be left alone for a while; wait as long as Retry-After says",
            Some(wait),
        ),
        Blocked::Down(wait) => (
            StatusCode::SERVICE_UNAVAILABLE,
            None,
            "OCP can't be reached, or does not answer; this gateway keeps trying",
            Some(wait),
        ),
        Blocked::Refused(_) => (StatusCode::UNAUTHORIZED, Some(NOT_SIGNED_IN), OWN_ACCOUNT, None),
    };
    Answer::failure(&failure(status, code, why.to_owned()), wait)
}
