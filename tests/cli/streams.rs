//! Where commands read and write: `-`, a full disk, a reader that goes away.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::binary::bowline;

const RUNBOOK: &str = "runbook \"t\" 1.0.0\n\nstep \"s\" {\n  run echo hello\n  rollback none \"prints\"\n}\n\nscenario \"Well\" {\n  ends \"completed\"\n}\n";

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
    command
        .args(args)
        .current_dir(folder)
        .env("BOWLINE_JOURNAL", folder.join("journal"))
        .stdin(Stdio::null());
    command
}

/// With its standard output on a device that is full.
fn into_full(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command(folder, args).stdout(full).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// With a text on its standard input.
fn fed(folder: &Path, args: &[&str], text: &str) -> Output {
    let mut command = command(folder, args);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that does not read it may have ended.
    let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
    child.wait_with_output().unwrap()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.runbook"), RUNBOOK).unwrap();
    std::fs::write(folder.path().join("a.md"), "# A\n\n1. Ring the bell.\n").unwrap();
    folder
}

#[test]
fn a_result_that_cannot_be_written_is_a_failure_of_every_command_that_prints_one() {
    let folder = folder();
    let ran = bowline(folder.path(), &["run", "a.runbook"]);
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    let runs = bowline(folder.path(), &["runs"]);
    let id = String::from_utf8_lossy(&runs.stdout).split_whitespace().next().unwrap().to_owned();
    assert_eq!(bowline(folder.path(), &["evidence", &id, "-o", "p.pack"]).status.code(), Some(0));
    let printing: &[&[&str]] = &[
        &["--help"],
        &["--version"],
        &["check", "--help"],
        &["check", "--format", "json", "a.runbook"],
        &["check", "--format", "sarif", "a.runbook"],
        &["completions", "bash"],
        &["drill", "a.runbook"],
        &["drill", "--format", "json", "a.runbook"],
        &["explain", "E0201"],
        &["explain", "--format", "json"],
        &["export", "a.runbook"],
        &["fmt", "std/redis"],
        &["import", "a.md"],
        &["list"],
        &["list", "--format", "json"],
        &["logs"],
        &["man"],
        &["man", "run"],
        &["new"],
        &["new", "release", "--print"],
        &["plan", "a.runbook"],
        &["plan", "--format", "html", "a.runbook"],
        &["runs"],
        &["runs", "--format", "json"],
        &["show"],
        &["show", "--format", "json"],
        &["show", "--format", "events"],
        &["show", "--format", "html"],
        &["test", "a.runbook"],
        &["verify", "p.pack"],
    ];
    for args in printing {
        let (code, said) = into_full(folder.path(), args);
        assert_eq!(code, Some(70), "{args:?}: {said}");
        assert!(
            said.contains("bowline: standard output cannot be written: No space left"),
            "{args:?}: {said}"
        );
    }
}

#[test]
fn how_a_run_or_a_no_ends_is_not_hidden_by_a_full_standard_output() {
    let folder = folder();
    let fails = RUNBOOK.replace("run echo hello", "run false");
    std::fs::write(folder.path().join("fails.runbook"), fails).unwrap();
    let (code, said) = into_full(folder.path(), &["run", "fails.runbook", "--format", "json"]);
    assert_eq!(code, Some(1), "it is rolled back: {said}");
    std::fs::write(folder.path().join("loose.runbook"), RUNBOOK.replace("step ", "step   ")).unwrap();
    let (code, said) = into_full(folder.path(), &["fmt", "--check", "loose.runbook"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("standard output cannot be written"), "{said}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = folder();
    for args in
        [&["explain", "--format", "json"][..], &["list"], &["plan", "a.runbook"], &["logs"], &["--help"]]
    {
        if args == ["logs"] {
            assert_eq!(bowline(folder.path(), &["run", "a.runbook"]).status.code(), Some(0));
        }
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command(folder.path(), args).stdout(writer).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), said.as_ref()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn a_hyphen_is_standard_input_wherever_a_document_or_runbook_is_read() {
    let folder = folder();
    let text = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();
    let said = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let imported = fed(folder.path(), &["import", "-"], "# Ring\n\n1. Ring the bell.\n");
    assert!(
        imported.status.success() && text(&imported).contains("manual \"Ring the bell\""),
        "{}",
        said(&imported)
    );
    let wrong = fed(folder.path(), &["check", "-"], "runbook \"t\" 1.0.0\nrum true\n");
    assert_eq!(wrong.status.code(), Some(3));
    assert!(said(&wrong).contains("-:2:"), "{}", said(&wrong));
    for args in [["check", "-"], ["plan", "-"], ["drill", "-"], ["test", "-"], ["export", "-"], ["fmt", "-"]]
    {
        let output = fed(folder.path(), &args, RUNBOOK);
        assert!(output.status.success(), "{args:?}: {}", said(&output));
    }
    assert_eq!(text(&fed(folder.path(), &["fmt", "-"], &RUNBOOK.replace("step ", "step   "))), RUNBOOK);
    for args in [&["run", "-"][..], &["check", "--fix", "-"]] {
        let output = fed(folder.path(), args, RUNBOOK);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(said(&output).contains("standard input"), "{args:?}: {}", said(&output));
    }
}

#[test]
fn a_hyphen_is_standard_output_wherever_a_file_is_written() {
    let folder = folder();
    for args in [
        &["import", "a.md", "-o", "-"][..],
        &["export", "a.runbook", "-o", "-"],
        &["plan", "a.runbook", "--out", "-"],
        &["drill", "a.runbook", "--out", "-"],
    ] {
        let output = bowline(folder.path(), args);
        assert!(output.status.success() && !output.stdout.is_empty(), "{args:?}");
        assert!(!folder.path().join("-").exists(), "{args:?}");
    }
    File::create(folder.path().join("-")).unwrap();
    let file = bowline(folder.path(), &["check", "./-"]);
    assert_eq!(
        file.status.code(),
        Some(3),
        "a file of that name has a path: it is empty, so it is no runbook"
    );
}

#[test]
fn a_new_runbook_has_a_name_of_one_line() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["two\nlines", "bell\u{7}", "tab\there", "esc\u{1b}[2J", "\r"] {
        let output = bowline(folder.path(), &["new", "release", name]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{name:?}: {said}");
        assert!(said.contains("control character") && !said.contains(name), "{said:?}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    for name in ["quo\"ted {x} \\n", "ünïcode 🚀", "it's"] {
        let output = bowline(folder.path(), &["new", "release", name]);
        assert_eq!(output.status.code(), Some(0), "{name}");
        let checked = bowline(folder.path(), &["check", &format!("{name}.runbook")]);
        assert_eq!(checked.status.code(), Some(0), "{name}: {}", String::from_utf8_lossy(&checked.stderr));
    }
}
