//! `bowline settle`: what a person says about something stuck, as facts.

use super::decide::{Standing, Trouble, standing};
use super::render::{path_of, started};
use crate::event::{Actor, Event, Fact, RunState, Settings, Settlement, Site};
use crate::plan::Plan;

/// Why something cannot be settled so; in words for a person.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum SettleError {
    /// Nothing is stuck; what it waits for.
    #[error("it is not stuck; {0}")]
    NotStuck(String),
    /// It was not said which of what is stuck is meant, or nothing stuck has that name. Each stuck thing as a line.
    #[error("{0}; say which is meant:\n  {lines}", lines = .1.join("\n  "))]
    Which(String, Vec<String>),
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
    // What was left stuck stays the answer: taken up, a step would first be looked at once more.
    let before = standing(plan, state);
    let left = if before.stuck.is_empty() { &probe } else { state };
    if standing(plan, left).stuck.is_empty() {
        return Err(SettleError::NotStuck(waits_for(&before)));
    }
    let site = pick(plan, left, word.place.as_deref())?;
    let settled = Fact::Settled { frame: site.frame, node: site.node, how: word.how, by: word.by };
    apply(plan, &mut probe, settled.clone()).map_err(unfit)?;
    Ok(vec![resumed, settled])
}

fn pick(plan: &Plan, state: &RunState, place: Option<&str>) -> Result<Site, SettleError> {
    let standing = standing(plan, state);
    let named = |trouble: &&Trouble| place.is_none_or(|place| is_at(plan, state, trouble, place));
    let mut meant = standing.stuck.iter().filter(named);
    let wrong = match (meant.next(), meant.next()) {
        (Some(only), None) => return Ok(only.site),
        (Some(_), _) => "more than one thing is stuck",
        _ => "nothing of that name is stuck",
    };
    Err(SettleError::Which(wrong.into(), standing.stuck.iter().map(|one| line(plan, state, one)).collect()))
}

/// For what a run waits that is not stuck.
fn waits_for(standing: &Standing) -> String {
    let waits = standing.waiting.first().map(|trouble| format!("it waits: {}", trouble.why));
    waits.unwrap_or_else(|| "`bowline resume` goes on with it".into())
}

fn is_at(plan: &Plan, state: &RunState, trouble: &Trouble, place: &str) -> bool {
    let path = path_of(plan, state, trouble.site).join(" / ");
    path.strip_suffix(place).is_some_and(|before| before.is_empty() || before.ends_with(" / "))
}

/// What is stuck, as an option of the command line and in words.
fn line(plan: &Plan, state: &RunState, trouble: &Trouble) -> String {
    let InDoubt { place, why } = doubt(plan, state, trouble);
    format!("--at {place:?}: {why}")
}

/// Something that a person has to settle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InDoubt {
    /// Its path, as [`Word::place`] names it.
    pub place: String,
    /// What is wrong, and with what.
    pub why: String,
}

/// What is stuck, in the order of the plan.
#[must_use]
pub fn in_doubt(plan: &Plan, state: &RunState) -> Vec<InDoubt> {
    standing(plan, state).stuck.iter().map(|trouble| doubt(plan, state, trouble)).collect()
}

fn doubt(plan: &Plan, state: &RunState, trouble: &Trouble) -> InDoubt {
    let started = started(plan, state, trouble.site).map(|started| format!("; it was: {started}"));
    InDoubt {
        place: path_of(plan, state, trouble.site).join(" / "),
        why: format!("{}{}", trouble.why, started.unwrap_or_default()),
    }
}

/// What is stuck, each as the option that names it and in words.
#[must_use]
pub fn stuck(plan: &Plan, state: &RunState) -> Vec<String> {
    standing(plan, state).stuck.iter().map(|trouble| line(plan, state, trouble)).collect()
}

/// Applies a fact to a state that only tries it.
pub(super) fn apply(plan: &Plan, state: &mut RunState, fact: Fact) -> Result<(), crate::event::IllegalMove> {
    let event = Event { seq: state.seq + 1, at: state.now, fact };
    state.apply(plan, &event)
}
