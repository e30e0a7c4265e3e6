//! What reaches OCP, and what does not: other methods, paths and parameters, and requests that are made to
//! confuse. The upstream counts its requests; what is refused here must never arrive there.
#![cfg(feature = "gateway")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod testing;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use ob_restore_tasks_server::Auth;
use testing::gateway::{TestGateway, args};
use testing::ocp::{FakeOcp, json};
use testing::{KEYS, PATH};

const LIST: &str = "/api/v2/ob/clusters/7/backup/task/restoreTasks";

fn both() -> (FakeOcp, TestGateway) {
    let stub = FakeOcp::always(&json(r#"{"data":1}"#));
    let gateway = TestGateway::start(&stub.url(), Auth::AkSk);
    (stub, gateway)
}

fn status(text: &str) -> u16 {
    text.get(9..12).and_then(|code| code.parse().ok()).unwrap_or(0)
}

#[test]
fn other_methods() {
    let (stub, gateway) = both();
    let methods = [
        "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get", "GETT", "X",
    ];
    for method in methods {
        let text = gateway.raw(
            format!("{method} {PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes(),
        );
        assert_eq!(status(&text), 405, "{method}: {text}");
        assert!(text.contains("\r\nallow: GET\r\n"), "{text}");
        assert!(
            method == "HEAD" || text.contains("\"successful\":false"),
            "{text}"
        );
        let text = gateway.raw(
            format!("{method} /index.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .as_bytes(),
        );
        assert!(method == "HEAD" || status(&text) == 405, "{method}: {text}");
    }
    assert_eq!(stub.connections(), 0);
    assert_eq!(gateway.get(PATH).status, 200);
    assert_eq!(stub.count(), 1);
}

/// Paths close to the one that is passed on, and paths of OCP that would do harm.
fn other_paths() -> Vec<String> {
    let mut paths: Vec<String> = [
        "/api",
        "/api/",
        "/api//",
        "/api/v1/login",
        "/api/v2/iam/users",
        "/api/v2/ob/clusters",
        "/api/v2/ob/clusters/7",
        "/api/v2/ob/clusters/7/backup/task",
        "/api/v2/ob/clusters/7/backup/task/restoreTask",
        "/api/v2/ob/clusters/7/backup/task/backupTasks",
        "/api/v2/ob/clusters/7/stop",
        "//api/v2/ob/clusters",
        "/faults",
        "/services/application",
        "/login",
        "/error",
        "/actuator/env",
        "/.git/config",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/x",
        "/API/V2/OB/CLUSTERS/7/BACKUP/TASK/RESTORETASKS",
    ]
    .map(str::to_owned)
    .to_vec();
    for (from, to) in [
        ("/7/", "/7//"),
        ("/7/", "/7%2F"),
        ("/7/", "/7%2f8/"),
        ("/7/", "/8/../7/"),
        ("/7/", "/%37/"),
        ("/7/", "/7%00/"),
        ("/7/", "/7;a=b/"),
        ("/7/", "/7%20/"),
        ("/7/", "/./7/"),
        ("/7/", "/7\\/"),
        ("/api/", "/api/./"),
        ("/api/", "//api/"),
        ("/api/", "/%61pi/"),
        ("/api/", "/x/../api/"),
        ("/api/", "/api%2f"),
        ("Tasks", "Tasks/"),
        ("Tasks", "Tasks/1"),
        ("Tasks", "Tasks%3Fx"),
        ("Tasks", "Tasks;x"),
        ("Tasks", "Tasks.json"),
        ("Tasks", "tasks"),
        ("Tasks", "Tasks%23"),
    ] {
        paths.push(LIST.replacen(from, to, 1));
    }
    paths
}

#[test]
fn other_paths_and_parameters() {
    let (stub, gateway) = both();
    let paths = other_paths();
    for path in &paths {
        for query in ["", "?page=1&size=20"] {
            let text = gateway.raw(
                format!("GET {path}{query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .as_bytes(),
            );
            // 400 if only the cluster id is invalid.
            assert!([404, 400].contains(&status(&text)), "{path}{query}: {text}");
            if path.starts_with("/api/") {
                assert!(text.contains("\"successful\":false"), "{path}: {text}");
            }
        }
    }
    for query in [
        "",
        "?",
        "?page=1",
        "?size=20",
        "?page=0&size=20",
        "?page=1&size=2001",
        "?page=1&size=20&page=2",
        "?page=1&size=20&x=1",
        "?page=1&size=20&startTime=yesterday",
        "?page=1&size=20%0d%0aX:%20y",
        "?page=1&size=20&size=",
        "?page=01&size=20",
        "?page=1&size=20&startTime=2021-09-16T15:14:52Z&endTime=2021-09-16T15:14:51Z",
        "?page=1%26size=20",
        "?page=1;size=20",
    ] {
        let answer = gateway.get(&format!("{LIST}{query}"));
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.json()["error"]["code"], 0, "{query}");
    }
    for id in [
        "0",
        "-7",
        "+7",
        "07",
        "7.0",
        "x",
        "9223372036854775808",
        "99999999999999999999999",
    ] {
        let answer = gateway.get(&PATH.replace("1000005", id));
        assert_eq!(answer.status, 400, "{id}");
    }
    assert_eq!(
        stub.connections(),
        0,
        "of {} paths, one reached the upstream",
        paths.len()
    );
}

/// Each of these requests the one path, in a way that two servers might interpret differently.
#[test]
fn requests_made_to_confuse() {
    let (stub, gateway) = both();
    let evil = "GET /api/v2/iam/users HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let length = evil.len();
    let host = "Host: localhost\r\n";
    let cases: Vec<(&str, String)> = vec![
        (
            "both lengths",
            format!("{host}Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{evil}"),
        ),
        ("a body", format!("{host}Content-Length: {length}\r\n\r\n{evil}")),
        (
            "chunks",
            format!("{host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{evil}"),
        ),
        (
            "identity",
            format!("{host}Transfer-Encoding: identity\r\n\r\n{evil}"),
        ),
        (
            "odd coding",
            format!("{host}Transfer-Encoding: xchunked\r\n\r\n{evil}"),
        ),
        (
            "coding in two",
            format!("{host}Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{evil}"),
        ),
        (
            "space before colon",
            format!("{host}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{evil}"),
        ),
        (
            "two lengths",
            format!("{host}Content-Length: 0\r\nContent-Length: {length}\r\n\r\n{evil}"),
        ),
        (
            "two equal lengths",
            format!("{host}Content-Length: {length}\r\nContent-Length: {length}\r\n\r\n{evil}"),
        ),
        (
            "length list",
            format!("{host}Content-Length: 0, {length}\r\n\r\n{evil}"),
        ),
        ("length with sign", format!("{host}Content-Length: +0\r\n\r\n")),
        ("negative length", format!("{host}Content-Length: -1\r\n\r\n")),
        (
            "folded header",
            format!("{host}X: a\r\n Content-Length: {length}\r\n\r\n{evil}"),
        ),
        (
            "folded coding",
            format!("{host}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n{evil}"),
        ),
        (
            "bare LF hides a coding",
            format!("{host}X: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{evil}"),
        ),
        (
            "bare CR",
            format!("{host}X: a\rTransfer-Encoding: chunked\r\n\r\n"),
        ),
        ("NUL", format!("{host}X: a\0b\r\n\r\n")),
        ("header without colon", format!("{host}nonsense\r\n\r\n")),
        ("header without name", format!("{host}: x\r\n\r\n")),
        ("no host", "X: y\r\n\r\n".to_owned()),
        ("two hosts", format!("{host}Host: evil.example\r\n\r\n")),
        ("another host", "Host: evil.example\r\n\r\n".to_owned()),
    ];
    // All at once: where the connection stays open, the test waits for more.
    let ask = |what: &str, rest: &str| {
        let text = gateway.raw(format!("GET {PATH} HTTP/1.1\r\n{rest}").as_bytes());
        assert!([400, 421, 0].contains(&status(&text)), "{what}: {text}");
        assert!(
            !text.contains("\"data\":1") && text.matches("HTTP/1.1 ").count() <= 1,
            "{what}: {text}"
        );
    };
    let ask_line = |line: &str| {
        let text = gateway.raw(format!("{line}\r\n{host}\r\n").as_bytes());
        assert!(
            [400, 404, 405, 421, 505, 0].contains(&status(&text)),
            "{line}: {text}"
        );
        assert!(!text.contains("\"data\":1"), "{line}: {text}");
    };
    let lines = [
        format!("GET http://evil.example{PATH} HTTP/1.1"),
        format!("GET http://localhost{PATH} HTTP/1.1"),
        format!("GET https://{}{PATH} HTTP/1.1", stub.address),
        "CONNECT localhost:80 HTTP/1.1".to_owned(),
        format!("CONNECT {} HTTP/1.1", stub.address),
        "OPTIONS * HTTP/1.1".to_owned(),
        format!("GET {PATH} HTTP/1.1 HTTP/1.1"),
        format!("GET  {PATH} HTTP/1.1"),
        format!("GET {PATH} HTTP/3.0"),
        format!("GET {PATH}"),
        format!("GET {PATH}#x HTTP/1.2"),
        "PRI * HTTP/2.0".to_owned(),
    ];
    std::thread::scope(|scope| {
        for (what, rest) in &cases {
            scope.spawn(move || ask(what, rest));
        }
        for line in &lines {
            scope.spawn(move || ask_line(line));
        }
    });
    assert_eq!(stub.connections(), 0);
}

#[test]
fn heads_that_are_too_large() {
    let (stub, gateway) = both();
    let with = |more: String| {
        gateway.raw(format!("GET {PATH} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n").as_bytes())
    };
    for (what, more) in [
        ("one large header", format!("X: {}\r\n", "x".repeat(64 << 10))),
        ("one larger still", format!("X: {}\r\n", "x".repeat(4 << 20))),
        (
            "many headers",
            (0..100).map(|n| format!("X-{n}: y\r\n")).collect(),
        ),
        (
            "very many",
            (0..10_000).map(|n| format!("X-{n}: y\r\n")).collect(),
        ),
    ] {
        let text = with(more);
        assert!([431, 400, 0].contains(&status(&text)), "{what}: {text}");
        assert!(!text.contains("\"data\":1"), "{what}");
    }
    let text = gateway.raw(
        format!(
            "GET {PATH}&x={} HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "x".repeat(64 << 10)
        )
        .as_bytes(),
    );
    assert!([414, 431, 400, 0].contains(&status(&text)), "{text}");
    assert_eq!(stub.connections(), 0);
    // A browser with many cookies is accepted.
    let jar: String = format!("Cookie: {}\r\nConnection: close\r\n", "a=b; ".repeat(1600));
    assert_eq!(status(&with(jar)), 200);
}

#[test]
fn slow_heads_and_bodies_are_cut_off_and_cost_nobody_else() {
    let stub = FakeOcp::always(&json(r#"{"data":1}"#));
    let gateway = TestGateway::with(args(&stub.url(), Auth::AkSk), &KEYS, |limits| {
        limits.client_head = Duration::from_millis(400);
        limits.idle = Duration::from_secs(600);
    });
    let slow = |begin: String| {
        let mut socket = TcpStream::connect(gateway.address).unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        socket.write_all(begin.as_bytes()).unwrap();
        // A byte now and then, until it is closed.
        let (mut got, mut buffer) = (Vec::new(), [0; 1024]);
        for _ in 0..1000 {
            match socket.read(&mut buffer) {
                Ok(0) => return String::from_utf8_lossy(&got).into_owned(),
                Ok(n) => got.extend_from_slice(&buffer[..n]),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => (),
                Err(_) => return String::from_utf8_lossy(&got).into_owned(),
            }
            let _ = socket.write_all(b"x");
        }
        panic!("never closed");
    };
    for begin in [
        String::new(),
        "GET ".to_owned(),
        format!("GET {PATH} HTTP/1.1\r\nHost: localhost\r\nX: "),
    ] {
        assert!(!slow(begin.clone()).contains("\"data\":1"), "{begin}");
    }
    let text = slow(format!(
        "POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
    ));
    assert_eq!(status(&text), 400, "{text}");
    // The second head on a connection has a time-out, too.
    let text = slow(format!("GET {PATH} HTTP/1.1\r\nHost: localhost\r\n\r\nGET /"));
    assert_eq!(status(&text), 200, "{text}");
    assert_eq!(stub.count(), 1);
    assert_eq!(gateway.get(PATH).status, 200);
}

#[test]
fn one_that_asks_nothing_more_is_closed_in_its_time() {
    let stub = FakeOcp::always(&json(r#"{"data":1}"#));
    let gateway = TestGateway::with(args(&stub.url(), Auth::AkSk), &KEYS, |limits| {
        limits.client_head = Duration::from_secs(600);
        limits.idle = Duration::from_millis(300);
    });
    let text = gateway.raw(format!("GET {PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes());
    assert_eq!(status(&text), 200, "{text}");
    testing::eventually("it is closed", || gateway.metric("obrt_gateway_connections") == 1);
}

#[test]
fn a_client_that_takes_nothing_is_left() {
    let large = format!(r#"{{"data":"{}"}}"#, "x".repeat(32 << 20));
    let stub = FakeOcp::always(&json(&large));
    let gateway = TestGateway::with(args(&stub.url(), Auth::AkSk), &KEYS, |limits| {
        limits.write = Duration::from_millis(300);
    });
    let mut socket = TcpStream::connect(gateway.address).unwrap();
    write!(socket, "GET {PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    testing::eventually("the connection is given up", || {
        stub.count() == 1 && gateway.metric("obrt_gateway_connections") == 1
    });
}

#[test]
fn connections_are_bounded_and_the_others_wait() {
    let stub = FakeOcp::always(&json(r#"{"data":1}"#));
    let mut few = args(&stub.url(), Auth::AkSk);
    few.max_connections = Some(2);
    let gateway = TestGateway::with(few, &KEYS, |_| ());
    let first = TcpStream::connect(gateway.address).unwrap();
    let _second = TcpStream::connect(gateway.address).unwrap();
    let mut third = TcpStream::connect(gateway.address).unwrap();
    write!(
        third,
        "GET {PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    third.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let mut text = String::new();
    assert!(third.read_to_string(&mut text).is_err(), "{text}");
    drop(first);
    third.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    third.read_to_string(&mut text).unwrap();
    assert_eq!(status(&text), 200, "{text}");
}
