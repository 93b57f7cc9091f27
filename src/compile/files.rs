//! Reading a runbook with everything that it takes in.

use std::collections::HashMap;

use super::stdlib;
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

/// The files of a program, parsed.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) sources: Sources,
    pub(super) trees: Vec<Tree>,
    pub(super) links: HashMap<(SourceId, String), Link>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Files still to be read, and those that were.
struct Reading<'l> {
    loader: &'l dyn Loader,
    files: Files,
    /// By the path (or `std/name`) of what was read.
    known: HashMap<String, Link>,
    /// The paths of the sources, by number.
    paths: Vec<String>,
}

impl Files {
    /// Reads the runbook and whatever it uses or calls, each file once.
    pub(super) fn read(loader: &dyn Loader, entry: &str) -> Self {
        let mut reading = Reading::new(loader);
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

    /// Reads one file and follows nothing.
    pub(super) fn read_alone(loader: &dyn Loader, path: &str) -> Self {
        let mut reading = Reading::new(loader);
        reading.entry(path);
        reading.files
    }
}

impl<'l> Reading<'l> {
    fn new(loader: &'l dyn Loader) -> Self {
        Self { loader, files: Files::default(), known: HashMap::new(), paths: vec![] }
    }

    fn entry(&mut self, entry: &str) {
        match text_of(self.loader, entry) {
            Ok(text) => {
                let link = self.add(entry, &text);
                self.known.insert(normal(entry), link);
            }
            Err(wrong) => {
                let id = self.files.sources.add(Source::new(entry, ""));
                let report = wrong.report(Span::new(id, 0, 0), entry);
                self.files.diagnostics.push(report);
            }
        }
    }

    fn add(&mut self, path: &str, text: &str) -> Link {
        let source = Source::new(path, text);
        let id = self.files.sources.add(source.clone());
        let (tree, told) = syntax::parse(id, &source);
        self.files.trees.push(tree);
        self.files.diagnostics.extend(told);
        self.paths.push(path.to_owned());
        Link::File(id)
    }

    /// Reads what a file takes in, unless it was read before. What has no file is left to the resolver.
    fn take_in(&mut self, from: SourceId, wanted: &Use) {
        let Some(path) = self.path_of(from, &wanted.text) else { return };
        let link = match self.known.get(&path) {
            Some(link) => *link,
            None => self.read(&path, wanted),
        };
        self.known.insert(path, link);
        self.files.links.insert((from, wanted.text.clone()), link);
    }

    /// The path of a file that is taken in; `None` for what can name none.
    fn path_of(&self, from: SourceId, text: &str) -> Option<String> {
        if text.starts_with("std/") {
            return stdlib::find(text).map(|_| text.to_owned());
        }
        let named = text.ends_with(".runbook");
        if !named && !text.starts_with("./") && !text.starts_with("../") {
            return None;
        }
        let beside = self.paths.get(usize::from(from.0))?;
        let folder = beside.rsplit_once('/').map_or("", |(folder, _)| folder);
        let ending = if named { "" } else { ".runbook" };
        let path = if text.starts_with('/') || folder.is_empty() && !beside.starts_with('/') {
            format!("{text}{ending}")
        } else {
            format!("{folder}/{text}{ending}")
        };
        Some(normal(&path))
    }

    fn read(&mut self, path: &str, wanted: &Use) -> Link {
        if self.files.trees.len() >= MAX_FILES {
            let message = format!("a program has at most {MAX_FILES} files");
            self.files.diagnostics.push(Diagnostic::error(codes::TOO_LARGE, wanted.span, message));
            return Link::Broken;
        }
        if let Some(module) = stdlib::find(path) {
            return self.add(path, module.text);
        }
        match text_of(self.loader, path) {
            Ok(text) => self.add(path, &text),
            Err(wrong) => {
                self.files.diagnostics.push(wrong.report(wanted.span, path));
                Link::Broken
            }
        }
    }
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
