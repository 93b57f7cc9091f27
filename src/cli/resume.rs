//! `bowline resume`, and what `settle` and `cancel` share with it.

use std::path::PathBuf;

use super::args::{DriveArgs, ResumeArgs};
use super::drive::{Drive, answers, bury, find, fold, go, next_command, open_store, settings, status};
use super::out::Console;
use super::{Done, Exit, Stop, inputs};
use crate::event::{Ending, Fact, RunState};
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
    let first = vec![Fact::Resumed { settings: settings(&args.drive) }];
    stored.go_on(&store, &args.drive, first)
}

/// A run taken from the journal, with the right to drive it.
pub(super) struct Stored {
    pub(super) info: RunInfo,
    pub(super) plan: Plan,
    pub(super) state: RunState,
    writer: Writer,
}

impl Stored {
    /// Takes the lease and folds what was recorded.
    pub(super) fn read(store: &Store, info: RunInfo) -> Result<Self, Stop> {
        let internal = |error: crate::journal::StoreError| Stop::internal(error.to_string());
        let leased = store.lease(&info).map_err(internal)?;
        let writer = leased.map_err(|held| Stop { exit: Exit::Waiting, message: held.to_string() })?;
        let plan = store.plan(&info).map_err(internal)?;
        let state = fold(&plan, &store.events(&info).map_err(internal)?)?;
        if state.seq == 0 {
            let message = format!("run {} never began: nothing was done; run it again", info.id);
            return Err(Stop::usage(message));
        }
        Ok(Self { info, plan, state, writer })
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
    pub(super) fn record(mut self, facts: Vec<Fact>) -> Done {
        let internal = |error: &dyn std::fmt::Display| Stop::internal(error.to_string());
        let events = self.writer.record(self.state.seq, facts).map_err(|error| internal(&error))?;
        for event in &events {
            self.state.apply(&self.plan, event).map_err(|error| internal(&error))?;
        }
        let code = ExitCode::of(&self.plan, &self.state);
        self.writer.set_status(status(code)).map_err(|error| internal(&error))?;
        Console.say(&next_command(code, &self.info.id, &stuck(&self.plan, &self.state)));
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
        let hidden = inputs::hidden(&self.plan);
        let (info, state) = (self.info, self.state);
        let drive = Drive { info, plan: &self.plan, state, first, dir, hidden, secrets, answers };
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
