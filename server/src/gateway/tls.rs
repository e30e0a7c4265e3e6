//! Certificates: the gateway trusts the authorities of the system and those of `--ca`. The check can't be
//! turned off.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, ClientConfig, RootCertStore};

use super::error::GatewayError;

/// TLS with these authorities; `ca` is the file of `--ca`.
///
/// # Errors
/// When that file has no certificate that can be parsed.
pub(super) fn config(ca: Option<&Path>) -> Result<ClientConfig, GatewayError> {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    for error in &system.errors {
        tracing::warn!("the system's certificates: {error}");
    }
    // A certificate that can't be parsed vouches for nothing, and does not stop the others.
    roots.add_parsable_certificates(system.certs);
    if let Some(path) = ca {
        let fail = |why: String| GatewayError::Ca {
            path: path.to_owned(),
            why,
        };
        let text = std::fs::read(path).map_err(|error| fail(error.to_string()))?;
        let mut count = 0;
        for certificate in CertificateDer::pem_slice_iter(&text) {
            let certificate = certificate.map_err(|error| fail(error.to_string()))?;
            roots.add(certificate).map_err(|error| fail(error.to_string()))?;
            count += 1;
        }
        if count == 0 {
            return Err(fail(
                "has no certificate in PEM form (-----BEGIN CERTIFICATE-----)".to_owned(),
            ));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| GatewayError::Tls(error.to_string()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// What is wrong with a certificate, for the usual mistakes: the messages of the library are written for its
/// programmers.
pub(super) fn certificate_problem(error: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    let mut next = Some(error);
    let error = loop {
        let error = next?;
        if let Some(rustls::Error::InvalidCertificate(error)) = error.downcast_ref() {
            break error;
        }
        next = cause(error);
    };
    match error {
        CertificateError::UnknownIssuer => {
            Some("nobody who is trusted here vouches for its certificate: name its CA's with --ca")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Some(
            "its certificate is for another name than the one in --upstream: that name must be among its \
             subjectAltName (a common name alone counts for nothing)",
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            Some("its certificate has expired (or the clock here is wrong)")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Some("its certificate is not valid yet (or the clock here is wrong)")
        }
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => Some(
            "its certificate is that of a CA (CA:TRUE), as `openssl req -x509` makes them, and can't be a server's: \
             make one with CA:FALSE (docs/deploying.md has the line)",
        ),
        _ => None,
    }
}

/// The next inner error. What an `io::Error` wraps is not its `source`, so it is looked up separately.
pub(super) fn cause<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> Option<&'a (dyn std::error::Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}
