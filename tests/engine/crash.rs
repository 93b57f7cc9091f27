//! Crashes: any prefix of a journal can be resumed to a legal end, and nothing that ended well is done again.

use std::collections::HashSet;

use bowline::event::{Event, Fact, Outcome, RunState, Settlement};
use bowline::plan::{Class, NodeId, Plan};
use bowline::run::ExitCode;
use bowline::run::decide::standing;
use bowline::run::door::Failure;
use bowline::run::testing::{Answer, Script, Signal, somebody};
use proptest::prelude::*;

use crate::build::{
    Part, attempt, check, confirm, each, look, parallel, phase, plan, run, simple, step, wait,
};
use crate::world::{Ran, go_on, nobody, resume, run_plan, started};

/// A plan in a form that proptest can shrink.
#[derive(Clone, Debug)]
enum Tree {
    Step { undo: bool, restore: bool, done_when: bool, idempotent: bool, effects: u8, irreversible: bool },
    Phase(Vec<Tree>),
    Parallel(Vec<Tree>, Option<u32>),
    Attempt(Vec<Tree>, Option<Vec<Tree>>),
    Each(Vec<Tree>),
    Check,
    Confirm,
    Wait,
}

fn leaf() -> impl Strategy<Value = Tree> {
    let flags = (any::<bool>(), any::<bool>(), prop::bool::weighted(0.3), prop::bool::weighted(0.3));
    let step = (flags, 1..3u8, prop::bool::weighted(0.1)).prop_map(|(flags, effects, irreversible)| {
        let (undo, restore, done_when, idempotent) = flags;
        Tree::Step { undo, restore, done_when, idempotent, effects, irreversible }
    });
    prop_oneof![6 => step, 1 => Just(Tree::Check), 1 => Just(Tree::Confirm), 1 => Just(Tree::Wait)]
}

fn tree() -> impl Strategy<Value = Vec<Tree>> {
    let tree = leaf().prop_recursive(3, 12, 3, |inner| {
        let some = || prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            some().prop_map(Tree::Phase),
            (some(), prop::option::of(1..3u32)).prop_map(|(trees, limit)| Tree::Parallel(trees, limit)),
            (some(), prop::option::of(some())).prop_map(|(trees, other)| Tree::Attempt(trees, other)),
            some().prop_map(Tree::Each),
        ]
    });
    prop::collection::vec(tree, 1..5)
}

/// Names steps by their order, so that outcomes can be given to them.
fn parts(trees: &[Tree], names: &mut u32) -> Vec<Part> {
    trees.iter().map(|tree| one(tree, names)).collect()
}

fn one(tree: &Tree, names: &mut u32) -> Part {
    *names += 1;
    let name = *names;
    match tree {
        Tree::Step { undo, restore, done_when, idempotent, effects, irreversible } => {
            let body = (0..*effects).map(|at| run(&format!("do {name}.{at}")).into()).collect();
            let mut made = step(&format!("s{name}"), body);
            if *undo {
                made = made.rollback(vec![run(&format!("undo {name}")).into()]);
            }
            if *irreversible {
                made = made.irreversible();
            }
            if *restore {
                made = made.restore(vec![run(&format!("restore {name}")).into()]);
            }
            if *done_when {
                made = made.done_when(vec![look(&format!("is {name}")).into()]);
            }
            if *idempotent { made.idempotent().into() } else { made.into() }
        }
        Tree::Phase(inner) => phase(&format!("p{name}"), parts(inner, names)),
        Tree::Parallel(inner, limit) => parallel(*limit, parts(inner, names)),
        Tree::Attempt(inner, other) => {
            let body = parts(inner, names);
            attempt(body, other.as_ref().map(|other| parts(other, names)))
        }
        Tree::Each(inner) => each(&format!("x{name}"), &["a", "b"], None, parts(inner, names)),
        Tree::Check => {
            check(&format!("c{name}"), (None, None, None), None, vec![look(&format!("look {name}")).into()])
        }
        Tree::Confirm => confirm(&format!("sure {name}?")).into(),
        Tree::Wait => wait(60),
    }
}

/// Which work goes wrong, and how.
#[derive(Clone, Debug)]
struct Weather {
    wrong: Vec<(u32, u8)>,
    cancel: Option<usize>,
}

fn weather() -> impl Strategy<Value = Weather> {
    let wrong = prop::collection::vec((1..14u32, 0..7u8), 0..4);
    (wrong, prop::option::weighted(0.2, 1..8usize)).prop_map(|(wrong, cancel)| Weather { wrong, cancel })
}

fn world(weather: &Weather) -> Script {
    let mut script = Script::default();
    let fail = || vec![Answer::Exit(1)];
    for (name, how) in &weather.wrong {
        script = match how {
            0 => script.on(&format!("do {name}.0"), &fail()),
            1 => script.on(&format!("do {name}.1"), &fail()),
            2 => script.on(&format!("do {name}.0"), &[Answer::Fails(Failure::NotStarted)]),
            3 => script.on(&format!("do {name}.0"), &[Answer::Fails(Failure::TimedOut), Answer::Exit(0)]),
            4 => script.on(&format!("undo {name}"), &fail()),
            5 => script.on(&format!("look {name}"), &fail()).on(&format!("restore {name}"), &fail()),
            _ => script.on(&format!("is {name}"), &[Answer::Exit(0)]),
        };
    }
    match weather.cancel {
        Some(after) => script.signal(after, Signal::Cancel),
        None => script,
    }
}

