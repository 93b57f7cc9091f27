//! From text to canonical text: what a person wrote, in the one layout.
//!
//! Moves and removes blanks only, never a letter: what follows from the text follows from its canonical form.
//! Statements that cannot be read stay as they were written. Knows no statement kind but `input`, whose
//! columns it aligns. The rules are in `docs/decisions/0003-layout.md`.

mod blocks;
mod columns;
mod lines;
mod programs;
mod spaces;

use crate::diag::Diagnostic;
use crate::syntax::parse;
use crate::syntax::tree::{Line, Stmt, Tail, Tree};
use crate::text::{Source, SourceId, Span};

/// The canonical form of a text; the places of what could not be read, which stay as they are.
#[derive(Debug)]
pub struct Formatted {
    /// The text.
    pub text: String,
    /// Whether all of it could be read.
    pub whole: bool,
}

/// Brings a file to its canonical form. Total and idempotent.
#[must_use]
pub fn format(source: &Source) -> Formatted {
    match source.text().strip_prefix('\u{feff}') {
        Some(text) => without_mark(&Source::new(source.name(), text)),
        None => without_mark(source),
    }
}

/// The canonical form of a text without a byte order mark. Where brackets do not add up, what is read goes by how lines are
/// indented: a text that would be read otherwise once it is laid out stays as it is.
fn without_mark(source: &Source) -> Formatted {
    let done = laid(source);
    if done.whole || laid(&Source::new(source.name(), &done.text)).text == done.text {
        return done;
    }
    Formatted { text: source.text().to_owned(), ..done }
}

fn laid(source: &Source) -> Formatted {
    let (tree, told) = parse(SourceId(0), source);
    match blocks::apart(source.text(), &tree.lines, &kept(source.text(), &tree, &told)) {
        Some(text) => {
            let source = Source::new(source.name(), &text);
            let (tree, told) = parse(SourceId(0), &source);
            laid_out(source.text(), &tree, &told)
        }
        None => laid_out(source.text(), &tree, &told),
    }
}

/// Where what could not be read stands, with the statements on its lines and around it.
fn kept(text: &str, tree: &Tree, told: &[Diagnostic]) -> Vec<std::ops::Range<usize>> {
    // What has several places goes on from the first to the last.
    let all = |one: &Diagnostic| one.secondary.iter().fold(one.primary.span, |all, label| all.to(label.span));
    let broken: Vec<Span> = told.iter().map(|one| lines_of(text, all(one))).collect();
    let kept = tree.lines.iter().map(|line| match line {
        Line::Stmt(stmt) => whole(stmt),
        Line::Bad(span) => *span,
    });
    let kept = kept.filter(|span| broken.iter().any(|one| touches(*span, *one)));
    kept.chain(broken.iter().copied()).map(Span::range).collect()
}

/// A part of a text with the lines that it begins and ends on, and those before and behind it up to one at the margin: where
/// brackets do not add up, only that tells what is indented below what.
fn lines_of(text: &str, part: Span) -> Span {
    let before = |end: usize| text.get(..end).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let mut start = before(part.range().start);
    while start > 0 && !text.get(start..).is_some_and(begins_at_margin) {
        start = before(start - 1);
    }
    let behind = text.get(part.range().end..).unwrap_or_default();
    let mut lines = behind.split_inclusive('\n');
    let rest = lines.next().map_or(0, str::len);
    let further: usize = lines.take_while(|line| !begins_at_margin(line)).map(str::len).sum();
    let whole = behind.get(..rest + further).unwrap_or_default().trim_end();
    Span::new(part.source, start, part.range().end + whole.len())
}

/// Whether a line begins something of its own, with no blank before it.
fn begins_at_margin(line: &str) -> bool {
    line.starts_with(|c: char| !c.is_whitespace() && !matches!(c, '}' | ')' | ']'))
}

/// A statement with its block, which may stand behind words that cannot be read.
fn whole(stmt: &Stmt) -> Span {
    let tail = match stmt.tail.as_deref() {
        Some(Tail::Else(block) | Tail::Otherwise(block)) => Some(block.span),
        Some(Tail::ElseIf(next)) => Some(whole(next)),
        Some(Tail::Until(until)) => Some(until.span),
        None => None,
    };
    stmt.block.iter().map(|block| block.span).chain(tail).fold(stmt.span, Span::to)
}

fn laid_out(text: &str, tree: &Tree, told: &[Diagnostic]) -> Formatted {
    let laid = lines::lay(text, &kept(text, tree, told), &programs::programs(tree));
    Formatted { text: columns::align(laid), whole: told.is_empty() }
}

fn touches(a: Span, b: Span) -> bool {
    a.start <= b.end && b.start <= a.end
}

#[cfg(test)]
mod tests;
