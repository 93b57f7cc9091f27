//! Reading a text again: only the statements that changed are parsed.
//!
//! The scan cuts the whole text each time; a statement whose bytes are the same and that stands between the first and the
//! last change is moved, not read. What comes out is what [`super::parse`] gives.

use std::sync::Arc;

use super::edits::Edits;
use super::scan::{Chunk, ChunkKind};
use super::shift::{Further, Shift};
use super::tree::{Line, Tree};
use super::{Mended, cut};
use crate::diag::Diagnostic;
use crate::text::{Source, SourceId};

/// A text as it was read, for the next time.
#[derive(Debug)]
pub struct Version {
    tree: Arc<Tree>,
    diagnostics: Vec<Diagnostic>,
    /// As it was given.
    given: String,
    /// As it was read, where that is another text.
    mended: Option<Mended>,
    parts: Vec<Part>,
}

/// A top-level statement and what was read of it.
#[derive(Debug)]
struct Part {
    /// Where it stands in what was read.
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
        let cut = cut(id, source.text());
        let (mut parts, mut lines) = (vec![], vec![]);
        for (chunk, read) in cut.scanned.chunks.iter().zip(cut.read_all(source.text())) {
            parts.push(Part::of(chunk, read.0.len(), read.1));
            lines.extend(read.0);
        }
        let tree = Arc::new(Tree { source: id, lines, comments: cut.scanned.comments });
        let diagnostics = collected(cut.scanned.diagnostics, &parts);
        Self { tree, diagnostics, given: source.text().to_owned(), mended: cut.mended, parts }
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
        let cut = cut(id, given);
        let now = Text::of(given, cut.mended.as_ref());
        let before = self.before();
        let same = self.same(&now, &cut.scanned.chunks);
        let (by_given, by_read) = (now.given.wrapping_sub(before.given), now.read.wrapping_sub(before.read));
        let until = cut.scanned.chunks.len() - same.last;
        let (mut parts, mut lines) = (vec![], vec![]);
        for chunk in cut.scanned.chunks.get(same.first..until).unwrap_or_default() {
            let read = cut.read(given, chunk);
            parts.push(Part::of(chunk, read.0.len(), read.1));
            lines.extend(read.0);
        }
        self.splice(&same, lines, parts);
        self.shift(same.last, by_read, Shift { source: id, places: &Further(by_given) });
        Arc::make_mut(&mut self.tree).comments = cut.scanned.comments;
        self.diagnostics = collected(cut.scanned.diagnostics, &self.parts);
        given.clone_into(&mut self.given);
        self.mended = cut.mended;
    }

    fn before(&self) -> Text<'_> {
        Text::of(&self.given, self.mended.as_ref())
    }

    /// How many statements at the beginning and at the end of a text are as they were.
    fn same(&self, now: &Text<'_>, chunks: &[Chunk]) -> Same {
        let before = self.before();
        let limit = before.letters.len().min(now.letters.len());
        let (front, back) = before.common(now);
        let back = back.min(limit.saturating_sub(front));
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
        let by = now.letters.len().wrapping_sub(before.letters.len());
        let last = self.parts.iter().rev().zip(chunks.iter().rev());
        let last = last
            .take_while(|(part, chunk)| part.start >= before.letters.len() - back && part.is_at(chunk, by));
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
    fn shift(&mut self, last: usize, by_read: u32, shift: Shift<'_, Further>) {
        let by = usize_of(by_read);
        if (by, shift.places.0) == (0, 0) {
            return;
        }
        let mut moved = 0;
        for part in self.parts.iter_mut().rev().take(last) {
            (part.start, part.end) = (part.start.wrapping_add(by), part.end.wrapping_add(by));
            part.told.iter_mut().for_each(|one| shift.diagnostic(one));
            moved += part.lines;
        }
        Arc::make_mut(&mut self.tree).lines.iter_mut().rev().take(moved).for_each(|line| shift.line(line));
    }
}

/// A text that is read.
struct Text<'t> {
    letters: &'t str,
    /// How long it was as it was given, and how long as it is read.
    given: u32,
    read: u32,
    edits: Option<&'t Edits>,
}

impl<'t> Text<'t> {
    fn of(given: &'t str, mended: Option<&'t Mended>) -> Self {
        let text = mended.map_or(given, |mended| &mended.text);
        let edits = mended.map(|mended| &mended.edits);
        Self { letters: text, given: length(given), read: length(text), edits }
    }

    /// How many bytes at the beginning and at the end are the same, and stand for the same.
    fn common(&self, other: &Self) -> (usize, usize) {
        let front = common(self.letters.bytes(), other.letters.bytes());
        let back = common(self.letters.bytes().rev(), other.letters.bytes().rev());
        if self.edits.is_none() && other.edits.is_none() {
            return (front, back);
        }
        let none = Edits::default();
        let (one, two) = (self.edits.unwrap_or(&none), other.edits.unwrap_or(&none));
        let ends = ((self.given, self.read), (other.given, other.read));
        (front.min(one.same_front(two)), back.min(one.same_back(ends.0, two, ends.1)))
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
            let same = version.same(&Text::of(&changed, None), &chunks);
            assert_eq!(chunks.len() - same.first - same.last, 1, "step {at}");
        }
    }
}
