//! The gateway as its operator sees it: refusals at the start, signals, the log, and that secrets stay
//! secret.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::gateway::{AK, PATH, SK, Stub, ask, eventually, http, json};

const BINARY: &str = env!("CARGO_BIN_EXE_ob-restore-tasks-server");
const TOKEN: &str = "planted-access-token";

fn command(args: &[&str], vars: &[(&str, &str)]) -> Command {
    with_files(1024, args, vars)
}

/// Runs with a limit of this many open files.
fn with_files(most: u32, args: &[&str], vars: &[(&str, &str)]) -> Command {
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", &format!("ulimit -n {most}; exec \"$0\" \"$@\""), BINARY])
        .arg("gateway")
        .args(args)
        .env_clear()
        .envs(vars.iter().copied());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Starts one that must refuse, and returns its standard error.
fn refused(args: &[&str], vars: &[(&str, &str)]) -> String {
    let mut child = command(args, vars).spawn().unwrap();
    eventually("it ends", || child.try_wait().unwrap().is_some());
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success() && output.stdout.is_empty(), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

struct Running {
    child: Child,
    url: String,
    out: BufReader<std::process::ChildStdout>,
}

impl Running {
    fn start(args: &[&str], vars: &[(&str, &str)]) -> Self {
        Self::of(command(args, vars))
    }

    fn of(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let url = line
            .strip_prefix("listening on ")
            .unwrap_or_else(|| panic!("{line:?}"))
            .trim_end()
            .to_owned();
        Self { child, url, out }
    }

    fn signal(&self) {
        let sent = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Ends it with success, and returns what it wrote after its first line, on both outputs.
    fn end(mut self) -> (String, String) {
        self.signal();
        eventually("it ends", || self.child.try_wait().unwrap().is_some());
        assert!(self.child.wait().unwrap().success());
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).unwrap();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut err)
            .unwrap();
        (out, err)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[test]
fn what_is_not_safe_does_not_start() {
    let keys = [("OCP_ACCESS_KEY_ID", AK), ("OCP_ACCESS_KEY_SECRET", SK)];
    let basic = [
        ("OCP_USERNAME", "u"),
        ("OCP_PASSWORD", SK),
        ("OCP_PASSWORD_FILE", "/x"),
    ];
    let outside = [
        "--upstream",
        "http://localhost:1",
        "--auth",
        "ak-sk",
        "--listen",
        "0.0.0.0:0",
    ];
    let short = [keys[0], keys[1], ("OBRT_ACCESS_TOKEN", "planted-shorty")];
    for (args, vars, wanted) in [
        (&[][..], &[][..], "--upstream"),
        (&outside[..2], &keys, "--auth"),
        (&outside[..4], &[], "OCP_ACCESS_KEY_ID"),
        (&outside[..4], &keys[..1], "OCP_ACCESS_KEY_SECRET_FILE"),
        (&outside, &keys, "OBRT_ACCESS_TOKEN"),
        (&outside, &short, "16 characters"),
        // On loopback it would start without an access rule: a rule that was meant must not be lost.
        (
            &outside[..4],
            &[keys[0], keys[1], ("OBRT_ACCESS_TOKEN", "")],
            "OBRT_ACCESS_TOKEN is set, but empty",
        ),
        (
            &outside[..4],
            &[keys[0], keys[1], ("OBRT_ACCESS_TOKEN_FILE", "")],
            "OBRT_ACCESS_TOKEN_FILE is set, but empty",
        ),
        (
            &["--upstream", "http://u:planted@ocp", "--auth", "session"],
            &[],
            "OCP_PASSWORD",
        ),
        (
            &["--upstream", "http://ocp", "--auth", "basic"],
            &basic,
            "both set",
        ),
        (
            &["--upstream", "http://ocp", "--auth", "none"],
            &[],
            "possible values",
        ),
        (
            &[
                "--upstream",
                "http://ocp",
                "--auth",
                "session",
                "--password",
                "planted",
            ],
            &[],
            "--password",
        ),
        (
            &[
                "--upstream",
                "http://ocp",
                "--auth",
                "session",
                "--config",
                "/no/such",
            ],
            &[],
            "/no/such",
        ),
        (
            &["--upstream", "http://ocp", "--auth", "session", "--cache", "11"],
            &[],
            "0 to 10",
        ),
    ] {
        let error = refused(args, vars);
        assert!(error.contains(wanted), "{args:?}: {error}");
        assert!(!error.contains("planted"), "{args:?}: {error}");
    }
}

/// A collector of JSON lines must be able to read why the service does not start.
#[test]
fn what_stops_it_is_told_in_the_form_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let session = "upstream = \"http://localhost:1\"\nauth = \"session\"\nlog = \"json\"\n";
    let outside = file("outside.toml", &format!("{session}listen = \"0.0.0.0:0\""));
    let broken = file("broken.toml", &format!("{session}listen = "));
    let no_ca = file("no-ca.toml", &format!("{session}ca = \"/no/such.pem\""));
    let token = [("OBRT_ACCESS_TOKEN", "")];
    let start = format!("--config {}", folder.path().display());
    for (args, vars, wanted) in [
        (
            &["--config", &outside][..],
            &[][..],
            "/outside.toml: listen 0.0.0.0:0: refused",
        ),
        (&["--config", &broken], &[], "/broken.toml: line 4"),
        (&["--config", &no_ca], &[], "/no-ca.toml: ca /no/such.pem"),
        (
            &["--config", &no_ca, "--ca", "/none.pem"],
            &[],
            "--ca /none.pem: No such file",
        ),
        (
            &["--config", &no_ca],
            &token,
            "OBRT_ACCESS_TOKEN is set, but empty",
        ),
        (&["--log", "json"], &[], "gateway needs --upstream"),
        (&["--log=json", "--nonsense"], &[], "--nonsense"),
    ] {
        let error = refused(args, vars);
        let lines: Vec<serde_json::Value> = error
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{error}")))
            .collect();
        let line = lines.last().unwrap();
        let message = line["message"].as_str().unwrap();
        assert!(message.contains(wanted), "{args:?}: {error}");
        assert!(!wanted.starts_with('/') || message.starts_with(&start), "{error}");
        assert_eq!(line["level"], "ERROR");
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
    }
    // Otherwise in text.
    let error = refused(&["--config", &outside, "--log", "text"], &[]);
    assert!(error.starts_with("ob-restore-tasks-server: --config "), "{error}");
}

#[test]
fn a_file_that_may_not_be_read_is_named_and_so_is_who_may_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, SK).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o000)).unwrap();
    let path = file.to_str().unwrap();
    if std::fs::read(&file).is_ok() {
        // Root may read every file.
        return;
    }
    let vars = [("OCP_ACCESS_KEY_ID", AK), ("OCP_ACCESS_KEY_SECRET_FILE", path)];
    let error = refused(&["--upstream", "http://localhost:1", "--auth", "ak-sk"], &vars);
    assert!(
        error.contains(path) && error.contains("this runs as user "),
        "{error}"
    );
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
        let running = Running::start(&args, vars);
        let listen = running.url.trim_start_matches("http://").to_owned();
        let (_, err) = running.end();
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

