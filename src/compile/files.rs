//! Reading a runbook with everything that it takes in.

use std::collections::HashMap;
use std::sync::Arc;

use super::bundled::{self, Bundled};
use crate::diag::retired::{Of, find};
use crate::diag::{Diagnostic, codes};
use crate::program::{Link, Use, uses};
use crate::syntax;
use crate::syntax::tree::Tree;
use crate::text::{MAX_SOURCE_BYTES, Source, SourceId, Sources, Span};

/// The most files of one program.
const MAX_FILES: usize = 1000;

/// Reads files for the compiler.
pub trait Loader: Sync {
    /// The bytes of the file at a path, as given or relative to the same place as the runbook.
    ///
    /// # Errors
    /// Why it cannot be had.
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError>;
}

/// Why a file cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// In words for a person: it is not there, or may not be read.
    Unreadable(String),
    /// It has so many bytes, more than [`MAX_SOURCE_BYTES`]; it need not have been read.
    TooLarge(u64),
}

/// Where a program begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'e> {
    /// With the file at this path, read by a [`Loader`].
    File(&'e str),
    /// With a file inside the binary.
    Bundled(&'static Bundled),
}

impl<'e> Entry<'e> {
    /// The path on disk, where it is on disk.
    #[must_use]
    pub fn file(self) -> Option<&'e str> {
        if let Self::File(path) = self { Some(path) } else { None }
    }
}

/// The files of a program, parsed.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) sources: Sources,
    pub(super) trees: Vec<Arc<Tree>>,
    pub(super) links: HashMap<(SourceId, String), Link>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// What makes a tree of a source.
pub(super) type Parse<'p> = dyn FnMut(SourceId, &Source) -> (Arc<Tree>, Vec<Diagnostic>) + 'p;

/// Files still to be read, and those that were.
struct Reading<'l> {
    loader: &'l dyn Loader,
    parse: &'l mut Parse<'l>,
    files: Files,
    /// By the path of what was read; a file inside the binary has no ending in its path.
    known: HashMap<String, Link>,
    /// The locations of the sources, by number.
    locations: Vec<Location>,
}

/// Where a file is.
#[derive(Clone, Debug)]
enum Location {
    Disk(String),
    Binary(&'static Bundled),
}

impl Location {
    fn path(&self) -> &str {
        match self {
            Self::Disk(path) => path,
            Self::Binary(bundled) => bundled.path,
        }
    }
}

impl Files {
    /// Reads the runbook and whatever it uses or calls, each file once.
    pub(super) fn read(loader: &dyn Loader, entry: Entry<'_>) -> Self {
        let mut parse = |id, source: &Source| {
            let (tree, told) = syntax::parse(id, source);
            (Arc::new(tree), told)
        };
        Self::read_with(loader, entry, &mut parse)
    }

    /// The same, with trees from elsewhere.
    pub(super) fn read_with<'l>(loader: &'l dyn Loader, entry: Entry<'_>, parse: &'l mut Parse<'l>) -> Self {
        let mut reading = Reading::new(loader, parse);
        reading.entry(entry);
        let mut at = 0;
        while let Some(tree) = reading.files.trees.get(at) {
            let (source, wanted) = (tree.source, uses(tree));
            for one in wanted {
                reading.take_in(source, &one);
            }
            at += 1;
        }
        reading.files
    }
}

impl<'l> Reading<'l> {
    fn new(loader: &'l dyn Loader, parse: &'l mut Parse<'l>) -> Self {
        Self { loader, parse, files: Files::default(), known: HashMap::new(), locations: vec![] }
    }

    fn entry(&mut self, entry: Entry<'_>) {
        let path = match entry {
            Entry::Bundled(bundled) => {
                let link = self.add(Location::Binary(bundled), bundled.text);
                self.known.insert(bundled.path.to_owned(), link);
                return;
            }
            Entry::File(path) => path,
        };
        match text_of(self.loader, path) {
            Ok(text) => {
                let link = self.add(Location::Disk(path.to_owned()), &text);
                self.known.insert(normal(path), link);
            }
            Err(wrong) => {
                let id = self.files.sources.add(Source::new(path, ""));
                let report = wrong.report(Span::new(id, 0, 0), path);
                let whole = format!("{path}.runbook");
                self.files.diagnostics.push(match bundled::nearest(path) {
                    _ if self.loader.read(&whole).is_ok() => report.help(format!("did you mean `{whole}`?")),
                    Some(near) => {
                        report.help(format!("did you mean \"{near}\", which is in bowline itself?"))
                    }
                    None => report,
                });
            }
        }
    }

