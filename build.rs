//! Puts `stdlib/` and `runbooks/` into the binary: a table of each, generated from the folders.
//!
//! Knows folders and file names only; what the files hold is the compiler's business.
#![expect(clippy::disallowed_methods, reason = "a build script reads the environment and writes files")]

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let variable = |name: &str| std::env::var(name).map(PathBuf::from).map_err(io::Error::other);
    let (root, out) = (variable("CARGO_MANIFEST_DIR")?, variable("OUT_DIR")?);
    let mut tables = String::new();
    for (table, folder, prefix, what) in [
        ("STDLIB", "stdlib", "std", "The modules of the standard library, by name."),
        ("RUNBOOKS", "runbooks", "runbooks", "The bundled runbooks and the modules beside them, by name."),
    ] {
        println!("cargo:rerun-if-changed={folder}");
        let folder = root.join(folder);
        let mut files = vec![];
        collect(&folder, &mut files).map_err(|error| {
            io::Error::new(error.kind(), format!("{} cannot be read: {error}", folder.display()))
        })?;
        files.sort();
        tables.push_str(&rows(table, what, prefix, &folder, &files));
    }
    std::fs::write(out.join("bundled.rs"), tables)
}

/// Every `.runbook` file below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "runbook") {
            files.push(path);
        }
    }
    Ok(())
}

/// A table of files as Rust: each under its place below the folder, without its ending.
fn rows(table: &str, what: &str, prefix: &str, folder: &Path, files: &[PathBuf]) -> String {
    let mut text = format!("/// {what}\npub const {table}: &[Bundled] = &[\n");
    for file in files {
        let below = file.strip_prefix(folder).unwrap_or(file).with_extension("");
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        let path = format!("{prefix}/{}", parts.join("/"));
        let file = file.to_string_lossy();
        // Writing to a text cannot fail.
        let _ = writeln!(text, "    Bundled {{ path: {path:?}, text: include_str!({file:?}) }},");
    }
    text + "];\n"
}
