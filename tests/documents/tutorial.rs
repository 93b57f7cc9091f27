//! `docs/tutorial.md` is typed along, from its first command to its last: run, failed, undone, killed, resumed, drilled.

use std::process::Command;

use bowline::diag::explain::Blocks;

use crate::site::{Site, page};

/// What one block of commands comes to.
struct Typed {
    script: String,
    out: String,
    said: String,
}

/// A shell in the folder, with bowline on its path and its journal beside the files; it stops at the first failure.
fn shell(site: &Site, script: &str) -> Typed {
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_bowline")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("timeout");
    command.args(["-k", "5", "120", "sh", "-euc", script]).current_dir(site.folder()).env("PATH", path);
    command.env("BOWLINE_JOURNAL", site.folder().join("journal")).stdin(std::process::Stdio::null());
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let typed = Typed { script: script.to_owned(), out: text(&output.stdout), said: text(&output.stderr) };
    assert!(output.status.success(), "{script}\n{}\n{}", typed.out, typed.said);
    typed
}

/// Types the page along; what each block of commands came to.
fn typed_along(site: &Site) -> Vec<Typed> {
    let page = page("docs/tutorial.md");
    let mut typed = vec![];
    for (info, text) in Blocks::of(&page) {
        match info.split_once(' ') {
            Some(("runbook", name)) => _ = site.write(name, text),
            _ if info == "sh" => typed.push(shell(site, text)),
            _ => {}
        }
    }
    typed
}

#[test]
fn every_command_does_what_the_page_says() {
    let site = Site::new();
    let typed = typed_along(&site);
    let of = |words: &str| {
        let found = typed.iter().find(|one| one.script.contains(words));
        found.unwrap_or_else(|| panic!("no command has {words}"))
    };
    let new = of("bowline new release switch");
    assert!(new.out.contains("rotation") && new.out.contains("switch.runbook"), "{}", new.out);
    assert!(of("bowline plan").out.contains("Switch the link"));
    assert_eq!(of("release=1.1.0 --yes-to").out.trim(), "1.1.0");
    let failed = of("release=1.2.0");
    for words in ["exit code 1\n", "\n1.1.0\n", "rolled back"] {
        assert!(failed.out.contains(words), "{words}: {}", failed.out);
    }
    assert!(failed.said.contains("it says: oops"), "{}", failed.said);
    let resumed = of("bowline resume");
    assert!(resumed.out.ends_with("\n1.0.0\n"), "{}\n{}", resumed.out, resumed.said);
    assert!(of("bowline drill").out.contains("Switch the link"));
}
