//! A runbook that does not check, among those that are drilled or tested. It stands in the same document as they do, so that
//! nobody takes the others for all.

use std::fmt::Write;

use serde::Serialize;

use super::junit::{Suite, Verdict};
use crate::diag::{Diagnostic, Severity};
use crate::text::Sources;
use crate::view::Report;
use crate::view::markup::inline;

/// A file that was neither drilled nor tested.
#[derive(Debug, Serialize)]
pub struct InvalidTold {
    /// The file, as the command line names it or the folder holds it.
    pub file: String,
    /// Its errors, and those of its `bowline.toml`: place, code and message, a line each.
    pub errors: Vec<String>,
}

/// What keeps a file from being drilled or tested.
#[must_use]
pub fn invalid_told(file: &str, reports: &[Report<'_>]) -> InvalidTold {
    let errors = reports.iter().flat_map(|report| {
        let errors = report.diagnostics.iter().filter(|one| one.severity == Severity::Error);
        errors.map(|one| line(report.sources, one))
    });
    InvalidTold { file: file.to_owned(), errors: errors.collect() }
}

fn line(sources: &Sources, one: &Diagnostic) -> String {
    format!("{}: {} {}", sources.line(one.primary.span), one.code.id, one.message)
}

/// The file as a suite with one test, which failed.
#[must_use]
pub fn invalid_suite(told: &InvalidTold) -> Suite {
    let mut suite = Suite::new(&told.file);
    suite.add("it checks", Verdict::Failed(told.errors.join("\n")));
    suite
}

/// The file as a section of Markdown.
#[must_use]
pub fn invalid_markdown(told: &InvalidTold) -> String {
    let mut out = format!("## {} does not check\n\n", inline(&told.file));
    told.errors.iter().for_each(|error| _ = writeln!(out, "- {}", inline(error)));
    out
}
