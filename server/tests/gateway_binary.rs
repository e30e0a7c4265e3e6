//! The gateway as its operator sees it while it runs: signals, the log, and that secrets stay secret.
#![cfg(feature = "gateway")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod testing;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use testing::client::ask;
use testing::ocp::{FakeOcp, http, json};
use testing::process::{Process, gateway, gateway_with_files};
use testing::{AK, PATH, SK, eventually};

const TOKEN: &str = "planted-access-token";

fn start(args: &[&str], vars: &[(&str, &str)]) -> Process {
    Process::start(gateway(args, vars))
}

/// Ends it, and returns what it wrote after its first line, on both outputs.
fn end(running: Process) -> (String, String) {
    running.end("-TERM", Duration::from_secs(30))
}

#[test]
fn the_log_says_how_it_was_started_and_that_it_stops() {
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    let key = rcgen::generate_simple_self_signed(vec!["ocp".to_owned()]).unwrap();
    std::fs::write(&ca, key.cert.pem()).unwrap();
    let ca = ca.to_str().unwrap();
    let keys = [("OCP_ACCESS_KEY_ID", AK), ("OCP_ACCESS_KEY_SECRET", SK)];
    let with_token = [keys[0], keys[1], ("OBRT_ACCESS_TOKEN", TOKEN)];
    for (more, vars, access, hosts) in [
        (&[][..], &keys[..], "none: loopback only", ""),
        (
            &["--host", "a", "--host", "b"],
            &keys,
            "none: loopback only",
            "a b",
        ),
        (
            &["--access-header", "X-User", "--host", "a"],
            &keys,
            "header x-user",
            "a",
        ),
        (&[], &with_token, "token", ""),
    ] {
        let mut args = vec![
            "--upstream",
            "https://ocp:8080",
            "--auth",
            "ak-sk",
            "--log",
            "json",
        ];
        args.extend(["--listen", "127.0.0.1:0", "--ca", ca]);
        args.extend(more);
        let running = start(&args, vars);
        let listen = running.address.clone();
        let (_, err) = end(running);
        let lines: Vec<serde_json::Value> = err
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{err}")))
            .collect();
        let started = lines.iter().find(|line| line["message"] == "started").unwrap();
        assert_eq!(started["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(started["upstream"], "https://ocp:8080");
        assert_eq!(started["auth"], "ak-sk");
        assert_eq!(
            (&started["access"], &started["hosts"]),
            (&access.into(), &hosts.into())
        );
        assert_eq!(started["listen"], listen);
        assert!(started["ca"].as_str().unwrap().ends_with(ca));
        let last = lines.last().unwrap()["message"].as_str().unwrap();
        assert!(last.starts_with("stopping: "), "{err}");
    }
}

#[test]
fn it_ends_when_answers_under_way_have_ended() {
    let stub = FakeOcp::start(|_, socket| {
        std::thread::sleep(Duration::from_millis(700));
        let _ = socket.write_all(json(r#"{"data":"late"}"#).as_bytes());
    });
    let args = [
        "--upstream",
        &stub.url(),
        "--auth",
        "session",
        "--listen",
        "127.0.0.1:0",
    ];
    let running = start(&args, &[]);
    let address = running.address.clone();
    // An idle connection delays nothing.
    let mut idle = TcpStream::connect(&address).unwrap();
    write!(idle, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    idle.read_exact(&mut [0; 16]).unwrap();
    let url = running.url(PATH);
    let asking = std::thread::spawn(move || ask(&url, "GET", &[("cookie", "JSESSIONID=x")]).text());
    eventually("it asks", || stub.count() == 1);
    let (out, _) = end(running);
    assert_eq!(asking.join().unwrap(), r#"{"data":"late"}"#);
    assert_eq!(out, "");
    assert!(TcpStream::connect(&address).is_err());
}

#[test]
fn clients_leave_ocp_a_file_to_be_asked_by() {
    let stub = FakeOcp::always(&json(r#"{"data":1}"#));
    let upstream = stub.url();
    let args = [
        "--upstream",
        &upstream,
        "--auth",
        "session",
        "--listen",
        "127.0.0.1:0",
        "--cache",
        "0",
    ];
    let running = Process::start(gateway_with_files(96, &args, &[]));
    let address = running.address.as_str();
    let mut socket = TcpStream::connect(address).unwrap();
    let mut ask = || {
        write!(
            socket,
            "GET {PATH} HTTP/1.1\r\nHost: localhost\r\nCookie: JSESSIONID=x\r\n\r\n"
        )
        .unwrap();
        let mut got = [0; 12];
        socket.read_exact(&mut got).unwrap();
        let mut rest = [0; 4096];
        let _ = socket.read(&mut rest).unwrap();
        String::from_utf8_lossy(&got).into_owned()
    };
    assert_eq!(ask(), "HTTP/1.1 200");
    let idle: Vec<_> = (0..100).map(|_| TcpStream::connect(address).unwrap()).collect();
    std::thread::sleep(Duration::from_millis(500));
    for _ in 0..3 {
        assert_eq!(ask(), "HTTP/1.1 200");
    }
    drop((idle, socket));
    let (_, err) = end(running);
    assert!(err.contains("96 open files allow: 24 at most"), "{err}");
    assert!(!err.contains("could not be taken"), "{err}");
}

/// Each secret is planted; everything that the gateway sends or logs is searched for it.
#[test]
fn no_secret_is_ever_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, format!("{SK}\n")).unwrap();
    let replies = [
        json(r#"{"data":1,"traceId":"abc123"}"#),
        http(
            "401 x",
            "content-type: application/json\r\nset-cookie: JSESSIONID=planted-by-ocp\r\n",
            r#"{"error":{"code":"IAM10000"}}"#,
        ),
        http("302 x", "location: http://planted-host/?token=planted\r\n", ""),
        "nonsense planted\r\n\r\n".to_owned(),
        String::new(),
    ];
    let ways = [
        (
            "ak-sk",
            vec![
                ("OCP_ACCESS_KEY_ID", AK),
                ("OCP_ACCESS_KEY_SECRET_FILE", file.to_str().unwrap()),
            ],
        ),
        (
            "basic",
            vec![("OCP_USERNAME", "planted-user"), ("OCP_PASSWORD", SK)],
        ),
        ("session", vec![]),
    ];
    let try_out = |auth: &str, vars: &[(&'static str, &str)]| {
        for form in ["text", "json"] {
            for reply in &replies {
                let stub = FakeOcp::always(reply);
                let upstream = stub.url();
                let args = [
                    "--upstream",
                    &upstream,
                    "--auth",
                    auth,
                    "--listen",
                    "127.0.0.1:0",
                    "--cache",
                    "0",
                    "--log",
                    form,
                ];
                let mut vars = vars.to_vec();
                vars.extend([("OBRT_ACCESS_TOKEN", TOKEN), ("RUST_LOG", "trace")]);
                let running = start(&args, &vars);
                let token = format!("Bearer {TOKEN}");
                let mut told = String::new();
                for (path, authorization) in [
                    (PATH, token.as_str()),
                    (PATH, "Bearer planted-guess"),
                    ("/metrics", &token),
                    ("/healthz", ""),
                    ("/", &token),
                    ("/planted-path?x=planted", &token),
                    ("/api/planted-path?planted=planted", &token),
                    (
                        "/api/v2/ob/clusters/1/backup/task/restoreTasks?page=planted&size=1",
                        &token,
                    ),
                    (
                        "/api/v2/ob/clusters/planted/backup/task/restoreTasks?page=1&size=1",
                        &token,
                    ),
                ] {
                    let headers = [
                        ("authorization", authorization),
                        ("cookie", "JSESSIONID=planted-session; a=planted"),
                    ];
                    let answer = ask(&running.url(path), "GET", &headers);
                    told += &format!("{:?}\n{}\n", answer.headers, answer.text());
                }
                assert!(stub.count() > 0);
                let (out, err) = end(running);
                assert!(
                    err.contains("\"route\":\"api\"") || err.contains("route=\"api\""),
                    "{err}"
                );
                for (what, text) in [("an answer", &told), ("standard output", &out), ("the log", &err)] {
                    let line = text.lines().find(|line| line.contains("planted"));
                    assert_eq!(line, None, "{what}, --auth {auth}, {reply:?}");
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for (auth, vars) in &ways {
            scope.spawn(move || try_out(auth, vars));
        }
    });
}

#[test]
fn the_log_has_a_line_for_each_request() {
    let stub = FakeOcp::always(&json(r#"{"data":1,"traceId":"abc123"}"#));
    let upstream = stub.url();
    let args = [
        "--upstream",
        &upstream,
        "--auth",
        "session",
        "--listen",
        "127.0.0.1:0",
        "--log",
        "json",
    ];
    let running = start(&args, &[]);
    let url = running.url(PATH);
    let signed_in = [("cookie", "JSESSIONID=x")];
    for headers in [&signed_in[..], &signed_in, &[]] {
        ask(&url, "GET", headers);
    }
    ask(&running.url("/none"), "GET", &[]);
    let (_, err) = end(running);
    let lines: Vec<serde_json::Value> = err
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let lines: Vec<_> = lines.iter().filter(|line| line["message"] == "request").collect();
    let told = |key: &str| {
        lines
            .iter()
            .map(|line| line[key].to_string().replace('"', ""))
            .collect::<Vec<_>>()
    };
    assert_eq!(told("method"), ["GET", "GET", "GET", "GET"], "{err}");
    assert_eq!(told("route"), ["api", "api", "api", "page"]);
    assert_eq!(told("status"), ["200", "200", "401", "404"]);
    assert_eq!(told("from"), ["upstream", "hit", "refused", "null"]);
    assert_eq!(told("cluster")[..2], ["1000005", "1000005"]);
    assert_eq!(told("trace_id")[..2], ["abc123", "abc123"]);
    assert!(lines.iter().all(|line| line["ms"].is_u64()));
}
