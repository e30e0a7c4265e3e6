//! Client connections: their number, the size of their heads, time-outs for requests and answers, and a clean
//! end.
//!
//! The `serve` of axum has no such limits, so the accept loop is here. It passes requests to `app`, and looks
//! at nothing in them.

use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use super::app::App;
use super::limits::Limits;

/// The largest head in bytes, and the most headers. A browser with many cookies stays below.
const MAX_HEAD_BYTES: usize = 16 << 10;
const MAX_HEADERS: usize = 64;
/// The least time between two equal log lines.
const LOG_INTERVAL: Duration = Duration::from_secs(1);

/// Accepts connections until `ended` completes, then gives running answers some time to complete.
pub(super) async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    most: usize,
    ended: impl Future<Output = ()> + Send + 'static,
) {
    let limits = app.limits().clone();
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS)
        .half_close(false)
        .keep_alive(true);
    let slots = Arc::new(Semaphore::new(most));
    let graceful = GracefulShutdown::new();
    let mut ended = pin!(ended);
    let mut warned: Option<Instant> = None;
    loop {
        // Accepts only with a free slot: further connections wait in the queue of the system.
        let slot = tokio::select! {
            slot = Arc::clone(&slots).acquire_owned() => slot,
            () = &mut ended => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut ended => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // A client that is gone again does not matter. Too many open files is temporary, but repeats
                // twenty times a second, so it is logged only now and then.
                if warned.is_none_or(|last| last.elapsed() >= LOG_INTERVAL) {
                    tracing::warn!("a connection could not be taken: {error}");
                    warned = Some(Instant::now());
                }
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // If this fails, small answers may only be delayed.
        let _ = stream.set_nodelay(true);
        let phase = Arc::new(Phase::default());
        let io = TokioIo::new(TimedStream::new(stream, Arc::clone(&phase), &limits));
        let handler = Arc::clone(&app);
        let service = service_fn(move |request| {
            phase.begin();
            let (app, phase) = (Arc::clone(&handler), Arc::clone(&phase));
            async move {
                let response = app.handle(request).await;
                Ok::<_, std::convert::Infallible>(response.map(|body| WatchedBody { body, phase }))
            }
        });
        let connection = graceful.watch(builder.serve_connection(io, service));
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            let _counted = app.metrics().connected();
            if let Err(error) = connection.await {
                tracing::debug!("a connection ended: {error}");
            }
            drop(slot);
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => (),
        () = sleep(limits.grace) => tracing::warn!("some answers had not ended after {} s", limits.grace.as_secs()),
    }
}

/// Reading a head, with a time-out.
const HEAD: u8 = 0;
/// The head is complete; the time-outs of other modules apply.
const BUSY: u8 = 1;
/// The last part of an answer is being written.
const LAST_WRITE: u8 = 2;
/// The answer was written; the next head may start late.
const IDLE: u8 = 3;

#[derive(Debug, Default)]
struct Phase {
    now: AtomicU8,
    /// The number of requests, so that each answer has its own time-out.
    number: AtomicU64,
}

impl Phase {
    fn is(&self, phase: u8) -> bool {
        self.now.load(Ordering::Relaxed) == phase
    }

    fn set(&self, phase: u8) {
        self.now.store(phase, Ordering::Relaxed);
    }

    fn begin(&self) {
        self.number.fetch_add(1, Ordering::Relaxed);
        self.set(BUSY);
    }
}

/// A body that reports when hyper has read it to the end. hyper flushes a large body many times before; if
/// each flush counted as the end, a client that reads a few bytes now and then could take for ever.
struct WatchedBody {
    body: Body,
    phase: Arc<Phase>,
}

impl Drop for WatchedBody {
    fn drop(&mut self) {
        self.phase.set(LAST_WRITE);
    }
}

impl http_body::Body for WatchedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A socket with a time-out for each head and each answer, even if single bytes arrive meanwhile.
struct TimedStream {
    inner: TcpStream,
    phase: Arc<Phase>,
    head: Duration,
    write: Duration,
    reading: Pin<Box<Sleep>>,
    /// The deadline for the answer to the request with this number.
    writing: Option<(u64, Pin<Box<Sleep>>)>,
}

impl TimedStream {
    fn new(inner: TcpStream, phase: Arc<Phase>, limits: &Limits) -> Self {
        Self {
            inner,
            phase,
            head: limits.client_head,
            write: limits.write,
            reading: Box::pin(sleep(limits.client_head)),
            writing: None,
        }
    }

    /// Fails once the answer has taken too long.
    fn check_writing(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let (limit, number) = (self.write, self.phase.number.load(Ordering::Relaxed));
        self.writing.take_if(|(other, _)| *other != number);
        let (_, deadline) = self
            .writing
            .get_or_insert_with(|| (number, Box::pin(sleep(limit))));
        match deadline.as_mut().poll(cx) {
            Poll::Ready(()) => Err(io::ErrorKind::TimedOut.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl AsyncRead for TimedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.phase.is(HEAD) && self.reading.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        if buf.filled().len() > before && self.phase.is(IDLE) {
            self.phase.set(HEAD);
            let deadline = Instant::now() + self.head;
            self.reading.set(sleep_until(deadline));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for TimedStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.check_writing(cx)?;
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check_writing(cx)?;
        Pin::new(&mut self.inner).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    /// hyper flushes whenever it has written what it had, whether that is the end of an answer or not.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.inner).poll_flush(cx))?;
        if self.phase.is(LAST_WRITE) && self.writing.take().is_some() {
            self.phase.set(IDLE);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
