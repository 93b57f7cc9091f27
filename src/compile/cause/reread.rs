//! A program that is read again, with edits of one of its texts.

use crate::compile::files::{LoadError, Loader};
use crate::compile::memory::Memory;
use crate::compile::{Entry, Setting, pipeline};
use crate::diag::{Diagnostic, Edit, Severity};
use crate::text::{Source, Sources};

/// How a program is read again.
pub(in crate::compile) struct Again<'a> {
    pub(in crate::compile) loader: &'a dyn Loader,
    /// Where it begins.
    pub(in crate::compile) entry: Entry<'a>,
    pub(in crate::compile) setting: &'a Setting,
    /// So many bytes are read in all, so that what is wrong in a large text is told as it stands.
    pub(in crate::compile) most: usize,
}

/// The texts that were read, one of them with edits; and what is read only then.
struct Edited<'s> {
    sources: &'s Sources,
    loader: &'s dyn Loader,
    path: &'s str,
    text: &'s str,
}

impl Loader for Edited<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let kept = self.sources.iter().find(|source| source.name() == path).map(Source::text);
        let text = kept.map(|text| if path == self.path { self.text } else { text });
        text.map_or_else(|| self.loader.read(path), |text| Ok(text.as_bytes().to_vec()))
    }
}

/// Reads a program again and again.
pub(super) struct Reader<'a> {
    how: &'a Again<'a>,
    sources: &'a Sources,
    memory: Memory,
    /// How many errors there are in what is only read.
    wrong: usize,
    /// How many bytes there are, and how many may still be read.
    size: usize,
    left: usize,
}

impl<'a> Reader<'a> {
    /// `None` where there is too much to read it even once.
    pub(super) fn new(sources: &'a Sources, how: &'a Again<'a>) -> Option<Self> {
        let size: usize = sources.iter().map(|source| source.text().len()).sum();
        let mut reader = Self {
            how,
            sources,
            memory: Memory::default(),
            wrong: usize::MAX,
            size,
            left: how.most.checked_sub(size)?,
        };
        let as_it_is = Edited { sources, loader: how.loader, path: "", text: "" };
        reader.wrong = errors(&reader.memory.files(&as_it_is, how.entry).diagnostics);
        Some(reader)
    }

    /// Whether it was read as often as it may be.
    pub(super) fn is_spent(&self) -> bool {
        self.left < self.size
    }

    /// What is reported with that text of a file; nothing where even less of it can be read.
    pub(super) fn read(&mut self, path: &str, text: &str) -> Option<Vec<Diagnostic>> {
        let edited = Edited { sources: self.sources, loader: self.how.loader, path, text };
        let files = self.memory.files(&edited, self.how.entry);
        if errors(&files.diagnostics) > self.wrong {
            self.left = self.left.saturating_sub(text.len());
            return None;
        }
        self.left = self.left.saturating_sub(self.size);
        Some(pipeline(files, self.how.setting).diagnostics)
    }
}

fn errors(reports: &[Diagnostic]) -> usize {
    reports.iter().filter(|one| is_error(one)).count()
}

pub(super) fn is_error(report: &Diagnostic) -> bool {
    report.severity == Severity::Error
}

/// A text with edits; nothing where they do not fit it.
pub(super) fn with(text: &str, edits: &[Edit]) -> Option<String> {
    let mut edits: Vec<_> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut text = text.to_owned();
    for edit in edits.into_iter().rev() {
        text.get(edit.span.range())?;
        text.replace_range(edit.span.range(), &edit.text);
    }
    Some(text)
}
