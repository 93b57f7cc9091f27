//! A run as the journal has it, taken up by the process that is to drive it. Drives nothing itself.

use std::collections::BTreeSet;

use crate::cli::args::DriveArgs;
use crate::cli::config::Found;
use crate::cli::inputs::secret_option::SecretOption;
use crate::cli::out::Console;
use crate::cli::people;
use crate::cli::screen::Teller;
use crate::cli::settings::settings;
use crate::cli::{Exit, Stop, inputs};
use crate::compile::bundled;
use crate::event::{Actor, Ending, Event, Fact, OPERATOR, RunState};
use crate::journal::{RunInfo, Store, Writer};
use crate::plan::Plan;
use crate::run::{ExitCode, UsedAnswer, used_answers};

/// A run taken from the journal, with the right to drive it.
pub(in crate::cli) struct Stored {
    pub(in crate::cli) info: RunInfo,
    pub(in crate::cli) plan: Plan,
    pub(in crate::cli) state: RunState,
    /// Has told what was recorded so far.
    pub(in crate::cli) teller: Teller,
    /// The `bowline.toml` that the run was started under.
    pub(in crate::cli) found: Found,
    /// Who has driven it so far.
    pub(in crate::cli) drove: BTreeSet<String>,
    /// Answers of files that it has used so far.
    pub(in crate::cli) used: Vec<UsedAnswer>,
    /// Secrets that may be others than before, by name.
    pub(in crate::cli) accepted: BTreeSet<String>,
    /// Secrets given by option.
    pub(in crate::cli) given: Vec<SecretOption>,
    /// Inputs that files give.
    pub(in crate::cli) filed: inputs::Values,
    pub(in crate::cli) writer: Writer,
}

impl Stored {
    /// Takes the lease and folds what was recorded.
    pub(in crate::cli) fn read(store: &Store, info: RunInfo) -> Result<Self, Stop> {
        let leased = store.lease(&info)?;
        let writer = leased.map_err(|held| Stop { exit: Exit::Waiting, message: held.to_string() })?;
        let plan = store.plan(&info)?;
        let events = store.events(&info)?;
        let mut teller = Teller::new(&plan, &info.id);
        teller.catch_up(&plan, &events)?;
        let state = teller.state.clone();
        let found = found_then(store.sources(&info)?);
        if state.seq == 0 {
            let message = format!("run {} never began: nothing was done; run it again", info.id);
            return Err(Stop::usage(message));
        }
        let drove = drove(&events);
        let used = used_answers(&plan, &events)?;
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
            filed: inputs::Values::new(),
            writer,
        })
    }

    /// Who drives it from here on.
    pub(in crate::cli) fn operator(&self, args: &DriveArgs) -> Result<Actor, Stop> {
        people::operator(args.as_name.as_deref(), &self.found)
    }

    /// What is recorded when it is taken up.
    pub(in crate::cli) fn taken_up(&self, args: &DriveArgs) -> Result<Vec<Fact>, Stop> {
        let operator = self.operator(args)?;
        let name = people::in_the_name_of(&operator);
        Ok(std::iter::once(Fact::Resumed {
            settings: settings(args, operator, self.state.settings.as_ref()),
        })
        .chain(name)
        .collect())
    }

    /// The exit of a run that has ended; `None` while it has not.
    pub(in crate::cli) fn ended(&self) -> Option<Exit> {
        let (ending, name) = self.state.finished.as_ref()?;
        if let (Ending::Superseded, Some(next)) = (ending, name) {
            let id = &self.info.id;
            Console.tell(&format!(
                "run {id} was planned anew and goes on as run {next}: `bowline resume {next}`\n"
            ));
            return Some(Exit::Usage);
        }
        Console.tell(&format!("run {} has ended; `bowline show {}` tells it\n", self.info.id, self.info.id));
        Some(ExitCode::of(&self.plan, &self.state))
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
        Fact::HandedOver { role, to, .. } if role == OPERATOR => Some(to.clone()),
        _ => None,
    });
    names.collect()
}
