//! The demo's binary as a script sees it: one line on standard output, signals, refusals, and a file that
//! keeps the data.
#![cfg(feature = "demo")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod testing;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use testing::demo::tasks;
use testing::process::{self, BINARY, Process};

const SOON: Duration = Duration::from_secs(10);

fn start(more: &[&str]) -> Process {
    Process::start(process::demo(more))
}

fn run(args: &[&str]) -> (bool, String, String) {
    let mut command = Command::new(BINARY);
    command.args(args);
    process::run(command, SOON)
}

/// Sends a request without waiting for the answer.
fn ask(demo: &Process, path: &str) -> TcpStream {
    let mut socket = TcpStream::connect(&demo.address).unwrap();
    write!(
        socket,
        "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    socket
}

fn get(demo: &Process, path: &str) -> String {
    let mut text = String::new();
    ask(demo, path).read_to_string(&mut text).unwrap();
    text
}

/// Ends it by the signal, soon and without further output.
fn end(demo: Process, signal: &str) {
    assert_eq!(demo.end(signal, SOON).0, "");
}

#[test]
fn it_says_where_it_listens_and_ends_on_signals() {
    for signal in ["-TERM", "-INT"] {
        let running = start(&[]);
        assert!(get(&running, "/api/v2/x").starts_with("HTTP/1.1 404"));
        end(running, signal);
    }
    // While the tasks of a cluster are being generated.
    let running = start(&[]);
    let _waits = ask(&running, &format!("{}?page=1&size=1", tasks(1_300_000)));
    end(running, "-TERM");
}

#[test]
fn a_stalled_answer_does_not_hold_it_up() {
    let running = start(&["--faults"]);
    let mut socket = TcpStream::connect(&running.address).unwrap();
    write!(
        socket,
        "GET /faults/stall-headers/api/x HTTP/1.1\r\nhost: x\r\n\r\n"
    )
    .unwrap();
    end(running, "-TERM");
}

#[test]
fn it_refuses_to_listen_beyond_loopback() {
    for address in ["0.0.0.0:0", "[::]:0"] {
        let (fine, out, err) = run(&["demo", "--listen", address]);
        assert!(!fine && out.is_empty());
        assert!(
            err.contains("loopback") && err.contains(address.split(':').next().unwrap()),
            "{err}"
        );
    }
    let running = start(&[]);
    let (fine, _, err) = run(&["demo", "--listen", &running.address]);
    assert!(!fine && err.contains("can't listen"), "{err}");
}

#[test]
fn a_file_keeps_the_data() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("demo.db");
    let options = ["--db", file.to_str().unwrap()];
    let path = format!("{}?page=1&size=1", tasks(1_010_000));
    let contents =
        |text: &str| text[text.find("\"contents\"").unwrap()..text.find("\"duration\"").unwrap()].to_owned();
    let first = start(&options);
    let before = contents(&get(&first, &path));
    end(first, "-TERM");
    let second = start(&options);
    let after = contents(&get(&second, &path));
    end(second, "-INT");
    assert!(before.contains("\"totalElements\":10000,"));
    assert_eq!(before, after);

    std::fs::write(
        &file,
        "not a database at all, and certainly not one of this server's".repeat(100),
    )
    .unwrap();
    let (fine, _, err) = run(&["demo", "--listen", "127.0.0.1:0", "--db", file.to_str().unwrap()]);
    assert!(!fine && err.contains("no database of this server"), "{err}");
}

#[test]
fn tasks_that_were_half_made_when_it_was_killed_are_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("demo.db");
    let options = ["--db", file.to_str().unwrap()];
    let path = format!("{}?page=1&size=1", tasks(1_100_000));
    let mut killed = start(&options);
    let _waits = ask(&killed, &path);
    let database = rusqlite::Connection::open(&file).unwrap();
    database.busy_timeout(Duration::from_secs(5)).unwrap();
    let count = || -> i64 {
        database
            .query_row("SELECT count(*) FROM task", [], |row| row.get(0))
            .unwrap()
    };
    let until = Instant::now() + Duration::from_secs(60);
    while count() == 0 {
        assert!(Instant::now() < until, "nothing is made");
    }
    killed.child.kill().unwrap();
    killed.child.wait().unwrap();
    let half = count();
    assert!((1..100_000).contains(&half), "{half} were made");
    drop(database);
    let again = start(&options);
    assert!(get(&again, &path).contains("\"totalElements\":100000,"));
}

#[test]
fn help_is_the_manual() {
    for args in [["--help"].as_slice(), &["demo", "--help"]] {
        let (fine, out, _) = run(args);
        assert!(
            fine && out.contains("1100000") && out.contains("reset-body"),
            "{out}"
        );
    }
}

#[test]
fn the_demo_asks_for_secrets_to_ask_for() {
    let output = Command::new(BINARY)
        .args(["demo", "--require-auth"])
        .env_clear()
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && error.contains("OCP_USERNAME") && error.contains("OCP_ACCESS_KEY_ID"),
        "{error}"
    );
}
