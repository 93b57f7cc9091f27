//! An HTTP server on 127.0.0.1 that keeps the bytes it was sent and answers everything with `{}`.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) target: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| String::from_utf8(value.clone()).unwrap())
    }

    pub(crate) fn body(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

#[derive(Default)]
struct State {
    requests: Mutex<Vec<Request>>,
    over: AtomicBool,
}

/// Lives as long as this.
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
                serve(&shared, &stream);
            }
        });
        Self { address, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All that came, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.state.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
    }
}

fn serve(state: &State, stream: &TcpStream) {
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    if let Some(request) = read(&mut BufReader::new(stream)) {
        state.requests.lock().unwrap().push(request);
        let mut stream = stream;
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
        drop(stream.write_all(head.as_bytes()));
    }
}

fn read(reader: &mut impl BufRead) -> Option<Request> {
    let first = line(reader)?;
    let target = String::from_utf8(first).ok()?.split(' ').nth(1)?.to_owned();
    let mut request = Request { target, ..Request::default() };
    loop {
        let line = line(reader)?;
        let Some(at) = line.iter().position(|byte| *byte == b':') else { break };
        let name = String::from_utf8(line[..at].to_vec()).ok()?.to_lowercase();
        request.headers.push((name, line[at + 1..].trim_ascii().to_vec()));
    }
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}

fn line(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut line = vec![];
    reader.read_until(b'\n', &mut line).ok().filter(|count| *count > 0)?;
    Some(line.trim_ascii_end().to_vec())
}
