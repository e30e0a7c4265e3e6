//! The gateway: the page, and one question passed on to a real OCP, kindly.
//!
//! The map. `config` turns options, file and environment into settings or a located error; `limits` are those that
//! nobody sets; `listen` takes connections within them, as many as `files` says there can be; `app` decides what a
//! request gets; `access` says who may ask; `inbound` reads the one question. `flight` makes identical questions one;
//! `asker` waits for a turn, and `gate` says whether OCP may be asked just now; `upstream` asks it, over `within` and
//! `tls`; `verdict` says what came of it, `answer` is what a client gets, `room` how much memory that may take.
//! `metrics` counts.
//!
//! What a client wrote stops in `inbound`, what OCP wrote in `verdict` and `answer`: only values cross over.

// `banner` says at the start what was told, `origin` where it stands if it is wrong.
pub(crate) mod banner;
pub(crate) mod origin;

mod access;
mod answer;
mod app;
mod asker;
mod config;
mod error;
mod files;
mod flight;
mod gate;
mod inbound;
mod limits;
mod listen;
mod metrics;
mod room;
mod tls;
mod upstream;
mod verdict;
mod within;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;

pub use config::{Auth, GatewayArgs, Settings};
pub use error::GatewayError;
pub use limits::Limits;

use crate::error::ServerError;
use access::Access;
use app::App;
use config::Credentials;

/// What `gateway --help` says beyond the options.
pub(crate) const GATEWAY_MANUAL: &str = "\
What is passed on: GET /api/v2/ob/clusters/{id}/backup/task/restoreTasks with page, size (1 to 2000),
startTime and endTime, each checked and written anew. Nothing else reaches OCP: other paths are 404, other
methods 405, what can't be read 400. Of OCP's answers come back the status, the JSON, Retry-After and
RateLimit-*; never cookies or redirects.

How OCP is told who asks:
  --auth ak-sk    the gateway's own access key: OCP_ACCESS_KEY_ID and OCP_ACCESS_KEY_SECRET
  --auth basic    the gateway's own account: OCP_USERNAME and OCP_PASSWORD
  --auth session  each person's own OCP session: the cookies JSESSIONID and SESSION, or those that
                  --session-cookie names, go along, and no others
  An account needs no more than \"Read-only permission on cluster backup and recovery\".

Secrets come from the environment, or from files: OCP_PASSWORD_FILE names the file that holds OCP_PASSWORD, and
so with the others. They can't be given on the command line, in --upstream or in the --config file. A variable that is
set, but empty, is refused.

Who may ask the gateway:
  On loopback: whoever is on this machine, by a name that means it (localhost, 127.0.0.1, [::1], --host NAME).
  On other addresses one of these is needed, or it does not start:
  OBRT_ACCESS_TOKEN (or ..._FILE), at least 16 characters: requests bring it as `Authorization: Bearer TOKEN`,
    browsers as the password of HTTP Basic, with any name;
  --access-header NAME: a proxy that signs people in sets that header, and removes it from what comes from outside.
    It goes with --host NAME, the name that the proxy asks by (see proxy_set_header Host).
  TLS to clients is the proxy's work; docs/deploying.md has a recipe for nginx.

How OCP is spared: identical questions at one moment become one; an answer is kept for --cache seconds, a failure for
1 s at least; at most --max-upstream questions are under way, the others wait up to 10 s. 429 holds back everyone as
long as it says (with --auth session a 429 in OCP's own form holds that session only), and so does 503 with
Retry-After; at most 5 minutes. When OCP can't be reached, or three times in a row has no answer but 502 to 504, one
request at a time tries (after 250 ms, then up to every 5 s), and the others get 503 with Retry-After at once. An own
account goes alone until OCP has accepted it; refused, it is tried again after 10 s, then less and less, and after 8
times every 35 minutes, so that OCP doesn't lock it.

Limits: heads up to 16 KiB and 64 headers, here within 10 s; idle connections close after 75 s; an answer must be
taken within 120 s. OCP must accept a connection within 5 s (TLS included), begin to answer within 30 s, end within 120 s,
and send at most 64 MiB. All answers together take at most 256 MiB; beyond that 503 with Retry-After.

To watch it: GET /healthz (always 200; says whether OCP was last seen up or down; no access rule), GET /metrics
(Prometheus; under the access rule), the log on standard error (--log json), RUST_LOG for its level. SIGTERM ends it
once answers under way have ended, at the latest after 10 s.

Configuration file: the same names, for example
  upstream = \"https://ocp.example.com:8080\"
  auth = \"ak-sk\"
  listen = \"127.0.0.1:8080\"
  host = [\"tasks.example.com\"]
  ca = \"/etc/obrt/ocp-ca.pem\"
  cache = 2";

/// A gateway that listens, and answers once it is told to serve.
pub struct Gateway {
    app: Arc<App>,
    listener: TcpListener,
    most: usize,
}

impl Gateway {
    /// Prepares all that it needs, and takes the address.
    ///
    /// # Errors
    /// When the address is taken, or certificates can't be read.
    pub async fn bind(settings: Settings) -> Result<Self, ServerError> {
        let app = App::new(&settings)?;
        let address = settings.listen;
        let bind = |source| ServerError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(bind)?;
        let open = !settings.upstream.loopback && settings.upstream.scheme == "http";
        if open && !matches!(settings.credentials, Credentials::Key { .. }) {
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
            most: files::connections(settings.max_connections, settings.max_upstream),
        })
    }

    /// Serves until `ended` is done; `ready` is told the address once requests are taken.
    ///
    /// # Errors
    /// When `ready` fails.
    pub async fn serve(
        self,
        ready: impl FnOnce(SocketAddr) -> std::io::Result<()>,
        ended: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServerError> {
        ready(self.listener.local_addr()?)?;
        listen::serve(self.listener, self.app, self.most, ended).await;
        Ok(())
    }
}
