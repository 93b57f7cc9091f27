//! Messages as they travel: a header with a length, then so many bytes of JSON.
//!
//! Knows JSON-RPC and no method. Total: what is no message is said to be none, and reading goes on behind it.

use std::collections::HashSet;
use std::io::{self, BufRead, Read, Write};
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};

use super::failure::Failure;

/// Larger messages are no text that anybody edits.
const MOST: u64 = 256 << 20;

/// Longer lines of a header are read in parts.
const LONGEST: u64 = 1 << 16;

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
    /// No message: its id where it has one, and why.
    Wrong(Value, Failure),
}

/// The requests that are no longer wanted, by their ids.
pub(super) type Cancelled = Arc<Mutex<HashSet<String>>>;

/// Reads the next message; `None` where there is no more.
///
/// # Errors
/// Where reading fails.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let length = match header(input)? {
        Header::Length(length) => length,
        Header::Wrong(why) => return Ok(Some(unreadable(why))),
        Header::End => return Ok(None),
    };
    if length > MOST {
        io::copy(&mut input.by_ref().take(length), &mut io::sink())?;
        return Ok(Some(unreadable(format!("a message has at most {MOST} bytes"))));
    }
    let mut body = vec![];
    if input.by_ref().take(length).read_to_end(&mut body)? as u64 != length {
        return Ok(Some(unreadable(format!("the message ends after {} of its {length} bytes", body.len()))));
    }
    Ok(Some(match serde_json::from_slice(&body) {
        Ok(message) => sorted(message),
        Err(why) => unreadable(format!("this is no JSON: {why}")),
    }))
}

fn unreadable(why: impl Into<String>) -> Incoming {
    Incoming::Wrong(Value::Null, Failure::unreadable(why))
}

/// What a header comes to.
enum Header {
    Length(u64),
    /// There is none, or it cannot be gone by.
    Wrong(String),
    End,
}

/// Reads lines up to an empty one. A line that ends with a length gives it, whatever stands before: after a length that was
/// too small the rest of that message stands there, and the conversation goes on with the next.
fn header(input: &mut impl BufRead) -> io::Result<Header> {
    let (mut length, mut other, mut wrong) = (None, false, None);
    loop {
        let mut line = vec![];
        if input.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            let cut = length.is_some() || other;
            return Ok(if cut { Header::Wrong("it ends within a header".to_owned()) } else { Header::End });
        }
        let line = String::from_utf8_lossy(&line);
        match (line.trim(), length, wrong.take()) {
            ("", Some(length), None) => return Ok(Header::Length(length)),
            ("", None, None) if !other => {}
            ("", _, why) => {
                return Ok(Header::Wrong(
                    why.unwrap_or_else(|| "a message begins with its `Content-Length`".to_owned()),
                ));
            }
            (line, _, why) => {
                other = true;
                length = content_length(line).or(length);
                wrong = why.or_else(|| other_encoding(line));
            }
        }
    }
}

fn content_length(line: &str) -> Option<u64> {
    const NAME: &str = "content-length";
    let (before, value) = line.rsplit_once(':')?;
    let before = before.trim_end();
    let name = before.get(before.len().checked_sub(NAME.len())?..)?;
    name.eq_ignore_ascii_case(NAME).then(|| value.trim().parse().ok()).flatten()
}

/// Why a line cannot be gone by that names another encoding than UTF-8.
fn other_encoding(line: &str) -> Option<String> {
    let (_, charset) =
        line.to_ascii_lowercase().split_once("charset=").map(|(a, b)| (a.to_owned(), b.to_owned()))?;
    let name = charset.split(';').next().unwrap_or_default().trim().trim_matches('"');
    (!matches!(name, "utf-8" | "utf8")).then(|| format!("messages are in UTF-8, and not in {name}"))
}

fn sorted(message: Value) -> Incoming {
    let Value::Object(mut message) = message else {
        return Incoming::Wrong(Value::Null, Failure::no_message("a message is an object"));
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
            Incoming::Wrong(id, Failure::no_message("a message has a method, which is a text"))
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
        let found = all(&text);
        let begins = [
            "Request",
            "Request",
            "Notification",
            "Answer",
            "Wrong(Number(8), Failure { code: -32600",
            "Wrong(Null, Failure { code: -32600",
            "Wrong(Null, Failure { code: -32700",
            "Wrong(Null, Failure { code: -32600",
        ];
        assert_eq!(found.len(), begins.len());
        for (one, begin) in found.iter().zip(begins) {
            assert!(one.starts_with(begin), "{one}: {begin}");
        }
        assert!(found.first().is_some_and(|one| one.contains("é😀")));
    }

    #[test]
    fn headers_are_read_as_others_write_them() {
        let text = "content-length:2\nContent-Type: x\n\n{}Content-Length: 2\r\n\r\n[]trailing";
        let found = all(text);
        assert_eq!(found.len(), 3, "two messages, and what trails them: {found:?}");
        assert!(all("").is_empty());
        assert!(all("\r\n\r\n").is_empty());
    }

    #[test]
    fn a_frame_that_is_wrong_is_said_and_the_next_is_read() {
        let good = framed(r#"{"method":"c"}"#);
        let wrong = |text: &str, count: usize| {
            let found = all(&format!("{text}{good}"));
            assert_eq!(found.len(), count + 1, "{text}: {found:?}");
            let (last, before) = found.split_last().unwrap();
            assert!(last.starts_with("Notification"), "{text}: {found:?}");
            assert!(
                before.iter().all(|one| one.starts_with("Wrong(Null, Failure { code: -32700")),
                "{text}: {found:?}"
            );
        };
        wrong("Content-Length: x\r\n\r\n", 1);
        wrong("Content-Type: x\r\n\r\n", 1);
        wrong("Content-Length: -1\r\n\r\n", 1);
        wrong("Content-Length: 3\r\n\r\n{\"method\":\"b\"}", 1);
        wrong("Content-Type: a/b; charset=utf-16\r\nContent-Length: 2\r\n\r\n", 1);
        wrong("\r\n", 0);
        for cut in ["Content-Length: 99\r\n\r\n{}", "Content-Length: 5\r\n", "nonsense"] {
            let found = all(cut);
            assert!(found.len() == 1 && found.iter().all(|one| one.contains("-32700")), "{cut}: {found:?}");
        }
    }
}
