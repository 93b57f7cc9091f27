//! `bowline fmt`: files in their canonical form.

use std::io::Write;
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::Path;

use clap::Args;

use super::load::{Files, each, entry};
use super::out::{Console, STANDARD};
use super::{Done, Exit, Stop};
use crate::compile::{Entry, LoadError, Loader, bundled};
use crate::fmt::{Formatted, format};
use crate::text::{MAX_SOURCE_BYTES, Source};

#[derive(Debug, Args)]
pub(super) struct FmtArgs {
    /// The runbooks and modules, of a folder all that are in it; `-` reads standard input and prints
    #[arg(required = true)]
    pub(super) files: Vec<String>,
    /// Write nothing; name the files that would change, and exit with 1 if there are any
    #[arg(long)]
    pub(super) check: bool,
}

/// Writes each file in its canonical form; with `--check`, only names those that are not in it.
/// Statements that cannot be read stay as they are, and the exit code says so; a file that cannot be read hides no other.
/// What is inside the binary is printed, as standard input is.
pub(super) fn fmt(args: &FmtArgs) -> Done {
    let (mut changed, mut broken, mut stopped) = (false, false, None);
    for file in each(&args.files)? {
        match one(&file, args.check) {
            Ok(came) => {
                changed |= came.changed;
                broken |= !came.whole;
            }
            Err(stop) => stopped = Some(told(stopped, stop)),
        }
    }
    match stopped {
        Some(stop) => Err(stop),
        None if broken => Ok(Exit::Invalid),
        None if args.check && changed => Ok(Exit::RolledBack),
        None => Ok(Exit::Completed),
    }
}

/// What came of a file.
struct Came {
    changed: bool,
    whole: bool,
}

fn one(file: &str, check: bool) -> Result<Came, Stop> {
    let entry = entry(file);
    let text = text_of(entry)?;
    let done = format(&Source::new(file, &text));
    if !done.whole {
        Console.say(&format!(
            "{file}: some of it cannot be read and stays as it is; `bowline check` says what\n"
        ));
    }
    settle(entry, &text, &done, check)?;
    Ok(Came { changed: done.text != text, whole: done.whole })
}

/// Tells of the earlier stop; the later one is told at the end, and the exit code is that of the first.
fn told(earlier: Option<Stop>, stop: Stop) -> Stop {
    match earlier {
        Some(earlier) => {
            Console.say(&format!("bowline: {}\n", earlier.message));
            Stop { exit: earlier.exit, ..stop }
        }
        None => stop,
    }
}

fn text_of(entry: Entry<'_>) -> Result<String, Stop> {
    let bytes = match entry {
        Entry::Bundled(bundled) => return Ok(bundled.text.to_owned()),
        Entry::File(file) => Files.read(file).map_err(|error| unread(file, error))?,
    };
    String::from_utf8(bytes).map_err(|_| {
        let file = entry.file().unwrap_or_default();
        let message = format!("{file} is not UTF-8 text; `bowline check` says where");
        Stop { exit: Exit::Invalid, message }
    })
}

/// Why a file is not read; one that cannot be is as invalid here as `check` says that it is.
fn unread(file: &str, error: LoadError) -> Stop {
    let near =
        bundled::nearest(file).map(|near| format!("; did you mean {near}, which is in bowline itself?"));
    let message = match error {
        LoadError::Unreadable(why) => format!("{file} cannot be read: {why}{}", near.unwrap_or_default()),
        LoadError::TooLarge(bytes) => {
            format!("{file} has {bytes} bytes, more than the {MAX_SOURCE_BYTES} that a source may have")
        }
    };
    Stop { exit: Exit::Invalid, message }
}

fn settle(entry: Entry<'_>, before: &str, done: &Formatted, check: bool) -> Result<(), Stop> {
    let same = done.text == before;
    match entry {
        Entry::File(STANDARD) | Entry::Bundled(_) if !check => Console.result(&done.text),
        _ if same => {}
        Entry::Bundled(bundled) => Console.result(&format!("{}\n", bundled.path)),
        Entry::File(file) if check => Console.result(&format!("{file}\n")),
        Entry::File(file) => replace(Path::new(file), &done.text)
            .map_err(|error| Stop::usage(format!("{file} cannot be written: {error}")))?,
    }
    Ok(())
}

/// Whole or not at all: written beside the file, then put in its place, with its permissions and, where that is allowed,
/// its owner. A link is followed.
pub(super) fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let file = file.canonicalize()?;
    let mut name = std::ffi::OsString::from(".");
    name.push(file.file_name().unwrap_or_default());
    name.push(format!(".{}", std::process::id()));
    let beside = file.with_file_name(name);
    let written = std::fs::File::create(&beside).and_then(|mut new| {
        let before = std::fs::metadata(&file)?;
        // Only who may give files away can; for others it is theirs from here on.
        let _ = fchown(&new, Some(before.uid()), Some(before.gid()));
        new.set_permissions(before.permissions())?;
        new.write_all(text.as_bytes())?;
        new.sync_all()?;
        std::fs::rename(&beside, &file)
    });
    if written.is_err() {
        // The first error is the one to tell.
        let _ = std::fs::remove_file(&beside);
    }
    written
}
