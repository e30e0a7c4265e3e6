//! Which servers the gateway accepts as OCP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::gateway::{KEYS, PATH, Passing, args, json};
use ob_restore_tasks_server::{Auth, Gateway};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

/// An HTTPS server with a certificate for `name` from an authority of its own.
fn serve(name: &str) -> (SocketAddr, String, Arc<AtomicUsize>) {
    serve_as(&[name], true)
}

/// The same for other names or none; if not `signed`, with the authority's certificate as its own.
fn serve_as(names: &[&str], signed: bool) -> (SocketAddr, String, Arc<AtomicUsize>) {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(if signed { Vec::new() } else { names.clone() }).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let own = KeyPair::generate().unwrap();
    let own_der = own.serialize_der();
    let authority = CertifiedIssuer::self_signed(params, own).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(names).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let (certificate, key) = if signed {
        (certificate.der().clone(), key.serialize_der())
    } else {
        (authority.der().clone(), own_der)
    };
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            answer(socket.unwrap(), &config, &counted);
        }
    });
    (address, authority.pem(), requests)
}

fn answer(mut socket: TcpStream, config: &Arc<ServerConfig>, requests: &AtomicUsize) {
    let mut session = ServerConnection::new(Arc::clone(config)).unwrap();
    let mut stream = Stream::new(&mut session, &mut socket);
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match std::io::Read::read(&mut stream, &mut byte) {
            Ok(1) => head.push(byte[0]),
            // A client that does not trust the certificate disconnects.
            _ => return,
        }
    }
    requests.fetch_add(1, Ordering::SeqCst);
    let _ = stream.write_all(json(r#"{"data":1}"#).as_bytes());
    let _ = stream.flush();
}

fn gateway(upstream: &str, ca: Option<PathBuf>) -> Passing {
    let mut args = args(upstream, Auth::AkSk);
    args.ca = ca;
    Passing::with(args, &KEYS, |_| ())
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
        let settings = common::gateway::settings(args, &KEYS);
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
