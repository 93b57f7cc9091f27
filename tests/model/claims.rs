//! Claims about the model itself, over random cases: what it says must hang together.

use super::model::{Next, next};
use super::random::Size;
use super::replay::{model, replay};
use super::walk::Record;
use super::world::{End, Event, Key, Outcome, Part, Trace, Tree};
use super::worlds::cases;
use proptest::prelude::*;

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
            let mut prefix = Record::of(trace.events.get(..at).unwrap_or_default());
            prop_assert!(!matches!(next(&case.run, &case.script, &prefix), Next::End(_)));
            prefix.push(&Event::Crash);
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
        Tree::Phase(body)
        | Tree::Call(body)
        | Tree::For { body, .. }
        | Tree::Attempt { body, otherwise: None } => any_of(body, wanted),
        Tree::Parallel { branches, .. } => any_of(branches, wanted),
        Tree::If { then: body, otherwise, .. } | Tree::Attempt { body, otherwise: Some(otherwise) } => {
            any_of(body, wanted) || any_of(otherwise, wanted)
        }
        _ => false,
    };
    body.iter().any(|tree| wanted(tree) || inside(tree))
}
