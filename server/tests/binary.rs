//! The binary as a script sees it: one line on standard output, signals, refusals, and a file that keeps the
//! data.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::tasks;

const BINARY: &str = env!("CARGO_BIN_EXE_ob-restore-tasks-server");

struct Running {
    child: Child,
    address: String,
    out: BufReader<std::process::ChildStdout>,
}

impl Running {
    fn start(more: &[&str]) -> Self {
        let mut child = Command::new(BINARY)
            .args(["demo", "--listen", "127.0.0.1:0"])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line
            .strip_prefix("listening on http://")
            .unwrap()
            .trim_end()
            .to_owned();
        assert!(!address.ends_with(":0"));
        Self { child, address, out }
    }

    /// Sends a request without waiting for the answer.
    fn ask(&self, path: &str) -> TcpStream {
        let mut socket = TcpStream::connect(&self.address).unwrap();
        write!(
            socket,
            "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        socket
    }

    fn get(&self, path: &str) -> String {
        let mut text = String::new();
        self.ask(path).read_to_string(&mut text).unwrap();
        text
    }

    /// Sends the signal. The process must end by itself, soon, with success and without further output.
    fn end(mut self, signal: &str) {
        let sent = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        let until = Instant::now() + Duration::from_secs(10);
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < until, "still there after {signal}");
            std::thread::sleep(Duration::from_millis(20));
        };
        assert!(status.success(), "{signal}: {status}");
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn run(args: &[&str]) -> (bool, String, String) {
    let mut child = Command::new(BINARY)
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // If it serves although it must not, the test must not wait for ever.
    let until = Instant::now() + Duration::from_secs(10);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > until {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.success(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn it_says_where_it_listens_and_ends_on_signals() {
    for signal in ["-TERM", "-INT"] {
        let running = Running::start(&[]);
        assert!(running.get("/api/v2/x").starts_with("HTTP/1.1 404"));
        running.end(signal);
    }
    // While the tasks of a cluster are being generated.
    let running = Running::start(&[]);
    let _waits = running.ask(&format!("{}?page=1&size=1", tasks(1_300_000)));
    running.end("-TERM");
}

#[test]
fn a_stalled_answer_does_not_hold_it_up() {
    let running = Running::start(&["--faults"]);
    let mut socket = TcpStream::connect(&running.address).unwrap();
    write!(
        socket,
        "GET /faults/stall-headers/api/x HTTP/1.1\r\nhost: x\r\n\r\n"
    )
    .unwrap();
    running.end("-TERM");
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
    let running = Running::start(&[]);
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
    let first = Running::start(&options);
    let before = contents(&first.get(&path));
    first.end("-TERM");
    let second = Running::start(&options);
    let after = contents(&second.get(&path));
    second.end("-INT");
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
    let mut killed = Running::start(&options);
    let _waits = killed.ask(&path);
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
    let again = Running::start(&options);
    assert!(again.get(&path).contains("\"totalElements\":100000,"));
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
