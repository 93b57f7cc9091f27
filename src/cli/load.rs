//! Finds what a command line names, and reads sources from disk for the compiler.

use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::OnceLock;

use super::Stop;
use super::out::STANDARD;
use crate::compile::{Entry, LoadError, Loader, bundled};
use crate::text::MAX_SOURCE_BYTES;

/// The runbook or module that a command line names: a file of that path, else what is inside the binary under that
/// name. A word that names neither is a path; reading it then says that nothing is there.
pub(super) fn entry(word: &str) -> Entry<'_> {
    match bundled::named(word) {
        Some(bundled) if !Path::new(word).is_file() => Entry::Bundled(bundled),
        _ => Entry::File(word),
    }
}

/// What words of a command line name, one by one: of a folder all `.runbook` files in it, in order, but for hidden ones. Where
/// nothing is named, this folder is meant.
///
/// # Errors
/// Where a folder cannot be read, or holds none.
pub(super) fn each(words: &[String]) -> Result<Vec<String>, Stop> {
    let here = [".".to_owned()];
    let mut files = vec![];
    for word in if words.is_empty() { here.as_slice() } else { words } {
        if bundled::named(word).is_some() || !Path::new(word).is_dir() {
            files.push(word.clone());
            continue;
        }
        let before = files.len();
        below(Path::new(word), &mut files).map_err(|error| Stop::usage(format!("{word}: {error}")))?;
        if files.len() == before {
            return Err(Stop::usage(format!("{word}: no file in this folder ends in .runbook")));
        }
    }
    Ok(files)
}

fn below(folder: &Path, files: &mut Vec<String>) -> std::io::Result<()> {
    let entries: std::io::Result<Vec<_>> = std::fs::read_dir(folder)?.collect();
    let mut paths: Vec<_> = entries?.iter().map(std::fs::DirEntry::path).collect();
    paths.sort();
    for path in paths {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden || path.is_symlink() && path.is_dir() {
            continue;
        }
        if path.is_dir() {
            below(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "runbook") {
            files.push(path.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

/// Files of the file system; `-` is standard input, which is read once.
pub(super) struct Files;

static STDIN: OnceLock<Result<Vec<u8>, LoadError>> = OnceLock::new();

fn standard_input() -> Result<Vec<u8>, LoadError> {
    let mut bytes = vec![];
    let read = std::io::stdin().lock().take(MAX_SOURCE_BYTES + 1).read_to_end(&mut bytes);
    match read.map_err(|error| unreadable(&error))? as u64 {
        length if length > MAX_SOURCE_BYTES => Err(LoadError::TooLarge(length)),
        _ => Ok(bytes),
    }
}

impl Loader for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        if path == STANDARD {
            return STDIN.get_or_init(standard_input).clone();
        }
        let about = std::fs::metadata(path).map_err(|error| unreadable(&error))?;
        if about.len() > MAX_SOURCE_BYTES {
            return Err(LoadError::TooLarge(about.len()));
        }
        if !about.is_file() {
            let what = if about.is_dir() { "it is a folder" } else { "it is not a file" };
            return Err(LoadError::Unreadable(what.to_owned()));
        }
        read(path).map_err(|error| unreadable(&error))
    }
}

/// Why there is nothing to read, without the words and numbers of the system where others say it.
fn unreadable(error: &std::io::Error) -> LoadError {
    LoadError::Unreadable(match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        _ => error.to_string(),
    })
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the files that it is given")]
fn read(path: &str) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}
