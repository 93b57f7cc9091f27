//! The older plan of `plan --against`: a plan in JSON, a runbook, or a runbook of a git revision.

use std::path::Path;

use serde_json::Value as Json;

use crate::cli::args::InputArgs;
use crate::cli::load::{Files, entry};
use crate::cli::{Exit, Stop, inputs};
use crate::compile::{Compiled, Entry, LoadError, Loader, Setting, compile_from};
use crate::host::inputs::from_command;
use crate::view::plan::{Known, outline};

/// What the JSON form of a plan calls itself.
const FORMAT: &str = "bowline-plan/1";

/// The outline of the older plan.
///
/// # Errors
/// Where it cannot be read, is no plan, or does not check.
pub(super) fn old(word: &str, args: &InputArgs, setting: &Setting) -> Result<Json, Stop> {
    if Path::new(word).extension().is_some_and(|ending| ending == "json") {
        return stored("--against", word);
    }
    match word.split_once(':').filter(|_| !Path::new(word).exists()) {
        Some((revision, file)) => {
            let revision = Revision(revision);
            revision.look(word, file)?;
            told(word, &compile_from(&revision, Entry::File(file), setting), args)
        }
        None => told(word, &compile_from(&Files, entry(word), setting), args),
    }
}

/// A plan in JSON that was kept; `option` names it.
///
/// # Errors
/// Where it cannot be read or is no plan.
pub(in crate::cli) fn stored(option: &str, file: &str) -> Result<Json, Stop> {
    let unread = |why: String| Stop::usage(format!("{option} {file}: {why}"));
    let bytes = Files.read(file).map_err(|error| match error {
        LoadError::Unreadable(why) => unread(why),
        LoadError::TooLarge(_) => unread("it is too large".to_owned()),
    })?;
    let plan: Json = serde_json::from_slice(&bytes).map_err(|error| unread(error.to_string()))?;
    if plan.get("format").and_then(Json::as_str) != Some(FORMAT) {
        return Err(unread("it is no plan; `bowline plan --format json` writes one".to_owned()));
    }
    Ok(plan)
}

fn told(word: &str, compiled: &Compiled, args: &InputArgs) -> Result<Json, Stop> {
    let Some(plan) = &compiled.plan else {
        crate::cli::check::report(compiled);
        let message = format!("--against {word}: the older runbook does not check");
        return Err(Stop { exit: Exit::Invalid, message });
    };
    // What it does not have as an input is none of its plan.
    let given = inputs::given(plan, args).unwrap_or_default();
    let known = inputs::sealed(plan, &inputs::known(plan, &given)?);
    serde_json::to_value(outline(plan, Known::new(plan, known), true))
        .map_err(|error| Stop::internal(error.to_string()))
}

/// Files as they are in a revision of the repository around the working folder.
struct Revision<'a>(&'a str);

impl Revision<'_> {
    /// What git calls a file as it was.
    fn object(&self, path: &str) -> String {
        format!("{}:./{}", self.0, path.trim_start_matches("./"))
    }

    /// Whether git has something by a name.
    fn has(name: &str) -> bool {
        let words = ["git", "rev-parse", "--quiet", "--verify", "--end-of-options", name].map(str::to_owned);
        from_command(&words, Path::new(".")).is_ok()
    }

    /// Whether revision and file are there; the usual mistakes are told in words of their own.
    fn look(&self, word: &str, file: &str) -> Result<(), Stop> {
        let revision = self.0;
        if !Self::has(&format!("{revision}^{{commit}}")) {
            return Err(Stop::usage(format!(
                "--against {word}: there is no file {word}, and git has no revision {revision} here; a shallow clone has only \
                 the newest, fetch the others first"
            )));
        }
        if !Self::has(&self.object(file)) {
            return Err(Stop::usage(format!(
                "--against {word}: {file} is not in revision {revision}; a new runbook has nothing to be compared with"
            )));
        }
        Ok(())
    }
}

impl Loader for Revision<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let object = self.object(path);
        if !Self::has(&object) {
            return Err(LoadError::Unreadable(format!("it is not in revision {}", self.0)));
        }
        let words = ["git", "--no-pager", "show", "--end-of-options", &object].map(str::to_owned);
        from_command(&words, Path::new("."))
            .map(|text| (text + "\n").into_bytes())
            .map_err(|why| LoadError::Unreadable(format!("in revision {}: {why}", self.0)))
    }
}
