//! Tests of the classification of answers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

#[test]
fn what_the_upstream_asks_for_in_its_ways() {
    let of = |list: &[(&'static str, &str)], limited| {
        let map = list
            .iter()
            .map(|(n, v)| (HeaderName::from_static(n), v.parse().unwrap()));
        wait_of(&map.collect(), limited).map(|wait| wait.as_secs())
    };
    assert_eq!(of(&[("retry-after", "7")], false), Some(7));
    assert_eq!(of(&[("retry-after", "0")], false), Some(1));
    assert_eq!(of(&[("ratelimit-reset", "53")], true), Some(53));
    assert_eq!(of(&[("ratelimit-reset", "53")], false), None);
    assert_eq!(
        of(&[("retry-after", "7"), ("ratelimit-reset", "53")], true),
        Some(7)
    );
    assert_eq!(of(&[("retry-after", "soon")], true), None);
    for odd in ["-1", "+1", "1.5", ""] {
        assert_eq!(of(&[("retry-after", odd)], true), None, "{odd}");
    }
    // A number that is too large means long.
    for digits in ["18446744073709551615", "99999999999999999999999"] {
        assert_eq!(of(&[("retry-after", digits)], true), Some(u64::MAX), "{digits}");
    }
    assert_eq!(of(&[], true), None);
    let date = |ahead| httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(ahead));
    // However long the machine takes between the two looks at the clock.
    assert!(of(&[("retry-after", &date(3600))], false).is_some_and(|wait| (3000..=3600).contains(&wait)));
    assert_eq!(
        of(&[("retry-after", "Tue, 17 Jan 2023 04:14:02 GMT")], false),
        Some(1)
    );
}

#[test]
fn a_refusal_is_logged_by_its_code_and_nothing_else_of_it() {
    for (code, logged) in [
        (r#""IAM10003""#, Some("IAM10003")),
        ("10003", Some("10003")),
        (r#""a\nINFO b=\"c\"""#, Some("aINFObc")),
        ("null", None),
        (r#"{"a":1}"#, None),
    ] {
        let body = format!(r#"{{"error":{{"code":{code},"message":"wrong key 1234"}}}}"#);
        assert_eq!(error_code(body.as_bytes()).as_deref(), logged, "{code}");
    }
    for body in ["", "{}", r#"{"error":null}"#, "<html>"] {
        assert_eq!(error_code(body.as_bytes()), None, "{body}");
    }
}

#[test]
fn json_is_told_from_login_pages() {
    let of = |kind: &str, body: &str| {
        is_json(
            &HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]),
            body.as_bytes(),
        )
    };
    for (kind, body) in [
        ("application/json", "{}"),
        ("application/json;charset=UTF-8", " \n{"),
        ("application/problem+json", "{"),
        ("application/json", "\u{feff}{"),
    ] {
        assert!(of(kind, body), "{kind} {body}");
    }
    for (kind, body) in [
        ("text/html", "{}"),
        ("application/json", "<html>"),
        ("application/json", ""),
        ("text/plain", "{}"),
    ] {
        assert!(!of(kind, body), "{kind} {body}");
    }
    assert!(is_json(&HeaderMap::new(), b"{}"));
}
const SESSION: Classifier = Classifier {
    own_account: false,
    hold: Duration::from_secs(300),
};
const OWN: Classifier = Classifier {
    own_account: true,
    ..SESSION
};

fn classified(
    classifier: Classifier,
    status: u16,
    headers: &[(&'static str, &str)],
    body: &'static str,
) -> Classified {
    let headers = headers
        .iter()
        .map(|(n, v)| (HeaderName::from_static(n), v.parse().unwrap()));
    let status = StatusCode::from_u16(status).unwrap();
    classifier.answer(
        status,
        &headers.collect(),
        Bytes::from_static(body.as_bytes()),
        "en-US",
    )
}

#[test]
fn whose_limit_it_is() {
    let html = [("content-type", "text/html"), ("retry-after", "30")];
    let json = [("content-type", "application/json"), ("retry-after", "30")];
    for (headers, body, everyone) in [
        (&json, r#"{"successful":false,"status":429}"#, false),
        (&json, r#"{"error":{"code":0},"traceId":"x"}"#, false),
        (&json, r#"{"message":"API rate limit exceeded"}"#, true),
        (&json, "{", true),
        (&html, r#"{"successful":false}"#, true),
        (&html, "", true),
    ] {
        let wait = Duration::from_secs(30);
        let result = classified(SESSION, 429, headers, body);
        assert_eq!(result.outcome, Outcome::Limited { wait, everyone }, "{body}");
        let result = classified(OWN, 429, headers, body);
        assert_eq!(
            result.outcome,
            Outcome::Limited { wait, everyone: true },
            "{body}"
        );
    }
}

#[test]
fn how_long_it_is_kept() {
    let html = [("content-type", "text/html")];
    for (status, own, session) in [
        (200, CacheFor::Usual, CacheFor::Usual),
        (400, CacheFor::Usual, CacheFor::Usual),
        (401, CacheFor::No, CacheFor::No),
        (403, CacheFor::Usual, CacheFor::Usual),
        (429, CacheFor::No, CacheFor::No),
        (500, CacheFor::Failed, CacheFor::Failed),
        (503, CacheFor::Failed, CacheFor::Failed),
    ] {
        assert_eq!(classified(OWN, status, &[], "{}").cache_for, own, "{status}");
        assert_eq!(
            classified(SESSION, status, &[], "{}").cache_for,
            session,
            "{status}"
        );
    }
    assert_eq!(classified(SESSION, 200, &html, "<html>").cache_for, CacheFor::No);
    assert_eq!(classified(SESSION, 401, &html, "<html>").cache_for, CacheFor::No);
    assert_eq!(classified(OWN, 200, &html, "<html>").cache_for, CacheFor::Failed);
    assert_eq!(
        classified(OWN, 503, &[("retry-after", "9")], "{}").cache_for,
        CacheFor::No
    );
}

#[test]
fn where_it_has_moved() {
    let of = |status: u16, location: &str| {
        let headers = HeaderMap::from_iter([(header::LOCATION, location.parse().unwrap())]);
        new_address(StatusCode::from_u16(status).unwrap(), &headers, "/api/x")
    };
    for (status, location, wanted) in [
        (301, "https://ocp.example/", Some("https://ocp.example")),
        (308, "http://u:p@ocp:1/x?y=z", Some("http://ocp")),
        (302, "https://ocp:8443/api/x?page=1", Some("https://ocp")),
        (302, "https://ocp/login", None),
        (302, "http://ocp/api/x", None),
        (301, "/login", None),
        (307, "https://sso.example/?to=/api/x", None),
        (308, "javascript://x", None),
    ] {
        assert_eq!(of(status, location).as_deref(), wanted, "{location}");
    }
}
