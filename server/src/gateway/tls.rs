//! Whom the gateway takes for OCP: who has a certificate that the system's authorities, or those of `--ca`, vouch for.
//! There is no way to turn that off.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::error::GatewayError;

pub(super) fn config(ca: Option<&Path>) -> Result<ClientConfig, GatewayError> {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    for error in &system.errors {
        tracing::warn!("the system's certificates: {error}");
    }
    // Old or odd ones that can't be read vouch for nobody; that stops nothing else.
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
