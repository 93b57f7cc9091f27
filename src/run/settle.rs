//! `bowline settle`: what a person says about something stuck, as facts.

use std::collections::HashMap;

use super::choices::{Verb, open_verbs, scope_to_undo};
use super::decide::{Standing, Trouble, TroubleKind, standing, trouble_at};
use super::door::Then;
use super::path::meant;
use super::render::{path_of, started};
use crate::event::{Actor, Attended, Choice, Event, Fact, RunState, Settings, Settlement, Site};
use crate::plan::Plan;

/// Why something cannot be settled so; in words for a person.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum SettleError {
    /// Nothing is stuck or waits for a decision; what it waits for.
    #[error("it is not stuck; {0}")]
    NotStuck(String),
    /// It was not said which of what is in doubt is meant, or nothing in doubt has that name. Each as a line.
    #[error("{0}; say which is meant:\n  {lines}", lines = .1.join("\n  "))]
    Which(String, Vec<String>),
    /// That way on is not open there; which are.
    #[error("`{0}` does not settle \"{1}\" now; it takes {2}")]
    NotOpen(&'static str, String, String),
    /// It cannot be settled in that way.
    #[error("that does not settle it: {0}")]
    Unfit(String),
}

/// What a person says.
#[derive(Clone, Debug)]
pub struct Word {
    /// Of what: the end of its path, as `step` or `phase / step`; `None` where only one thing is stuck.
    pub place: Option<String>,
    /// What.
    pub how: Settlement,
    /// Who.
    pub by: Actor,
    /// What was said with it, where it has no reason of its own.
    pub note: Option<String>,
}

/// The facts that take a run up and settle one thing in it; the first facts to drive it on with.
/// The run's old processes must be dead.
///
/// # Errors
/// When nothing is stuck, it is not clear which is meant, or it cannot be settled so.
pub fn settlement(
    plan: &Plan,
    state: &RunState,
    settings: Settings,
    word: Word,
) -> Result<Vec<Fact>, SettleError> {
    let unfit = |error: crate::event::IllegalMove| SettleError::Unfit(error.why);
    let mut probe = state.clone();
    let resumed = Fact::Resumed { settings };
    apply(plan, &mut probe, resumed.clone()).map_err(unfit)?;
    // What was left in doubt stays the answer: taken up, a step would first be looked at once more.
    let before = standing(plan, state);
    let anew = if before.in_doubt().is_empty() { as_taken_up(plan, state) } else { None };
    let left = anew.as_ref().unwrap_or(state);
    if standing(plan, left).in_doubt().is_empty() {
        return Err(SettleError::NotStuck(waits_for(&before, stopped(plan, state))));
    }
    let trouble = pick(plan, left, word.place.as_deref())?;
    let (site, verb) = (trouble.site, Verb::of(&word.how));
    let open = open_verbs(left, &trouble);
    if !open.contains(&verb) {
        let place = path_of(plan, left, site).join(" / ");
        return Err(SettleError::NotOpen(verb.option(), place, options(open)));
    }
    let Word { how, by, note, .. } = word;
    let settled = Fact::Settled { frame: site.frame, node: site.node, how, by, note };
    apply(plan, &mut probe, settled.clone()).map_err(unfit)?;
    Ok(vec![resumed, settled])
}

/// What stays in doubt where one thing was settled and nobody goes on with the run yet: it is left as it was.
#[must_use]
pub fn still_in_doubt(plan: &Plan, before: &RunState, facts: &[Fact]) -> Vec<Fact> {
    let mut probe = before.clone();
    if facts.iter().any(|fact| apply(plan, &mut probe, fact.clone()).is_err()) || probe.suspended.is_some() {
        return vec![];
    }
    let settled = facts.iter().find_map(|fact| match fact {
        Fact::Settled {
            frame,
            node,
            how: Settlement::Again | Settlement::Done(_) | Settlement::Skip(_),
            ..
        } => Some(Site { frame: *frame, node: *node }),
        _ => None,
    });
    let Some(settled) = settled else { return vec![] };
    let standing = standing(plan, before);
    let rest = standing.in_doubt().into_iter().filter(|trouble| trouble.site != settled);
    let open: Vec<&Trouble> =
        rest.filter(|trouble| trouble_at(plan, &probe, trouble.site).is_some()).collect();
    let Some(first) = open.first() else { return vec![] };
    let leave = |trouble: &&Trouble| Fact::Decided {
        frame: trouble.site.frame,
        node: trouble.site.node,
        choice: Choice::Leave,
        by: None,
        note: None,
    };
    let suspended = Fact::Suspended { until: None, why: first.why.clone() };
    let left: Vec<Fact> = open.iter().map(leave).chain([suspended]).collect();
    let taken = left.iter().all(|fact| apply(plan, &mut probe, fact.clone()).is_ok());
    if taken { left } else { vec![] }
}

