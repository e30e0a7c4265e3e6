//! An OCP behind TLS, with a certificate that the test chooses.

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

use super::ocp::{json, read_head};

/// An HTTPS server with a certificate for `name` from an authority of its own.
pub fn serve(name: &str) -> (SocketAddr, String, Arc<AtomicUsize>) {
    serve_as(&[name], true)
}

/// The same for other names or none; if not `signed`, with the authority's certificate as its own.
pub fn serve_as(names: &[&str], signed: bool) -> (SocketAddr, String, Arc<AtomicUsize>) {
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
    // A client that does not trust the certificate disconnects.
    if read_head(&mut stream).is_none() {
        return;
    }
    requests.fetch_add(1, Ordering::SeqCst);
    let _ = stream.write_all(json(r#"{"data":1}"#).as_bytes());
    let _ = stream.flush();
}
