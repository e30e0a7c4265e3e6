//! Who may use the gateway, and what the others get.
#![cfg(feature = "gateway")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod testing;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ob_restore_tasks_server::Auth;
use testing::gateway::{TestGateway, args};
use testing::ocp::{FakeOcp, json};
use testing::{KEYS, PATH};

const TOKEN: &str = "planted-access-token";

fn stub() -> FakeOcp {
    FakeOcp::always(&json(r#"{"data":1}"#))
}

#[test]
fn a_page_on_another_name_reads_nothing() {
    let stub = stub();
    let mut named = args(&stub.url(), Auth::AkSk);
    named.host = vec!["tasks.example".to_owned()];
    let gateway = TestGateway::with(named, &KEYS, |_| ());
    for path in [PATH, "/metrics", "/"] {
        let answer = gateway.ask("GET", path, &[("host", "evil.example")]);
        assert_eq!(answer.status, 421, "{path}");
        assert!(answer.text().contains("--host"), "{}", answer.text());
    }
    assert_eq!(
        gateway.ask("GET", "/healthz", &[("host", "evil.example")]).status,
        200
    );
    assert_eq!(stub.count(), 0);
    for host in ["localhost:1", "127.0.0.1", "[::1]:80", "tasks.example"] {
        assert_eq!(gateway.ask("GET", PATH, &[("host", host)]).status, 200, "{host}");
    }
}

#[test]
fn the_token_opens_everything_and_nothing_else_does() {
    let stub = stub();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.html"), "page").unwrap();
    let mut outside = args(&stub.url(), Auth::AkSk);
    outside.listen = Some("0.0.0.0:0".to_owned());
    outside.dist = Some(folder.path().to_owned());
    let vars = [KEYS[0], KEYS[1], ("OBRT_ACCESS_TOKEN", TOKEN)];
    let gateway = TestGateway::with(outside, &vars, |_| ());
    let port = gateway.address.port();
    let ask = |path: &str, authorization: &str| {
        let headers = [("authorization", authorization)];
        let headers = if authorization.is_empty() {
            &[][..]
        } else {
            &headers
        };
        testing::client::ask(&format!("http://127.0.0.1:{port}{path}"), "GET", headers)
    };
    let wrong = [
        "",
        "Bearer planted-access-toke",
        "Bearer planted-access-token2",
        "Basic ",
        "Basic x",
    ];
    for authorization in wrong {
        for path in ["/", "/index.html", "/metrics", PATH] {
            let answer = ask(path, authorization);
            assert_eq!(answer.status, 401, "{path} {authorization}");
            // A script's request must not open the browser's login dialog.
            let asked = answer.header("www-authenticate").starts_with("Basic realm=");
            assert_eq!(asked, path != PATH, "{path}");
        }
        assert_eq!(ask(PATH, authorization).json()["error"]["code"], "IAM10000");
        assert_eq!(ask("/healthz", authorization).status, 200);
    }
    assert_eq!(stub.count(), 0);
    let basic = format!("Basic {}", STANDARD.encode(format!("anyone:{TOKEN}")));
    for authorization in [format!("Bearer {TOKEN}"), basic] {
        for path in ["/", "/metrics", PATH] {
            assert_eq!(ask(path, &authorization).status, 200, "{path}");
        }
    }
    assert!(
        stub.heads()
            .iter()
            .all(|head| !head.contains(TOKEN) && head.contains("OCP-ACCESS-KEY-HMACSHA1"))
    );
}

#[test]
fn the_proxys_header_opens_everything() {
    let stub = stub();
    let mut proxied = args(&stub.url(), Auth::AkSk);
    proxied.access_header = Some("X-Remote-User".to_owned());
    proxied.host = vec!["tasks.example".to_owned()];
    let gateway = TestGateway::with(proxied, &KEYS, |_| ());
    for headers in [&[][..], &[("x-remote-user", "")]] {
        assert_eq!(gateway.ask("GET", "/", headers).status, 401);
        let answer = gateway.ask("GET", PATH, headers);
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, ""));
    }
    assert_eq!(stub.count(), 0);
    let asked_by = |host| {
        gateway
            .ask("GET", PATH, &[("x-remote-user", "me"), ("host", host)])
            .status
    };
    assert_eq!((asked_by("any.example"), stub.count()), (421, 0));
    assert_eq!(asked_by("tasks.example"), 200);
    assert!(!stub.heads()[0].contains("remote"));
}

#[test]
fn the_pages_files_have_the_policy() {
    let stub = stub();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.html"), "page").unwrap();
    let mut with = args(&stub.url(), Auth::AkSk);
    with.dist = Some(folder.path().to_owned());
    let gateway = TestGateway::with(with, &KEYS, |_| ());
    let answer = gateway.get("/");
    assert_eq!((answer.status, answer.text().as_str()), (200, "page"));
    assert!(
        answer
            .header("content-security-policy")
            .starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'")
    );
    for rule in ["frame-ancestors 'self'", "base-uri 'none'", "form-action 'self'"] {
        assert!(answer.header("content-security-policy").contains(rule), "{rule}");
    }
    for path in ["/healthz", "/metrics"] {
        let answer = gateway.ask("DELETE", path, &[]);
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, "GET, HEAD"),
            "{path}"
        );
    }
}
