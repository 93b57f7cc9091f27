//! The tree-sitter grammar: generated anew, compared with what is in the repository, and given everything that is written in
//! bowline there; its queries asked by tree-sitter itself and by Neovim.

use std::path::{Path, PathBuf};
use std::process::Command;

use bowline::diag::explain::Blocks;
use bowline::forms::SCHEMAS;
use serde_json::Value;

use super::{bounded, find, scripts};
use crate::component::output;

const FROM: &str = ".ci/editors";
/// Files that the generator makes, and editors build from.
const MADE: [&str; 6] = [
    "src/parser.c",
    "src/grammar.json",
    "src/node-types.json",
    "src/tree_sitter/alloc.h",
    "src/tree_sitter/array.h",
    "src/tree_sitter/parser.h",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The grammar in a folder of its own, generated and compiled by the real generator.
struct Grammar {
    sitter: PathBuf,
    folder: tempfile::TempDir,
}

impl Grammar {
    fn generated() -> Option<Self> {
        let (Some(sitter), Some(_), Some(_)) =
            (find("tree-sitter", FROM), find("node", "apt install nodejs"), find("cc", "apt install gcc"))
        else {
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let from = root().join("editors/tree-sitter-bowline");
        for name in ["grammar.js", "tree-sitter.json", "package.json"] {
            std::fs::copy(from.join(name), folder.path().join(name)).unwrap();
        }
        let grammar = Self { sitter, folder };
        grammar.say(&["generate", "--abi", "14"]);
        Some(grammar)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = bounded(&self.sitter);
        command.args(args).current_dir(self.folder.path());
        command.env("HOME", self.folder.path()).env("XDG_CACHE_HOME", self.folder.path().join("cache"));
        command
    }

    /// What the generator says; it must succeed.
    fn say(&self, args: &[&str]) -> String {
        output(&mut self.command(args))
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    }

    /// Everything in the repository that is written in bowline: runbooks, modules, templates, fenced examples, those of the schemas.
    fn everything(&self) -> Vec<String> {
        let mut files = vec![];
        for folder in ["runbooks", "stdlib", "templates"] {
            runbooks(&root().join(folder), &mut files);
        }
        for entry in std::fs::read_dir(root().join("docs")).unwrap().map(Result::unwrap) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(page) = name.strip_suffix(".md").filter(|page| *page != "codes") else { continue };
            let text = std::fs::read_to_string(entry.path()).unwrap();
            let fenced = Blocks::of(&text).filter(|(info, _)| info.starts_with("runbook"));
            files.extend(
                fenced.enumerate().map(|(at, (_, text))| self.write(&format!("{page}-{at}.runbook"), text)),
            );
        }
        let examples = SCHEMAS.iter().enumerate();
        files
            .extend(examples.map(|(at, schema)| self.write(&format!("schema-{at}.runbook"), schema.example)));
        files
    }
}

fn runbooks(folder: &Path, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            runbooks(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "runbook") {
            files.push(path.to_string_lossy().into_owned());
        }
    }
}

#[test]
fn the_parser_in_the_repository_is_what_the_grammar_generates() {
    let Some(grammar) = Grammar::generated() else { return };
    for name in MADE {
        let made = std::fs::read_to_string(grammar.folder.path().join(name)).unwrap();
        let kept = root().join("editors/tree-sitter-bowline").join(name);
        if std::env::var_os("BOWLINE_WRITE_EDITORS").is_some() {
            std::fs::create_dir_all(kept.parent().unwrap()).unwrap();
            std::fs::write(&kept, &made).unwrap();
        }
        let same = std::fs::read_to_string(&kept).is_ok_and(|kept| kept == made);
        assert!(
            same,
            "{name} is another: `npm run generate` in editors/tree-sitter-bowline, or this test with BOWLINE_WRITE_EDITORS=1"
        );
    }
}

#[test]
fn everything_written_in_bowline_is_read_without_an_error_and_every_query_is_right() {
    let Some(grammar) = Grammar::generated() else { return };
    let files = grammar.everything();
    assert!(files.len() > 150, "{}", files.len());
    let all: Vec<&str> = ["parse", "--quiet"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let parsed = grammar.command(&all).output().unwrap();
    let said = String::from_utf8_lossy(&parsed.stdout);
    assert!(parsed.status.success() && !said.contains("ERROR") && !said.contains("MISSING"), "{said}");
    let wrong = grammar.write("wrong.runbook", "runbook \"t\" 1.0.0\n}\n");
    let parsed = grammar.command(&["parse", "--quiet", &wrong]).output().unwrap();
    assert!(!parsed.status.success(), "an error would be seen");
    for entry in
        std::fs::read_dir(root().join("editors/tree-sitter-bowline/queries")).unwrap().map(Result::unwrap)
    {
        let query = entry.path().to_string_lossy().into_owned();
        let asked: Vec<&str> =
            ["query", "--quiet", &query].into_iter().chain(files.iter().map(String::as_str)).collect();
        grammar.say(&asked);
    }
}

const SAMPLE: &str = "# why\nrunbook \"T {x}\" 1.0.0\n\"\"\"\nSome *prose*.\n\"\"\"\nuse \"std/redis\"\nstep \"s\" timeout 10m {\n  ```sh (x)\n  echo\n  ```\n  run cp /a /b --to={x} 'c'\n  hint /not a path/ \"h\"\n  expect redis.length([\"a\"], \"k\") > 2\n}\n";

#[test]
fn neovim_reads_it_and_asks_every_query() {
    let (Some(grammar), Some(neovim)) = (Grammar::generated(), find("nvim", "apt install neovim")) else {
        return;
    };
    let parser = grammar.folder.path().join("bowline.so");
    grammar.say(&["build", "-o", parser.to_str().unwrap()]);
    let sample = grammar.write("sample.runbook", SAMPLE);
    let mut command = bounded(&neovim);
    command.args(["--headless", "--clean", "-u", "NONE", "-c"]);
    command.arg(format!("luafile {}", scripts().join("sitter.lua").display()));
    command.env("SITTER_PARSER", &parser).env("SITTER_RUNBOOK", sample);
    command.env("SITTER_QUERIES", root().join("editors/tree-sitter-bowline/queries"));
    command.current_dir(grammar.folder.path()).env("HOME", grammar.folder.path());
    let said = output(&mut command);
    let line =
        said.lines().rfind(|line| line.starts_with('{')).unwrap_or_else(|| panic!("no JSON in {said}"));
    let said: Value = serde_json::from_str(line).unwrap();
    assert_eq!(said["broken"], false);
    let has = |query: &str, wanted: &str| {
        let captured = said[query].as_array().unwrap();
        assert!(captured.iter().any(|one| one == wanted), "{query} lacks {wanted}: {captured:?}");
    };
    for wanted in [
        "comment # why",
        "keyword step",
        "keyword.modifier timeout",
        "number 10m",
        "string.regexp /not a path/",
        "string /a",
        "string 'c'",
        "module redis",
        "property .length",
        "label sh",
    ] {
        has("highlights", wanted);
    }
    has("folds", "fold {");
    has("indents", "indent.begin {");
    has("injections", "injection.language sh");
    has("injections", "injection.content Some *prose*.");
    has("injections", "injection.content echo");
}
