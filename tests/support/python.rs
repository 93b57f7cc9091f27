//! The Python that practice systems run on, without what may stand before it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Has what a command starts find its Python at once, and keep what it compiled.
pub(crate) fn quick(command: &mut Command) -> &mut Command {
    let kept = concat!(env!("CARGO_TARGET_TMPDIR"), "/python");
    command.env("PATH", path()).env_remove("PYTHONDONTWRITEBYTECODE").env("PYTHONPYCACHEPREFIX", kept)
}

/// `PATH` with the folder of a Python of our own first: a wrapper such as pyenv's looks for the interpreter at every start, and
/// what is installed beside it may want to be loaded at every start. Each takes longer than the start. Without Python the path
/// as it is.
fn path() -> &'static OsString {
    static PATH: OnceLock<OsString> = OnceLock::new();
    PATH.get_or_init(|| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = folder().into_iter().chain(std::env::split_paths(&path));
        std::env::join_paths(folders).unwrap_or(path)
    })
}

/// The folder of the programs of an environment with the interpreter that `python3` starts and nothing but its standard library.
fn folder() -> Option<PathBuf> {
    let script = "import sys; print(sys.executable, end='')";
    let output = Command::new("python3").args(["-c", script]).output().ok()?;
    let program = PathBuf::from(String::from_utf8(output.stdout).ok()?);
    let home = program.parent().filter(|folder| folder.is_absolute())?;
    let of = home.display().to_string().replace('/', "-");
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("python{of}"));
    environment(&place, &program, home).ok()?;
    Some(place.join("bin"))
}

/// What `python3 -m venv --without-pip` makes, made by whoever comes first: others see all of it or nothing.
fn environment(place: &Path, program: &Path, home: &Path) -> std::io::Result<()> {
    if place.join("bin/python3").exists() {
        return Ok(());
    }
    let made = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let bin = made.path().join("env/bin");
    std::fs::create_dir_all(&bin)?;
    std::os::unix::fs::symlink(program, bin.join("python3"))?;
    let text = format!("home = {}\ninclude-system-site-packages = false\n", home.display());
    std::fs::write(made.path().join("env/pyvenv.cfg"), text)?;
    match std::fs::rename(made.path().join("env"), place) {
        Err(_) if place.join("bin/python3").exists() => Ok(()),
        renamed => renamed,
    }
}
