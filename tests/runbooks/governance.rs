//! The version policy, over a project that keeps it, and over every way not to.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::practice::root;

fn example() -> PathBuf {
    root().join("examples/version-policy")
}

/// Runs the policy over the example, with another file over its facts; gives the exit code and what was said, on one line.
fn judged(more: Option<&Path>) -> (Option<i32>, String) {
    let journal = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
    command.args(["run", "governance/version-policy", "--inputs"]).arg(example().join("release.toml"));
    if let Some(more) = more {
        command.arg("--inputs").arg(more);
    }
    command.env("BOWLINE_JOURNAL", journal.path()).current_dir(root());
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let words: Vec<&str> = told.split_whitespace().filter(|word| !is_stamp(word)).collect();
    (output.status.code(), words.join(" "))
}

/// Days and times before a line, which stand in the middle of a text that goes over several.
fn is_stamp(word: &str) -> bool {
    let shape: String = word.chars().map(|sign| if sign.is_ascii_digit() { '0' } else { sign }).collect();
    shape == "0000-00-00" || shape == "00:00:00"
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(example().join(folder)).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn a_release_that_keeps_the_policy_passes() {
    let (code, told) = judged(None);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(told.matches("✓ check").count(), 7, "{told}");
}

#[test]
fn exceptions_that_the_policy_allows_pass() {
    for file in files("kept") {
        let (code, told) = judged(Some(&file));
        assert_eq!(code, Some(0), "{}: {told}", file.display());
    }
}

#[test]
fn each_violation_is_named() {
    let files = files("violations");
    assert!(files.len() >= 18, "{files:?}");
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let wanted = text.lines().next().unwrap().strip_prefix("# expect: ").unwrap();
        let (code, told) = judged(Some(&file));
        assert_eq!(code, Some(1), "{}: {told}", file.display());
        assert!(told.contains(wanted), "{}: `{wanted}` in {told}", file.display());
        assert!(told.contains("does not keep the version policy"), "everything is judged first: {told}");
    }
}
