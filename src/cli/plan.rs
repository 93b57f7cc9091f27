//! `bowline plan`.

mod against;
mod looks;

pub(super) use against::stored as stored_plan;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::{ConfigArgs, InputArgs};
use super::check::report;
use super::config::Found;
use super::inputs;
use super::load::{Files, entry};
use super::out::{Console, put};
use super::{Done, Exit, Stop, leave};
use crate::compile::compile_from;
use crate::plan::Plan;
use crate::view::harmless;
use crate::view::plan::{
    Known, LookItem, Outline, looks_told, outline, plan_changes, plan_html, plan_markdown, plan_mermaid,
    plan_text,
};

#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    /// The runbook: a file, or the name of a bundled one (see `bowline list`)
    pub(super) file: String,
    #[command(flatten)]
    pub(super) inputs: InputArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
    /// Tell only what differs from an older plan, and exit with 1 if anything does: a plan in JSON, a runbook, or
    /// one of a git revision as REV:FILE
    #[arg(long, value_name = "OLD")]
    pub(super) against: Option<String>,
    /// Ask what only looks of the real system too: checks, looks, guards, `done when`. Exit with 1 where one is not as it
    /// should be, or gives no answer
    #[arg(long, conflicts_with = "against")]
    pub(super) probe: bool,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = PlanFormat::Text)]
    pub(super) format: PlanFormat,
    /// Fold nothing: whole scripts and texts, and every point of failure however many there are
    #[arg(long)]
    pub(super) full: bool,
    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PlanFormat {
    /// For people, on a screen
    Text,
    /// For programs
    Json,
    /// For people, as the summary of a job or a change request
    Markdown,
    /// A flow chart, which Markdown viewers draw
    Mermaid,
    /// A page that stands alone
    Html,
}

/// What `--against` cannot be told as.
fn refuse_format(args: &PlanArgs) -> Result<(), Stop> {
    let told = matches!(args.format, PlanFormat::Text | PlanFormat::Markdown);
    if args.against.is_none() || told {
        return Ok(());
    }
    Err(Stop::usage(
        "what differs (`--against`) is told as text or as markdown; leave `--format` out, or name one of these",
    ))
}

/// Tells what would be done. Starts nothing, but what only looks where that is asked for: an input that is not at hand stays unknown.
pub(super) fn plan(args: &PlanArgs) -> Done {
    refuse_format(args)?;
    let entry = entry(&args.file);
    let found = Found::look(&args.config, entry.file())?;
    let compiled = compile_from(&Files, entry, &found.setting());
    found.report();
    report(&compiled);
    let Some(plan) = compiled.plan.as_ref().filter(|_| !found.is_broken()) else {
        return Ok(Exit::Invalid);
    };
    let given = inputs::given(plan, &args.inputs)?;
    let told = if args.probe { probed(args, plan, &given, &found)? } else { foretold(args, plan, &given)? };
    let exit = if let Some(old) = &args.against {
        compare(args, &against::old(old, &args.inputs, &found.setting())?, &told)?
    } else {
        put(args.out.as_deref(), &drawn(args, &told)?)?;
        let against = told.looks.iter().flatten().any(LookItem::is_against);
        if against { Exit::RolledBack } else { Exit::Completed }
    };
    leave((told, compiled));
    Ok(exit)
}

fn foretold(args: &PlanArgs, plan: &Plan, given: &inputs::Values) -> Result<Outline, Stop> {
    let known = inputs::sealed(plan, &inputs::known(plan, given)?);
    Ok(outline(plan, Known::new(plan, known), args.full || args.against.is_some()))
}

/// The outline with what the looks of the plan find.
fn probed(args: &PlanArgs, plan: &Plan, given: &inputs::Values, found: &Found) -> Result<Outline, Stop> {
    let dir = looks::here()?;
    let complete = inputs::at_hand(plan, given, &dir)?;
    let probe = looks::asked(plan, &complete, found, &dir)?;
    let known = inputs::sealed(plan, &probe.values);
    let mut told = outline(plan, Known::new(plan, known), args.full);
    told.looks = Some(looks_told(plan, &probe));
    Ok(told)
}

fn drawn(args: &PlanArgs, told: &Outline) -> Result<String, Stop> {
    let style = Console.style_for(args.out.as_deref());
    let drawn = match args.format {
        PlanFormat::Text => plan_text(told, style, args.full),
        PlanFormat::Json => {
            let json = serde_json::to_string_pretty(told);
            return Ok(json.map_err(|error| Stop::internal(error.to_string()))? + "\n");
        }
        PlanFormat::Markdown => plan_markdown(told),
        PlanFormat::Mermaid => plan_mermaid(told),
        PlanFormat::Html => plan_html(told),
    };
    let colour = args.format == PlanFormat::Text && style.colour;
    Ok(harmless(&drawn, colour).into_owned())
}

/// Tells what differs; the exit code says whether anything does.
fn compare(args: &PlanArgs, old: &serde_json::Value, new: &Outline) -> Done {
    let new = serde_json::to_value(new).map_err(|error| Stop::internal(error.to_string()))?;
    let Some(changes) = plan_changes(old, &new) else {
        put(args.out.as_deref(), "")?;
        Console.say("the plan is the same\n");
        return Ok(Exit::Completed);
    };
    let style = Console.style_for(args.out.as_deref());
    let drawn = match args.format {
        PlanFormat::Markdown => harmless(&changes.markdown(), false).into_owned(),
        _ => harmless(&changes.text(style), style.colour).into_owned(),
    };
    put(args.out.as_deref(), &drawn)?;
    Ok(Exit::RolledBack)
}
