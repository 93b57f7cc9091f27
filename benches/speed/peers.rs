//! Other tools that run one command after another. They keep no journal.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A tool, and what runs its file.
pub(crate) struct Peer {
    /// Its name and version.
    pub(crate) name: String,
    program: PathBuf,
    words: Vec<String>,
}

impl Peer {
    /// Runs it to its end.
    pub(crate) fn run(&self) {
        let mut command = Command::new(&self.program);
        command.args(&self.words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(command.status().unwrap().success(), "{command:?}");
    }
}

/// `make` with as many targets.
pub(crate) fn make(folder: &Path, steps: u32) -> Option<Peer> {
    let (program, version) = found("make", None)?;
    let rules = each(steps, |n| format!("s{n}:\n\t@true\n"));
    let all = names(steps);
    let file = folder.join("Makefile");
    std::fs::write(&file, format!(".PHONY: all {all}\nall: {all}\n{rules}")).unwrap();
    Some(Peer { name: version, program, words: vec!["-f".into(), file.to_str().unwrap().into()] })
}

/// `just` with as many recipes; from `PyPI` where it is not there.
pub(crate) fn just(folder: &Path, steps: u32, quick: bool) -> Option<Peer> {
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench-venv");
    let own = venv.join("bin/just");
    if !own.exists() && !quick {
        install(&venv);
    }
    let (program, version) = found("just", Some(own))?;
    let recipes = each(steps, |n| format!("s{n}:\n  @true\n"));
    let file = folder.join("justfile");
    std::fs::write(&file, format!("all: {}\n{recipes}", names(steps))).unwrap();
    Some(Peer { name: version, program, words: vec!["--justfile".into(), file.to_str().unwrap().into()] })
}

fn names(steps: u32) -> String {
    each(steps, |n| format!("s{n} "))
}

fn each(steps: u32, text: impl Fn(u32) -> String) -> String {
    (1..=steps).map(text).collect()
}

/// Into a folder of the build. Where it fails (no network) the peer is left out.
fn install(venv: &Path) {
    let made = Command::new("python3").args(["-m", "venv"]).arg(venv).status();
    if made.is_ok_and(|status| status.success()) {
        let mut pip = Command::new(venv.join("bin/pip"));
        let _ = pip.args(["install", "--quiet", "--timeout", "20", "rust-just"]).status();
    }
}

/// A program and the first line of what it says about its version; says where there is none.
fn found(name: &str, own: Option<PathBuf>) -> Option<(PathBuf, String)> {
    let program = own.filter(|own| own.exists()).unwrap_or_else(|| name.into());
    let said = Command::new(&program).arg("--version").output().ok().filter(|output| output.status.success());
    let Some(said) = said else {
        println!("SKIPPED: `{name}` is not there");
        return None;
    };
    let version = String::from_utf8_lossy(&said.stdout).lines().next().unwrap_or(name).to_owned();
    Some((program, version))
}
