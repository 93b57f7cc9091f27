//! `bowline logs`: what the programs of a run wrote.

use std::io::Read;

use super::args::LogsArgs;
use super::drive::{find, open_store};
use super::out::Console;
use super::{Done, Exit, Stop};
use crate::event::Fact;

/// Prints the outputs of a run in the order of its effects.
pub(super) fn logs(args: &LogsArgs) -> Done {
    let store = open_store(&args.journal)?;
    let info = find(&store, args.run.as_deref())?;
    let events = store.events(&info).map_err(|error| Stop::internal(error.to_string()))?;
    let folder = store.folder(&info.id).join("outputs");
    let mut shown = String::new();
    for event in events {
        match event.fact {
            Fact::Began(begun) => shown = begun.shown,
            Fact::Ended { note, .. } => {
                let wanted = args.step.as_ref().is_none_or(|step| shown.contains(step));
                if let (true, Some(output)) = (wanted, note.output) {
                    Console.result(&format!("── {shown}\n"));
                    copy(&folder.join(output.file))?;
                }
            }
            _ => {}
        }
    }
    Ok(Exit::Completed)
}

/// Copies a file of any size in pieces.
fn copy(file: &std::path::Path) -> Result<(), Stop> {
    let failed = |error: std::io::Error| Stop::internal(format!("{}: {error}", file.display()));
    let mut source = std::fs::File::open(file).map_err(failed)?;
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = source.read(&mut piece).map_err(failed)?;
        let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else { return Ok(()) };
        Console.result(&String::from_utf8_lossy(bytes));
    }
}
