//! One file's text with its line index, and the set of files that a program is made of.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Span;

/// The largest source that is read, in bytes (64 MiB); larger ones are refused.
pub const MAX_SOURCE_BYTES: u64 = 64 * 1024 * 1024;

/// Names a source in its [`Sources`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceId(pub u16);

/// Where a byte stands for a reader: line and column, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// A text with the name it is shown under.
#[derive(Clone, Debug)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    line_starts: Vec<u32>,
}

impl Source {
    /// Takes a text under the name that messages use for it (a path as the user gave it).
    #[must_use]
    pub fn new(name: &str, text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = ends.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
        Self { name: name.into(), text: text.into(), line_starts: std::iter::once(0).chain(starts).collect() }
    }

    /// The name that messages use.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The words that a span covers; empty where it does not fit the text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The line in which a byte stands, without its `\n`; past the end the last one.
    #[must_use]
    pub fn line_at(&self, offset: u32) -> Range<usize> {
        let behind = self.line_starts.partition_point(|start| *start <= offset);
        let begins = |line: usize| self.line_starts.get(line).map(|start| *start as usize);
        let start = behind.checked_sub(1).and_then(begins).unwrap_or_default();
        start..begins(behind).map_or(self.text.len(), |next| next - 1)
    }

    /// Line and column of a byte; past the end gives the last position.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let before = self.text.get(self.line_at(offset).start..offset as usize).unwrap_or("");
        Position {
            line: u32::try_from(line.max(1)).unwrap_or(u32::MAX),
            column: u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX),
        }
    }
}

/// The files of one program, in the order they were read; the first is the runbook.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a source and names it.
    pub fn add(&mut self, source: Source) -> SourceId {
        let id = SourceId(u16::try_from(self.files.len()).unwrap_or(u16::MAX));
        self.files.push(source);
        id
    }

    /// The source of that name; `None` for an id of another set.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.files.get(usize::from(id.0))
    }

    /// All sources in the order they were read.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.files.iter()
    }

    /// `file:line` of a span, where a column would say nothing.
    #[must_use]
    pub fn line(&self, span: Span) -> String {
        self.get(span.source).map_or_else(String::new, |source| {
            format!("{}:{}", source.name(), source.position(span.start).line)
        })
    }

    /// `file:line:column` of a span, as messages print it.
    #[must_use]
    pub fn place(&self, span: Span) -> String {
        self.get(span.source).map_or_else(String::new, |source| {
            let position = source.position(span.start);
            format!("{}:{}:{}", source.name(), position.line, position.column)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_up_to_what_ends_it() {
        let source = Source::new("a", "ab\n\r\nc");
        let lines: Vec<_> = (0..=7).map(|at| source.line_at(at)).collect();
        assert_eq!(lines, [0..2, 0..2, 0..2, 3..4, 3..4, 5..6, 5..6, 5..6]);
        assert_eq!(Source::new("a", "b\n").line_at(2), 2..2);
    }
}
