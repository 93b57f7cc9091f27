//! The files that were read before: of what changed in them only that is parsed again.

use std::collections::HashMap;
use std::sync::Arc;

use super::files::{Entry, Files, Loader};
use crate::syntax::Version;
use crate::text::{Source, SourceId};

/// The files that were read, by their paths and by what programs call them.
#[derive(Debug, Default)]
pub struct Memory {
    files: HashMap<(String, SourceId), Version>,
}

impl Memory {
    /// The tree of a text, which is the file of that name.
    pub fn read(&mut self, id: SourceId, source: &Source) -> &Version {
        let key = (source.name().to_owned(), id);
        let version = self.files.entry(key).or_insert_with(|| Version::first(id, source));
        version.read(id, source);
        version
    }

    /// Forgets a file.
    pub fn forget(&mut self, path: &str) {
        self.files.retain(|(name, _), _| name != path);
    }

    /// Reads a runbook or module with all that it takes in.
    pub(super) fn files(&mut self, loader: &dyn Loader, entry: Entry<'_>) -> Files {
        let mut parse = |id, source: &Source| {
            let version = self.read(id, source);
            (Arc::clone(version.tree()), version.diagnostics().to_vec())
        };
        Files::read_with(loader, entry, &mut parse)
    }

    /// What was read of a file.
    pub(super) fn version(&self, key: &(String, SourceId)) -> Option<&Version> {
        self.files.get(key)
    }
}
