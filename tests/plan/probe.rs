//! `plan --probe` from outside: what only looks is really asked, nothing else is, and what was found stands in the plan.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::root;

const RUNBOOK: &str = r#"runbook "Probed" 1.0.0

input api:   url
input token: secret from env "TOKEN"
input ghost: text

let mode = look run cat mode.txt
let servers: lines = look run cat servers.txt

check "The service answers" {
  http GET "{api}/health" { bearer token }
}
check "The folder is there" within 10m every 30s {
  run test -d data
}
gate "Go" {
  confirm "Everybody knows"
  check "Somebody judges" { judge "Is it well?" showing mode }
  check "Nobody writes" { run test -e nobody-writes }
  check "It answers in time" {
    run sleep 600 {
      timeout 1s
    }
  }
  check "A ghost is seen" { run test -e {ghost} }
}
if mode == "fast" {
  check "Fast is allowed" { run test -e fast }
} else {
  check "Slow is allowed" { run test -e slow }
}
for server in servers {
  check "{server} is up" { run test -e {server}.up }
}
step "Placed" {
  done when { run test -e placed }
  run touch effect-placed
  rollback { run rm effect-placed }
}
step "Not placed" {
  done when { run test -e effect-changed }
  run touch effect-changed
  rollback { run rm effect-changed }
}
step "Number it" {
  let id = run date
  rollback none "only a number"
}
check "It changed" { run test -e effect-changed }
check "The new one is known" { run test {id} == x }
if id == "x" {
  check "The way of x" { run test -e x }
}
"#;

/// Answers everything with 200, for as long as the tests run.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut asked = [0; 4096];
            let read = stream.read(&mut asked).unwrap_or(0);
            let known = String::from_utf8_lossy(asked.get(..read).unwrap_or_default())
                .to_lowercase()
                .contains("bearer t0psecret");
            let status = if known { "200 OK" } else { "403 Forbidden" };
            _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
        }
    });
    url
}

/// Nobody listens there.
fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    file("a.runbook", text);
    file("mode.txt", "fast\n");
    file("servers.txt", "db-1\ndb-2\n");
    ["nobody-writes", "fast", "db-1.up", "db-2.up", "placed"].iter().for_each(|name| file(name, ""));
    std::fs::create_dir(folder.path().join("data")).unwrap();
    folder
}

fn probe(folder: &Path, api: &str, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
    command.args(["plan", "a.runbook", "--probe", "-i", &format!("api={api}")]).args(args);
    command.current_dir(folder).stdin(Stdio::null()).env("TOKEN", "t0psecret");
    command.env("XDG_STATE_HOME", folder.join("state")).env("TMPDIR", folder.join("data"));
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = |folder: &Path| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> =
        entries(folder).chain(entries(&folder.join("data"))).map(|path| path.display().to_string()).collect();
    names.sort();
    names
}

fn text<'j>(of: &'j Value, key: &str) -> &'j str {
    of.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn look<'j>(json: &'j Value, path: &str) -> &'j Value {
    let looks = json.get("looks").unwrap().as_array().unwrap();
    looks
        .iter()
        .find(|look| text(look, "path") == path)
        .unwrap_or_else(|| panic!("no look {path}: {looks:#?}"))
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(output)))
}

#[test]
fn what_looks_is_asked_and_nothing_else() {
    let folder = folder(RUNBOOK);
    let before = names(folder.path());
    let output = probe(folder.path(), &server(), &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "one gives no answer: {}", said(&output));
    assert_eq!(names(folder.path()), before, "nothing is changed, recorded or left behind");
    assert!(!said(&output).contains("t0psecret"));
    let json = json(&output);
    let answer = |path: &str| text(look(&json, path), "answer");
    assert_eq!(answer("The service answers"), "passed");
    assert_eq!(answer("The folder is there"), "passed");
    assert_eq!(answer("Go / Nobody writes"), "passed");
    assert_eq!(answer("Go / It answers in time"), "inconclusive", "its own limit ends it");
    assert_eq!(answer("Go / Somebody judges"), "not asked");
    assert_eq!(answer("Fast is allowed"), "passed");
    assert_eq!(answer("db-2 / db-2 is up"), "passed");
    assert_eq!(answer("Placed"), "in place");
    assert_eq!(answer("Not placed"), "not in place");
    assert_eq!(answer("It changed"), "failed");
    let later = |path: &str| look(&json, path).get("later").unwrap().as_bool().unwrap();
    assert!(later("It changed") && !later("Not placed") && !later("db-1 / db-1 is up"));
    assert!(!json.get("looks").unwrap().to_string().contains("Slow is allowed"), "the branch is decided");
    let schema = root().join("docs/schemas/bowline-plan-1.json");
    let (mut compiler, mut schemas) = (boon::Compiler::new(), boon::Schemas::new());
    let index = compiler.compile(schema.to_str().unwrap(), &mut schemas).unwrap();
    if let Err(error) = schemas.validate(&json, index) {
        panic!("{error:#}");
    }
}

#[test]
fn what_was_not_asked_says_why() {
    let folder = folder(RUNBOOK);
    let output = probe(folder.path(), &nowhere(), &["--format", "json"]);
    let json = json(&output);
    let why = |path: &str| text(look(&json, path), "why");
    assert_eq!(why("Go / Somebody judges"), "a person answers it");
    assert_eq!(why("Go / A ghost is seen"), "it takes the input `ghost`");
    assert_eq!(why("The new one is known"), "it takes `id` of \"Number it\"");
    assert!(why("The way of x").contains("it takes `id` of \"Number it\""), "{}", why("The way of x"));
    assert_eq!(text(look(&json, "The service answers"), "answer"), "inconclusive");
    assert!(why("The service answers").contains("refused"), "{}", why("The service answers"));
}

#[test]
fn what_was_found_stands_in_the_plan() {
    let folder = folder(RUNBOOK);
    let api = server();
    let shown = String::from_utf8(probe(folder.path(), &api, &[]).stdout).unwrap();
    for told in [
        "if mode == \"fast\" (holds)",
        "for server in [\"db-1\",\"db-2\"]",
        "what looks answer now",
        "looks that were not asked",
        "The new one is known: it takes `id` of \"Number it\"",
    ] {
        assert!(shown.contains(told), "{told}\n{shown}");
    }
    let markdown = String::from_utf8(probe(folder.path(), &api, &["--format", "markdown"]).stdout).unwrap();
    assert!(
        markdown.contains("## What looks answer now") && markdown.contains("| Placed | in place |"),
        "{markdown}"
    );
    let page = String::from_utf8(probe(folder.path(), &api, &["--format", "html"]).stdout).unwrap();
    assert!(page.contains("<h2>Looks that were not asked</h2>"), "{page}");
}

#[test]
fn where_all_is_well_the_exit_code_is_0() {
    let all_well = "runbook \"Well\" 1.0.0\n\ninput api: url\n\ncheck \"It answers\" {\n  run test -e fast\n}\n\
                    step \"Change\" {\n  http POST \"{api}/change\"\n  rollback none \"is harmless\"\n}\n\
                    check \"It changed\" {\n  run test -e effect\n}\n";
    let folder = folder(all_well);
    let output = probe(folder.path(), &nowhere(), &[]);
    assert_eq!(output.status.code(), Some(0), "what a run changes first is no reason: {}", said(&output));
    std::fs::remove_file(folder.path().join("fast")).unwrap();
    let output = probe(folder.path(), &nowhere(), &[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
}
