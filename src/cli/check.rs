//! `bowline check`.

use super::args::{CheckArgs, Format};
use super::load::Files;
use super::out::Console;
use super::{Done, Exit};
use crate::compile::{Compiled, compile};
use crate::diag::{Diagnostic, Severity};
use crate::view::{diagnostics_json, diagnostics_text};

/// Checks runbooks; starts nothing.
#[expect(clippy::unnecessary_wraps, reason = "every command answers so")]
pub(super) fn check(args: &CheckArgs) -> Done {
    let compiled: Vec<Compiled> = args.files.iter().map(|file| compile(&Files, file)).collect();
    match args.format {
        Format::Text => compiled.iter().for_each(report),
        Format::Json => {
            let each = compiled.iter().map(|one| diagnostics_json(&one.sources, &one.diagnostics));
            Console.result(&format!("{:#}\n", serde_json::Value::Array(each.collect())));
        }
    }
    let wrong = compiled.iter().any(|one| has_errors(&one.diagnostics));
    Ok(if wrong { Exit::Invalid } else { Exit::Completed })
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
