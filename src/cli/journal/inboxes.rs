//! Where votes on a run are handed in: its own folder, and those that operators named, which its folder keeps in mind.

use std::fs::{DirBuilder, File};
use std::io::{BufReader, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::cli::Stop;
use crate::cli::out::Console;
use crate::host::inbox::{Inbox, look};
use crate::journal::Store;
use crate::run::HandedIn;

/// The file in a run's folder that names the folders, as JSON. A run that is taken up again looks there again.
const NAMED: &str = "inboxes.json";

/// The run's own inbox.
pub(in crate::cli) fn own_inbox(store: &Store, run: &str) -> PathBuf {
    store.folder(run).join("inbox")
}

/// The folders that an operator names, as they are found from everywhere.
///
/// # Errors
/// When one is no folder.
pub(in crate::cli) fn named(folders: &[PathBuf]) -> Result<Vec<PathBuf>, Stop> {
    folders.iter().map(|folder| absolute(folder)).collect()
}

/// The inboxes of a run that is about to be driven: its own, those named now, and those named before, as far as they are
/// there.
///
/// # Errors
/// When they cannot be kept in mind.
pub(in crate::cli) fn inboxes(store: &Store, run: &str, named: Vec<PathBuf>) -> Result<Vec<Inbox>, Stop> {
    let before = kept(store, run);
    let mut all = before.clone();
    all.extend(named.into_iter().filter(|folder| !before.contains(folder)));
    if all != before {
        keep(&store.folder(run), &all)
            .map_err(|error| Stop::internal(format!("the inboxes of run {run} cannot be kept: {error}")))?;
    }
    let (there, gone): (Vec<_>, Vec<_>) = all.into_iter().partition(|folder| folder.is_dir());
    for folder in gone {
        Console
            .tell(&format!("inbox {}: it is not there any more, and is not looked at\n", folder.display()));
    }
    let shared = there.into_iter().map(|folder| Inbox { folder, own: false });
    Ok(std::iter::once(Inbox { folder: own_inbox(store, run), own: true }).chain(shared).collect())
}

/// All that lies in the inboxes of a run now, in the order in which it came. What cannot be looked at holds nothing.
pub(in crate::cli) fn handed_in(store: &Store, run: &str) -> Vec<HandedIn> {
    let own = Inbox { folder: own_inbox(store, run), own: true };
    let shared = kept(store, run).into_iter().map(|folder| Inbox { folder, own: false });
    let mut all: Vec<HandedIn> = std::iter::once(own).chain(shared).flat_map(look).collect();
    all.sort_by_key(|handed| handed.arrived);
    all
}

/// A run that goes on from another looks where that one did.
///
/// # Errors
/// When its folder cannot be written.
pub(in crate::cli) fn hand_on(store: &Store, from: &str, to: &str) -> std::io::Result<()> {
    match kept(store, from).as_slice() {
        [] => Ok(()),
        folders => keep(&store.folder(to), folders),
    }
}

/// The folders that were named so far.
fn kept(store: &Store, run: &str) -> Vec<PathBuf> {
    let file = File::open(store.folder(run).join(NAMED)).ok();
    file.and_then(|file| serde_json::from_reader(BufReader::new(file)).ok()).unwrap_or_default()
}

fn keep(folder: &Path, named: &[PathBuf]) -> std::io::Result<()> {
    let text = serde_json::to_vec(named)?;
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let new = folder.join(format!(".{NAMED}"));
    let mut file = File::options().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    file.write_all(&text)?;
    file.sync_all()?;
    std::fs::rename(&new, folder.join(NAMED))
}

fn absolute(folder: &Path) -> Result<PathBuf, Stop> {
    let wrong = |why: String| Stop::usage(format!("--inbox {}: {why}", folder.display()));
    let whole = std::fs::canonicalize(folder).map_err(|error| wrong(error.to_string()))?;
    if whole.is_dir() { Ok(whole) } else { Err(wrong("it is no folder".to_owned())) }
}
