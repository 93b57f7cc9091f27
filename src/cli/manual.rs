//! `bowline completions` and `bowline man`: what clap knows of the command line, for shells and for `man`.

use std::path::PathBuf;

use clap::{Args, Command};
use clap_mangen::Man;

use super::out::Console;
use super::{Done, Exit, Stop};
use crate::diag::nearest;

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The command (default: bowline itself)
    pub(super) command: Option<String>,
    /// Write all pages into this folder instead
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub(super) out: Option<PathBuf>,
}

/// Prints the completions of a shell.
pub(super) fn completions(args: &CompletionsArgs, mut whole: Command) -> Exit {
    let mut script = vec![];
    clap_complete::generate(args.shell, &mut whole, "bowline", &mut script);
    Console.pass_on(&script);
    Exit::Completed
}

/// Prints a manual page, or writes them all into a folder.
pub(super) fn man(args: &ManArgs, mut whole: Command) -> Done {
    whole.build();
    let failed = |error: std::io::Error| Stop::usage(format!("the pages cannot be written: {error}"));
    if let Some(folder) = &args.out {
        std::fs::create_dir_all(folder).map_err(failed)?;
        clap_mangen::generate_to(whole, folder).map_err(failed)?;
        return Ok(Exit::Completed);
    }
    let mut page = vec![];
    Man::new(of(whole, args.command.as_deref())?).render(&mut page).map_err(failed)?;
    Console.pass_on(&page);
    Ok(Exit::Completed)
}

fn of(whole: Command, name: Option<&str>) -> Result<Command, Stop> {
    let Some(name) = name else { return Ok(whole) };
    let found = whole.get_subcommands().find(|command| command.get_name() == name);
    found.cloned().ok_or_else(|| {
        let near = nearest(name, whole.get_subcommands().map(Command::get_name));
        let help = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        Stop::usage(format!("bowline has no command {name}{help}"))
    })
}
