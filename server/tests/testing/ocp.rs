//! An OCP that answers as the test says.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

type Reply = dyn Fn(&str, &mut TcpStream) + Send + Sync;

/// An OCP that answers each request with what a closure writes, one request per connection.
pub struct FakeOcp {
    pub address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl FakeOcp {
    pub fn start(reply: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        Self::at("127.0.0.1:0", reply)
    }

    /// An OCP that always sends the same answer.
    pub fn always(answer: &str) -> Self {
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
                    let Some(head) = read_head(&mut socket) else {
                        return;
                    };
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

impl Drop for FakeOcp {
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

/// The head of a request; `None` if the client has closed the connection before its end.
pub fn read_head(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return None,
        }
    }
    Some(String::from_utf8(head).unwrap())
}
