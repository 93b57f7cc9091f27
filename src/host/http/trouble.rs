//! Why a request has no answer, in few words: the host and the cause, no chain of wrappers.

use std::error::Error;
use std::time::Duration;

use reqwest::Url;
use rustls::CertificateError as Wrong;

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
pub(super) fn cause(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    loop {
        if let Some(why) = refused_certificate(innermost) {
            return why;
        }
        let Some(source) = innermost.source() else { break };
        innermost = source;
    }
    let text = innermost.to_string();
    let text = text.split_once(" (os error").map_or(text.as_str(), |(words, _)| words);
    text.chars().take(200).collect()
}

/// What is wrong with the certificate of a server, and what mends it, where an error is that.
fn refused_certificate(error: &(dyn Error + 'static)) -> Option<String> {
    let mut inside = error;
    while let Some(wrapped) = inside.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        inside = wrapped;
    }
    let Some(rustls::Error::InvalidCertificate(wrong)) = inside.downcast_ref() else { return None };
    let why = match wrong {
        Wrong::UnknownIssuer | Wrong::BadSignature => {
            "is of no authority that is known here; name a file with that one by `SSL_CERT_FILE`"
        }
        Wrong::Expired | Wrong::ExpiredContext { .. } => {
            "has expired; it wants a new one, or the clock here is wrong"
        }
        Wrong::NotValidYet | Wrong::NotValidYetContext { .. } => "is not valid yet; look at both clocks",
        Wrong::NotValidForName | Wrong::NotValidForNameContext { .. } => {
            "is for another name; ask by a name that stands in it"
        }
        Wrong::Revoked => "was revoked; it wants a new one",
        // The one that has no variant of its own, and that `openssl req -x509` makes.
        Wrong::Other(other) if other.0.to_string() == "CaUsedAsEndEntity" => {
            "is that of an authority, which signs others and serves nothing; it wants one with `CA:FALSE`"
        }
        other => return Some(format!("its certificate is refused: {other}")),
    };
    Some(format!("its certificate {why}"))
}
