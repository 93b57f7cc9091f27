//! What is open in a run that no process drives: gathered once, for whoever tells it. Pure, and without words of its own.

use super::decide::standing;
use super::ends::ExitCode;
use super::needs::{Need, is_busy, needs};
use super::render::{OwedUndo, Wrong, gone_wrong, owed_undos};
use super::settle::{InDoubt, Stopped, as_taken_up, in_doubt, stopped};
use crate::event::{Ending, RunState};
use crate::plan::Plan;

/// How a run stands that no process drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// It has ended so.
    Ended(Ending),
    /// A person must settle what is in doubt.
    Stuck,
    /// It waits for a decision about what failed.
    Held,
    /// Somebody stopped it, and nobody said how it goes on.
    Stopped(Stopped),
    /// It was left while something was at work: nobody knows what became of that.
    CutOff,
    /// Nothing was at work, and no process took it up since.
    Left,
    /// It waits for people, a time or another run.
    Waits,
}

/// What is open in a run.
#[derive(Clone, Debug)]
pub struct LeftOpen {
    /// How it stands.
    pub stands: Stands,
    /// As what a process that leaves it so ends.
    pub code: ExitCode,
    /// What only a person settles; of a run that was cut off, as it will be once it is taken up.
    pub in_doubt: Vec<InDoubt>,
    /// What failed, or was at work, when it was left, where nobody is asked about that.
    pub wrong: Vec<Wrong>,
    /// What is owed, in the order in which it would be undone; nothing of a run that only waits.
    pub owed: Vec<OwedUndo>,
    /// What it waits for, and from whom.
    pub needs: Vec<Need>,
}

impl LeftOpen {
    /// What is open in a run as it stands.
    #[must_use]
    pub fn of(plan: &Plan, state: &RunState) -> Self {
        let code = ExitCode::of(plan, state);
        let stands = stands(plan, state);
        if let Stands::Ended(_) = stands {
            return Self { stands, code, in_doubt: vec![], wrong: vec![], owed: vec![], needs: vec![] };
        }
        // What was at work may have done something: taken up, it is in doubt, and it counts.
        let anew = matches!(stands, Stands::CutOff | Stands::Left);
        let probe = if anew { as_taken_up(plan, state) } else { None };
        let left = probe.as_ref().unwrap_or(state);
        let in_doubt = in_doubt(plan, left);
        let wrong = if in_doubt.is_empty() { gone_wrong(plan, left) } else { vec![] };
        let goes_well = stands == Stands::Waits && wrong.is_empty();
        let owed = if goes_well { vec![] } else { owed_undos(plan, left, RunState::ROOT) };
        Self { stands, code, in_doubt, wrong, owed, needs: needs(plan, state) }
    }
}

fn stands(plan: &Plan, state: &RunState) -> Stands {
    if let Some((ending, _)) = &state.finished {
        return Stands::Ended(*ending);
    }
    if state.suspended.is_none() {
        return if is_busy(state) { Stands::CutOff } else { Stands::Left };
    }
    let now = standing(plan, state);
    match stopped(plan, state) {
        _ if !now.stuck.is_empty() => Stands::Stuck,
        _ if !now.in_doubt().is_empty() => Stands::Held,
        Some(stopped) => Stands::Stopped(stopped),
        None if gone_wrong(plan, state).iter().any(|wrong| wrong.in_doubt) => Stands::CutOff,
        None => Stands::Waits,
    }
}
