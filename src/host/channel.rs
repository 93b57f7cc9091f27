//! Channels: where `notify` says things.

use std::collections::BTreeMap;

use serde_json::json;

use super::failed;
use crate::run::{ArgText, Content, Failure, HttpRequest, Program, Reply};

/// Where a channel leads, as `bowline.toml` has it.
#[derive(Clone, Debug)]
pub enum Channel {
    /// A program that gets the text on its standard input.
    Program(Vec<String>),
    /// A URL that gets `{"text": …, "run": …}` by POST. Whole, it counts as a secret.
    Webhook(String),
}

impl Channel {
    /// What of it is never shown.
    pub(super) fn secret(&self) -> Option<&str> {
        match self {
            Self::Program(_) => None,
            Self::Webhook(url) => Some(url),
        }
    }
}

/// The channels that are set up, by name.
pub type Channels = BTreeMap<String, Channel>;

/// How a text gets out.
pub(super) enum Delivery {
    Program(Program),
    Http(HttpRequest),
    /// Nobody takes it: a person copies it.
    Copy(String),
}

/// How a text gets out on a channel.
pub(super) fn delivery(channels: &Channels, channel: &str, text: &str, run: &str) -> Delivery {
    match channels.get(channel) {
        None => Delivery::Copy(format!("channel `{channel}` is not set up; to copy: {text}")),
        Some(Channel::Webhook(url)) => Delivery::Http(HttpRequest {
            method: "POST".into(),
            url: ArgText { clear: url.clone(), secret: true },
            headers: vec![],
            body: Some((
                "application/json".into(),
                Content::Text(ArgText::plain(json!({ "text": text, "run": run }).to_string())),
            )),
        }),
        Some(Channel::Program(words)) => Delivery::Program(Program {
            env: vec![("BOWLINE_CHANNEL".into(), ArgText::plain(channel))],
            stdin: Some(ArgText::plain(text)),
            ..Program::of(words)
        }),
    }
}

/// The reply of what carried a message, as one about the message.
pub(super) fn notified(reply: Reply) -> Reply {
    let not = |why: String| failed(Failure::Lost, format!("the message was not taken: {why}"));
    match reply {
        Reply::Program(program) if program.exit == 0 => Reply::Done { message: String::new() },
        Reply::Program(program) => not(format!("exit {}; {}", program.exit, program.tail)),
        Reply::Http(answer) if (200..300).contains(&answer.status) => Reply::Done { message: String::new() },
        Reply::Http(answer) => not(format!("status {}", answer.status)),
        reply => reply,
    }
}
