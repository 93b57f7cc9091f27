//! `bowline.toml` for the commands: found, read, and handed on as what compiler, host and journal take.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::args::{ConfigArgs, JournalArgs};
use super::load::Files;
use super::out::Console;
use super::{Exit, Stop};
use crate::compile::{Level, Levels, LoadError, Loader, Setting};
use crate::config::{self, Config, FILE_NAME, MAX_BYTES, Reading};
use crate::diag::{Diagnostic, Severity, codes};
use crate::event::OPERATOR;
use crate::program::{GroupSize, Names};
use crate::text::{Source, SourceId, Sources, Span};
use crate::view::{Report, diagnostics_json, diagnostics_text};

/// The `bowline.toml` that a command goes by; everything is at its default where there is none.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) config: Config,
    file: Option<File>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

#[derive(Debug)]
struct File {
    /// Absolute.
    path: PathBuf,
    text: String,
    /// As it may be shown.
    sources: Sources,
}

impl Found {
    /// The file that is named, else the nearest one beside a runbook or in a folder above it. Without a
    /// runbook on disk, it is the nearest one from the working folder upwards.
    ///
    /// # Errors
    /// When the command line names one that is not there.
    pub(super) fn look(args: &ConfigArgs, runbook: Option<&str>) -> Result<Self, Stop> {
        if let Some(path) = &args.config {
            let there = std::fs::metadata(path);
            there.map_err(|error| Stop::usage(format!("--config {}: {error}", path.display())))?;
            return Ok(Self::load(&absolute(path)));
        }
        let Some(path) = nearest_file(runbook) else { return Ok(Self::default()) };
        match foreign_owner(&path, runbook) {
            None => Ok(Self::load(&path)),
            Some(owner) => Ok(Self::refused(&path, &not_yours(owner))),
        }
    }

    /// The file as it was when a run began.
    pub(super) fn of_run(path: PathBuf, text: String) -> Self {
        Self::read(path, text)
    }

    fn load(path: &Path) -> Self {
        match text(path) {
            Ok(text) => Self::read(path.to_owned(), text),
            Err(report) => Self::refused(path, &report),
        }
    }

    fn read(path: PathBuf, text: String) -> Self {
        let Reading { config, diagnostics, shown } =
            config::read(SourceId::default(), &Source::new(&shown_name(&path), &text));
        let mut sources = Sources::default();
        sources.add(shown);
        Self { config, file: Some(File { path, text, sources }), diagnostics }
    }

    fn refused(path: &Path, report: &Diagnostic) -> Self {
        let mut found = Self::read(path.to_owned(), String::new());
        found.diagnostics = vec![report.clone()];
        found
    }

    /// Whether it is wrong somewhere.
    pub(super) fn is_broken(&self) -> bool {
        self.diagnostics.iter().any(|one| one.severity == Severity::Error)
    }

    /// Where it is, absolute.
    pub(super) fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(|file| file.path.as_path())
    }

    /// Draws what is wrong.
    pub(super) fn report(&self) {
        if let Some(file) = &self.file {
            Console.say(&diagnostics_text(&file.sources, &self.diagnostics, Console.style()));
        }
    }

    /// What is wrong, as data.
    pub(super) fn json(&self) -> Option<serde_json::Value> {
        let file = self.file.as_ref().filter(|_| !self.diagnostics.is_empty())?;
        Some(diagnostics_json(&file.sources, &self.diagnostics))
    }

    /// What is wrong, with the file; `None` where there is none.
    pub(super) fn found(&self) -> Option<Report<'_>> {
        let file = self.file.as_ref()?;
        Some(Report { sources: &file.sources, diagnostics: &self.diagnostics })
    }

    /// For commands that cannot go on with a broken file.
    ///
    /// # Errors
    /// When it is broken; that was then drawn.
    pub(super) fn sound(self) -> Result<Self, Stop> {
        if !self.is_broken() {
            return Ok(self);
        }
        self.report();
        let path = self.path().map(shown_name).unwrap_or_default();
        Err(Stop { exit: Exit::Invalid, message: format!("{path} does not check; nothing was done") })
    }

    /// What the compiler takes of it. Of a broken file no names: what they would cause is no mistake.
    pub(super) fn setting(&self) -> Setting {
        let level = |level: &config::Level| match level {
            config::Level::Allow => Level::Allow,
            config::Level::Warn => Level::Warn,
            config::Level::Deny => Level::Deny,
        };
        let levels = self.config.lints.iter().map(|(code, one)| (code.clone(), level(one)));
        let names = self.file.as_ref().filter(|_| !self.is_broken()).map(|file| self.names(file));
        Setting { levels: Levels(levels.collect()), names, modules: false }
    }

    fn names(&self, file: &File) -> Names {
        let size = |group: &config::Group| GroupSize { people: group.members.len(), line: group.line };
        let roles = self.config.roles.keys().cloned().chain([OPERATOR.to_owned()]);
        Names {
            file: shown_name(&file.path),
            groups: self.config.groups.iter().map(|(name, group)| (name.clone(), size(group))).collect(),
            roles: roles.collect(),
            channels: self.config.channels.keys().cloned().collect(),
            targets: self.config.targets.keys().cloned().chain(["local".to_owned()]).collect(),
        }
    }

    /// Members by group.
    pub(super) fn members(&self) -> BTreeMap<String, Vec<String>> {
        self.config.groups.iter().map(|(name, group)| (name.clone(), group.members.clone())).collect()
    }

    /// A path that the file names: beside it, unless it is absolute or begins with `~/`.
    pub(super) fn beside(&self, written: &str) -> PathBuf {
        if let (Some(below), Ok(home)) = (written.strip_prefix("~/"), etcetera::home_dir()) {
            return home.join(below);
        }
        let folder = self.path().and_then(Path::parent);
        folder.map_or_else(|| PathBuf::from(written), |folder| folder.join(written))
    }

    /// Name and text, to be kept with a run.
    pub(super) fn source(&self) -> Option<(String, String)> {
        self.file.as_ref().map(|file| (file.path.display().to_string(), file.text.clone()))
    }

    /// The folder of the journal: as the command line says, else this file, else the user's own.
    ///
    /// # Errors
    /// When the user has no home.
    pub(super) fn journal(&self, args: &JournalArgs) -> Result<PathBuf, Stop> {
        match (&args.journal, &self.config.journal) {
            (Some(folder), _) => Ok(absolute(folder)),
            (None, Some(written)) => Ok(self.beside(written)),
            (None, None) => default_journal(),
        }
    }
}

