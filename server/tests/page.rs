//! The page's files: types, policy, and the answer when they are missing.
#![cfg(feature = "demo")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod testing;

use testing::demo::Demo;

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'";

#[test]
fn files_have_their_types_and_the_policy() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "index.html",
        "define.js",
        "widget_bg.wasm",
        "widget.css",
        "logo.svg",
        "custom-elements.json",
    ] {
        std::fs::write(folder.path().join(name), "x".repeat(2000)).unwrap();
    }
    let server = Demo::with(false, folder.path().to_owned());
    for (path, kind) in [
        ("/", "text/html"),
        ("/index.html", "text/html"),
        ("/define.js", "text/javascript"),
        ("/widget_bg.wasm", "application/wasm"),
        ("/widget.css", "text/css"),
        ("/logo.svg", "image/svg+xml"),
        ("/custom-elements.json", "application/json"),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), kind, "{path}");
        assert_eq!(answer.header("content-security-policy"), POLICY, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
        assert_eq!(answer.body.len(), 2000);
    }
    let packed = server.ask("GET", "/widget_bg.wasm", &[("accept-encoding", "gzip")], "");
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert_eq!(packed.header("content-type"), "application/wasm");
    for missing in ["/nothing.js", "/../Cargo.toml", "/%2e%2e/Cargo.toml"] {
        let answer = server.get(missing);
        assert_eq!(answer.status, 404, "{missing}");
        assert_eq!(answer.header("content-security-policy"), POLICY, "{missing}");
    }
    assert_eq!(server.ask("POST", "/index.html", &[], "x").status, 405);
}

#[test]
fn a_missing_folder_is_said_and_found_once_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    let server = Demo::with(false, dist.clone());
    let answer = server.get("/");
    assert_eq!(answer.status, 404);
    assert!(
        answer.text().contains("dist") && answer.text().contains("--dist"),
        "{}",
        answer.text()
    );
    std::fs::create_dir(&dist).unwrap();
    std::fs::write(dist.join("index.html"), "here").unwrap();
    assert_eq!(server.get("/").text(), "here");
}
