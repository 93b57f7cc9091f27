//! Numbers beyond 64 bits, and numbers of another spelling, arrive as they were written: by every way in, in every
//! way out, and across a resume.

use crate::server::{Server, response};
use crate::site::{Site, python};

/// What 64 bits would change, or write otherwise; JSON as short as it can be.
const NUMBERS: &str = r#"{"big":12345678901234567890,"huge":123456789012345678901234567890123456789012345678901234567890,"low":-9223372036854775809,"price":1.10,"one":1.0,"kilo":1e+3,"far":1e+400,"near":1e-400,"long":0.1000000000000000055511151231257827,"list":[18446744073709551616,2.50],"plain":[7,0.5,9223372036854775807]}"#;

/// Runs it; it must complete.
fn completes(site: &Site, args: &[&str]) {
    let output = site.bowline(args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
}

fn text(site: &Site, name: &str) -> String {
    String::from_utf8(site.read(name)).unwrap()
}

/// A step of these lines behind others.
fn site(head: &str, lines: &str) -> Site {
    let site = Site::new(0, &format!("{head}\nstep \"S\" {{\n{lines}\n  rollback none \"x\"\n}}\n"));
    site.write("numbers.json", NUMBERS);
    site
}

#[test]
fn from_a_program_to_programs_and_scripts() {
    let site = site(
        "let all: json = look run cat numbers.json\nlet same = jq(all, '.')\nlet list = jq(all, '.list')",
        &format!(
            "  run {} show.py got {{all}} {{same}} {{all.big}} \"{{all.price}}\" {{...list}} {{all.far}} {{
    env V = all.list
    stdin all
  }}
  ```sh (same)
  printf %s \"$same\" > script
  ```",
            python()
        ),
    );
    completes(&site, &["run", "a.runbook"]);
    let got = site.given("got");
    let args = [NUMBERS, NUMBERS, "12345678901234567890", "1.10", "18446744073709551616", "2.50", "1e+400"];
    assert_eq!(got["args"], serde_json::json!(args));
    assert_eq!(got["env"]["V"], "[18446744073709551616,2.50]");
    assert_eq!(got["stdin"], NUMBERS);
    assert_eq!(text(&site, "script"), NUMBERS);
}

#[test]
fn over_http_and_back() {
    let server =
        Server::start(|_, _| response(200, "Content-Type: application/json\r\n", NUMBERS.as_bytes()));
    let url = server.url();
    let site = site(
        "",
        &format!(
            "  http GET \"{url}/\" {{ let all = body }}
  http PUT \"{url}/{{all.big}}?q={{all.price}}\" {{ json {{ all: all, items: [all.far, jq(all, '.low')] }} }}
  http POST \"{url}/form\" {{ form {{ one: all.one }} }}"
        ),
    );
    completes(&site, &["run", "a.runbook"]);
    let requests = server.requests();
    assert_eq!(requests[1].target, "/12345678901234567890?q=1.10");
    assert_eq!(requests[1].body(), format!("{{\"all\":{NUMBERS},\"items\":[1e+400,-9223372036854775809]}}"));
    assert_eq!(requests[2].body(), "one=1.0");
}

#[test]
fn by_files_of_inputs_options_and_answers() {
    let head =
        "input all: json\ninput big: number\ninput price: number\ninput opt: number\nask said: number \"N\"";
    let site = site(
        head,
        &format!("  run {} show.py got {{all}} {{big}} {{price}} {{opt}} {{said}} {{opt + 1}}", python()),
    );
    site.write("a.json", &format!("{{\"all\":{NUMBERS}}}"));
    site.write("b.toml", "big = 12345678901234567890\nprice = 1.10\n");
    site.write("answers.toml", "[said]\nanswer = 2.50\n");
    let args = ["--inputs", "a.json", "--inputs", "b.toml", "-i", "opt=1.0", "--answers", "answers.toml"];
    completes(&site, &[&["run", "a.runbook"][..], &args].concat());
    let args = [NUMBERS, "12345678901234567890", "1.10", "1.0", "2.50", "2"];
    assert_eq!(site.given("got")["args"], serde_json::json!(args));
}

/// What is bound comes from the journal then.
#[test]
fn across_a_resume() {
    let site = site(
        "let all: json = look run cat numbers.json\nconfirm \"Go\"",
        &format!("  run {} show.py got {{all}} {{1.50}}", python()),
    );
    assert_eq!(site.bowline(&["run", "a.runbook"]).status.code(), Some(5));
    site.write("numbers.json", "{}");
    site.write("answers.toml", "[Go]\nanswer = true\n");
    let runs = String::from_utf8(site.bowline(&["runs"]).stdout).unwrap();
    let id = runs.split_whitespace().next().unwrap();
    completes(&site, &["resume", id, "--answers", "answers.toml"]);
    assert_eq!(site.given("got")["args"], serde_json::json!([NUMBERS, "1.50"]));
    let events = site.bowline(&["show", "--format", "events"]).stdout;
    assert!(String::from_utf8(events).unwrap().contains(r#"{"$number":"12345678901234567890"}"#));
}

/// They are compared by what is written, and computed with where 64 bits hold them; else that is an error.
#[test]
fn compared_exactly_and_computed_with_where_they_fit() {
    let site = site(
        "let all: json = look run cat numbers.json",
        "  run true {
    expect all.price == 1.1
    expect all.price < 1.2
    expect all.one == 1
    expect all.one + 1 == 2
    expect all.kilo / 2 == 500
    expect all.big > 9223372036854775807
    expect all.big < all.huge
    expect all.big != 12345678901234567890.5
    expect all.far > all.huge
    expect all.near > 0
    expect all.low < 0 - 9223372036854775807
    expect all.big in [1, all.big]
    expect size(all.big) > 10TiB
  }",
    );
    completes(&site, &["run", "a.runbook"]);
    for (expression, why) in [
        ("all.big + 1", "`12345678901234567890` is too large to compute with"),
        ("all.far * 2", "`1e+400` is too large to compute with"),
        ("all.near * 2", "`1e-400` is too small to compute with"),
        ("int(all.big)", "`12345678901234567890` is not int"),
    ] {
        let site =
            self::site("let all: json = look run cat numbers.json", &format!("  run echo {{{expression}}}"));
        let output = site.bowline(&["run", "a.runbook"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), said.contains(why)), (Some(1), true), "{expression}: {said}");
    }
}
