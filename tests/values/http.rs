//! Out to HTTP: paths, parameters, headers, credentials, bodies of every kind.

use percent_encoding::percent_decode_str;
use url::form_urlencoded;

use crate::nasty::{known, over};
use crate::server::{Request, Server};
use crate::site::{Site, empty};

const COUNT: usize = 8;

/// Four requests with each value in all parts of one.
fn body(url: &str, count: usize) -> String {
    let one = |at: usize| {
        let v = format!("v{at}");
        let target = format!("{url}/p/{{{v}}}/a{{{v}}}b?q={{{v}}}");
        format!(
            "  http POST \"{target}\" {{\n    query \"more\" {v}\n    json {{ value: {v}, list: [{v}] }}\n  }}\n  http POST \"{url}/form\" {{\n    basic \"user\" {v}\n    form {{ value: {v} }}\n  }}\n  http PUT \"{url}/body\" {{ body {v} }}\n"
        )
    };
    let requests: String = (0..count).map(one).collect();
    format!("step \"S\" {{\n{requests}  rollback none \"x\"\n}}\n")
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

fn arrives(requests: &[Request], value: &str) {
    let [json, form, plain] = requests else { panic!("{value:?}: {requests:?}") };
    assert_eq!([json, form, plain].map(|request| request.method.as_str()), ["POST", "POST", "PUT"]);
    let (path, query) = json.target.split_once('?').unwrap();
    let segments: Vec<String> = path.split('/').skip(1).map(decoded).collect();
    assert_eq!(segments, ["p".to_owned(), value.to_owned(), format!("a{value}b")], "{}", json.target);
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    assert_eq!(pairs, [("q".to_owned(), value.to_owned()), ("more".to_owned(), value.to_owned())]);
    let sent: serde_json::Value = serde_json::from_slice(&json.body).unwrap();
    assert_eq!(sent, serde_json::json!({ "value": value, "list": [value] }));
    let pairs: Vec<(String, String)> = form_urlencoded::parse(&form.body).into_owned().collect();
    assert_eq!(pairs, [("value".to_owned(), value.to_owned())]);
    let basic = form.header("authorization").unwrap();
    assert_eq!(base64(basic.strip_prefix("Basic ").unwrap()), format!("user:{value}"));
    assert_eq!(plain.body(), value);
}

fn base64(text: &str) -> String {
    use ::base64::Engine;
    String::from_utf8(::base64::engine::general_purpose::STANDARD.decode(text).unwrap()).unwrap()
}

fn arrive(values: &[String]) {
    // A path has no way to hold these; `refused` is about them.
    let values: Vec<String> =
        values.iter().filter(|value| ![".", ".."].contains(&value.as_str())).cloned().collect();
    let server = Server::start(empty);
    let site = Site::new(values.len(), &body(&server.url(), values.len()));
    site.runs_with(&values, &[]);
    let requests = server.requests();
    assert_eq!(requests.len(), 3 * values.len());
    requests.chunks(3).zip(&values).for_each(|(requests, value)| arrives(requests, value));
}

#[test]
fn known_values_arrive() {
    known(COUNT, |values| arrive(&values));
}

#[test]
fn random_values_arrive() {
    over(COUNT, |values| arrive(&values));
}

/// A header has no room for blanks around it, or for what is no text of a line.
#[test]
fn values_arrive_in_headers() {
    let server = Server::start(empty);
    let body = format!(
        "step \"S\" {{\n  http GET \"{}/x\" {{ header \"X-V\" v0; bearer v1 }}\n  rollback none \"x\"\n}}\n",
        server.url()
    );
    for value in ["a b", "$(touch pwned)", "'\"`\\", "a: b", "é 日本語", "--x", "*", "{v0}", "a\tb"] {
        let site = Site::new(2, &body);
        site.runs_with(&[value.to_owned(), value.to_owned()], &[]);
        let request = server.requests().pop().unwrap();
        assert_eq!(request.header("x-v").as_deref(), Some(value));
        assert_eq!(request.header("authorization"), Some(format!("Bearer {value}")));
    }
}
