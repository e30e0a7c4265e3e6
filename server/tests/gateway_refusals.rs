//! OCP's requests to wait, whoever sends them for OCP, and in what form: the gateway obeys the first one.
#![cfg(feature = "gateway")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod testing;

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ob_restore_tasks_server::Auth;
use testing::gateway::{TestGateway, args};
use testing::ocp::{FakeOcp, http, json};
use testing::{KEYS, PATH};

const HTML: &str = "content-type: text/html\r\n";
const JSON: &str = "content-type: application/json\r\n";

fn page(n: usize) -> String {
    PATH.replace("page=1&", &format!("page={n}&"))
}

/// Answers to different requests, one after the other.
fn ask_for(gateway: &TestGateway, pages: usize) -> Vec<testing::client::Answer> {
    (1..=pages).map(|n| gateway.get(&page(n))).collect()
}

#[test]
fn a_wait_is_obeyed_in_whatever_form_it_comes() {
    for (status, headers, body, wait) in [
        (429, format!("{HTML}retry-after: 30\r\n"), "<html>slow down", 30),
        (429, "retry-after: 30\r\n".to_owned(), "", 30),
        (429, String::new(), "", 1),
        (429, JSON.to_owned(), "{}", 1),
        (
            429,
            format!("{JSON}retry-after: 99999999999999999999999\r\n"),
            "{}",
            300,
        ),
        (
            429,
            format!("{JSON}retry-after: 18446744073709551615\r\n"),
            "{}",
            300,
        ),
        (503, format!("{HTML}retry-after: 30\r\n"), "<html>", 30),
        (
            503,
            format!("{JSON}retry-after: 99999999999999999999999\r\n"),
            "{}",
            300,
        ),
    ] {
        let what = format!("{status} {headers}");
        let stub = FakeOcp::always(&http(&format!("{status} x"), &headers, body));
        let gateway = TestGateway::start(&stub.url(), Auth::AkSk);
        for answer in ask_for(&gateway, 5) {
            assert_eq!(answer.status, status, "{what}");
            let told: u64 = answer
                .header("retry-after")
                .parse()
                .unwrap_or_else(|_| panic!("{what}"));
            assert!(told <= wait && told + 5 >= wait, "{what}: {told}");
            answer.json();
        }
        // With a wait of one second, that second may be over before all have asked.
        assert!(stub.count() == 1 || wait == 1, "{what}");
    }
}

