//! `docs/operator.md`: its runbook checks, and every command and option in it is there.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

use std::collections::BTreeSet;
use std::process::{Command, Output};

fn guide() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operator.md")).unwrap()
}

fn bowline(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bowline")).args(args).output().unwrap()
}

/// Everything after `bowline` up to the end of a command: in a block after `$ `, or between backticks.
fn commands(text: &str) -> BTreeSet<String> {
    let blocks = text.lines().filter_map(|line| line.trim_start().strip_prefix("$ "));
    let quoted = text.split('`').skip(1).step_by(2).filter(|part| !part.contains('\n'));
    let all = blocks.chain(quoted).filter_map(|command| {
        let at = command.find("bowline ")?;
        let before = &command.get(..at)?;
        before.split(' ').all(|word| word.is_empty() || word.contains('=')).then(|| command.get(at + 8..))?
    });
    all.map(str::to_owned).collect()
}

#[test]
fn every_command_of_the_guide_is_there_with_its_options() {
    let commands = commands(&guide());
    assert!(commands.len() > 12, "{commands:#?}");
    for command in commands {
        let mut words = command.split_whitespace();
        let name = words.next().unwrap();
        let help = bowline(&[name, "--help"]);
        let told = String::from_utf8(help.stdout).unwrap();
        assert!(help.status.success(), "`bowline {command}`: {told}");
        for option in words.filter(|word| word.starts_with('-')) {
            let option = option.split('=').next().unwrap();
            let known =
                told.split(|c: char| c.is_whitespace() || ",[]".contains(c)).any(|word| word == option);
            assert!(known, "`bowline {command}`: {option} is not there:\n{told}");
        }
    }
}

#[test]
fn the_runbook_of_the_guide_checks_without_a_word() {
    let text = guide();
    let runbook = text.split("```bowline\n").nth(1).and_then(|rest| rest.split("```\n").next()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.runbook");
    std::fs::write(&file, runbook).unwrap();
    std::fs::write(folder.path().join("bowline.toml"), "[roles]\nlead = [\"ana\", \"bo\"]\n").unwrap();
    let output = bowline(&["check", file.to_str().unwrap()]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let output = bowline(&["fmt", "--check", file.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
}