/// Settles whatever is stuck, as done, until the run has an end.
fn to_the_end(plan: &Plan, mut ran: Ran) -> Ran {
    for _ in 0..200 {
        match ran.code {
            ExitCode::Stuck => {
                let site = standing(plan, &ran.state).stuck[0].site;
                let how = Settlement::Done("seen".into());
                let settled =
                    Fact::Settled { frame: site.frame, node: site.node, how, by: somebody(), note: None };
                ran = again(plan, ran, vec![settled, Fact::Resumed { settings: nobody() }]);
            }
            ExitCode::Waiting => ran = again(plan, ran, vec![Fact::Resumed { settings: nobody() }]),
            _ => return ran,
        }
    }
    panic!("no end: {:?}", ran.state.suspended);
}

fn again(plan: &Plan, ran: Ran, first: Vec<Fact>) -> Ran {
    let mut host = Script::default();
    host.now = ran.host.now;
    go_on(plan, ran.journal.events, first, host)
}

/// No changing effect is begun once it has ended well.
fn nothing_twice(plan: &Plan, events: &[Event]) {
    let mut done = HashSet::new();
    for event in events {
        match &event.fact {
            Fact::Began(begun) => assert!(!done.contains(&begun.effect), "{begun:?} was done already"),
            Fact::Ended { effect, outcome: Outcome::Done, .. } => drop(done.insert(*effect)),
            _ => {}
        }
    }
    let mut seen = HashSet::new();
    for event in events {
        if let Fact::Began(begun) = &event.fact
            && begun.attempt == 1
            && changes(plan, begun.node)
        {
            assert!(seen.insert((begun.frame, begun.node)), "{begun:?} has two effects");
        }
    }
}

fn changes(plan: &Plan, node: NodeId) -> bool {
    plan.class_of(node) == Class::Changes
}

/// Whether the run at the end of these events has ended or is at rest.
fn at_rest(state: &RunState) -> bool {
    state.finished.is_some()
}

fn every_crash_is_survived(trees: &[Tree], weather: &Weather) {
    let plan = plan(parts(trees, &mut 0));
    let whole = run_plan(&plan, world(weather));
    nothing_twice(&plan, &whole.journal.events);
    let events = &whole.journal.events;
    for cut in 1..events.len() {
        let prefix = events[..cut].to_vec();
        let state = RunState::fold(&plan, &prefix).unwrap();
        if at_rest(&state) {
            continue;
        }
        let mut host = world(weather);
        host.now = state.now;
        let ran = go_on(&plan, prefix, vec![Fact::Resumed { settings: nobody() }], host);
        let ran = to_the_end(&plan, ran);
        nothing_twice(&plan, &ran.journal.events);
        assert!(matches!(ran.code, ExitCode::Completed | ExitCode::RolledBack | ExitCode::FailedKept));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_crash_is_resumed_to_a_legal_end(trees in tree(), weather in weather()) {
        every_crash_is_survived(&trees, &weather);
    }
}

#[test]
fn a_crash_before_anything_is_known_is_stuck_and_says_where() {
    let plan = plan(vec![simple("a").into(), simple("b").into()]);
    let ran = run_plan(&plan, Script::default());
    let cut = ran.journal.events.iter().position(|event| matches!(event.fact, Fact::Ended { .. })).unwrap();
    let first = vec![Fact::Resumed { settings: nobody() }];
    let ran = go_on(&plan, ran.journal.events[..cut].to_vec(), first, Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Stuck, ""));
    let stuck = &standing(&plan, &ran.state).stuck[0];
    assert_eq!(bowline::run::path_of(&plan, &ran.state, stuck.site), ["a"]);
}

#[test]
fn an_illegal_event_is_refused_by_name() {
    let plan = plan(vec![simple("a").into()]);
    let mut events = vec![Event { seq: 1, at: jiff::Timestamp::UNIX_EPOCH, fact: started(nobody()) }];
    let left = Fact::Left { frame: RunState::ROOT, verdict: bowline::event::Verdict::Passed };
    events.push(Event { seq: 2, at: jiff::Timestamp::UNIX_EPOCH, fact: left });
    let error = RunState::fold(&plan, &events).unwrap_err();
    assert_eq!(error.to_string(), "event 2 cannot follow: the run's own frame is never left");
    events[1].seq = 3;
    assert_eq!(
        RunState::fold(&plan, &events).unwrap_err().to_string(),
        "event 3 cannot follow: expected event 2"
    );
}

#[test]
fn a_clock_that_was_set_back_stalls_no_pause() {
    let times = (Some(10), Some(60), None);
    let plan =
        plan(vec![check("c", times, None, vec![look("look").into()]), simple("a").retry(1, 30).into()]);
    let before = Script::default().on("look", &[Answer::Exit(1)]).signal_at(25, Signal::HangUp);
    let mut ran = run_plan(&plan, before);
    assert_eq!(
        (ran.code, ran.did().as_str(), ran.host.now.as_second()),
        (ExitCode::Waiting, "look, look, look", 25)
    );
    ran.host.now = jiff::Timestamp::from_second(25 - 3600).unwrap();
    let bad = [Answer::Exit(1), Answer::Exit(0)];
    let ran = resume(&plan, ran, nobody(), Script::default().on("look", &bad).on("do a", &bad));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "look, look, do a, do a"));
    assert_eq!(ran.host.now.as_second(), 25 - 3600 + 10 + 30, "as long as with a steady clock");
    let times: Vec<_> = ran.journal.events.iter().map(|event| event.at).collect();
    assert!(times.is_sorted(), "{times:?}");
}
