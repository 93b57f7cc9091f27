//! `bowline drill`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::args::{ConfigArgs, InputArgs};
use super::load::each;
use super::out::{Console, put};
use super::tried::{Tried, tried};
use super::{Done, Stop, inputs};
use crate::drill::{Options, drill as drilled};
use crate::event::Injection;
use crate::plan::Plan;
use crate::view::drill::{
    DrillTold, drill_markdown, drill_suite, drill_text, drill_told, invalid_markdown, invalid_suite, junit,
};
use crate::view::harmless;
use crate::view::plan::Known;

#[derive(Debug, Args)]
pub(super) struct DrillArgs {
    /// The runbooks: files, folders, or names of bundled ones (see `bowline list`) [default: all in this folder]
    #[arg(value_name = "FILE|NAME")]
    pub(super) files: Vec<String>,
    #[command(flatten)]
    pub(super) inputs: InputArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
    /// Let two things fail: after every failure everything that follows it
    #[arg(long)]
    pub(super) pairs: bool,
    /// Let only this go wrong: failure, clean, unknown, hang or crash
    #[arg(long, value_name = "KIND", value_parser = kind)]
    pub(super) only: Option<Injection>,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = DrillFormat::Text)]
    pub(super) format: DrillFormat,
    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DrillFormat {
    /// For people, on a screen
    Text,
    /// For programs
    Json,
    /// For people, as the summary of a job
    Markdown,
    /// For job systems: a test for each point of failure
    Junit,
}

/// Time between two drawings of how far it is.
const TICK: Duration = Duration::from_millis(200);

/// What `drill --format json` calls its document.
const FORMAT: &str = "bowline-drill/1";

/// Drills runbooks. Starts nothing: an input that is not at hand stays unknown.
pub(super) fn drill(args: &DrillArgs) -> Done {
    let tried = tried(&args.config, &each(&args.files)?, |file, compiled| match compiled.plan.as_ref() {
        Some(plan) => drill_of(args, plan).map(Some),
        None if args.files.iter().any(|named| named == file) => {
            Err(Stop::usage(format!("{file} is a module; a drill wants a runbook")))
        }
        None => Ok(None),
    })?;
    put(args.out.as_deref(), &drawn(args, &tried))?;
    Ok(tried.exit(|one| one.clean))
}

fn kind(word: &str) -> Result<Injection, String> {
    Injection::named(word).ok_or_else(|| "one of failure, clean, unknown, hang, crash".to_owned())
}

fn drill_of(args: &DrillArgs, plan: &Plan) -> Result<DrillTold, Stop> {
    let given = inputs::given(plan, &args.inputs)?;
    let known = inputs::sealed(plan, &inputs::known(plan, &given)?);
    let options = Options { pairs: args.pairs, only: args.only, courses: 0 };
    let bar = bar();
    let drill = drilled(plan, &known, options, &mut |at| {
        bar.set_message(format!("{}: course {} of {}, {} runs", plan.title, at.course, at.courses, at.runs));
    });
    bar.finish_and_clear();
    Ok(drill_told(plan, &drill, &Known::new(plan, known)))
}

/// Tells how far it is while it lasts; only where a person looks at it.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {wide_msg}");
    let bar =
        ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(TICK);
    bar
}

fn drawn(args: &DrillArgs, tried: &Tried<DrillTold>) -> String {
    let style = Console.style_for(args.out.as_deref());
    let Tried { told, invalid } = tried;
    match args.format {
        DrillFormat::Text => {
            let each: Vec<_> = told.iter().map(|one| drill_text(one, style)).collect();
            harmless(&each.join("\n"), style.colour).into_owned()
        }
        DrillFormat::Markdown => {
            let sections = told.iter().map(drill_markdown).chain(invalid.iter().map(invalid_markdown));
            harmless(&sections.collect::<Vec<_>>().join("\n"), false).into_owned()
        }
        DrillFormat::Junit => {
            junit(&told.iter().map(drill_suite).chain(invalid.iter().map(invalid_suite)).collect::<Vec<_>>())
        }
        DrillFormat::Json => {
            let json = serde_json::json!({ "format": FORMAT, "drills": told, "invalid": invalid });
            format!("{json:#}\n")
        }
    }
}
