//! Random plans and worlds for the reference model, as proptest strategies that shrink.
//!
//! A case is made in layers, so that what goes wrong hits something: a tidy plan; faults on effects that
//! an untroubled run of it starts; then faults on the undoing that this causes; then a cancel and crashes
//! at starts of the run that results. It knows the model, not the engine.

use super::replay::model;
use super::world::{Answer, Key, OnFailure, Outcome, Part, Script, Step, Tree};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// A plan and its world.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) run: Vec<Tree>,
    pub(crate) script: Script,
}

/// How large the plans get. Numbers are upper bounds of what is asked for; loops multiply.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) depth: u32,
    pub(crate) statements: u32,
}

impl Default for Size {
    fn default() -> Size {
        Size { depth: 3, statements: 12 }
    }
}

/// Plans with worlds.
pub(crate) fn cases(size: Size) -> impl Strategy<Value = Case> {
    (runs(size), worlds()).prop_map(|(run, world)| {
        let script = world.script(&run);
        Case { run, script }
    })
}

// ---- plans ----

/// Tidy plans: every id once, nothing unreachable, `commit` and `end` only where they may stand.
pub(crate) fn runs(size: Size) -> impl Strategy<Value = Vec<Tree>> {
    let leaf = prop_oneof![
        16 => steps().prop_map(Tree::Step),
        2 => Just(Tree::Check(String::new())),
        1 => Just(Tree::Fail),
        1 => Just(Tree::Commit),
        1 => Just(Tree::End),
    ];
    let tree = leaf.prop_recursive(size.depth, size.statements, 3, |inner| blocks(&inner));
    let commit = proptest::option::weighted(0.15, any::<Index>());
    (vec(tree, 1..5), commit).prop_map(|(mut run, commit)| {
        if let Some(index) = commit {
            run.insert(index.index(run.len()), Tree::Commit);
        }
        Tidy::default().run(run)
    })
}

