//! The files of a program: read once each, parsed, and linked by their `use` and `call`.

use std::collections::HashMap;

use crate::diag::{Diagnostic, codes};
use crate::program::{Link, Unit, Use, UseKind, uses};
use crate::syntax::{self, tree::Tree};
use crate::text::{MAX_SOURCE_BYTES, Source, SourceId, Sources, Span};

/// Reads files; the compiler itself touches no disk.
pub trait Loader {
    /// The bytes of a file.
    ///
    /// # Errors
    /// Why there are none.
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError>;
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// The system's words.
    Unreadable(String),
    /// It has so many bytes, more than [`MAX_SOURCE_BYTES`].
    TooLarge(u64),
}

/// Reads a program's files.
pub(super) struct Reader<'l> {
    loader: &'l dyn Loader,
    pub(super) sources: Sources,
    pub(super) links: HashMap<(SourceId, String), Link>,
    pub(super) diagnostics: Vec<Diagnostic>,
    trees: Vec<Tree>,
    known: HashMap<String, Link>,
}

impl<'l> Reader<'l> {
    pub(super) fn new(loader: &'l dyn Loader) -> Self {
        Self {
            loader,
            sources: Sources::default(),
            links: HashMap::new(),
            diagnostics: vec![],
            trees: vec![],
            known: HashMap::new(),
        }
    }

    /// Every file that has a tree.
    pub(super) fn units(&self) -> impl Iterator<Item = (SourceId, Unit<'_>)> {
        self.trees.iter().filter_map(|tree| {
            let source = self.sources.get(tree.source)?;
            Some((tree.source, Unit { source, tree }))
        })
    }

    /// Reads a file and all that it names, each once.
    pub(super) fn read(&mut self, path: &str) {
        self.link(path, None);
        let mut done = 0;
        while let Some(tree) = self.trees.get(done) {
            let (from, named) = (tree.source, uses(tree));
            let base = self.sources.get(from).map(|source| source.name().to_owned()).unwrap_or_default();
            for one in named {
                self.follow(from, &base, &one);
            }
            done += 1;
        }
    }

    fn follow(&mut self, from: SourceId, base: &str, named: &Use) {
        let Some(path) = beside(base, named) else { return };
        let link = self.link(&path, Some(named.span));
        self.links.insert((from, named.text.clone()), link);
    }

    fn link(&mut self, path: &str, named_at: Option<Span>) -> Link {
        if let Some(link) = self.known.get(path) {
            return *link;
        }
        let before = self.diagnostics.len();
        let link = match self.parse(path, named_at) {
            Some(tree) => {
                let id = tree.source;
                self.trees.push(tree);
                if self.diagnostics.len() > before { Link::Broken } else { Link::File(id) }
            }
            None => Link::Broken,
        };
        self.known.insert(path.to_owned(), link);
        link
    }

    /// Reads one file and follows nothing.
    pub(super) fn read_alone(&mut self, path: &str) -> Option<Tree> {
        self.parse(path, None)
    }

    fn parse(&mut self, path: &str, named_at: Option<Span>) -> Option<Tree> {
        let text = self.text(path, named_at)?;
        let id = self.sources.add(Source::new(path, &text));
        let source = self.sources.get(id)?;
        let (tree, diagnostics) = syntax::parse(id, source);
        self.diagnostics.extend(diagnostics);
        Some(tree)
    }

    fn text(&mut self, path: &str, named_at: Option<Span>) -> Option<String> {
        match self.loader.read(path) {
            Ok(bytes) if bytes.len() as u64 > MAX_SOURCE_BYTES => {
                self.refuse(path, named_at, &LoadError::TooLarge(bytes.len() as u64));
                None
            }
            Ok(bytes) => String::from_utf8(bytes).map_err(|error| self.not_utf8(path, named_at, &error)).ok(),
            Err(error) => {
                self.refuse(path, named_at, &error);
                None
            }
        }
    }

    fn refuse(&mut self, path: &str, named_at: Option<Span>, error: &LoadError) {
        let span = named_at.unwrap_or_else(|| self.nowhere(path));
        let diagnostic = match error {
            LoadError::Unreadable(why) => {
                let message = format!("{path} cannot be read: {why}");
                Diagnostic::error(codes::UNREADABLE, span, message).help("check the path and its permissions")
            }
            LoadError::TooLarge(bytes) => {
                let message = format!("{path} has {bytes} bytes; a source has at most 64 MiB");
                Diagnostic::error(codes::TOO_LARGE, span, message).help("split it with `call` or modules")
            }
        };
        self.diagnostics.push(diagnostic);
    }

    fn not_utf8(&mut self, path: &str, named_at: Option<Span>, error: &std::string::FromUtf8Error) {
        let span = named_at.unwrap_or_else(|| self.nowhere(path));
        let at = error.utf8_error().valid_up_to();
        let lines = error.as_bytes().get(..at).unwrap_or(&[]).iter().filter(|byte| **byte == b'\n').count();
        let message = format!("{path} is not UTF-8: byte {at}, in line {}", lines + 1);
        let help = "save it as UTF-8";
        self.diagnostics.push(Diagnostic::error(codes::NOT_UTF8, span, message).help(help));
    }

    /// A place to report a file that has no text: an empty source under its name.
    fn nowhere(&mut self, path: &str) -> Span {
        let id = self.sources.add(Source::new(path, ""));
        Span::new(id, 0, 0)
    }
}

/// The path that a name leads to from the file that names it; `None` for the standard library.
fn beside(base: &str, named: &Use) -> Option<String> {
    if named.text.starts_with("std/") {
        return None;
    }
    let folder = std::path::Path::new(base).parent().unwrap_or_else(|| std::path::Path::new(""));
    let mut path = folder.join(named.text.trim_start_matches("./"));
    if named.kind == UseKind::Module && path.extension().is_none() {
        path.set_extension("runbook");
    }
    Some(path.to_string_lossy().into_owned())
}
