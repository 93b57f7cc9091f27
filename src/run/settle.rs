//! `bowline settle`: what a person says about something stuck, as facts.

use super::decide::{Trouble, standing};
use crate::event::{Actor, EffectId, Event, Fact, RunState, Settings, Settlement};
use crate::plan::Plan;

/// Why something cannot be settled so; in words for a person.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum SettleError {
    /// Nothing is stuck.
    #[error("the run is not stuck; it waits for {0}")]
    NotStuck(String),
    /// More than one thing is stuck, and it was not said which.
    #[error("more than one effect is stuck; name one of them")]
    Which(Vec<Trouble>),
    /// It cannot be settled in that way.
    #[error("that does not settle it: {0}")]
    Unfit(String),
}

/// What a person says.
#[derive(Clone, Debug)]
pub struct Word {
    /// Of which effect; `None` where only one thing is stuck.
    pub effect: Option<EffectId>,
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
    let site = pick(plan, &probe, word.effect)?.site;
    let settled = Fact::Settled { frame: site.frame, node: site.node, how: word.how, by: word.by };
    apply(plan, &mut probe, settled.clone()).map_err(unfit)?;
    Ok(vec![resumed, settled])
}

fn pick(plan: &Plan, state: &RunState, effect: Option<EffectId>) -> Result<Trouble, SettleError> {
    let standing = standing(plan, state);
    let waits =
        || standing.waiting.first().map_or_else(|| "nothing".to_owned(), |trouble| trouble.why.clone());
    let mut stuck = standing.stuck.clone();
    if effect.is_some() {
        stuck.retain(|trouble| trouble.effect == effect);
    }
    match (stuck.pop(), stuck.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(last), false) => Err(SettleError::Which(stuck.into_iter().chain([last]).collect())),
        (None, _) => Err(SettleError::NotStuck(waits())),
    }
}

/// Applies a fact to a state that only tries it.
pub(super) fn apply(plan: &Plan, state: &mut RunState, fact: Fact) -> Result<(), crate::event::IllegalMove> {
    let event = Event { seq: state.seq + 1, at: state.now, fact };
    state.apply(plan, &event)
}
