//! Each fault over a real socket: the client must see exactly what was asked for.
#![cfg(feature = "demo")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod testing;

use std::io::{ErrorKind, Read};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testing::demo::{Demo, contents, tasks};

const PATIENT: Duration = Duration::from_secs(10);
const BRIEF: Duration = Duration::from_millis(600);

fn spoiled(spec: &str, cluster: i64, size: i64) -> String {
    format!("/faults/{spec}{}?page=1&size={size}", tasks(cluster))
}

fn log(server: &Demo) -> Value {
    server.get("/faults/log").json()
}

#[test]
fn answers_in_place_of_the_real_one() {
    let server = Demo::start(true);
    let get = |spec: &str| server.get(&spoiled(spec, 1_000_005, 10));
    for status in [401, 403, 429, 500, 502, 503, 504] {
        let answer = get(&format!("status={status},header=Retry-After:2"));
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("retry-after"), "2");
        assert_eq!(answer.json()["status"], status);
        assert_eq!(answer.json()["successful"], false);
    }
    let html = get("html");
    assert_eq!(
        (html.status, html.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    assert!(html.text().contains("password"));
    let envelope = get("envelope");
    assert_eq!(envelope.status, 200);
    assert_eq!(envelope.json()["successful"], false);
    assert!(envelope.json().get("data").is_none());
    let empty = get("empty");
    assert_eq!((empty.status, empty.body.len()), (204, 0));
    // An item without effect gives the plain answer; an unknown one does not.
    assert_eq!(get("latency=0").json()["data"]["page"]["totalElements"], 2);
    assert_eq!(get("boom").status, 400);
}

#[test]
fn wrong_paging() {
    let server = Demo::start(true);
    let get = |spec: &str, page: i64| {
        server
            .get(&format!("/faults/{spec}{}?page={page}&size=20", tasks(1_000_050)))
            .json()
    };
    let capped = get("cap=7", 2);
    assert_eq!(contents(&capped).len(), 7);
    assert_eq!(capped["data"]["contents"][0]["id"], 43);
    assert_eq!(capped["data"]["page"]["totalPages"], 8);
    let all = get("ignore-paging", 2);
    assert_eq!(contents(&all).len(), 50);
    let neither = get("neither", 1);
    assert_eq!(
        neither["data"]["page"],
        json!({"number": 1, "size": 20, "totalElements": 50})
    );
}

#[test]
fn latency_delays() {
    let server = Demo::start(true);
    let started = Instant::now();
    assert_eq!(server.get(&spoiled("latency=400", 1_000_005, 10)).status, 200);
    assert!(started.elapsed() >= Duration::from_millis(400));
}

#[test]
fn stalls_hold_the_line() {
    let server = Demo::start(true);
    let waiting = |kind: ErrorKind| matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut);
    let (text, error) = server.raw(&spoiled("stall-headers", 1_000_005, 10), BRIEF);
    assert_eq!(text, "");
    assert!(waiting(error.unwrap()));
    let (text, error) = server.raw(&spoiled("stall", 1_000_005, 10), BRIEF);
    assert!(
        text.starts_with("HTTP/1.1 200") && text.ends_with("\r\n\r\n"),
        "{text}"
    );
    assert!(waiting(error.unwrap()));
}

#[test]
fn drip_gives_a_byte_at_a_time_and_ends_well() {
    let server = Demo::start(true);
    let started = Instant::now();
    let answer = server.get(&spoiled("drip=2,status=503", 1_000_005, 10));
    assert_eq!(answer.json()["status"], 503);
    assert!(started.elapsed() >= Duration::from_millis(2 * answer.body.len() as u64));
    let mut socket = server.socket(&spoiled("drip=50", 1_000_005, 10), PATIENT);
    let (mut reads, mut buffer) = (0, [0; 4096]);
    let started = Instant::now();
    while reads < 10 {
        assert!(socket.read(&mut buffer).unwrap() > 0);
        reads += 1;
    }
    // The head may come with the first byte, and each wait is at least 50 ms. (A busy machine makes it
    // longer.)
    assert!(started.elapsed() >= Duration::from_millis(8 * 50));
}

