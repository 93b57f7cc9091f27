//! Messages as they travel: a header with a length, then so many bytes of JSON.
//!
//! Knows JSON-RPC and no method. Total: what is no message is said to be none, and reading goes on behind it.

use std::collections::HashSet;
use std::io::{self, BufRead, Read, Write};
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};

/// Larger messages are no text that anybody edits.
const MOST: u64 = 256 << 20;

/// What came in.
#[derive(Debug)]
pub(super) enum Incoming {
    /// Wants an answer under its id.
    Request {
        /// A number or a text, to be given back as it is.
        id: Value,
        /// What is asked.
        method: String,
        /// With what.
        params: Value,
    },
    /// Wants none.
    Notification {
        /// What is told.
        method: String,
        /// With what.
        params: Value,
    },
    /// An answer to what was asked of the client.
    Answer,
    /// No message, with the code and the words that say so, and its id where it has one.
    Wrong(Value, i32, String),
}

/// The requests that are no longer wanted, by their ids.
pub(super) type Cancelled = Arc<Mutex<HashSet<String>>>;

/// JSON-RPC: it is no JSON.
const PARSE_ERROR: i32 = -32700;
/// JSON-RPC: it is JSON, and no message.
const INVALID_REQUEST: i32 = -32600;

/// Reads the next message; `None` where there is no more.
///
/// # Errors
/// Where reading fails.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let Some(length) = header(input)? else { return Ok(None) };
    let mut body = vec![];
    if input.by_ref().take(length.min(MOST)).read_to_end(&mut body)? as u64 != length {
        return Ok(None);
    }
    Ok(Some(match serde_json::from_slice(&body) {
        Ok(message) => sorted(message),
        Err(why) => Incoming::Wrong(Value::Null, PARSE_ERROR, format!("this is no JSON: {why}")),
    }))
}

/// The length that the header gives. Lines that say nothing of it are passed over; a message without one has none.
fn header(input: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut length = None;
    loop {
        let mut line = vec![];
        if input.by_ref().take(MOST).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        match (line.trim(), length) {
            ("", Some(_)) => return Ok(length),
            ("", None) => {}
            (line, _) => length = content_length(line).or(length),
        }
    }
}

fn content_length(line: &str) -> Option<u64> {
    let (name, value) = line.split_once(':')?;
    name.trim().eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok()).flatten()
}

fn sorted(message: Value) -> Incoming {
    let Value::Object(mut message) = message else {
        return Incoming::Wrong(Value::Null, INVALID_REQUEST, "a message is an object".to_owned());
    };
    let mut take = |name: &str| message.remove(name);
    let (id, method, params) = (take("id"), take("method"), take("params").unwrap_or_default());
    match (id, method) {
        (Some(id @ (Value::Number(_) | Value::String(_))), Some(Value::String(method))) => {
            Incoming::Request { id, method, params }
        }
        (None | Some(Value::Null), Some(Value::String(method))) => Incoming::Notification { method, params },
        (Some(_), None) if message.contains_key("result") || message.contains_key("error") => {
            Incoming::Answer
        }
        (id, _) => {
            let id = id.filter(|id| id.is_number() || id.is_string()).unwrap_or_default();
            Incoming::Wrong(id, INVALID_REQUEST, "a message has a method, which is a text".to_owned())
        }
    }
}

/// Writes one message.
///
/// # Errors
/// Where nobody reads any more.
pub(super) fn write(output: &mut dyn Write, mut message: Map<String, Value>) -> io::Result<()> {
    message.insert("jsonrpc".to_owned(), json!("2.0"));
    let body = serde_json::to_vec(&message)?;
    write!(output, "Content-Length: {}\r\n\r\n", body.len())?;
    output.write_all(&body)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut input = text.as_bytes();
        let next = || read(&mut input).unwrap();
        std::iter::from_fn(next).map(|one| format!("{one:?}")).collect()
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn messages_are_told_apart_and_what_is_none_stops_nothing() {
        let bodies = [
            r#"{"jsonrpc":"2.0","id":1,"method":"a","params":{"x":"é😀"}}"#,
            r#"{"id":"one","method":"b"}"#,
            r#"{"method":"c","params":[]}"#,
            r#"{"id":7,"result":null}"#,
            r#"{"id":8}"#,
            "[]",
            "{",
            r#"{"id":{},"method":"d"}"#,
        ];
        let text: String = bodies.iter().map(|body| framed(body)).collect();
        insta::assert_snapshot!(all(&text).join("\n"));
    }

    #[test]
    fn headers_are_read_as_others_write_them() {
        let text = "content-length:2\nContent-Type: x\n\n{}Content-Length: 2\r\n\r\n[]trailing";
        assert_eq!(all(text).len(), 2);
        assert!(all("Content-Length: 99\r\n\r\n{}").is_empty(), "cut short");
        assert!(all("Content-Length: x\r\n\r\n").is_empty());
        assert!(all("").is_empty());
    }
}