fn blocks(inner: &BoxedStrategy<Tree>) -> impl Strategy<Value = Tree> + use<> {
    let body = || vec(inner.clone(), 1..4);
    let limit = || prop_oneof![2 => Just(None), 1 => (1..4usize).prop_map(Some)];
    prop_oneof![
        3 => body().prop_map(Tree::Phase),
        1 => body().prop_map(Tree::Call),
        4 => (limit(), vec(inner.clone(), 2..4))
            .prop_map(|(limit, branches)| Tree::Parallel { limit, branches }),
        2 => (0..4usize, limit(), body()).prop_map(|(items, parallel, body)| Tree::For { items, parallel, body }),
        2 => (any::<bool>(), body(), vec(inner.clone(), 0..3))
            .prop_map(|(cond, then, otherwise)| Tree::If { cond, then, otherwise }),
        3 => (body(), body()).prop_map(|(body, otherwise)| Tree::Attempt { body, otherwise }),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    let effects = prop_oneof![4 => Just(1), 2 => Just(2), 1 => Just(3usize)];
    let restore = prop_oneof![5 => Just(0), 3 => Just(1), 1 => Just(2usize)];
    let retry = prop_oneof![5 => Just(0), 1 => Just(1), 1 => Just(2usize)];
    let flags = (sometimes(0.12), sometimes(0.25), sometimes(0.2), sometimes(0.15));
    (effects, answers(), restore, retry, flags).prop_map(|(effects, answer, restore, retry, flags)| {
        let (atomic, idempotent, done_when, file) = flags;
        let takes_file = file && (restore > 0 || matches!(answer, Answer::Rollback { .. }));
        let answer = match answer {
            Answer::Rollback { effects: n, best_effort, once, needs } => {
                let needs = needs.map(|effect| effect % effects).filter(|_| !done_when);
                Answer::Rollback { effects: n, best_effort, once, needs }
            }
            other => other,
        };
        Step { id: String::new(), effects, answer, restore, atomic, idempotent, retry, done_when, takes_file }
    })
}

fn answers() -> impl Strategy<Value = Answer> {
    let needs = prop_oneof![5 => Just(None), 1 => (0..3usize).prop_map(Some)];
    let rollback = (1..3usize, sometimes(0.15), sometimes(0.12), needs).prop_map(
        |(effects, best_effort, once, needs)| Answer::Rollback { effects, best_effort, once, needs },
    );
    prop_oneof![12 => rollback, 2 => Just(Answer::Nothing), 1 => Just(Answer::Irreversible)]
}

fn sometimes(probability: f64) -> impl Strategy<Value = bool> {
    proptest::bool::weighted(probability)
}

/// Numbers the statements and replaces what may not stand where it stands by a check.
#[derive(Default)]
struct Tidy {
    count: usize,
    committed: bool,
    /// Nothing has started yet in this branch: a `fail` here would race with its siblings' first effects.
    leading: bool,
}

/// What a block may hold.
#[derive(Clone, Copy)]
struct Place {
    /// 0 is the run's own block, 1 a phase there, 2 anything else.
    level: u8,
    end: bool,
}

impl Tidy {
    fn run(&mut self, run: Vec<Tree>) -> Vec<Tree> {
        self.block(run, Place { level: 0, end: true })
    }

    fn block(&mut self, body: Vec<Tree>, place: Place) -> Vec<Tree> {
        let mut tidy = Vec::new();
        for tree in body {
            tidy.push(self.tree(tree, place));
            if matches!(tidy.last(), Some(Tree::Fail | Tree::End)) {
                break; // what follows cannot be reached
            }
        }
        tidy
    }

    fn tree(&mut self, tree: Tree, place: Place) -> Tree {
        let inner = Place { level: 2, ..place };
        let closed = Place { level: 2, end: false };
        match tree {
            Tree::Step(step) => Tree::Step(Step { id: self.id('s'), ..step }),
            Tree::Commit if place.level < 2 && !self.committed => {
                self.committed = true;
                Tree::Commit
            }
            Tree::End if place.end => Tree::End,
            Tree::Fail if !self.leading => Tree::Fail,
            Tree::Check(_) | Tree::Commit | Tree::End | Tree::Fail => Tree::Check(self.id('c')),
            Tree::Phase(body) => {
                Tree::Phase(self.block(body, Place { level: if place.level == 0 { 1 } else { 2 }, ..place }))
            }
            Tree::Call(body) => Tree::Call(self.block(body, closed)),
            Tree::Parallel { limit, branches } => {
                let branches = branches.into_iter().map(|tree| self.branch(|tidy| tidy.tree(tree, closed)));
                Tree::Parallel { limit, branches: branches.collect() }
            }
            Tree::For { items, parallel: parallel @ Some(_), body } => {
                Tree::For { items, parallel, body: self.branch(|tidy| tidy.block(body, closed)) }
            }
            Tree::For { items, parallel, body } => {
                Tree::For { items, parallel, body: self.block(body, inner) }
            }
            Tree::If { cond, then, otherwise } => {
                let leading = self.leading;
                let then = self.block(then, inner);
                self.leading = leading;
                let otherwise = self.block(otherwise, inner);
                self.leading = leading;
                Tree::If { cond, then, otherwise }
            }
            Tree::Attempt { body, otherwise } => {
                let body = self.block(body, closed);
                Tree::Attempt { body, otherwise: self.block(otherwise, closed) }
            }
        }
    }

    fn branch<T>(&mut self, tidy: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.leading, true);
        let branch = tidy(self);
        self.leading = outer;
        branch
    }

    fn id(&mut self, kind: char) -> String {
        self.leading = false;
        self.count += 1;
        format!("{kind}{}", self.count)
    }
}

// ---- worlds ----

/// A world that is not yet tied to a plan.
#[derive(Clone, Debug)]
struct World {
    forward: Vec<(Index, Vec<Outcome>)>,
    back: Vec<(Index, Vec<Outcome>)>,
    cancel: Option<Index>,
    crashes: Vec<Index>,
    unarmed: Option<Index>,
    hold: bool,
    order: Vec<usize>,
}

