//! The pipeline from text to plan: read, parse, resolve, lower, and settle which reports stand.
//!
//! Knows files only through a [`Loader`]; touches no disk itself.

mod again;
mod allow;
pub mod bundled;
mod cause;
mod files;
mod follows;
mod languages;
mod levels;
mod marks;
mod memory;
mod pieces;
mod rows;
mod slip;

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
use crate::text::{SourceId, Sources, Span};
use allow::Allowed;
use cause::Again;
use files::Files;
use follows::Follows;

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
const MOST_READ: usize = 4_000_000;

/// Compiles a runbook, wherever it is, as `bowline.toml` says.
#[must_use]
pub fn compile_from(loader: &dyn Loader, entry: Entry<'_>, setting: &Setting) -> Compiled {
    let work = || {
        let Compiled { sources, plan, scenarios, diagnostics } =
            pipeline(Files::read(loader, entry), setting);
        let diagnostics = cause::alone(diagnostics, &sources, &Again { entry, setting, most: MOST_READ });
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
    let Files { sources, trees, links, mut diagnostics } = files;
    let allowed = Allowed::of(&trees);
    let Program { resolved: program, told, .. } =
        resolve(&sources, &trees, &links, setting).unwrap_or_default();
    diagnostics.extend(told);
    let follows = Follows::from(&diagnostics, &trees, &sources);
    drop(trees);
    let unread = in_order(diagnostics.iter().filter(|one| leaves_out(one)).map(|one| one.primary.span));
    let names = setting.names.as_ref();
    let (mut plan, mut scenarios) = (None, vec![]);
    match program.without(unread) {
        Resolved::Whole(program) => {
            let lowered = forms::lower(&program, &sources, names);
            diagnostics.extend(lowered.diagnostics);
            (plan, scenarios) = (lowered.plan, lowered.scenarios);
        }
        Resolved::Draft(draft) => {
            diagnostics.extend(forms::review(&draft, &sources, names).0);
        }
        Resolved::Nothing => {}
    }
    let diagnostics = settle(follows.without(diagnostics), allowed, &setting.levels);
    let compiled = Compiled { sources, plan, scenarios, diagnostics };
    if compiled.has_errors() { Compiled { plan: None, ..compiled } } else { compiled }
}

/// Whether what is reported is no part of the program, so that something else may seem to be missing: what could not be
/// read, and statements and options that are none.
fn leaves_out(report: &Diagnostic) -> bool {
    report.severity == Severity::Error && !report.code.id.starts_with("E02")
}

fn in_order(spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut spans: Vec<_> = spans.collect();
    spans.sort_unstable();
    spans
}

type Links = HashMap<(SourceId, String), program::Link>;

/// What came of resolving a file.
#[derive(Debug, Default)]
struct Program {
    resolved: Resolved,
    /// The names of a module; those of a runbook are in its program.
    index: Index,
    told: Vec<Diagnostic>,
}

fn resolve(sources: &Sources, trees: &[Arc<Tree>], links: &Links, setting: &Setting) -> Option<Program> {
    let units: HashMap<SourceId, Unit<'_>> = trees
        .iter()
        .filter_map(|tree| Some((tree.source, Unit { source: sources.get(tree.source)?, tree })))
        .collect();
    let runbook = *units.get(&trees.first()?.source)?;
    let std_modules: Vec<_> =
        bundled::STDLIB.iter().filter_map(|module| module.path.strip_prefix("std/")).collect();
    let (schemas, names) = (forms::SCHEMAS, setting.names.as_ref());
    let input = ResolveInput { runbook, files: &units, links, std_modules: &std_modules, schemas, names };
    if setting.modules && program::is_module(runbook.tree) {
        let (index, told) = program::check_module(input);
        return Some(Program { resolved: Resolved::Nothing, index, told });
    }
    let (resolved, told) = program::resolve(input);
    Some(Program { resolved, index: Index::default(), told })
}

/// As loud as the levels say, without those that a comment allows, in the order of their places.
fn settle(diagnostics: Vec<Diagnostic>, allowed: Allowed, levels: &Levels) -> Vec<Diagnostic> {
    let mut kept = allowed.apply(diagnostics);
    kept = kept.into_iter().filter_map(|diagnostic| levels.apply(diagnostic)).collect();
    kept.sort_by_key(|diagnostic| diagnostic.primary.span);
    kept
}

#[cfg(test)]
mod tests;
