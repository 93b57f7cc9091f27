//! An HTTP server on 127.0.0.1 that keeps what it was asked; what it answers is said where it is started.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    /// Names in lower case.
    headers: Vec<(String, Vec<u8>)>,
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

/// What is answered to the how manieth request for a target: the bytes of a response, none to close without a word.
type Answer = dyn Fn(&Request, usize) -> Vec<u8> + Send + Sync;

struct State {
    asked: Mutex<Vec<Request>>,
    /// How often each target was asked for.
    counts: Mutex<HashMap<String, usize>>,
    over: AtomicBool,
    answer: Box<Answer>,
}

/// A server that lives as long as this.
pub(crate) struct Server {
    address: SocketAddr,
    state: Arc<State>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Request, usize) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, counts) = (Mutex::default(), Mutex::default());
        let state = Arc::new(State { asked, counts, over: AtomicBool::new(false), answer: Box::new(answer) });
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

    /// All that came, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.state.asked.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
    }
}

fn serve(state: &State, mut stream: &TcpStream) {
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let Some(request) = read(&mut BufReader::new(stream)) else { return };
    state.asked.lock().unwrap().push(request.clone());
    let times = {
        let mut counts = state.counts.lock().unwrap();
        let times = counts.entry(request.target.clone()).or_default();
        *times += 1;
        *times
    };
    drop(stream.write_all(&(state.answer)(&request, times)));
}

fn read(reader: &mut impl BufRead) -> Option<Request> {
    let first = String::from_utf8(line(reader)?).ok()?;
    let mut words = first.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut request = Request { method, target, ..Request::default() };
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

/// A response; `headers` are whole lines.
pub(crate) fn response(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} as asked\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}
