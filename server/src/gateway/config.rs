//! The gateway's settings: merges command line and file, checks them, and refuses them with a reason.
//!
//! Everything that can be wrong is found here, before anything listens. It does not use the network.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use axum::http::{HeaderName, Uri};
use clap::Args;
use serde::Deserialize;

use super::access::{self, Access};
use super::error::GatewayError;
use super::limits::Limits;
use crate::error::ServerError;
use crate::log::LogFormat;
use crate::secrets::{self, Environment, Secret};
use crate::serve::resolve;

#[path = "config/file.rs"]
mod file;

/// OCP's session cookies: the name that the open part of its code uses, and that of Spring Session.
const SESSION_COOKIES: [&str; 2] = ["JSESSIONID", "SESSION"];

/// The gateway's options. The file that `--config` names has the same ones, without the dashes in front.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct GatewayArgs {
    /// OCP's address, such as https://ocp.example.com:8080; no path
    #[arg(long, value_name = "URL")]
    pub upstream: Option<String>,
    /// Credentials for OCP (see below)
    #[arg(long, value_enum)]
    pub auth: Option<Auth>,
    /// Address to listen on; port 0 picks a free port [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Folder of the page [default: the page in this binary if it was built with one, else dist]
    #[arg(long, value_name = "DIR")]
    pub dist: Option<PathBuf>,
    /// PEM file with certificates to trust in addition to the system's, for an OCP with a private CA
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// TOML file with the same options; the command line overrides it
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// With --auth session: cookie to pass on to OCP; may be repeated [default: JSESSIONID SESSION]
    #[arg(long, value_name = "NAME")]
    pub session_cookie: Vec<String>,
    /// Accept only requests with this header, which a proxy that signs users in sets
    #[arg(long, value_name = "NAME")]
    pub access_header: Option<String>,
    /// Host name that requests may use besides localhost (see below); may be repeated
    #[arg(long, value_name = "NAME")]
    pub host: Vec<String>,
    /// Seconds to cache an answer, 0 to 10 [default: 1]
    #[arg(long, value_name = "SECONDS")]
    pub cache: Option<u64>,
    /// Maximum of simultaneous requests to OCP [default: 8]
    #[arg(long, value_name = "N")]
    pub max_upstream: Option<usize>,
    /// Maximum of simultaneous connections; others wait [default: 4096]
    #[arg(long, value_name = "N")]
    pub max_connections: Option<usize>,
    /// Format of the log on standard error [default: text]
    #[arg(long, value_enum)]
    pub log: Option<LogFormat>,
}

/// How the gateway signs in to OCP.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Auth {
    /// HTTP Basic with OCP_USERNAME and OCP_PASSWORD
    Basic,
    /// A signature with OCP_ACCESS_KEY_ID and OCP_ACCESS_KEY_SECRET
    AkSk,
    /// The session cookie that the browser sends
    Session,
}

/// The credentials that are sent to OCP.
#[derive(Clone, Debug)]
pub(crate) enum Credentials {
    Basic { user: Secret, password: Secret },
    Key { id: Secret, secret: Secret },
    Session { cookies: Vec<String> },
}

/// The parts of OCP's address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct UpstreamUrl {
    pub(crate) scheme: &'static str,
    /// Name and port, as in `Host`: without the port if it is the default of the scheme.
    pub(crate) host: String,
    pub(crate) loopback: bool,
}

/// The settings of the gateway, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    pub(crate) listen: SocketAddr,
    pub(crate) upstream: UpstreamUrl,
    pub(crate) credentials: Credentials,
    pub(crate) access: Access,
    pub(crate) dist: Option<PathBuf>,
    pub(crate) ca: Option<PathBuf>,
    pub(crate) cache: Duration,
    pub(crate) max_upstream: usize,
    pub(crate) max_connections: usize,
    pub(crate) log: LogFormat,
    /// Time-outs and sizes.
    pub limits: Limits,
}

impl Settings {
    /// Reads the file, if one is named, and the secrets, and checks everything.
    ///
    /// # Errors
    /// When something is missing, contradictory or unsafe.
    pub fn read(args: GatewayArgs, env: Environment<'_>) -> Result<Self, ServerError> {
        let args = match &args.config {
            Some(path) => file::merge(args.clone(), file::read(path)?),
            None => args,
        };
        args.check()?;
        let upstream = args
            .upstream
            .as_deref()
            .ok_or(GatewayError::Needed("--upstream URL"))?;
        let upstream = upstream_url(upstream)?;
        let auth = args
            .auth
            .ok_or(GatewayError::Needed("--auth basic|ak-sk|session"))?;
        if auth != Auth::Session && !args.session_cookie.is_empty() {
            return Err(GatewayError::CookieWithoutSession.into());
        }
        let credentials = credentials(auth, args.session_cookie, env)?;
        let listen = resolve(args.listen.as_deref().unwrap_or("127.0.0.1:8080"))?;
        let header = args
            .access_header
            .as_deref()
            .map(access::header_name)
            .transpose()?;
        let token = secrets::optional(env, "OBRT_ACCESS_TOKEN")?;
        let access = Access::choose(token, header, args.host, listen)?;
        Ok(Self {
            listen,
            upstream,
            credentials,
            access,
            dist: args.dist,
            ca: args.ca,
            cache: Duration::from_secs(args.cache.unwrap_or(1)),
            max_upstream: args.max_upstream.unwrap_or(8),
            max_connections: args.max_connections.unwrap_or(4096),
            log: args.log.unwrap_or_default(),
            limits: Limits::default(),
        })
    }
}

