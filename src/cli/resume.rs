//! `bowline resume`, and what `settle` and `cancel` share with it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::args::{DriveArgs, ResumeArgs};
use super::config::Found;
use super::drive::{
    Drive, alive, answers, bury, find, go, named, next_command, open_store, settings, status,
};
use super::load::Files;
use super::out::Console;
use super::questions::{Front, NOT_TAKEN_UP};
use super::screen::Teller;
use super::secrets::Given;
use super::{Done, Exit, Stop, inject, inputs, people, secrets, targets};
use crate::compile::{Loader, bundled};
use crate::config::OPERATOR;
use crate::event::{Actor, Ending, Event, Fact, RunState};
use crate::host::inject::Injected;
use crate::host::people::Approvers;
use crate::host::search_path;
use crate::journal::{RunInfo, Store, Writer};
use crate::plan::Plan;
use crate::run::{ExitCode, UsedAnswer, stuck, used_answers};

/// Goes on with a run.
pub(super) fn resume(args: &ResumeArgs) -> Done {
    let store = open_store(&args.drive.journal)?;
    let info = find(&store, Some(&args.run))?;
    let stored = Stored::read(&store, info)?.accepting(&args.accept)?;
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
    /// Has told what was recorded so far.
    teller: Teller,
    /// The `bowline.toml` that the run was started under.
    found: Found,
    /// Who has driven it so far.
    drove: BTreeSet<String>,
    /// Answers of files that it has used so far.
    used: Vec<UsedAnswer>,
    /// Secrets that may be others than before, by name.
    pub(super) accepted: BTreeSet<String>,
    /// Secrets given by option.
    pub(super) given: Vec<Given>,
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
        let mut teller = Teller::new(&plan, &info.id);
        teller.catch_up(&plan, &events).map_err(|error| Stop::internal(error.to_string()))?;
        let state = teller.state.clone();
        let found = found_then(store.sources(&info).map_err(internal)?);
        if state.seq == 0 {
            let message = format!("run {} never began: nothing was done; run it again", info.id);
            return Err(Stop::usage(message));
        }
        let drove = drove(&events);
        let used = used_answers(&plan, &events).map_err(|error| Stop::internal(error.to_string()))?;
        Ok(Self {
            info,
            plan,
            state,
            teller,
            found,
            drove,
            used,
            accepted: BTreeSet::new(),
            given: vec![],
            writer,
        })
    }

    /// Who drives it from here on.
    pub(super) fn operator(&self, args: &DriveArgs) -> Result<Actor, Stop> {
        people::operator(args, &self.found)
    }

    /// What is recorded when it is taken up.
    pub(super) fn taken_up(&self, args: &DriveArgs) -> Result<Vec<Fact>, Stop> {
        let operator = self.operator(args)?;
        let name = people::in_the_name_of(&operator);
        Ok(std::iter::once(Fact::Resumed {
            settings: settings(args, operator, self.state.settings.as_ref()),
        })
        .chain(name)
        .collect())
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
        self.bury(store)?;
        let facts = secrets::sealed_facts(&mut self, facts)?;
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
    pub(super) fn go_on(mut self, store: &Store, args: &DriveArgs, mut first: Vec<Fact>) -> Done {
        let mut answers = answers(args)?;
        answers.iter_mut().for_each(|answers| answers.use_up(&self.used));
        let injected = self.injected(args)?;
        let (dir, path) = (PathBuf::from(&self.state.dir), self.state.path.clone());
        self.tell_what_changed(store)?;
        let operator = self.operator(args)?;
        let front = Front { operator: &operator, left: NOT_TAKEN_UP };
        let mut secrets = secrets::fetch(&mut self, &front, &mut first)?;
        secrets.extend(secrets::ask_again(&mut self, &front)?);
        first.extend(inject::facts(&injected, &operator));
        self.bury(store)?;
        let (ways, targets) = (people::ways(&self.found), targets::targets(&self.found));
        let operators = self.drove.into_iter().chain(people::own_names(&operator)).collect();
        let inputs = &self.state.inputs;
        let is_secret = |var| inputs.iter().any(|input| input.var == var && input.fingerprint.is_some());
        let mut hidden = inputs::hidden(&self.plan, is_secret);
        hidden.extend(self.given.iter().filter_map(|given| given.variable.clone()));
        let drive = Drive {
            info: self.info,
            plan: &self.plan,
            state: self.state,
            teller: self.teller,
            first,
            dir,
            path,
            hidden: [hidden, ways.hidden].concat(),
            secrets,
            answers,
            approvers: Approvers { groups: self.found.members(), operators },
            operator,
            channels: ways.channels,
            targets,
            injected,
        };
        go(store, self.writer, drive, args)
    }

    /// Makes sure that nothing of what was in flight still runs, here or on a target.
    fn bury(&self, store: &Store) -> Result<(), Stop> {
        bury(&self.info.id, &self.state)?;
        let alive = alive(&store.folder(&self.info.id));
        targets::outlast(&self.state, &targets::targets(&self.found), &alive);
        Ok(())
    }

    /// What this process makes fail on purpose; what an earlier one was told to is over.
    fn injected(&self, args: &DriveArgs) -> Result<Vec<Injected>, Stop> {
        let values = self.state.inputs.iter().map(|input| (input.var, input.value.clone())).collect();
        inject::injected(&self.plan, &values, &args.inject)
    }

    /// Says where the world of the run is another one now. The run goes on in its own: with the plan, the folder
    /// and the `PATH` that it was started with.
    fn tell_what_changed(&self, store: &Store) -> Result<(), Stop> {
        let sources = store.sources(&self.info).map_err(|error| Stop::internal(error.to_string()))?;
        for (name, then) in sources {
            let what = match self.text_now(&name) {
                Some(now) if now == then.as_bytes() => continue,
                Some(_) => "has changed",
                None if bundled::is_bundled(&name) => "is not in this bowline",
                None => "cannot be read any more",
            };
            Console
                .say(&format!("`{name}` {what}; the run goes on with the plan that it was started with\n"));
        }
        if search_path() != self.state.path {
            Console.say("PATH is another one now; the run goes on with the one that it was started with\n");
        }
        Ok(())
    }

    /// A file of the run as it is today, on disk or in this binary.
    fn text_now(&self, name: &str) -> Option<Vec<u8>> {
        if bundled::is_bundled(name) {
            return bundled::find(name).map(|bundled| bundled.text.into());
        }
        Files.read(&Path::new(&self.state.dir).join(name).to_string_lossy()).ok()
    }
}

/// The `bowline.toml` among the files of a run: it stands behind the runbook and its modules.
fn found_then(sources: Vec<(String, String)>) -> Found {
    let is_module = |name: &str| name.ends_with(".runbook") || bundled::is_bundled(name);
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
