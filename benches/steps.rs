//! What a step costs: a thousand steps of `true` with the journal on, beside two floors and two peers.
//!
//! Everything is timed in one run, in rounds, one after another in each round, so that a noisy machine
//! disturbs all alike. `cargo bench --bench steps [-- --quick]`.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench starts programs, reads the clock and prints a table"
)]

#[path = "support/mod.rs"]
mod support;

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use support::{Contender, compare, quick, scratch};

fn main() {
    let steps = if quick() { 100 } else { 1000 };
    let rounds = if quick() { 2 } else { 9 };
    let folder = scratch("steps");
    let mut contenders = vec![
        Contender::new("floor 1: spawn, wait, fdatasync of 200 bytes", {
            let folder = folder.clone();
            move || floor_file(&folder, steps)
        }),
        Contender::new("floor 2: captured pipes, one SQLite FULL commit", {
            let folder = folder.clone();
            move || floor_sqlite(&folder, steps)
        }),
        Contender::new("bowline run, journal on", bowline(&folder, steps)),
    ];
    contenders.extend(make(&folder, steps).map(|run| Contender::new("make (keeps no journal)", run)));
    contenders.extend(just(&folder, steps).map(|run| Contender::new("just (keeps no journal)", run)));
    let medians = compare(
        &format!("{steps} steps of `true`"),
        "ms a step",
        1000.0 / f64::from(steps),
        rounds,
        contenders,
    );
    let ratio = medians.get(2).unwrap() / medians.get(1).unwrap();
    println!("bowline / floor 2 = {ratio:.2} (must be at most 1.25)");
}

/// The least that a durable step costs: start, wait, and one record on disk.
fn floor_file(folder: &Path, steps: u32) {
    let mut file = std::fs::File::create(folder.join("floor.log")).unwrap();
    for _ in 0..steps {
        assert!(Command::new("true").stdin(Stdio::null()).status().unwrap().success());
        file.write_all(&[b'x'; 200]).unwrap();
        file.sync_data().unwrap();
    }
}

/// The least with what bowline promises: both streams captured, and a commit that survives a power cut.
fn floor_sqlite(folder: &Path, steps: u32) {
    let path = folder.join("floor.db");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("floor.db{suffix}")));
    }
    let db = rusqlite::Connection::open(path).unwrap();
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE e (seq INTEGER PRIMARY KEY, body TEXT)")
        .unwrap();
    let body = "x".repeat(200);
    for seq in 0..steps {
        let mut command = Command::new("true");
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut text = String::new();
        child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        assert!(child.wait().unwrap().success());
        db.prepare_cached("INSERT INTO e VALUES (?1, ?2)").unwrap().execute((seq, &body)).unwrap();
    }
}

fn bowline(folder: &Path, steps: u32) -> impl FnMut() + use<> {
    let file = folder.join("steps.runbook");
    std::fs::write(&file, runbook(steps)).unwrap();
    let journal = folder.join("journal");
    move || {
        let _ = std::fs::remove_dir_all(&journal);
        let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
        silent(command.arg("run").arg(&file).arg("--journal").arg(&journal));
    }
}

fn runbook(steps: u32) -> String {
    (0..steps).fold(String::from("runbook \"steps\" 1.0.0\n"), |mut text, n| {
        let _ = writeln!(text, "step \"s{n}\" {{\n  run true\n  rollback none \"nothing\"\n}}");
        text
    })
}

fn make(folder: &Path, steps: u32) -> Option<impl FnMut() + use<>> {
    let program = found("make", &[])?;
    let names: Vec<String> = (0..steps).map(|n| format!("s{n}")).collect();
    let rules = names.iter().fold(String::new(), |rules, name| rules + name + ":\n\t@true\n");
    let file = folder.join("Makefile");
    std::fs::write(&file, format!(".PHONY: all {0}\nall: {0}\n{rules}", names.join(" "))).unwrap();
    Some(move || silent(Command::new(&program).arg("-f").arg(&file)))
}

fn just(folder: &Path, steps: u32) -> Option<impl FnMut() + use<>> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench-venv/bin");
    let program = found("just", &[own])?;
    let names: Vec<String> = (0..steps).map(|n| format!("s{n}")).collect();
    let recipes = names.iter().fold(String::new(), |recipes, name| recipes + name + ":\n  @true\n");
    let file = folder.join("justfile");
    std::fs::write(&file, format!("all: {}\n{recipes}", names.join(" "))).unwrap();
    Some(move || silent(Command::new(&program).arg("--justfile").arg(&file)))
}

/// A program of the folders or of the path; says where there is none.
fn found(name: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(std::env::split_paths(&path));
    let program = all.map(|folder| folder.join(name)).find(|file| file.is_file());
    if program.is_none() {
        println!("SKIPPED: `{name}` is not installed; benches/peers.sh installs it");
    }
    program
}

fn silent(command: &mut Command) {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.unwrap().success(), "{command:?}");
}
