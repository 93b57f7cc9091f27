//! Where the words of programs stand: there `/` begins a path and no pattern, and `#` is a letter.
//!
//! Goes by the tree: on one line a program, a pattern and a comment may stand side by side.

use std::ops::Range;

use crate::syntax::tree::{Block, Head, Line, Piece, Stmt, Tail, Tree, Word};

/// The places of the words of programs, in their order; not of the values in them, which are written as anywhere.
pub(super) struct Programs(Vec<Range<usize>>);

impl Programs {
    /// Of a text that runs nothing.
    pub(super) const NONE: Self = Self(vec![]);

    /// Whether that byte belongs to one.
    pub(super) fn holds(&self, at: usize) -> bool {
        let behind = self.0.partition_point(|range| range.start <= at);
        self.0.get(..behind).and_then(<[_]>::last).is_some_and(|range| at < range.end)
    }
}

/// The words of all programs of a tree.
pub(super) fn programs(tree: &Tree) -> Programs {
    let mut found = vec![];
    lines(&tree.lines, &mut found);
    found.sort_by_key(|range| range.start);
    Programs(found)
}

fn lines(of: &[Line], found: &mut Vec<Range<usize>>) {
    for line in of {
        if let Line::Stmt(one) = line {
            stmt(one, found);
        }
    }
}

fn stmt(of: &Stmt, found: &mut Vec<Range<usize>>) {
    if let Head::Run { keyword, words } = &of.head {
        run(keyword.range().start, words, found);
    }
    of.block.iter().for_each(|block| lines(&block.lines, found));
    match of.tail.as_deref() {
        Some(Tail::Else(Block { lines: inner, .. }) | Tail::Otherwise(Block { lines: inner, .. })) => {
            lines(inner, found);
        }
        Some(Tail::ElseIf(next)) => stmt(next, found),
        Some(Tail::Until(_)) | None => {}
    }
}

fn run(from: usize, words: &[Word], found: &mut Vec<Range<usize>>) {
    let mut start = from;
    for piece in words.iter().flat_map(|word| &word.pieces) {
        if let Piece::Value(value) | Piece::Splice(value) = piece {
            let value = value.span.range();
            found.push(start..value.start);
            start = value.end;
        }
    }
    found.extend(words.last().map(|last| start..last.span.range().end));
}
