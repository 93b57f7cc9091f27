//! `bowline cancel`: as Ctrl-C would, from anywhere.

use clap::Args;

use super::args::{AcceptArgs, DriveArgs};
use super::journal::stored::Stored;
use super::journal::{find, open_store};
use super::out::Console;
use super::{Done, Exit, Stop};
use crate::event::Fact;

#[derive(Debug, Args)]
pub(super) struct CancelArgs {
    /// The run, or the beginning of its id
    pub(super) run: String,
    #[command(flatten)]
    pub(super) accept: AcceptArgs,
    #[command(flatten)]
    pub(super) drive: DriveArgs,
}

/// Tells the driving process to stop; where none lives, takes the run up and undoes it here.
pub(super) fn cancel(args: &CancelArgs) -> Done {
    let store = open_store(&args.drive.journal)?;
    let info = find(&store, Some(&args.run))?;
    let driver = store.driver(&info)?;
    if let Some(pid) = driver.and_then(|pid| i32::try_from(pid).ok()).and_then(rustix::process::Pid::from_raw)
    {
        let sent = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        sent.map_err(|error| Stop::internal(format!("process {pid} cannot be told: {error}")))?;
        Console.tell(&format!("process {pid} was told to stop run {}\n", info.id));
        return Ok(Exit::Completed);
    }
    let stored = Stored::read(&store, info)?.accepting(&args.accept)?;
    if let Some(exit) = stored.ended() {
        return Ok(exit);
    }
    let mut first = stored.taken_up(&args.drive)?;
    first.push(Fact::CancelRequested { by: stored.operator(&args.drive)? });
    stored.go_on(&store, &args.drive, first)
}
