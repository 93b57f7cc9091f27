//! `fmt` moves no digest: of no runbook of the repository, however it is laid out.

use std::path::PathBuf;

use bowline::compile::{LoadError, Loader, compile};
use bowline::fmt::format;
use bowline::text::Source;

use super::root;

/// The files of the repository, one of them with another text.
struct With<'a> {
    path: &'a str,
    text: &'a str,
}

impl Loader for With<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        if path == self.path {
            return Ok(self.text.as_bytes().to_vec());
        }
        std::fs::read(root().join(path)).map_err(|error| LoadError::Unreadable(error.to_string()))
    }
}

/// Every runbook and module of the repository, by its path in it.
fn files() -> Vec<String> {
    let folders = ["runbooks", "stdlib", "templates", "examples", "tests"];
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    let mut found = vec![];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|kind| kind == "runbook") {
                found.push(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// The same in another layout, with comments that look like something else. Prose, scripts and what goes on after a
/// backslash stay.
fn other_layout(text: &str) -> String {
    let comments = [
        "  # then run  it",
        " # it's \"so  {",
        "\t# a (b [c",
        "   # C:\\dir\\",
        "  # \"\"\"",
        "  # ```sh",
        "  ",
        "",
    ];
    let (mut out, mut prose, mut fence, mut goes_on) = (vec![], false, false, false);
    for (number, line) in text.lines().enumerate() {
        let code = line.trim();
        let verbatim = prose || fence || goes_on;
        prose ^= !fence && line.matches("\"\"\"").count() % 2 == 1;
        fence ^= !prose && line.matches("```").count() % 2 == 1;
        goes_on = code.ends_with('\\') && !code.starts_with('#');
        if verbatim || prose || fence || goes_on {
            out.push(line.to_owned());
            continue;
        }
        let comment = if code.contains('#') { "" } else { comments.get(number % comments.len()).unwrap() };
        out.push(format!("{}{code}{comment}", " \t".repeat(number % 5)));
        out.extend(number.is_multiple_of(7).then(String::new));
    }
    out.join(if text.len().is_multiple_of(2) { "\n" } else { "\r\n" }) + "\n"
}

#[test]
fn no_runbook_of_the_repository_moves_its_digest() {
    let digest = |path: &str, text: &str| compile(&With { path, text }, path).plan.map(|plan| plan.digest);
    let (mut compared, mut moved) = (0, vec![]);
    for path in files() {
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        let Some(before) = digest(&path, &text) else { continue };
        let loose = other_layout(&text);
        assert_eq!(
            digest(&path, &loose).as_ref(),
            Some(&before),
            "{path}: only the layout is another\n{loose}"
        );
        let laid = format(&Source::new("a", &loose)).text;
        compared += 1;
        if digest(&path, &laid).as_ref() != Some(&before) || laid.contains('\r') {
            moved.push(format!("{path}\n{laid}"));
        }
    }
    assert!(moved.is_empty(), "{} of {compared}:\n{}", moved.len(), moved.join("\n"));
    assert!(compared > 150, "{compared}");
}
