//! Bad input through the real binary: a clear error, nothing executed, no panic, for every command that reads a runbook.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

#[path = "support/binary.rs"]
mod binary;

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;

use binary::bowline;

/// Each of the three refuses the file with this exit code, in these words, and does nothing.
fn refused(folder: &Path, file: &str, exit: i32, words: &str) {
    for word in ["check", "plan", "run"] {
        refused_by(word, folder, file, (exit, words));
    }
}

fn refused_by(word: &str, folder: &Path, file: &str, (exit, words): (i32, &str)) {
    let output = bowline(folder, &[word, file]);
    let said = String::from_utf8_lossy(&output.stderr);
    let shown: String = said.chars().take(2000).collect();
    assert_eq!((output.status.code(), output.status.signal()), (Some(exit), None), "{word} {file}: {shown}");
    assert!(said.contains(words), "{word} {file} says `{words}`: {shown}");
    assert!(!said.contains("panicked"), "{word} {file}: {shown}");
    assert!(!folder.join("journal").exists(), "{file}: nothing is recorded");
    assert!(!folder.join("ran").exists(), "{file}: nothing runs");
}

fn refused_text(text: impl AsRef<[u8]>, words: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.runbook"), text).unwrap();
    refused(folder.path(), "a.runbook", 3, words);
}

const HEAD: &str = "runbook \"t\" 1.0.0\nstep \"s\" {\n  run touch ran\n  rollback none \"x\"\n}\n";

#[test]
fn texts_that_are_no_runbook() {
    refused_text("", "E0");
    refused_text("\u{feff}", "E0");
    refused_text("# only a comment\n", "E0");
    refused_text("\0\0\0", "E0");
    refused_text([0xff, 0xfe, 0x00], "UTF-8");
    refused_text(format!("{HEAD}rum true\r\n"), "E0");
    refused_text(format!("{HEAD}log \"{}", "x".repeat(1 << 20)), "E0");
}

#[test]
fn types_and_names_that_do_not_fit() {
    refused_text(format!("{HEAD}input n: int = \"many\"\n"), "E0");
    refused_text(format!("{HEAD}let _x = 1GiB + 3s\n"), "E0");
    refused_text(format!("{HEAD}log \"{{nowhere}}\"\n"), "nowhere");
    refused_text(format!("{HEAD}use \"./missing\"\n"), "missing");
}

#[test]
fn nesting_without_end() {
    for (open, close) in [("[", "]"), ("(", ")")] {
        refused_text(format!("{HEAD}let x = {}1{}\n", open.repeat(10_000), close.repeat(10_000)), "256");
        refused_text(format!("{HEAD}let x = {}\n", open.repeat(10_000)), "E0");
    }
    refused_text(format!("{HEAD}{}{}", "phase \"p\" {\n".repeat(300), "}\n".repeat(300)), "256");
    refused_text(format!("{HEAD}{}{}", "phase \"p\" {\n".repeat(10_000), "}\n".repeat(10_000)), "256");
    refused_text(format!("{HEAD}let x = {}true\n", "not ".repeat(10_000)), "256");
    // What is read as if it were a value is tried once, not once more at each level.
    for levels in [30, 60, 250] {
        refused_text(format!("{HEAD}step \"s\" {{\n  run echo {{{}\n}}\n", "a(".repeat(levels)), "E0");
        refused_text(format!("{HEAD}? {{{}\n", "a(".repeat(levels)), "E0");
        refused_text(format!("{HEAD}let x = f({}\n", "a(".repeat(levels)), "E0");
        let object = format!("{}it's{}", "{\"a\": ".repeat(levels), "}".repeat(levels));
        refused_text(format!("{HEAD}step \"s\" {{\n  run echo {object}\n}}\n"), "E0");
    }
    refused_text("}".repeat(10_000), "E0");
    refused_text("[".repeat(10_000), "E0");
}

#[test]
fn files_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    refused(folder.path(), "none.runbook", 3, "none.runbook");
    for word in ["plan", "run"] {
        refused_by(word, folder.path(), "folder", (3, "it is a folder"));
    }
    refused_by("check", folder.path(), "folder", (2, "no file in this folder"));
    refused(folder.path(), "/dev/zero", 3, "not a file");
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    refused(folder.path(), "pipe", 3, "not a file");
}

#[test]
fn a_file_over_64_mib_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(folder.path().join("large.runbook")).unwrap();
    file.set_len((64 << 20) + 1).unwrap();
    refused(folder.path(), "large.runbook", 3, "64 MiB");
}
