//! OCP's access-key signatures, as documented: created by the gateway, verified by the demo with
//! `--require-auth`.
//!
//! Both use this one definition of what is signed; a test compares it with two examples of OCP's
//! documentation. It imports neither the clock nor a request: the caller passes what is in the request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::hmac;

/// The scheme in `Authorization`; no other algorithm is documented.
pub(crate) const SCHEME: &str = "OCP-ACCESS-KEY-HMACSHA1";

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The signed parts of a request. An empty part keeps its line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message<'a> {
    pub(crate) method: &'a str,
    /// MD5 of the body in upper-case hex; empty without a body.
    pub(crate) content_md5: &'a str,
    pub(crate) content_type: &'a str,
    /// The value of the header `Date`, RFC 1123.
    pub(crate) date: &'a str,
    /// The value of the header `Host`, with its port.
    pub(crate) host: &'a str,
    /// The headers that start with `x-ocp-`, as [`own_headers`] writes them.
    pub(crate) own_headers: &'a str,
    /// Path and query, as [`target`] writes them.
    pub(crate) target: &'a str,
}

impl Message<'_> {
    fn text(&self) -> String {
        [
            self.method,
            self.content_md5,
            self.content_type,
            self.date,
            self.host,
            self.own_headers,
            self.target,
        ]
        .join("\n")
    }

    /// The signature, in the form in which it follows the key's id.
    pub(crate) fn sign(&self, secret: &str) -> String {
        STANDARD.encode(hmac::sign(&key(secret), self.text().as_bytes()))
    }

    /// Whether the signature matches this message, in constant time.
    pub(crate) fn verify(&self, secret: &str, signature: &str) -> bool {
        STANDARD
            .decode(signature)
            .is_ok_and(|tag| hmac::verify(&key(secret), self.text().as_bytes(), &tag).is_ok())
    }
}

fn key(secret: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes())
}

/// Path and query as they are signed: sorted by key, the values of a repeated key sorted and joined by
/// commas.
pub(crate) fn target(path: &str, query: &[(String, String)]) -> String {
    let mut keys: Vec<&str> = query.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    let encoded = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
    let parts: Vec<String> = keys
        .into_iter()
        .map(|key| {
            let same = query.iter().filter(|(other, _)| other == key);
            let mut values: Vec<&str> = same.map(|(_, v)| v.as_str()).filter(|v| !v.is_empty()).collect();
            values.sort_unstable();
            format!("{}={}", encoded(key), encoded(&values.join(",")))
        })
        .collect();
    if parts.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", parts.join("&"))
    }
}

/// The signed headers, one `name:value` a line, sorted by name. Names must be in lower case.
pub(crate) fn own_headers<'a>(all: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut own: Vec<(&str, String)> = Vec::new();
    for (name, value) in all.filter(|(name, _)| name.starts_with("x-ocp-")) {
        match own.iter_mut().find(|(other, _)| *other == name) {
            Some((_, values)) => {
                values.push(',');
                values.push_str(value);
            }
            None => own.push((name, value.to_owned())),
        }
    }
    own.sort_unstable();
    let lines: Vec<String> = own
        .into_iter()
        .map(|(name, value)| format!("{name}:{value}"))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    const SECRET: &str = "2fc0c299cc94c6be266f2ceece765d4d";

    /// OCP V4.2.2, "Rules for generating a signature by using AK/SK", example 2.
    fn documented_get(target: &str) -> Message<'_> {
        Message {
            method: "GET",
            content_md5: "",
            content_type: "application/json;charset=utf-8",
            date: "Tue, 17 Jan 2023 04:14:02 GMT",
            host: "ocp.alibaba.net:8080",
            own_headers: "",
            target,
        }
    }

    #[test]
    fn the_documented_vectors() {
        let target = target("/api/v2/compute/idcs", &[("size".to_owned(), "100".to_owned())]);
        assert_eq!(
            documented_get(&target).sign(SECRET),
            "TsQD6HDOuZuJ409m0wdnZPmijlc="
        );
        let post = Message {
            method: "POST",
            content_md5: "186974DB33A090A16D3E2CA35F547B56",
            content_type: "application/json",
            date: "Tue, 17 Jan 2023 09:13:57 GMT",
            host: "ocp.alibaba.net:8080",
            own_headers: &own_headers([("host", "ocp.alibaba.net:8080"), ("x-ocp-data", "A,1")].into_iter()),
            target: "/api/v2/compute/idcs",
        };
        assert_eq!(post.sign(SECRET), "XN8P+O+v3vUabB16ZCooq5wMJoY=");
        assert!(post.verify(SECRET, "XN8P+O+v3vUabB16ZCooq5wMJoY="));
    }

    #[test]
    fn whatever_is_changed_breaks_the_signature() {
        let good = documented_get("/api/v2/compute/idcs?size=100");
        let signature = good.sign(SECRET);
        assert!(good.verify(SECRET, &signature));
        let others = [
            Message {
                method: "HEAD",
                ..good
            },
            Message {
                content_md5: "0",
                ..good
            },
            Message {
                content_type: "application/json",
                ..good
            },
            Message {
                date: "Tue, 17 Jan 2023 04:14:03 GMT",
                ..good
            },
            Message {
                host: "ocp.alibaba.net",
                ..good
            },
            Message {
                own_headers: "x-ocp-data:1",
                ..good
            },
            Message {
                target: "/api/v2/compute/idcs?size=101",
                ..good
            },
        ];
        for other in others {
            assert!(!other.verify(SECRET, &signature), "{other:?}");
        }
        assert!(!good.verify("another secret", &signature));
        for bad in ["", "x", "TsQD6HDOuZuJ409m0wdnZPmijlc", "AAAA"] {
            assert!(!good.verify(SECRET, bad), "{bad}");
        }
    }

    #[test]
    fn queries_are_sorted_joined_and_encoded() {
        let pairs = |list: &[(&str, &str)]| -> Vec<(String, String)> {
            list.iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect()
        };
        let query = pairs(&[("size", "10"), ("a", "2"), ("a", "1"), ("page", "1"), ("z", "")]);
        assert_eq!(target("/p", &query), "/p?a=1%2C2&page=1&size=10&z=");
        let time = pairs(&[("startTime", "2021-09-16T15:14:51.397+08:00")]);
        assert_eq!(
            target("/p", &time),
            "/p?startTime=2021-09-16T15%3A14%3A51.397%2B08%3A00"
        );
        assert_eq!(target("/p", &[]), "/p");
    }

    #[test]
    fn own_headers_are_sorted_and_joined() {
        let all = [
            ("x-ocp-b", "2"),
            ("accept", "x"),
            ("x-ocp-a", "1"),
            ("x-ocp-b", "1"),
        ];
        assert_eq!(own_headers(all.into_iter()), "x-ocp-a:1\nx-ocp-b:2,1");
    }
}
