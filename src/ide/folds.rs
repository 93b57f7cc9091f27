//! What may be folded: blocks, prose, scripts, comments, and the lines that take modules in.

use super::File;
use super::standing::{blocks, every};
use crate::syntax::tree::{Head, Stmt};
use crate::text::Span;

/// A part of a file that may be folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// From the line that stays to the last one that is hidden.
    pub span: Span,
    /// What it is.
    pub kind: FoldKind,
}

/// What is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldKind {
    /// A block or a script.
    Block,
    /// Prose or comments.
    Comment,
    /// Modules taken in.
    Imports,
}

/// What may be folded, in the order of places; each takes more than one line.
#[must_use]
pub fn folds(file: File<'_>) -> Vec<Fold> {
    let (mut found, mut imports): (Vec<Fold>, Vec<Span>) = (vec![], vec![]);
    every(file.tree, &mut |standing| {
        found.extend(of(file, standing.stmt));
        imports.extend(Some(standing.stmt).filter(|stmt| stmt.word() == Some("use")).map(|stmt| stmt.span));
    });
    let comments = file.tree.comments.iter().map(|comment| comment.span).filter(|span| is_alone(file, *span));
    found.extend(runs(file, comments, FoldKind::Comment));
    found.extend(runs(file, imports.into_iter(), FoldKind::Imports));
    found.retain(|fold| file.source.slice(fold.span).contains('\n'));
    found.sort_by_key(|fold| (fold.span.start, u32::MAX - fold.span.end));
    found
}

fn of(file: File<'_>, stmt: &Stmt) -> Vec<Fold> {
    let head = match &stmt.head {
        Head::Prose(prose) => Some(Fold { span: prose.span, kind: FoldKind::Comment }),
        Head::Fence(fence) => Some(Fold { span: fence.span, kind: FoldKind::Block }),
        _ => None,
    };
    let blocks = blocks(stmt).map(|block| Fold { span: inside(file, block.span), kind: FoldKind::Block });
    head.into_iter().chain(blocks).collect()
}

/// A block without its closing brace: the line with that stays to be seen.
fn inside(file: File<'_>, block: Span) -> Span {
    let written = file.source.slice(block).trim_end_matches('}').trim_end();
    Span::new(block.source, block.range().start, block.range().start + written.len())
}

/// Whether nothing stands before it on its line.
fn is_alone(file: File<'_>, span: Span) -> bool {
    let before = file.source.text().get(..span.range().start).unwrap_or_default();
    before.rsplit('\n').next().is_some_and(|line| line.trim().is_empty())
}

/// Spans on lines that follow each other, as one.
fn runs(file: File<'_>, spans: impl Iterator<Item = Span>, kind: FoldKind) -> Vec<Fold> {
    let mut runs: Vec<Span> = vec![];
    for span in spans {
        match runs.last_mut() {
            Some(last) if follows(file, *last, span) => last.end = span.end,
            _ => runs.push(span),
        }
    }
    runs.into_iter().map(|span| Fold { span, kind }).collect()
}

fn follows(file: File<'_>, one: Span, next: Span) -> bool {
    let between = file.source.text().get(one.range().end..next.range().start).unwrap_or_default();
    between.trim().is_empty() && between.matches('\n').count() == 1
}
