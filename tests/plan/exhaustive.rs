//! A drill leaves nothing out: every effect and every undo of a plan fails in each way that there is.

use std::collections::{BTreeMap, BTreeSet};

use bowline::compile::{LoadError, Loader, compile};
use bowline::drill::{Inputs, Options, drill};
use bowline::event::Injection;
use bowline::plan::{Act, Class, Effect, NodeId, Op, Plan};

use crate::root;

/// Runbooks with checks, rollbacks, questions, requests, programs, files, loops, guards, waits and logs.
const SAMPLE: &[&str] = &[
    "memoria/rollback",
    "memoria/distribution",
    "memoryos/migrate",
    "memoryos/drift-regression",
    "memoryos/dual-run",
    "memoryos/slo-breach",
    "job-queue/chaos",
];

struct Folder;

impl Loader for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        std::fs::read(root().join(path)).map_err(|error| LoadError::Unreadable(error.to_string()))
    }
}

/// The ways in which an effect can go wrong. A look has changed nothing whatever becomes of it, and one that hangs until its
/// limit gave no answer as one that was lost gave none. Who holds a lock is waited for, and so is a
/// time; what is logged is written by the run itself.
fn ways(effect: &Effect) -> BTreeSet<&'static str> {
    use Injection::{Clean, Crash, Failure, Hang, Unknown};
    let all = match (&effect.act, effect.class) {
        (Act::Lock(_) | Act::Log(_) | Act::Wait(_), _) => vec![],
        (_, Class::Looks) if effect.timeout.is_some() => vec![Failure, Unknown, Crash],
        (_, Class::Looks) => vec![Failure, Unknown, Hang, Crash],
        (_, Class::Changes | Class::Asks) => vec![Failure, Clean, Unknown, Hang, Crash],
    };
    all.into_iter().map(Injection::name).collect()
}

fn effects(plan: &Plan) -> impl Iterator<Item = (NodeId, &Effect)> {
    let all = (0..).map(NodeId).zip(&plan.nodes);
    all.filter_map(|(at, node)| if let Op::Do(effect) = &node.op { Some((at, &**effect)) } else { None })
}

#[test]
fn every_effect_and_undo_of_a_plan_fails_in_every_way() {
    for name in SAMPLE {
        let plan = compile(&Folder, &format!("runbooks/{name}.runbook")).plan.unwrap();
        let drilled = drill(&plan, &Inputs::new(), Options::default(), &mut |_| ());
        let mut tried: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
        for point in &drilled.points {
            let kinds = point.cases.iter().filter_map(|case| case.kind).map(Injection::name);
            tried.entry(point.node.0).or_default().extend(kinds);
        }
        let mut count = 0;
        for (at, effect) in effects(&plan) {
            let (wanted, found) = (ways(effect), tried.remove(&at.0).unwrap_or_default());
            assert_eq!(found, wanted, "{name}: {:?}", effect.act);
            count += wanted.len();
        }
        assert!(count > 50, "{name} is too small to show anything: {count}");
    }
}
