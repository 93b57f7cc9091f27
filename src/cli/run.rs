//! `bowline run`.

use sha2::{Digest, Sha256};

use super::args::{RunArgs, YesTo};
use super::brief::{Brief, brief};
use super::check::report;
use super::config::Found;
use super::drive::{Drive, answers, go, settings};
use super::journal::open_store_of;
use super::load::{Files, entry};
use super::questions::{Front, NOTHING_RAN};
use super::screen::Teller;
use super::{Done, Exit, Stop, inject, inputs, late, people, roster, targets};
use crate::compile::{Compiled, compile_from};
use crate::event::{Fact, RunState, SourceRef, StoredInput};
use crate::host::people::Approvers;
use crate::host::search_path;
use crate::journal::{NewRun, RunInfo, Store, Writer};
use crate::plan::Plan;
use crate::value::hex;

/// Runs a runbook from its first step.
pub(super) fn run(args: &RunArgs) -> Done {
    let entry = entry(&args.file);
    let found = Found::look(&args.drive.journal.config, entry.file())?;
    let compiled = compile_from(&Files, entry, &found.setting());
    found.report();
    report(&compiled);
    let Some(plan) = compiled.plan.as_ref().filter(|_| !found.is_broken()) else {
        return Ok(Exit::Invalid);
    };
    let (dir, mut answers) = (here()?, answers(&args.drive)?);
    if args.yes_to == Some(YesTo::Confirm) {
        answers.get_or_insert_default().confirm_all();
    }
    let operator = people::operator(args.drive.as_name.as_deref(), &found)?;
    let front = Front { operator: &operator, left: NOTHING_RAN };
    let given = inputs::given(plan, &args.inputs)?;
    let roles = people::roles(plan, &args.role, &found, &front)?;
    let complete = inputs::complete(plan, given, &dir, &front)?;
    targets::check(plan, &complete.values, &found)?;
    let roster = roster::roster(plan, &complete.values, &found, &operator)?;
    let injected = inject::injected(plan, &complete.values, &args.drive.inject)?;
    let late = late::start(plan, &complete.values, args, &operator)?;
    let about = Brief { plan, complete: &complete, found: &found, roles: &roles, injected: &injected };
    let said = brief(&about, args, &front)?;
    let store = open_store_of(&found, &args.drive.journal)?;
    let sources = sources(&compiled, &found);
    let source = |(name, text): &(String, String)| SourceRef { name: name.clone(), sha256: sha256(text) };
    let named = sources.iter().map(source).collect();
    let (info, writer) = create(&store, plan, sources)?;
    let path = search_path();
    let started = Fact::Started {
        digest: plan.digest.clone(),
        dir: dir.display().to_string(),
        path: path.clone(),
        salt: info.salt.clone(),
        sources: named,
        inputs: stored(plan, &complete, &info.salt),
        settings: settings(&args.drive, operator.clone(), None),
    };
    let first = std::iter::once(started)
        .chain(late)
        .chain(people::in_the_name_of(&operator))
        .chain(roles)
        .chain(roster::enrolled(roster, &info.id))
        .chain(inject::facts(&injected, &operator))
        .chain(said)
        .collect();
    let inboxes = roster::inboxes(&store, &info.id, &args.drive.inbox)?;
    let opened = people::open_channels(&found);
    let teller = Teller::new(plan, &info.id);
    let drive = Drive {
        info,
        plan,
        state: RunState::default(),
        teller,
        first,
        dir,
        path,
        hidden: [complete.hidden, opened.hidden].concat(),
        secrets: complete.secrets,
        answers,
        approvers: Approvers {
            groups: found.members(),
            operators: people::own_names(&operator),
            signed: !found.config.unsigned,
        },
        inboxes,
        operator,
        channels: opened.channels,
        targets: targets::targets(&found),
        injected,
    };
    go(&store, writer, drive, &args.drive)
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
    let info = store.create(&new).map_err(|error| Stop::internal(error.to_string()))?;
    let leased = store.lease(&info).map_err(|error| Stop::internal(error.to_string()))?;
    let writer = leased.map_err(|held| Stop { exit: Exit::Waiting, message: held.to_string() })?;
    Ok((info, writer))
}

#[expect(clippy::disallowed_methods, reason = "the command line is told where it was started")]
fn here() -> Result<std::path::PathBuf, Stop> {
    std::env::current_dir().map_err(|error| Stop::usage(format!("the working folder is gone: {error}")))
}

/// The inputs as the journal keeps them, with fingerprints for secrets and what holds one.
pub(super) fn stored(plan: &Plan, complete: &inputs::Complete, salt: &str) -> Vec<StoredInput> {
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
