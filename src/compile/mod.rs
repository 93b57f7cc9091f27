//! The pipeline from text to plan: reads a runbook and what it uses, then parse, resolve, lower.
//!
//! Knows the order of the phases and nothing of what they do. Reads through a [`Loader`]; the
//! file system is the caller's.

mod files;

use std::collections::HashMap;

pub use files::{LoadError, Loader};

use crate::diag::{Diagnostic, Severity};
use crate::plan::Plan;
use crate::program::{self, ResolveInput, Unit};
use crate::text::{SourceId, Sources};
use crate::{forms, syntax};
use files::Reader;

/// What came of a runbook.
#[derive(Debug)]
pub struct Compiled {
    /// Every file that was read; the runbook is the first.
    pub sources: Sources,
    /// The plan; `None` where there are errors.
    pub plan: Option<Plan>,
    /// Errors and warnings, in the order of the files and places.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles a runbook. Starts nothing and reads only the runbook, modules and called runbooks.
#[must_use]
pub fn compile(loader: &dyn Loader, path: &str) -> Compiled {
    let mut reader = Reader::new(loader);
    reader.read(path);
    let mut diagnostics = std::mem::take(&mut reader.diagnostics);
    let plan = if failed(&diagnostics) { None } else { lower(&reader, &mut diagnostics) };
    diagnostics.sort_by_key(|one| (one.primary.span.source, one.primary.span.start));
    Compiled { sources: reader.sources, plan, diagnostics }
}

fn lower(reader: &Reader<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Plan> {
    let units: HashMap<SourceId, Unit<'_>> = reader.units().collect();
    let runbook = *units.get(&SourceId::default())?;
    let input = ResolveInput {
        runbook,
        files: &units,
        links: &reader.links,
        std_modules: &[],
        schemas: forms::schemas(),
    };
    let (program, found) = program::resolve(input);
    diagnostics.extend(found);
    let lowered = forms::lower(&program?, &reader.sources);
    diagnostics.extend(lowered.diagnostics);
    lowered.plan
}

fn failed(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|one| one.severity == Severity::Error)
}

/// Reads and parses one file alone, for the formatter and for modules.
#[must_use]
pub fn parse_file(loader: &dyn Loader, path: &str) -> (Sources, Option<syntax::tree::Tree>, Vec<Diagnostic>) {
    let mut reader = Reader::new(loader);
    let tree = reader.read_alone(path);
    (reader.sources, tree, reader.diagnostics)
}
