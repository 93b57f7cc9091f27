//! What stands in the source where a statement stands, and what of it could not be read.

use super::Lowering;
use crate::text::{Sources, Span};

impl<'p> Lowering<'p> {
    /// The words of a span in its source.
    pub(crate) fn source(&self, span: Span) -> &'p str {
        self.sources.get(span.source).map_or("", |source| source.slice(span))
    }

    /// The first line of a statement, without the brace that opens its block.
    pub(crate) fn head(&self, span: Span) -> Span {
        first_line(self.sources, span)
    }

    /// Whether a part of what stands there could not be read: what seems to be missing may be in it.
    pub(crate) fn is_unread(&self, span: Span) -> bool {
        holds_any(span, self.unread)
    }

    /// Whether a part of the line on which that stands could not be read: an option that seems to be missing may be there.
    pub(crate) fn is_line_unread(&self, span: Span) -> bool {
        let line = self.sources.get(span.source).map_or(0..0, |source| source.line_at(span.start));
        self.is_unread(Span::new(span.source, line.start, line.end))
    }
}

/// The first line of a statement, without the brace that opens its block.
pub(crate) fn first_line(sources: &Sources, span: Span) -> Span {
    let text = sources.get(span.source).map_or("", |source| source.slice(span));
    let line = text.lines().next().unwrap_or("").trim_end();
    let line = line.strip_suffix('{').unwrap_or(line).trim_end();
    Span::new(span.source, span.start as usize, span.start as usize + line.len())
}

/// Whether any of those spans, which are in order, begins in that one.
pub(crate) fn holds_any(span: Span, others: &[Span]) -> bool {
    let first = others.partition_point(|other| (other.source, other.start) < (span.source, span.start));
    others.get(first).is_some_and(|other| other.source == span.source && span.touches(other.start))
}