fn worlds() -> impl Strategy<Value = World> {
    let rare = |probability| proptest::option::weighted(probability, any::<Index>());
    let crashes = prop_oneof![3 => Just(Vec::new()), 1 => vec(any::<Index>(), 1..4)];
    (
        vec((any::<Index>(), vec(outcomes(), 1..5)), 0..4),
        vec((any::<Index>(), troubles()), 0..3),
        (rare(0.2), crashes, rare(0.2)),
        sometimes(0.1),
        vec(0..4usize, 1..8),
    )
        .prop_map(|(forward, back, (cancel, crashes, unarmed), hold, order)| World {
            forward,
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
    fn script(&self, run: &[Tree]) -> Script {
        let mut script = Script { order: self.order.clone(), ..Script::default() };
        script.on_failure = if self.hold { OnFailure::Hold } else { OnFailure::Rollback };
        let calm = started(run, &script);
        for (index, outcomes) in &self.forward {
            put(&mut script, &calm, *index, outcomes);
        }
        if let Some(index) = self.unarmed {
            let arming: Vec<_> = calm.iter().filter(|key| key.part == Part::Arm).cloned().collect();
            put(&mut script, &arming, index, &[Outcome::Failed]);
        }
        let undoing = |key: &Key| !matches!(key.part, Part::Body(_) | Part::Check | Part::Arm);
        let troubled: Vec<_> = started(run, &script).into_iter().filter(undoing).collect();
        for (index, outcomes) in &self.back {
            put(&mut script, &troubled, *index, outcomes);
        }
        let length = started(run, &script).len() + 1;
        script.cancel = self.cancel.map(|index| 1 + index.index(length));
        script.crashes = self.crashes.iter().map(|index| 1 + index.index(length)).collect();
        script
    }
}

fn started(run: &[Tree], script: &Script) -> Vec<Key> {
    model(run, script).started().cloned().collect()
}

fn put(script: &mut Script, keys: &[Key], index: Index, outcomes: &[Outcome]) {
    if let Some(key) = pick(keys, index) {
        script.answers.insert(key.clone(), outcomes.to_vec());
    }
}

fn pick<T>(list: &[T], index: Index) -> Option<&T> {
    if list.is_empty() { None } else { Some(index.get(list)) }
}

mod tests {
    use super::super::model::{Next, next};
    use super::super::replay::replay;
    use super::super::world::{End, Event, Trace};
    use super::*;
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    use std::collections::BTreeMap;

    fn position(trace: &Trace, wanted: &Key) -> Option<usize> {
        trace.started().position(|key| key == wanted)
    }

    fn config() -> ProptestConfig {
        let some = ProptestConfig { cases: 300, max_global_rejects: 20_000, ..ProptestConfig::default() };
        ProptestConfig { failure_persistence: None, ..some }
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn the_model_accepts_its_own_runs(case in cases(Size::default())) {
            let trace = model(&case.run, &case.script);
            prop_assert_eq!(replay(&case.run, &case.script, &trace.events), Ok(trace.verdict));
        }

        #[test]
        fn an_end_says_what_is_left(case in cases(Size::default())) {
            let verdict = model(&case.run, &case.script).verdict;
            match verdict.end {
                End::Completed => prop_assert!(verdict.owed.is_empty()),
                End::RolledBack => prop_assert!(verdict.owed.is_empty() && verdict.kept.is_empty()),
                End::FailedKept => prop_assert!(verdict.owed.is_empty() && !verdict.kept.is_empty()),
                End::Stuck | End::Waiting => {}
            }
        }

        #[test]
        fn nothing_is_undone_that_never_ran_and_nothing_done_is_repeated(case in cases(Size::default())) {
            let trace = model(&case.run, &case.script);
            for key in trace.undone() {
                let body = Key { step: key.step.clone(), part: Part::Body(0) };
                prop_assert!(position(&trace, &body) < position(&trace, key), "{}", key);
                prop_assert!(position(&trace, &body).is_some(), "{}", key);
            }
            let done = |key: &Key| {
                let good = Event::Ended(key.clone(), Outcome::Done);
                trace.events.iter().filter(|event| **event == good).count()
            };
            for key in trace.started().filter(|key| !matches!(key.part, Part::Look | Part::Arm | Part::Rollback(_))) {
                prop_assert!(done(key) <= 1, "{}", key);
            }
        }

        /// C9: every state that a crash can leave is resumable; and no run ends early.
        #[test]
        fn every_prefix_goes_on(case in cases(Size::default())) {
            let trace = model(&case.run, &case.script);
            for at in 0..trace.events.len() {
                let mut prefix = trace.events.get(..at).unwrap_or_default().to_vec();
                prop_assert!(!matches!(next(&case.run, &case.script, &prefix), Next::End(_)));
                prefix.push(Event::Crash);
                prop_assert_ne!(next(&case.run, &case.script, &prefix), Next::Start(Vec::new()));
            }
        }

        /// C4, said without the model: reverse of the order in which the steps began.
        #[test]
        fn a_sequence_unwinds_backwards(case in cases(Size::default())) {
            prop_assume!(!any_of(&case.run, &|tree| matches!(tree,
                Tree::Parallel { .. } | Tree::For { parallel: Some(_), .. } | Tree::Attempt { .. })));
            let trace = model(&case.run, &case.script);
            let first = |part| {
                let starts = trace.started().filter(|key| key.part == part);
                let mut steps: Vec<_> = starts.map(|key| &key.step).collect();
                let mut seen = std::collections::BTreeSet::new();
                steps.retain(|step| seen.insert(*step));
                steps
            };
            let (undone, mut begun) = (first(Part::Rollback(0)), first(Part::Body(0)));
            begun.reverse();
            begun.retain(|step| undone.contains(step));
            prop_assert_eq!(undone, begun);
        }

        /// C9, said without the model: once a rollback has begun nothing goes forward.
        #[test]
        fn nothing_goes_forward_after_a_rollback(case in cases(Size::default())) {
            prop_assume!(!any_of(&case.run, &|tree| matches!(tree, Tree::Attempt { .. })));
            let trace = model(&case.run, &case.script);
            let parts: Vec<_> = trace.started().map(|key| key.part).collect();
            let back = parts.iter().position(|part| matches!(part, Part::Rollback(_))).unwrap_or(parts.len());
            let after = parts.get(back..).unwrap_or_default();
            prop_assert!(!after.iter().any(|part| matches!(part, Part::Body(_) | Part::Check)));
        }
    }

    fn any_of(body: &[Tree], wanted: &dyn Fn(&Tree) -> bool) -> bool {
        let inside = |tree: &Tree| match tree {
            Tree::Phase(body) | Tree::Call(body) | Tree::For { body, .. } => any_of(body, wanted),
            Tree::Parallel { branches, .. } => any_of(branches, wanted),
            Tree::If { then: body, otherwise, .. } | Tree::Attempt { body, otherwise } => {
                any_of(body, wanted) || any_of(otherwise, wanted)
            }
            _ => false,
        };
        body.iter().any(|tree| wanted(tree) || inside(tree))
    }

    /// Every end, and the interesting interleavings, come often enough to be tested by 10,000 cases.
    #[test]
    fn cases_are_interesting() {
        let mut runner = TestRunner::deterministic();
        let strategy = cases(Size::default());
        let mut seen = BTreeMap::<String, usize>::new();
        for _ in 0..1000 {
            let case = strategy.new_tree(&mut runner).expect("no filters").current();
            let trace = model(&case.run, &case.script);
            for what in traits(&case, &trace) {
                *seen.entry(what).or_default() += 1;
            }
        }
        for what in [
            "Completed",
            "RolledBack",
            "Stuck",
            "Waiting",
            "FailedKept",
            "side by side",
            "crash in undo",
            "commit",
        ] {
            assert!(seen.get(what).is_some_and(|n| *n >= 20), "{what}: {seen:#?}");
        }
    }

    fn traits(case: &Case, trace: &Trace) -> Vec<String> {
        let mut found = vec![format!("{:?}", trace.verdict.end)];
        let (mut running, mut most) = (Vec::new(), 0);
        for event in &trace.events {
            match event {
                Event::Started(key) => running.push(key),
                Event::Ended(key, _) => running.retain(|other| *other != key),
                Event::Cancel => found.push("cancel".to_owned()),
                Event::Crash => {
                    let undoing = |key: &&Key| matches!(key.part, Part::Rollback(_) | Part::Restore(_));
                    found
                        .push(if running.iter().any(undoing) { "crash in undo" } else { "crash" }.to_owned());
                    running.clear();
                }
            }
            most = most.max(running.len());
        }
        if most > 1 {
            found.push("side by side".to_owned());
        }
        if trace.undone().count() > 2 {
            found.push("long undo".to_owned());
        }
        if case.run.contains(&Tree::Commit) {
            found.push("commit".to_owned());
        }
        found
    }
}
