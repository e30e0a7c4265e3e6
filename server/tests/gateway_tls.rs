//! Which servers the gateway accepts as OCP.
#![cfg(feature = "gateway")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod testing;

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use ob_restore_tasks_server::{Auth, Gateway};
use testing::gateway::{TestGateway, args};
use testing::tls_ocp::{serve, serve_as};
use testing::{KEYS, PATH};

fn gateway(upstream: &str, ca: Option<PathBuf>) -> TestGateway {
    let mut args = args(upstream, Auth::AkSk);
    args.ca = ca;
    TestGateway::with(args, &KEYS, |_| ())
}

#[test]
fn a_private_authority_counts_once_it_is_named_and_only_for_its_names() {
    let (address, pem, requests) = serve("localhost");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, pem).unwrap();
    let localhost = format!("https://localhost:{}", address.port());

    let answer = gateway(&localhost, None).get(PATH);
    assert_eq!(answer.status, 502);
    assert!(answer.text().contains("certificate"), "{}", answer.text());
    let answer = gateway(&format!("https://{address}"), Some(file.clone())).get(PATH);
    assert_eq!(answer.status, 502, "its name is another");
    assert!(answer.text().contains("certificate"), "{}", answer.text());
    // No request was sent to either of them.
    assert_eq!(requests.load(Ordering::SeqCst), 0);

    let answer = gateway(&localhost, Some(file.clone())).get(PATH);
    assert_eq!(
        (answer.status, requests.load(Ordering::SeqCst)),
        (200, 1),
        "{}",
        answer.text()
    );

    let (_, other, _) = serve("localhost");
    std::fs::write(&file, other).unwrap();
    assert_eq!(
        gateway(&localhost, Some(file)).get(PATH).status,
        502,
        "another authority"
    );
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}

#[test]
fn a_file_that_is_none_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    for (text, wanted) in [
        (None, "No such file"),
        (Some("nothing"), "no certificate in PEM form"),
    ] {
        if let Some(text) = text {
            std::fs::write(&file, text).unwrap();
        }
        let mut args = args("https://localhost:1", Auth::AkSk);
        args.ca = Some(file.clone());
        let settings = testing::gateway::settings(args, &KEYS);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let error = runtime
            .block_on(Gateway::bind(settings))
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("ca.pem") && error.contains(wanted), "{error}");
    }
}

#[test]
fn what_is_wrong_with_a_certificate_is_said_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    for (names, signed, known, wanted) in [
        (&["localhost"][..], true, false, "--ca"),
        (&["other.example"], true, true, "subjectAltName"),
        (&[], true, true, "subjectAltName"),
        // As `openssl req -x509` creates them.
        (&["localhost"], false, true, "CA:FALSE"),
    ] {
        let (address, pem, requests) = serve_as(names, signed);
        std::fs::write(&file, pem).unwrap();
        let localhost = format!("https://localhost:{}", address.port());
        let answer = gateway(&localhost, known.then(|| file.clone())).get(PATH);
        assert_eq!((answer.status, requests.load(Ordering::SeqCst)), (502, 0));
        let text = answer.text();
        assert!(text.contains(wanted) && text.contains("certificate"), "{text}");
    }
}
