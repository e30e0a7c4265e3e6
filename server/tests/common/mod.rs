//! A server for each test, and two ways to call it: an HTTP client, and a bare socket.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    unreachable_pub
)]

pub mod gateway;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use ob_restore_tasks_server::{DemoArgs, Required};
use serde_json::Value;

/// A server that ends with the test.
pub struct Server {
    pub address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

impl Server {
    pub fn start(faults: bool) -> Self {
        Self::with(faults, PathBuf::from("no-such-folder"))
    }

    pub fn with(faults: bool, dist: PathBuf) -> Self {
        Self::demo(faults, dist, None)
    }

    pub fn demo(faults: bool, dist: PathBuf, required: Option<Required>) -> Self {
        let (sender, receiver) = mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let args = DemoArgs {
            listen: "127.0.0.1:0".to_owned(),
            db: None,
            dist: Some(dist),
            faults,
            require_auth: required.is_some(),
            required,
        };
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let ready = move |address| sender.send(address).map_err(std::io::Error::other);
            let ended = async {
                stopped.await.ok();
            };
            runtime
                .block_on(ob_restore_tasks_server::serve(&args, ready, ended))
                .unwrap();
        });
        let address = receiver.recv_timeout(Duration::from_secs(20)).unwrap();
        Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "")
    }

    /// Page `page` of a cluster with `size` rows per page, as JSON.
    pub fn page(&self, cluster: i64, page: i64, size: i64, more: &str) -> Value {
        let answer = self.get(&format!("{}?page={page}&size={size}{more}", tasks(cluster)));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.try_ask(method, path, headers, body).unwrap()
    }

    pub fn try_ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, ureq::Error> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_secs(30)))
            .build()
            .into();
        let mut request = ureq::http::Request::builder().method(method).uri(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = if body.is_empty() {
            agent.run(request.body(()).unwrap())
        } else {
            agent.run(request.body(body.to_owned()).unwrap())
        }?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.body_mut().with_config().limit(1 << 30).read_to_vec()?,
        })
    }

    /// Sends a GET over a bare socket whose reads time out after `patience`.
    pub fn socket(&self, path: &str, patience: Duration) -> TcpStream {
        let mut socket = TcpStream::connect(self.address).unwrap();
        socket.set_read_timeout(Some(patience)).unwrap();
        write!(
            socket,
            "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        socket
    }

    /// All that comes over a bare socket, and the error that ended it, if there was one.
    pub fn raw(&self, path: &str, patience: Duration) -> (String, Option<std::io::ErrorKind>) {
        let mut socket = self.socket(path, patience);
        let mut bytes = Vec::new();
        let error = socket.read_to_end(&mut bytes).err().map(|e| e.kind());
        (String::from_utf8_lossy(&bytes).into_owned(), error)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).ok();
        }
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(
                ended.is_ok() || std::thread::panicking(),
                "the server's thread panicked"
            );
        }
    }
}

/// The path of a cluster's tasks.
pub fn tasks(cluster: i64) -> String {
    format!("/api/v2/ob/clusters/{cluster}/backup/task/restoreTasks")
}

/// The rows of an answer.
pub fn contents(json: &Value) -> &Vec<Value> {
    json["data"]["contents"].as_array().unwrap()
}
