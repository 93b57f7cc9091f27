//! The journal that a command works on, and the runs in it: a file for each thing that commands do with a stored run.

pub(super) mod called;
pub(super) mod holder;
pub(super) mod inboxes;
pub(super) mod needs;
mod noted;
pub(super) mod open;
pub(super) mod secrets;
pub(super) mod stored;

use super::Stop;
use super::args::JournalArgs;
use super::config::Found;
use crate::journal::{RunInfo, Store};

/// The journal that a command works on.
pub(super) fn open_store(args: &JournalArgs) -> Result<Store, Stop> {
    let needed = args.journal.is_none() || args.config.config.is_some();
    let found = if needed { Found::look(&args.config, None)? } else { Found::default() };
    open_store_of(&found.sound()?, args)
}

/// The journal that a command about a runbook works on.
pub(super) fn open_store_of(found: &Found, args: &JournalArgs) -> Result<Store, Stop> {
    Ok(Store::open(&found.journal(args)?)?)
}

/// The run that a command names.
pub(super) fn find(store: &Store, run: Option<&str>) -> Result<RunInfo, Stop> {
    store.find(run).map_err(|error| Stop::usage(error.to_string()))
}

/// How a run stands, in a word or two: its end, or what it needs.
pub(super) fn status_of(store: &Store, run: &RunInfo) -> Result<String, Stop> {
    let driver = store.driver(run)?;
    Ok(match (driver, run.status.as_str()) {
        (Some(_), _) => "running",
        (None, "running") => "interrupted",
        (None, status) => status,
    }
    .to_owned())
}
