//! What `--require-auth` requires of a request to the demo: a signature with an access key, or a name with a
//! password.
//!
//! It checks as OCP documents it, so that the gateway, or any client of the real API, can be tested against
//! it. It imports nothing of tasks. `server/README.md` says what was chosen where OCP's documents are silent.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use secrecy::{ExposeSecret, SecretString};

use super::error::DemoError;
use super::failures;
use crate::http::clock::now_ms;
use crate::http::envelope::Failure;
use crate::http::secrets::{self, Environment, equal};
use crate::http::signature::{self, Message};

/// The largest difference between `Date` and the server's clock, exclusive, in milliseconds.
const SKEW_MS: i64 = 15 * 60 * 1000;

/// The accepted credentials; at least one of the two is set.
#[derive(Clone, Debug)]
pub struct RequiredSignIn {
    /// Access key: id and secret.
    pub key: Option<(SecretString, SecretString)>,
    /// Name and password.
    pub basic: Option<(SecretString, SecretString)>,
}

impl RequiredSignIn {
    /// The credentials in the environment.
    ///
    /// # Errors
    /// When there are none, half of a pair, or one that can't be read.
    pub fn from_env(env: Environment<'_>) -> Result<Self, DemoError> {
        let key = secrets::pair(env, "OCP_ACCESS_KEY_ID", "OCP_ACCESS_KEY_SECRET")?;
        let basic = secrets::pair(env, "OCP_USERNAME", "OCP_PASSWORD")?;
        if key.is_none() && basic.is_none() {
            return Err(DemoError::NothingRequired);
        }
        Ok(Self { key, basic })
    }

    fn check(&self, request: &Request) -> Result<(), Failure> {
        let given = text(request.headers(), header::AUTHORIZATION.as_str());
        let (scheme, rest) = given.split_once(' ').unwrap_or((given, ""));
        match (&self.key, &self.basic) {
            (Some((id, secret)), _) if scheme == signature::SCHEME => {
                signed(request, rest, id, secret).map_err(|why| failures::not_signed_in(&why))
            }
            (_, Some((name, password))) if scheme.eq_ignore_ascii_case("basic") => {
                let wanted =
                    STANDARD.encode(format!("{}:{}", name.expose_secret(), password.expose_secret()));
                if equal(wanted.as_bytes(), rest.trim().as_bytes()) {
                    Ok(())
                } else {
                    Err(failures::wrong_password())
                }
            }
            _ => Err(failures::not_signed_in(
                "the current user has not logged on; send Authorization",
            )),
        }
    }
}

fn signed(request: &Request, rest: &str, id: &SecretString, secret: &SecretString) -> Result<(), String> {
    let headers = request.headers();
    let (given_id, signature) = rest
        .split_once(':')
        .ok_or("Authorization is not of the form OCP-ACCESS-KEY-HMACSHA1 AK:signature")?;
    let body = text(headers, "content-length");
    if !(body.is_empty() || body == "0") || headers.contains_key(header::TRANSFER_ENCODING) {
        return Err("requests with a body are not served here".to_owned());
    }
    let date = text(headers, "date");
    let sent = DateTime::parse_from_rfc2822(date)
        .map_err(|_| "Date is missing, or not of the form Tue, 17 Jan 2023 03:36:01 GMT")?;
    let skew = now_ms().saturating_sub(sent.timestamp_millis()).saturating_abs();
    if skew >= SKEW_MS {
        return Err("Date is 15 minutes or more from the server's time".to_owned());
    }
    let uri = request.uri();
    let query: Vec<(String, String)> = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .into_owned()
        .collect();
    let own = headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let message = Message {
        method: request.method().as_str(),
        content_md5: "",
        content_type: text(headers, "content-type"),
        date,
        host: text(headers, "host"),
        own_headers: &signature::own_headers(own),
        target: &signature::target(uri.path(), &query),
    };
    // One answer for both, so that nobody can find out whether the id or the secret is wrong.
    if equal(given_id.as_bytes(), id.expose_secret().as_bytes())
        && message.verify(secret.expose_secret(), signature)
    {
        Ok(())
    } else {
        Err("the access key or the signature is wrong".to_owned())
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

/// Rejects requests without valid credentials.
pub(super) async fn check(
    State(required): State<Arc<RequiredSignIn>>,
    request: Request,
    next: Next,
) -> Response {
    match required.check(&request) {
        Ok(()) => next.run(request).await,
        Err(failure) => failure.into_response(),
    }
}
