//! `bowline settle`: a person says how something in doubt stands.

use clap::Args;

use super::args::{AcceptArgs, DriveArgs};
use super::journal::called::named;
use super::journal::open::how_it_stands;
use super::journal::stored::Stored;
use super::journal::{find, open_store};
use super::people;
use super::questions::{Front, NOT_TAKEN_UP};
use super::settings::{attended, settings};
use super::{Done, Exit, Stop};
use crate::event::{Attended, Fact, Settlement};
use crate::journal::Store;
use crate::run::decide::TroubleKind;
use crate::run::{
    Answered, InDoubt, LeftOpen, PersonReply, WayBack, Word, in_doubt, settlement, still_in_doubt,
};
use crate::value::show;

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("how").multiple(false))]
pub(super) struct SettleArgs {
    /// The run, or the beginning of its id
    pub(super) run: String,
    /// Which of several stuck things: its step, or `phase / step`
    #[arg(long, value_name = "STEP")]
    pub(super) at: Option<String>,
    /// Do it again
    #[arg(long, group = "how")]
    pub(super) again: bool,
    /// It is done; say how you know
    #[arg(long, value_name = "WHY", group = "how")]
    pub(super) done: Option<String>,
    /// Leave it as it is
    #[arg(long, value_name = "WHY", group = "how")]
    pub(super) skip: Option<String>,
    /// Start undoing (before commit only)
    #[arg(long, group = "how")]
    pub(super) rollback: bool,
    /// Give up (after commit only): what is done stays
    #[arg(long, value_name = "WHY", group = "how")]
    pub(super) give_up: Option<String>,
    /// Record the answer, but do not go on
    #[arg(long)]
    pub(super) no_resume: bool,
    #[command(flatten)]
    pub(super) accept: AcceptArgs,
    #[command(flatten)]
    pub(super) drive: DriveArgs,
}

/// Settles what is stuck, one thing at a time, and goes on. Somebody at a terminal who does not say how is asked.
pub(super) fn settle(args: &SettleArgs) -> Done {
    let store = open_store(&args.drive.journal)?;
    let stored = take(&store, args)?;
    let Some(how) = said(args) else {
        if attended() == Attended::Nobody || args.no_resume {
            return Err(Stop::usage(how_to_say(&stored, &named(&store, &stored.info.id))));
        }
        return by_question(&store, stored, args);
    };
    let facts = facts(&stored, args, args.at.clone(), (how, None));
    let facts = facts.map_err(|why| Stop::usage(format!("run {}: {why}", stored.info.id)))?;
    if !args.no_resume {
        return stored.go_on(&store, &args.drive, facts);
    }
    let rest = still_in_doubt(&stored.plan, &stored.state, &facts);
    stored.record(&store, [facts, rest].concat())
}

fn take(store: &Store, args: &SettleArgs) -> Result<Stored, Stop> {
    let stored = Stored::read(store, find(store, Some(&args.run))?)?;
    let stored = stored.accepting(&args.accept)?;
    if stored.ended().is_some() {
        return Err(Stop::usage("there is nothing to settle"));
    }
    Ok(stored)
}

/// What settles this run, for who did not say how.
fn how_to_say(stored: &Stored, id: &str) -> String {
    let open = LeftOpen::of(&stored.plan, &stored.state);
    if open.in_doubt.is_empty() {
        return "say how: --again, --done WHY, --skip WHY, --rollback or --give-up WHY".to_owned();
    }
    format!("say how it stands; {}", how_it_stands(&open, id).trim_end())
}

/// One thing after the other, for as long as something is stuck and the person says how it stands.
fn by_question(store: &Store, stored: Stored, args: &SettleArgs) -> Done {
    let mut stored = stored;
    loop {
        let first = match in_doubt(&stored.plan, &stored.state).as_slice() {
            // What is unknown since a crash is asked by the run itself.
            [] => stored.taken_up(&args.drive)?,
            [doubt, ..] => match asked(&stored, args, doubt)? {
                Some(facts) => facts,
                None => return Ok(Exit::Stuck),
            },
        };
        let exit = stored.go_on(store, &args.drive, first)?;
        if exit != Exit::Stuck {
            return Ok(exit);
        }
        stored = take(store, args)?;
    }
}

/// Asks how something stands; `None` if it is left as it is.
fn asked(stored: &Stored, args: &SettleArgs, doubt: &InDoubt) -> Result<Option<Vec<Fact>>, Stop> {
    let place = || Some(doubt.place.clone());
    let words = doubt.verbs.iter().map(|verb| verb.word(TroubleKind::Undo));
    let choices = words.chain(["leave"]).collect();
    let by = stored.operator(&args.drive)?;
    let front = Front { operator: &by, left: (Exit::Stuck, NOT_TAKEN_UP.1) };
    let text = format!("{}: {}", doubt.place, doubt.why);
    let back = WayBack { then: doubt.then, ..WayBack::default() };
    let answer = front.ask(&text, Answered::Unknown { what: String::new(), back, choices })?;
    let Some(PersonReply { value, note, .. }) = answer else { return Ok(None) };
    let how = settlement_of(&show(&value), &note);
    let facts = how.map(|how| facts(stored, args, place(), (how, Some(note)))).transpose();
    facts.map_err(|why| Stop::usage(format!("run {}: {why}", stored.info.id)))
}

/// What is recorded where something is settled; in words why it cannot be settled so.
fn facts(
    stored: &Stored,
    args: &SettleArgs,
    place: Option<String>,
    (how, note): (Settlement, Option<String>),
) -> Result<Vec<Fact>, String> {
    let by = stored.operator(&args.drive).map_err(|stop| stop.message)?;
    let settings = settings(&args.drive, by.clone(), stored.state.settings.as_ref());
    let name = people::in_the_name_of(&by);
    let has_room = matches!(how, Settlement::Again | Settlement::Rollback);
    let note = note.filter(|note| has_room && !note.is_empty());
    let settled = settlement(&stored.plan, &stored.state, settings, Word { place, how, by, note });
    let mut facts = settled.map_err(|error| error.to_string())?;
    facts.extend(name);
    Ok(facts)
}

fn settlement_of(word: &str, why: &str) -> Option<Settlement> {
    Some(match word {
        "again" => Settlement::Again,
        "done" => Settlement::Done(why.to_owned()),
        "skip" => Settlement::Skip(why.to_owned()),
        "roll back" => Settlement::Rollback,
        "give up" => Settlement::GiveUp(why.to_owned()),
        _ => return None,
    })
}

fn said(args: &SettleArgs) -> Option<Settlement> {
    match (args.again, &args.done, &args.skip, args.rollback, &args.give_up) {
        (true, ..) => Some(Settlement::Again),
        (_, Some(why), ..) => Some(Settlement::Done(why.clone())),
        (_, _, Some(why), ..) => Some(Settlement::Skip(why.clone())),
        (_, _, _, true, _) => Some(Settlement::Rollback),
        (.., Some(why)) => Some(Settlement::GiveUp(why.clone())),
        _ => None,
    }
}
