//! Checking a file again and again while it is written: what was read before is kept.
//!
//! No plan comes of it, and no digest: only what is wrong, and where names stand.

use std::collections::HashMap;
use std::sync::Arc;

use super::allow::Allowed;
use super::files::Files;
use super::follows::Follows;
use super::{Entry, Loader, Program, Setting, in_order, leaves_out, resolve, settle};
use crate::diag::{Diagnostic, codes};
use crate::forms;
use crate::program::{Index, Resolved};
use crate::syntax::Version;
use crate::syntax::tree::Tree;
use crate::text::{Source, SourceId, Sources};

/// The files that were read, by their paths and by what programs call them.
#[derive(Debug, Default)]
pub struct Memory {
    files: HashMap<(String, SourceId), Version>,
}

/// What was found in a file and all that it takes in.
#[derive(Debug, Default)]
pub struct Checked {
    /// The files in the order read, the one that was asked for first.
    pub sources: Sources,
    /// All reports in the order of their places.
    pub diagnostics: Vec<Diagnostic>,
    /// Where names stand.
    pub index: Index,
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

    /// Reads a runbook or module with all that it takes in, and resolves its names. Needs a stack for the deepest nesting
    /// ([`crate::syntax::STACK`]).
    pub fn resolve(&mut self, loader: &dyn Loader, entry: Entry<'_>, setting: &Setting) -> Halfway {
        let mut parse = |id, source: &Source| {
            let version = self.read(id, source);
            (Arc::clone(version.tree()), version.diagnostics().to_vec())
        };
        let Files { sources, trees, links, mut diagnostics } = Files::read_with(loader, entry, &mut parse);
        let Program { resolved, index, told } =
            resolve(&sources, &trees, &links, setting).unwrap_or_default();
        diagnostics.extend(told);
        Halfway { sources, trees, resolved, index, diagnostics }
    }
}

/// A file whose names are resolved: all is known but what only the plan shows.
#[derive(Debug)]
pub struct Halfway {
    sources: Sources,
    trees: Vec<Arc<Tree>>,
    resolved: Resolved,
    index: Index,
    diagnostics: Vec<Diagnostic>,
}

impl Halfway {
    /// The files in the order read, the one that was asked for first.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// What is known so far.
    #[must_use]
    pub fn diagnostics(&self, setting: &Setting) -> Vec<Diagnostic> {
        let follows = Follows::from(&self.diagnostics, &self.trees, &self.sources);
        let known = follows.without(self.diagnostics.clone());
        let mut known = settle(known, Allowed::of(&self.trees), &setting.levels);
        // What an `allow` silences may be a lint of the plan.
        known.retain(|one| one.code != codes::IDLE_ALLOW);
        known
    }

    /// Looks at the plan that would be.
    #[must_use]
    pub fn finish(self, setting: &Setting) -> (Checked, Spent) {
        let Self { sources, trees, resolved, index, mut diagnostics } = self;
        let unread = in_order(diagnostics.iter().filter(|one| leaves_out(one)).map(|one| one.primary.span));
        let mut resolved = resolved.without(unread);
        let follows = Follows::from(&diagnostics, &trees, &sources);
        let spent = look(&resolved, &sources, setting).map(|(told, spent)| {
            diagnostics.extend(told);
            spent
        });
        let diagnostics = settle(follows.without(diagnostics), Allowed::of(&trees), &setting.levels);
        let index = if index.mentions.is_empty() { resolved.take_index() } else { index };
        (Checked { sources, diagnostics, index }, Spent { plan: spent, program: resolved, trees })
    }
}

/// What was made only to check, and nobody reads any more. To free it takes a tenth of the time that it took to make:
/// whoever is waited for keeps it until nobody is.
#[derive(Debug)]
#[expect(dead_code, reason = "only freed")]
pub struct Spent {
    plan: Option<forms::Spent>,
    program: Resolved,
    trees: Vec<Arc<Tree>>,
}

/// What only the plan shows.
fn look(
    resolved: &Resolved,
    sources: &Sources,
    setting: &Setting,
) -> Option<(Vec<Diagnostic>, forms::Spent)> {
    let names = setting.names.as_ref();
    match resolved {
        Resolved::Whole(program) => Some(forms::examine(program, sources, names)),
        Resolved::Draft(draft) => Some(forms::review(draft, sources, names)),
        Resolved::Nothing => None,
    }
}

impl Checked {
    /// The trees of its files, from the memory that they were read into.
    pub fn trees<'m>(&'m self, memory: &'m Memory) -> impl Iterator<Item = &'m Arc<Tree>> {
        let ids = (0..=u16::MAX).map(SourceId);
        let keys = self.sources.iter().zip(ids).map(|(source, id)| (source.name().to_owned(), id));
        keys.filter_map(|key| memory.files.get(&key)).map(Version::tree)
    }
}
