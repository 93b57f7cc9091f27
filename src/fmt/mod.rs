//! From text to canonical text: what a person wrote, in the one layout.
//!
//! Moves and removes blanks only, never a letter: what follows from the text follows from its canonical form.
//! Statements that cannot be read stay as they were written. Knows no statement kind but `input`, whose
//! columns it aligns. The rules are in `docs/decisions/0003-layout.md`.

mod blocks;
mod columns;
mod lines;
mod spaces;

use crate::diag::Diagnostic;
use crate::syntax::parse;
use crate::syntax::tree::{Line, Tree};
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
    let (tree, told) = parse(SourceId(0), source);
    match blocks::apart(source.text(), &tree.lines, &kept(&tree, &told)) {
        Some(text) => {
            let source = Source::new(source.name(), &text);
            let (tree, told) = parse(SourceId(0), &source);
            laid_out(source.text(), &tree, &told)
        }
        None => laid_out(source.text(), &tree, &told),
    }
}

/// Where what could not be read stands, with the statements around it.
fn kept(tree: &Tree, told: &[Diagnostic]) -> Vec<std::ops::Range<usize>> {
    let broken: Vec<Span> = told.iter().map(|one| one.primary.span).collect();
    let kept = tree.lines.iter().map(|line| match line {
        Line::Stmt(stmt) => stmt.span,
        Line::Bad(span) => *span,
    });
    let kept = kept.filter(|span| broken.iter().any(|one| touches(*span, *one)));
    kept.chain(broken.iter().copied()).map(Span::range).collect()
}

fn laid_out(text: &str, tree: &Tree, told: &[Diagnostic]) -> Formatted {
    let kept = shifted(kept(tree, told), text);
    let laid = lines::lay(text.strip_prefix('\u{feff}').unwrap_or(text), &kept);
    Formatted { text: columns::align(laid), whole: told.is_empty() }
}

fn touches(a: Span, b: Span) -> bool {
    a.start <= b.end && b.start <= a.end
}

/// Places in the text without its byte order mark.
fn shifted(ranges: Vec<std::ops::Range<usize>>, text: &str) -> Vec<std::ops::Range<usize>> {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    ranges.into_iter().map(|range| range.start.saturating_sub(mark)..range.end.saturating_sub(mark)).collect()
}

#[cfg(test)]
mod tests;