fn pick(plan: &Plan, state: &RunState, place: Option<&str>) -> Result<Trouble, SettleError> {
    let doubts = doubts(plan, state);
    let all: Vec<_> = doubts.iter().collect();
    let meant = match place {
        Some(place) => meant(all, |(_, doubt)| doubt.place.clone(), place),
        None => all,
    };
    let wrong = match meant.as_slice() {
        [(only, _)] => return Ok(only.clone()),
        [_, ..] => "more than one thing is in doubt",
        [] => "nothing of that name is in doubt",
    };
    let lines = doubts.iter().map(|(_, doubt)| doubt.line());
    Err(SettleError::Which(wrong.into(), lines.collect()))
}

/// Options in words: `--again, --done WHY or --skip WHY`.
fn options(verbs: &[Verb]) -> String {
    let options: Vec<_> = verbs.iter().map(|verb| verb.option()).collect();
    match options.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => options.concat(),
    }
}

/// For what a run waits that is not stuck.
fn waits_for(standing: &Standing, stopped: Option<Stopped>) -> String {
    let waits = standing.waiting.first().map(|trouble| match trouble.kind {
        TroubleKind::Cancelled if stopped == Some(Stopped::OnOrBack) => format!(
            "{}; `bowline resume` goes on with it, `bowline cancel --on-failure rollback` undoes it",
            trouble.why
        ),
        TroubleKind::Cancelled => format!("{}; `bowline resume` goes on with it", trouble.why),
        _ => format!("it waits: {}", trouble.why),
    });
    waits.unwrap_or_else(|| "`bowline resume` goes on with it".into())
}

/// Something that a person has to settle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InDoubt {
    /// Its path, as [`Word::place`] names it. Of those that have one path the second goes by a number: `Part (2)`.
    pub place: String,
    /// What is wrong, and with what.
    pub why: String,
    /// How it can be settled.
    pub verbs: &'static [Verb],
    /// Whether it is an undo.
    pub undo: bool,
    /// What follows once what it belongs to is undone.
    pub then: Then,
}

impl InDoubt {
    /// As the option of the command line that names it, and in words.
    #[must_use]
    pub fn line(&self) -> String {
        format!("--at {:?}: {}", self.place, self.why)
    }

    /// The options that settle it, in words.
    #[must_use]
    pub fn options(&self) -> String {
        options(self.verbs)
    }
}

/// What is stuck, or has failed and waits for a decision, in the order of the plan.
#[must_use]
pub fn in_doubt(plan: &Plan, state: &RunState) -> Vec<InDoubt> {
    doubts(plan, state).into_iter().map(|(_, doubt)| doubt).collect()
}

/// Titles with values in them may come out alike.
fn doubts(plan: &Plan, state: &RunState) -> Vec<(Trouble, InDoubt)> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut told = vec![];
    for trouble in standing(plan, state).in_doubt() {
        let mut doubt = doubt(plan, state, trouble);
        let count = seen.entry(doubt.place.clone()).or_default();
        *count += 1;
        if *count > 1 {
            doubt.place = format!("{} ({count})", doubt.place);
        }
        told.push((trouble.clone(), doubt));
    }
    told
}

fn doubt(plan: &Plan, state: &RunState, trouble: &Trouble) -> InDoubt {
    let started = started(plan, state, trouble.site).map(|started| format!("; it was: {started}"));
    let undo = trouble.kind == TroubleKind::Undo;
    let of = if undo { "its undo failed: " } else { "" };
    InDoubt {
        place: path_of(plan, state, trouble.site).join(" / "),
        why: format!("{of}{}{}", trouble.why, started.unwrap_or_default()),
        verbs: open_verbs(state, trouble),
        undo,
        then: scope_to_undo(plan, state, trouble.site.frame).1,
    }
}

/// What is open to a run that somebody stopped, while nobody says how it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// It goes on, or is undone.
    OnOrBack,
    /// It goes on: the point of no return is passed.
    On,
    /// Its undoing goes on.
    Back,
}

/// Whether somebody stopped the run and nobody said how it goes on.
pub(super) fn stopped(plan: &Plan, state: &RunState) -> Option<Stopped> {
    let standing = standing(plan, state);
    let mut waiting = standing.waiting.iter();
    let trouble = waiting.find(|trouble| trouble.kind == TroubleKind::Cancelled)?;
    let undoing = state.frame(trouble.site.frame).is_some_and(crate::event::Frame::is_undoing);
    Some(match (undoing, state.may_unwind(trouble.site.frame)) {
        (true, _) => Stopped::Back,
        (false, true) => Stopped::OnOrBack,
        (false, false) => Stopped::On,
    })
}

/// The run as it would be if a process took it up now, with nobody there to be asked: what was at work is in doubt.
pub(super) fn as_taken_up(plan: &Plan, state: &RunState) -> Option<RunState> {
    let settings = Settings { attended: Attended::Nobody, ..state.settings.clone()? };
    let mut probe = state.clone();
    apply(plan, &mut probe, Fact::Resumed { settings }).ok()?;
    Some(probe)
}

/// Applies a fact to a state that only tries it.
pub(super) fn apply(plan: &Plan, state: &mut RunState, fact: Fact) -> Result<(), crate::event::IllegalMove> {
    let event = Event { seq: state.seq + 1, at: state.now, fact };
    state.apply(plan, &event)
}
