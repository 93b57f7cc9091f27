//! `bowline fmt`: files in their canonical form.

use std::io::{Read, Write};
use std::path::Path;

use super::args::FmtArgs;
use super::load::Files;
use super::out::Console;
use super::{Done, Exit, Stop};
use crate::compile::{LoadError, Loader};
use crate::fmt::{Formatted, format};
use crate::text::{MAX_SOURCE_BYTES, Source};

/// Writes each file in its canonical form; with `--check`, only names those that are not in it.
/// Statements that cannot be read stay as they are, and the exit code says so.
pub(super) fn fmt(args: &FmtArgs) -> Done {
    let (mut changed, mut broken) = (false, false);
    for file in &args.files {
        let text = text_of(file)?;
        let done = format(&Source::new(file, &text));
        if !done.whole {
            Console.say(&format!(
                "{file}: some of it cannot be read and stays as it is; `bowline check` says what\n"
            ));
        }
        broken |= !done.whole;
        changed |= done.text != text;
        settle(file, &text, &done, args.check)?;
    }
    Ok(match (broken, args.check && changed) {
        (true, _) => Exit::Invalid,
        (_, true) => Exit::RolledBack,
        _ => Exit::Completed,
    })
}

fn text_of(file: &str) -> Result<String, Stop> {
    let bytes = if file == "-" {
        let mut bytes = vec![];
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|error| Stop::usage(format!("standard input: {error}")))?;
        bytes
    } else {
        Files.read(file).map_err(|error| {
            Stop::usage(match error {
                LoadError::Unreadable(why) => format!("{file} cannot be read: {why}"),
                LoadError::TooLarge(bytes) => {
                    format!(
                        "{file} has {bytes} bytes, more than the {MAX_SOURCE_BYTES} that a source may have"
                    )
                }
            })
        })?
    };
    String::from_utf8(bytes).map_err(|_| {
        let message = format!("{file} is not UTF-8 text; `bowline check` says where");
        Stop { exit: Exit::Invalid, message }
    })
}

fn settle(file: &str, before: &str, done: &Formatted, check: bool) -> Result<(), Stop> {
    match (file, done.text == before) {
        ("-", _) if !check => Console.result(&done.text),
        (_, true) => {}
        (_, false) if check => Console.result(&format!("{file}\n")),
        (_, false) => replace(Path::new(file), &done.text)
            .map_err(|error| Stop::usage(format!("{file} cannot be written: {error}")))?,
    }
    Ok(())
}

/// Whole or not at all: written beside the file, then put in its place, with its permissions. A link is followed.
fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let file = file.canonicalize()?;
    let mut name = std::ffi::OsString::from(".");
    name.push(file.file_name().unwrap_or_default());
    name.push(format!(".{}", std::process::id()));
    let beside = file.with_file_name(name);
    let written = std::fs::File::create(&beside).and_then(|mut new| {
        new.set_permissions(std::fs::metadata(&file)?.permissions())?;
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