#[test]
fn it_ends_when_answers_under_way_have_ended() {
    let stub = Stub::start(|_, socket| {
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
    let running = Running::start(&args, &[]);
    let address = running.url.trim_start_matches("http://").to_owned();
    // An idle connection delays nothing.
    let mut idle = TcpStream::connect(&address).unwrap();
    write!(idle, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    idle.read_exact(&mut [0; 16]).unwrap();
    let url = format!("{}{PATH}", running.url);
    let asking = std::thread::spawn(move || ask(&url, "GET", &[("cookie", "JSESSIONID=x")]).text());
    eventually("it asks", || stub.count() == 1);
    let (out, _) = running.end();
    assert_eq!(asking.join().unwrap(), r#"{"data":"late"}"#);
    assert_eq!(out, "");
    assert!(TcpStream::connect(&address).is_err());
}

#[test]
fn clients_leave_ocp_a_file_to_be_asked_by() {
    let stub = Stub::saying(&json(r#"{"data":1}"#));
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
    let running = Running::of(with_files(96, &args, &[]));
    let address = running.url.trim_start_matches("http://");
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
    let (_, err) = running.end();
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
                let stub = Stub::saying(reply);
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
                let running = Running::start(&args, &vars);
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
                    let answer = ask(&format!("{}{path}", running.url), "GET", &headers);
                    told += &format!("{:?}\n{}\n", answer.headers, answer.text());
                }
                assert!(stub.count() > 0);
                let (out, err) = running.end();
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
    let stub = Stub::saying(&json(r#"{"data":1,"traceId":"abc123"}"#));
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
    let running = Running::start(&args, &[]);
    let url = format!("{}{PATH}", running.url);
    let signed_in = [("cookie", "JSESSIONID=x")];
    for headers in [&signed_in[..], &signed_in, &[]] {
        ask(&url, "GET", headers);
    }
    ask(&format!("{}/none", running.url), "GET", &[]);
    let (_, err) = running.end();
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

#[test]
fn help_is_the_manual() {
    let output = Command::new(BINARY).args(["gateway", "--help"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for word in [
        "--upstream",
        "--auth",
        "--listen",
        "--dist",
        "--ca",
        "--config",
        "--session-cookie",
        "--access-header",
        "--host",
        "--cache",
        "--max-upstream",
        "--max-connections",
        "--log",
        "OCP_ACCESS_KEY_ID",
        "OCP_ACCESS_KEY_SECRET",
        "OCP_USERNAME",
        "OCP_PASSWORD",
        "_FILE",
        "OBRT_ACCESS_TOKEN",
        "/healthz",
        "/metrics",
        "SIGTERM",
    ] {
        assert!(text.contains(word), "{word}");
    }
}
