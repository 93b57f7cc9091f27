//! `bowline new`: a runbook to begin from.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Args, Command};

use super::out::Console;
use super::{Done, Exit, Stop};
use crate::catalog::templates::{TEMPLATES, Template};
use crate::diag::nearest;
use crate::value::shell_word;

#[derive(Debug, Args)]
pub(super) struct NewArgs {
    /// What it is for (default: a list of them)
    #[arg(value_parser = Kind)]
    pub(super) kind: Option<String>,
    /// What it is called: the file, and its title (default: the kind)
    pub(super) name: Option<String>,
    /// Print it instead of writing a file
    #[arg(long)]
    pub(super) print: bool,
}

/// A word that shells complete to the kinds of templates; what is none of them is told by us.
#[derive(Clone)]
struct Kind;

impl TypedValueParser for Kind {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, word: &OsStr) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, word)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue>>> {
        Some(Box::new(TEMPLATES.iter().map(|one| PossibleValue::new(one.kind).help(one.about))))
    }
}

/// Writes a runbook to begin from, and never over a file that is there.
pub(super) fn new(args: &NewArgs) -> Done {
    let Some(kind) = &args.kind else {
        let width = TEMPLATES.iter().map(|one| one.kind.len()).max().unwrap_or_default();
        let lines = TEMPLATES.iter().map(|one| format!("{:width$}  {}\n", one.kind, one.about));
        Console.result(&lines.collect::<String>());
        return Ok(Exit::Completed);
    };
    let template = template(kind)?;
    let file = file_of(args.name.as_deref().unwrap_or(kind))?;
    let text = template.titled(&title_of(&file));
    if args.print {
        Console.result(&text);
        return Ok(Exit::Completed);
    }
    write(&file, &text)?;
    Console.result(&format!("{}\n", file.display()));
    let shown = shell_word(&file.to_string_lossy());
    Console.say(&format!(
        "next: put your programs where it says \"Fill in\", then `bowline check {shown}` and `bowline plan {shown}`\n"
    ));
    Ok(Exit::Completed)
}

fn template(kind: &str) -> Result<&'static Template, Stop> {
    let kinds = || TEMPLATES.iter().map(|one| one.kind);
    TEMPLATES.iter().find(|one| one.kind == kind).ok_or_else(|| {
        let help = match nearest(kind, kinds()) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("there are {}", kinds().collect::<Vec<_>>().join(", ")),
        };
        Stop::usage(format!("there is no template {kind}; {help}"))
    })
}

/// The file of a name; its ending may be left out.
fn file_of(name: &str) -> Result<PathBuf, Stop> {
    let stem = name.strip_suffix(".runbook").unwrap_or(name);
    if name.contains(char::is_control) {
        return Err(Stop::usage(format!(
            "{} has a line break or another control character; write a name without, such as `upgrade`",
            name.escape_debug()
        )));
    }
    if stem.is_empty() || stem.ends_with('/') || stem.ends_with("..") {
        return Err(Stop::usage(format!("{name} names no file; write a name, such as `upgrade`")));
    }
    Ok(PathBuf::from(format!("{stem}.runbook")))
}

/// `ops/switch-dns.runbook`: "Switch dns".
fn title_of(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let words = stem.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn write(file: &Path, text: &str) -> Result<(), Stop> {
    let failed = |error: std::io::Error| {
        let shown = file.display();
        Stop::usage(match error.kind() {
            ErrorKind::AlreadyExists => format!("{shown} is there already; write another name"),
            ErrorKind::NotFound => {
                format!("{shown} cannot be written: its folder is not there; make it first")
            }
            _ => format!("{shown} cannot be written: {error}"),
        })
    };
    let mut made = OpenOptions::new().write(true).create_new(true).open(file).map_err(failed)?;
    made.write_all(text.as_bytes()).map_err(failed)
}
