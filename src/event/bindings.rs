//! All that is bound in a run and may still be read: in frames, and in turns that are over but owe an undo.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Frame, FrameId, RunState, SeenFrom, Turn, Vars};
use crate::value::{Layered, Value, VarId, hollow};

/// What one frame bound, and what stands around it.
#[derive(Clone, Copy)]
pub struct Bindings<'a> {
    /// Whose they are; a turn keeps the number of its frame.
    pub of: FrameId,
    /// Its own values.
    pub vars: &'a Vars,
    /// Of a turn that is over: the turns around it, innermost first, itself included.
    turns: &'a [Arc<Turn>],
    /// The frame that is there and sees them.
    seen_by: FrameId,
    around: SeenFrom<'a>,
}

impl Bindings<'_> {
    /// They, and the values around them.
    #[must_use]
    pub fn scope(&self) -> Layered<'_> {
        Layered { inner: &self.turns, outer: &self.around }
    }
}

/// A value to be put where it is missing.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The frame that it was bound in.
    pub of: FrameId,
    /// What it is bound to.
    pub var: VarId,
    /// The value.
    pub value: Value,
}

impl RunState {
    /// All bindings, each once: of frames in the order begun, each followed by those of the turns that it still
    /// sees or owes something for.
    #[must_use]
    pub fn bindings(&self) -> Vec<Bindings<'_>> {
        let (mut all, mut known) = (vec![], HashSet::new());
        for frame in self.frames() {
            let (seen_by, around) = (frame.id, self.seen_from(frame.id));
            let own = frame.vars.iter();
            all.extend(own.map(|vars| Bindings { of: frame.id, vars, turns: &[], seen_by, around }));
            let lists =
                std::iter::once(&frame.turns).chain(frame.debts().into_iter().map(|debt| &debt.turns));
            for (at, turns) in lists.flat_map(|turns| (0..turns.len()).map(move |at| (at, turns))) {
                let (Some(turn), Some(turns)) = (turns.get(at), turns.get(at..)) else { continue };
                if known.insert(turn.frame) {
                    all.push(Bindings { of: turn.frame, vars: &turn.vars, turns, seen_by, around });
                }
            }
        }
        all
    }

    /// Puts values where they are missing.
    pub fn put_back(&mut self, values: &[Binding]) {
        let mut by_frame: HashMap<FrameId, Vec<&Binding>> = HashMap::new();
        values.iter().for_each(|binding| by_frame.entry(binding.of).or_default().push(binding));
        let fill = |of: FrameId, vars: &mut Vars| {
            let bound = by_frame.get(&of).into_iter().flatten();
            bound.for_each(|binding| vars.set(binding.var, binding.value.clone()));
        };
        let fill_turns = |turns: &mut [Arc<Turn>]| {
            let bound = turns.iter_mut().filter(|turn| by_frame.contains_key(&turn.frame));
            bound.for_each(|turn| fill(turn.frame, &mut Arc::make_mut(turn).vars));
        };
        for frame in self.frames.values_mut() {
            frame.vars.iter_mut().for_each(|vars| fill(frame.id, vars));
            fill_turns(&mut frame.turns);
            frame.each_debt_mut(&mut |debt| fill_turns(&mut debt.turns));
        }
        let lacks = |bindings: &Bindings<'_>| bindings.vars.iter().any(|(_, value)| hollow(value).is_some());
        self.gaps = self.bindings().iter().any(lacks);
    }

    /// Whether a value lacks a secret that the journal does not hold.
    #[must_use]
    pub fn has_gaps(&self) -> bool {
        self.gaps
    }

    /// The state in which these bindings are seen, and the frame to look from.
    #[must_use]
    pub fn as_seen(&self, bindings: Bindings<'_>) -> (Self, FrameId) {
        let mut state = self.clone();
        if bindings.turns.is_empty() {
            return (state, bindings.seen_by);
        }
        let seen = state.stand_in(bindings.seen_by, bindings.turns);
        (state, seen)
    }

    /// Puts a frame beside the others that sees what turns long gone left, to look from; never in a state that a run
    /// goes on from. The next one takes its place.
    pub fn stand_in(&mut self, around: FrameId, turns: &[Arc<Turn>]) -> FrameId {
        let id = self.next_frame();
        if let Some(around) = self.frame(around) {
            let turns = turns.to_vec();
            let turn = Frame { id, parent: Some(around.id), vars: None, turns, ..around.clone() };
            self.frames.insert(id, turn);
        }
        id
    }
}
