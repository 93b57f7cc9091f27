//! What stays as it was written: what could not be read, with the statements on its lines and around it.

use std::ops::Range;

use crate::diag::Diagnostic;
use crate::syntax::tree::{Line, Stmt, Tail, Tree};
use crate::text::Span;

/// Parts of a text that stay as they are, in the order of where they begin.
#[derive(Default)]
pub(super) struct Kept(Vec<Part>);

#[derive(Clone, Copy)]
struct Part {
    start: usize,
    /// How far this part and those before it reach, so that only one has to be asked.
    reach: usize,
}

impl Kept {
    /// Where what could not be read stands, with the statements on its lines and around it.
    pub(super) fn of(text: &str, tree: &Tree, told: &[Diagnostic]) -> Self {
        if told.is_empty() {
            return Self::default();
        }
        let margin = Margin::of(text);
        // What has several places goes on from the first to the last.
        let all =
            |one: &Diagnostic| one.secondary.iter().fold(one.primary.span, |all, label| all.to(label.span));
        let broken: Vec<_> = told.iter().map(|one| margin.around(text, all(one))).collect();
        let kept = tree.lines.iter().map(|line| match line {
            Line::Stmt(stmt) => whole(stmt).range(),
            Line::Bad(span) => span.range(),
        });
        let parts = Self::new(broken.clone());
        Self::new(kept.filter(|range| parts.touch(range)).chain(broken).collect())
    }

    fn new(mut ranges: Vec<Range<usize>>) -> Self {
        ranges.sort_by_key(|range| range.start);
        let mut reach = 0;
        let parts = ranges.into_iter().map(|range| {
            reach = range.end.max(reach);
            Part { start: range.start, reach }
        });
        Self(parts.collect())
    }

    /// The last that begins before a place.
    fn before(&self, end: usize) -> Option<Part> {
        let last = self.0.partition_point(|part| part.start < end).checked_sub(1)?;
        self.0.get(last).copied()
    }

    /// Whether one touches that range.
    pub(super) fn touch(&self, range: &Range<usize>) -> bool {
        self.before(range.end + 1).is_some_and(|part| part.reach >= range.start)
    }

    /// Whether one stands on that line.
    pub(super) fn stand_on(&self, line: &Range<usize>) -> bool {
        self.before(line.end).is_some_and(|part| part.reach > line.start || part.start >= line.start)
    }
}

/// Where lines begin that begin something of their own, with no blank before it.
struct Margin(Vec<usize>);

impl Margin {
    fn of(text: &str) -> Self {
        let mut at = 0;
        let lines = text.split_inclusive('\n').map(|line| {
            at += line.len();
            (at - line.len(), line)
        });
        let begins =
            |line: &str| line.starts_with(|c: char| !c.is_whitespace() && !matches!(c, '}' | ')' | ']'));
        Self(lines.filter(|(_, line)| begins(line)).map(|(start, _)| start).collect())
    }

    /// A part of a text with the lines that it begins and ends on, and those before and behind it up to one at the margin:
    /// where brackets do not add up, only that tells what is indented below what.
    fn around(&self, text: &str, part: Span) -> Range<usize> {
        let Range { start, end } = part.range();
        let before = self.0.partition_point(|line| *line <= start).checked_sub(1);
        let first = before.and_then(|line| self.0.get(line)).copied().unwrap_or_default();
        let next = text.get(end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| end + at + 1);
        let behind = self.0.get(self.0.partition_point(|line| *line < next)).copied();
        let last = text.get(end..behind.unwrap_or(text.len())).unwrap_or_default();
        first..end + last.trim_end().len()
    }
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
