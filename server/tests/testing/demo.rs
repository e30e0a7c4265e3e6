//! A demo for each test, and two ways to call it: an HTTP client, and a bare socket.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use ob_restore_tasks_server::{DemoArgs, RequiredSignIn};
use serde_json::{Value, json};

use super::client::{Answer, try_ask};
use super::thread::ServerThread;
use super::{AK, SK};

/// A demo that ends with the test.
pub struct Demo {
    pub address: SocketAddr,
    _thread: ServerThread,
}

impl Demo {
    pub fn start(faults: bool) -> Self {
        Self::with(faults, PathBuf::from("no-such-folder"))
    }

    pub fn with(faults: bool, dist: PathBuf) -> Self {
        Self::with_sign_in(faults, dist, None)
    }

    pub fn with_sign_in(faults: bool, dist: PathBuf, required: Option<RequiredSignIn>) -> Self {
        let args = DemoArgs {
            listen: "127.0.0.1:0".to_owned(),
            db: None,
            dist: Some(dist),
            faults,
            require_auth: required.is_some(),
            required,
        };
        let thread = ServerThread::start(async move |address, stopped| {
            let ready = move |local| address.send(local).map_err(std::io::Error::other);
            let ended = async {
                stopped.await.ok();
            };
            ob_restore_tasks_server::serve(&args, ready, ended).await.unwrap();
        });
        Self {
            address: thread.address,
            _thread: thread,
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
        try_ask(&self.url(path), method, headers, body)
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

/// The path of a cluster's tasks.
pub fn tasks(cluster: i64) -> String {
    format!("/api/v2/ob/clusters/{cluster}/backup/task/restoreTasks")
}

/// The rows of an answer.
pub fn contents(json: &Value) -> &Vec<Value> {
    json["data"]["contents"].as_array().unwrap()
}

/// A demo that requires [`AK`] with [`SK`], or `admin` with `planted-password`.
pub fn demo_with_sign_in(faults: bool) -> Demo {
    let both = |a: &str, b: &str| Some((a.into(), b.into()));
    let required = RequiredSignIn {
        key: both(AK, SK),
        basic: both("admin", "planted-password"),
    };
    Demo::with_sign_in(faults, "no-such-folder".into(), Some(required))
}

pub fn assert_refused(answer: &Answer, code: &str, what: &str) {
    let body = answer.json();
    assert_eq!(answer.status, 401, "{what}");
    assert_eq!(body["error"]["code"], code, "{what}: {body}");
    assert_eq!(
        (&body["status"], &body["successful"]),
        (&json!(401), &json!(false)),
        "{what}"
    );
    assert!(answer.header("www-authenticate").is_empty() && !body["traceId"].as_str().unwrap().is_empty());
}
