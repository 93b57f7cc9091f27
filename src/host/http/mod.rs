//! HTTP: one request, its redirects, its answer or why there is none.
//!
//! Never tries again: whether that is safe is the core's to decide. Says honestly whether a
//! request may have reached the other side.

mod redirect;
mod trouble;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use base64::Engine;
use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Response, Url};

use self::redirect::{Body, Hop};
use self::trouble::Trouble;
use super::mask::Mask;
use crate::plan::HTTP_LIMIT;
use crate::run::{Captured, Content, Failure, HttpReply, HttpRequest, Reply};

/// A connection that takes longer is given up: the request was not sent.
const CONNECT: Duration = Duration::from_secs(10);

/// Redirects followed.
const HOPS: usize = 10;

/// A larger body is not read.
pub(super) const LARGEST_BODY: usize = 8 * 1024 * 1024;

/// Sends requests. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Http {
    pub mask: Mask,
    /// The trace that requests belong to.
    pub trace: String,
    /// Relative paths of files that are sent start here.
    pub folder: PathBuf,
}

impl Http {
    /// Carries out a request.
    pub(super) async fn send(&self, request: HttpRequest, timeout: Option<Duration>) -> Reply {
        let total = timeout.unwrap_or(HTTP_LIMIT);
        let mut sent = false;
        let exchange = tokio::time::timeout(total, self.exchange(&request, &mut sent)).await;
        let answer = exchange.unwrap_or_else(|_| Err(Trouble::timed_out(&request.url.clear, total)));
        answer.map_or_else(|trouble| self.failed(&trouble, sent), Reply::Http)
    }

    /// `sent` tells whether a request has been answered by a redirect: then nobody knows any more
    /// that nothing has happened.
    async fn exchange(&self, request: &HttpRequest, sent: &mut bool) -> Result<HttpReply, Trouble> {
        let mut hop = self.first(request)?;
        for _ in 0..=HOPS {
            let request = hop.request().await.map_err(|why| not_read(&hop, &why))?;
            let response =
                client()?.execute(request).await.map_err(|error| Trouble::of(&error, hop.url()))?;
            match hop.next(&response) {
                None => return read(response, hop.url()).await,
                Some(next) => hop = next,
            }
            *sent = true;
        }
        Err(Trouble::new(Failure::Unreadable, hop.url(), format!("it redirects more than {HOPS} times")))
    }

    fn first(&self, request: &HttpRequest) -> Result<Hop, Trouble> {
        let unusable =
            |why: String| Trouble { failure: Failure::NotStarted, host: String::new(), cause: why };
        let mut url = Url::parse(&request.url.clear)
            .map_err(|error| unusable(format!("the URL is not usable: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(unusable(format!(
                "the URL is not usable: `{}` is neither http nor https",
                url.scheme()
            )));
        }
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| unusable(format!("`{}` is no HTTP method", request.method)))?;
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let (name, value) = header(name, &value.clear, value.secret).map_err(unusable)?;
            headers.append(name, value);
        }
        if let Some(login) = login(&mut url) {
            headers.entry(AUTHORIZATION).or_insert(login);
        }
        if let Some((kind, _)) = &request.body {
            let (name, kind) = header("content-type", kind, false).map_err(unusable)?;
            headers.entry(name).or_insert(kind);
        }
        if let Ok((name, trace)) = header("traceparent", &self.trace, false) {
            headers.entry(name).or_insert(trace);
        }
        // Nothing is unpacked here: what is compressed would be no text.
        headers.entry(ACCEPT_ENCODING).or_insert(HeaderValue::from_static("identity"));
        let body = request.body.as_ref().map(|(_, content)| match content {
            Content::Text(text) => Body::Text(text.clone()),
            Content::File(path) => Body::File(self.folder.join(path)),
        });
        Ok(Hop { method, url, headers, body })
    }

    fn failed(&self, trouble: &Trouble, sent: bool) -> Reply {
        let failure = match trouble.failure {
            Failure::NotStarted if sent => Failure::Lost,
            failure => failure,
        };
        super::failed(failure, self.mask.text(&trouble.message()))
    }
}

/// The file that was to be sent cannot be read: nothing was.
fn not_read(hop: &Hop, why: &std::io::Error) -> Trouble {
    Trouble::new(Failure::NotStarted, hop.url(), format!("the file to send cannot be read: {why}"))
}

fn header(name: &str, value: &str, secret: bool) -> Result<(HeaderName, HeaderValue), String> {
    let header =
        HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("`{name}` is no header name"))?;
    let wrong = |_| format!("the value of header `{name}` holds a line end or control character");
    let mut value = HeaderValue::from_bytes(value.as_bytes()).map_err(wrong)?;
    value.set_sensitive(secret);
    Ok((header, value))
}

/// User and password move from the URL to a header.
fn login(url: &mut Url) -> Option<HeaderValue> {
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (user, password) = (decoded(url.username()), decoded(url.password().unwrap_or_default()));
    if user.is_empty() && password.is_empty() {
        return None;
    }
    // Fails only for URLs without a host, which http has not.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    let mut value = HeaderValue::from_bytes(format!("Basic {encoded}").as_bytes()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

async fn read(mut response: Response, url: &Url) -> Result<HttpReply, Trouble> {
    let status = response.status().as_u16();
    let headers = named(response.headers());
    let mut body: Vec<u8> = vec![];
    while let Some(chunk) = response.chunk().await.map_err(|error| Trouble::lost(&error, url))? {
        if body.len() + chunk.len() > LARGEST_BODY {
            let why = format!("status {status}, but the body is larger than {} MiB", LARGEST_BODY >> 20);
            return Err(Trouble::new(Failure::Unreadable, url, why));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(HttpReply { status, headers, body: Captured::of(body) })
}

/// Headers by name; several of one name are joined as the standard allows.
fn named(headers: &HeaderMap) -> Vec<(String, String)> {
    let joined = |name: &HeaderName| {
        let values = headers.get_all(name).iter().map(|value| header_text(value.as_bytes()));
        (name.as_str().to_owned(), values.collect::<Vec<_>>().join(", "))
    };
    headers.keys().map(joined).collect()
}

/// UTF-8, else as HTTP has always had it, a character for each byte: no byte is lost.
fn header_text(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().copied().map(char::from).collect(), str::to_owned)
}

/// One client for the process: reading the system's certificates takes longer than a request.
fn client() -> Result<&'static Client, Trouble> {
    static CLIENT: OnceLock<Result<Client, String>> = OnceLock::new();
    let built = CLIENT.get_or_init(|| build().map_err(|error| trouble::cause(&error)));
    built.as_ref().map_err(|why| Trouble {
        failure: Failure::NotStarted,
        host: String::new(),
        cause: format!("HTTP cannot be used on this machine: {why}"),
    })
}

fn build() -> reqwest::Result<Client> {
    // Fails only where a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent(concat!("bowline/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT)
        // A kept connection may die unseen; then nobody could say whether a request was sent.
        .pool_max_idle_per_host(0)
        .build()
}
