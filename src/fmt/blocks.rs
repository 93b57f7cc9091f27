//! Blanks around the braces and the `;` of blocks on one line: `x;rollback{ run y}` is `x; rollback { run y }`.
//!
//! Goes by the tree, for only that knows which braces are blocks; texts, values and patterns keep theirs.

use std::ops::Range;

use super::kept::Kept;
use crate::syntax::tree::{Block, Line, Stmt, Tail};

/// The text with those blanks settled in its statements, but for those that are kept; `None` where
/// nothing is to be done.
pub(super) fn apart(text: &str, lines: &[Line], kept: &Kept) -> Option<String> {
    let mut edits = Edits { text, found: vec![] };
    for line in lines {
        let Line::Stmt(stmt) = line else { continue };
        if !kept.touch(&stmt.span.range()) {
            edits.stmt(stmt);
        }
    }
    (!edits.found.is_empty()).then(|| edits.applied())
}

struct Edits<'t> {
    text: &'t str,
    /// What is replaced by what.
    found: Vec<(Range<usize>, &'static str)>,
}

impl Edits<'_> {
    fn stmt(&mut self, stmt: &Stmt) {
        stmt.block.iter().for_each(|block| self.block(block));
        if let (Some(block), Some(_)) = (&stmt.block, &stmt.tail) {
            self.blank_before(block.span.range().end);
        }
        match stmt.tail.as_deref() {
            Some(Tail::Else(block) | Tail::Otherwise(block)) => self.block(block),
            Some(Tail::ElseIf(next)) => self.stmt(next),
            Some(Tail::Until(_)) | None => {}
        }
    }

    fn block(&mut self, block: &Block) {
        let range = block.span.range();
        let written = self.text.get(range.clone()).unwrap_or_default();
        let inside = written.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        // One word in braces is no statement: a value was meant, and it stays that.
        if inside.is_some_and(|word| !word.is_empty() && !word.contains([' ', '\t', '\n', '(', '"'])) {
            return;
        }
        self.blank_before(range.start);
        if inside.is_some_and(|inside| !inside.trim().is_empty()) {
            self.blank_before(range.start + 1);
            self.blank_before(range.end - 1);
        }
        for pair in block.lines.windows(2) {
            if let [Line::Stmt(one), Line::Stmt(next)] = pair {
                self.between(one.span.range().end..next.span.range().start);
            }
        }
        for line in &block.lines {
            if let Line::Stmt(stmt) = line {
                self.stmt(stmt);
            }
        }
    }

    /// A blank between two letters.
    fn blank_before(&mut self, at: usize) {
        let before = self.text.get(..at).and_then(|before| before.chars().next_back());
        let behind = self.text.get(at..).and_then(|behind| behind.chars().next());
        let is_blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        if !is_blank(before) && !is_blank(behind) {
            self.found.push((at..at, " "));
        }
    }

    /// What stands between two statements of one line.
    fn between(&mut self, range: Range<usize>) {
        let written = self.text.get(range.clone()).unwrap_or_default();
        if written != "; " && written.trim_matches([' ', '\t']) == ";" {
            self.found.push((range, "; "));
        }
    }

    fn applied(mut self) -> String {
        self.found.sort_by_key(|(range, _)| range.start);
        self.found.dedup();
        let (mut text, mut at) = (String::with_capacity(self.text.len()), 0);
        for (range, with) in self.found {
            text.push_str(self.text.get(at..range.start).unwrap_or_default());
            text.push_str(with);
            at = range.end;
        }
        text.push_str(self.text.get(at..).unwrap_or_default());
        text
    }
}
