//! From the start of a run to the signal that ends it: the runtime, SIGTERM and SIGINT, and the one line on
//! standard output.

use std::io::Write;
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

/// Runs the server on a runtime of its own. Its argument completes at the first SIGTERM or SIGINT. `grace` is
/// the time for threads that are still busy afterwards.
///
/// # Errors
/// When there is no runtime or no signal handler, or the server fails.
pub(crate) fn until_signal<S, E>(grace: Duration, server: S) -> Result<(), E>
where
    S: AsyncFnOnce(Pin<Box<dyn Future<Output = ()> + Send>>) -> Result<(), E>,
    E: From<std::io::Error>,
{
    let runtime = tokio::runtime::Runtime::new()?;
    let served = runtime.block_on(async {
        let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let ended = async move {
            tokio::select! { _ = term.recv() => (), _ = int.recv() => () }
        };
        server(Box::pin(ended)).await
    });
    runtime.shutdown_timeout(grace);
    served
}

/// Prints the address. Scripts wait for exactly this line.
///
/// # Errors
/// When standard output can't be written.
pub(crate) fn announce(address: SocketAddr) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on http://{address}")?;
    out.flush()
}
