//! `bowline run`.

mod brief;
mod late;
mod planned;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use sha2::{Digest, Sha256};

use self::brief::{Brief, brief};
use super::args::{DriveArgs, InputArgs};
use super::check::report;
use super::config::Found;
use super::drive::targets;
use super::drive::{Drive, answers, go};
use super::inputs::Complete;
use super::inputs::inject;
use super::journal::inboxes;
use super::journal::open_store_of;
use super::load::{Files, entry};
use super::out::STANDARD;
use super::people;
use super::people::roster;
use super::questions::{Front, NOTHING_RAN};
use super::screen::Teller;
use super::settings::settings;
use super::{Done, Exit, Stop, inputs};
use crate::approval::Roster;
use crate::compile::{Compiled, compile_from};
use crate::event::{Actor, Fact, RunState, SourceRef, StoredInput};
use crate::host::inbox::Inbox;
use crate::host::inject::Injected;
use crate::host::people::Approvers;
use crate::host::people::answers::Answers;
use crate::host::search_path;
use crate::journal::{NewRun, RunInfo, Store, Writer};
use crate::plan::Plan;
use crate::value::hex;

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// The runbook: a file, or the name of a bundled one (see `bowline list`)
    pub(super) file: String,
    #[command(flatten)]
    pub(super) inputs: InputArgs,
    /// Begin at this step: its title, or `phase / step`. What stands before it is left out
    #[arg(long, value_name = "STEP", requires = "because")]
    pub(super) from: Option<String>,
    /// Why the run begins late
    #[arg(long, value_name = "WHY", requires = "from", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(super) because: Option<String>,
    /// Say who holds a role in this run, as role=person; may be repeated
    #[arg(long, value_name = "ROLE=PERSON")]
    pub(super) role: Vec<String>,
    /// Say yes in advance: to the briefing before the run, or to that and every `confirm` without `typing`
    #[arg(long, value_enum)]
    pub(super) yes_to: Option<YesTo>,
    /// Run exactly the plan that `bowline plan --format json` wrote to this file, or nothing
    #[arg(long, value_name = "FILE")]
    pub(super) plan: Option<String>,
    #[command(flatten)]
    pub(super) drive: DriveArgs,
}

/// What is answered with yes in advance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum YesTo {
    /// The briefing: the run begins unasked
    Briefing,
    /// The briefing and every `confirm` without `typing`; recorded as said in advance
    Confirm,
}

/// Runs a runbook from its first step.
pub(super) fn run(args: &RunArgs) -> Done {
    if args.file == STANDARD {
        let message = "a run is not read from standard input, where its questions are answered; name a file";
        return Err(Stop::usage(message));
    }
    let entry = entry(&args.file);
    let found = Found::look(&args.drive.journal.config, entry.file())?;
    let compiled = compile_from(&Files, entry, &found.setting());
    found.report();
    report(&compiled);
    let Some(plan) = compiled.plan.as_ref().filter(|_| !found.is_broken()) else {
        return Ok(Exit::Invalid);
    };
    let beginning = Beginning::of(args, plan, &found)?;
    let store = open_store_of(&found, &args.drive.journal)?;
    let sources = sources(&compiled, &found);
    let source = |(name, text): &(String, String)| SourceRef { name: name.clone(), sha256: sha256(text) };
    let named = sources.iter().map(source).collect();
    let folders = inboxes::named(&args.drive.inbox)?;
    let (info, writer) = create(&store, plan, sources)?;
    let inboxes = inboxes::inboxes(&store, &info.id, folders)?;
    go(&store, writer, beginning.drive(info, (named, inboxes), args), &args.drive)
}

/// All that is settled before there is a run: nothing of it is in a journal, and whatever is wrong stops here.
struct Beginning<'a> {
    plan: &'a Plan,
    found: &'a Found,
    dir: PathBuf,
    answers: Option<Answers>,
    operator: Actor,
    complete: Complete,
    roster: Option<Roster>,
    injected: Vec<Injected>,
    /// Who holds which role.
    roles: Vec<Fact>,
    /// Where it begins, if not at its beginning.
    late: Option<Fact>,
    /// What was said to the briefing.
    said: Option<Fact>,
}

