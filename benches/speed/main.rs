//! What bowline costs: beside floors and peers, in one run, on the machine that it stands on.
//!
//! `cargo bench` measures all parts; `cargo bench -- steps plan` only those; with `--quick` everything is so
//! small that it only shows that the bench still works; with `--bound` it fails where a figure is worse than its bound. `docs/benchmarks.md` keeps figures.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench starts programs, reads the clock, prints tables, and stops where something is wrong"
)]

mod book;
mod floors;
mod keys;
mod measure;
mod output;
mod peers;
mod plan;
mod resume;
mod rounds;
mod steps;
mod table;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a part is told.
struct Setting {
    /// Only to see that it works.
    quick: bool,
    /// An empty folder on the disk of the build.
    folder: PathBuf,
}

/// A part of the bench, by the name that asks for it.
type Part = (&'static str, fn(&Setting));

const PARTS: [Part; 5] = [
    ("steps", steps::measure),
    ("plan", plan::measure),
    ("resume", resume::measure),
    ("output", output::measure),
    ("keys", keys::measure),
];

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let has = |flag: &str| asked.iter().any(|arg| arg == flag);
    let (quick, bound) = (has("--quick"), has("--bound"));
    assert!(!(quick && bound), "`--quick` measures nothing that a bound could hold");
    let named: Vec<&String> = asked.iter().filter(|arg| !arg.starts_with("--")).collect();
    let flag = asked.iter().find(|arg| arg.starts_with("--") && *arg != "--quick" && *arg != "--bound");
    assert!(flag.is_none(), "no option {flag:?}; there are `--quick` and `--bound`");
    let unknown = named.iter().find(|name| PARTS.iter().all(|(part, _)| part != *name));
    assert!(unknown.is_none(), "no part {unknown:?}; there are {:?}", PARTS.map(|(part, _)| part));
    for (part, measure) in PARTS {
        if named.is_empty() || named.iter().any(|name| *name == part) {
            let folder =
                tempfile::Builder::new().prefix(part).tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
            measure(&Setting { quick, folder: folder.path().to_owned() });
        }
    }
    if bound && table::has_missed() {
        println!("\na bound was missed");
        std::process::exit(1);
    }
}

/// bowline, saying nothing here, with its journal in a folder.
fn bowline(journal: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
    command.args(words).env("BOWLINE_JOURNAL", journal);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A path in words of a command line.
fn word(path: &Path) -> &str {
    path.to_str().unwrap()
}
