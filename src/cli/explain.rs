//! `bowline explain`.

use clap::Args;

use super::args::Format;
use super::out::Console;
use super::{Done, Exit, Stop};
use crate::diag::explain::entry;
use crate::diag::{codes, nearest};
use crate::view::explain::{codes_text, entries_json, entry_text};

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The code, such as E0207 (default: a list of all)
    pub(super) code: Option<String>,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

/// Says what a code means; without one, lists them all.
pub(super) fn explain(args: &ExplainArgs) -> Done {
    let entries = match &args.code {
        Some(id) => vec![entry(id).ok_or_else(|| unknown(id))?],
        None => codes::ALL.iter().filter_map(|code| entry(code.id)).collect(),
    };
    let style = Console.result_style();
    Console.result(&match (args.format, &*entries) {
        (Format::Json, entries) => format!("{:#}\n", entries_json(entries)),
        (Format::Text, [one]) => entry_text(one, style),
        (Format::Text, _) => codes_text(codes::ALL, style),
    });
    Ok(Exit::Completed)
}

fn unknown(id: &str) -> Stop {
    let near = nearest(&id.to_ascii_uppercase(), codes::ALL.iter().map(|code| code.id));
    let help = near.map_or_else(
        || "`bowline explain` lists them all".to_owned(),
        |near| format!("did you mean {near}? `bowline explain` lists them all"),
    );
    Stop::usage(format!("no report has the code {id}; {help}"))
}
