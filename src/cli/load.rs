//! Reads sources from disk for the compiler.

use std::path::Path;

use crate::compile::{LoadError, Loader};
use crate::text::MAX_SOURCE_BYTES;

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
