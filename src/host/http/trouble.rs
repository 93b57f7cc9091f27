//! Why a request has no answer, in few words: the host and the cause, no chain of wrappers.

use std::error::Error;
use std::time::Duration;

use reqwest::Url;

use crate::run::Failure;

/// No answer.
#[derive(Debug)]
pub(super) struct Trouble {
    pub failure: Failure,
    /// Host and port; empty where the URL was not usable.
    pub host: String,
    pub cause: String,
}

impl Trouble {
    pub(super) fn new(failure: Failure, url: &Url, cause: String) -> Self {
        Self { failure, host: host(url), cause }
    }

    /// An error before the head of the response was there.
    pub(super) fn of(error: &reqwest::Error, url: &Url) -> Self {
        let failure = match () {
            () if error.is_connect() || error.is_builder() => Failure::NotStarted,
            () if error.is_timeout() => Failure::TimedOut,
            () => Failure::Lost,
        };
        let before = if failure == Failure::Lost {
            "the connection was lost after the request was sent: "
        } else {
            ""
        };
        Self::new(failure, url, format!("{before}{}", cause(error)))
    }

    /// An error while the body was read.
    pub(super) fn lost(error: &reqwest::Error, url: &Url) -> Self {
        let cause = format!("the connection was lost in the middle of the answer: {}", cause(error));
        Self::new(Failure::Lost, url, cause)
    }

    pub(super) fn timed_out(url: &str, total: Duration) -> Self {
        let host = Url::parse(url).map(|url| host(&url)).unwrap_or_default();
        Self {
            failure: Failure::TimedOut,
            host,
            cause: format!("no whole answer within {}", super::super::shown(total)),
        }
    }

    pub(super) fn message(&self) -> String {
        if self.host.is_empty() { self.cause.clone() } else { format!("{}: {}", self.host, self.cause) }
    }
}

/// Without user, password, path and query: those may be secret.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The innermost cause; the layers around it say only where it came through.
pub(super) fn cause(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let text = innermost.to_string();
    let text = text.split_once(" (os error").map_or(text.as_str(), |(words, _)| words);
    text.chars().take(200).collect()
}