#[test]
fn resets_are_resets() {
    let server = Demo::start(true);
    let (text, error) = server.raw(&spoiled("reset", 1_000_005, 10), PATIENT);
    assert_eq!((text.as_str(), error), ("", Some(ErrorKind::ConnectionReset)));
    let (text, error) = server.raw(&spoiled("reset-body", 1_000_005, 10), PATIENT);
    assert_eq!(error, Some(ErrorKind::ConnectionReset));
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("HTTP/1.1 200") && body.starts_with("{\"data\"") && !body.ends_with('}'),
        "{text}"
    );
    // A client gets an error, too, and the server goes on.
    assert!(
        server
            .try_ask("GET", &spoiled("reset-body", 1_000_005, 10), &[], "")
            .is_err()
    );
    assert_eq!(
        server.get(&format!("{}?page=1&size=1", tasks(1_000_005))).status,
        200
    );
}

#[test]
fn padded_bodies_are_longer_than_anybody_says() {
    let server = Demo::start(true);
    let answer = server.get(&spoiled("pad=200000", 1_000_005, 10));
    assert!(answer.body.len() > 200_000);
    assert_eq!(answer.json()["data"]["page"]["totalElements"], 2);
}

#[test]
fn truncated_bodies_end_well() {
    let server = Demo::start(true);
    let packed = [("accept-encoding", "gzip")];
    let answer = server.ask("GET", &spoiled("truncate=100", 1_000_005, 10), &packed, "");
    assert_eq!((answer.status, answer.body.len()), (200, 100));
    assert_eq!(answer.header("content-encoding"), "");
    assert!(answer.text().starts_with("{\"data\":"));
    assert_eq!(server.get(&spoiled("truncate=0", 1_000_005, 10)).body.len(), 0);
    let whole = server.get(&spoiled("truncate=1000000", 1_000_005, 10));
    assert_eq!(whole.json()["successful"], true);
}

