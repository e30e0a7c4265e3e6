//! How the gateway signs in to OCP, and the secrets for it.

use secrecy::{ExposeSecret, SecretString};

use super::args::Auth;
use crate::http::secrets::{self, Environment, SecretError};

/// OCP's session cookies: the name that the open part of its code uses, and that of Spring Session.
const SESSION_COOKIES: [&str; 2] = ["JSESSIONID", "SESSION"];

/// The credentials that are sent to OCP.
#[derive(Clone, Debug)]
pub(super) enum Credentials {
    /// HTTP Basic.
    Basic {
        user: SecretString,
        password: SecretString,
    },
    /// A signature with an access key.
    Key { id: SecretString, secret: SecretString },
    /// Each user's own session: the names of its cookies.
    Session { cookies: Vec<String> },
}

impl Credentials {
    /// Whether all requests use the gateway's own account.
    pub(super) fn are_own(&self) -> bool {
        !matches!(self, Self::Session { .. })
    }

    /// Reads the secrets that this way to sign in needs. `cookies` are those of `--session-cookie`.
    ///
    /// # Errors
    /// When a secret is missing, can't be read, or can't be sent.
    pub(super) fn read(auth: Auth, cookies: Vec<String>, env: Environment<'_>) -> Result<Self, SecretError> {
        Ok(match auth {
            Auth::Basic => {
                let user = secrets::required(env, "OCP_USERNAME")?;
                if user.expose_secret().contains(':') {
                    let why = "has a colon in it, which HTTP Basic can't carry: use --auth ak-sk";
                    return Err(SecretError::Unusable {
                        name: "OCP_USERNAME",
                        why,
                    });
                }
                let password = secrets::required(env, "OCP_PASSWORD")?;
                Self::Basic { user, password }
            }
            Auth::AkSk => {
                let id = secrets::required(env, "OCP_ACCESS_KEY_ID")?;
                // It is put into a header unchanged.
                if !id
                    .expose_secret()
                    .bytes()
                    .all(|b| b.is_ascii_graphic() && b != b':')
                {
                    let why = "is no access key's id: it has a space, a colon or a letter beyond ASCII in it";
                    return Err(SecretError::Unusable {
                        name: "OCP_ACCESS_KEY_ID",
                        why,
                    });
                }
                let secret = secrets::required(env, "OCP_ACCESS_KEY_SECRET")?;
                Self::Key { id, secret }
            }
            Auth::Session => {
                let cookies = if cookies.is_empty() {
                    SESSION_COOKIES.map(str::to_owned).to_vec()
                } else {
                    cookies
                };
                Self::Session { cookies }
            }
        })
    }
}
