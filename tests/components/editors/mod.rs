//! `bowline lsp` with editors that people use, and what `editors/` holds with the programs that read it.

mod sitter;

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

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, place) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &place);
        } else if path.is_file() {
            std::fs::copy(path, place).unwrap();
        }
    }
}

/// VS Code itself, as code-server has it: the extension is activated, its client starts `bowline lsp`, a report is shown, the
/// server is stopped and started anew, and nothing is left.
#[test]
fn vs_code_starts_the_extension_and_shows_what_the_server_says() {
    let (Some(code), Some(client), Some(node), Some(_)) = (
        find("code-server", ".ci/editors"),
        find("vscode-languageclient", ".ci/editors"),
        find("node", "apt install nodejs"),
        find("chromium", "apt install chromium"),
    ) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let extension = folder.path().join("extensions/bowline.bowline-0.1.0");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/vscode"), &extension);
    copy(&client.canonicalize().unwrap().with_file_name("node_modules"), &extension.join("node_modules"));
    std::fs::create_dir_all(folder.path().join("work")).unwrap();
    let runbook = folder.path().join("work/a.runbook");
    std::fs::write(&runbook, TEXT).unwrap();
    let machine = folder.path().join("scratch/data/data/Machine");
    std::fs::create_dir_all(&machine).unwrap();
    let settings = serde_json::json!({ "bowline.path": env!("CARGO_BIN_EXE_bowline"), "workbench.startupEditor": "none" });
    std::fs::write(machine.join("settings.json"), settings.to_string()).unwrap();
    let mut command = bounded(&node);
    command.arg(scripts().join("vscode.mjs")).arg(code.canonicalize().unwrap().parent().unwrap());
    command.args([&folder.path().join("extensions"), &folder.path().join("scratch"), &runbook]);
    command.current_dir(folder.path()).env("HOME", folder.path());
    let said: Value = serde_json::from_str(output(&mut command).trim()).unwrap();
    assert_eq!(said["language"], "bowline", "{said}");
    assert!(said["problem"].as_str().unwrap().contains("nothing is called `svr`"), "{said}");
    assert_eq!(said["underlined"], 1, "{said}");
    for shown in ["activated", "anew", "stopped", "again", "left"] {
        assert_eq!(said[shown], true, "{shown}: {said}");
    }
}
