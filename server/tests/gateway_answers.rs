//! What comes back from OCP, and what a client sees of it.
#![cfg(feature = "gateway")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod testing;

use std::io::{Read, Write};
use std::time::Duration;

use ob_restore_tasks_server::Auth;
use testing::client::Answer;
use testing::gateway::{TestGateway, args};
use testing::ocp::{FakeOcp, http, json};
use testing::{KEYS, PATH, SK};

const SESSION: [(&str, &str); 1] = [("cookie", "JSESSIONID=planted-session; other=planted-other")];

fn assert_failure(answer: &Answer, status: u16, code: &str, what: &str) {
    let body = answer.json();
    assert_eq!(answer.status, status, "{what}: {body}");
    assert_eq!(answer.header("content-type"), "application/json", "{what}");
    assert_eq!(body["status"], status, "{what}");
    assert_eq!(body["successful"], false, "{what}");
    assert_eq!(
        body["error"]["code"].to_string().trim_matches('"'),
        code,
        "{what}: {body}"
    );
    assert!(
        body["error"]["message"]
            .as_str()
            .is_some_and(|text| !text.is_empty()),
        "{what}"
    );
    assert!(
        body["traceId"].as_str().is_some_and(|text| !text.is_empty()),
        "{what}"
    );
    for name in ["location", "set-cookie", "www-authenticate"] {
        assert_eq!(answer.header(name), "", "{what}");
    }
}

#[test]
fn only_what_is_named_goes_either_way() {
    let stub = FakeOcp::always(&http(
        "200 OK",
        "content-type: application/json;charset=UTF-8\r\nset-cookie: JSESSIONID=planted; Path=/\r\nx-other: planted\r\n\
         server: planted\r\nratelimit-limit: 10\r\nratelimit-remaining: 7\r\nratelimit-reset: 53\r\n",
        r#"{"data":{"contents":[]},"traceId":"abc"}"#,
    ));
    let gateway = TestGateway::start(&stub.url(), Auth::AkSk);
    let answer = gateway.ask(
        "GET",
        PATH,
        &[
            ("authorization", "Bearer planted-client"),
            ("cookie", "JSESSIONID=planted-client"),
            ("accept-language", "zh-TW;q=0.9, planted"),
            ("x-forwarded-for", "planted"),
            ("x-ocp-data", "planted"),
            ("user-agent", "planted"),
        ],
    );
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text(), r#"{"data":{"contents":[]},"traceId":"abc"}"#);
    let mut names: Vec<&str> = answer
        .headers
        .keys()
        .map(ureq::http::HeaderName::as_str)
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "cache-control",
            "content-length",
            "content-type",
            "cross-origin-resource-policy",
            "date",
            "etag",
            "ratelimit-limit",
            "ratelimit-remaining",
            "ratelimit-reset",
            "vary",
            "x-content-type-options",
        ]
    );
    assert_eq!(answer.header("content-type"), "application/json");

    let head = &stub.heads()[0];
    let mut lines = head.trim_end().lines();
    assert_eq!(lines.next().unwrap(), format!("GET {PATH} HTTP/1.1"));
    let mut names: Vec<&str> = lines.map(|line| line.split(':').next().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "accept",
            "accept-language",
            "authorization",
            "content-type",
            "date",
            "host",
            "user-agent"
        ]
    );
    assert!(head.contains("accept-language: zh-CN\r\n"), "{head}");
    assert!(head.contains(&format!("host: {}\r\n", stub.address)), "{head}");
    assert!(!head.contains("planted-client") && !head.contains(SK), "{head}");
}

