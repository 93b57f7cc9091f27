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

/// Brings a file to its canonical form. Total; idempotent where all of it could be read. Elsewhere what is read, and so laid
/// out, may reach further once the rest is.
#[must_use]
pub fn format(source: &Source) -> Formatted {
    match source.text().strip_prefix('\u{feff}') {
        Some(text) => without_mark(&Source::new(source.name(), text)),
        None => without_mark(source),
    }
}

/// The canonical form of a text without a byte order mark.
fn without_mark(source: &Source) -> Formatted {
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
    // What has several places goes on from the first to the last.
    let all = |one: &Diagnostic| one.secondary.iter().fold(one.primary.span, |all, label| all.to(label.span));
    let broken: Vec<Span> = told.iter().map(all).collect();
    let kept = tree.lines.iter().map(|line| match line {
        Line::Stmt(stmt) => whole(stmt),
        Line::Bad(span) => *span,
    });
    let kept = kept.filter(|span| broken.iter().any(|one| touches(*span, *one)));
    kept.chain(broken.iter().copied()).map(Span::range).collect()
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
    let laid = lines::lay(text, &kept(tree, told), &programs::programs(tree));
    Formatted { text: columns::align(laid), whole: told.is_empty() }
}

fn touches(a: Span, b: Span) -> bool {
    a.start <= b.end && b.start <= a.end
}

#[cfg(test)]
mod tests;
