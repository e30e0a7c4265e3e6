//! The options of `gateway`, on the command line and in the file of `--config`, and the check of each value
//! by itself.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use axum::http::HeaderName;
use clap::Args;
use serde::Deserialize;

use super::access::{header_name, host_name};
use super::error::GatewayError;
use super::upstream_url::UpstreamUrl;
use crate::http::log::LogFormat;

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

impl GatewayArgs {
    /// Checks each value by itself. Errors do not repeat the value: it may be a secret by mistake.
    pub(super) fn check(&self) -> Result<(), GatewayError> {
        self.upstream.as_deref().map(UpstreamUrl::parse).transpose()?;
        in_range("--cache", self.cache.as_ref(), &(0..=10))?;
        in_range("--max-upstream", self.max_upstream.as_ref(), &(1..=1024))?;
        in_range("--max-connections", self.max_connections.as_ref(), &(1..=1 << 20))?;
        self.access_header.as_deref().map(header_name).transpose()?;
        for name in &self.host {
            host_name(name)?;
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

/// Whether the number is in the range, if there is one.
fn in_range<T: PartialOrd + std::fmt::Display>(
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
