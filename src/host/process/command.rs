//! Turns a request into what the system takes: the file of a program, its words, its environment.
//!
//! Knows what a child gets beside its surroundings. Starts nothing.

use std::collections::HashSet;
use std::ffi::{CString, OsStr, OsString};
use std::io::Write;
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;

use rustix::io::Errno;

use super::birth::{Image, Place, Stillborn};
use crate::event::EffectId;
use crate::host::surroundings::{Surroundings, pair};
use crate::run::Program;

/// A command line that can be started.
#[derive(Debug)]
pub(super) struct Command {
    pub program: CString,
    pub words: Vec<CString>,
    pub env: Vec<CString>,
    pub dir: CString,
    /// Kept until the program has ended.
    pub script: Option<ScriptFile>,
}

/// Why a command line cannot be started, in the user's words.
pub(super) type Refusal = String;

/// Prepares a program of a step.
pub(super) fn prepare(
    around: &Surroundings,
    effect: EffectId,
    address: &str,
    program: &Program,
) -> Result<Command, Refusal> {
    let script =
        program.script.as_deref().map(|text| ScriptFile::write(&around.run, effect, text)).transpose()?;
    let mut words = words(program)?;
    words.extend(script.as_ref().and_then(|script| CString::new(script.file.as_os_str().as_bytes()).ok()));
    let env = environment(around, effect, address, program)?;
    let dir = program.dir.as_ref().map_or_else(|| around.dir.clone(), |dir| around.dir.join(dir));
    let dir = CString::new(dir.into_os_string().into_vec()).map_err(|_| nul("the working folder"))?;
    let name = program.words.first().map(|word| word.clear.as_str()).unwrap_or_default();
    Ok(Command { program: find(name, &search_path(around, program))?, words, env, dir, script })
}

/// Prepares the client that reaches a target. It gets what we got: its agent, its configuration; nothing of the step.
pub(super) fn client(around: &Surroundings, words: &[String]) -> Result<Command, Refusal> {
    let text = |word: &String| CString::new(word.as_str()).map_err(|_| nul("the way to the target"));
    Ok(Command {
        program: find(words.first().map(String::as_str).unwrap_or_default(), around.path())?,
        words: words.iter().map(text).collect::<Result<_, _>>()?,
        env: around.env().map(|(_, both)| both.clone()).collect(),
        dir: CString::new(around.dir.as_os_str().as_bytes()).map_err(|_| nul("the working folder"))?,
        script: None,
    })
}

impl Command {
    /// Ready to start, with these standard streams.
    pub(super) fn image<'a>(
        &'a self,
        streams: [BorrowedFd<'a>; 3],
        place: Place,
        mark: Option<u64>,
    ) -> Image<'a> {
        let Self { program, words, env, dir, .. } = self;
        Image { program, words, env, dir, streams, place, mark }
    }

    /// Why it did not start, with what to do next.
    pub(super) fn refused(&self, why: Stillborn) -> Refusal {
        let program = self.program.to_string_lossy();
        match why {
            Stillborn::Folder(errno) => {
                format!("the working folder {} cannot be entered: {errno}", self.dir.to_string_lossy())
            }
            Stillborn::NoProcess(errno) => {
                format!("the system could not make a process for `{program}`: {errno}")
            }
            Stillborn::Program(Errno::NOENT) => {
                format!("there is no program `{program}`, or the interpreter in its first line is missing")
            }
            Stillborn::Program(Errno::ACCESS) => {
                format!("`{program}` may not be executed; `chmod +x` it if it should be")
            }
            Stillborn::Program(Errno::NOEXEC) => {
                format!("`{program}` is no program: give it a first line with `#!`, or name the interpreter")
            }
            Stillborn::Program(Errno::TOOBIG) => format!(
                "the arguments of `{program}` are too long for the system; hand large values over by `stdin`"
            ),
            Stillborn::Program(errno) => format!("`{program}` could not be started: {errno}"),
        }
    }
}

