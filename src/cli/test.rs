//! `bowline test`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::ConfigArgs;
use super::check::{has_errors, report};
use super::config::Found;
use super::inputs;
use super::load::{Files, each, entry};
use super::out::{Console, put};
use super::{Done, Exit, Stop};
use crate::compile::{Setting, compile_from};
use crate::drill::play_scenario;
use crate::view::drill::{TestTold, junit, test_suite, test_text, test_told};
use crate::view::harmless;

#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// The runbooks: files, folders, or names of bundled ones [default: all in this folder]
    #[arg(value_name = "FILE|NAME")]
    pub(super) files: Vec<String>,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = TestFormat::Text)]
    pub(super) format: TestFormat,
    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TestFormat {
    /// For people, on a screen
    Text,
    /// For programs
    Json,
    /// For job systems: a test for each scenario
    Junit,
}

/// What `test --format json` calls its document.
const FORMAT: &str = "bowline-test/1";

/// Plays the scenarios of runbooks. Starts nothing.
pub(super) fn test(args: &TestArgs) -> Done {
    let here = vec![".".to_owned()];
    let (mut told, mut invalid) = (vec![], false);
    for file in each(if args.files.is_empty() { &here } else { &args.files })? {
        match one(args, &file)? {
            Some(Some(one)) => told.push(one),
            Some(None) => {}
            None => invalid = true,
        }
    }
    put(args.out.as_deref(), &drawn(args, &told))?;
    Ok(match told.iter().all(TestTold::passed) {
        _ if invalid => Exit::Invalid,
        true => Exit::Completed,
        false => Exit::RolledBack,
    })
}

/// The scenarios of one runbook; a module has none. `None` where it does not check.
fn one(args: &TestArgs, file: &str) -> Result<Option<Option<TestTold>>, Stop> {
    let entry = entry(file);
    let found = Found::look(&args.config, entry.file())?;
    let compiled = compile_from(&Files, entry, &Setting { modules: true, ..found.setting() });
    found.report();
    report(&compiled);
    if has_errors(&compiled.diagnostics) || found.is_broken() {
        return Ok(None);
    }
    let Some(plan) = compiled.plan.as_ref() else { return Ok(Some(None)) };
    let known = inputs::sealed(plan, &inputs::known(plan, &inputs::Values::new())?);
    let played = compiled.scenarios.iter().map(|scenario| (scenario, play_scenario(plan, &known, scenario)));
    Ok(Some(Some(test_told(plan, &compiled.sources, played.collect()))))
}

fn drawn(args: &TestArgs, told: &[TestTold]) -> String {
    let style = Console.style_for(args.out.as_deref());
    match args.format {
        TestFormat::Text => {
            let each: Vec<_> = told.iter().map(|one| test_text(one, style)).collect();
            harmless(&each.join("\n"), style.colour).into_owned()
        }
        TestFormat::Junit => junit(&told.iter().map(test_suite).collect::<Vec<_>>()),
        TestFormat::Json => format!("{:#}\n", serde_json::json!({ "format": FORMAT, "runbooks": told })),
    }
}
