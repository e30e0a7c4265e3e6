//! A gateway for each test, and upstreams that answer as the test says.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    unreachable_pub
)]

use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use ob_restore_tasks_server::{Auth, Gateway, GatewayArgs, Limits, Settings};

use super::Answer;

pub const AK: &str = "planted-access-key-id";
pub const SK: &str = "planted-access-key-secret";
pub const KEYS: [(&str, &str); 2] = [("OCP_ACCESS_KEY_ID", AK), ("OCP_ACCESS_KEY_SECRET", SK)];
pub const PATH: &str = "/api/v2/ob/clusters/1000005/backup/task/restoreTasks?page=1&size=20";

/// A gateway that ends with the test.
pub struct Passing {
    pub address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
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

impl Passing {
    pub fn start(upstream: &str, auth: Auth) -> Self {
        Self::with(args(upstream, auth), &KEYS, |_| ())
    }

    pub fn with(args: GatewayArgs, vars: &[(&str, &str)], change: impl FnOnce(&mut Limits)) -> Self {
        let mut settings = settings(args, vars);
        change(&mut settings.limits);
        let (sender, receiver) = mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async move {
                let gateway = Gateway::bind(settings).await.unwrap();
                let ready = move |address| sender.send(address).map_err(std::io::Error::other);
                let ended = async {
                    stopped.await.ok();
                };
                gateway.serve(ready, ended).await.unwrap();
            });
            runtime.shutdown_timeout(Duration::from_millis(100));
        });
        let address = receiver.recv_timeout(Duration::from_secs(20)).unwrap();
        Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
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

pub fn ask(url: &str, method: &str, headers: &[(&str, &str)]) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .allow_non_standard_methods(true)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .into();
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut response = agent.run(request.body(()).unwrap()).unwrap();
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: response
            .body_mut()
            .with_config()
            .limit(1 << 30)
            .read_to_vec()
            .unwrap(),
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).ok();
        }
        if let Some(thread) = self.thread.take() {
            assert!(
                thread.join().is_ok() || std::thread::panicking(),
                "the gateway's thread panicked"
            );
        }
    }
}

type Reply = dyn Fn(&str, &mut TcpStream) + Send + Sync;

/// An upstream that answers each request with what a closure writes, one request per connection.
pub struct Stub {
    pub address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Stub {
    pub fn start(reply: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        Self::at("127.0.0.1:0", reply)
    }

    /// An upstream that always sends the same answer.
    pub fn saying(answer: &str) -> Self {
        let answer = answer.to_owned();
        Self::start(move |_, socket| {
            let _ = socket.write_all(answer.as_bytes());
        })
    }

    pub fn at(address: &str, reply: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let (heads, connections, over) =
            <(Arc<Mutex<Vec<String>>>, Arc<AtomicUsize>, Arc<AtomicBool>)>::default();
        let reply: Arc<Reply> = Arc::new(reply);
        let (noted, counted, ended) = (Arc::clone(&heads), Arc::clone(&connections), Arc::clone(&over));
        let thread = std::thread::spawn(move || {
            for socket in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let mut socket = socket.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
                let (reply, noted) = (Arc::clone(&reply), Arc::clone(&noted));
                std::thread::spawn(move || {
                    let mut head = Vec::new();
                    let mut byte = [0];
                    while !head.ends_with(b"\r\n\r\n") {
                        match socket.read(&mut byte) {
                            Ok(1) => head.push(byte[0]),
                            _ => return,
                        }
                    }
                    let head = String::from_utf8(head).unwrap();
                    noted.lock().unwrap().push(head.clone());
                    reply(&head, &mut socket);
                });
            }
        });
        Self {
            address,
            heads,
            connections,
            over,
            thread: Some(thread),
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.heads.lock().unwrap().len()
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// An answer as bytes, with its length and `connection: close`.
pub fn http(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

pub fn json(body: &str) -> String {
    http("200 OK", "content-type: application/json\r\n", body)
}

/// Repeats until it is true, for what takes a moment.
pub fn eventually(what: &str, mut ask: impl FnMut() -> bool) {
    for _ in 0..600 {
        if ask() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("{what}: not within 30 s");
}
