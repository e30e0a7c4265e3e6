//! `--require-auth`: OCP's documented signature, and a name with a password.
#![cfg(feature = "demo")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod testing;

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::json;
use testing::client::Answer;
use testing::demo::{Demo, assert_refused, demo_with_sign_in};
use testing::{AK, PATH, SK};

/// Signs without the gateway's own code, which is what is tested.
fn signed(server: &Demo, secret: &str, date: SystemTime, target: &str) -> [(&'static str, String); 2] {
    let date = httpdate::fmt_http_date(date);
    let message = format!("GET\n\n\n{date}\n{}\n\n{target}", server.address);
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes());
    let signature = STANDARD.encode(hmac::sign(&key, message.as_bytes()));
    let authorization = format!("OCP-ACCESS-KEY-HMACSHA1 {AK}:{signature}");
    [("date", date), ("authorization", authorization)]
}

fn get(server: &Demo, path: &str, headers: &[(&'static str, String)]) -> Answer {
    let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    server.ask("GET", path, &headers, "")
}

#[test]
fn a_signature_holds_for_its_request_its_key_and_its_time() {
    let server = demo_with_sign_in(false);
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
    let server = demo_with_sign_in(true);
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
    let server = demo_with_sign_in(false);
    let basic = |text: &str| [("authorization", format!("Basic {}", STANDARD.encode(text)))];
    assert_eq!(get(&server, PATH, &basic("admin:planted-password")).status, 200);
    for bad in ["admin:x", "x:planted-password", "admin", "", ":"] {
        assert_refused(&get(&server, PATH, &basic(bad)), "IAM10004", bad);
    }
    assert_refused(&server.get(PATH), "IAM10000", "nothing");
    // Before the answer says anything about what exists.
    assert_refused(&server.get("/api/v2/none"), "IAM10000", "another path");
}
