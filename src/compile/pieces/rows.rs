//! The lines of a text, with the errors that begin in each.

use crate::diag::{Code, Diagnostic, Severity, codes};
use crate::syntax::is_word;
use crate::text::SourceId;

/// A line, and what is told of it.
#[derive(Debug)]
pub(super) struct Row<'t> {
    pub(super) start: usize,
    pub(super) indent: usize,
    /// What it holds, without blanks around it.
    pub(super) code: &'t str,
    /// Whether it begins with a tab.
    pub(super) tab: bool,
    /// Whether an empty line stands before it.
    pub(super) apart: bool,
    /// Whether an error begins in it.
    pub(super) wrong: bool,
    /// The report of what it begins with: no statement.
    pub(super) head: Option<&'t Diagnostic>,
    /// The first report in it.
    pub(super) told: Option<&'t Diagnostic>,
}

/// A line, with those around it.
pub(super) struct Place<'r> {
    pub(super) before: Option<&'r Row<'r>>,
    pub(super) row: &'r Row<'r>,
    pub(super) next: Option<&'r Row<'r>>,
}

impl Place<'_> {
    /// What the line says, where it begins with nothing that begins a statement; else nothing.
    pub(super) fn head(&self) -> &str {
        self.row.head.map_or("", |_| self.row.code)
    }
}

/// Reports that a line begins with nothing that begins a statement.
const HEADS: &[Code] =
    &[codes::BAD_LINE, codes::UNKNOWN_KEYWORD, codes::UNKNOWN_FUNCTION, codes::UNKNOWN_NAME];

/// The lines around errors that hold something, with what is told of them: from the line before the first error on, and up to
/// a statement behind the last, with which any piece ends.
pub(super) fn rows<'t>(id: SourceId, text: &'t str, told: &'t [Diagnostic]) -> Vec<Row<'t>> {
    let of_file = |one: &&Diagnostic| one.severity == Severity::Error && one.primary.span.source == id;
    let mut errors: Vec<_> = told.iter().filter(of_file).collect();
    errors.sort_by_key(|one| one.primary.span.start);
    let mut errors = errors.into_iter().peekable();
    let first = errors.peek().map_or(text.len(), |one| one.primary.span.range().start);
    let mut starts = text.get(..first).unwrap_or_default().rmatch_indices('\n').map(|(end, _)| end + 1);
    let (mut at, mut apart, mut rows) = (starts.nth(1).unwrap_or_default(), false, vec![]);
    for line in text.get(at..).unwrap_or_default().split_inclusive('\n') {
        let (code, tab) = (line.trim(), line.starts_with('\t'));
        let (start, indent) = (at, line.len() - line.trim_start().len());
        at += line.len();
        let mut row =
            Row { start: start + indent, indent, code, tab, apart, wrong: false, head: None, told: None };
        while let Some(one) = errors.next_if(|one| one.primary.span.range().start < at) {
            // What is one report of several lines already is none of another piece.
            row.wrong |= one.secondary.is_empty();
            row.told = row.told.or(Some(one));
            let begins =
                row.wrong && HEADS.contains(&one.code) && one.primary.span.range().start == row.start;
            row.head = row.head.or(Some(one).filter(|_| begins));
        }
        apart = code.is_empty();
        let over = errors.peek().is_none() && !row.wrong && indent == 0 && code.starts_with(is_word);
        if !apart {
            rows.push(row);
        }
        if over {
            break;
        }
    }
    rows
}
