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
    /// How a `done when` answers before its step.
    before: Option<(Index, Outcome)>,
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
    let before = prop_oneof![2 => Just(Outcome::Done), 1 => Just(Outcome::Unknown)];
    let answered = |probability, outcome| proptest::option::weighted(probability, (any::<Index>(), outcome));
    let faults = |most| vec((any::<Index>(), vec(outcomes(), 1..5)), 0..=most);
    (
        (faults(3), faults(1), answered(0.15, outcomes().boxed()), answered(0.08, before.boxed())),
        vec((any::<Index>(), troubles()), 0..3),
        (rare(0.2), crashes, rare(0.2)),
        sometimes(0.1),
        vec(0..4usize, 1..8),
    )
        .prop_map(|((forward, late, doubt, before), back, (cancel, crashes, unarmed), hold, order)| {
            World { forward, late, doubt, before, back, cancel, crashes, unarmed, hold, order }
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
        let mut plot = Plot { run, script: Script::default(), started: None };
        plot.script.on_failure = if self.hold { OnFailure::Hold } else { OnFailure::Rollback };
        plot.script.order.clone_from(&self.order);
        plot.put_all(calm, &self.forward);
        self.put_doubt(&mut plot, calm);
        if let Some((index, answer)) = self.before {
            plot.put(&looks(calm), index, &[answer]);
        }
        if let Some(index) = self.unarmed {
            let arming: Vec<_> = calm.iter().filter(|key| key.part == Part::Arm).cloned().collect();
            plot.put(&arming, index, &[Outcome::Failed]);
        }
        if !self.late.is_empty() {
            let late = plot.started_where(|key| !calm.contains(key) && is_forward(key));
            plot.put_all(&late, &self.late);
        }
        if !self.back.is_empty() {
            let undoing = plot.started_where(|key| !is_forward(key) && key.part != Part::Arm);
            self.back.iter().for_each(|(index, outcomes)| plot.put_back(&undoing, *index, outcomes));
        }
        if self.cancel.is_some() || !self.crashes.is_empty() {
            let length = plot.started_where(|_| true).len() + 1;
            plot.script.cancel = self.cancel.map(|index| 1 + index.index(length));
            plot.script.crashes = self.crashes.iter().map(|index| 1 + index.index(length)).collect();
        }
        plot.script
    }

    /// An outcome that is unknown, in a step whose `done when` is asked about it then.
    fn put_doubt(&self, plot: &mut Plot<'_>, calm: &[Key]) {
        let Some((index, answer)) = self.doubt else { return };
        let looks = looks(calm);
        let Some(look) = pick(&looks, index) else { return };
        plot.insert(look.clone(), &[Outcome::Failed, answer]);
        plot.insert(Key { part: Part::Body(0), ..look.clone() }, &[Outcome::Unknown]);
    }
}

/// A script in the making.
struct Plot<'a> {
    run: &'a [Tree],
    script: Script,
    /// What starts in the script as it is, once that was asked.
    started: Option<Vec<Key>>,
}

impl Plot<'_> {
    fn started_where(&mut self, wanted: impl Fn(&Key) -> bool) -> Vec<Key> {
        let started = self.started.get_or_insert_with(|| started(self.run, &self.script));
        started.iter().filter(|key| wanted(key)).cloned().collect()
    }

    fn put_all(&mut self, keys: &[Key], all: &[(Index, Vec<Outcome>)]) {
        all.iter().for_each(|(index, outcomes)| self.put(keys, *index, outcomes));
    }

    fn put(&mut self, keys: &[Key], index: Index, outcomes: &[Outcome]) {
        if let Some(key) = pick(keys, index) {
            self.insert(key.clone(), outcomes);
        }
    }

    /// A `done when` that is asked once more after the step was said not to be done before.
    fn put_back(&mut self, keys: &[Key], index: Index, outcomes: &[Outcome]) {
        let before = match pick(keys, index) {
            Some(Key { part: Part::Look, .. }) => vec![Outcome::Failed],
            _ => vec![],
        };
        self.put(keys, index, &[&before, outcomes].concat());
    }

    fn insert(&mut self, key: Key, outcomes: &[Outcome]) {
        self.started = None;
        self.script.answers.insert(key, outcomes.to_vec());
    }
}

fn looks(keys: &[Key]) -> Vec<Key> {
    keys.iter().filter(|key| key.part == Part::Look).cloned().collect()
}

fn is_forward(key: &Key) -> bool {
    matches!(key.part, Part::Body(_) | Part::Check)
}

fn started(run: &[Tree], script: &Script) -> Vec<Key> {
    model(run, script).started().cloned().collect()
}

fn pick<T>(list: &[T], index: Index) -> Option<&T> {
    if list.is_empty() { None } else { Some(index.get(list)) }
}
