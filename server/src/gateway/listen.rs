//! Connections of clients: how many, how large their heads, how long they may take to ask and to listen. It ends well.
//!
//! axum's own `serve` knows no such limits, so the loop stands here. It knows nothing of what is asked.

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

/// The largest head, and the most headers in it. A browser with a full jar of cookies stays below.
const HEAD_BYTES: usize = 16 << 10;
const HEADERS: usize = 64;
/// Between two lines of the log that say the same.
const QUIET: Duration = Duration::from_secs(1);

/// Takes connections until `ended` is done, then lets answers under way end for a while.
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
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .half_close(false)
        .keep_alive(true);
    let places = Arc::new(Semaphore::new(most));
    let graceful = GracefulShutdown::new();
    let mut ended = pin!(ended);
    let mut warned: Option<Instant> = None;
    loop {
        // Without a place nobody is let in: further ones wait in the system's own queue.
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = &mut ended => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut ended => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // One that went away again is nothing; too many open files pass when others close. Until then this
                // comes twenty times a second, which no log needs to know.
                if warned.is_none_or(|last| last.elapsed() >= QUIET) {
                    tracing::warn!("a connection could not be taken: {error}");
                    warned = Some(Instant::now());
                }
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // An error here only means that small answers may come later.
        let _ = stream.set_nodelay(true);
        let phase = Arc::new(Phase::default());
        let io = TokioIo::new(Timed::new(stream, Arc::clone(&phase), &limits));
        let handler = Arc::clone(&app);
        let service = service_fn(move |request| {
            phase.begin();
            let (app, phase) = (Arc::clone(&handler), Arc::clone(&phase));
            async move {
                let response = app.handle(request).await;
                Ok::<_, std::convert::Infallible>(response.map(|body| Given { body, phase }))
            }
        });
        let connection = graceful.watch(builder.serve_connection(io, service));
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            let _counted = app.metrics().connected();
            if let Err(error) = connection.await {
                tracing::debug!("a connection ended: {error}");
            }
            drop(place);
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => (),
        () = sleep(limits.grace) => tracing::warn!("some answers had not ended after {} s", limits.grace.as_secs()),
    }
}

/// A head is being read, and must be here in time.
const HEAD: u8 = 0;
/// The head is here: what follows takes what time it is given elsewhere.
const BUSY: u8 = 1;
/// The last of an answer is on its way.
const GIVEN: u8 = 2;
/// It has been written; the next head may take its time to begin.
const IDLE: u8 = 3;

#[derive(Debug, Default)]
struct Phase {
    now: AtomicU8,
    /// Counts the requests, so that each answer has a time of its own.
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

/// A body that says when hyper is done with it. A large one is flushed many times before, and if each of these counted
/// for the end, who takes a few bytes now and then could take for ever.
struct Given {
    body: Body,
    phase: Arc<Phase>,
}

impl Drop for Given {
    fn drop(&mut self) {
        self.phase.set(GIVEN);
    }
}

impl http_body::Body for Given {
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

/// A socket with a time for each head and for each answer, however many bytes trickle meanwhile.
struct Timed {
    inner: TcpStream,
    phase: Arc<Phase>,
    head: Duration,
    write: Duration,
    reading: Pin<Box<Sleep>>,
    /// When the answer to the request of that number must have been taken.
    writing: Option<(u64, Pin<Box<Sleep>>)>,
}

impl Timed {
    fn new(inner: TcpStream, phase: Arc<Phase>, limits: &Limits) -> Self {
        Self {
            inner,
            phase,
            head: limits.head,
            write: limits.write,
            reading: Box::pin(sleep(limits.head)),
            writing: None,
        }
    }

    /// Fails once the answer has taken too long.
    fn check_writing(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let (within, number) = (self.write, self.phase.number.load(Ordering::Relaxed));
        self.writing.take_if(|(other, _)| *other != number);
        let (_, deadline) = self
            .writing
            .get_or_insert_with(|| (number, Box::pin(sleep(within))));
        match deadline.as_mut().poll(cx) {
            Poll::Ready(()) => Err(io::ErrorKind::TimedOut.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl AsyncRead for Timed {
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

impl AsyncWrite for Timed {
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

    /// hyper flushes whenever all that it had has been written, be it the last of an answer or not.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.inner).poll_flush(cx))?;
        if self.phase.is(GIVEN) && self.writing.take().is_some() {
            self.phase.set(IDLE);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
