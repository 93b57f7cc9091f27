//! `bowline test`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::ConfigArgs;
use super::load::each;
use super::out::{Console, put};
use super::tried::{Tried, tried};
use super::{Done, inputs};
use crate::drill::play_scenario;
use crate::view::drill::{TestTold, invalid_suite, junit, test_suite, test_text, test_told};
use crate::view::harmless;
use crate::view::plan::Known;

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
    let tried = tried(&args.config, &each(&args.files)?, |_, compiled| {
        let Some(plan) = compiled.plan.as_ref() else { return Ok(None) };
        let known = inputs::sealed(plan, &inputs::known(plan, &inputs::Values::new())?);
        let played = compiled.scenarios.iter().map(|one| (one, play_scenario(plan, &known, one)));
        let played = played.collect();
        Ok(Some(test_told(plan, &compiled.sources, &Known::new(plan, known), played)))
    })?;
    put(args.out.as_deref(), &drawn(args, &tried))?;
    Ok(tried.exit(TestTold::passed))
}

fn drawn(args: &TestArgs, tried: &Tried<TestTold>) -> String {
    let style = Console.style_for(args.out.as_deref());
    let Tried { told, invalid } = tried;
    match args.format {
        TestFormat::Text => {
            let each: Vec<_> = told.iter().map(|one| test_text(one, style)).collect();
            harmless(&each.join("\n"), style.colour).into_owned()
        }
        TestFormat::Junit => {
            junit(&told.iter().map(test_suite).chain(invalid.iter().map(invalid_suite)).collect::<Vec<_>>())
        }
        TestFormat::Json => {
            let json = serde_json::json!({ "format": FORMAT, "runbooks": told, "invalid": invalid });
            format!("{json:#}\n")
        }
    }
}
