//! `bowline import`: a runbook from a Markdown document.

use std::path::{Path, PathBuf};

use clap::Args;

use super::load::Files;
use super::out::{Console, replace};
use super::{Done, Exit, Stop};
use crate::compile::{LoadError, Loader};
use crate::import::{Kind, Report, import as imported};

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// The Markdown document; `-` reads standard input
    pub(super) file: String,
    /// Write the runbook to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long, requires = "out")]
    pub(super) force: bool,
}

/// Makes a runbook of a document, and tells on standard error what came of it. Runs nothing.
pub(super) fn import(args: &ImportArgs) -> Done {
    let bytes = Files.read(&args.file).map_err(|error| unread(&args.file, error))?;
    if let Some(out) = args.out.as_deref().filter(|out| out.exists() && !args.force) {
        let message = format!("{} is there already; `--force` writes over it", out.display());
        return Err(Stop::usage(message));
    }
    let name = Path::new(&args.file)
        .file_name()
        .map_or(args.file.clone(), |name| name.to_string_lossy().into_owned());
    let runbook = imported(&bytes, &name);
    replace(args.out.as_deref(), &runbook.text)?;
    Console.say(&told(&args.file, &runbook.report));
    Ok(Exit::Completed)
}

fn unread(file: &str, error: LoadError) -> Stop {
    Stop::usage(match error {
        LoadError::Unreadable(why) => format!("{file} cannot be read: {why}"),
        LoadError::TooLarge(bytes) => format!("{file} has {bytes} bytes; that is too large for a document"),
    })
}

/// The report for people.
fn told(file: &str, report: &Report) -> String {
    let notes = |kinds: &[Kind]| -> String {
        let each = kinds.iter().filter(|kind| report.remarks_of(**kind) > 0);
        let each: Vec<_> = each.map(|kind| format!("{} {}", report.remarks_of(*kind), kind.word())).collect();
        if each.is_empty() { "none".to_owned() } else { each.join(", ") }
    };
    let sentences = [Kind::Wait, Kind::Approval, Kind::Danger, Kind::Decision, Kind::Undo, Kind::Lost];
    format!(
        "{file}\n  steps          {}, {} of them by hand\n  commands       {}, and {} left to a person\n  inputs         {} proposed\n  guesses        {}\n  repairs        {}\n  sentences      {}\n  unplaced text  {} of {} words\n",
        report.steps,
        report.manual,
        report.commands,
        report.left,
        report.inputs,
        report.remarks_of(Kind::Guess),
        report.remarks_of(Kind::Repair),
        notes(&sentences),
        report.unplaced,
        report.words,
    )
}
