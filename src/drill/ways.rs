//! What leads out of where a run is stuck. Where it stands alike, it is tried once.

use std::collections::HashMap;
use std::fmt::Write;

use crate::event::{Frame, Key, Open, Owed, RunState, Undoes, Vars};
use crate::run::{ExitCode, InDoubt, Verb};

/// What leads out of where, by the [`standing`] there.
pub(super) type WaysOut = HashMap<String, Tried>;

/// What came of each way.
#[derive(Clone, Debug, Default)]
pub(super) struct Tried {
    /// Those that lead to an end, and to which.
    pub(super) lead: Vec<(Verb, ExitCode)>,
    /// Whether the undo in doubt is wrong itself.
    pub(super) wrong: bool,
}

/// All that the ways out depend on, on one course: what is in doubt, what stays, and of every frame how far it is, which
/// values it holds and what it owes. Numbers of frames, times and the reason are left out: two failures of one thing stand
/// alike.
pub(super) fn standing(state: &RunState, doubts: &[InDoubt]) -> String {
    let mut all = String::new();
    for doubt in doubts {
        _ = write!(all, "{:?} {:?};", doubt.place, doubt.verbs);
    }
    let kept = state.kept.iter().map(|debt| debt.node.0);
    _ = write!(all, "{} {:?} {:?}", state.committed, kept.collect::<Vec<_>>(), state.passed_over);
    state.frames().for_each(|frame| tell_frame(&mut all, frame));
    all
}

fn tell_frame(all: &mut String, frame: &Frame) {
    _ = write!(all, "\n{} {}", frame.node.0, frame.next);
    match &frame.key {
        Some(Key::Item(item)) => _ = write!(all, " of {item:?}"),
        Some(Key::Turn(turn)) => _ = write!(all, " turn {turn}"),
        Some(Key::Undo(_)) | None => {}
    }
    for slot in &frame.slots {
        let open = match &slot.open {
            Open::Frame(_) => "frame",
            Open::Effect(_) => "effect",
            Open::Nothing | Open::Again => "",
        };
        _ = write!(all, " {}:{open}", slot.node.0);
    }
    frame.vars.iter().for_each(|vars| tell_vars(all, vars));
    frame.turns.iter().for_each(|turn| tell_vars(all, &turn.vars));
    tell_owed(all, &frame.owed);
    frame.branches.iter().for_each(|(_, owed)| tell_owed(all, owed));
    if let Some(unwind) = &frame.unwind {
        tell_owed(all, &unwind.lane.todo);
        _ = write!(all, " {}", matches!(unwind.lane.now.as_deref(), Some(Undoes::One { .. })));
    }
}

fn tell_vars(all: &mut String, vars: &Vars) {
    for (var, value) in vars.iter() {
        _ = write!(all, " {}={value:?}", var.0);
    }
}

fn tell_owed(all: &mut String, owed: &[Owed]) {
    for owed in owed {
        owed.each(&mut |debt| _ = write!(all, " owes {} {} {}", debt.node.0, debt.rollback, debt.restore));
    }
}
