//! Lengths of time and deadlines, as a frame sees them.

use jiff::{SignedDuration, Timestamp};

use crate::event::{FrameId, RunState, step_around};
use crate::plan::Plan;
use crate::value::{Expr, Value, eval};

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
