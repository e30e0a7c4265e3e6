//! Tests of who is let in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

fn headers(list: &[(HeaderName, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in list {
        map.append(name, value.parse().unwrap());
    }
    map
}

#[test]
fn without_a_rule_only_this_machines_names_will_do() {
    let access = Access::Local {
        names: vec!["ocp.example".to_owned()],
    };
    for host in [
        "localhost",
        "LOCALHOST:8080",
        "127.0.0.1",
        "127.0.0.1:8080",
        "127.9.9.9:1",
        "[::1]",
        "[::1]:80",
        "ocp.example",
        "OCP.example:8443",
    ] {
        assert_eq!(access.check(&headers(&[(header::HOST, host)])), Ok(()), "{host}");
    }
    for host in [
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "",
        ":80",
        "[::2]",
        "ocp.example.evil.example",
        "127.0.0.1:8080:80",
        "localhost:x",
    ] {
        assert_eq!(
            access.check(&headers(&[(header::HOST, host)])),
            Err(Refusal::Name),
            "{host}"
        );
    }
    assert_eq!(access.check(&HeaderMap::new()), Err(Refusal::Name));
}

#[test]
fn the_token_as_bearer_or_as_password() {
    let access = Access::Token(SecretString::from("0123456789abcdef"));
    let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
    for value in [
        "Bearer 0123456789abcdef".to_owned(),
        "bearer 0123456789abcdef".to_owned(),
        basic(":0123456789abcdef"),
        basic("anyone:0123456789abcdef"),
    ] {
        assert_eq!(
            access.check(&headers(&[(header::AUTHORIZATION, &value)])),
            Ok(()),
            "{value}"
        );
    }
    for value in [
        "0123456789abcdef".to_owned(),
        "Bearer 0123456789abcde".to_owned(),
        "Bearer ".to_owned(),
        "Bearer".to_owned(),
        basic("0123456789abcdef"),
        basic("0123456789abcdef:"),
        "Basic ?".to_owned(),
        "Digest 0123456789abcdef".to_owned(),
    ] {
        assert_eq!(
            access.check(&headers(&[(header::AUTHORIZATION, &value)])),
            Err(Refusal::Token),
            "{value}"
        );
    }
    let twice = [
        (header::AUTHORIZATION, "Bearer 0123456789abcdef"),
        (header::AUTHORIZATION, "Bearer x"),
    ];
    assert_eq!(access.check(&headers(&twice)), Err(Refusal::Token));
}

#[test]
fn the_proxys_header_once_and_with_something_in_it() {
    let name = HeaderName::from_static("x-user");
    let host = (header::HOST, "localhost");
    let access = Access::Header {
        name: name.clone(),
        names: Vec::new(),
    };
    assert_eq!(
        access.check(&headers(&[(name.clone(), "me"), host.clone()])),
        Ok(())
    );
    for list in [
        vec![],
        vec![(name.clone(), "")],
        vec![(name.clone(), " ")],
        vec![(name.clone(), "a"), (name, "b")],
    ] {
        let list: Vec<_> = list.into_iter().chain([host.clone()]).collect();
        assert_eq!(access.check(&headers(&list)), Err(Refusal::Header), "{list:?}");
    }
}

#[test]
fn the_proxys_header_by_the_proxys_name() {
    let name = HeaderName::from_static("x-user");
    let names = vec!["tasks.example".to_owned()];
    let access = Access::Header {
        name: name.clone(),
        names,
    };
    for (host, wanted) in [
        ("tasks.example", Ok(())),
        ("127.0.0.1:80", Ok(())),
        ("evil.example", Err(Refusal::Name)),
    ] {
        assert_eq!(
            access.check(&headers(&[(name.clone(), "me"), (header::HOST, host)])),
            wanted,
            "{host}"
        );
    }
}

#[test]
fn beyond_loopback_there_must_be_a_rule() {
    let outside = "0.0.0.0:80".parse().unwrap();
    let inside = "127.0.0.1:80".parse().unwrap();
    let token = || Some(SecretString::from("0123456789abcdef"));
    let header = || Some(HeaderName::from_static("x-user"));
    assert!(matches!(
        Access::choose(None, None, vec![], outside),
        Err(GatewayError::NoAccessRule(_))
    ));
    assert!(matches!(
        Access::choose(None, None, vec![], inside),
        Ok(Access::Local { .. })
    ));
    for address in [inside, outside] {
        assert!(matches!(
            Access::choose(token(), None, vec![], address),
            Ok(Access::Token(_))
        ));
        assert!(matches!(
            Access::choose(None, header(), vec!["x".to_owned()], address),
            Ok(Access::Header { .. })
        ));
        // A web page that points its own name at this machine could set the header itself.
        assert!(matches!(
            Access::choose(None, header(), vec![], address),
            Err(GatewayError::HeaderWithoutHost)
        ));
        assert!(matches!(
            Access::choose(token(), header(), vec![], address),
            Err(GatewayError::TwoAccessRules)
        ));
    }
    let short = Some(SecretString::from("0123456789abcde"));
    assert!(matches!(
        Access::choose(short, None, vec![], inside),
        Err(GatewayError::ShortToken)
    ));
    let names = vec!["x".to_owned()];
    assert!(matches!(
        Access::choose(token(), None, names, inside),
        Err(GatewayError::HostWithToken)
    ));
}

#[test]
fn a_header_that_anyone_sends_is_no_rule() {
    for name in [
        "Host",
        "Accept",
        "Accept-Language",
        "User-Agent",
        "Connection",
        "Cookie",
        "Origin",
        "Referer",
        "Sec-Fetch-Site",
        "Content-Length",
        "If-None-Match",
        "Range",
        "Authorization",
        "X-Forwarded-For",
        "X-Real-IP",
        "Via",
        "a b",
        "",
    ] {
        let error = header_name(name).unwrap_err().to_string();
        assert!(
            error.contains("--access-header") && error.contains("X-Remote-User"),
            "{error}"
        );
    }
    for name in [
        "X-Remote-User",
        "X-Forwarded-User",
        "Remote-User",
        "X-Auth-Request-Email",
    ] {
        assert!(header_name(name).is_ok(), "{name}");
    }
}

#[test]
fn a_name_has_no_port() {
    for name in ["tasks.example.com", "ocp", "10.0.0.1", "[fd00::1]", "a_b"] {
        assert!(host_name(name).is_ok(), "{name}");
    }
    for name in [
        "tasks.example.com:8443",
        "https://x",
        "x/",
        "",
        "[::1]:80",
        "::1",
        "a b",
        "[]",
    ] {
        let error = host_name(name).unwrap_err().to_string();
        assert!(error.contains("--host") && error.contains("port"), "{error}");
    }
}
