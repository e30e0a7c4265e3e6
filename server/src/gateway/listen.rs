//! Connections of clients: how many, how large their heads, how long they may take to ask and to listen. It ends well.
//!
//! axum's own `serve` knows no such limits, so the loop stands here. It knows nothing of what is asked.

use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

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
                // One that went away again is nothing; too many open files pass when others close.
                tracing::warn!("a connection could not be taken: {error}");
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
            phase.set(BUSY);
            let app = Arc::clone(&handler);
            async move { Ok::<_, std::convert::Infallible>(app.handle(request).await) }
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
/// An answer has been written; the next head may take its time to begin.
const IDLE: u8 = 2;

#[derive(Debug, Default)]
struct Phase(AtomicU8);

impl Phase {
    fn is(&self, phase: u8) -> bool {
        self.0.load(Ordering::Relaxed) == phase
    }

    fn set(&self, phase: u8) {
        self.0.store(phase, Ordering::Relaxed);
    }
}

/// A socket with a time for each head and for each answer, however many bytes trickle meanwhile.
struct Timed {
    inner: TcpStream,
    phase: Arc<Phase>,
    head: Duration,
    write: Duration,
    reading: Pin<Box<Sleep>>,
    writing: Option<Pin<Box<Sleep>>>,
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
        let within = self.write;
        let deadline = self.writing.get_or_insert_with(|| Box::pin(sleep(within)));
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

    /// hyper flushes once all that it had has been written.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.inner).poll_flush(cx))?;
        if self.writing.take().is_some() {
            self.phase.set(IDLE);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
