//! The gateway in front of a demo with `--require-auth`: both sides of OCP's documented signature.
#![cfg(all(feature = "demo", feature = "gateway"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod testing;

use ob_restore_tasks_server::Auth;
use serde_json::json;
use testing::demo::{assert_refused, demo_with_sign_in};
use testing::gateway::{TestGateway, args};
use testing::{KEYS, PATH};

#[test]
fn the_gateway_signs_in_with_either() {
    let server = demo_with_sign_in(false);
    let upstream = server.url("");
    let times = "&startTime=2021-08-01T00:00:00.000%2B08:00&endTime=2021-12-01T00:00:00Z";
    let gateway = TestGateway::start(&upstream, Auth::AkSk);
    let answer = gateway.get(&format!("{PATH}{times}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["data"]["page"]["totalElements"], 2);

    let vars = [("OCP_USERNAME", "admin"), ("OCP_PASSWORD", "planted-password")];
    let gateway = TestGateway::with(args(&upstream, Auth::Basic), &vars, |_| ());
    assert_eq!(gateway.get(PATH).status, 200);
}

#[test]
fn a_wrong_key_and_a_wrong_clock_are_told_and_not_tried_on_and_on() {
    let server = demo_with_sign_in(true);
    let upstream = server.url("");
    let asked = || {
        server.get("/faults/log").json()["requests"]
            .as_array()
            .unwrap()
            .len()
    };
    let wrong = [KEYS[0], ("OCP_ACCESS_KEY_SECRET", "another")];
    let gateway = TestGateway::with(args(&upstream, Auth::AkSk), &wrong, |_| ());
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
    let gateway = TestGateway::start(&upstream, Auth::AkSk);
    let answer = gateway.get(PATH);
    assert_refused(&answer, "IAM10000", "wrong clock");
    assert!(answer.text().contains("15 minutes"));
}
