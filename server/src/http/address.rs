//! The address to listen on: from the text of `--listen` to a bound socket.

use std::net::{SocketAddr, ToSocketAddrs};

use tokio::net::TcpListener;

use super::error::ServeError;

/// Resolves the text of `--listen`. A name can have several addresses; one beyond loopback is preferred,
/// because a mode that allows only loopback must refuse a name that has others, too.
///
/// # Errors
/// When the text is not an address with a port, or its name is unknown.
pub(crate) fn resolve(given: &str) -> Result<SocketAddr, ServeError> {
    let fail = |source| ServeError::Address {
        given: given.to_owned(),
        source,
    };
    let addresses: Vec<SocketAddr> = given.to_socket_addrs().map_err(fail)?.collect();
    let outside = addresses.iter().find(|a| !a.ip().is_loopback());
    outside
        .or(addresses.first())
        .copied()
        .ok_or_else(|| fail(std::io::ErrorKind::AddrNotAvailable.into()))
}

/// Binds the address.
///
/// # Errors
/// When the port is in use or not permitted.
pub(crate) async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    let fail = |source| ServeError::Bind { address, source };
    TcpListener::bind(address).await.map_err(fail)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn loopback_is_told_from_the_rest() {
        for good in ["127.0.0.1:0", "127.8.8.8:80", "[::1]:8080", "localhost:8080"] {
            assert!(resolve(good).unwrap().ip().is_loopback(), "{good}");
        }
        for outside in [
            "0.0.0.0:8080",
            "[::]:8080",
            "192.168.1.2:80",
            "8.8.8.8:80",
            "[::ffff:10.0.0.1]:80",
        ] {
            assert!(!resolve(outside).unwrap().ip().is_loopback(), "{outside}");
        }
        for bad in ["", "8080", "127.0.0.1", "127.0.0.1:99999", "127.0.0.1:x"] {
            assert!(matches!(resolve(bad), Err(ServeError::Address { .. })), "{bad}");
        }
    }
}
