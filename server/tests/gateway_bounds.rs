//! The gateway's own resources: memory, open files, the time of its connections.
#![cfg(feature = "gateway")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod testing;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use ob_restore_tasks_server::Auth;
use testing::gateway::{TestGateway, args};
use testing::ocp::{FakeOcp, json};
use testing::{KEYS, PATH, eventually};

fn page(n: usize) -> String {
    PATH.replace("page=1&", &format!("page={n}&"))
}

/// A connection that has sent a request and reads nothing.
fn slow(gateway: &TestGateway, path: &str) -> TcpStream {
    let mut socket = TcpStream::connect(gateway.address).unwrap();
    write!(socket, "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    socket
}

#[test]
fn answers_take_only_so_much_memory() {
    let large = format!(r#"{{"data":"{}"}}"#, "x".repeat(8 << 20));
    let stub = FakeOcp::start(move |head, socket| {
        let small = head.contains("page=99&");
        let body = if small { r#"{"data":1}"# } else { &large };
        let _ = socket.write_all(json(body).as_bytes());
    });
    let gateway = TestGateway::with(args(&stub.url(), Auth::Session), &[], |limits| {
        limits.memory = 20 << 20;
    });
    let session = [("cookie", "JSESSIONID=x")];
    let ask = |n: usize| gateway.ask("GET", &page(n), &session);
    assert_eq!(ask(1).status, 200);
    // Two answers fit; the buffers of the systems hold less than one.
    let mut sockets = Vec::new();
    for n in 2..4 {
        let mut socket = TcpStream::connect(gateway.address).unwrap();
        let path = page(n);
        write!(
            socket,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: JSESSIONID=x\r\n\r\n"
        )
        .unwrap();
        socket.read_exact(&mut [0; 16]).unwrap();
        sockets.push(socket);
    }
    let answer = ask(4);
    assert_eq!(answer.status, 503, "{}", answer.text().len());
    assert!((1..=5).contains(&answer.header("retry-after").parse::<u64>().unwrap()));
    assert!(answer.text().contains("room"), "{}", answer.text());
    assert_eq!(ask(99).status, 200, "a small one fits");
    assert!(gateway.get("/healthz").text().contains("\"up\""));
    drop(sockets);
    eventually("it is given back", || ask(5).status == 200);
}

#[test]
fn a_file_of_the_page_must_be_taken_in_time_too() {
    let stub = FakeOcp::always(&json("{}"));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("large.bin"), vec![b'x'; 64 << 20]).unwrap();
    std::fs::write(folder.path().join("other.bin"), vec![b'x'; 1 << 20]).unwrap();
    let mut with = args(&stub.url(), Auth::AkSk);
    with.dist = Some(folder.path().to_owned());
    let gateway = TestGateway::with(with, &KEYS, |limits| limits.write = Duration::from_millis(500));
    let mut socket = slow(&gateway, "/large.bin");
    // Slowly, so that something is written all the time: at least 20 s for the whole.
    let (mut buffer, mut got) = (vec![0; 64 << 10], 0);
    while let Ok(n @ 1..) = socket.read(&mut buffer) {
        got += n;
        std::thread::sleep(Duration::from_millis(20));
        assert!(got < 64 << 20, "it was given all the time that it took");
    }
    // A client that reads gets everything, one answer after the other on one connection.
    let mut socket = slow(&gateway, "/other.bin");
    for n in 1..=3 {
        let mut left = 1 << 20;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            socket.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        while left > 0 {
            let n = socket.read(&mut buffer[..left.min(64 << 10)]).unwrap();
            assert!(n > 0, "it was closed");
            left -= n;
        }
        if n == 3 {
            break;
        }
        // Together longer than an answer may take: the time is counted from the start of each answer.
        std::thread::sleep(Duration::from_millis(350 * n));
        write!(socket, "GET /other.bin HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    }
}

#[test]
fn a_handshake_that_stalls_is_one_that_can_not_be_reached() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let upstream = format!("https://{}", silent.local_addr().unwrap());
    let gateway = TestGateway::with(args(&upstream, Auth::AkSk), &KEYS, |limits| {
        limits.connect = Duration::from_millis(300);
        limits.ocp_headers = Duration::from_secs(120);
    });
    let start = Instant::now();
    let answer = gateway.get(PATH);
    assert_eq!(answer.status, 502, "{}", answer.text());
    assert!(
        answer.text().contains("can't be reached") && answer.text().contains("TLS"),
        "{}",
        answer.text()
    );
    assert!(start.elapsed() < Duration::from_secs(60));
    assert!(gateway.get("/healthz").text().contains("\"down\""));
}

#[test]
fn pages_of_other_sites_have_nothing_asked() {
    let stub = FakeOcp::always(&json("{}"));
    let gateway = TestGateway::start(&stub.url(), Auth::AkSk);
    let from = |site| gateway.ask("GET", PATH, &[("sec-fetch-site", site)]);
    let answer = from("cross-site");
    assert_eq!((answer.status, stub.count()), (403, 0));
    assert!(answer.text().contains("another site"), "{}", answer.text());
    for site in ["same-origin", "same-site", "none"] {
        let answer = from(site);
        assert_eq!(answer.status, 200, "{site}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
    }
    // A link on another site may open the page itself.
    assert_ne!(
        gateway
            .ask("GET", "/", &[("sec-fetch-site", "cross-site")])
            .status,
        403
    );
}
