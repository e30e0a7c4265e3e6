//! `--require-auth`, and the gateway that signs in there: both sides of OCP's documented signature.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::gateway::{AK, KEYS, PATH, Passing, SK, args};
use common::{Answer, Server};
use ob_restore_tasks_server::{Auth, Required, Secret};
use ring::hmac;
use serde_json::json;

fn demo(faults: bool) -> Server {
    let both = |a: &str, b: &str| Some((Secret::new(a), Secret::new(b)));
    let required = Required {
        key: both(AK, SK),
        basic: both("admin", "planted-password"),
    };
    Server::demo(faults, "no-such-folder".into(), Some(required))
}

/// Signs without the gateway's own code, which is what is tested.
fn signed(server: &Server, secret: &str, date: SystemTime, target: &str) -> [(&'static str, String); 2] {
    let date = httpdate::fmt_http_date(date);
    let message = format!("GET\n\n\n{date}\n{}\n\n{target}", server.address);
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes());
    let signature = STANDARD.encode(hmac::sign(&key, message.as_bytes()));
    let authorization = format!("OCP-ACCESS-KEY-HMACSHA1 {AK}:{signature}");
    [("date", date), ("authorization", authorization)]
}

fn get(server: &Server, path: &str, headers: &[(&'static str, String)]) -> Answer {
    let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    server.ask("GET", path, &headers, "")
}

fn assert_refused(answer: &Answer, code: &str, what: &str) {
    let body = answer.json();
    assert_eq!(answer.status, 401, "{what}");
    assert_eq!(body["error"]["code"], code, "{what}: {body}");
    assert_eq!(
        (&body["status"], &body["successful"]),
        (&json!(401), &json!(false)),
        "{what}"
    );
    assert!(answer.header("www-authenticate").is_empty() && !body["traceId"].as_str().unwrap().is_empty());
}

#[test]
fn a_signature_holds_for_its_request_its_key_and_its_time() {
    let server = demo(false);
    let now = SystemTime::now();
    let good = signed(&server, SK, now, PATH);
    assert_eq!(get(&server, PATH, &good).status, 200);

    let other_page = PATH.replace("page=1", "page=2");
    let other_cluster = PATH.replace("1000005", "1000050");
    for (path, headers, what) in [
        (other_page.as_str(), good.clone(), "replayed for another page"),
        (&other_cluster, good.clone(), "replayed for another cluster"),
        (
            PATH,
            signed(&server, "another secret", now, PATH),
            "another secret",
        ),
        (PATH, [("x", String::new()), good[1].clone()], "no date"),
        (
            PATH,
            [
                ("date", httpdate::fmt_http_date(now + Duration::from_secs(1))),
                good[1].clone(),
            ],
            "another date",
        ),
        (
            PATH,
            [
                good[0].clone(),
                ("authorization", good[1].1.replace(AK, "another")),
            ],
            "another id",
        ),
        (
            PATH,
            [
                good[0].clone(),
                ("authorization", good[1].1.replace("SHA1", "SHA256")),
            ],
            "another algorithm",
        ),
        (
            PATH,
            [
                good[0].clone(),
                ("authorization", format!("OCP-ACCESS-KEY-HMACSHA1 {AK}")),
            ],
            "no signature",
        ),
        (PATH, [good[0].clone(), ("x", String::new())], "nothing"),
    ] {
        assert_refused(&get(&server, path, &headers), "IAM10000", what);
    }
    // The order of the parameters does not matter for the signature.
    let turned = "/api/v2/ob/clusters/1000005/backup/task/restoreTasks?size=20&page=1";
    assert_eq!(get(&server, turned, &good).status, 200);
}

#[test]
fn fourteen_minutes_are_near_enough_and_sixteen_are_not() {
    let server = demo(true);
    for (minutes, fine) in [(14_i64, true), (-14, true), (16, false), (-16, false)] {
        let offset = minutes * 60_000;
        server.ask(
            "POST",
            "/faults/clock",
            &[("content-type", "application/json")],
            &json!({ "offsetMs": offset }).to_string(),
        );
        let answer = get(&server, PATH, &signed(&server, SK, SystemTime::now(), PATH));
        if fine {
            assert_eq!(answer.status, 200, "{minutes}");
        } else {
            assert_refused(&answer, "IAM10000", &minutes.to_string());
            assert!(answer.text().contains("15 minutes"));
        }
    }
}

#[test]
fn a_name_and_its_password() {
    let server = demo(false);
    let basic = |text: &str| [("authorization", format!("Basic {}", STANDARD.encode(text)))];
    assert_eq!(get(&server, PATH, &basic("admin:planted-password")).status, 200);
    for bad in ["admin:x", "x:planted-password", "admin", "", ":"] {
        assert_refused(&get(&server, PATH, &basic(bad)), "IAM10004", bad);
    }
    assert_refused(&server.get(PATH), "IAM10000", "nothing");
    // Before the answer says anything about what exists.
    assert_refused(&server.get("/api/v2/none"), "IAM10000", "another path");
}

#[test]
fn the_gateway_signs_in_with_either() {
    let server = demo(false);
    let upstream = server.url("");
    let times = "&startTime=2021-08-01T00:00:00.000%2B08:00&endTime=2021-12-01T00:00:00Z";
    let gateway = Passing::start(&upstream, Auth::AkSk);
    let answer = gateway.get(&format!("{PATH}{times}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["data"]["page"]["totalElements"], 2);

    let vars = [("OCP_USERNAME", "admin"), ("OCP_PASSWORD", "planted-password")];
    let gateway = Passing::with(args(&upstream, Auth::Basic), &vars, |_| ());
    assert_eq!(gateway.get(PATH).status, 200);
}

#[test]
fn a_wrong_key_and_a_wrong_clock_are_told_and_not_tried_on_and_on() {
    let server = demo(true);
    let upstream = server.url("");
    let asked = || {
        server.get("/faults/log").json()["requests"]
            .as_array()
            .unwrap()
            .len()
    };
    let wrong = [KEYS[0], ("OCP_ACCESS_KEY_SECRET", "another")];
    let gateway = Passing::with(args(&upstream, Auth::AkSk), &wrong, |_| ());
    assert_refused(&gateway.get(PATH), "IAM10000", "wrong key");
    for page in 1..10 {
        let again = gateway.get(&PATH.replace("page=1", &format!("page={page}")));
        assert_refused(&again, "IAM10000", "again");
        assert!(again.text().contains("own account"), "{}", again.text());
    }
    assert_eq!(asked(), 1);

    let sixteen = json!({ "offsetMs": 16 * 60_000 }).to_string();
    server.ask(
        "POST",
        "/faults/clock",
        &[("content-type", "application/json")],
        &sixteen,
    );
    let gateway = Passing::start(&upstream, Auth::AkSk);
    let answer = gateway.get(PATH);
    assert_refused(&answer, "IAM10000", "wrong clock");
    assert!(answer.text().contains("15 minutes"));
}
