//! The statement `http` against httpbin: what a server does that nobody here wrote.

use super::component::{Server, find, free_port, get};
use super::site::{DONE, FAILED, INCONCLUSIVE, Site};

/// httpbin, and a site that knows its address.
fn httpbin() -> Option<(Site, Server)> {
    let python = find("python-httpbin", ".ci/components: PyPI httpbin gunicorn")?;
    let port = free_port();
    let site = Site::using("prometheus")
        .with("server: url", format!("http://127.0.0.1:{port}"))
        .with("token: secret", "test-token-1");
    let bind = format!("127.0.0.1:{port}");
    // The workers' heartbeat files go where the test's files go.
    let args = ["-m", "gunicorn", "-b", &bind, "--threads", "8", "--worker-tmp-dir", ".", "httpbin:app"];
    let server = Server::start(site.path(), &python, &args);
    let server = server.await_ready("httpbin", || get(port, "/get").is_some());
    Some((site, server))
}

const CLAUSES: &str = r#"
step "Ask in all ways" {
  http POST "{server}/anything/a b" {
    bearer token
    header "X-Trace" "abc"
    query "page" 2
    query "q" "a b&c=ü"
    json { enabled: true, list: [1, "two"], name: "ü\n" }
    expect status == 200
    expect body.method == "POST"
    expect body.args == { page: "2", q: "a b&c=ü" }
    expect body.headers["X-Trace"] == "abc"
    expect body.headers["Content-Type"] == "application/json"
    expect body.json == { enabled: true, list: [1, "two"], name: "ü\n" }
  }
  http PUT "{server}/put" {
    form { name: "a b", keep: 3 }
    expect body.form == { name: "a b", keep: "3" }
  }
  http PATCH "{server}/patch" { body "as it is"; expect body.data == "as it is" }
  http DELETE "{server}/delete" { expect status == 200 }
  http GET "{server}/bearer" { bearer token; expect body.authenticated }
  http GET "{server}/basic-auth/ada/test-password" { basic "ada" "test-password"; expect body.user == "ada" }
  http GET "{server}/encoding/utf8" { expect body contains "⡍⠜⠇⠑⠹" }
  http GET "{server}/response-headers?X-Seen=yes" { expect headers["x-seen"] == "yes" }
  rollback none "only asks"
}
"#;

#[test]
fn every_clause_reaches_a_server_that_nobody_here_wrote() {
    let Some((site, _server)) = httpbin() else { return };
    site.run(CLAUSES).is(DONE, "completed");
}

#[test]
fn answers_have_the_outcomes_that_the_language_gives_them() {
    let Some((site, _server)) = httpbin() else { return };
    let get =
        |path: &str, clauses: &str| site.check(&format!("http GET \"{{server}}{path}\" {{ {clauses} }}"));
    get("/status/404", "expect status == 200").is(FAILED, "404");
    get("/status/503", "timeout 30s").is(INCONCLUSIVE, "503");
    get("/delay/9", "timeout 1s").is(INCONCLUSIVE, "no whole answer within 1s");
    get("/drip?duration=9&numbytes=9", "timeout 1s").is(INCONCLUSIVE, "no whole answer within 1s");
    get("/redirect/2", "expect body.url == \"{server}/get\"").is(DONE, "");
    get("/absolute-redirect/30", "timeout 30s").is(INCONCLUSIVE, "redirects more than 10 times");
    get("/html", "expect body.title == \"x\"").is(INCONCLUSIVE, "no field `title`");
    get("/basic-auth/ada/test-password", "timeout 30s").is(FAILED, "401");
}

/// It is asked to compress nothing; what it compresses all the same is named as that.
#[test]
fn what_a_server_compresses_all_the_same_is_told_as_that() {
    let Some((site, _server)) = httpbin() else { return };
    let asked = "http GET \"{server}/headers\" { expect body.headers[\"Accept-Encoding\"] == \"identity\" }";
    site.check(asked).is(DONE, "");
    for (path, name) in [("gzip", "gzip"), ("brotli", "br"), ("deflate", "deflate")] {
        let body = format!("http GET \"{{server}}/{path}\" {{ expect body != \"\" }}");
        site.check(&body).is(INCONCLUSIVE, &format!("compressed (Content-Encoding: {name})"));
        site.check(&format!("http GET \"{{server}}/{path}\" {{ expect status == 200 }}")).is(DONE, "");
    }
}

/// The secret arrives, and is in nothing that bowline says or keeps.
#[test]
fn a_secret_that_a_server_repeats_is_not_told() {
    let Some((site, _server)) = httpbin() else { return };
    let asked = "check \"It arrived\" {\n  http GET \"{server}/bearer\" {\n    bearer token\n    let said: text = body.token\n  }\n  expect said == \"\"  \"the server says {said}\"\n}";
    let said = site.run(asked);
    said.is(FAILED, "⟨secret said⟩");
    assert!(!format!("{}{}", said.out, said.err).contains("test-token-1"), "{said:?}");
}
