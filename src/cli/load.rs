//! Finds what a command line names, and reads sources from disk for the compiler.

use std::path::Path;

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

/// Files of the file system.
pub(super) struct Files;

impl Loader for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let about = std::fs::metadata(path).map_err(|error| LoadError::Unreadable(error.to_string()))?;
        if about.len() > MAX_SOURCE_BYTES {
            return Err(LoadError::TooLarge(about.len()));
        }
        if !Path::new(path).is_file() {
            return Err(LoadError::Unreadable("it is not a file".to_owned()));
        }
        read(path).map_err(|error| LoadError::Unreadable(error.to_string()))
    }
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the files that it is given")]
fn read(path: &str) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}
