//! What could not be read: that something seems to be missing there follows from that.

use super::Lowering;
use crate::text::Span;

impl Lowering<'_> {
    /// Whether a part of what stands there could not be read: what seems to be missing may be in it.
    pub(crate) fn is_unread(&self, span: Span) -> bool {
        holds_any(span, self.unread)
    }

    /// Whether a part of the line on which that stands could not be read: an option that seems to be missing may be there.
    pub(crate) fn is_line_unread(&self, span: Span) -> bool {
        let text = self.sources.get(span.source).map_or("", |source| source.text());
        let (before, after) = text.split_at_checked(span.start as usize).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let end = before.len() + after.find('\n').unwrap_or(after.len());
        self.is_unread(Span::new(span.source, start, end))
    }
}

/// Whether any of those spans, which are in order, begins in that one.
pub(crate) fn holds_any(span: Span, others: &[Span]) -> bool {
    let first = others.partition_point(|other| (other.source, other.start) < (span.source, span.start));
    others.get(first).is_some_and(|other| other.source == span.source && span.touches(other.start))
}
