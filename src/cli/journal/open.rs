//! What is open in a run that no process drives, for the end of a process and for whoever looks later: in words, with
//! what to type, and as fields for programs. Puts into words what `run` has gathered.

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::cli::journal::needs::words;
use crate::run::{ExitCode, InDoubt, LeftOpen, OwedUndo, Stands, Stopped, Wrong};
use crate::view::left::{how_to_settle, is_alike, owed};

/// So many undos are listed: nobody reads more than a screen of them.
const MANY: usize = 40;

/// Something in doubt, for programs.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct DoubtTold {
    place: String,
    why: String,
    /// The options of `bowline settle` that it takes.
    settle: Vec<&'static str>,
}

impl From<&InDoubt> for DoubtTold {
    fn from(doubt: &InDoubt) -> Self {
        let settle = doubt.verbs.iter().map(|verb| verb.option()).collect();
        Self { place: doubt.place.clone(), why: doubt.why.clone(), settle }
    }
}

/// An undo that is owed, for programs.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct OwedTold {
    step: String,
    undo: &'static str,
    does: Vec<String>,
}

impl From<&OwedUndo> for OwedTold {
    fn from(owed: &OwedUndo) -> Self {
        Self { step: owed.title.clone(), undo: owed.what.word(), does: owed.does.clone() }
    }
}

/// How a run stands, and what to type next, and about what.
pub(in crate::cli) fn how_it_stands(open: &LeftOpen, id: &str) -> String {
    match open.stands {
        Stands::Ended(_) => ended(open, id),
        Stands::Stuck => format!("run {id} is stuck:\n{}{}", details(open), ways(open, id)),
        Stands::Held => format!(
            "run {id} waits for a decision about what failed:\n{}{}or `bowline resume {id}` at a terminal, which asks\n",
            details(open),
            ways(open, id)
        ),
        Stands::Stopped(stopped) => after_a_stop(open, stopped, id),
        Stands::CutOff | Stands::Left => cut_off(open, id),
        Stands::Waits => waits(open, id),
    }
}

fn ended(open: &LeftOpen, id: &str) -> String {
    match open.code {
        ExitCode::RolledBack => format!(
            "run {id} was rolled back; `bowline logs {id}` prints what its programs wrote; run it again once the cause is gone\n"
        ),
        ExitCode::FailedKept => {
            format!("run {id} has ended, and not all of it is undone; `bowline show {id}` tells it again\n")
        }
        _ => format!("run {id}; `bowline show {id}` tells it again\n"),
    }
}

/// What becomes of a run that was stopped, and left as it is.
fn after_a_stop(open: &LeftOpen, stopped: Stopped, id: &str) -> String {
    let details = details(open);
    match stopped {
        Stopped::Back => format!(
            "run {id} was stopped while it was undone\n{details}`bowline resume {id}` goes on undoing it\n"
        ),
        Stopped::OnOrBack => format!(
            "run {id} was stopped, and nothing of it is undone\n{details}`bowline resume {id}` goes on with it\n`bowline cancel {id} --on-failure rollback` undoes it\n"
        ),
        Stopped::On => format!(
            "run {id} was stopped past its point of no return\n{details}`bowline resume {id}` goes on with it\n"
        ),
    }
}

/// What becomes of a run that its process left in the middle.
fn cut_off(open: &LeftOpen, id: &str) -> String {
    let told = !open.in_doubt.is_empty() || !open.wrong.is_empty();
    let how = match open.stands {
        Stands::CutOff if told => format!("run {id} was left while something was at work:\n"),
        Stands::CutOff => format!("run {id} was left while something was at work that may be done again\n"),
        _ => format!("no process drives run {id}\n"),
    };
    let details = details(open);
    let next = match (open.in_doubt.is_empty(), open.wrong.iter().any(|wrong| wrong.in_doubt)) {
        (false, _) => {
            format!("{}or `bowline resume {id}`, which finds out or asks\n", ways(open, id))
        }
        (_, true) => format!("go on with `bowline resume {id}`, which finds out or asks how that stands\n"),
        _ => format!("go on with `bowline resume {id}`\n"),
    };
    how + &details + &next
}

/// What a run waits for; of one thing the line before has told.
fn waits(open: &LeftOpen, id: &str) -> String {
    let (zone, now) = (TimeZone::system(), crate::cli::now());
    let several = open.needs.iter().filter(|_| open.needs.len() > 1);
    let lines = several.fold(String::new(), |all, need| all + "  " + &words(need, &zone, now) + "\n");
    let details = if open.wrong.is_empty() { String::new() } else { details(open) };
    let waits = if lines.is_empty() && details.is_empty() { "; " } else { ":\n" };
    format!("run {id} waits{waits}{lines}{details}go on with `bowline resume {id}`\n")
}

/// What is in doubt or went wrong, and below it what is owed.
fn details(open: &LeftOpen) -> String {
    let mut text = String::new();
    for doubt in &open.in_doubt {
        text += &format!("  {}\n", doubt.line());
        if !is_alike(open) {
            text += &format!("    settle it with {}\n", doubt.options());
        }
    }
    let wrong = open.wrong.iter().map(|Wrong { told, .. }| format!("  {told}\n"));
    text + &wrong.collect::<String>() + &still_owed(open)
}

fn still_owed(open: &LeftOpen) -> String {
    if open.owed.is_empty() {
        return "nothing is owed\n".to_owned();
    }
    let lines = owed(&open.owed, MANY).into_iter().map(|undo| format!("  {undo}\n"));
    "still owed, in this order:\n".to_owned() + &lines.collect::<String>()
}

fn ways(open: &LeftOpen, id: &str) -> String {
    how_to_settle(open, id, "`") + "\n"
}
