//! What stands in `editors/` about the words of the language is what the language says of itself.
//!
//! `BOWLINE_WRITE_EDITORS=1 cargo test --test lsp editors` writes it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bowline::forms::SCHEMAS;
use bowline::program::type_names;
use bowline::value::functions;
use serde_json::Value;

/// Kinds of words, under the names that stand for them in the templates of these tests.
struct Words {
    statements: BTreeSet<String>,
    options: BTreeSet<String>,
    operators: BTreeSet<String>,
    types: BTreeSet<String>,
    functions: BTreeSet<String>,
}

impl Words {
    fn of_the_language() -> Self {
        let own = |words: &mut dyn Iterator<Item = &str>| words.map(str::to_owned).collect::<BTreeSet<_>>();
        let keyword = |word: &&str| !matches!(*word, "fence" | "prose" | "module.step");
        let statements = own(&mut SCHEMAS.iter().map(|schema| schema.word).filter(keyword).chain([
            "else",
            "otherwise",
            "until",
        ]));
        let options = own(&mut SCHEMAS.iter().flat_map(|schema| schema.options).map(|option| option.word));
        let grammar = read(&root().join("grammar/bowline.pest"));
        let reserved = grammar.lines().find(|line| line.starts_with("reserved")).unwrap();
        let operators = own(&mut reserved.split('"').skip(1).step_by(2));
        let options = options.difference(&operators).cloned().collect();
        let functions = own(&mut functions::TABLE.iter().map(|spec| spec.name).chain(["jq"]));
        Self { statements, options, operators, types: own(&mut type_names()), functions }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// Holds a file equal to what it should be, or writes it.
fn settle(path: &Path, wanted: &str) {
    if std::env::var_os("BOWLINE_WRITE_EDITORS").is_some() {
        std::fs::write(path, wanted).unwrap();
    }
    assert!(read(path) == wanted, "{}: write it with BOWLINE_WRITE_EDITORS=1", path.display());
}

fn any_of(words: &BTreeSet<String>) -> String {
    words.iter().map(String::as_str).collect::<Vec<_>>().join("|")
}

#[test]
fn the_textmate_grammar_has_the_words_of_the_language() {
    let path = root().join("editors/vscode/syntaxes/bowline.tmLanguage.json");
    let words = Words::of_the_language();
    let mut grammar: Value = serde_json::from_str(&read(&path)).unwrap();
    let mut put = |pointer: &str, text: String| *grammar.pointer_mut(pointer).unwrap() = Value::String(text);
    // Those that have a rule of their own are left to it.
    let own = ["run", "let", "input", "ask", "for"].map(str::to_owned).into();
    let statements = any_of(&words.statements.difference(&own).cloned().collect());
    put("/repository/statement/match", format!(r"(?<=^|[{{;=])\s*(?:(look)\s+)?({statements})(?=\s|$)"));
    put("/repository/operator/patterns/0/match", format!(r"\b(?:{})\b", any_of(&words.operators)));
    put("/repository/call/patterns/0/match", format!(r"\b(?:{})(?=\()", any_of(&words.functions)));
    let types = any_of(&words.types);
    put(
        "/repository/type/match",
        format!(r"(?<=:\s|:|\bof\s)(?:(?:list|map)\s+of\b|one\s+of\b|(?:{types})\b)"),
    );
    put("/repository/option/match", format!(r"(?<=\s)(?:{})(?=\s|$|\{{)", any_of(&words.options)));
    settle(&path, &format!("{grammar:#}\n"));
}

#[test]
fn the_queries_have_the_words_of_the_language() {
    let words = Words::of_the_language();
    let path = root().join("editors/tree-sitter-bowline/queries/highlights.scm");
    let line = |line: &str| {
        let known = [
            ("@keyword.operator ", &words.operators),
            ("@type.builtin ", &words.types),
            ("@function.builtin ", &words.functions),
            ("@keyword.modifier ", &words.options),
        ];
        let found = known.into_iter().find(|(name, _)| line.contains("any-of?") && line.contains(name));
        let first = line.starts_with("(statement . ") && line.contains("any-of? @keyword ");
        let Some((name, words)) = found.or(first.then_some(("@keyword ", &words.statements))) else {
            return line.to_owned();
        };
        let listed = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" ");
        let (before, _) = line.split_once("(#any-of?").unwrap();
        format!("{before}(#any-of? {name}{listed}))")
    };
    let wanted: Vec<_> = read(&path).lines().map(line).collect();
    settle(&path, &format!("{}\n", wanted.join("\n")));
}

#[test]
fn the_editors_name_files_that_are_there() {
    let folder = root().join("editors/vscode");
    let package: Value = serde_json::from_str(&read(&folder.join("package.json"))).unwrap();
    let paths = ["/main", "/contributes/languages/0/configuration", "/contributes/grammars/0/path"];
    for path in paths.map(|pointer| package.pointer(pointer).unwrap().as_str().unwrap().to_owned()) {
        assert!(folder.join(&path).exists(), "{path}");
    }
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    let sitter: Value =
        serde_json::from_str(&read(&root().join("editors/tree-sitter-bowline/package.json"))).unwrap();
    assert_eq!(sitter["version"], env!("CARGO_PKG_VERSION"));
}
