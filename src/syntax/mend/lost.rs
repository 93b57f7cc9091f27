//! Blocks that have lost their head: it is a comment, or it stands nowhere. Knows how lines are indented, and no statement kind.

use super::Reader;
use super::lines::Line;

impl Reader<'_> {
    /// Whether what closes there is a block of which the head is a comment, which is told.
    pub(super) fn lost_head(&mut self, at: usize, indent: usize) -> bool {
        let inside = self.inside(at, indent);
        let Some(first) = self.lines.get(at - inside).filter(|_| inside > 0) else { return false };
        let Some((place, length)) = self.head_in_comment(first) else { return false };
        self.telling.head_in_comment(place, length);
        true
    }

    /// Whether what closes there is a block without a head, which is told: an empty line parts it from what stands above.
    pub(super) fn headless(&mut self, at: usize, indent: usize) -> bool {
        let inside = self.inside(at, indent);
        let Some(first) = self.lines.get(at - inside).filter(|_| inside > 0) else { return false };
        let gap = self.text.get(first.before..first.start).unwrap_or_default();
        let (first, closing) = (first.start, self.lines.get(at).map_or(first.start, |line| line.start));
        let apart =
            gap.split('\n').skip(1).any(|line| line.trim().is_empty() && gap.matches('\n').count() > 1);
        if apart {
            self.telling.headless(first, closing);
        }
        apart
    }

    /// The last comment above a line that would open a block there, and how much makes it one.
    fn head_in_comment(&self, first: &Line<'_>) -> Option<(usize, usize)> {
        let mut at = first.before;
        let gap = self.text.get(first.before..first.start)?.split_inclusive('\n');
        let comments = gap.filter_map(|line| {
            at += line.len();
            let comment = line.trim_start();
            let head = comment.trim_start_matches('#').trim_start();
            let is_head = comment.len() > head.len() && head.trim_end().ends_with('{');
            is_head.then_some((at - comment.len(), comment.len() - head.len(), head.trim_end()))
        });
        let head = comments.last().filter(|(.., head)| (self.reads)(&format!("{head}\n}}")));
        head.map(|(place, length, _)| (place, length))
    }

    /// Whether a brace there closes nothing and words stand behind it, which is told.
    pub(super) fn closes_nothing(&mut self, at: usize) -> bool {
        let Some(line) = self.lines.get(at).filter(|line| line.code != "}") else { return false };
        self.telling.closes_nothing(line.start, line.end);
        true
    }
}
