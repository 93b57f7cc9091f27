//! The Python that practice systems run on, without what may stand before it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// Has what a command starts find its Python at once, and keep what it compiled.
pub(crate) fn quick(command: &mut Command) -> &mut Command {
    let kept = concat!(env!("CARGO_TARGET_TMPDIR"), "/python");
    command.env("PATH", path()).env_remove("PYTHONDONTWRITEBYTECODE").env("PYTHONPYCACHEPREFIX", kept)
}

/// `PATH` with the folder of the interpreter itself first: a wrapper such as pyenv's looks for it at every start, which takes
/// longer than the start. Without Python the path as it is.
fn path() -> &'static OsString {
    static PATH: OnceLock<OsString> = OnceLock::new();
    PATH.get_or_init(|| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = folder().into_iter().chain(std::env::split_paths(&path));
        std::env::join_paths(folders).unwrap_or(path)
    })
}

/// The folder of the interpreter that `python3` starts.
fn folder() -> Option<PathBuf> {
    let script = "import sys; print(sys.executable, end='')";
    let output = Command::new("python3").args(["-c", script]).output().ok()?;
    let program = PathBuf::from(String::from_utf8(output.stdout).ok()?);
    program.parent().filter(|folder| folder.is_absolute()).map(PathBuf::from)
}
