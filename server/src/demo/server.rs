//! The demo as a whole: from its arguments to a listening server, and from a signal to a clean end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::sync::watch;

use super::args::DemoArgs;
use super::error::DemoError;
use super::fill::Filling;
use super::sign_in::{self, RequiredSignIn};
use super::store::Store;
use super::{api, faults};
use crate::http::address::{bind, resolve};
use crate::http::log::{self, LogFormat};
use crate::http::page;
use crate::http::secrets::Environment;
use crate::http::signals::{announce, until_signal};

/// Time for running answers to complete after a signal, because a stalled one never would.
const GRACE: Duration = Duration::from_secs(2);

/// Runs the demo until SIGTERM or SIGINT.
///
/// # Errors
/// As [`serve`], and when the credentials of `--require-auth` can't be read.
pub(crate) fn run(mut args: DemoArgs, env: Environment<'_>) -> Result<(), DemoError> {
    log::begin(LogFormat::Text);
    if args.require_auth && args.required.is_none() {
        args.required = Some(RequiredSignIn::from_env(env)?);
    }
    until_signal(GRACE, async move |ended| serve(&args, announce, ended).await)
}

/// Serves until `ended` completes. `ready` is called with the address once requests are accepted.
///
/// # Errors
/// When it can't listen, the database can't be used, or `ready` fails.
pub async fn serve(
    args: &DemoArgs,
    ready: impl FnOnce(SocketAddr) -> std::io::Result<()>,
    ended: impl Future<Output = ()> + Send + 'static,
) -> Result<(), DemoError> {
    let address = resolve(&args.listen)?;
    if !address.ip().is_loopback() {
        return Err(DemoError::BeyondLoopback(address));
    }
    let store = Arc::new(Store::open(args.db.as_deref())?);
    let listener = bind(address).await?;
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
            sign_in::check,
        ));
    }
    let inner = Router::new().merge(api).merge(page::router(page));
    let app = if args.faults {
        faults::with_faults(inner)
    } else {
        faults::without_faults(inner)
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
