//! `bowline list`.

use clap::Args;

use super::args::Format;
use super::out::Console;
use super::{Done, Exit, Stop};
use crate::catalog::{Card, runbooks, stdlib};
use crate::compile::bundled;
use crate::view::catalog::{card_text, modules_text, runbooks_text};

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Only this one, in full: a bundled runbook or module (`memoria/self-managed-ga`, `std/prometheus`)
    pub(super) name: Option<String>,
    /// List the modules of the standard library, with their checks and steps
    #[arg(long, conflicts_with = "name")]
    pub(super) stdlib: bool,
    /// Print the names alone, one a line
    #[arg(long, conflicts_with_all = ["name", "format"])]
    pub(super) names: bool,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

/// What `list --format json` calls its document.
const FORMAT: &str = "bowline-list/1";

/// Lists what is inside the binary.
pub(super) fn list(args: &ListArgs) -> Done {
    if args.names {
        names(args.stdlib);
        return Ok(Exit::Completed);
    }
    let style = Console.result_style();
    let (text, json) = match (&args.name, args.stdlib) {
        (Some(name), _) => {
            let card = card(name)?;
            let kind = if matches!(card, Card::Runbook(_)) { "runbooks" } else { "modules" };
            (card_text(&card, style), serde_json::json!({ "format": FORMAT, kind: [card] }))
        }
        (None, true) => {
            let modules = stdlib();
            (modules_text(&modules, style), serde_json::json!({ "format": FORMAT, "modules": modules }))
        }
        (None, false) => {
            let runbooks = runbooks();
            (runbooks_text(&runbooks, style), serde_json::json!({ "format": FORMAT, "runbooks": runbooks }))
        }
    };
    Console.result(&match args.format {
        Format::Text => text,
        Format::Json => format!("{json:#}\n"),
    });
    Ok(Exit::Completed)
}

/// The names alone, for scripts and shells.
fn names(modules: bool) {
    let names: Vec<String> = if modules {
        stdlib().into_iter().map(|module| module.name).collect()
    } else {
        runbooks().into_iter().map(|runbook| runbook.name).collect()
    };
    Console.result(&(names.join("\n") + "\n"));
}

/// What a name stands for; a module of the standard library needs no `std/` here.
fn card(name: &str) -> Result<Card, Stop> {
    let found = bundled::named(name).or_else(|| bundled::named(&format!("std/{name}")));
    found.and_then(Card::of).ok_or_else(|| {
        let near = bundled::nearest(name).or_else(|| bundled::nearest(&format!("std/{name}")));
        let help = near.map_or_else(
            || "`bowline list` names the runbooks, `bowline list --stdlib` the modules".to_owned(),
            |near| format!("did you mean {near}?"),
        );
        Stop::usage(format!("nothing inside bowline is called {name}; {help}"))
    })
}
