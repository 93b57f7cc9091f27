//! Requests against a small server on the loopback.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use super::*;
use crate::run::{ArgText, Captured, Content};

/// A server that answers one connection after the other with what it was given.
struct Server {
    port: u16,
    asked: Receiver<String>,
}

type Answer = Box<dyn FnOnce(&mut TcpStream) + Send>;

impl Server {
    fn new(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (heard, asked) = channel();
        std::thread::spawn(move || {
            for answer in answers {
                let Ok((mut stream, _)) = listener.accept() else { return };
                let _ = heard.send(request(&mut stream));
                answer(&mut stream);
            }
        });
        Self { port, asked }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn next(&self) -> String {
        self.asked.recv_timeout(Duration::from_secs(30)).unwrap()
    }
}

/// Head and body of a request.
fn request(stream: &mut TcpStream) -> String {
    let mut bytes = vec![];
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return String::from_utf8_lossy(&bytes).into_owned();
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return String::from_utf8_lossy(&bytes).into_owned(),
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}

fn says(text: impl Into<String>) -> Answer {
    let text = text.into();
    Box::new(move |stream| _ = stream.write_all(text.as_bytes()))
}

fn ok(body: &str) -> Answer {
    says(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nX-One: a\r\nX-One: b\r\n\r\n{body}", body.len()))
}

fn redirects(status: u16, to: &str) -> Answer {
    says(format!("HTTP/1.1 {status} Moved\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n"))
}

fn text(clear: &str, secret: bool) -> ArgText {
    ArgText { clear: clear.into(), secret }
}

fn get(url: &str) -> HttpRequest {
    HttpRequest { method: "GET".into(), url: text(url, false), headers: vec![], body: None }
}

fn post(url: &str) -> HttpRequest {
    let headers = vec![
        ("authorization".into(), text("Bearer hunter22", true)),
        ("X-Key".into(), text("k3y-hunter22", true)),
        ("X-Plain".into(), text("plain", false)),
    ];
    HttpRequest {
        method: "POST".into(),
        headers,
        body: Some(("application/json".into(), Content::Text(text("{\"a\":1}", false)))),
        ..get(url)
    }
}

fn send_within(request: HttpRequest, timeout: Option<Duration>) -> Reply {
    let mask = Mask::default();
    mask.learn(["hunter22"]);
    let http = Http { mask, trace: "00-0123-45-01".into(), folder: std::env::temp_dir() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(http.send(request, timeout))
}

fn send(request: HttpRequest) -> HttpReply {
    match send_within(request, None) {
        Reply::Http(reply) => reply,
        other => panic!("{other:?}"),
    }
}

fn fails(request: HttpRequest, timeout: Option<Duration>) -> (Failure, String) {
    match send_within(request, timeout) {
        Reply::Failed { failure, message, .. } => (failure, message),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_arrives_whole_and_its_answer_is_read() {
    let server = Server::new(vec![ok("é!")]);
    let reply = send(post(&server.url("/a?b=c%20d")));
    assert_eq!((reply.status, reply.body.text()), (200, Some("é!")));
    assert!(reply.headers.contains(&("x-one".into(), "a, b".into())), "{:?}", reply.headers);
    let asked = server.next();
    assert!(asked.starts_with("POST /a?b=c%20d HTTP/1.1\r\n"), "{asked}");
    for expected in [
        "authorization: Bearer hunter22\r\n",
        "x-key: k3y-hunter22\r\n",
        "content-type: application/json\r\n",
        "traceparent: 00-0123-45-01\r\n",
        "\r\n\r\n{\"a\":1}",
    ] {
        assert!(asked.contains(expected), "{expected} in {asked}");
    }
}

#[test]
fn user_and_password_of_a_url_become_a_header() {
    let server = Server::new(vec![ok("")]);
    send(get(&server.url("/").replace("http://", "http://me:p%40ss@")));
    assert!(server.next().contains("authorization: Basic bWU6cEBzcw==\r\n"));
}

#[test]
fn redirects_are_followed_and_secrets_stay_with_their_host() {
    let other = Server::new(vec![ok("there")]);
    let server = Server::new(vec![redirects(307, "/again"), redirects(307, &other.url("/x"))]);
    assert_eq!(send(post(&server.url("/"))).body.text(), Some("there"));
    server.next();
    let same = server.next();
    assert!(
        same.starts_with("POST /again") && same.contains("hunter22") && same.ends_with("{\"a\":1}"),
        "{same}"
    );
    let across = other.next();
    assert!(across.starts_with("POST /x") && across.contains("x-plain: plain"), "{across}");
    assert!(!across.contains("hunter22"), "{across}");
}

#[test]
fn see_other_becomes_a_get_without_body() {
    for status in [301, 302, 303] {
        let server = Server::new(vec![redirects(status, "/b"), ok("")]);
        send(post(&server.url("/a")));
        server.next();
        let second = server.next();
        assert!(second.starts_with("GET /b") && !second.contains("content-type"), "{status}: {second}");
    }
}

#[test]
fn other_methods_survive_a_move() {
    let server = Server::new(vec![redirects(302, "/b"), ok("")]);
    send(HttpRequest { method: "PUT".into(), ..post(&server.url("/a")) });
    server.next();
    assert!(server.next().starts_with("PUT /b"));
}

#[test]
fn a_secret_body_is_not_carried_to_another_host() {
    let server = Server::new(vec![redirects(307, "http://127.0.0.1:9/x")]);
    let request = HttpRequest {
        body: Some(("text/plain".into(), Content::Text(text("hunter22", true)))),
        ..post(&server.url("/"))
    };
    assert_eq!(send(request).status, 307);
}

#[test]
fn endless_redirects_end() {
    let server = Server::new((0..20).map(|_| redirects(302, "/")).collect());
    let (failure, message) = fails(get(&server.url("/")), None);
    assert_eq!(failure, Failure::Unreadable);
    assert!(message.contains("more than 10 times"), "{message}");
}

#[test]
fn a_refused_connection_did_not_start() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (failure, message) = fails(get(&format!("http://127.0.0.1:{port}/?token=hunter22")), None);
    assert_eq!(failure, Failure::NotStarted);
    assert_eq!(message, format!("127.0.0.1:{port}: Connection refused"));
}

#[test]
fn a_name_that_does_not_resolve_did_not_start() {
    let (failure, message) = fails(get("http://no-such-host.invalid/"), None);
    assert_eq!(failure, Failure::NotStarted);
    assert!(message.starts_with("no-such-host.invalid: "), "{message}");
}

#[test]
fn a_refusal_after_a_redirect_is_not_clean() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = Server::new(vec![redirects(303, &format!("http://127.0.0.1:{port}/"))]);
    assert_eq!(fails(post(&server.url("/")), None).0, Failure::Lost);
}

#[test]
fn a_connection_that_dies_after_sending_is_lost() {
    let server = Server::new(vec![Box::new(|_| {})]);
    assert_eq!(fails(post(&server.url("/")), None).0, Failure::Lost);
    let server = Server::new(vec![says("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")]);
    let (failure, message) = fails(get(&server.url("/")), None);
    assert_eq!(failure, Failure::Lost);
    assert!(message.contains("in the middle of the answer"), "{message}");
}

#[test]
fn nothing_is_sent_a_second_time() {
    let server = Server::new(vec![Box::new(|_| {}), ok("second")]);
    assert_eq!(fails(get(&server.url("/")), None).0, Failure::Lost);
    server.next();
    assert!(server.asked.recv_timeout(Duration::from_millis(100)).is_err());
}

#[test]
fn an_answer_that_does_not_come_times_out() {
    let hangs: Answer = Box::new(|stream| _ = stream.read(&mut [0; 1]));
    let server = Server::new(vec![hangs]);
    let (failure, message) = fails(get(&server.url("/")), Some(Duration::from_millis(150)));
    assert_eq!(failure, Failure::TimedOut);
    assert!(message.contains("no whole answer within 150ms"), "{message}");
}

#[test]
fn a_body_that_is_too_large_is_not_read_and_what_is_no_text_is_none() {
    let large: Answer = Box::new(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        let _ = stream.write_all(&vec![b'x'; LARGEST_BODY + 1]);
    });
    let server = Server::new(vec![large]);
    let (failure, message) = fails(get(&server.url("/")), None);
    assert_eq!((failure, message.contains("larger than 8 MiB")), (Failure::Unreadable, true));
    let binary: Answer =
        Box::new(|stream| _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\xff"));
    let server = Server::new(vec![binary]);
    assert_eq!(send(get(&server.url("/"))).body, Captured::NotText(0));
}

#[test]
fn a_header_that_is_no_text_keeps_its_bytes() {
    let odd: Answer = Box::new(|stream| {
        _ = stream.write_all(
            b"HTTP/1.1 200 OK\r\nX-Odd: a\xff\xe9\r\nX-Text: \xc3\xa9\r\nContent-Length: 0\r\n\r\n",
        );
    });
    let headers = send(get(&Server::new(vec![odd]).url("/"))).headers;
    for pair in [("x-odd", "a\u{ff}\u{e9}"), ("x-text", "é")] {
        assert!(headers.contains(&(pair.0.into(), pair.1.into())), "{headers:?}");
    }
}

#[test]
fn what_is_no_request_did_not_start() {
    let header = |name: &str, value: &str| HttpRequest {
        headers: vec![(name.into(), text(value, true))],
        ..get("http://127.0.0.1:9/")
    };
    let cases = [
        (get("no url"), "the URL is not usable"),
        (get("file:///etc/passwd"), "neither http nor https"),
        (header("a b", "x"), "no header name"),
        (header("a", "x\r\nInjected: y"), "line end"),
    ];
    for (request, expected) in cases {
        let (failure, message) = fails(request, None);
        assert_eq!(failure, Failure::NotStarted);
        assert!(message.contains(expected), "{message}");
    }
}
