//! A value in braces with no text around it, as in `artifact {folder}/log`: it reads as a block, and is none.

use super::resolver::Resolver;
use super::{BlockOf, Schema};
use crate::diag::{Diagnostic, codes};
use crate::syntax::tree::{Block, Head, Line, Stmt};
use crate::text::Span;

impl Resolver<'_> {
    /// Says that the block of a statement was meant as a value, whatever else the line seems to be. Whether it did.
    pub(super) fn tell_glued(&mut self, schema: &Schema, written: &Stmt) -> bool {
        let Some(block) = written.block.as_ref().filter(|block| is_glued(block)) else { return false };
        if schema.block != BlockOf::None && !self.is_cut_short(written.span) {
            return false;
        }
        let line = Span { start: written.span.start, ..self.behind_words(block.span) };
        let rest = self.words(Span { start: block.span.start, ..line });
        let word = rest.split([' ', '\t', ';']).next().unwrap_or_default();
        let end = block.span.start.saturating_add(u32::try_from(word.len()).unwrap_or_default());
        let span = Span { end, ..block.span };
        self.unread.push(line);
        let report = Diagnostic::error(codes::LEFTOVER, span, format!("`{word}` stands outside of quotes"));
        let report = report.help(format!("a value in braces stands in a text: write `\"{word}\"`"));
        self.report(report.guess("write it in quotes", span, format!("\"{word}\"")).hides(line));
        true
    }
}

/// Whether braces hold nothing but a value that is glued to them.
pub(super) fn is_glued(block: &Block) -> bool {
    let [line] = block.lines.as_slice() else { return false };
    match line {
        Line::Bad(span) => span.start == block.span.start + 1 && span.end + 1 == block.span.end,
        Line::Stmt(stmt) => {
            let word = matches!(stmt.head, Head::Word(_) | Head::Call(_)) && stmt.items.is_empty();
            word && stmt.block.is_none()
                && stmt.span.start == block.span.start + 1
                && stmt.span.end + 1 == block.span.end
        }
    }
}
