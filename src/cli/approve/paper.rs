//! Files that a person signs elsewhere, or has signed.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use super::super::Stop;
use crate::host::inbox;

/// What a file holds.
pub(super) struct Paper {
    pub(super) statement: String,
    pub(super) signature: Option<String>,
}

/// Reads a file with its signature: in it, or beside it under the name that ssh-keygen gives it.
pub(super) fn read(file: &Path) -> Result<Paper, Stop> {
    let wrong = |why: String| Stop::usage(format!("{}: {why}", file.display()));
    let beside = inbox::beside(file);
    let signed = if beside.exists() { beside.as_path() } else { file };
    let (statement, signature) = inbox::read(signed).map_err(wrong)?;
    Ok(Paper { statement, signature })
}

/// Writes a new file.
pub(super) fn keep(path: &Path, text: &str) -> Result<(), Stop> {
    let file = File::options().write(true).create_new(true).open(path);
    let kept = file.and_then(|mut file| file.write_all(text.as_bytes()));
    kept.map_err(|error| Stop::usage(format!("{} cannot be written: {error}", path.display())))
}
