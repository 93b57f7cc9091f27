//! What stands around a place: on its line, before and behind. Judges nothing.

use super::resolver::Resolver;
use crate::syntax::bracket_end;
use crate::text::Span;

impl Resolver<'_> {
    /// A statement with everything that stands behind it on its line.
    pub(super) fn rest_of_line(&self, span: Span) -> Span {
        let line = self.frame.unit.source.line_at(span.end);
        Span { start: span.start, ..Span::new(span.source, line.start, line.end) }
    }

    /// The braces behind a word, to where they are closed: where brackets in them are not, as far as lines are indented deeper.
    pub(super) fn braces_behind(&self, head: Span) -> Span {
        let text = self.frame.unit.source.text().get(head.range().end..).unwrap_or_default();
        let blanks = text.len() - text.trim_start_matches(' ').len();
        let Some(braces) = text.get(blanks..).filter(|braces| braces.starts_with('{')) else {
            return Span { start: head.end, ..head };
        };
        let Some(end) = bracket_end(braces) else {
            return Span { start: head.end, ..self.indented_below(head) };
        };
        let length = u32::try_from(blanks + end).unwrap_or_default();
        Span { start: head.end, end: head.end.saturating_add(length), ..head }
    }

    /// What stands before something on its line.
    pub(super) fn line_before(&self, span: Span) -> Span {
        let line = self.frame.unit.source.line_at(span.start);
        Span { end: span.start, ..Span::new(span.source, line.start, line.end) }
    }

    /// Whether words were left over behind a statement. They are reported already, and what the
    /// statement seems to lack may be among them. The `else` behind an `else if` is a part of the `if` around both.
    pub(super) fn is_cut_short(&self, span: Span) -> bool {
        let text = self.frame.unit.source.text();
        let (before, rest) = text.split_at_checked(span.end as usize).unwrap_or_default();
        let rest = rest.split('\n').next().unwrap_or_default().trim_start();
        let alternative = before.ends_with('}') && rest.starts_with("else ");
        !alternative && !matches!(rest.chars().next(), None | Some(';' | '}' | '#'))
    }

    /// What stands behind something on its line, up to where a block opens: a brace that nothing is glued to.
    pub(super) fn behind(&self, span: Span) -> Span {
        let rest = self.frame.unit.source.text().get(span.end as usize..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        let opens =
            |at: &(usize, &str)| line.get(at.0 + 2..).is_none_or(|rest| !rest.starts_with(begins_value));
        let length = line.match_indices(" {").find(opens).map_or(line.len(), |(at, _)| at);
        let end = span.end.saturating_add(u32::try_from(length).unwrap_or(u32::MAX));
        Span { start: span.end, end, ..span }
    }

    /// The same of words of which none is what it seems to be. Behind a value in braces that reads as a block, the brace
    /// that opens one begins a line of its own.
    pub(super) fn behind_words(&self, span: Span) -> Span {
        let behind = self.behind(span);
        let brace = Span { start: behind.end, end: behind.end.saturating_add(2), ..behind };
        let spare = self.words(behind).contains('{') && self.words(brace) == " {";
        if spare { behind.to(brace) } else { behind }
    }
}

/// Whether a letter behind a brace says that it holds a value of a text or a command (`{name}`, `{...list}`).
fn begins_value(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '_' | '.')
}
