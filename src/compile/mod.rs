//! The pipeline from text to plan: read, parse, resolve, lower, and settle which reports stand.
//!
//! Knows files only through a [`Loader`]; touches no disk itself.

mod again;
mod allow;
pub mod bundled;
mod cause;
mod files;
mod follows;
mod levels;
mod memory;
mod misfits;
mod pieces;
mod told;

pub use again::{Checked, Spent};
pub use bundled::Bundled;
pub use files::{Entry, LoadError, Loader};
pub use levels::{Level, Levels};
pub use memory::Memory;

use std::collections::HashMap;
use std::sync::Arc;

use crate::diag::{Diagnostic, Severity};
use crate::forms;
use crate::plan::{Plan, Scenario};
use crate::program::{self, Index, Names, ResolveInput, Resolved, Unit};
use crate::syntax::{STACK, tree::Tree};
use crate::text::{SourceId, Sources};
use cause::Again;
use files::Files;
use told::Told;

/// What came of a file and of all that it takes in.
#[derive(Debug)]
pub struct Compiled {
    /// The files in the order read, the runbook first.
    pub sources: Sources,
    /// The plan, if nothing is wrong.
    pub plan: Option<Plan>,
    /// The runbook's scenarios.
    pub scenarios: Vec<Scenario>,
    /// All reports in the order of their places, the runbook's first.
    pub diagnostics: Vec<Diagnostic>,
}

impl Compiled {
    /// Whether anything is wrong, warnings aside.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Compiles a runbook: all files it takes in are read through `loader`, nothing else is touched.
#[must_use]
pub fn compile(loader: &dyn Loader, entry: &str) -> Compiled {
    compile_with(loader, entry, &Setting::default())
}

/// What `bowline.toml` says about compiling.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// How loud lints are.
    pub levels: Levels,
    /// The names that it gives; `None` where there is no such file.
    pub names: Option<Names>,
    /// Whether a module will do, to be checked by itself. Without this a runbook is wanted.
    pub modules: bool,
}

/// Compiles a runbook on disk as `bowline.toml` says.
#[must_use]
pub fn compile_with(loader: &dyn Loader, entry: &str, setting: &Setting) -> Compiled {
    compile_from(loader, Entry::File(entry), setting)
}

/// How many bytes are read again at most to find out what causes what.
const MOST_READ: usize = 16_000_000;

/// Compiles a runbook, wherever it is, as `bowline.toml` says.
#[must_use]
pub fn compile_from(loader: &dyn Loader, entry: Entry<'_>, setting: &Setting) -> Compiled {
    let work = || {
        let Compiled { sources, plan, scenarios, diagnostics } =
            pipeline(Files::read(loader, entry), setting);
        let again = Again { loader, entry, setting, most: MOST_READ };
        let diagnostics = cause::alone(diagnostics, &sources, &again);
        Compiled { sources, plan, scenarios, diagnostics }
    };
    std::thread::scope(|scope| {
        match std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work) {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => work(),
        }
    })
}

/// Each form of the program goes as soon as the next one stands: a large runbook takes the memory of two, not of all.
fn pipeline(files: Files, setting: &Setting) -> Compiled {
    let Files { sources, trees, links, diagnostics: of_files } = files;
    let Program { resolved, told, .. } = resolve(&sources, &trees, &links, (of_files, setting));
    let mut told = Told::of(told, &trees, &sources);
    drop(trees);
    let names = setting.names.as_ref();
    let (mut plan, mut scenarios) = (None, vec![]);
    match told.without_unread(resolved) {
        Resolved::Whole(program) => {
            let lowered = forms::lower(&program, &sources, names);
            told.of_plan(lowered.diagnostics);
            (plan, scenarios) = (lowered.plan, lowered.scenarios);
        }
        Resolved::Draft(draft) => told.of_plan(forms::review(&draft, &sources, names).0),
        Resolved::Nothing => {}
    }
    let diagnostics = told.settled(&setting.levels);
    let compiled = Compiled { sources, plan, scenarios, diagnostics };
    if compiled.has_errors() { Compiled { plan: None, ..compiled } } else { compiled }
}

type Links = HashMap<(SourceId, String), program::Link>;

/// What came of resolving a file.
#[derive(Debug, Default)]
struct Program {
    resolved: Resolved,
    /// The names of a module; those of a runbook are in its program.
    index: Index,
    /// What is reported of its files and of its names.
    told: Vec<Diagnostic>,
}

/// Resolves the names of what was read; what was reported of that comes first.
fn resolve(
    sources: &Sources,
    trees: &[Arc<Tree>],
    links: &Links,
    (mut told, setting): (Vec<Diagnostic>, &Setting),
) -> Program {
    let units: HashMap<SourceId, Unit<'_>> = trees
        .iter()
        .filter_map(|tree| Some((tree.source, Unit { source: sources.get(tree.source)?, tree })))
        .collect();
    let runbook = trees.first().and_then(|tree| units.get(&tree.source).copied());
    let Some(runbook) = runbook else { return Program { told, ..Program::default() } };
    let std_modules: Vec<_> =
        bundled::STDLIB.iter().filter_map(|module| module.path.strip_prefix("std/")).collect();
    let (schemas, names) = (forms::SCHEMAS, setting.names.as_ref());
    let input = ResolveInput { runbook, files: &units, links, std_modules: &std_modules, schemas, names };
    let ((resolved, of_names), index) = if setting.modules && program::is_module(runbook.tree) {
        let (module, index, of_names) = program::check_module(input);
        ((module, of_names), index)
    } else {
        (program::resolve(input), Index::default())
    };
    told.extend(of_names);
    Program { resolved, index, told }
}

#[cfg(test)]
mod tests;
