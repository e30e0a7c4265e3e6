//! Secrets: they come only from the environment and from files. `secrecy` keeps them out of every `Debug`
//! text, and wipes them from memory.
//!
//! Not from the command line, because every user of a machine can list the processes of others, and not from
//! the configuration file, which ends up in repositories and backups.

use std::ffi::OsString;
use std::path::PathBuf;

use ring::hmac;
use secrecy::SecretString;

/// Why a secret can't be read. No message contains the secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// Neither variable is set.
    #[error(
        "{name} is not set: put it in the environment, or the name of a file that holds it in {name}_FILE"
    )]
    Missing {
        /// The variable.
        name: &'static str,
    },
    /// Both variables are set.
    #[error("{name} and {name}_FILE are both set: unset one of them")]
    Both {
        /// The variable.
        name: &'static str,
    },
    /// A variable is set but empty.
    #[error("{name}{suffix} is set, but empty: give it a value, or unset it")]
    Blank {
        /// The variable.
        name: &'static str,
        /// `_FILE`, or empty.
        suffix: &'static str,
    },
    /// The file can't be read.
    #[error("{name}_FILE: can't read {}: {source}", path.display())]
    File {
        /// The variable.
        name: &'static str,
        /// The path in the variable.
        path: PathBuf,
        /// The error of the system.
        source: std::io::Error,
    },
    /// The value is empty, or cannot be in a header.
    #[error("{name}: {why}")]
    Unusable {
        /// The variable.
        name: &'static str,
        /// The reason.
        why: &'static str,
    },
}

/// Looks up an environment variable; tests pass their own.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The secret in the variable with this name, or in the file that the variable with `_FILE` names; `None` if
/// neither is set.
///
/// # Errors
/// When both are set, one is empty, the file can't be read, or the value can't be in a header.
pub(crate) fn optional(
    env: Environment<'_>,
    name: &'static str,
) -> Result<Option<SecretString>, SecretError> {
    // An empty value is an error, not the same as unset: without a token, everyone who reaches the gateway
    // would be let in.
    let set = |suffix: &'static str| match env(&format!("{name}{suffix}")) {
        Some(text) if text.is_empty() => Err(SecretError::Blank { name, suffix }),
        other => Ok(other),
    };
    let text = match (set("")?, set("_FILE")?) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => return Err(SecretError::Both { name }),
        (Some(text), None) => text.into_string().map_err(|_| SecretError::Unusable {
            name,
            why: "is no UTF-8 text",
        })?,
        (None, Some(path)) => {
            let path = PathBuf::from(path);
            let text =
                std::fs::read_to_string(&path).map_err(|source| SecretError::File { name, path, source })?;
            // Editors and `echo` end a file with a newline that is not part of the secret.
            let text = text.strip_suffix('\n').unwrap_or(&text);
            text.strip_suffix('\r').unwrap_or(text).to_owned()
        }
    };
    let why = if text.is_empty() {
        "is empty"
    } else if text.chars().any(char::is_control) {
        "has a line break or another control character in it"
    } else {
        return Ok(Some(text.into()));
    };
    Err(SecretError::Unusable { name, why })
}

/// The same for a secret that must exist.
///
/// # Errors
/// As [`optional`], and when it is not set.
pub(crate) fn required(env: Environment<'_>, name: &'static str) -> Result<SecretString, SecretError> {
    optional(env, name)?.ok_or(SecretError::Missing { name })
}

/// Two secrets that are useless without each other.
///
/// # Errors
/// As [`optional`], and when only one of them is set.
pub(crate) fn pair(
    env: Environment<'_>,
    first: &'static str,
    second: &'static str,
) -> Result<Option<(SecretString, SecretString)>, SecretError> {
    match (optional(env, first)?, optional(env, second)?) {
        (Some(a), Some(b)) => Ok(Some((a, b))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(SecretError::Missing { name: second }),
        (None, Some(_)) => Err(SecretError::Missing { name: first }),
    }
}

/// Whether both are equal, compared in constant time.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"compare");
    let tag = hmac::sign(&key, a);
    hmac::verify(&key, b, tag.as_ref()).is_ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use secrecy::ExposeSecret;

    use super::*;

    fn read(vars: &[(&str, &str)]) -> Result<SecretString, String> {
        let env = |name: &str| {
            vars.iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| OsString::from(*v))
        };
        required(&env, "OCP_PASSWORD").map_err(|error| error.to_string())
    }

    #[test]
    fn from_the_environment_or_a_file() {
        assert_eq!(read(&[("OCP_PASSWORD", "a b")]).unwrap().expose_secret(), "a b");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("s");
        let path = file.to_str().unwrap();
        for (text, wanted) in [("x", "x"), ("x\n", "x"), ("x\r\n", "x"), (" x ", " x ")] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(
                read(&[("OCP_PASSWORD_FILE", path)]).unwrap().expose_secret(),
                wanted
            );
        }
        for (text, why) in [
            ("", "empty"),
            ("\n", "empty"),
            ("a\nb", "line break"),
            ("a\n\n", "line break"),
        ] {
            std::fs::write(&file, text).unwrap();
            let error = read(&[("OCP_PASSWORD_FILE", path)]).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_and_the_secret_is_not() {
        let error = read(&[]).unwrap_err();
        assert!(
            error.contains("OCP_PASSWORD is not set") && error.contains("OCP_PASSWORD_FILE"),
            "{error}"
        );
        let error = read(&[("OCP_PASSWORD", "planted"), ("OCP_PASSWORD_FILE", "/x")]).unwrap_err();
        assert!(
            error.contains("both set") && !error.contains("planted"),
            "{error}"
        );
        let error = read(&[("OCP_PASSWORD_FILE", "/no/such")]).unwrap_err();
        assert!(error.contains("/no/such"), "{error}");
        let error = read(&[("OCP_PASSWORD", "plan\rted")]).unwrap_err();
        assert!(
            error.contains("control character") && !error.contains("ted"),
            "{error}"
        );
        let shown = format!("{:?}", SecretString::from("planted"));
        assert_eq!(shown, "SecretBox<str>([REDACTED])");
    }

    #[test]
    fn set_but_empty_is_not_unset() {
        for vars in [
            &[("OCP_PASSWORD", "")][..],
            &[("OCP_PASSWORD_FILE", "")],
            &[("OCP_PASSWORD", ""), ("OCP_PASSWORD_FILE", "/x")],
            &[("OCP_PASSWORD", "planted"), ("OCP_PASSWORD_FILE", "")],
        ] {
            let error = read(vars).unwrap_err();
            let (name, _) = vars.iter().find(|(_, text)| text.is_empty()).unwrap();
            assert!(error.starts_with(&format!("{name} is set, but empty")), "{error}");
            assert!(!error.contains("planted"), "{error}");
        }
        let env = |name: &str| name.starts_with("OCP_").then(OsString::new);
        assert!(optional(&env, "OCP_USERNAME").is_err());
        assert!(pair(&env, "OCP_USERNAME", "OCP_PASSWORD").is_err());
    }

    #[test]
    fn half_a_pair_names_the_other_half() {
        let env = |name: &str| (name == "A").then(|| OsString::from("x"));
        let error = pair(&env, "A", "B").unwrap_err();
        assert!(error.to_string().starts_with("B is not set"), "{error}");
    }
}
