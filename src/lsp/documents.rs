//! The texts that are open in the editor, as its changes leave them.

use std::collections::BTreeMap;
use std::sync::Arc;

use lsp_types::{Position, Range, TextDocumentContentChangeEvent, Uri};

use super::World;
use crate::compile::{LoadError, Loader};
use crate::text::{Lines, Place16, Span};

/// A text that is open.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// What the editor calls it.
    pub(super) uri: Uri,
    /// What the compiler calls it.
    pub(super) path: String,
    pub(super) version: i32,
    pub(super) text: String,
    pub(super) lines: Lines,
}

impl Document {
    pub(super) fn new(uri: Uri, version: i32, text: String) -> Self {
        Self { path: path_of(&uri), uri, version, lines: Lines::of(&text), text }
    }

    /// Makes one change. What is out of the text is at its nearest place.
    pub(super) fn change(&mut self, change: TextDocumentContentChangeEvent) {
        match change.range {
            None => self.text = change.text,
            Some(range) => {
                let (start, end) = (self.offset(range.start), self.offset(range.end));
                self.text.replace_range(start.min(end)..end.max(start), &change.text);
            }
        }
        self.lines = Lines::of(&self.text);
    }

    pub(super) fn offset(&self, position: Position) -> usize {
        let place = Place16 { line: position.line, column: position.character };
        self.lines.offset(&self.text, place)
    }

    pub(super) fn range(&self, span: Span) -> Range {
        range(&self.lines, &self.text, span.range())
    }
}

/// A range of bytes as editors count.
pub(super) fn range(lines: &Lines, text: &str, bytes: std::ops::Range<usize>) -> Range {
    let position = |offset| {
        let Place16 { line, column } = lines.place(text, offset);
        Position { line, character: column }
    };
    Range { start: position(bytes.start), end: position(bytes.end) }
}

/// The path of a file; of what is none the address as it is.
pub(super) fn path_of(uri: &Uri) -> String {
    let url = url::Url::parse(uri.as_str()).ok().filter(|url| url.scheme() == "file");
    let path = url.and_then(|url| url.to_file_path().ok());
    path.map_or_else(|| uri.as_str().to_owned(), |path| path.to_string_lossy().into_owned())
}

/// The address of a source, of one inside the binary that of its copy.
pub(super) fn address(world: &dyn World, source: &str) -> Option<Uri> {
    uri_of(source).or_else(|| uri_of(&world.copy_of(source)?))
}

/// The address of a path; `None` for what is inside the binary.
pub(super) fn uri_of(path: &str) -> Option<Uri> {
    if path.contains(':') && !path.starts_with('/') {
        return path.parse().ok();
    }
    url::Url::from_file_path(path).ok()?.as_str().parse().ok()
}

/// The texts that are open, by their paths.
#[derive(Debug, Default)]
pub(super) struct Documents {
    open: BTreeMap<String, Arc<Document>>,
}

impl Documents {
    pub(super) fn put(&mut self, document: Document) {
        self.open.insert(document.path.clone(), Arc::new(document));
    }

    pub(super) fn get(&self, path: &str) -> Option<&Arc<Document>> {
        self.open.get(path)
    }

    pub(super) fn get_mut(&mut self, path: &str) -> Option<&mut Document> {
        self.open.get_mut(path).map(Arc::make_mut)
    }

    pub(super) fn remove(&mut self, path: &str) -> Option<Arc<Document>> {
        self.open.remove(path)
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &String> {
        self.open.keys()
    }
}

/// Files as the editor has them: what is open as it stands there, all else from disk.
pub(super) struct Overlay<'o> {
    pub(super) documents: &'o Documents,
    pub(super) disk: &'o dyn Loader,
}

impl Loader for Overlay<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        match self.documents.get(path) {
            Some(document) => Ok(document.text.clone().into_bytes()),
            None => self.disk.read(path),
        }
    }
}
