//! The gateway: serves the page, and passes one kind of request on to a real OCP, within limits that protect
//! OCP.
//!
//! `config` turns options, file and environment into settings, or an error that names their place; `limits`
//! are the limits that nobody can set; `listen` accepts connections within them, as many as `files` allows;
//! `app` decides what a request gets; `access` says who may use the gateway; `inbound` parses the request.
//! `flight` merges identical requests; `asker` waits for a turn; `gate` says whether OCP may be asked now;
//! `upstream` asks it, over `within` and `tls`; `verdict` classifies what came back; `answer` is what a
//! client gets; `room` limits the memory of answers. `metrics` counts.
//!
//! Text of a client goes no further than `inbound`, text of OCP no further than `verdict` and `answer`: the
//! other modules get only values.

// `banner` logs the settings at the start; `origin` names the place of a wrong option.
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

/// The help text of `gateway --help` after the options.
pub(crate) const GATEWAY_MANUAL: &str = "\
Requests that are passed on: GET /api/v2/ob/clusters/{id}/backup/task/restoreTasks with page, size (1 to 2000),
startTime and endTime. The gateway checks each value and writes the request anew. Nothing else reaches OCP: other
paths get 404, other methods 405, unreadable values 400. From OCP's answers, the status, the JSON, Retry-After and
RateLimit-* come back; cookies and redirects never do.

Credentials for OCP:
  --auth ak-sk    the gateway's own access key: OCP_ACCESS_KEY_ID and OCP_ACCESS_KEY_SECRET
  --auth basic    the gateway's own account: OCP_USERNAME and OCP_PASSWORD
  --auth session  each user's own OCP session: passes on the cookies JSESSIONID and SESSION, or those that
                  --session-cookie names, and no others
  An account needs no more than \"Read-only permission on cluster backup and recovery\".

Secrets come from the environment or from files: OCP_PASSWORD_FILE names the file that holds OCP_PASSWORD; the
other variables work the same way. Secrets on the command line, in --upstream or in the --config file are refused.
So is a variable that is set but empty.

Who may use the gateway:
  On loopback: every user of this machine, by a local name (localhost, 127.0.0.1, [::1], --host NAME).
  On any other address, the gateway starts only with one of these:
  OBRT_ACCESS_TOKEN (or ..._FILE), at least 16 characters: requests send it as `Authorization: Bearer TOKEN`,
    browsers as the password of HTTP Basic, with any name;
  --access-header NAME: a proxy that signs users in sets this header, and removes it from requests from outside.
    It needs --host NAME, the host name in the proxy's requests (see proxy_set_header Host).
  TLS to clients is the proxy's task; docs/deploying.md has a recipe for nginx.

Load on OCP:
  Identical requests at the same time become one. An answer is cached for --cache seconds, a failure for at least 1 s.
  At most --max-upstream requests run at one time; others wait up to 10 s.
  After a 429, or a 503 with Retry-After, everyone waits as long as it says, at most 5 minutes. With --auth session, a
  429 in OCP's own form holds back that session only.
  If OCP can't be reached, or three answers in a row fail or have status 502 to 504, one request at a time tries it
  (after 250 ms, then up to every 5 s). The others get 503 with Retry-After at once.
  Until OCP has accepted the gateway's own account, one request is sent alone. After a refusal the gateway tries again
  after 10 s, then less and less often, and after 8 refusals every 35 minutes, so that OCP does not lock the account.

Limits:
  Clients: headers up to 16 KiB and 64 fields, complete within 10 s; idle connections close after 75 s; a client must
  take its answer within 120 s.
  OCP: connection within 5 s (TLS included), first answer within 30 s, whole answer within 120 s, at most 64 MiB.
  Memory: all answers together take at most 256 MiB; beyond that 503 with Retry-After.

Monitoring:
  GET /healthz   always 200; says whether OCP was last seen up or down; no access rule
  GET /metrics   for Prometheus; under the access rule
  The log goes to standard error (--log json); RUST_LOG sets its level.
  SIGTERM ends the gateway once the answers in progress have ended, after 10 s at the latest.

The configuration file has the same names, for example:
  upstream = \"https://ocp.example.com:8080\"
  auth = \"ak-sk\"
  listen = \"127.0.0.1:8080\"
  host = [\"tasks.example.com\"]
  ca = \"/etc/obrt/ocp-ca.pem\"
  cache = 2";

/// A gateway that has its address, and answers once `serve` is called.
pub struct Gateway {
    app: Arc<App>,
    listener: TcpListener,
    most: usize,
}

impl Gateway {
    /// Prepares everything, and binds the address.
    ///
    /// # Errors
    /// When the address is in use, or certificates can't be read.
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

    /// Serves until `ended` completes. `ready` is called with the address once requests are accepted.
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
