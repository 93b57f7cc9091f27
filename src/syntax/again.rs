//! Reading a text again: only the statements that changed are parsed.
//!
//! The scan cuts the whole text each time; a statement whose bytes are the same and that stands between the first and the
//! last change is moved, not read. What comes out is what [`super::parse`] gives.

use std::sync::Arc;

use super::scan::{Chunk, ChunkKind};
use super::shift::Shift;
use super::tree::{Line, Tree};
use super::{Cut, cut, read_all};
use crate::diag::Diagnostic;
use crate::text::{Source, SourceId};

/// A text as it was read, for the next time.
#[derive(Debug)]
pub struct Version {
    tree: Arc<Tree>,
    diagnostics: Vec<Diagnostic>,
    /// As it was given.
    given: String,
    /// As it was read, where braces were mended.
    mended: Option<String>,
    parts: Vec<Part>,
}

/// A top-level statement and what was read of it.
#[derive(Debug)]
struct Part {
    start: usize,
    end: usize,
    kind: ChunkKind,
    /// How many lines of the tree it is.
    lines: usize,
    told: Vec<Diagnostic>,
}

impl Version {
    /// Reads a text for the first time.
    #[must_use]
    pub fn first(id: SourceId, source: &Source) -> Self {
        let Cut { mended, scanned } = cut(id, source.text());
        let text = mended.as_deref().unwrap_or(source.text());
        let (mut parts, mut lines) = (vec![], vec![]);
        for (chunk, read) in scanned.chunks.iter().zip(read_all(id, text, &scanned)) {
            parts.push(Part::of(chunk, read.0.len(), read.1));
            lines.extend(read.0);
        }
        let tree = Arc::new(Tree { source: id, lines, comments: scanned.comments });
        let diagnostics = collected(scanned.diagnostics, &parts);
        Self { tree, diagnostics, given: source.text().to_owned(), mended, parts }
    }

    /// The tree.
    #[must_use]
    pub fn tree(&self) -> &Arc<Tree> {
        &self.tree
    }

    /// What could not be read, in the order of places.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The text that it is of.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.given
    }

    /// Reads the next version of the text.
    pub fn read(&mut self, id: SourceId, source: &Source) {
        if self.tree.source != id {
            *self = Self::first(id, source);
        } else if source.text() != self.given {
            self.update(id, source.text());
        }
    }

    fn update(&mut self, id: SourceId, given: &str) {
        let Cut { mended, mut scanned } = cut(id, given);
        let text = mended.as_deref().unwrap_or(given);
        let same = self.same(text, &scanned.chunks);
        let chunks = std::mem::take(&mut scanned.chunks);
        let changed = chunks.get(same.first..chunks.len() - same.last).unwrap_or_default();
        let (mut parts, mut lines) = (vec![], vec![]);
        for chunk in changed {
            let read = super::read_chunk(id, text, chunk);
            parts.push(Part::of(chunk, read.0.len(), read.1));
            lines.extend(read.0);
        }
        let by = length(text).wrapping_sub(length(self.before()));
        self.splice(&same, lines, parts);
        self.shift(same.last, Shift { source: id, by });
        Arc::make_mut(&mut self.tree).comments = scanned.comments;
        self.diagnostics = collected(scanned.diagnostics, &self.parts);
        given.clone_into(&mut self.given);
        self.mended = mended;
    }

    fn before(&self) -> &str {
        self.mended.as_deref().unwrap_or(&self.given)
    }

    /// How many statements at the beginning and at the end of a text are as they were.
    fn same(&self, text: &str, chunks: &[Chunk]) -> Same {
        let before = self.before();
        let limit = before.len().min(text.len());
        let front = common(before.bytes(), text.bytes());
        let back = common(before.bytes().rev(), text.bytes().rev()).min(limit - front);
        let mut first = self
            .parts
            .iter()
            .zip(chunks)
            .take_while(|(part, chunk)| part.end <= front && part.is_at(chunk, 0))
            .count();
        // What was reported of a statement may depend on the line behind it.
        if first
            .checked_sub(1)
            .and_then(|last| self.parts.get(last))
            .is_some_and(|part| !part.told.is_empty())
        {
            first -= 1;
        }
        let by = text.len().wrapping_sub(before.len());
        let last = self.parts.iter().rev().zip(chunks.iter().rev());
        let last =
            last.take_while(|(part, chunk)| part.start >= before.len() - back && part.is_at(chunk, by));
        Same { first, last: last.count().min(self.parts.len().min(chunks.len()) - first) }
    }

    /// Puts what was read anew between what is the same.
    fn splice(&mut self, same: &Same, lines: Vec<Line>, parts: Vec<Part>) {
        let until = self.parts.len() - same.last;
        let count =
            |parts: Option<&[Part]>| parts.unwrap_or_default().iter().map(|part| part.lines).sum::<usize>();
        let from_line = count(self.parts.get(..same.first));
        let until_line = from_line + count(self.parts.get(same.first..until));
        Arc::make_mut(&mut self.tree).lines.splice(from_line..until_line, lines);
        self.parts.splice(same.first..until, parts);
    }

    /// Moves so many of the last statements.
    fn shift(&mut self, last: usize, shift: Shift) {
        if shift.by == 0 {
            return;
        }
        let mut moved = 0;
        for part in self.parts.iter_mut().rev().take(last) {
            let by = usize_of(shift.by);
            (part.start, part.end) = (part.start.wrapping_add(by), part.end.wrapping_add(by));
            part.told.iter_mut().for_each(|one| shift.diagnostic(one));
            moved += part.lines;
        }
        Arc::make_mut(&mut self.tree).lines.iter_mut().rev().take(moved).for_each(|line| shift.line(line));
    }
}

