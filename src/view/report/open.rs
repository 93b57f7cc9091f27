//! What is open in a run that is not over: what is in doubt, what is owed, what to type. Asks `run` for all of it.

use super::text::Text;
use crate::event::RunState;
use crate::plan::Plan;
use crate::run::{ExitCode, InDoubt, Stopped, as_taken_up, gone_wrong, in_doubt, owed_undos, stopped};

/// So many undos are listed; the rest is counted.
const OWED_MOST: usize = 200;

/// What needs a person, each a word with what belongs to it; nothing of a run that has ended.
pub(super) fn open(plan: &Plan, state: &RunState, run: &str) -> Vec<(&'static str, Vec<Text>)> {
    if state.finished.is_some() {
        return vec![];
    }
    // Taken up, what was at work when the run was cut off is in doubt, and counts.
    let probe = if state.suspended.is_none() { as_taken_up(plan, state) } else { None };
    let left = probe.as_ref().unwrap_or(state);
    let doubts = in_doubt(plan, left);
    let wrong = if doubts.is_empty() { gone_wrong(plan, left) } else { vec![] };
    let listed = probe.is_some() || !doubts.is_empty() || !wrong.is_empty() || stopped(plan, state).is_some();
    let owed = if listed { owed(plan, left) } else { vec![] };
    let word = if ExitCode::of(plan, state) == ExitCode::Stuck { "stuck" } else { "in doubt" };
    let rows = [
        (word, doubts.iter().map(told).collect()),
        ("went wrong", wrong.into_iter().map(|wrong| wrong.told).collect()),
        ("still owed", owed),
        ("next", ways(plan, state, &doubts, run)),
    ];
    let rows = rows.into_iter().filter(|(_, texts): &(_, Vec<String>)| !texts.is_empty());
    rows.map(|(word, texts)| (word, texts.into_iter().map(Text::of).collect())).collect()
}

/// Where several are in doubt each says what settles it.
fn told(doubt: &InDoubt) -> String {
    format!("{}; settled with {}", doubt.line(), doubt.options())
}

/// What is owed, in the order in which it would be undone.
fn owed(plan: &Plan, state: &RunState) -> Vec<String> {
    let owed = owed_undos(plan, state, RunState::ROOT);
    let more = owed.len().saturating_sub(OWED_MOST);
    let told = owed.iter().take(OWED_MOST).map(ToString::to_string);
    told.chain((more > 0).then(|| format!("and {more} more"))).collect()
}

/// What to type.
fn ways(plan: &Plan, state: &RunState, doubts: &[InDoubt], run: &str) -> Vec<String> {
    let settle = match doubts {
        [] => None,
        [one] => Some(format!("look at it, then bowline settle {run} with {}", one.options())),
        _ => Some(format!("look at it, then bowline settle {run} --at STEP with one of its options")),
    };
    let resume = match ExitCode::of(plan, state) {
        ExitCode::Stuck => None,
        _ if doubts.is_empty() => Some(format!("bowline resume {run} goes on with it")),
        _ => Some(format!("or bowline resume {run}, which finds out or asks")),
    };
    let back = (stopped(plan, state) == Some(Stopped::OnOrBack))
        .then(|| format!("or bowline cancel {run} --on-failure rollback, which undoes it"));
    settle.into_iter().chain(resume).chain(back).collect()
}
