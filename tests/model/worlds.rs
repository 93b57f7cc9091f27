//! Random worlds for a plan, as proptest strategies that shrink.
//!
//! A world is made in layers, so that what goes wrong hits something: faults on effects that an untroubled
//! run starts; faults on what starts only because of these (`otherwise`); faults on the undoing; then a cancel and
//! crashes at starts of the run that results. It knows the model, not the engine.

use super::random::{Size, runs, sometimes};
use super::replay::model;
use super::world::{Key, OnFailure, Outcome, Part, Script, Tree};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// A plan and its world.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) run: Vec<Tree>,
    pub(crate) script: Script,
}

/// Plans with worlds.
pub(crate) fn cases(size: Size) -> impl Strategy<Value = Case> {
    several(size, 1).prop_map(|(run, scripts)| {
        let script = scripts.into_iter().next().unwrap_or_default();
        Case { run, script }
    })
}

/// Plans with up to so many worlds each.
pub(crate) fn several(size: Size, worlds: usize) -> impl Strategy<Value = (Vec<Tree>, Vec<Script>)> {
    (runs(size), vec(world(), 1..=worlds)).prop_map(|(run, worlds)| {
        let calm = started(&run, &Script::default());
        let scripts = worlds.iter().map(|world| world.script(&run, &calm)).collect();
        (run, scripts)
    })
}

/// A world that is not yet tied to a plan.
#[derive(Clone, Debug)]
struct World {
    forward: Vec<(Index, Vec<Outcome>)>,
    late: Vec<(Index, Vec<Outcome>)>,
    doubt: Option<(Index, Outcome)>,
    back: Vec<(Index, Vec<Outcome>)>,
    cancel: Option<Index>,
    crashes: Vec<Index>,
    unarmed: Option<Index>,
    hold: bool,
    order: Vec<usize>,
}

fn world() -> impl Strategy<Value = World> {
    let rare = |probability| proptest::option::weighted(probability, any::<Index>());
    let crashes = prop_oneof![3 => Just(Vec::new()), 1 => vec(any::<Index>(), 1..4)];
    let faults = |most| vec((any::<Index>(), vec(outcomes(), 1..5)), 0..=most);
    (
        (faults(3), faults(1), proptest::option::weighted(0.15, (any::<Index>(), outcomes()))),
        vec((any::<Index>(), troubles()), 0..3),
        (rare(0.2), crashes, rare(0.2)),
        sometimes(0.1),
        vec(0..4usize, 1..8),
    )
        .prop_map(|((forward, late, doubt), back, (cancel, crashes, unarmed), hold, order)| World {
            forward,
            late,
            doubt,
            back,
            cancel,
            crashes,
            unarmed,
            hold,
            order,
        })
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        4 => Just(Outcome::Failed),
        2 => Just(Outcome::FailedClean),
        2 => Just(Outcome::Done),
        1 => Just(Outcome::Unknown),
    ]
}

/// What undoing meets: mostly a few tries, sometimes as many as make it stuck.
fn troubles() -> impl Strategy<Value = Vec<Outcome>> {
    prop_oneof![3 => vec(outcomes(), 1..4), 1 => Just(vec![Outcome::Failed; 4])]
}

impl World {
    /// `calm` is what an untroubled run starts.
    fn script(&self, run: &[Tree], calm: &[Key]) -> Script {
        let mut script = Script { order: self.order.clone(), ..Script::default() };
        script.on_failure = if self.hold { OnFailure::Hold } else { OnFailure::Rollback };
        for (index, outcomes) in &self.forward {
            put(&mut script, calm, *index, outcomes);
        }
        self.put_doubt(&mut script, calm);
        if let Some(index) = self.unarmed {
            let arming: Vec<_> = calm.iter().filter(|key| key.part == Part::Arm).cloned().collect();
            put(&mut script, &arming, index, &[Outcome::Failed]);
        }
        let back = |key: &Key| !is_forward(key) && key.part != Part::Arm;
        if !self.late.is_empty() {
            let new = |key: &Key| !calm.contains(key) && is_forward(key);
            let late: Vec<_> = started(run, &script).into_iter().filter(new).collect();
            self.late.iter().for_each(|(index, outcomes)| put(&mut script, &late, *index, outcomes));
        }
        if !self.back.is_empty() {
            let undoing: Vec<_> = started(run, &script).into_iter().filter(back).collect();
            self.back.iter().for_each(|(index, outcomes)| put(&mut script, &undoing, *index, outcomes));
        }
        if self.cancel.is_some() || !self.crashes.is_empty() {
            let length = started(run, &script).len() + 1;
            script.cancel = self.cancel.map(|index| 1 + index.index(length));
            script.crashes = self.crashes.iter().map(|index| 1 + index.index(length)).collect();
        }
        script
    }
}

impl World {
    /// An outcome that is unknown, in a step whose `done when` is asked about it then.
    fn put_doubt(&self, script: &mut Script, calm: &[Key]) {
        let Some((index, answer)) = self.doubt else { return };
        let looks: Vec<_> = calm.iter().filter(|key| key.part == Part::Look).cloned().collect();
        let Some(look) = pick(&looks, index) else { return };
        script.answers.insert(look.clone(), vec![Outcome::Failed, answer]);
        script.answers.insert(Key { part: Part::Body(0), ..look.clone() }, vec![Outcome::Unknown]);
    }
}

fn started(run: &[Tree], script: &Script) -> Vec<Key> {
    model(run, script).started().cloned().collect()
}

fn is_forward(key: &Key) -> bool {
    matches!(key.part, Part::Body(_) | Part::Check)
}

fn put(script: &mut Script, keys: &[Key], index: Index, outcomes: &[Outcome]) {
    if let Some(key) = pick(keys, index) {
        script.answers.insert(key.clone(), outcomes.to_vec());
    }
}

fn pick<T>(list: &[T], index: Index) -> Option<&T> {
    if list.is_empty() { None } else { Some(index.get(list)) }
}