fn default_journal() -> Result<PathBuf, Stop> {
    use etcetera::BaseStrategy;
    let strategy = etcetera::choose_base_strategy().map_err(|error| Stop::internal(error.to_string()))?;
    let state = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    Ok(state.join("bowline"))
}

/// The text of a file.
fn text(path: &Path) -> Result<String, Box<Diagnostic>> {
    let shown = shown_name(path);
    let start = Span::new(SourceId::default(), 0, 0);
    let wrong =
        |code, message: String, help: &str| Box::new(Diagnostic::error(code, start, message).help(help));
    let unreadable = |why: String| {
        let help = "check that it is a file, and that you may read it";
        wrong(codes::UNREADABLE, format!("{shown} cannot be read: {why}"), help)
    };
    let too_large = || {
        let message = format!("{shown} is larger than {} MiB", MAX_BYTES >> 20);
        wrong(codes::TOO_LARGE, message, "check that it is a bowline.toml")
    };
    let size = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    if size > MAX_BYTES {
        return Err(too_large());
    }
    let bytes = Files.read(&path.display().to_string()).map_err(|error| match error {
        LoadError::Unreadable(why) => unreadable(why),
        LoadError::TooLarge(_) => too_large(),
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let message = format!("{shown} is not UTF-8 at byte {}", error.utf8_error().valid_up_to());
        wrong(codes::NOT_UTF8, message, "save it in the encoding UTF-8")
    })
}

/// The nearest `bowline.toml` from the folder of a runbook (or the working folder) upwards.
fn nearest_file(runbook: Option<&str>) -> Option<PathBuf> {
    let folder = match runbook.map(Path::new).and_then(Path::parent) {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let folder = std::fs::canonicalize(folder).ok()?;
    folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|file| file.exists())
}

/// The user id of an owner who is neither this user, nor root, nor the owner of the runbook: such a file
/// could name programs that this user then runs.
fn foreign_owner(path: &Path, runbook: Option<&str>) -> Option<u32> {
    let owner = std::fs::metadata(path).ok()?.uid();
    let of_runbook = runbook.and_then(|file| std::fs::metadata(file).ok()).map(|about| about.uid());
    let trusted = [Some(0), Some(rustix::process::getuid().as_raw()), of_runbook];
    (!trusted.contains(&Some(owner))).then_some(owner)
}

fn not_yours(owner: u32) -> Diagnostic {
    let message =
        format!("{FILE_NAME} belongs to somebody else (user {owner}), and would decide what is run");
    Diagnostic::error(codes::CONFIG_OWNER, Span::new(SourceId::default(), 0, 0), message)
        .help("look at it; if it is right, name it with `--config`")
}

/// A path as messages call it: from the working folder where it is below.
fn shown_name(path: &Path) -> String {
    let here = std::fs::canonicalize(".").ok();
    let below = here.as_ref().and_then(|here| path.strip_prefix(here).ok());
    below.unwrap_or(path).display().to_string()
}

/// A path from the root.
fn absolute(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}
