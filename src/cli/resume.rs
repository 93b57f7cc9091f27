//! `bowline resume`, and what `settle` and `cancel` share with it.

mod due;
mod replan;
mod said;

use std::path::{Path, PathBuf};

use clap::Args;

use self::due::{is_due, resume_due};
use self::replan::{Options, replan};
use self::said::ReplanArgs;
use super::args::{AcceptArgs, DriveArgs};
use super::drive::targets;
use super::drive::{Drive, alive, answers, bury, go};
use super::inputs::inject;
use super::journal::called::named;
use super::journal::open::how_it_stands;
use super::journal::stored::Stored;
use super::journal::{find, inboxes, open_store, secrets};
use super::load::Files;
use super::out::Console;
use super::people;
use super::questions::{Front, NOT_TAKEN_UP};
use super::{Done, Exit, Stop, inputs};
use crate::compile::{Loader, bundled};
use crate::event::Fact;
use crate::host::inject::Injected;
use crate::host::people::Approvers;
use crate::host::search_path;
use crate::journal::Store;
use crate::run::{ExitCode, LeftOpen};

#[derive(Debug, Args)]
pub(super) struct ResumeArgs {
    /// The run, or the beginning of its id
    #[arg(required_unless_present = "due")]
    pub(super) run: Option<String>,
    /// Only if its time has come, the lock that it waits for is free, or people have decided its approval; without a
    /// run, every one of which that is so
    #[arg(long)]
    pub(super) due: bool,
    #[command(flatten)]
    pub(super) replan: ReplanArgs,
    #[command(flatten)]
    pub(super) accept: AcceptArgs,
    #[command(flatten)]
    pub(super) drive: DriveArgs,
}

/// Goes on with a run.
pub(super) fn resume(args: &ResumeArgs) -> Done {
    let Some(run) = &args.run else { return resume_due(&args.drive.journal) };
    let store = open_store(&args.drive.journal)?;
    let info = find(&store, Some(run))?;
    let stored = Stored::read(&store, info)?.accepting(&args.accept)?;
    if args.replan.replan {
        let (accept, drive) = (&args.accept, &args.drive);
        return replan(&store, stored, Options { replan: &args.replan, accept, drive });
    }
    if let Some(exit) = stored.ended() {
        return Ok(exit);
    }
    if args.due && !is_due(&store, &stored)? {
        Console.say(&format!("run {} is not due\n", stored.info.id));
        return Ok(Exit::Completed);
    }
    let first = stored.taken_up(&args.drive)?;
    stored.go_on(&store, &args.drive, first)
}

impl Stored {
    /// Records facts and leaves the run as it then stands.
    pub(super) fn record(mut self, store: &Store, facts: Vec<Fact>) -> Done {
        self.bury(store)?;
        self.note(facts)?;
        self.writer.set_status(ExitCode::standing(&self.plan, &self.state))?;
        let open = LeftOpen::of(&self.plan, &self.state);
        Console.tell(&how_it_stands(&open, &named(store, &self.info.id)));
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
        let (opened, targets) = (people::open_channels(&self.found), targets::targets(&self.found));
        let operators = self.drove.into_iter().chain(people::own_names(&operator)).collect();
        let signed = self.state.roster.as_ref().is_some_and(|roster| roster.signed);
        let inboxes = inboxes::inboxes(store, &self.info.id, inboxes::named(&args.inbox)?)?;
        let inputs = &self.state.inputs;
        let holds_one = |var| inputs.iter().any(|input| input.var == var && input.fingerprint.is_some());
        let is_secret = |var| holds_one(var) || self.plan.var(var).is_some_and(|variable| variable.secret);
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
            hidden: [hidden, opened.hidden].concat(),
            secrets,
            answers,
            approvers: Approvers { groups: self.found.members(), operators, signed },
            inboxes,
            operator,
            channels: opened.channels,
            targets,
            injected,
        };
        go(store, self.writer, drive, args)
    }

    /// Makes sure that nothing of what was in flight still runs, here or on a target.
    pub(super) fn bury(&self, store: &Store) -> Result<(), Stop> {
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
        let sources = store.sources(&self.info)?;
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
            Console.tell("PATH is another one now; the run goes on with the one that it was started with\n");
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