#[test]
fn the_next_requests() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("define.js"), "export {}").unwrap();
    let server = Demo::with(true, folder.path().to_owned());
    let plain = format!("{}?page=1&size=10", tasks(1_000_005));
    let json = [("content-type", "application/json")];
    let post = |body: &str| server.ask("POST", "/faults", &json, body).status;
    let ask = |path: &str| server.get(path).status;

    assert_eq!(post(r#"{"spec": "status=503", "times": 2}"#), 204);
    assert_eq!([ask(&plain), ask("/define.js"), ask(&plain)], [503, 503, 200]);

    // Only for matching paths, and requests with their own fault do not use it up.
    assert_eq!(post(r#"{"spec": "status=500", "times": 1, "path": ".js"}"#), 204);
    assert_eq!(ask(&plain), 200);
    assert_eq!(ask(&spoiled("status=418", 1_000_005, 10)), 418);
    assert_eq!([ask("/define.js"), ask("/define.js")], [500, 200]);

    assert_eq!(post(r#"{"spec": "status=503", "times": 5}"#), 204);
    assert_eq!(server.ask("DELETE", "/faults", &[], "").status, 204);
    assert_eq!(ask(&plain), 200);

    assert_eq!(post(r#"{"body": "{\"not\": OCP", "times": 1}"#), 204);
    let given = server.get(&plain);
    assert_eq!((given.status, given.text()), (200, "{\"not\": OCP".to_owned()));
    assert!(given.header("content-type").starts_with("application/json"));
    assert_eq!(post(r#"{"spec": "boom", "times": 1}"#), 400);
    assert!(post(r#"{"spec": "html"}"#) >= 400);
    assert!(post("nonsense") >= 400);
    assert_eq!(ask(&plain), 200);
}

#[test]
fn the_log_tells_paths_times_and_how_many_at_once() {
    let server = Demo::start(true);
    let slow = spoiled("latency=500", 1_000_005, 10);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| server.get(&slow));
        }
    });
    server.get("/");
    let seen = log(&server);
    assert_eq!(seen["maxInFlight"], 3);
    assert_eq!(seen["inFlight"], 0);
    let requests = seen["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 3, "{seen}");
    for request in requests {
        assert_eq!(request["path"], slow);
        assert_eq!(request["status"], 200);
        let took = request["end"].as_i64().unwrap() - request["start"].as_i64().unwrap();
        assert!(took >= 490, "{took}");
    }
    // A stalled answer counts as running until its client is gone.
    let socket = server.socket(&spoiled("stall", 1_000_005, 10), PATIENT);
    let wait_for = |wanted: u64| {
        let until = Instant::now() + PATIENT;
        while log(&server)["inFlight"] != wanted {
            assert!(Instant::now() < until, "{}", log(&server));
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    wait_for(1);
    assert_eq!(log(&server)["requests"][3]["end"], Value::Null);
    drop(socket);
    wait_for(0);
    assert!(log(&server)["requests"][3]["end"].is_i64());

    assert_eq!(server.ask("DELETE", "/faults/log", &[], "").status, 204);
    assert_eq!(
        log(&server),
        json!({"requests": [], "inFlight": 0, "maxInFlight": 0})
    );
}

#[test]
fn the_clock_can_be_shifted() {
    let server = Demo::start(true);
    let json = [("content-type", "application/json")];
    let shift = |body: &str| server.ask("POST", "/faults/clock", &json, body).status;
    let newest = || {
        let page = server.page(1_000_009, 1, 1, "");
        contents(&page)[0]["id"].as_i64().unwrap()
    };
    let stamped = || {
        let page = server.page(1_000_005, 1, 1, "");
        page["timestamp"].as_str().unwrap()[..4].parse::<i32>().unwrap()
    };
    let (before, year) = (newest(), stamped());
    // Half an hour has 90 slots of 20 s, each with a task that is created within its first 15 s.
    assert_eq!(shift(r#"{"offsetMs": 1800000}"#), 204);
    let ahead = newest() - before;
    assert!((89..=92).contains(&ahead), "{ahead}");
    // Shifts do not add up, and they may go back.
    assert_eq!(shift(r#"{"offsetMs": -1800000}"#), 204);
    let behind = before - newest();
    assert!((88..=91).contains(&behind), "{behind}");
    // Four years later, so that the year surely differs.
    assert_eq!(shift(r#"{"offsetMs": 126230400000}"#), 204);
    assert_eq!(stamped(), year + 4);
    // The log uses the true time.
    let requests = log(&server)["requests"].clone();
    let starts: Vec<i64> = requests
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["start"].as_i64().unwrap())
        .collect();
    assert!(
        starts.iter().all(|start| start - starts[0] < 60_000),
        "{starts:?}"
    );

    assert_eq!(server.ask("DELETE", "/faults/clock", &[], "").status, 204);
    assert!((0..=2).contains(&(newest() - before)));
    assert!(shift(r#"{"offsetMs": "soon"}"#) >= 400 && shift("{}") >= 400);
}

#[test]
fn without_the_option_there_are_none() {
    let server = Demo::start(false);
    let json = [("content-type", "application/json")];
    assert_eq!(server.get(&spoiled("status=503", 1_000_005, 10)).status, 404);
    assert_eq!(server.get("/faults/log").status, 404);
    let post = server.ask("POST", "/faults", &json, r#"{"spec": "status=503", "times": 1}"#);
    assert_eq!(post.status, 404);
    for path in ["/faults", "/faults/log", "/faults/clock"] {
        assert_eq!(server.ask("DELETE", path, &[], "").status, 404, "{path}");
    }
    assert_eq!(
        server.get(&format!("{}?page=1&size=10", tasks(1_000_005))).status,
        200
    );
}