#[test]
fn a_session_is_passed_on_and_asked_for_first() {
    let stub = FakeOcp::always(&json(r#"{"data":1}"#));
    let gateway = TestGateway::start(&stub.url(), Auth::Session);
    assert_failure(&gateway.get(PATH), 401, "IAM10000", "no cookie");
    assert_failure(
        &gateway.ask("GET", PATH, &[("cookie", "other=1")]),
        401,
        "IAM10000",
        "another cookie",
    );
    assert_eq!(stub.count(), 0);
    assert_eq!(gateway.ask("GET", PATH, &SESSION).status, 200);
    let head = &stub.heads()[0];
    assert!(head.contains("cookie: JSESSIONID=planted-session\r\n"), "{head}");
    assert!(
        !head.contains("planted-other") && !head.contains("authorization"),
        "{head}"
    );

    let mut named = args(&stub.url(), Auth::Session);
    named.session_cookie = vec!["other".to_owned()];
    let gateway = TestGateway::with(named, &[], |_| ());
    assert_eq!(gateway.ask("GET", PATH, &SESSION).status, 200);
    assert!(stub.heads()[1].contains("cookie: other=planted-other\r\n"));
}

#[test]
fn an_expired_session_is_401_and_never_a_redirect() {
    let login = "<!doctype html><title>Sign in</title>";
    for (answer, what) in [
        (
            http(
                "302 Found",
                "location: /login\r\nset-cookie: JSESSIONID=planted\r\n",
                "",
            ),
            "redirect",
        ),
        (
            http("307 Temporary Redirect", "location: http://127.0.0.1:1/\r\n", ""),
            "another redirect",
        ),
        (
            http(
                "303 See Other",
                "location: /login\r\ncontent-type: application/json\r\n",
                r#"{"data":1}"#,
            ),
            "redirect with JSON",
        ),
        (http("200 OK", "content-type: text/html\r\n", login), "login page"),
        (
            http("200 OK", "content-type: application/json\r\n", login),
            "login page that lies",
        ),
    ] {
        let stub = FakeOcp::always(&answer);
        let session = TestGateway::start(&stub.url(), Auth::Session);
        assert_failure(&session.ask("GET", PATH, &SESSION), 401, "IAM10000", what);
        // The gateway's own account has no session, so a redirect means that something else is there.
        let own = TestGateway::start(&stub.url(), Auth::AkSk);
        let answer = own.get(PATH);
        assert_failure(&answer, 502, "0", what);
        assert!(answer.text().contains("--upstream"), "{}", answer.text());
        assert_eq!(stub.count(), 2, "{what}: nobody follows it");
    }
}

#[test]
fn ocps_own_refusals_come_through() {
    for (status, body) in [
        ("400 Bad Request", r#"{"error":{"code":"COM10010"},"status":400}"#),
        (
            "401 Unauthorized",
            r#"{"error":{"code":"IAM10000"},"status":401}"#,
        ),
        ("403 Forbidden", r#"{"error":{"code":"IAM11000"},"status":403}"#),
        ("404 Not Found", r#"{"error":{"code":0},"status":404}"#),
        (
            "500 Internal Server Error",
            r#"{"error":{"code":0},"status":500}"#,
        ),
    ] {
        let headers = "content-type: application/json\r\nwww-authenticate: Basic\r\n";
        let stub = FakeOcp::always(&http(status, headers, body));
        let gateway = TestGateway::start(&stub.url(), Auth::Session);
        let answer = gateway.ask("GET", PATH, &SESSION);
        assert_eq!(answer.status.to_string(), status[..3]);
        assert_eq!(
            (answer.text().as_str(), answer.header("www-authenticate")),
            (body, "")
        );
        assert_eq!(answer.header("etag"), "");
    }
}

#[test]
fn what_is_no_answer_is_502() {
    let html = "content-type: text/html\r\n";
    for (answer, status) in [
        (http("204 No Content", "", ""), 502),
        (
            http("206 Partial Content", "content-type: application/json\r\n", "{}"),
            502,
        ),
        (http("502 Bad Gateway", html, "<html>"), 502),
        (http("503 Service Unavailable", html, "<html>"), 503),
        (http("403 Forbidden", html, "<html>"), 403),
        (
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{".to_owned(),
            502,
        ),
        ("nonsense\r\n\r\n".to_owned(), 502),
        (String::new(), 502),
        (
            format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n{{}}", "x".repeat(1 << 20)),
            502,
        ),
    ] {
        let stub = FakeOcp::always(&answer);
        let gateway = TestGateway::start(&stub.url(), Auth::AkSk);
        assert_failure(&gateway.get(PATH), status, "0", &answer[..answer.len().min(60)]);
    }
}

#[test]
fn a_body_is_read_to_the_cap_and_no_further() {
    let sent = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&sent);
    let endless = FakeOcp::start(move |_, socket| {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{");
        while socket.write_all(&[b' '; 65536]).is_ok() {
            counted.fetch_add(65536, std::sync::atomic::Ordering::SeqCst);
        }
    });
    let gateway = TestGateway::with(args(&endless.url(), Auth::AkSk), &KEYS, |limits| {
        limits.ocp_body = 1 << 20;
    });
    let answer = gateway.get(PATH);
    assert_failure(&answer, 502, "0", "endless");
    assert!(answer.text().contains("larger than 1 MiB"), "{}", answer.text());
    // The limit, and what the buffers of both systems hold.
    let sent = sent.load(std::sync::atomic::Ordering::SeqCst);
    assert!(sent < 32 << 20, "{sent} bytes were taken");
    // It counts as up nevertheless.
    assert!(gateway.get("/healthz").text().contains("\"up\""));
}

#[test]
fn one_that_stalls_is_given_up() {
    let silent = FakeOcp::start(|_, socket| {
        let _ = socket.read(&mut [0]);
    });
    let gateway = TestGateway::with(args(&silent.url(), Auth::AkSk), &KEYS, |limits| {
        limits.ocp_headers = Duration::from_millis(200);
    });
    assert_failure(&gateway.get(PATH), 504, "0", "no headers");
    let half = FakeOcp::start(|_, socket| {
        let _ = socket
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{");
        let _ = socket.read(&mut [0]);
    });
    let gateway = TestGateway::with(args(&half.url(), Auth::AkSk), &KEYS, |limits| {
        limits.ocp_answer = Duration::from_millis(200);
    });
    assert_failure(&gateway.get(PATH), 504, "0", "half a body");
    let drip = FakeOcp::start(|_, socket| {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{");
        while socket.write_all(b" ").is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let gateway = TestGateway::with(args(&drip.url(), Auth::AkSk), &KEYS, |limits| {
        limits.ocp_answer = Duration::from_millis(300);
    });
    assert_failure(&gateway.get(PATH), 504, "0", "drip");
}

#[test]
fn unchanged_answers_are_304_whatever_the_envelope_says() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let stub = FakeOcp::start(move |head, socket| {
        let n = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let rows = if head.contains("page=2") { "[1]" } else { "[]" };
        let body =
            format!(r#"{{"data":{{"contents":{rows}}},"timestamp":"{n}","traceId":"t{n}","duration":{n}}}"#);
        let _ = socket.write_all(json(&body).as_bytes());
    });
    let gateway = TestGateway::start(&stub.url(), Auth::AkSk);
    let first = gateway.get(PATH);
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    assert_eq!(first.header("cache-control"), "private, no-cache");
    let vary = first.header("vary").to_owned();
    for name in ["accept-language", "cookie", "authorization", "accept-encoding"] {
        assert!(vary.contains(name), "{vary}");
    }
    let again = gateway.ask("GET", PATH, &[("if-none-match", &tag)]);
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(
        (again.header("etag"), again.header("vary")),
        (tag.as_str(), vary.as_str())
    );
    assert_eq!(again.header("content-type"), "");
    assert_eq!(stub.count(), 2);
    for (path, headers) in [
        (
            PATH.replace("page=1", "page=2"),
            vec![("if-none-match", tag.as_str())],
        ),
        (
            PATH.to_owned(),
            vec![("if-none-match", &tag), ("accept-language", "zh-CN")],
        ),
    ] {
        assert_eq!(gateway.ask("GET", &path, &headers).status, 200);
    }
    assert_eq!(gateway.metric("obrt_gateway_not_modified_total"), 1);
}

#[test]
fn large_answers_are_compressed_for_those_who_take_it() {
    let body = format!(
        r#"{{"data":{{"contents":[{}"x"]}}}}"#,
        r#""the same again","#.repeat(5000)
    );
    let stub = FakeOcp::always(&json(&body));
    let gateway = TestGateway::start(&stub.url(), Auth::AkSk);
    assert_eq!(gateway.get(PATH).text(), body);
    let packed = gateway.ask("GET", PATH, &[("accept-encoding", "gzip, br")]);
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() * 10 < body.len());
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.body.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, body);
    assert_eq!(packed.header("etag"), gateway.get(PATH).header("etag"));
}