#[test]
fn the_limit_of_a_proxy_holds_all_sessions_and_ocps_own_one() {
    let ocps = r#"{"error":{"code":0},"status":429,"successful":false}"#;
    for (headers, body, asked) in [
        (JSON, ocps, 3),
        (HTML, "<html>", 1),
        ("", "", 1),
        (JSON, r#"{"message":"API rate limit exceeded"}"#, 1),
    ] {
        let stub = FakeOcp::always(&http("429 x", &format!("{headers}retry-after: 30\r\n"), body));
        let gateway = TestGateway::start(&stub.url(), Auth::Session);
        for n in [1, 2, 3, 1, 2, 3] {
            let cookie = format!("JSESSIONID=s{n}");
            let answer = gateway.ask("GET", PATH, &[("cookie", &cookie)]);
            assert_eq!(
                (answer.status, answer.header("retry-after").is_empty()),
                (429, false)
            );
        }
        assert_eq!(stub.count(), asked, "{body}");
    }
}

#[test]
fn a_refusal_of_the_own_account_needs_no_json() {
    for auth in [Auth::AkSk, Auth::Basic] {
        for (headers, body) in [
            (HTML, "<html>"),
            ("www-authenticate: Basic\r\n", ""),
            (JSON, "{}"),
        ] {
            let stub = FakeOcp::always(&http("401 x", headers, body));
            let vars = [KEYS[0], KEYS[1], ("OCP_USERNAME", "u"), ("OCP_PASSWORD", "p")];
            let gateway = TestGateway::with(args(&stub.url(), auth), &vars, |_| ());
            for (n, answer) in ask_for(&gateway, 5).iter().enumerate() {
                assert_eq!(answer.status, 401);
                if body != "{}" || n > 0 {
                    assert_eq!(answer.json()["error"]["code"], "IAM10000", "{body}");
                    assert!(answer.text().contains("own account"), "{}", answer.text());
                }
                assert_eq!(answer.header("www-authenticate"), "");
            }
            assert_eq!(stub.count(), 1, "the account is tried once: {body}");
        }
    }
}

#[test]
fn a_session_that_is_refused_is_told_to_sign_in_and_asked_for_again() {
    let stub = FakeOcp::start(|head, socket| {
        let answer = if head.contains("late") {
            json(r#"{"data":1}"#)
        } else {
            http("401 x", HTML, "<html>")
        };
        let _ = socket.write_all(answer.as_bytes());
    });
    let mut kept = args(&stub.url(), Auth::Session);
    kept.cache = Some(10);
    let gateway = TestGateway::with(kept.clone(), &[], |_| ());
    for _ in 0..2 {
        let answer = gateway.ask("GET", PATH, &[("cookie", "JSESSIONID=x")]);
        assert_eq!(
            (answer.status, &answer.json()["error"]["code"]),
            (401, &"IAM10000".into())
        );
        assert!(answer.text().contains("sign in"), "{}", answer.text());
    }
    assert_eq!(stub.count(), 2, "who has signed in meanwhile must see it");
    // OCP's own refusal as well.
    let count = AtomicUsize::new(0);
    let stub = FakeOcp::start(move |_, socket| {
        let answer = if count.fetch_add(1, Ordering::SeqCst) == 0 {
            http(
                "401 x",
                JSON,
                r#"{"error":{"code":"IAM10000"},"successful":false}"#,
            )
        } else {
            json(r#"{"data":1}"#)
        };
        let _ = socket.write_all(answer.as_bytes());
    });
    kept.upstream = Some(stub.url());
    let gateway = TestGateway::with(kept, &[], |_| ());
    let ask = || gateway.ask("GET", PATH, &[("cookie", "JSESSIONID=x")]).status;
    assert_eq!([ask(), ask(), ask()], [401, 200, 200]);
}

#[test]
fn a_failure_is_asked_for_once_in_a_while() {
    for (status, headers, body) in [
        ("500 x", JSON, r#"{"error":{"code":0}}"#),
        ("500 x", HTML, "<html>"),
        ("502 x", HTML, "<html>"),
        ("503 x", JSON, "{}"),
    ] {
        let stub = FakeOcp::always(&http(status, headers, body));
        // At least a second (see `flight`); ten here, so that a slow machine makes no difference.
        let mut kept = args(&stub.url(), Auth::Session);
        kept.cache = Some(10);
        let gateway = TestGateway::with(kept, &KEYS, |_| ());
        for _ in 0..20 {
            let answer = gateway.ask("GET", PATH, &[("cookie", "JSESSIONID=x")]);
            assert_eq!(answer.status.to_string(), status[..3]);
        }
        assert_eq!(stub.count(), 1, "{status} {body}");
        assert_eq!(gateway.metric("obrt_gateway_answers_total{from=\"hit\"}"), 19);
    }
}

#[test]
fn what_stands_before_a_dead_ocp_opens_the_breaker() {
    for status in ["502 x", "503 x", "504 x"] {
        let stub = FakeOcp::always(&http(status, HTML, "<html>"));
        let gateway = TestGateway::with(args(&stub.url(), Auth::AkSk), &KEYS, |limits| {
            limits.retry_unreachable = (Duration::from_secs(60), Duration::from_secs(60));
        });
        let answers = ask_for(&gateway, 8);
        for answer in &answers[3..] {
            assert_eq!(answer.status, 503);
            assert!((1..=5).contains(&answer.header("retry-after").parse::<u64>().unwrap()));
        }
        assert_eq!(stub.count(), 3, "{status}");
        assert!(gateway.get("/healthz").text().contains("\"down\""));
    }
    // A failure of OCP itself concerns only that request.
    let stub = FakeOcp::always(&http("500 x", JSON, "{}"));
    let gateway = TestGateway::start(&stub.url(), Auth::AkSk);
    ask_for(&gateway, 8);
    assert_eq!(stub.count(), 8);
    assert!(gateway.get("/healthz").text().contains("\"up\""));
}

#[test]
fn a_wrong_password_is_sent_once_however_many_ask_at_once() {
    for (status, sent) in [("401 x", 1), ("200 x", 30)] {
        let stub = FakeOcp::start(move |_, socket| {
            std::thread::sleep(Duration::from_millis(200));
            let _ = socket.write_all(http(status, JSON, r#"{"data":1}"#).as_bytes());
        });
        let mut many = args(&stub.url(), Auth::AkSk);
        many.max_upstream = Some(64);
        let gateway = TestGateway::with(many, &KEYS, |_| ());
        std::thread::scope(|scope| {
            let asking: Vec<_> = (1..=30)
                .map(|n| {
                    let gateway = &gateway;
                    scope.spawn(move || gateway.get(&page(n)).status)
                })
                .collect();
            for one in asking {
                assert_eq!(one.join().unwrap().to_string(), status[..3]);
            }
        });
        assert_eq!(stub.count(), sent, "{status}");
    }
}

#[test]
fn one_question_that_is_refused_shuts_nobody_out() {
    let stub = FakeOcp::start(|head, socket| {
        let answer = if head.contains("startTime") {
            http("401 x", JSON, r#"{"error":{"code":"IAM10000"}}"#)
        } else {
            json(r#"{"data":1}"#)
        };
        let _ = socket.write_all(answer.as_bytes());
    });
    let gateway = TestGateway::start(&stub.url(), Auth::AkSk);
    let odd = format!("{PATH}&startTime=2021-09-16T15:14:51Z");
    assert_eq!(gateway.get(PATH).status, 200);
    assert_eq!(gateway.get(&odd).status, 401);
    for n in 2..6 {
        assert_eq!(gateway.get(&page(n)).status, 200);
    }
    for _ in 0..3 {
        assert_eq!(gateway.get(&odd).status, 401);
    }
    assert_eq!(stub.count(), 6, "it is not sent again and again");
}

#[test]
fn a_redirect_to_another_address_is_no_expired_session() {
    let session = [("cookie", "JSESSIONID=x")];
    let same = format!("location: https://ocp.example{PATH}\r\n");
    for (status, location, wanted) in [
        (
            "301 x",
            "location: https://ocp.example:8443/?token=planted\r\n",
            "https://ocp.example",
        ),
        (
            "308 x",
            "location: https://u:planted@ocp.example/planted\r\n",
            "https://ocp.example",
        ),
        ("302 x", &same, "https://ocp.example"),
    ] {
        let stub = FakeOcp::always(&http(status, location, ""));
        let answer = TestGateway::start(&stub.url(), Auth::Session).ask("GET", PATH, &session);
        let text = answer.text();
        assert_eq!(answer.status, 502, "{location}: {text}");
        assert!(
            text.contains("--upstream") && text.contains(&format!("redirect to {wanted}\"")),
            "{text}"
        );
        assert!(!text.contains("planted") && !text.contains("expired"), "{text}");
    }
}
