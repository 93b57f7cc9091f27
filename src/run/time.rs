//! Lengths of time and deadlines, as a frame sees them.

use jiff::{SignedDuration, Timestamp};

use crate::event::{Frame, FrameId, Kind, PollState, Purpose, RunState, step_around};
use crate::plan::{Loop, Plan, WatchKind};
use crate::value::{Expr, Value, eval};

/// Time between the looks of a check where none is given.
pub(super) const LOOK_EVERY: SignedDuration = SignedDuration::from_secs(10);

/// A look has at least so long: a program that has only just been started says nothing about what it looks at.
const LEAST_LOOK: SignedDuration = SignedDuration::from_secs(1);

/// A look of a guard that has no answer after so long gives none, unless its `every` is longer.
const GUARD_LOOK: SignedDuration = SignedDuration::from_mins(1);

/// A length of time as seen from a frame.
pub(super) fn duration(state: &RunState, frame: FrameId, expr: &Expr) -> Option<SignedDuration> {
    match eval(expr, &state.seen_from(frame)) {
        Ok(Value::Duration(length)) => SignedDuration::try_from(length).ok(),
        _ => None,
    }
}

/// A time plus a length, the end of time where it does not fit.
pub(super) fn later(time: Timestamp, length: SignedDuration) -> Timestamp {
    time.checked_add(length).unwrap_or(Timestamp::MAX)
}

/// When the time of the step around a frame is over: its timeout from its first effect on, people's time not counted.
pub(super) fn deadline(plan: &Plan, state: &RunState, frame: FrameId) -> Option<Timestamp> {
    let limit = step_around(plan, state, frame)?.timeout.as_ref()?;
    let step = state.frame(frame)?.step.and_then(|step| state.frame(step))?.as_step()?;
    let length = duration(state, frame, limit)?;
    Some(later(later(step.started.unwrap_or(state.now), length), step.paused))
}

/// How much of that is left.
pub(super) fn time_left(plan: &Plan, state: &RunState, frame: FrameId) -> Option<SignedDuration> {
    deadline(plan, state, frame).map(|deadline| deadline.duration_since(state.now))
}

/// How long a look may go on: what is left of the `within` of the checks around it, and never so long that a guard
/// does not see. None where nothing bounds it.
pub(super) fn look_left(plan: &Plan, state: &RunState, frame: FrameId) -> Option<SignedDuration> {
    let up = |at: &&Frame| at.parent.and_then(|parent| state.frame(parent));
    let around = std::iter::successors(state.frame(frame), up);
    around.filter_map(|at| of_check(plan, state, at).or_else(|| of_guard(plan, state, at))).min()
}

/// A look that begins at the last moment has as long as passes between two, and never less than [`LEAST_LOOK`]: cut off
/// sooner, it would hide what the look before it saw. One of a `soak` has the whole `within`.
fn of_check(plan: &Plan, state: &RunState, at: &Frame) -> Option<SignedDuration> {
    let Kind::Poll(PollState { streak, .. }) = &at.kind else { return None };
    let Loop::Poll { every, within: Some(within), .. } = plan.loop_of(at.node)? else { return None };
    let within = duration(state, at.id, within)?;
    let every = every.as_ref().and_then(|every| duration(state, at.id, every)).unwrap_or(LOOK_EVERY);
    let left = later(at.began, within).duration_since(state.now);
    Some(if streak.is_some() { within } else { left }.max(every).max(LEAST_LOOK))
}

fn of_guard(plan: &Plan, state: &RunState, at: &Frame) -> Option<SignedDuration> {
    let (Purpose::Watch(watch), scope) = (at.purpose, state.frame(at.parent?)?) else { return None };
    let watch = plan.watch_of(scope.node, watch)?;
    let every = duration(state, scope.id, &watch.every)?;
    matches!(watch.kind, WatchKind::Guard { .. }).then(|| every.max(GUARD_LOOK))
}
