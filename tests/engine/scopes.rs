//! Scopes within scopes.

use bowline::run::ExitCode;
use bowline::run::testing::{Answer, Script};
use jiff::SignedDuration;

use crate::build::{attempt, parallel, phase, plan, run, simple};
use crate::world::run_plan;

fn slow(answer: Answer) -> Answer {
    Answer::After(SignedDuration::from_secs(10), Box::new(answer))
}

#[test]
fn an_attempt_in_a_branch_finishes_its_unwinding_before_the_run_unwinds() {
    let branch = attempt(vec![simple("b").into(), simple("c").into()], Some(vec![simple("d").into()]));
    let plan = plan(vec![parallel(None, vec![simple("a").into(), branch])]);
    let world = Script::default()
        .on("do a", &[slow(Answer::Exit(1))])
        .on("do c", &[Answer::Exit(1)])
        .on("undo c", &[slow(Answer::Exit(0)), Answer::Exit(0)]);
    let ran = run_plan(&plan, world);
    assert_eq!(ran.code, ExitCode::RolledBack);
    assert!(!ran.did().contains("do d"), "otherwise is not for another's failure: {}", ran.did());
    assert_eq!(ran.did(), "do a, do b, do c, undo c, undo b, undo a");
}

#[test]
fn an_attempt_restores_at_its_end() {
    let paused = simple("a").restore(vec![run("restore a").into()]);
    let plan = plan(vec![attempt(vec![paused.into(), simple("b").into()], None), simple("c").into()]);
    let ran = run_plan(&plan, Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "do a, do b, restore a, do c"));
}

#[test]
fn nested_phases_restore_from_the_inside_out() {
    let paused = |name: &str| simple(name).restore(vec![run(&format!("restore {name}")).into()]);
    let inner = phase("inner", vec![paused("b").into()]);
    let plan = plan(vec![phase("outer", vec![paused("a").into(), inner, simple("c").into()])]);
    let ran = run_plan(&plan, Script::default());
    assert_eq!(ran.did(), "do a, do b, restore b, do c, restore a");
    let ran = run_plan(&plan, Script::default().on("do c", &[Answer::Exit(1)]));
    assert_eq!(ran.did(), "do a, do b, restore b, do c, undo c, undo b, undo a, restore a");
}
