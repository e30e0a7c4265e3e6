//! Tests of the file: the same options as the command line, which wins, and errors that name the line alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use clap::Args as _;

use super::*;
use crate::gateway::access::Access;
use crate::gateway::settings::Settings;

/// The settings of this command line.
fn read_settings(line: &[&str]) -> Result<Settings, String> {
    let command = GatewayArgs::augment_args(clap::Command::new("gateway").no_binary_name(true));
    let matches = command.get_matches_from(line);
    let args = GatewayArgs::from_arg_matches(&matches).unwrap();
    let env = |name: &str| {
        let value = match name {
            "OCP_ACCESS_KEY_ID" => "ak",
            "OCP_ACCESS_KEY_SECRET" => "sk",
            _ => return None,
        };
        Some(value.into())
    };
    with_file(args, &matches)
        .and_then(|args| Settings::read(args, &env))
        .map_err(|error| error.to_string())
}

#[test]
fn a_file_says_the_same_and_the_command_line_wins() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gateway.toml");
    let with = |text: &str, more: &[&str]| {
        std::fs::write(&file, text).unwrap();
        read_settings(&[&["--config", file.to_str().unwrap()], more].concat())
    };
    let all = r#"
        upstream = "https://ocp:8080"
        auth = "ak-sk"
        listen = "127.0.0.1:9999"
        cache = 3
        host = ["a", "b"]
        max-upstream = 2
        max-connections = 7
        log = "json"
        dist = "d"
        ca = "c"
    "#;
    let settings = with(all, &[]).unwrap();
    assert_eq!(settings.listen.port(), 9999);
    assert_eq!(settings.cache_time, Duration::from_secs(3));
    assert_eq!((settings.max_upstream, settings.max_connections), (2, 7));
    assert_eq!(settings.log, LogFormat::Json);
    let settings = with(all, &["--cache", "5", "--host", "c"]).unwrap();
    assert_eq!(settings.cache_time, Duration::from_secs(5));
    assert!(matches!(&settings.access, Access::Local { names } if names == &["c"]));

    for (text, wanted) in [
        ("upstreams = \"x\"", "upstreams"),
        ("config = \"x\"", "config"),
        ("cache = \"1\"", "line 1"),
        ("cache = ", "line 1"),
        (
            "auth = \"ak-sk\"\n\n cache = 11",
            "line 3: `cache`: must be 0 to 10",
        ),
        ("max-upstream = 7777", "line 1: `max-upstream`: must be 1 to 1024"),
        ("\"max-connections\" = 0", "line 1: `max-connections`"),
        ("\nhost = [\"planted:80\"]", "line 2: `host`: must be a name"),
        ("access-header = \"plan ted\"", "line 1: `access-header`"),
        ("session-cookie = [\"planted;\"]", "line 1: `session-cookie`"),
        (
            "cache = \"planted, expected u64\"",
            "line 1: the value must be another: expected u64",
        ),
        (
            "auth = \"planted\"",
            "line 1: the value must be another: expected one of `basic`",
        ),
        ("cache = -7777", "line 1"),
        (
            "\n upstream = \"https://u:planted@ocp\"",
            "line 2: `upstream`: the address has",
        ),
        ("listen = \"planted\"", "line 1: `listen`: must be an address"),
        ("password = \"planted\"", "environment"),
        ("ocp_access_key_secret = \"planted\"", "environment"),
        ("access-token = \"planted\"", "environment"),
        ("\n\npassword \"planted\"", "line 3"),
    ] {
        let error = with(text, &[]).unwrap_err();
        assert!(
            error.contains(wanted) && error.contains("gateway.toml"),
            "{error}"
        );
        assert!(
            ["planted", "7777", "plan ted", "not 11"]
                .iter()
                .all(|value| !error.contains(value)),
            "{error}"
        );
    }
    let none = folder.path().join("none.toml");
    let error = read_settings(&["--config", none.to_str().unwrap()]).unwrap_err();
    assert!(error.contains("none.toml"), "{error}");
}

#[test]
fn the_form_is_known_before_the_rest_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("g.toml");
    for (text, wanted) in [
        ("log = \"json\"", LogFormat::Json),
        ("a = \n  log='json' # for the collector\n]", LogFormat::Json),
        ("log = \"text\"", LogFormat::Text),
        ("# log = \"json\"", LogFormat::Text),
        ("log-x = \"json\"", LogFormat::Text),
        ("", LogFormat::Text),
    ] {
        std::fs::write(&file, text).unwrap();
        assert_eq!(log_format(Some(&file)), wanted, "{text}");
    }
    assert_eq!(log_format(Some(Path::new("/no/such"))), LogFormat::Text);
    assert_eq!(log_format(None), LogFormat::Text);
}
