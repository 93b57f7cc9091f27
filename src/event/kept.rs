//! The sets of values that may still be read: of frames, and of loop turns long gone that an undo still sees.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Debt, Frame, FrameId, Lane, Owed, RunState, Undoes, Vars};
use crate::value::{Scope, Value, VarId, hollow};

/// Which set of values; counts until the state changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// That of a frame.
    Frame(FrameId),
    /// One that a turn left to what it owes, by where it stands in memory.
    Turn(usize),
}

/// A set of values, and what stands around it.
#[derive(Clone, Copy)]
pub struct Kept<'a> {
    /// Which.
    pub place: Place,
    /// Its own values.
    pub vars: &'a Vars,
    /// Those of a turn: of the turns around it, innermost first, itself included.
    pub turns: &'a [Arc<Vars>],
    /// The frame around.
    pub frame: FrameId,
    state: &'a RunState,
}

impl Scope for Kept<'_> {
    fn get(&self, var: VarId) -> Option<&Value> {
        let turn = self.turns.iter().find_map(|vars| vars.get(var));
        turn.or_else(|| self.state.value(self.frame, var))
    }
}

fn place_of(vars: &Arc<Vars>) -> Place {
    Place::Turn(Arc::as_ptr(vars) as usize)
}

impl RunState {
    /// Each set once: of frames in the order begun, each followed by those of the turns that it owes something for.
    #[must_use]
    pub fn kept_values(&self) -> Vec<Kept<'_>> {
        let mut all: Vec<Kept<'_>> = vec![];
        for frame in self.frames() {
            let own = frame.vars.iter();
            let place = Place::Frame(frame.id);
            all.extend(own.map(|vars| Kept { place, vars, turns: &[], frame: frame.id, state: self }));
            each_env(frame, &mut |env| {
                for at in 0..env.len() {
                    let (Some(vars), Some(turns)) = (env.get(at), env.get(at..)) else { continue };
                    if all.iter().all(|kept| kept.place != place_of(vars)) {
                        all.push(Kept { place: place_of(vars), vars, turns, frame: frame.id, state: self });
                    }
                }
            });
        }
        all
    }

    /// Puts values where they are missing.
    pub fn put_back(&mut self, values: &[(Place, VarId, Value)]) {
        let mut by_place: HashMap<Place, Vec<(VarId, &Value)>> = HashMap::new();
        for (place, var, value) in values {
            by_place.entry(*place).or_default().push((*var, value));
        }
        let fill = |vars: &mut Vars, place: Place| {
            let known = by_place.get(&place).into_iter().flatten();
            known.for_each(|(var, value)| vars.set(*var, (*value).clone()));
        };
        for frame in self.frames.values_mut() {
            if let Some(vars) = &mut frame.vars {
                fill(vars, Place::Frame(frame.id));
            }
            each_env_mut(frame, &mut |env| {
                for vars in env {
                    let place = place_of(vars);
                    if by_place.contains_key(&place) {
                        fill(Arc::make_mut(vars), place);
                    }
                }
            });
        }
        self.gaps =
            self.kept_values().iter().any(|kept| kept.vars.iter().any(|(_, value)| hollow(value).is_some()));
    }

    /// Whether a value lacks a secret that the journal does not hold.
    #[must_use]
    pub fn has_gaps(&self) -> bool {
        self.gaps
    }

    /// The state as a set of values belongs to it, and the frame to look from.
    #[must_use]
    pub fn as_seen(&self, kept: Kept<'_>) -> (Self, FrameId) {
        let mut state = self.clone();
        if kept.turns.is_empty() {
            return (state, kept.frame);
        }
        let seen = state.stand_in(kept.frame, kept.turns);
        (state, seen)
    }

    /// Puts a frame beside the others that sees what turns long gone left, to look from; never in a state that a run
    /// goes on from. The next one takes its place.
    pub fn stand_in(&mut self, around: FrameId, turns: &[Arc<Vars>]) -> FrameId {
        let id = self.next_frame();
        if let Some(around) = self.frame(around) {
            let turn =
                Frame { id, parent: Some(around.id), vars: None, env: turns.to_vec(), ..around.clone() };
            self.frames.insert(id, turn);
        }
        id
    }
}

fn each_env<'f>(frame: &'f Frame, visit: &mut dyn FnMut(&'f [Arc<Vars>])) {
    visit(&frame.env);
    let lists = frame.branches.iter().map(|(_, owed)| owed).chain([&frame.owed]);
    lists.flatten().for_each(|owed| of_owed(owed, visit));
    frame.unwind.iter().for_each(|unwind| of_lane(&unwind.lane, visit));
}

fn of_owed<'f>(owed: &'f Owed, visit: &mut dyn FnMut(&'f [Arc<Vars>])) {
    match owed {
        Owed::Step(debt) => visit(&debt.env),
        Owed::Parallel { branches, .. } => branches.iter().flatten().for_each(|owed| of_owed(owed, visit)),
    }
}

fn of_lane<'f>(lane: &'f Lane, visit: &mut dyn FnMut(&'f [Arc<Vars>])) {
    match lane.now.as_deref() {
        Some(Undoes::One { debt, .. }) => visit(&debt.env),
        Some(Undoes::Fork { waiting, lanes, .. }) => {
            waiting.iter().flatten().for_each(|owed| of_owed(owed, visit));
            lanes.iter().for_each(|lane| of_lane(lane, visit));
        }
        None => {}
    }
    lane.todo.iter().for_each(|owed| of_owed(owed, visit));
}

fn each_env_mut(frame: &mut Frame, visit: &mut dyn FnMut(&mut [Arc<Vars>])) {
    visit(&mut frame.env);
    let mut debt = |debt: &mut Debt| visit(&mut debt.env);
    let lists = frame.branches.iter_mut().map(|(_, owed)| owed).chain([&mut frame.owed]);
    lists.flatten().for_each(|owed| owed.each_mut(&mut debt));
    frame.unwind.iter_mut().for_each(|unwind| of_lane_mut(&mut unwind.lane, &mut debt));
}

fn of_lane_mut(lane: &mut Lane, visit: &mut impl FnMut(&mut Debt)) {
    match lane.now.as_deref_mut() {
        Some(Undoes::One { debt, .. }) => visit(debt),
        Some(Undoes::Fork { waiting, lanes, .. }) => {
            waiting.iter_mut().flatten().for_each(|owed| owed.each_mut(visit));
            for lane in lanes {
                of_lane_mut(lane, visit);
            }
        }
        None => {}
    }
    lane.todo.iter_mut().for_each(|owed| owed.each_mut(visit));
}
