//! `bowline resume`, and what `settle` and `cancel` share with it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::args::{DriveArgs, ResumeArgs};
use super::config::Found;
use super::drive::{Drive, answers, bury, find, fold, go, named, next_command, open_store, settings, status};
use super::out::Console;
use super::{Done, Exit, Stop, inputs, people};
use crate::config::OPERATOR;
use crate::event::{Actor, Ending, Event, Fact, RunState};
use crate::host::people::Approvers;
use crate::journal::{RunInfo, Store, Writer};
use crate::plan::Plan;
use crate::run::{ExitCode, refill, stuck};
use crate::value::Value;

/// Goes on with a run.
pub(super) fn resume(args: &ResumeArgs) -> Done {
    let store = open_store(&args.drive.journal)?;
    let info = find(&store, Some(&args.run))?;
    let stored = Stored::read(&store, info)?;
    if let Some(exit) = stored.ended() {
        return Ok(exit);
    }
    let first = stored.taken_up(&args.drive)?;
    stored.go_on(&store, &args.drive, first)
}

/// A run taken from the journal, with the right to drive it.
pub(super) struct Stored {
    pub(super) info: RunInfo,
    pub(super) plan: Plan,
    pub(super) state: RunState,
    /// What was recorded so far.
    past: Vec<Event>,
    /// The `bowline.toml` that the run was started under.
    found: Found,
    /// Who has driven it so far.
    drove: BTreeSet<String>,
    writer: Writer,
}

impl Stored {
    /// Takes the lease and folds what was recorded.
    pub(super) fn read(store: &Store, info: RunInfo) -> Result<Self, Stop> {
        let internal = |error: crate::journal::StoreError| Stop::internal(error.to_string());
        let leased = store.lease(&info).map_err(internal)?;
        let writer = leased.map_err(|held| Stop { exit: Exit::Waiting, message: held.to_string() })?;
        let plan = store.plan(&info).map_err(internal)?;
        let events = store.events(&info).map_err(internal)?;
        let state = fold(&plan, &events)?;
        let found = found_then(store.sources(&info).map_err(internal)?);
        if state.seq == 0 {
            let message = format!("run {} never began: nothing was done; run it again", info.id);
            return Err(Stop::usage(message));
        }
        let drove = drove(&events);
        Ok(Self { info, plan, state, past: events, found, drove, writer })
    }

    /// Who drives it from here on.
    pub(super) fn operator(&self, args: &DriveArgs) -> Result<Actor, Stop> {
        people::operator(args, &self.found)
    }

    /// What is recorded when it is taken up.
    pub(super) fn taken_up(&self, args: &DriveArgs) -> Result<Vec<Fact>, Stop> {
        let operator = self.operator(args)?;
        let name = people::in_the_name_of(&operator);
        Ok(std::iter::once(Fact::Resumed { settings: settings(args, operator) }).chain(name).collect())
    }

    /// The exit of a run that has ended; `None` while it has not.
    pub(super) fn ended(&self) -> Option<Exit> {
        let (ending, _) = self.state.finished.as_ref()?;
        Console.say(&format!("run {} has ended; `bowline show {}` tells it\n", self.info.id, self.info.id));
        Some(match ending {
            Ending::Completed => Exit::Completed,
            Ending::RolledBack => Exit::RolledBack,
            Ending::FailedKept => Exit::FailedKept,
        })
    }

    /// Records facts and leaves the run as it then stands.
    pub(super) fn record(mut self, store: &Store, facts: Vec<Fact>) -> Done {
        let internal = |error: &dyn std::fmt::Display| Stop::internal(error.to_string());
        let events = self.writer.record(self.state.seq, facts).map_err(|error| internal(&error))?;
        for event in &events {
            self.state.apply(&self.plan, event).map_err(|error| internal(&error))?;
        }
        let code = ExitCode::of(&self.plan, &self.state);
        self.writer.set_status(status(code)).map_err(|error| internal(&error))?;
        Console.say(&next_command(code, &named(store, &self.info.id), &stuck(&self.plan, &self.state)));
        Ok(Exit::Completed)
    }

    /// Drives it on; `first` (what took it up, and what was settled) is recorded before anything else.
    pub(super) fn go_on(mut self, store: &Store, args: &DriveArgs, first: Vec<Fact>) -> Done {
        let answers = answers(args)?;
        let dir = PathBuf::from(&self.state.dir);
        let secrets = self.fetch_secrets(&dir)?;
        let lost = refill(&self.plan, &mut self.state);
        if !lost.is_empty() {
            Console.say(&format!("secret values that a program gave are gone: {}\n", lost.join(", ")));
        }
        bury(&self.info.id, &self.state)?;
        let operator = self.operator(args)?;
        let ways = people::ways(&self.found);
        let operators = self.drove.into_iter().chain(people::own_names(&operator)).collect();
        let drive = Drive {
            info: self.info,
            plan: &self.plan,
            state: self.state,
            past: self.past,
            first,
            dir,
            hidden: [inputs::hidden(&self.plan), ways.hidden].concat(),
            secrets,
            answers,
            approvers: Approvers { groups: self.found.members(), operators },
            operator,
            channels: ways.channels,
        };
        go(store, self.writer, drive, args)
    }

    /// Secrets are never stored: each is asked of its source again and must be the same.
    fn fetch_secrets(&mut self, dir: &std::path::Path) -> Result<Vec<String>, Stop> {
        let mut clear = vec![];
        for input in self.state.inputs.clone() {
            let (Value::Secret(_), Some(expected)) = (&input.value, &input.fingerprint) else { continue };
            let (value, text) = inputs::secret_again(&self.plan, input.var, dir)?;
            if let Value::Secret(secret) = &value
                && inputs::fingerprint(&self.state.salt, secret) != *expected
            {
                let message =
                    format!("secret `{}` is not the one that the run was started with", secret.origin);
                return Err(Stop { exit: Exit::Waiting, message });
            }
            self.state.supply(input.var, &value);
            clear.push(text);
        }
        Ok(clear)
    }
}

/// The `bowline.toml` among the files of a run: it stands behind the runbook and its modules.
fn found_then(sources: Vec<(String, String)>) -> Found {
    let is_module = |name: &str| name.ends_with(".runbook") || name.starts_with("std/");
    let config = sources.into_iter().skip(1).find(|(name, _)| !is_module(name));
    config.map(|(name, text)| Found::of_run(name.into(), text)).unwrap_or_default()
}

/// Everybody who has driven a run.
fn drove(events: &[Event]) -> BTreeSet<String> {
    let names = events.iter().filter_map(|event| match &event.fact {
        Fact::Started { settings, .. } | Fact::Resumed { settings } => Some(settings.operator.name.clone()),
        Fact::RoleBound { role, by, .. } if role == OPERATOR => Some(by.name.clone()),
        _ => None,
    });
    names.collect()
}
