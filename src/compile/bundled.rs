//! What is inside the binary: the standard library and the bundled runbooks, from tables that `build.rs` makes.

use crate::diag;

/// A file inside the binary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bundled {
    /// What messages and the journal call it: `std/name` or `runbooks/area/name`. A file on disk is never
    /// called so, because it has an ending.
    pub path: &'static str,
    /// Its source.
    pub text: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/bundled.rs"));

impl Bundled {
    /// What a command line calls it: `std/name` or `area/name`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.path.strip_prefix("runbooks/").unwrap_or(self.path)
    }
}

/// The file inside the binary that is called so by messages and journals.
#[must_use]
pub fn find(path: &str) -> Option<&'static Bundled> {
    all().find(|one| one.path == path)
}

/// The file inside the binary that a command line names: `area/name` or `std/name`, with `.runbook` or without.
#[must_use]
pub fn named(word: &str) -> Option<&'static Bundled> {
    let word = word.strip_suffix(".runbook").unwrap_or(word);
    all().find(|one| one.name() == word || one.path == word)
}

/// The name that was probably meant by a word that names nothing.
#[must_use]
pub fn nearest(word: &str) -> Option<&'static str> {
    let word = word.strip_suffix(".runbook").unwrap_or(word);
    diag::nearest(word, all().map(Bundled::name)).or_else(|| {
        let of_last_part = |one: &&Bundled| one.name().rsplit('/').next() == Some(word);
        all().find(of_last_part).map(Bundled::name)
    })
}

/// Whether a source of a run came from a binary, of this version or another.
#[must_use]
pub fn is_bundled(path: &str) -> bool {
    !path.ends_with(".runbook") && (path.starts_with("std/") || path.starts_with("runbooks/"))
}

fn all() -> impl Iterator<Item = &'static Bundled> {
    STDLIB.iter().chain(RUNBOOKS)
}
