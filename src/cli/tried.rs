//! What `drill` and `test` do with each file before they play it in memory: compile it, and tell its reports.

use super::args::ConfigArgs;
use super::check::{has_errors, report};
use super::config::Found;
use super::load::{Files, entry};
use super::{Exit, Stop};
use crate::compile::{Compiled, Setting, compile_from};
use crate::view::Report;
use crate::view::drill::{InvalidTold, invalid_told};

/// What became of the files of a command line.
pub(super) struct Tried<T> {
    /// What came of those that check.
    pub(super) told: Vec<T>,
    /// Those that do not.
    pub(super) invalid: Vec<InvalidTold>,
}

/// Compiles each file and hands on what checks; `None` of that is a module, of which nothing is told.
///
/// # Errors
/// When the command line names a `bowline.toml` that is not there, and whatever `one` stops at.
pub(super) fn tried<T>(
    config: &ConfigArgs,
    files: &[String],
    mut one: impl FnMut(&str, Compiled) -> Result<Option<T>, Stop>,
) -> Result<Tried<T>, Stop> {
    let mut tried = Tried { told: vec![], invalid: vec![] };
    for file in files {
        let entry = entry(file);
        let found = Found::look(config, entry.file())?;
        let compiled = compile_from(&Files, entry, &Setting { modules: true, ..found.setting() });
        found.report();
        report(&compiled);
        if has_errors(&compiled.diagnostics) || found.is_broken() {
            let own = Report { sources: &compiled.sources, diagnostics: &compiled.diagnostics };
            let reports: Vec<_> = found.found().into_iter().chain([own]).collect();
            tried.invalid.push(invalid_told(file, &reports));
        } else {
            tried.told.extend(one(file, compiled)?);
        }
    }
    Ok(tried)
}

impl<T> Tried<T> {
    /// How the command ends, where what was told is as it should be or not.
    pub(super) fn exit(&self, well: impl Fn(&T) -> bool) -> Exit {
        match self.told.iter().all(well) {
            _ if !self.invalid.is_empty() => Exit::Invalid,
            true => Exit::Completed,
            false => Exit::RolledBack,
        }
    }
}
