//! Checking a file again and again while it is written: what was read before is kept.
//!
//! No plan comes of it, and no digest: only what is wrong, and where names stand.

use std::sync::Arc;

use super::cause::Again;
use super::files::Files;
use super::memory::Memory;
use super::told::Told;
use super::{Entry, Loader, Program, Setting, bundled, cause, resolve};
use crate::diag::{Diagnostic, codes};
use crate::forms;
use crate::program::{Index, Resolved};
use crate::syntax::Version;
use crate::syntax::tree::Tree;
use crate::text::{Source, SourceId, Sources};

/// How many bytes are read again at most to find out what causes what: somebody types.
const MOST_READ: usize = 800_000;

/// What was found in a file and all that it takes in.
#[derive(Debug, Default)]
pub struct Checked {
    /// The files in the order read, the one that was asked for first.
    pub sources: Sources,
    /// The reports in the order of their places; those that only the plan shows come once it is [finished](Self::finish).
    pub diagnostics: Vec<Diagnostic>,
    /// Where names stand.
    pub index: Index,
    rest: Option<Rest>,
}

/// What is left to do of a check: all is known but what only the plan shows.
#[derive(Debug)]
struct Rest {
    trees: Vec<Arc<Tree>>,
    resolved: Resolved,
    /// What is reported so far, not settled.
    told: Vec<Diagnostic>,
}

impl Memory {
    /// Reads a runbook or module with all that it takes in, and resolves its names; the plan is still to be looked at. Needs
    /// a stack for the deepest nesting ([`crate::syntax::STACK`]).
    pub fn resolve(&mut self, loader: &dyn Loader, entry: Entry<'_>, setting: &Setting) -> Checked {
        let Files { sources, trees, links, diagnostics: of_files } = self.files(loader, entry);
        let Program { mut resolved, index, told } = resolve(&sources, &trees, &links, (of_files, setting));
        let mut diagnostics = Told::of(told.clone(), &trees, &sources).settled(&setting.levels);
        // What an `allow` silences may be a lint of the plan.
        diagnostics.retain(|one| one.code != codes::IDLE_ALLOW);
        let index = if index.mentions.is_empty() { resolved.take_index() } else { index };
        Checked { sources, diagnostics, index, rest: Some(Rest { trees, resolved, told }) }
    }
}

impl Checked {
    /// Whether the plan was looked at.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.rest.is_none()
    }

    /// Looks at the plan that would be, with the same setting; nothing where that was done. Needs the same stack.
    pub fn finish(&mut self, loader: &dyn Loader, setting: &Setting) -> Option<Spent> {
        let Rest { trees, resolved, told } = self.rest.take()?;
        let mut told = Told::of(told, &trees, &self.sources);
        let program = told.without_unread(resolved);
        let plan = look(&program, &self.sources, setting).map(|(of_plan, spent)| {
            told.of_plan(of_plan);
            spent
        });
        self.diagnostics = self.alone(told.settled(&setting.levels), loader, setting);
        Some(Spent { plan, program })
    }

    /// The reports without those that another one causes.
    fn alone(&self, told: Vec<Diagnostic>, loader: &dyn Loader, setting: &Setting) -> Vec<Diagnostic> {
        let Some(first) = self.sources.iter().next().map(Source::name) else { return told };
        let entry = bundled::find(first).map_or(Entry::File(first), Entry::Bundled);
        cause::alone(told, &self.sources, &Again { loader, entry, setting, most: MOST_READ })
    }

    /// Leaves the plan as it is: the text has changed. To be called before that is read, which would copy the trees.
    pub fn leave(&mut self) -> Option<Spent> {
        self.rest.take().map(|rest| Spent { plan: None, program: rest.resolved })
    }

    /// The trees of its files, from the memory that they were read into.
    pub fn trees<'m>(&'m self, memory: &'m Memory) -> impl Iterator<Item = &'m Arc<Tree>> {
        let ids = (0..=u16::MAX).map(SourceId);
        let keys = self.sources.iter().zip(ids).map(|(source, id)| (source.name().to_owned(), id));
        keys.filter_map(|key| memory.version(&key)).map(Version::tree)
    }
}

/// What was made only to check, and nobody reads any more. To free it takes a tenth of the time that it took to make:
/// whoever is waited for keeps it until nobody is. Holds no tree: one that two hold is copied before it is changed.
#[derive(Debug)]
#[expect(dead_code, reason = "only freed")]
pub struct Spent {
    plan: Option<forms::Spent>,
    program: Resolved,
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
