//! From the arguments to a listening server, and from a signal to a clean end.

use std::future::Future;
use std::io::Write;
use std::net::{SocketAddr, ToSocketAddrs};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::api::Filling;
use crate::auth::{self, Required};
use crate::cli::{Cli, Command, DemoArgs};
use crate::error::ServerError;
use crate::gateway::banner::Banner;
use crate::gateway::origin::Origin;
use crate::gateway::{Gateway, Settings};
use crate::log::LogFormat;
use crate::store::Store;
use crate::{api, faults, log, page};

/// Time for running answers to complete after a signal, because a stalled one never would.
const GRACE: Duration = Duration::from_secs(2);

/// Runs the command until SIGTERM or SIGINT.
///
/// # Errors
/// When it can't listen, or the database can't be used.
pub fn run(cli: Cli) -> Result<(), ServerError> {
    let env = |name: &str| std::env::var_os(name);
    match cli.command {
        Command::Demo(mut args) => {
            log::begin(LogFormat::Text);
            if args.require_auth && args.required.is_none() {
                args.required = Some(Required::from_env(&env)?);
            }
            until_signal(GRACE, async move |ended| serve(&args, announce, ended).await)
        }
        Command::Gateway(args) => {
            let origin = Origin::of(&args);
            // Errors in the settings are written in the log format that was asked for, as far as it is known
            // then.
            let form = args.log.unwrap_or_else(|| log::said_in(args.config.as_deref()));
            let settings = Settings::read(args, &env).map_err(|error| {
                log::begin(form);
                origin.tell(error)
            })?;
            log::begin(settings.log);
            let (banner, grace) = (Banner::of(&settings), settings.limits.grace);
            let served = until_signal(grace, async move |ended| {
                let gateway = Gateway::bind(settings).await?;
                let ready = move |address| {
                    banner.tell(address);
                    announce(address)
                };
                let ended = async move {
                    ended.await;
                    tracing::info!(
                        "stopping: answers under way may end, for up to {} s",
                        grace.as_secs()
                    );
                };
                gateway.serve(ready, ended).await
            });
            served.map_err(|error| origin.tell(error))
        }
    }
}

/// Runs the server on a runtime of its own. Its argument completes at the first SIGTERM or SIGINT.
fn until_signal<S>(grace: Duration, server: S) -> Result<(), ServerError>
where
    S: AsyncFnOnce(Pin<Box<dyn Future<Output = ()> + Send>>) -> Result<(), ServerError>,
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
fn announce(address: SocketAddr) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on http://{address}")?;
    out.flush()
}

/// Serves until `ended` completes. `ready` is called with the address once requests are accepted.
///
/// # Errors
/// When it can't listen, the database can't be used, or `ready` fails.
pub async fn serve(
    args: &DemoArgs,
    ready: impl FnOnce(SocketAddr) -> std::io::Result<()>,
    ended: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServerError> {
    let address = resolve(&args.listen)?;
    if !address.ip().is_loopback() {
        return Err(ServerError::BeyondLoopback(address));
    }
    let store = Arc::new(Store::open(args.db.as_deref())?);
    let bind = |source| ServerError::Bind { address, source };
    let listener = TcpListener::bind(address).await.map_err(bind)?;
    let local = listener.local_addr()?;
    let page = page::Source::choose(args.dist.clone());
    page.warn_if_missing();

    let mut api = api::router(api::Api {
        store: Arc::clone(&store),
        filling: Filling::default(),
    });
    if let Some(required) = args.required.clone() {
        api = api.layer(axum::middleware::from_fn_with_state(
            Arc::new(required),
            auth::check,
        ));
    }
    let inner = Router::new().merge(api).merge(page::router(page));
    let app = if args.faults {
        faults::around(inner)
    } else {
        faults::none(inner)
    };
    let (stop, mut stopped) = watch::channel(false);
    let stop_signal = async move {
        ended.await;
        stop.send_replace(true);
    };
    let serving = axum::serve(
        faults::Listener::new(listener),
        app.into_make_service_with_connect_info::<faults::Connection>(),
    )
    .with_graceful_shutdown(stop_signal);
    ready(local)?;
    let too_long = async move {
        // An error here means that the sender is gone, so waiting is pointless, too.
        let _ = stopped.wait_for(|stop| *stop).await;
        tokio::time::sleep(GRACE).await;
    };
    let served = tokio::select! {
        served = serving => served,
        () = too_long => Ok(()),
    };
    store.close();
    Ok(served?)
}

/// The address to listen on. A name can have several; one beyond loopback is preferred, because a caller that
/// allows only loopback must refuse a name that has others, too.
pub(crate) fn resolve(given: &str) -> Result<SocketAddr, ServerError> {
    let fail = |source| ServerError::Address {
        given: given.to_owned(),
        source,
    };
    let addresses: Vec<SocketAddr> = given.to_socket_addrs().map_err(fail)?.collect();
    let outside = addresses.iter().find(|a| !a.ip().is_loopback());
    outside
        .or(addresses.first())
        .copied()
        .ok_or_else(|| fail(std::io::ErrorKind::AddrNotAvailable.into()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn loopback_is_told_from_the_rest() {
        for good in ["127.0.0.1:0", "127.8.8.8:80", "[::1]:8080", "localhost:8080"] {
            assert!(resolve(good).unwrap().ip().is_loopback(), "{good}");
        }
        for outside in [
            "0.0.0.0:8080",
            "[::]:8080",
            "192.168.1.2:80",
            "8.8.8.8:80",
            "[::ffff:10.0.0.1]:80",
        ] {
            assert!(!resolve(outside).unwrap().ip().is_loopback(), "{outside}");
        }
        for bad in ["", "8080", "127.0.0.1", "127.0.0.1:99999", "127.0.0.1:x"] {
            assert!(matches!(resolve(bad), Err(ServerError::Address { .. })), "{bad}");
        }
    }
}
