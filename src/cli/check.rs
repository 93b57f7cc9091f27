//! `bowline check`.

mod fix;
mod once;

use clap::{Args, ValueEnum};

use super::args::ConfigArgs;
use super::config::Found;
use super::load::{Files, each, entry};
use super::out::{Console, STANDARD};
use super::{Done, Exit, Stop, leave};
use crate::compile::{Compiled, Setting, compile_from};
use crate::diag::{Diagnostic, Severity};
use crate::view::{
    Report, diagnostics_github, diagnostics_json, diagnostics_sarif, diagnostics_sum, diagnostics_text,
};

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// The runbooks and modules; of a folder all that are in it, however deep; `-` reads standard input [default: all in this folder]
    pub(super) files: Vec<String>,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
    /// Mend the files where that needs nobody to decide, then say what is left; guesses are never applied
    #[arg(long)]
    pub(super) fix: bool,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(super) format: CheckFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// For people, on standard error
    Text,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands, which GitHub shows beside the lines of a pull request
    Github,
}

/// Checks runbooks; starts nothing.
pub(super) fn check(args: &CheckArgs) -> Done {
    let (mut configs, mut compiled): (Vec<Found>, Vec<Compiled>) = (vec![], vec![]);
    if args.fix && args.files.iter().any(|file| file == STANDARD) {
        return Err(Stop::usage("`--fix` mends files, and standard input is none; name a file"));
    }
    for file in each(&args.files)? {
        let entry = entry(&file);
        let found = Found::look(&args.config, entry.file())?;
        let check = || compile_from(&Files, entry, &Setting { modules: true, ..found.setting() });
        compiled.push(match entry.file().filter(|_| args.fix) {
            Some(file) => fix::mended(file, check)?,
            None => check(),
        });
        if !configs.iter().any(|known| known.path() == found.path()) {
            configs.push(found);
        }
    }
    let wrong = compiled.iter().any(|one| has_errors(&one.diagnostics));
    once::told_once(&mut compiled);
    tell(args.format, &configs, &compiled);
    leave(compiled);
    Ok(if wrong || configs.iter().any(Found::is_broken) { Exit::Invalid } else { Exit::Completed })
}

fn tell(format: CheckFormat, configs: &[Found], compiled: &[Compiled]) {
    let files = compiled.iter().map(|one| Report { sources: &one.sources, diagnostics: &one.diagnostics });
    let reports: Vec<_> = configs.iter().filter_map(Found::found).chain(files).collect();
    match format {
        CheckFormat::Text => {
            configs.iter().for_each(Found::report);
            compiled.iter().for_each(report);
            let found: Vec<&[Diagnostic]> = compiled.iter().map(|one| one.diagnostics.as_slice()).collect();
            let sum = diagnostics_sum(&found).filter(|_| found.len() > 1);
            Console.say(&sum.unwrap_or_default());
        }
        CheckFormat::Json => {
            let each = compiled.iter().map(|one| diagnostics_json(&one.sources, &one.diagnostics));
            let all = configs.iter().filter_map(Found::json).chain(each);
            Console.result(&format!("{:#}\n", serde_json::Value::Array(all.collect())));
        }
        CheckFormat::Sarif => Console.result(&format!("{:#}\n", diagnostics_sarif(&reports))),
        CheckFormat::Github => Console.result(&diagnostics_github(&reports)),
    }
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
