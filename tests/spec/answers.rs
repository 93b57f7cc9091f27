//! What the server of the specs answers, by path.
//!
//! `/status/N` answers with that status; `/flaky/N` with 503 the first N times; `/echo` with the request as JSON;
//! `/redirect/N/PATH` sends to PATH with status N; `/slow` after two seconds; `/drop` closes without a word;
//! `/text` and `/broken` are not JSON; any other with `{"depth": 7, "state": "ready", "items": […]}`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use crate::server::{Request, response};

/// `POST /path body`.
pub(crate) fn told(request: &Request) -> String {
    format!("{} {} {}", request.method, request.target, request.body()).trim_end().to_owned()
}

pub(crate) fn answer(request: &Request, times: usize) -> Vec<u8> {
    let parts: Vec<&str> = request.target.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["drop"] => vec![],
        ["slow"] => {
            std::thread::sleep(Duration::from_secs(2));
            json_answer(200, &json!({}))
        }
        ["status", status] => json_answer(status.parse().unwrap(), &json!({ "error": "as asked" })),
        ["flaky", fails] if times <= fails.parse().unwrap() => json_answer(503, &json!({ "busy": times })),
        ["redirect", status, to @ ..] => {
            let head = format!("Location: /{}\r\n", to.join("/"));
            response(status.parse().unwrap(), &head, b"")
        }
        ["text"] => response(200, "Content-Type: text/plain\r\n", b"state: ready 42"),
        ["broken"] => response(200, "Content-Type: application/json\r\n", b"{ not json"),
        [first, ..] if first.starts_with("echo") => json_answer(200, &echo(request)),
        _ => json_answer(
            200,
            &json!({ "depth": 7, "state": "ready", "items": [{ "name": "a" }, { "name": "b" }] }),
        ),
    }
}

fn echo(request: &Request) -> serde_json::Value {
    let kept = ["authorization", "content-type", "accept", "x-trace"];
    let headers = kept.iter().filter_map(|name| Some((*name, request.header(name)?)));
    json!({
        "method": request.method,
        "target": request.target,
        "headers": headers.collect::<BTreeMap<_, _>>(),
        "body": request.body(),
    })
}

fn json_answer(status: u16, body: &serde_json::Value) -> Vec<u8> {
    response(status, "Content-Type: application/json\r\n", body.to_string().as_bytes())
}
