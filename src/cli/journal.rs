//! The journal that a command works on, and the runs in it.

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
    Store::open(&found.journal(args)?).map_err(|error| Stop::internal(error.to_string()))
}

/// The run that a command names.
pub(super) fn find(store: &Store, run: Option<&str>) -> Result<RunInfo, Stop> {
    store.find(run).map_err(|error| Stop::usage(error.to_string()))
}