fn words(program: &Program) -> Result<Vec<CString>, Refusal> {
    let word = |(at, word): (usize, &crate::run::ArgText)| {
        CString::new(word.clear.as_str()).map_err(|_| nul(&format!("word {} of the command", at + 1)))
    };
    program.words.iter().enumerate().map(word).collect()
}

fn nul(what: &str) -> Refusal {
    format!("{what} holds a NUL byte, which no program can be given")
}

fn environment(
    around: &Surroundings,
    effect: EffectId,
    address: &str,
    program: &Program,
) -> Result<Vec<CString>, Refusal> {
    let own = [("BOWLINE_RUN", around.run.clone()), ("BOWLINE_STEP", address.to_owned())];
    let own = own.into_iter().chain([("BOWLINE_EFFECT", effect.0.to_string())]);
    let mut added = vec![];
    for (name, value) in
        program.env.iter().map(|(name, value)| (name.as_str(), value.clear.clone())).chain(own)
    {
        let both =
            pair(OsStr::new(name), OsStr::new(&value)).filter(|_| !name.is_empty() && !name.contains('='));
        added.push((name.to_owned(), both.ok_or_else(|| nul(&format!("the variable {name}")))?));
    }
    let names: HashSet<&OsStr> = added.iter().map(|(name, _)| OsStr::new(name)).collect();
    let inherited = around.env().filter(|(name, _)| !names.contains(name));
    Ok(inherited.map(|(_, both)| both.clone()).chain(added.iter().map(|(_, both)| both.clone())).collect())
}

fn search_path(around: &Surroundings, program: &Program) -> OsString {
    let given = program.env.iter().rev().find(|(name, _)| name == "PATH");
    given.map_or_else(|| around.path().to_owned(), |(_, value)| OsString::from(&value.clear))
}

/// The file of a program: as given where it has a slash (relative to the working folder, as a shell
/// has it), else the first executable file of that name in the folders of `PATH`.
fn find(name: &str, path: &OsStr) -> Result<CString, Refusal> {
    if name.is_empty() {
        return Err("the command is empty: its first word has no text".into());
    }
    if name.contains('/') {
        return CString::new(name).map_err(|_| nul("the program's name"));
    }
    let files = std::env::split_paths(path).map(|folder| folder.join(name));
    let found = files
        .into_iter()
        .find(|file| file.is_file() && rustix::fs::access(file, rustix::fs::Access::EXEC_OK).is_ok());
    let found = found.and_then(|file| CString::new(file.into_os_string().into_vec()).ok());
    found.ok_or_else(|| format!("there is no program `{name}` in PATH; install it, or write its whole path"))
}

/// A script in a folder of its own that only we can enter: an interpreter may look for modules beside
/// it. Removed when dropped.
#[derive(Debug)]
pub(super) struct ScriptFile {
    folder: PathBuf,
    file: PathBuf,
}

impl ScriptFile {
    fn write(run: &str, effect: EffectId, text: &str) -> Result<Self, Refusal> {
        let refused =
            |error: std::io::Error| format!("the script could not be written to a temporary file: {error}");
        let folder = std::env::temp_dir();
        for attempt in 0..1000 {
            let own = folder.join(format!("bowline-{run}-{}-{}-{attempt}", effect.0, std::process::id()));
            match std::fs::DirBuilder::new().mode(0o700).create(&own) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(refused(error)),
                Ok(()) => {
                    let script = Self { file: own.join("script"), folder: own };
                    let options =
                        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).clone();
                    let mut file = options.open(&script.file).map_err(refused)?;
                    file.write_all(text.as_bytes()).map_err(refused)?;
                    return Ok(script);
                }
            }
        }
        Err(format!("no free name for a temporary file in {}", folder.display()))
    }
}

impl Drop for ScriptFile {
    fn drop(&mut self) {
        // Best effort: a file that is gone already is what we want.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