    fn add(&mut self, location: Location, text: &str) -> Link {
        let source = Source::new(location.path(), text);
        let id = self.files.sources.add(source.clone());
        let (tree, told) = (self.parse)(id, &source);
        self.files.trees.push(tree);
        self.files.diagnostics.extend(told);
        self.locations.push(location);
        Link::File(id)
    }

    /// Reads what a file takes in, unless it was read before. What has no file is left to the resolver.
    fn take_in(&mut self, from: SourceId, wanted: &Use) {
        let Some(location) = self.location_of(from, &wanted.text) else { return };
        let path = location.path().to_owned();
        let link = match self.known.get(&path) {
            Some(link) => *link,
            None => self.read(location, wanted),
        };
        self.known.insert(path, link);
        self.files.links.insert((from, wanted.text.clone()), link);
    }

    /// Where a file is that is taken in; `None` for what can name none.
    fn location_of(&self, from: SourceId, text: &str) -> Option<Location> {
        if text.starts_with("std/") {
            let text = find(Of::Module, text).map_or(text, |old| old.by);
            return bundled::find(text).map(Location::Binary);
        }
        let named = text.ends_with(".runbook");
        if !named && !text.starts_with("./") && !text.starts_with("../") {
            return None;
        }
        match self.locations.get(usize::from(from.0))? {
            Location::Binary(beside) => {
                let text = text.strip_suffix(".runbook").unwrap_or(text);
                bundled::find(&beside_of(beside.path, text)).map(Location::Binary)
            }
            Location::Disk(beside) => {
                let ending = if named { "" } else { ".runbook" };
                Some(Location::Disk(beside_of(beside, &format!("{text}{ending}"))))
            }
        }
    }

    fn read(&mut self, location: Location, wanted: &Use) -> Link {
        if self.files.trees.len() >= MAX_FILES {
            let message = format!("a program has at most {MAX_FILES} files");
            self.files.diagnostics.push(Diagnostic::error(codes::TOO_LARGE, wanted.span, message));
            return Link::Broken;
        }
        let path = match location {
            Location::Binary(bundled) => return self.add(location, bundled.text),
            Location::Disk(path) => path,
        };
        match text_of(self.loader, &path) {
            Ok(text) => self.add(Location::Disk(path), &text),
            Err(wrong) => {
                self.files.diagnostics.push(wrong.report(wanted.span, &path));
                Link::Broken
            }
        }
    }
}

/// The path of a file that another one names.
fn beside_of(beside: &str, text: &str) -> String {
    let folder = beside.rsplit_once('/').map_or("", |(folder, _)| folder);
    if text.starts_with('/') || folder.is_empty() && !beside.starts_with('/') {
        return normal(text);
    }
    normal(&format!("{folder}/{text}"))
}

/// Why there is no text.
enum Wrong {
    Load(LoadError),
    /// The first byte that is no UTF-8, and the line that it stands on.
    NotUtf8 {
        byte: usize,
        line: usize,
    },
}

fn text_of(loader: &dyn Loader, path: &str) -> Result<String, Wrong> {
    let bytes = loader.read(path).map_err(Wrong::Load)?;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > MAX_SOURCE_BYTES {
        return Err(Wrong::Load(LoadError::TooLarge(size)));
    }
    String::from_utf8(bytes).map_err(|wrong| {
        let byte = wrong.utf8_error().valid_up_to();
        let before = wrong.as_bytes().get(..byte).unwrap_or_default();
        Wrong::NotUtf8 { byte, line: memchr::memchr_iter(b'\n', before).count() + 1 }
    })
}

impl Wrong {
    fn report(&self, span: Span, path: &str) -> Diagnostic {
        match self {
            Self::Load(LoadError::Unreadable(why)) => {
                let message = format!("`{path}` cannot be read: {why}");
                Diagnostic::error(codes::UNREADABLE, span, message)
                    .help("check the name, and that you may read the file")
            }
            Self::Load(LoadError::TooLarge(bytes)) => {
                let message = format!("`{path}` has {bytes} bytes; a runbook has at most 64 MiB");
                Diagnostic::error(codes::TOO_LARGE, span, message)
                    .help("check that it is a runbook; split it with `call`")
            }
            Self::NotUtf8 { byte, line } => {
                let message = format!("`{path}` is not UTF-8 at byte {byte}, line {line}");
                Diagnostic::error(codes::NOT_UTF8, span, message).help("save it in the encoding UTF-8")
            }
        }
    }
}

/// A path without `.` and, where something stands before it, `..`.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = vec![];
    for (at, part) in path.split('/').enumerate() {
        match part {
            "" if at > 0 => {}
            "." => {}
            ".." if parts.last().is_some_and(|last| !matches!(*last, "" | "..")) => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
