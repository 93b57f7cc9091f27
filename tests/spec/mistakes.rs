//! One mistake never hides the next: a bad line before every statement of every spec is one report each, and
//! what was wrong before is still told.

use std::path::{Path, PathBuf};

use bowline::compile::{Compiled, LoadError, Loader, Setting, compile_with};
use bowline::diag::Severity;
use bowline::syntax::parse;
use bowline::syntax::tree::{Block, Head, Line, Stmt, Tail};
use bowline::text::{Source, SourceId};

use crate::check::{Folder, told};
use crate::coverage::all;
use crate::header::root;

/// The files of a folder, one of them changed.
struct Changed<'a> {
    name: &'a str,
    text: &'a str,
}

impl Loader for Changed<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        if path == self.name { Ok(self.text.as_bytes().to_vec()) } else { Folder.read(path) }
    }
}

fn compile(name: &str, text: &str) -> Compiled {
    compile_with(&Changed { name, text }, name, &Setting { modules: true, ..Setting::default() })
}

/// What is not said where a line cannot be read, since it may stand there: a decision's use, a step, what a scenario says and
/// names, what undoes. And `log`, with
/// which some of the lines begin, cannot stand everywhere, nor beside a module step, which is said besides.
const DEPENDS: &[&str] = &["E0205", "E0406", "E0302", "E0312", "E0416", "E0418", "E0419"];

/// The codes of the errors, sorted, but for those that depend on what cannot be read.
fn errors(compiled: &Compiled) -> Vec<&'static str> {
    let errors = compiled.diagnostics.iter().filter(|one| one.severity == Severity::Error);
    let mut codes: Vec<_> = errors.map(|one| one.code.id).filter(|code| !DEPENDS.contains(code)).collect();
    codes.sort_unstable();
    codes
}

/// Where statements begin that are the first on their line, but for the header.
fn starts(text: &str) -> Vec<usize> {
    let (tree, _) = parse(SourceId(0), &Source::new("spec", text));
    let mut found = vec![];
    tree.lines.iter().skip(1).for_each(|line| gather(line, &mut found));
    let first = |at: &usize| text[..*at].rsplit('\n').next().unwrap().trim().is_empty();
    found.retain(first);
    found.sort_unstable();
    found
}

fn gather(line: &Line, found: &mut Vec<usize>) {
    let Line::Stmt(stmt) = line else { return };
    // What stands beside a bad line in a file that does not begin as it must is another matter.
    if !matches!(&stmt.head, Head::Word(word) if word.text == "runbook" || word.text == "module") {
        found.push(stmt.span.range().start);
    }
    inside(stmt, found);
}

fn inside(stmt: &Stmt, found: &mut Vec<usize>) {
    let block =
        |block: &Block, found: &mut Vec<usize>| block.lines.iter().for_each(|line| gather(line, found));
    stmt.block.iter().for_each(|inner| block(inner, found));
    match stmt.tail.as_deref() {
        Some(Tail::Else(inner) | Tail::Otherwise(inner)) => block(inner, found),
        Some(Tail::ElseIf(next)) => inside(next, found),
        _ => {}
    }
}

/// A text with a line before each of those places.
fn with_lines(text: &str, starts: &[usize], line: &str) -> String {
    let mut changed = text.to_owned();
    for at in starts.iter().rev() {
        let begin = changed[..*at].rfind('\n').map_or(0, |end| end + 1);
        changed.insert_str(begin, &format!("{line}\n"));
    }
    changed
}

/// What each line is reported as.
const BAD: &[(&str, &str)] = &[
    ("??", "E0101"),
    ("- a list item", "E0101"),
    ("nothing_like_it \"x\"", "E0301"),
    ("log \"never closed", "E0102"),
    ("log \"{ no value }\"", "E0106"),
];

/// What differs for one spec.
fn differences(path: &Path) -> Vec<String> {
    let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(path).unwrap();
    let compiled = compile(&name, &text);
    // What is no runbook has no statements, and says so once.
    if told(&compiled).contains("this is no runbook") {
        return vec![];
    }
    let before = errors(&compiled);
    let starts = starts(&text);
    let mut wrong = vec![];
    for (line, code) in BAD {
        let compiled = compile(&name, &with_lines(&text, &starts, line));
        let mut expected = [before.clone(), vec![*code; starts.len()]].concat();
        expected.sort_unstable();
        if errors(&compiled) != expected {
            wrong.push(format!("{name}, {line}: expected {expected:?}\n{}", told(&compiled)));
        }
    }
    wrong
}

#[test]
fn a_bad_line_before_every_statement_costs_only_itself() {
    // Where something is never closed, the next line may belong to it; where braces are told by how lines are
    // indented, or blocks are opened without any, a line that is not tells something else.
    let closed = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        !["unclosed", "braces_", "blocks_", "from_bash", "from_python", "newcomer_python_block"]
            .iter()
            .any(|begin| name.starts_with(begin))
    };
    let paths: Vec<_> = all().into_iter().filter(closed).collect();
    let halves: Vec<_> = paths.chunks(paths.len().div_ceil(2)).collect();
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let work = |half: &&[PathBuf]| half.iter().flat_map(|path| differences(path)).collect::<Vec<_>>();
        let threads: Vec<_> = halves.iter().map(|half| scope.spawn(move || work(half))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}
