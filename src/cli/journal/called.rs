//! How a run is called in the commands that people are told to type.

use std::path::{Path, PathBuf};

use crate::cli::args::{ConfigArgs, JournalArgs};
use crate::cli::config::Found;
use crate::journal::Store;

/// A run as the next command names it: with its journal, where a bare command would look elsewhere.
pub(in crate::cli) fn named(store: &Store, id: &str) -> String {
    let bare = std::env::var_os("BOWLINE_JOURNAL").map(PathBuf::from).or_else(|| {
        let config = ConfigArgs { config: None };
        let found = Found::look(&config, None).ok().filter(|found| !found.is_broken())?;
        found.journal(&JournalArgs { journal: None, config }).ok()
    });
    let place = |folder: &Path| std::fs::canonicalize(folder).ok();
    if bare.is_some_and(|bare| place(&bare) == place(store.place())) {
        return id.to_owned();
    }
    format!("{id} --journal '{}'", store.place().display())
}
