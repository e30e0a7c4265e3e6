//! A connection to OCP with a time-out, from the name lookup to the end of the TLS handshake: the connectors
//! themselves limit only TCP.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::http::Uri;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use tower::Service;

type Inner = HttpsConnector<HttpConnector>;
type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The connector and its time-out.
#[derive(Clone)]
pub(super) struct Within {
    inner: Inner,
    time: Duration,
}

impl Within {
    pub(super) fn new(inner: Inner, time: Duration) -> Self {
        Self { inner, time }
    }
}

impl Service<Uri> for Within {
    type Response = <Inner as Service<Uri>>::Response;
    type Error = Failed;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Failed>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failed>> {
        Service::<Uri>::poll_ready(&mut self.inner, cx)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let connected = tokio::time::timeout(self.time, self.inner.call(to));
        let time = self.time;
        Box::pin(async move {
            match connected.await {
                Ok(connected) => connected,
                Err(_) => {
                    let why = format!("no connection, or no TLS on it, within {} s", time.as_secs_f32());
                    Err(io::Error::new(io::ErrorKind::TimedOut, why).into())
                }
            }
        })
    }
}