impl<'a> Beginning<'a> {
    /// Asks for what is missing, and last whether to begin.
    fn of(args: &RunArgs, plan: &'a Plan, found: &'a Found) -> Result<Self, Stop> {
        let (dir, mut answers) = (here()?, answers(&args.drive)?);
        if args.yes_to == Some(YesTo::Confirm) {
            answers.get_or_insert_default().confirm_all();
        }
        let operator = people::operator(args.drive.as_name.as_deref(), found)?;
        let front = Front { operator: &operator, left: NOTHING_RAN };
        let given = inputs::given(plan, &args.inputs)?;
        let roles = people::roles(plan, &args.role, found, &front)?;
        let complete = inputs::complete(plan, given, &dir, &front)?;
        if let Some(file) = &args.plan {
            planned::check(file, &args.file, plan, &complete.values)?;
        }
        targets::check(plan, &complete.values, found)?;
        let roster = roster::roster(plan, &complete.values, found, &operator)?;
        let injected = inject::injected(plan, &complete.values, &args.drive.inject)?;
        let late = args.from.as_deref().zip(args.because.as_deref());
        let late = late.map(|late| late::start(plan, &complete.values, late, &operator)).transpose()?;
        let members = roster::members(plan, found, roster.as_ref(), &operator);
        let about = Brief { plan, complete: &complete, members, roles: &roles, injected: &injected };
        let said = brief(&about, &args.drive, args.yes_to.is_some(), &front)?;
        Ok(Self { plan, found, dir, answers, operator, complete, roster, injected, roles, late, said })
    }

    /// The run that begins so, from these sources, with these inboxes.
    fn drive(
        self,
        info: RunInfo,
        (sources, inboxes): (Vec<SourceRef>, Vec<Inbox>),
        args: &RunArgs,
    ) -> Drive<'a> {
        let path = search_path();
        let started = Fact::Started {
            digest: self.plan.digest.clone(),
            dir: self.dir.display().to_string(),
            path: path.clone(),
            salt: info.salt.clone(),
            sources,
            inputs: stored(self.plan, &self.complete, &info.salt),
            settings: settings(&args.drive, self.operator.clone(), None),
        };
        let first = std::iter::once(started)
            .chain(self.late)
            .chain(people::in_the_name_of(&self.operator))
            .chain(self.roles)
            .chain(roster::enrolled(self.roster, &info.id))
            .chain(inject::facts(&self.injected, &self.operator))
            .chain(self.said)
            .collect();
        let opened = people::open_channels(self.found);
        Drive {
            plan: self.plan,
            state: RunState::default(),
            teller: Teller::new(self.plan, &info.id),
            info,
            first,
            dir: self.dir,
            path,
            hidden: [self.complete.hidden, opened.hidden].concat(),
            secrets: self.complete.secrets,
            answers: self.answers,
            approvers: Approvers {
                groups: self.found.members(),
                operators: people::own_names(&self.operator),
                signed: !self.found.config.unsigned,
            },
            inboxes,
            operator: self.operator,
            channels: opened.channels,
            targets: targets::targets(self.found),
            injected: self.injected,
        }
    }
}

/// What a run is made of, name and text, the runbook first, `bowline.toml` last.
pub(super) fn sources(compiled: &Compiled, found: &Found) -> Vec<(String, String)> {
    let sources = compiled.sources.iter().map(|source| (source.name().to_owned(), source.text().to_owned()));
    sources.chain(found.source()).collect()
}

/// Lower-case hex.
pub(super) fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Makes the run in the journal, with the right to drive it.
fn create(store: &Store, plan: &Plan, sources: Vec<(String, String)>) -> Result<(RunInfo, Writer), Stop> {
    let new = NewRun { title: plan.title.clone(), plan, sources };
    let info = store.create(&new)?;
    let leased = store.lease(&info)?;
    let writer = leased.map_err(|held| Stop { exit: Exit::Waiting, message: held.to_string() })?;
    Ok((info, writer))
}

#[expect(clippy::disallowed_methods, reason = "the command line is told where it was started")]
fn here() -> Result<PathBuf, Stop> {
    std::env::current_dir().map_err(|error| Stop::usage(format!("the working folder is gone: {error}")))
}

/// The inputs as the journal keeps them, with fingerprints for secrets and what holds one.
pub(super) fn stored(plan: &Plan, complete: &Complete, salt: &str) -> Vec<StoredInput> {
    let mut values = inputs::sealed(plan, &complete.values);
    let each = plan.inputs.iter().filter_map(|input| {
        let value = values.remove(&input.var)?;
        let mut secrets = vec![];
        inputs::secrets_in(&value, &mut secrets);
        let fingerprint = (!secrets.is_empty()).then(|| inputs::fingerprint(salt, &value));
        Some(StoredInput { var: input.var, value, fingerprint })
    });
    each.collect()
}
