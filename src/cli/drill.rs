//! `bowline drill`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::args::{ConfigArgs, InputArgs};
use super::check::{has_errors, report};
use super::config::Found;
use super::inputs;
use super::load::{Files, each, entry};
use super::out::{Console, put};
use super::{Done, Exit, Stop};
use crate::compile::{Setting, compile_from};
use crate::drill::{Options, drill as drilled};
use crate::event::Injection;
use crate::view::drill::{DrillTold, drill_markdown, drill_suite, drill_text, drill_told, junit};
use crate::view::harmless;
use crate::view::plan::Known;

#[derive(Debug, Args)]
pub(super) struct DrillArgs {
    /// The runbooks: files, folders, or names of bundled ones (see `bowline list`)
    #[arg(required = true, value_name = "FILE|NAME")]
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
    let (mut told, mut invalid) = (vec![], false);
    for file in each(&args.files)? {
        match one(args, &file)? {
            Came::Drilled(one) => told.push(*one),
            Came::Module if args.files.contains(&file) => {
                return Err(Stop::usage(format!("{file} is a module; a drill wants a runbook")));
            }
            Came::Module => {}
            Came::Invalid => invalid = true,
        }
    }
    put(args.out.as_deref(), &drawn(args, &told))?;
    Ok(match told.iter().all(|one| one.clean) {
        _ if invalid => Exit::Invalid,
        true => Exit::Completed,
        false => Exit::RolledBack,
    })
}

fn kind(word: &str) -> Result<Injection, String> {
    Injection::named(word).ok_or_else(|| "one of failure, clean, unknown, hang, crash".to_owned())
}

/// What came of a file.
enum Came {
    /// A drill.
    Drilled(Box<DrillTold>),
    /// It is a module: nothing runs by itself.
    Module,
    /// It does not check.
    Invalid,
}

fn one(args: &DrillArgs, file: &str) -> Result<Came, Stop> {
    let entry = entry(file);
    let found = Found::look(&args.config, entry.file())?;
    let compiled = compile_from(&Files, entry, &Setting { modules: true, ..found.setting() });
    found.report();
    report(&compiled);
    if has_errors(&compiled.diagnostics) || found.is_broken() {
        return Ok(Came::Invalid);
    }
    let Some(plan) = compiled.plan.as_ref() else { return Ok(Came::Module) };
    let given = inputs::given(plan, &args.inputs)?;
    let known = inputs::sealed(plan, &inputs::known(plan, &given)?);
    let options = Options { pairs: args.pairs, only: args.only, courses: 0 };
    let bar = bar();
    let drill = drilled(plan, &known, options, &mut |at| {
        bar.set_message(format!("{}: course {} of {}, {} runs", plan.title, at.course, at.courses, at.runs));
    });
    bar.finish_and_clear();
    Ok(Came::Drilled(Box::new(drill_told(plan, &drill, &Known::new(plan, known)))))
}

/// Tells how far it is while it lasts; only where a person looks at it.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {wide_msg}");
    let bar =
        ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(TICK);
    bar
}

fn drawn(args: &DrillArgs, told: &[DrillTold]) -> String {
    let style = Console.style_for(args.out.as_deref());
    match args.format {
        DrillFormat::Text => {
            let each: Vec<_> = told.iter().map(|one| drill_text(one, style)).collect();
            harmless(&each.join("\n"), style.colour).into_owned()
        }
        DrillFormat::Markdown => {
            harmless(&told.iter().map(drill_markdown).collect::<Vec<_>>().join("\n"), false).into_owned()
        }
        DrillFormat::Junit => junit(&told.iter().map(drill_suite).collect::<Vec<_>>()),
        DrillFormat::Json => {
            let json = serde_json::json!({ "format": FORMAT, "drills": told });
            format!("{json:#}\n")
        }
    }
}
