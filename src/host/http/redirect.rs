//! Redirects: which method goes on, and what must not reach another host.

use std::io;
use std::path::PathBuf;

use reqwest::header::{
    AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, PROXY_AUTHORIZATION,
};
use reqwest::{Method, Request, Response, StatusCode, Url};

use crate::run::ArgText;

/// One request of a chain.
pub(super) struct Hop {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Option<Body>,
}

/// What a request carries.
#[derive(Clone)]
pub(super) enum Body {
    Text(ArgText),
    /// Read again for each request of a chain, so that it is in memory once.
    File(PathBuf),
}

impl Body {
    fn is_secret(&self) -> bool {
        matches!(self, Self::Text(text) if text.secret)
    }

    async fn content(&self) -> io::Result<reqwest::Body> {
        match self {
            Self::Text(text) => Ok(text.clear.clone().into()),
            Self::File(path) => {
                let path = path.clone();
                let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
                read.map_err(io::Error::other)?.map(Into::into)
            }
        }
    }
}

impl Hop {
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    pub(super) async fn request(&self) -> io::Result<Request> {
        let mut request = Request::new(self.method.clone(), self.url.clone());
        *request.headers_mut() = self.headers.clone();
        if let Some(body) = &self.body {
            *request.body_mut() = Some(body.content().await?);
        }
        Ok(request)
    }

    /// Where it goes on; `None` where the response is the answer. A secret body is not carried to
    /// another host: then the redirect itself is the answer.
    pub(super) fn next(&self, response: &Response) -> Option<Self> {
        let url = self.target(response)?;
        let same = url.origin() == self.url.origin();
        let mut headers = self.headers.clone();
        let method = self.method_after(response.status());
        let body = if method == self.method { self.body.clone() } else { None };
        if body.is_none() {
            headers.remove(CONTENT_TYPE);
            headers.remove(CONTENT_LENGTH);
        }
        if !same {
            if body.as_ref().is_some_and(Body::is_secret) {
                return None;
            }
            drop_credentials(&mut headers);
        }
        Some(Self { method, url, headers, body })
    }

    fn target(&self, response: &Response) -> Option<Url> {
        if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        let location = response.headers().get(LOCATION)?.to_str().ok()?;
        let url = self.url.join(location).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(url)
    }

    /// See other: look there. Moved: a POST becomes a GET, as every browser has it; the rest stays.
    fn method_after(&self, status: StatusCode) -> Method {
        match status.as_u16() {
            303 if self.method != Method::HEAD => Method::GET,
            301 | 302 if self.method == Method::POST => Method::GET,
            _ => self.method.clone(),
        }
    }
}

fn drop_credentials(headers: &mut HeaderMap) {
    let secret: Vec<_> =
        headers.iter().filter(|(_, value)| value.is_sensitive()).map(|(name, _)| name.clone()).collect();
    for name in secret.into_iter().chain([AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION]) {
        headers.remove(name);
    }
}