impl GatewayArgs {
    /// Checks each value by itself. Errors do not repeat the value: it may be a secret by mistake.
    fn check(&self) -> Result<(), GatewayError> {
        self.upstream.as_deref().map(upstream_url).transpose()?;
        within("--cache", self.cache.as_ref(), &(0..=10))?;
        within("--max-upstream", self.max_upstream.as_ref(), &(1..=1024))?;
        within("--max-connections", self.max_connections.as_ref(), &(1..=1 << 20))?;
        self.access_header
            .as_deref()
            .map(access::header_name)
            .transpose()?;
        for name in &self.host {
            access::host_name(name)?;
        }
        if self
            .session_cookie
            .iter()
            .any(|name| HeaderName::try_from(name).is_err())
        {
            let why = "must be a cookie's name".to_owned();
            return Err(GatewayError::Option {
                name: "--session-cookie",
                why,
            });
        }
        Ok(())
    }
}

impl Credentials {
    /// Whether all requests use the gateway's own account.
    pub(super) fn are_own(&self) -> bool {
        !matches!(self, Self::Session { .. })
    }
}

fn within<T: PartialOrd + std::fmt::Display>(
    name: &'static str,
    value: Option<&T>,
    allowed: &RangeInclusive<T>,
) -> Result<(), GatewayError> {
    if value.is_none_or(|value| allowed.contains(value)) {
        return Ok(());
    }
    let why = format!("must be {} to {}", allowed.start(), allowed.end());
    Err(GatewayError::Option { name, why })
}

fn credentials(auth: Auth, cookies: Vec<String>, env: Environment<'_>) -> Result<Credentials, ServerError> {
    Ok(match auth {
        Auth::Basic => {
            let user = secrets::required(env, "OCP_USERNAME")?;
            if user.reveal().contains(':') {
                let why = "has a colon in it, which HTTP Basic can't carry: use --auth ak-sk";
                return Err(secrets::SecretError::Unusable {
                    name: "OCP_USERNAME",
                    why,
                }
                .into());
            }
            let password = secrets::required(env, "OCP_PASSWORD")?;
            Credentials::Basic { user, password }
        }
        Auth::AkSk => {
            let id = secrets::required(env, "OCP_ACCESS_KEY_ID")?;
            // It is put into a header unchanged.
            if !id.reveal().bytes().all(|b| b.is_ascii_graphic() && b != b':') {
                let why = "is no access key's id: it has a space, a colon or a letter beyond ASCII in it";
                return Err(secrets::SecretError::Unusable {
                    name: "OCP_ACCESS_KEY_ID",
                    why,
                }
                .into());
            }
            let secret = secrets::required(env, "OCP_ACCESS_KEY_SECRET")?;
            Credentials::Key { id, secret }
        }
        Auth::Session => {
            let cookies = if cookies.is_empty() {
                SESSION_COOKIES.map(str::to_owned).to_vec()
            } else {
                cookies
            };
            Credentials::Session { cookies }
        }
    })
}

/// Parses the address. Errors do not repeat it: it may contain a password.
fn upstream_url(text: &str) -> Result<UpstreamUrl, GatewayError> {
    let refuse = |why| GatewayError::Upstream { why };
    let form = "is no address such as https://ocp.example.com:8080";
    // Checked first, because an error of the parser might repeat it.
    if text.contains('@') {
        return Err(refuse(
            "has a user or password in it; those go into OCP_USERNAME and OCP_PASSWORD (with --auth basic)",
        ));
    }
    let uri: Uri = text.parse().map_err(|_| refuse(form))?;
    let (scheme, own_port) = match uri.scheme_str() {
        Some("https") => ("https", 443),
        Some("http") => ("http", 80),
        _ => return Err(refuse("must begin with https:// or http://")),
    };
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return Err(refuse(
            "must end after the port: the gateway adds the path itself",
        ));
    }
    let authority = uri.authority().ok_or_else(|| refuse(form))?;
    let name = authority.host();
    // The parser treats an invalid port as no port.
    if name.is_empty() || (authority.as_str() != name && authority.port_u16().is_none()) {
        return Err(refuse(form));
    }
    let host = match authority.port_u16() {
        Some(port) if port != own_port => format!("{name}:{port}"),
        _ => name.to_owned(),
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    let loopback = name == "localhost" || address.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    Ok(UpstreamUrl {
        scheme,
        host,
        loopback,
    })
}

#[cfg(test)]
#[path = "config/tests.rs"]
mod tests;
