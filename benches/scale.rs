//! What size costs: planning a real runbook, a hundred thousand steps, a hundred thousand events, a gigabyte of output.
//!
//! `cargo bench --bench scale [-- --quick]`; the quick run is a tenth of the size.
#![expect(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench starts programs, reads the clock and prints a table"
)]

#[path = "support/mod.rs"]
mod support;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use support::{Contender, compare, quick, scratch};

const MIB: f64 = 1024.0;

fn main() {
    let shrink = if quick() { 10 } else { 1 };
    let folder = scratch("scale");
    plan_of_a_real_runbook();
    check_and_plan(&folder, 100_000 / shrink);
    resume(&folder, 25_000 / shrink);
    output(&folder, 1024 / shrink);
}

/// A command that prints nothing here.
fn bowline(words: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
    command.args(words).env("BOWLINE_JOURNAL", folder.join("journal"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Runs to the end; seconds, and the most memory it was seen with, in MiB.
fn measure(command: &mut Command, exit: i32) -> (f64, f64) {
    let began = Instant::now();
    let mut child = command.spawn().unwrap();
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut most = 0.0_f64;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib: f64 = peak.map_or(0.0, |line| line.trim().trim_end_matches(" kB").parse().unwrap());
        most = most.max(kib);
        if let Some(ended) = child.try_wait().unwrap() {
            assert_eq!(ended.code(), Some(exit), "{command:?}");
            return (began.elapsed().as_secs_f64(), most / MIB);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn plan_of_a_real_runbook() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let plan = move || {
        let mut command = bowline(&["plan", "runbooks/memoria/self-managed-ga.runbook", "--inputs"], root);
        command.arg("examples/memoria/inputs.toml").current_dir(root);
        assert!(command.status().unwrap().success());
    };
    let start = move || {
        assert!(bowline(&["--version"], root).status().unwrap().success());
    };
    let contenders = vec![
        Contender::new("bowline plan self-managed-ga.runbook", plan),
        Contender::new("bowline --version", start),
    ];
    let rounds = if quick() { 5 } else { 41 };
    compare("whole process (must be under 10 ms)", "ms", 1000.0, rounds, contenders);
}

/// A runbook of so many steps; each runs a program and has a rollback.
fn steps(folder: &Path, count: u32) -> PathBuf {
    let mut text = String::from("runbook \"large\" 1.0.0\n");
    for n in 0..count {
        let _ = writeln!(text, "step \"s{n}\" {{\n  run true {n}\n  rollback {{ run false {n} }}\n}}");
    }
    let file = folder.join(format!("{count}.runbook"));
    std::fs::write(&file, text).unwrap();
    file
}

fn check_and_plan(folder: &Path, count: u32) {
    println!("\ncheck and plan of a large runbook (must be under 4 s and 1 GiB, and linear)");
    for count in [count / 10, count] {
        let file = steps(folder, count);
        let size = std::fs::metadata(&file).unwrap().len() as f64 / MIB / MIB;
        for word in ["check", "plan"] {
            let (seconds, memory) = measure(&mut bowline(&[word, file.to_str().unwrap()], folder), 0);
            println!("  {word:<6} {count:>7} steps, {size:4.1} MiB  {seconds:7.3} s  {memory:6.0} MiB");
        }
    }
}

/// A run with four events a step waits for an answer; then it gets one, and must begin the next effect.
fn resume(folder: &Path, count: u32) {
    let file = folder.join("resume.runbook");
    let mut text = String::from("runbook \"long\" 1.0.0\n");
    for n in 0..count {
        let _ = writeln!(text, "step \"s{n}\" {{\n  run true\n  rollback none \"nothing\"\n}}");
    }
    text += "confirm \"Go on\"\nstep \"next\" {\n  run true\n  rollback none \"nothing\"\n}\n";
    std::fs::write(&file, text).unwrap();
    let (ran, memory) = measure(&mut bowline(&["run", file.to_str().unwrap()], folder), 5);
    println!("\nresume of a long run (must begin its first effect within 1 s)");
    println!("  run of {count} steps: {:.3} ms a step, {memory:.0} MiB", ran * 1000.0 / f64::from(count));
    let runs = bowline(&["runs", "--format", "json"], folder).stdout(Stdio::piped()).output().unwrap();
    let line: serde_json::Value = serde_json::from_slice(&runs.stdout).unwrap();
    let run = line.get("id").and_then(serde_json::Value::as_str).unwrap().to_owned();
    let shown = bowline(&["show", &run, "--format", "json"], folder).stdout(Stdio::piped()).output().unwrap();
    let events = memchr::memchr_iter(b'\n', &shown.stdout).count();
    let answers = folder.join("answers.toml");
    std::fs::write(&answers, "[\"Go on\"]\nanswer = true\n").unwrap();
    let words = ["resume", &run, "--answers", answers.to_str().unwrap()];
    let (seconds, memory) = measure(&mut bowline(&words, folder), 0);
    println!("  {events} events: {seconds:.3} s from start to end, one effect included, {memory:.0} MiB");
}

fn output(folder: &Path, mebibytes: u32) {
    let file = folder.join("output.runbook");
    let print = format!("run head -c {mebibytes}M /dev/zero");
    std::fs::write(
        &file,
        format!("runbook \"out\" 1.0.0\nstep \"print\" {{\n  {print}\n  rollback none \"nothing\"\n}}\n"),
    )
    .unwrap();
    let (seconds, memory) = measure(&mut bowline(&["run", file.to_str().unwrap()], folder), 0);
    println!("\na step that prints {mebibytes} MiB (memory must stay under 64 MiB)");
    println!("  {seconds:.2} s, {memory:.0} MiB");
}
