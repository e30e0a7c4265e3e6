//! What the gateway refuses at its start, and how its operator is told.
#![cfg(feature = "gateway")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod testing;

use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::Duration;

use testing::process::{BINARY, gateway, run};
use testing::{AK, SK};

/// Starts one that must refuse, and returns its standard error.
fn refused(args: &[&str], vars: &[(&str, &str)]) -> String {
    let (success, out, err) = run(gateway(args, vars), Duration::from_secs(30));
    assert!(!success && out.is_empty(), "{args:?}");
    err
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
