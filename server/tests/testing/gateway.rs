//! A gateway for each test.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use ob_restore_tasks_server::{Auth, Gateway, GatewayArgs, Limits, Settings};

use super::KEYS;
use super::client::{Answer, ask};
use super::thread::ServerThread;

/// A gateway that ends with the test.
pub struct TestGateway {
    pub address: SocketAddr,
    _thread: ServerThread,
}

/// Options for an upstream at this address; nothing is cached unless the test says otherwise.
pub fn args(upstream: &str, auth: Auth) -> GatewayArgs {
    GatewayArgs {
        upstream: Some(upstream.to_owned()),
        auth: Some(auth),
        listen: Some("127.0.0.1:0".to_owned()),
        cache: Some(0),
        dist: Some("no-such-folder".into()),
        ..GatewayArgs::default()
    }
}

pub fn settings(args: GatewayArgs, vars: &[(&str, &str)]) -> Settings {
    let env = |name: &str| {
        vars.iter()
            .find(|(n, _)| *n == name)
            .map(|(_, v)| OsString::from(*v))
    };
    Settings::read(args, &env).unwrap()
}

impl TestGateway {
    pub fn start(upstream: &str, auth: Auth) -> Self {
        Self::with(args(upstream, auth), &KEYS, |_| ())
    }

    pub fn with(args: GatewayArgs, vars: &[(&str, &str)], change: impl FnOnce(&mut Limits)) -> Self {
        let mut settings = settings(args, vars);
        change(&mut settings.limits);
        let thread = ServerThread::start(async move |address, stopped| {
            let gateway = Gateway::bind(settings).await.unwrap();
            let ready = move |local| address.send(local).map_err(std::io::Error::other);
            let ended = async {
                stopped.await.ok();
            };
            gateway.serve(ready, ended).await.unwrap();
        });
        Self {
            address: thread.address,
            _thread: thread,
        }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        ask(&format!("http://{}{path}", self.address), method, headers)
    }

    /// Sends these bytes, and returns what comes back until the connection closes or nothing has come for 1.5
    /// s.
    pub fn raw(&self, bytes: &[u8]) -> String {
        let mut socket = TcpStream::connect(self.address).unwrap();
        socket
            .set_read_timeout(Some(Duration::from_millis(1500)))
            .unwrap();
        // A request that is refused early finds the connection closed.
        let _ = socket.write_all(bytes);
        let mut got = Vec::new();
        let _ = socket.read_to_end(&mut got);
        String::from_utf8_lossy(&got).into_owned()
    }

    /// The value of one line of the metrics.
    pub fn metric(&self, series: &str) -> u64 {
        let text = self.get("/metrics").text();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        line.map_or(0, |value| value.parse().unwrap())
    }
}