/// How many statements are the same.
struct Same {
    first: usize,
    last: usize,
}

impl Part {
    fn of(chunk: &Chunk, lines: usize, told: Vec<Diagnostic>) -> Self {
        Self { start: chunk.start, end: chunk.end, kind: chunk.kind, lines, told }
    }

    /// Whether it is where a chunk is that moved by so many bytes.
    fn is_at(&self, chunk: &Chunk, by: usize) -> bool {
        let (start, end) = (self.start.wrapping_add(by), self.end.wrapping_add(by));
        (start, end, self.kind) == (chunk.start, chunk.end, chunk.kind)
    }
}

fn collected(mut diagnostics: Vec<Diagnostic>, parts: &[Part]) -> Vec<Diagnostic> {
    diagnostics.extend(parts.iter().flat_map(|part| part.told.iter().cloned()));
    diagnostics.sort_by_key(|one| one.primary.span.start);
    diagnostics
}

fn common(one: impl Iterator<Item = u8>, other: impl Iterator<Item = u8>) -> usize {
    one.zip(other).take_while(|(a, b)| a == b).count()
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// A wrapped distance, as wide as places in a text are here.
fn usize_of(by: u32) -> usize {
    isize::try_from(by.cast_signed()).unwrap_or_default().cast_unsigned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keystroke_in_ten_thousand_lines_reads_one_statement_again() {
        let step = |number| format!("step \"s{number}\" {{\n  run true\n  rollback none \"x\"\n}}\n");
        let text: String =
            std::iter::once("runbook \"t\" 1.0.0\n".to_owned()).chain((0..2500).map(step)).collect();
        assert!(text.lines().count() > 10_000);
        let version = Version::first(SourceId(0), &Source::new("a", &text));
        for at in [0, 1250, 2499] {
            let changed = text.replacen(&format!("\"s{at}\""), &format!("\"s{at}x\""), 1);
            let chunks = cut(SourceId(0), &changed).scanned.chunks;
            let same = version.same(&changed, &chunks);
            assert_eq!(chunks.len() - same.first - same.last, 1, "step {at}");
        }
    }
}
