//! In by every way: options, files of both kinds, the environment, a file, a program, answers.

use serde_json::json;

use crate::nasty::NASTY;
use crate::site::{Site, python};

fn showing(inputs: &str, value: &str) -> Site {
    let body = format!(
        "{inputs}\nstep \"S\" {{\n  run {} show.py got {value}\n  rollback none \"x\"\n}}\n",
        python()
    );
    Site::new(0, &body)
}

/// Several values are enough: each way takes a text as it is.
fn some() -> impl Iterator<Item = &'static str> {
    NASTY.iter().copied().filter(|value| {
        value.contains(['$', '\'', '\n', '{', '-']) || value.is_empty() || value.ends_with(' ')
    })
}

/// A text as TOML writes it.
fn toml(value: &str) -> String {
    let escaped = value.chars().map(|char| format!("\\U{:08x}", u32::from(char)));
    format!("\"{}\"", escaped.collect::<String>())
}

fn arrived(site: &Site, args: &[&str], value: &str) {
    let output =
        site.command(&[&["run", "a.runbook"], args].concat()).env("FROM_ENV", value).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{value:?}: {said}");
    let got = site.given("got");
    assert!(got["args"].as_array().unwrap().iter().all(|arg| *arg == json!(value)), "{value:?}: {got}");
}

#[test]
fn by_options_and_files_and_the_environment() {
    let site = showing("input a: text\ninput b: text\ninput c: text from env \"FROM_ENV\"", "{a} {b} {c}");
    for value in some() {
        site.write("b.toml", &format!("b = {}\n", toml(value)));
        arrived(&site, &["-i", &format!("a={value}"), "--inputs", "b.toml"], value);
    }
}

#[test]
fn by_a_file_or_a_program_less_one_line_end() {
    let site = showing(
        "input a: text from file \"value\"\ninput b: text from command [\"cat\", \"value\"]\nlet c: text = look run cat value",
        "{a} {b} {c}",
    );
    for value in some() {
        site.write("value", &format!("{value}\n"));
        arrived(&site, &[], value);
    }
}

#[test]
fn by_answers() {
    let site = showing("ask a: text \"A\"\nask b: list of text \"B\"", "{a} {...b}");
    for value in some() {
        site.write("answers.toml", &format!("[a]\nanswer = {0}\n[b]\nanswer = [{0}, {0}]\n", toml(value)));
        arrived(&site, &["--answers", "answers.toml"], value);
    }
}
