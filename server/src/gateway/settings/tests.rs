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
