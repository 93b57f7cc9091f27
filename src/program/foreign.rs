//! Files that are no runbooks at all: one report says what they look like, and what to do.

use super::file::{FileKind, misspelt_header};
use super::resolver::Resolver;
use crate::diag::{Diagnostic, codes};
use crate::syntax::is_word;
use crate::syntax::tree::{Head, Line, Tree};
use crate::text::Span;

/// What a file may be instead, and how to make a runbook of it.
struct Looks {
    like: &'static str,
    help: &'static str,
}

const MARKDOWN: Looks = Looks { like: "Markdown", help: "`bowline import FILE` makes a runbook of it" };
const SHELL: Looks = Looks {
    like: "a shell script",
    help: "a script stands in a ```sh fence of a `step`, or is started by it with `run`",
};
const PYTHON: Looks = Looks {
    like: "Python",
    help: "a script stands in a ```python3 fence of a `step`, or is started by it with `run`",
};
const TOML: Looks = Looks { like: "TOML", help: OTHER };
const YAML: Looks = Looks { like: "YAML", help: OTHER };
const JSON: Looks = Looks { like: "JSON", help: OTHER };
const HCL: Looks = Looks { like: "HCL", help: OTHER };

const OTHER: &str = "what another tool reads stays its own file; a `step` starts that tool with `run`";

impl<'a> Resolver<'a> {
    /// Whether a file does not begin as it must, and most of it begins as nothing here does; that is reported.
    pub(super) fn is_foreign(&mut self, tree: &'a Tree, kind: FileKind) -> bool {
        if kind != FileKind::Neither || misspelt_header(tree).is_some() {
            return false;
        }
        let text = self.frame.unit.source.text();
        let looks = looks(text);
        let known = tree.lines.iter().filter(|line| self.is_known(line)).count();
        let unknown = tree.lines.iter().filter(|line| !is_quoted(line)).count() - known;
        // A runbook that lost its first line has mistakes, and statements as well.
        if unknown <= 2 * known || unknown < 2 && looks.is_none() {
            return false;
        }
        let start = text.len() - text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).len();
        let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let first = Span::new(tree.source, start, start + line.trim_end().len());
        let message = match &looks {
            Some(looks) => format!("this is no runbook: it looks like {}", looks.like),
            None => "this is no runbook".to_owned(),
        };
        let report = Diagnostic::error(codes::BAD_HEADER, first, message);
        let report = report.help("a runbook begins with `runbook \"Title\" 1.0.0`; then stand its steps");
        let report = looks.into_iter().fold(report, |report, looks| report.help(looks.help));
        self.report(report.hides(Span::new(tree.source, 0, text.len() + 1)));
        true
    }

    /// The rest of the first line of a file; where that is a key of YAML, the lines of keys below it as well.
    pub(super) fn keys_from(&self, rest: Span) -> Span {
        let text = self.frame.unit.source.text().get(rest.range().end..).unwrap_or_default();
        let is_key = |line: &str| {
            let key =
                line.split_once(':').is_some_and(|(key, _)| !key.is_empty() && key.chars().all(is_word));
            key && !line.contains('{')
        };
        let below = text.split_inclusive('\n').skip(1).take_while(|line| is_key(line));
        let length =
            if self.words(rest).starts_with(':') { 1 + below.map(str::len).sum::<usize>() } else { 0 };
        Span { end: rest.end.saturating_add(u32::try_from(length).unwrap_or(0)), ..rest }
    }

    /// Whether a line begins a statement of the language.
    fn is_known(&self, line: &Line) -> bool {
        let Line::Stmt(stmt) = line else { return false };
        match &stmt.head {
            Head::Word(word) => self.kinds.knows(&word.text),
            Head::Run { keyword, .. } => self.words(*keyword) == "run",
            Head::Expr(_) | Head::Call(_) => stmt.bind.is_some(),
            Head::Fence(_) | Head::Prose(_) | Head::Unread(_) => false,
        }
    }
}

/// Whether a line is prose or a script, which stand in other files too.
fn is_quoted(line: &Line) -> bool {
    matches!(line, Line::Stmt(stmt) if matches!(stmt.head, Head::Fence(_) | Head::Prose(_)))
}

/// What a text looks like, by its lines.
fn looks(text: &str) -> Option<Looks> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let first = text.lines().next().unwrap_or_default();
    if let Some(program) = first.strip_prefix("#!") {
        return Some(if program.contains("python") { PYTHON } else { SHELL });
    }
    if text.starts_with(['{', '[']) && text.ends_with(['}', ']']) && text.contains("\":") {
        return Some(JSON);
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()).collect();
    let code: Vec<&str> = lines.iter().copied().filter(|line| !line.starts_with('#')).collect();
    let half = |is: &dyn Fn(&str) -> bool| code.iter().filter(|line| is(line)).count() * 2 > code.len();
    let any = |is: &dyn Fn(&str) -> bool| lines.iter().any(|line| is(line));
    if code.iter().any(|line| is_table(line)) && any(&|line| line.contains(" = ")) {
        return Some(TOML);
    }
    if first == "---" || half(&is_yaml) {
        return Some(YAML);
    }
    if any(&|line| {
        line.starts_with("def ")
            || line.starts_with("import ")
            || line.starts_with("from ") && line.contains(" import ")
    }) {
        return Some(PYTHON);
    }
    if any(&|line| {
        line.starts_with("resource \"") || line.starts_with("terraform {") || line.starts_with("provider \"")
    }) {
        return Some(HCL);
    }
    if any(&|line| ["fi", "done", "esac", "set -e"].contains(&line) || line.starts_with("set -e")) {
        return Some(SHELL);
    }
    any(&is_markdown).then_some(MARKDOWN)
}

/// `[name]` alone on a line.
fn is_table(line: &str) -> bool {
    let name = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or_default();
    let name = name.trim_matches(['[', ']']);
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '"'))
}

/// `key: value`, `key:`, `- item`.
fn is_yaml(line: &str) -> bool {
    let item = line.trim_start();
    let key = item.trim_start_matches("- ").split(':').next().unwrap_or_default();
    let keyed = item.contains(": ") || item.ends_with(':');
    let plain = key.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '"' | '\''));
    keyed && plain
}

/// A heading, an item of a list, a quotation, a row of a table.
fn is_markdown(line: &str) -> bool {
    let line = line.trim_start();
    let numbered = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let item = numbered.len() < line.len() && (numbered.starts_with(". ") || numbered.starts_with(") "));
    item || ["## ", "### ", "- ", "* ", "> ", "| ", "```"].iter().any(|begin| line.starts_with(begin))
}
