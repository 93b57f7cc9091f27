//! `bowline new`: a runbook to begin from.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::out::Console;
use super::{Done, Exit, Stop};
use crate::catalog::templates::{TEMPLATES, Template};
use crate::diag::nearest;

#[derive(Debug, Args)]
pub(super) struct NewArgs {
    /// What it is for: release, incident, migration, rotation or failover (default: a list of them)
    pub(super) kind: Option<String>,
    /// What it is called: the file, and its title (default: the kind)
    pub(super) name: Option<String>,
    /// Print it instead of writing a file
    #[arg(long)]
    pub(super) print: bool,
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
    let shown = file.display();
    Console.result(&format!("{shown}\n"));
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
            _ => format!("{shown} cannot be written: {error}"),
        })
    };
    let mut made = OpenOptions::new().write(true).create_new(true).open(file).map_err(failed)?;
    made.write_all(text.as_bytes()).map_err(failed)
}
