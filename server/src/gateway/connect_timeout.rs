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
pub(super) struct ConnectTimeout {
    inner: Inner,
    limit: Duration,
}

impl ConnectTimeout {
    pub(super) fn new(inner: Inner, limit: Duration) -> Self {
        Self { inner, limit }
    }
}

impl Service<Uri> for ConnectTimeout {
    type Response = <Inner as Service<Uri>>::Response;
    type Error = Failed;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Failed>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failed>> {
        Service::<Uri>::poll_ready(&mut self.inner, cx)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let connected = tokio::time::timeout(self.limit, self.inner.call(to));
        let limit = self.limit;
        Box::pin(async move {
            match connected.await {
                Ok(connected) => connected,
                Err(_) => {
                    let why = format!("no connection, or no TLS on it, within {} s", limit.as_secs_f32());
                    Err(io::Error::new(io::ErrorKind::TimedOut, why).into())
                }
            }
        })
    }
}
