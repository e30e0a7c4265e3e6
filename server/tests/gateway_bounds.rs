//! What the gateway does with its own means: memory, open files, the time of its connections.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use common::gateway::{KEYS, Passing, Stub, args, json};
use ob_restore_tasks_server::Auth;

/// A connection that has asked, and takes nothing.
fn slow(gateway: &Passing, path: &str) -> TcpStream {
    let mut socket = TcpStream::connect(gateway.address).unwrap();
    write!(socket, "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    socket
}

#[test]
fn a_file_of_the_page_must_be_taken_in_time_too() {
    let stub = Stub::saying(&json("{}"));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("large.bin"), vec![b'x'; 64 << 20]).unwrap();
    let mut with = args(&stub.url(), Auth::AkSk);
    with.dist = Some(folder.path().to_owned());
    let gateway = Passing::with(with, &KEYS, |limits| limits.write = Duration::from_secs(1));
    let mut socket = slow(&gateway, "/large.bin");
    // A little now and then, so that something is written all the time: some 20 s for the whole.
    let start = Instant::now();
    let (mut buffer, mut got) = (vec![0; 64 << 10], 0);
    while let Ok(n @ 1..) = socket.read(&mut buffer) {
        got += n;
        std::thread::sleep(Duration::from_millis(20));
        assert!(
            start.elapsed() < Duration::from_secs(9),
            "{got} bytes, and it goes on"
        );
    }
    assert!(got < 64 << 20);
    // Who takes it takes it all, one after the other on one connection.
    let mut socket = slow(&gateway, "/large.bin");
    for n in 1..=3 {
        let mut left = 64 << 20;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            socket.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        while left > 0 {
            left -= socket.read(&mut buffer[..left.min(64 << 10)]).unwrap();
        }
        // Longer than an answer may take: it is counted from its own beginning.
        std::thread::sleep(Duration::from_millis(700 * n));
        write!(socket, "GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    }
}
