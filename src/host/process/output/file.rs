//! The file that keeps all that a program prints.

use std::fs::{DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::event::{EffectId, OutputRef};
use crate::value::hex;

/// Made with the first byte; a program that prints nothing leaves no file.
#[derive(Debug)]
pub(super) struct OutputFile {
    folder: PathBuf,
    effect: EffectId,
    open: Option<Open>,
    trouble: Option<io::Error>,
}

#[derive(Debug)]
struct Open {
    file: File,
    name: String,
    bytes: u64,
    hash: Sha256,
}

impl OutputFile {
    pub(super) fn new(folder: &Path, effect: EffectId) -> Self {
        Self { folder: folder.to_owned(), effect, open: None, trouble: None }
    }

    /// Appends; after the first error (a full disk) the rest is dropped and the error is kept.
    pub(super) fn write(&mut self, bytes: &[u8]) {
        if bytes.is_empty() || self.trouble.is_some() {
            return;
        }
        if let Err(error) = self.try_write(bytes) {
            self.trouble = Some(error);
        }
    }

    pub(super) fn trouble(&self) -> Option<&io::Error> {
        self.trouble.as_ref()
    }

    /// Name, size and hash of the file, if there is one.
    pub(super) fn finish(self) -> Option<OutputRef> {
        let open = self.open?;
        Some(OutputRef { file: open.name, bytes: open.bytes, sha256: hex(&open.hash.finalize()) })
    }

    fn try_write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let open = match &mut self.open {
            Some(open) => open,
            None => self.open.insert(create(&self.folder, self.effect)?),
        };
        if let Err(error) = open.file.write_all(bytes) {
            // A part may be there: the file is what is recorded of it.
            let _ = open.file.set_len(open.bytes);
            return Err(error);
        }
        open.hash.update(bytes);
        open.bytes += bytes.len() as u64;
        Ok(())
    }
}

/// The name of the file that keeps what an attempt prints, the first being 1. Attempts that print nothing do not count.
#[must_use]
pub fn output_name(effect: EffectId, attempt: u32) -> String {
    let EffectId(number) = effect;
    if attempt > 1 { format!("{number:06}-{attempt}.log") } else { format!("{number:06}.log") }
}

/// A new file named by the effect; a further attempt gets a number.
fn create(folder: &Path, effect: EffectId) -> io::Result<Open> {
    for name in (1..=100_000).map(|attempt| output_name(effect, attempt)) {
        match private(&folder.join(&name)) {
            Ok(file) => return Ok(Open { file, name, bytes: 0, hash: Sha256::new() }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound && !folder.exists() => {
                DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
                return create(folder, effect);
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn private(path: &Path) -> io::Result<File> {
    File::options().write(true).create_new(true).mode(0o600).open(path)
}
