//! What an editor asks of a file, as plain data: symbols, folds, colours, hints, names and what may be written next.
//!
//! Knows trees, schemas and where names stand; knows no protocol, no file system and no run. Statement kinds pass through here
//! by their schemas, but for steps, undos and declarations, which `hints`, `described`, `folds` and `complete` know. Total: a
//! broken file has answers for what of it can be read.

mod actions;
mod colours;
mod complete;
mod described;
mod folds;
mod hints;
mod hover;
mod names;
mod renamable;
mod standing;
mod symbols;
mod word;

pub use actions::{Action, Edit, actions, mend_all};
pub use colours::{Colour, ColourKind, colours};
pub use complete::{Completion, CompletionKind, Sight, completions};
pub use folds::{Fold, FoldKind, folds};
pub use hints::{Hint, hints};
pub use hover::{Hover, hover};
pub use names::{Place, Renamed, definition, mentions_of, named_at, rename};
pub use renamable::renamable;
pub use symbols::{Symbol, SymbolKind, symbols};

use crate::program::Index;
use crate::syntax::tree::Tree;
use crate::text::{Source, SourceId, Sources};

/// A file with its tree.
#[derive(Clone, Copy, Debug)]
pub struct File<'f> {
    /// Its text.
    pub source: &'f Source,
    /// What the parser made of it.
    pub tree: &'f Tree,
}

/// A file with all that it takes in.
#[derive(Clone, Copy, Debug)]
pub struct View<'v> {
    /// The files; the one that is looked at is the first.
    pub sources: &'v Sources,
    /// Their trees.
    pub trees: &'v [std::sync::Arc<Tree>],
    /// Where names stand.
    pub index: &'v Index,
}

impl<'v> View<'v> {
    /// The file that is looked at.
    #[must_use]
    pub fn file(&self) -> Option<File<'v>> {
        self.other(SourceId::default())
    }

    /// One of the files.
    #[must_use]
    pub fn other(&self, id: SourceId) -> Option<File<'v>> {
        let tree = self.trees.iter().find(|tree| tree.source == id)?;
        Some(File { source: self.sources.get(id)?, tree })
    }
}

#[cfg(test)]
mod tests;
