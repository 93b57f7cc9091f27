//! `bowline check`.

use super::args::{CheckArgs, Format};
use super::config::Found;
use super::load::{Files, each, entry};
use super::out::Console;
use super::{Done, Exit, leave};
use crate::compile::{Compiled, Setting, compile_from};
use crate::diag::{Diagnostic, Severity};
use crate::view::{diagnostics_json, diagnostics_text};

/// Checks runbooks; starts nothing.
pub(super) fn check(args: &CheckArgs) -> Done {
    let (mut configs, mut compiled): (Vec<Found>, Vec<Compiled>) = (vec![], vec![]);
    for file in each(&args.files)? {
        let entry = entry(&file);
        let found = Found::look(&args.config, entry.file())?;
        compiled.push(compile_from(&Files, entry, &Setting { modules: true, ..found.setting() }));
        if !configs.iter().any(|known| known.path() == found.path()) {
            configs.push(found);
        }
    }
    match args.format {
        Format::Text => {
            configs.iter().for_each(Found::report);
            compiled.iter().for_each(report);
        }
        Format::Json => {
            let each = compiled.iter().map(|one| diagnostics_json(&one.sources, &one.diagnostics));
            let all = configs.iter().filter_map(Found::json).chain(each);
            Console.result(&format!("{:#}\n", serde_json::Value::Array(all.collect())));
        }
    }
    let wrong = compiled.iter().any(|one| has_errors(&one.diagnostics));
    leave(compiled);
    Ok(if wrong || configs.iter().any(Found::is_broken) { Exit::Invalid } else { Exit::Completed })
}

/// Draws what was found.
pub(super) fn report(compiled: &Compiled) {
    let style = Console.style();
    Console.say(&diagnostics_text(&compiled.sources, &compiled.diagnostics, style));
}

/// Whether anything found keeps the runbook from running.
pub(super) fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|one| one.severity == Severity::Error)
}
