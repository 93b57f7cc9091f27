//! `bowline handover`: somebody else takes a run over, or a role in it. Recorded while no process drives the run;
//! whoever takes it over says so at a terminal, and goes on with `resume`.

use std::collections::BTreeSet;

use clap::Args;

use super::args::JournalArgs;
use super::journal::called::named;
use super::journal::open::how_it_stands;
use super::journal::stored::Stored;
use super::journal::{find, open_store};
use super::out::Console;
use super::people;
use super::questions::{Front, NOT_TAKEN_UP};
use super::settings::attended;
use super::{Done, Exit, Stop};
use crate::diag::nearest;
use crate::event::{Actor, Attended, Fact, OPERATOR};
use crate::journal::Store;
use crate::run::{Answered, LeftOpen, PersonReply};
use crate::value::Value;

#[derive(Debug, Args)]
pub(super) struct HandoverArgs {
    /// The run, or the beginning of its id
    pub(super) run: String,
    /// Who takes it over (default: you)
    #[arg(long, value_name = "PERSON")]
    pub(super) to: Option<String>,
    /// What is handed over: a role of the runbook, or `operator` for the run itself; may be repeated
    #[arg(long, value_name = "ROLE", default_value = "operator")]
    pub(super) role: Vec<String>,
    /// What to tell whoever reads the record
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(super) note: String,
    /// Act under another name; only where bowline.toml has `allow-as = true`
    #[arg(long = "as", value_name = "NAME")]
    pub(super) as_name: Option<String>,
    #[command(flatten)]
    pub(super) journal: JournalArgs,
}

/// Hands over, once whoever takes it has said yes.
pub(super) fn handover(args: &HandoverArgs) -> Done {
    let store = open_store(&args.journal)?;
    let info = find(&store, Some(&args.run))?;
    if let Some(pid) = store.driver(&info)? {
        let why =
            "leave it there first (Ctrl-D at a question, else Ctrl-C three times): it can be resumed then";
        let message = format!("run {} is driven by process {pid}; {why}", info.id);
        return Err(Stop { exit: Exit::Waiting, message });
    }
    let mut stored = Stored::read(&store, info)?;
    if stored.ended().is_some() {
        return Err(Stop::usage("there is nothing to hand over"));
    }
    let by = people::operator(args.as_name.as_deref(), &stored.found)?;
    let to = taker(args, &by)?;
    let facts = facts(&stored, args, (&by, &to))?;
    let note = agreed(&stored, &by, &to)?;
    let facts = facts.into_iter().map(|fact| with_note(fact, note.as_deref())).collect();
    let before = stored.state.settings.as_ref().map(|settings| settings.operator.name.clone());
    stored.note(facts)?;
    told(&store, &stored, (&to, before.as_deref()));
    Ok(Exit::Completed)
}

fn taker(args: &HandoverArgs, by: &Actor) -> Result<String, Stop> {
    match args.to.as_deref().map(str::trim) {
        Some("") => Err(Stop::usage("`--to` needs a name")),
        Some(name) => Ok(name.to_owned()),
        None if attended() == Attended::Nobody => Err(Stop::usage("say who takes it over: --to PERSON")),
        None => Ok(by.name.clone()),
    }
}

/// What is recorded, one fact for each role.
fn facts(stored: &Stored, args: &HandoverArgs, (by, to): (&Actor, &str)) -> Result<Vec<Fact>, Stop> {
    let asked: BTreeSet<String> = people::asked_roles(&stored.plan);
    let each = args.role.iter().map(|role| {
        let from = holder(stored, role);
        if role != OPERATOR && !asked.contains(role) {
            let near = nearest(role, asked.iter().map(String::as_str).chain([OPERATOR]));
            let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(Stop::usage(format!("--role: this runbook asks no role `{role}`{hint}")));
        }
        if from.as_deref() == Some(to) {
            return Err(Stop::usage(format!("{to} holds `{role}` already")));
        }
        people::may_hold(&stored.found, role, to)?;
        let (role, to, by, note) = (role.clone(), to.to_owned(), by.clone(), args.note.clone());
        Ok(Fact::HandedOver { role, from, to, by, note })
    });
    each.collect()
}

/// Who holds a role now; the operator is whoever drove the run last, unless it was handed over since.
fn holder(stored: &Stored, role: &str) -> Option<String> {
    let held = stored.state.roles.get(role).cloned();
    let drove = || stored.state.settings.as_ref().map(|settings| settings.operator.name.clone());
    held.or_else(|| drove().filter(|_| role == OPERATOR))
}

/// Whoever takes it over sees how it stands and says yes, at a terminal; what was said beside it.
fn agreed(stored: &Stored, by: &Actor, to: &str) -> Result<Option<String>, Stop> {
    let front = Front { operator: by, left: NOT_TAKEN_UP };
    let summary = stored.teller.live.summary(&stored.plan, &stored.state);
    let waits =
        stored.state.suspended.as_ref().map(|(_, why)| format!("; it waits: {why}")).unwrap_or_default();
    let stands = format!(
        "{} {}, {} of {} steps done{waits}",
        stored.plan.title, stored.plan.version, summary.done, summary.steps
    );
    let text = format!("{to}, do you take run {} over? It stands so: {stands}.", stored.info.id);
    let kind = Answered::Confirm { typing: None, optional: false };
    match front.ask(&text, kind)? {
        None => Ok(None),
        Some(PersonReply { value: Value::Bool(true), note, .. }) => Ok(Some(note)),
        Some(_) => {
            Err(Stop { exit: Exit::Waiting, message: "not taken over; the run stays as it was".into() })
        }
    }
}

fn with_note(fact: Fact, said: Option<&str>) -> Fact {
    match (fact, said) {
        (Fact::HandedOver { role, from, to, by, note }, Some(said)) if !said.is_empty() => {
            let note = if note.is_empty() { said.to_owned() } else { format!("{note}; {said}") };
            Fact::HandedOver { role, from, to, by, note }
        }
        (fact, _) => fact,
    }
}

fn told(store: &Store, stored: &Stored, (to, before): (&str, Option<&str>)) {
    let from = before.filter(|before| *before != to).map(|before| format!(", who drove it: {before}"));
    Console.tell(&format!("run {} is handed over to {to}{}\n", stored.info.id, from.unwrap_or_default()));
    let id = named(store, &stored.info.id);
    Console.tell(&how_it_stands(&LeftOpen::of(&stored.plan, &stored.state), &id));
}
