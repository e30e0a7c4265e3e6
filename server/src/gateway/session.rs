//! The session of a user: the cookies that are passed on to OCP, and the identity that separates the answers
//! of one session from those of others.

use axum::http::{HeaderMap, header};
use ring::digest;

/// The cookies with these names, as they are sent to OCP; `None` if there are none.
pub(super) fn cookies(headers: &HeaderMap, names: &[String]) -> Option<String> {
    let mut found = Vec::new();
    for pair in headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
    {
        let Some((name, value)) = pair.trim().split_once('=') else {
            continue;
        };
        let plain = value
            .bytes()
            .all(|b| b.is_ascii_graphic() && !matches!(b, b',' | b'\\'));
        if plain && !value.is_empty() && names.iter().any(|known| known == name) {
            found.push(format!("{name}={value}"));
        }
    }
    (!found.is_empty()).then(|| found.join("; "))
}

/// Who asks, from OCP's point of view. If the gateway has its own account, all clients are one.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub(super) struct Identity([u8; 32]);

impl Identity {
    /// Everyone: the gateway uses its own account.
    pub(super) const EVERYONE: Self = Self([0; 32]);

    /// The identity of a session, of which only the digest is kept.
    pub(super) fn of(cookies: &str) -> Self {
        let digest = digest::digest(&digest::SHA256, cookies.as_bytes());
        Self(digest.as_ref().try_into().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn only_the_sessions_cookies_go_on() {
        let names = ["JSESSIONID".to_owned(), "SESSION".to_owned()];
        let of = |value: &str| {
            cookies(
                &HeaderMap::from_iter([(header::COOKIE, value.parse().unwrap())]),
                &names,
            )
        };
        assert_eq!(of("a=1; JSESSIONID=x; b=2").as_deref(), Some("JSESSIONID=x"));
        assert_eq!(
            of("SESSION=a=b==;JSESSIONID=y").as_deref(),
            Some("SESSION=a=b==; JSESSIONID=y")
        );
        for none in [
            "",
            "a=1",
            "jsessionid=x",
            "JSESSIONID",
            "JSESSIONID=",
            "JSESSIONID=a b",
            "XJSESSIONID=1",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
        assert_ne!(Identity::of("a"), Identity::of("b"));
        assert_ne!(Identity::of("a"), Identity::default());
    }
}
