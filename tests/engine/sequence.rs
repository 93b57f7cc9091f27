//! Steps in sequence, failure, unwinding, ends.

use bowline::run::ExitCode;
use bowline::run::door::Failure;
use bowline::run::testing::{Answer, Script};

use crate::build::{expect, http, phase, plan, run, simple, step, yes};
use crate::world::run_plan;

fn fails(label: &str) -> Script {
    Script::default().on(label, &[Answer::Exit(1)])
}

#[test]
fn steps_run_in_order_and_cost_one_commit_each() {
    let plan = plan(vec![simple("a").into(), simple("b").into(), simple("c").into()]);
    let ran = run_plan(&plan, Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "do a, do b, do c"));
    assert_eq!(ran.journal.commits, 4, "one before each effect, one for the end");
}

#[test]
fn a_failure_undoes_newest_first() {
    let plan = plan(vec![simple("a").into(), phase("p", vec![simple("b").into(), simple("c").into()])]);
    let ran = run_plan(&plan, fails("do c"));
    assert_eq!(ran.code, ExitCode::RolledBack);
    assert_eq!(ran.did(), "do a, do b, do c, undo c, undo b, undo a");
}

#[test]
fn what_failed_clean_owes_nothing() {
    let plan = plan(vec![simple("a").into(), simple("b").into()]);
    let world = Script::default().on("do b", &[Answer::Fails(Failure::NotStarted)]);
    let ran = run_plan(&plan, world);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, do b, undo a"));
}

#[test]
fn client_errors_are_clean_but_some() {
    for (status, undone) in [(404, false), (408, true), (409, true), (425, true), (429, true), (500, true)] {
        let undo = vec![run("undo").into()];
        let plan = plan(vec![step("s", vec![http("http://x/")]).rollback(undo).into()]);
        let ran =
            run_plan(&plan, Script::default().on("POST http://x/", &[Answer::Status(status, String::new())]));
        assert_eq!(ran.did().contains("undo"), undone, "{status}");
    }
}

#[test]
fn an_expectation_that_does_not_hold_is_a_failure() {
    let plan = plan(vec![simple("a").into(), expect(yes(true)), expect(yes(false)), simple("b").into()]);
    let ran = run_plan(&plan, Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, undo a"));
}

#[test]
fn an_irreversible_step_stays() {
    let plan = plan(vec![simple("a").into(), simple("b").irreversible().into(), simple("c").into()]);
    let ran = run_plan(&plan, fails("do c"));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::FailedKept, "do a, do b, do c, undo c, undo a"));
}

#[test]
fn work_per_event_does_not_grow_with_history() {
    let steps = |count: u32| plan((0..count).map(|at| simple(&at.to_string()).into()).collect());
    let many = steps(5_000);
    let ran = run_plan(&many, fails("do 4999"));
    assert_eq!((ran.code, ran.host.started.len()), (ExitCode::RolledBack, 10_000));
}
