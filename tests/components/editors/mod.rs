//! `bowline lsp` with editors that people use, and what `editors/` holds with the programs that read it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::component::{find, output, skipped};

const TEXT: &str =
    "runbook \"t\" 1.0.0\ninput server: text \"Where\"\nlog   \"😀 {svr}\"\nlog \"{server}\"\n";
const RENAMED: &str = "runbook \"t\" 1.0.0\ninput host: text  \"Where\"\nlog \"😀 {host}\"\nlog \"{host}\"";

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/components/editors")
}

/// What an editor says of the text at the end of its script.
fn said(mut command: Command) -> Value {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.runbook"), TEXT).unwrap();
    command.current_dir(folder.path()).env("BOWLINE", env!("CARGO_BIN_EXE_bowline"));
    command.env("HOME", folder.path()).env("XDG_STATE_HOME", folder.path());
    let said = output(&mut command);
    let last =
        said.lines().rfind(|line| line.starts_with('{')).unwrap_or_else(|| panic!("no JSON in {said}"));
    serde_json::from_str(last).unwrap()
}

/// A program under a limit of time, so that nothing is left behind.
fn bounded(program: &Path) -> Command {
    let mut command = Command::new("timeout");
    command.args(["-k", "5", "170"]).arg(program);
    command
}

#[test]
fn neovim_shows_and_edits_what_the_server_says() {
    let Some(neovim) = find("nvim", "apt install neovim") else { return };
    let mut command = bounded(&neovim);
    command.args(["--headless", "--clean", "-u", "NONE", "-c"]);
    command.arg(format!("luafile {}", scripts().join("neovim.lua").display()));
    let said = said(command);
    assert_eq!(said["wrong"][0], "E0201@2:13", "{said}");
    assert!(said["hover"].as_str().unwrap().contains("input server: text"), "{said}");
    assert_eq!(said["definition"], 1);
    assert!(said["completion"].as_u64().unwrap() > 20);
    assert_eq!(said["text"], RENAMED);
}

#[test]
fn emacs_with_eglot_shows_and_edits_what_the_server_says() {
    let Some(emacs) = find("emacs", "apt install emacs-nox elpa-eglot") else { return };
    let mut command = bounded(&emacs);
    command.args(["--batch", "-Q", "-l"]).arg(scripts().join("eglot.el"));
    let said = said(command);
    if said["missing"] == true {
        skipped("no eglot (apt install elpa-eglot)");
        return;
    }
    assert!(said["wrong"][0].as_str().unwrap().contains("nothing is called `svr`"), "{said}");
    assert!(said["hover"].as_str().unwrap().contains("input server: text"), "{said}");
    assert_eq!(said["definition"], 1);
    assert_eq!(said["text"], RENAMED);
}

#[test]
fn the_colours_of_vs_code_are_right() {
    let (Some(node), Some(modules)) =
        (find("node", "apt install nodejs"), find("vscode-textmate", ".ci/components"))
    else {
        return;
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/vscode");
    let modules = modules.canonicalize().unwrap();
    let mut command = bounded(&node);
    command.args(["--test", "test/colours.test.mjs"]).current_dir(folder);
    command.env("BOWLINE_NODE_MODULES", modules.parent().unwrap());
    output(&mut command);
}
