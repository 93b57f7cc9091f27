//! Makes runbooks of any size.

use std::io::Write;
use std::path::{Path, PathBuf};

/// What the steps of a made runbook are like.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A program; nothing to undo.
    Plain,
    /// A program and a rollback that is another.
    Undone,
}

/// Writes a runbook of so many steps, 67 bytes each, and what is to follow them.
pub(crate) fn write(file: &Path, steps: u32, kind: Kind, rest: &str) {
    let mut text = std::io::BufWriter::new(std::fs::File::create(file).unwrap());
    writeln!(text, "runbook \"{steps} steps\" 1.0.0").unwrap();
    for n in 1..=steps {
        match kind {
            Kind::Plain => {
                writeln!(text, "step \"s{n}\" {{\n  run true\n  rollback none \"it does nothing\"\n}}")
            }
            Kind::Undone => {
                writeln!(text, "step \"s{n}\" {{\n  run true {n}\n  rollback {{ run true -{n} }}\n}}")
            }
        }
        .unwrap();
    }
    write!(text, "{rest}").unwrap();
    text.flush().unwrap();
}

/// Writes one into a folder, by its number of steps.
pub(crate) fn made(folder: &Path, steps: u32, kind: Kind, rest: &str) -> PathBuf {
    let file = folder.join(format!("{steps}.runbook"));
    write(&file, steps, kind, rest);
    file
}
