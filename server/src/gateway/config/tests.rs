//! Tests of the settings that the gateway accepts and refuses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::ffi::OsString;

use super::*;

const KEYS: [(&str, &str); 2] = [("OCP_ACCESS_KEY_ID", "ak"), ("OCP_ACCESS_KEY_SECRET", "sk")];

fn args(upstream: &str, auth: Auth) -> GatewayArgs {
    GatewayArgs {
        upstream: Some(upstream.to_owned()),
        auth: Some(auth),
        ..GatewayArgs::default()
    }
}

fn read(args: GatewayArgs, vars: &[(&str, &str)]) -> Result<Settings, String> {
    let env = |name: &str| {
        vars.iter()
            .find(|(n, _)| *n == name)
            .map(|(_, v)| OsString::from(*v))
    };
    Settings::read(args, &env).map_err(|error| error.to_string())
}

#[test]
fn upstreams() {
    for (text, scheme, host, loopback) in [
        ("https://ocp:8080", "https", "ocp:8080", false),
        ("https://ocp.example.com/", "https", "ocp.example.com", false),
        ("https://ocp:443", "https", "ocp", false),
        ("http://ocp:443", "http", "ocp:443", false),
        ("http://127.0.0.1:80", "http", "127.0.0.1", true),
        ("http://[::1]:8080", "http", "[::1]:8080", true),
    ] {
        let host = host.to_owned();
        assert_eq!(
            upstream_url(text).unwrap(),
            UpstreamUrl {
                scheme,
                host,
                loopback
            },
            "{text}"
        );
    }
    for (text, why) in [
        ("https://admin:planted@ocp:8080", "OCP_PASSWORD"),
        ("https://admin:pl anted@ocp", "OCP_PASSWORD"),
        ("https://planted@ocp", "OCP_PASSWORD"),
        ("ocp:8080", "https://"),
        ("ftp://ocp", "https://"),
        ("https://ocp/api", "end after the port"),
        ("https://ocp/?x=planted", "end after the port"),
        ("https://", "no address"),
        ("https://:8080", "no address"),
        ("https://ocp:99999", "no address"),
        ("", "no address"),
    ] {
        let error = upstream_url(text).unwrap_err().to_string();
        assert!(
            error.contains(why) && !error.contains("planted"),
            "{text}: {error}"
        );
    }
}

#[test]
fn what_is_missing_is_named() {
    let error = read(GatewayArgs::default(), &[]).unwrap_err();
    assert!(
        error.contains("--upstream") && error.contains("--help"),
        "{error}"
    );
    let upstream = Some("https://ocp".to_owned());
    let error = read(
        GatewayArgs {
            upstream,
            ..GatewayArgs::default()
        },
        &[],
    )
    .unwrap_err();
    assert!(error.contains("--auth"), "{error}");
    for (auth, vars, wanted) in [
        (Auth::AkSk, [].as_slice(), "OCP_ACCESS_KEY_ID "),
        (Auth::AkSk, &KEYS[..1], "OCP_ACCESS_KEY_SECRET "),
        (Auth::AkSk, &[("OCP_ACCESS_KEY_ID", "a b")], "no access key's id"),
        (Auth::Basic, &[], "OCP_USERNAME "),
        (Auth::Basic, &[("OCP_USERNAME", "u")], "OCP_PASSWORD "),
        (Auth::Basic, &[("OCP_USERNAME", "u:v")], "colon"),
    ] {
        let error = read(args("https://ocp", auth), vars).unwrap_err();
        assert!(error.contains(wanted), "{error}");
    }
    assert!(read(args("https://ocp", Auth::AkSk), &KEYS).is_ok());
    assert!(read(args("https://ocp", Auth::Session), &[]).is_ok());
}

#[test]
fn values_out_of_range_are_refused() {
    type Change = fn(&mut GatewayArgs);
    let change: [(&str, Change); 10] = [
        ("--cache", |a| a.cache = Some(11)),
        ("--max-upstream", |a| a.max_upstream = Some(0)),
        ("--max-connections", |a| a.max_connections = Some(0)),
        ("--access-header", |a| a.access_header = Some("a b".to_owned())),
        ("--session-cookie", |a| a.session_cookie = vec!["a;b".to_owned()]),
        ("0.0.0.0:0", |a| a.listen = Some("0.0.0.0:0".to_owned())),
        ("both set", |a| {
            a.access_header = Some("x-user".to_owned());
            a.host = vec!["x".to_owned()];
        }),
        ("--host NAME", |a| a.access_header = Some("x-user".to_owned())),
        ("--host: must", |a| a.host = vec!["x:80".to_owned()]),
        ("only the proxy sets", |a| {
            a.access_header = Some("Accept".to_owned());
        }),
    ];
    for (wanted, change) in change {
        let mut args = args("https://ocp", Auth::Session);
        change(&mut args);
        let token: &[_] = &[("OBRT_ACCESS_TOKEN", "0123456789abcdef")];
        let error = read(args, if wanted == "both set" { token } else { &[] }).unwrap_err();
        assert!(error.contains(wanted), "{error}");
    }
    let mut args = args("https://ocp", Auth::AkSk);
    args.session_cookie = vec!["X".to_owned()];
    assert!(read(args, &KEYS).unwrap_err().contains("--auth session"));
}

#[test]
fn a_file_says_the_same_and_the_command_line_wins() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gateway.toml");
    let with = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let config = Some(file.clone());
        move |args: GatewayArgs| read(GatewayArgs { config, ..args }, &KEYS)
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
    let settings = with(all)(GatewayArgs::default()).unwrap();
    assert_eq!(settings.listen.port(), 9999);
    assert_eq!(settings.cache, Duration::from_secs(3));
    assert_eq!((settings.max_upstream, settings.max_connections), (2, 7));
    assert_eq!(settings.log, LogFormat::Json);
    let cache = Some(5);
    let host = vec!["c".to_owned()];
    let settings = with(all)(GatewayArgs {
        cache,
        host,
        ..GatewayArgs::default()
    })
    .unwrap();
    assert_eq!(settings.cache, Duration::from_secs(5));
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
        let error = with(text)(GatewayArgs::default()).unwrap_err();
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
    let config = Some(folder.path().join("none.toml"));
    let error = read(
        GatewayArgs {
            config,
            ..GatewayArgs::default()
        },
        &KEYS,
    )
    .unwrap_err();
    assert!(error.contains("none.toml"), "{error}");
}
