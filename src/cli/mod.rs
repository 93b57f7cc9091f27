//! The command line: the only module that names clap. It wires, it does not decide.
//!
//! `command` lists the commands; each has a file of its name with what it takes and what it does, and a folder for what it alone
//! needs. What several share: `args` (what they take), `load` (what they name), `config`, `inputs`, `questions`, `settings`
//! and `people` (what they are told), `journal` (stored runs), `drive` (a run that goes on), `screen` and `out` (what is seen).

mod approve;
mod args;
mod cancel;
mod check;
mod command;
mod config;
mod drill;
mod drive;
mod evidence;
mod explain;
mod export;
mod fmt;
mod handover;
mod import;
mod inputs;
mod journal;
mod list;
mod load;
mod logs;
mod lsp;
mod manual;
mod new;
mod out;
mod people;
mod plan;
mod prune;
mod questions;
mod resume;
mod retired;
mod run;
mod runs;
mod screen;
mod settings;
mod settle;
mod show;
mod test;
mod tried;
mod verify;

use std::io::Write;

use clap::Parser;

use crate::event::IllegalMove;
use crate::journal::StoreError;
use crate::run::JournalError;

pub use crate::run::ExitCode as Exit;

use command::Cli;
use out::Console;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> std::process::ExitCode {
    screen::panic::arm();
    crate::host::process::keep_statuses();
    let (words, told) = retired::in_use(std::env::args_os());
    told.iter().for_each(|told| Console.tell(&format!("bowline: {told}\n")));
    let exit = match Cli::try_parse_from(words) {
        Ok(cli) => cli.command.run().unwrap_or_else(|stop| {
            Console.tell(&format!("bowline: {}\n", stop.message));
            stop.exit
        }),
        Err(asked) => help(&command::hinted(asked)),
    };
    out::told(exit).into()
}

/// Prints what clap says instead of a command: help and version are results, all else is talk.
fn help(asked: &clap::Error) -> Exit {
    let printed = asked.print();
    if asked.use_stderr() {
        return Exit::Usage;
    }
    out::note_lost(&printed.and_then(|()| std::io::stdout().flush()));
    Exit::Completed
}

/// Why a command stopped before it had a result.
#[derive(Debug)]
struct Stop {
    exit: Exit,
    message: String,
}

impl Stop {
    /// A bad command line or input value.
    fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into() }
    }

    /// The journal or something else that must work does not.
    fn internal(message: impl Into<String>) -> Self {
        Self { exit: Exit::Internal, message: message.into() }
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::internal(error.to_string())
    }
}

impl From<JournalError> for Stop {
    fn from(error: JournalError) -> Self {
        Self::internal(error.to_string())
    }
}

impl From<IllegalMove> for Stop {
    fn from(error: IllegalMove) -> Self {
        Self::internal(error.to_string())
    }
}

/// Somebody left instead of answering: the exit, and what that means.
impl From<(Exit, &str)> for Stop {
    fn from((exit, message): (Exit, &str)) -> Self {
        Self { exit, message: message.to_owned() }
    }
}

type Done = Result<Exit, Stop>;

/// The time, where something is told against it.
#[expect(clippy::disallowed_methods, reason = "ages are told against the clock")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// Leaves something large to the end of the process, where the system takes all memory back at once.
fn leave<T>(large: T) {
    std::mem::forget(large);
}
