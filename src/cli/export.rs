//! `bowline export`: runbooks as Markdown that a person can follow by hand.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::{ConfigArgs, InputArgs};
use super::check::report;
use super::config::Found;
use super::inputs;
use super::load::{Files, entry};
use super::out::put;
use super::{Done, Exit, Stop};
use crate::compile::compile_from;
use crate::export::guide;
use crate::plan::Plan;
use crate::view::plan::{Known, Outline, outline_with_prose};

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// The runbooks: files, or names of bundled ones; several become parts of one guide
    #[arg(required = true)]
    pub(super) files: Vec<String>,
    #[command(flatten)]
    pub(super) inputs: InputArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
    /// Title of the guide (default: that of the runbook, of several "Guide")
    #[arg(long, value_name = "TITLE")]
    pub(super) title: Option<String>,
    /// How it is written
    #[arg(long, value_enum, default_value_t = ExportFormat::Markdown)]
    pub(super) format: ExportFormat,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExportFormat {
    /// With tick boxes, for people
    Markdown,
}

/// Writes what would be done as a document. Starts nothing: a value that is not at hand is left to be filled in.
pub(super) fn export(args: &ExportArgs) -> Done {
    let ExportFormat::Markdown = args.format;
    let mut parts = vec![];
    for file in &args.files {
        let Some(part) = part(args, file)? else { return Ok(Exit::Invalid) };
        parts.push(part);
    }
    let several = (parts.len() > 1).then_some("Guide");
    put(args.out.as_deref(), &guide(args.title.as_deref().or(several), &parts))?;
    Ok(Exit::Completed)
}

fn part(args: &ExportArgs, file: &str) -> Result<Option<Outline>, Stop> {
    let entry = entry(file);
    let found = Found::look(&args.config, entry.file())?;
    let compiled = compile_from(&Files, entry, &found.setting());
    found.report();
    report(&compiled);
    let Some(plan) = compiled.plan.as_ref().filter(|_| !found.is_broken()) else { return Ok(None) };
    let given = inputs::given(plan, &own(plan, args))?;
    let known = inputs::sealed(plan, &inputs::known(plan, &given)?);
    Ok(Some(outline_with_prose(plan, Known::new(plan, known))))
}

/// Of several runbooks each takes the options that it has an input for; of one, all must fit.
fn own(plan: &Plan, args: &ExportArgs) -> InputArgs {
    let takes = |pair: &&String| {
        let name = pair.split('=').next().unwrap_or_default();
        args.files.len() == 1
            || plan
                .inputs
                .iter()
                .any(|input| plan.var(input.var).is_some_and(|variable| variable.name == name))
    };
    InputArgs {
        input: args.inputs.input.iter().filter(takes).cloned().collect(),
        inputs: args.inputs.inputs.clone(),
    }
}
