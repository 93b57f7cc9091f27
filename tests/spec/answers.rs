//! A small HTTP server for specs, on 127.0.0.1, that answers by path and keeps what it was asked.
//!
//! `/status/N` answers with that status; `/flaky/N` with 503 the first N times; `/echo` with the request as JSON;
//! `/redirect/N/PATH` sends to PATH with status N; `/slow` after two seconds; `/drop` closes without a word;
//! `/text` and `/broken` are not JSON; any other with `{"depth": 7, "state": "ready", "items": […]}`.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

#[derive(Default)]
struct State {
    asked: Mutex<Vec<String>>,
    /// How often each path was asked.
    counts: Mutex<HashMap<String, usize>>,
    over: AtomicBool,
}

/// A server that lives as long as this.
pub(crate) struct Server {
    address: SocketAddr,
    state: Arc<State>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.over.load(Ordering::SeqCst) {
                    break;
                }
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(&shared, &stream));
            }
        });
        Self { address, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// `POST /path body`, in order.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.state.asked.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
    }
}

struct Request {
    method: String,
    target: String,
    headers: HashMap<String, String>,
    body: String,
}

fn read(stream: &TcpStream) -> Option<Request> {
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let mut reader = BufReader::new(stream);
    let mut lines = vec![];
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end() {
            "" => break,
            text => lines.push(text.to_owned()),
        }
    }
    let first = lines.first()?;
    let mut words = first.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let pairs = lines.iter().skip(1).filter_map(|line| line.split_once(": "));
    let headers: HashMap<_, _> = pairs.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request { method, target, headers, body: String::from_utf8_lossy(&body).into_owned() })
}

fn serve(state: &State, stream: &TcpStream) {
    let Some(request) = read(stream) else { return };
    let asked = format!("{} {} {}", request.method, request.target, request.body);
    state.asked.lock().unwrap().push(asked.trim_end().to_owned());
    let times = {
        let mut counts = state.counts.lock().unwrap();
        let times = counts.entry(request.target.clone()).or_default();
        *times += 1;
        *times
    };
    let parts: Vec<&str> = request.target.trim_start_matches('/').split('/').collect();
    let answer = match parts.as_slice() {
        ["drop"] => return,
        ["slow"] => {
            std::thread::sleep(Duration::from_secs(2));
            json_answer(200, &json!({}))
        }
        ["status", status] => json_answer(status.parse().unwrap(), &json!({ "error": "as asked" })),
        ["flaky", fails] if times <= fails.parse().unwrap() => json_answer(503, &json!({ "busy": times })),
        ["redirect", status, to @ ..] => {
            let head = format!("Location: /{}\r\n", to.join("/"));
            answer(status.parse().unwrap(), &head, "")
        }
        ["text"] => answer(200, "Content-Type: text/plain\r\n", "state: ready 42"),
        ["broken"] => answer(200, "Content-Type: application/json\r\n", "{ not json"),
        [first, ..] if first.starts_with("echo") => json_answer(200, &echo(&request)),
        _ => json_answer(
            200,
            &json!({ "depth": 7, "state": "ready", "items": [{ "name": "a" }, { "name": "b" }] }),
        ),
    };
    drop((&mut &*stream).write_all(answer.as_bytes()));
}

fn echo(request: &Request) -> serde_json::Value {
    let kept = ["authorization", "content-type", "accept", "x-trace"];
    let headers = kept.iter().filter_map(|name| Some((*name, request.headers.get(*name)?)));
    json!({
        "method": request.method,
        "target": request.target,
        "headers": headers.collect::<std::collections::BTreeMap<_, _>>(),
        "body": request.body,
    })
}

fn json_answer(status: u16, body: &serde_json::Value) -> String {
    answer(status, "Content-Type: application/json\r\n", &body.to_string())
}

fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} as asked\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}
