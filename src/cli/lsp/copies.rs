//! Copies of the files inside the binary, for editors, which open files only: in the user's cache, read-only, each version
//! of bowline with a folder of its own.

use std::fs::{self, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::compile::bundled::{self, Bundled, RUNBOOKS, STDLIB};

/// Where the copies are, or would be: `$XDG_CACHE_HOME/bowline/0.1.0`.
pub(super) fn folder() -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    let strategy = etcetera::choose_base_strategy().ok()?;
    Some(strategy.cache_dir().join("bowline").join(env!("CARGO_PKG_VERSION")))
}

/// The copy of a file inside the binary, made where it is not there, with all others: what it uses is found beside it. `None`
/// for any other file, and where the cache cannot be written.
pub(super) fn of(name: &str) -> Option<PathBuf> {
    let wanted = bundled::find(name)?;
    let folder = folder()?;
    for bundled in STDLIB.iter().chain(RUNBOOKS) {
        put(&folder, bundled).ok()?;
    }
    Some(place(&folder, wanted))
}

fn place(folder: &Path, bundled: &Bundled) -> PathBuf {
    folder.join(format!("{}.runbook", bundled.path))
}

/// Writes a copy whole or not at all: another server may do the same, and an editor may be reading.
fn put(folder: &Path, bundled: &Bundled) -> std::io::Result<()> {
    let file = place(folder, bundled);
    if text(&file).is_some_and(|text| text == bundled.text) {
        return Ok(());
    }
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent)?;
    }
    let beside = file.with_extension(format!("{}", std::process::id()));
    // Left by a process that had this number and ended early.
    let _ = fs::remove_file(&beside);
    let mut new = OpenOptions::new().write(true).create_new(true).open(&beside)?;
    new.write_all(bundled.text.as_bytes())?;
    new.set_permissions(Permissions::from_mode(0o444))?;
    fs::rename(&beside, &file)
}

#[expect(clippy::disallowed_methods, reason = "the command line looks whether its copy is there")]
fn text(file: &Path) -> Option<String> {
    fs::read_to_string(file).ok()
}
