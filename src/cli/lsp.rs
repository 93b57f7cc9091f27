//! `bowline lsp`.

mod copies;

use std::io::BufReader;
use std::path::Path;

use clap::Args;

use super::Exit;
use super::args::ConfigArgs;
use super::config::Found;
use super::load::Files;
use super::out::STANDARD;
use crate::compile::{LoadError, Loader, Setting};
use crate::lsp::{Below, End, World, serve};

#[derive(Debug, Args)]
pub(super) struct LspArgs {
    #[command(flatten)]
    pub(super) config: ConfigArgs,
    /// Speak over standard input and output; there is no other way, and editors like to say it
    #[arg(long)]
    pub(super) stdio: bool,
}

/// Serves an editor over standard input and output until it says so.
pub(super) fn lsp(args: &LspArgs) -> Exit {
    // A bug costs one answer, not the conversation: the server goes on, and the default hook tells of it.
    drop(std::panic::take_hook());
    let end =
        serve(BufReader::new(std::io::stdin()), &mut std::io::stdout(), &Machine { config: &args.config });
    match end {
        End::Clean => Exit::Completed,
        End::Abrupt => Exit::RolledBack,
    }
}

/// The machine, as the server may know it.
struct Machine<'m> {
    config: &'m ConfigArgs,
}

impl Loader for Machine<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        // Standard input is the editor's.
        if path == STANDARD {
            return Err(LoadError::Unreadable("it is not a file".to_owned()));
        }
        Files.read(path)
    }
}

impl World for Machine<'_> {
    /// A file that cannot be used says nothing; `bowline check` tells why.
    fn setting(&self, path: &str) -> Setting {
        let file = Path::new(path).is_file().then_some(path);
        let found = Found::look(self.config, file).unwrap_or_default();
        Setting { modules: true, ..found.setting() }
    }

    fn files_below(&self, folder: &str, most: usize) -> Below {
        files_below(Path::new(folder), most)
    }

    fn copy_of(&self, bundled: &str) -> Option<String> {
        Some(copies::of(bundled)?.to_string_lossy().into_owned())
    }

    fn is_copy(&self, path: &str) -> bool {
        copies::folder().is_some_and(|folder| Path::new(path).starts_with(folder))
    }
}

/// What a folder holds that a program made and can make again: its tag says so (`target/` of cargo, caches).
const CACHE_TAG: &str = "CACHEDIR.TAG";

/// The `.runbook` files below a folder, in order, at most so many; of what cannot be read none. A folder of a million files
/// must not keep an editor waiting, so the walk ends where nobody would wait for it, and says so.
fn files_below(folder: &Path, most: usize) -> Below {
    let (mut files, mut folders) = (vec![], vec![folder.to_owned()]);
    let mut looked = 0;
    while let Some(folder) = folders.pop() {
        if files.len() >= most || looked >= 20 * most {
            return Below { files: ordered(files, most), more: true };
        }
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            looked += 1;
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && is_written_by_people(&path) {
                folders.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|ending| ending == "runbook") {
                files.push(path.to_string_lossy().into_owned());
            }
        }
    }
    let more = files.len() > most;
    Below { files: ordered(files, most), more }
}

fn ordered(mut files: Vec<String>, most: usize) -> Vec<String> {
    files.sort();
    files.truncate(most);
    files
}

/// Whether what stands in a folder is somebody's own: neither hidden, nor packages, nor a cache.
fn is_written_by_people(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default();
    !name.to_string_lossy().starts_with('.') && name != "node_modules" && !folder.join(CACHE_TAG).exists()
}
