//! The gateway as a whole: from its options to a listening server, and from a signal to a clean end.

use std::net::SocketAddr;
use std::sync::Arc;

use clap::ArgMatches;
use tokio::net::TcpListener;

use super::access::Access;
use super::app::App;
use super::args::GatewayArgs;
use super::credentials::Credentials;
use super::error::GatewayError;
use super::option_source::OptionSource;
use super::settings::Settings;
use super::startup_log::StartupLog;
use super::{config_file, listen, open_files};
use crate::http::address::bind;
use crate::http::log;
use crate::http::secrets::Environment;
use crate::http::signals::{announce, until_signal};

/// Runs the gateway until SIGTERM or SIGINT. `matches` is what `args` were made from.
///
/// # Errors
/// When the options can't be used, or as [`Gateway::bind`] and [`Gateway::serve`].
pub(crate) fn run(args: GatewayArgs, matches: &ArgMatches, env: Environment<'_>) -> Result<(), GatewayError> {
    let source = OptionSource::new(args.config.clone(), matches);
    // Errors in the settings are written in the log format that was asked for, as far as it is known then.
    let format = args
        .log
        .unwrap_or_else(|| config_file::log_format(args.config.as_deref()));
    let settings = config_file::with_file(args, matches)
        .and_then(|args| Settings::read(args, env))
        .map_err(|error| {
            log::begin(format);
            source.locate(error)
        })?;
    log::begin(settings.log);
    let (startup, grace) = (StartupLog::of(&settings), settings.limits.grace);
    let served = until_signal(grace, async move |ended| {
        let gateway = Gateway::bind(settings).await?;
        let ready = move |address| {
            startup.write(address);
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
    served.map_err(|error| source.locate(error))
}

/// A gateway that has its address, and answers once `serve` is called.
pub struct Gateway {
    app: Arc<App>,
    listener: TcpListener,
    max_connections: usize,
}

impl Gateway {
    /// Prepares everything, and binds the address.
    ///
    /// # Errors
    /// When the address is in use, or certificates can't be read.
    pub async fn bind(settings: Settings) -> Result<Self, GatewayError> {
        let app = App::new(&settings)?;
        let address = settings.listen;
        let listener = bind(address).await?;
        let readable = !settings.upstream.loopback && settings.upstream.scheme == "http";
        if readable && !matches!(settings.credentials, Credentials::Key { .. }) {
            tracing::warn!(
                "--upstream is http: whoever is on the way to OCP reads the password or the session cookies"
            );
        }
        if !address.ip().is_loopback() && matches!(settings.access, Access::Header { .. }) {
            tracing::warn!(
                "--listen {address} with --access-header: whoever reaches this address otherwise than through the proxy \
                 can set that header himself"
            );
        }
        Ok(Self {
            app: Arc::new(app),
            listener,
            max_connections: open_files::max_connections(settings.max_connections, settings.max_upstream),
        })
    }

    /// Serves until `ended` completes. `ready` is called with the address once requests are accepted.
    ///
    /// # Errors
    /// When `ready` fails.
    pub async fn serve(
        self,
        ready: impl FnOnce(SocketAddr) -> std::io::Result<()>,
        ended: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), GatewayError> {
        ready(self.listener.local_addr()?)?;
        listen::serve(self.listener, self.app, self.max_connections, ended).await;
        Ok(())
    }
}
