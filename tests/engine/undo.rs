//! Undo: order, retries, stuck, whole or not at all, restores.

use bowline::event::Settlement;
use bowline::plan::{HandlerWhen, Mark, ResponsePart};
use bowline::run::ExitCode;
use bowline::run::decide::standing;
use bowline::run::door::Failure;
use bowline::run::testing::{Answer, Script};
use bowline::value::Value;
use jiff::SignedDuration;

use crate::build::{
    Around, attempt, check, each, expect, look, mark, parallel, phase, plan, plan_with, run, simple, step,
    text, yes,
};
use crate::world::{go, nobody, person, resume, run_plan, settle};

fn fails(labels: &[&str]) -> Script {
    labels.iter().fold(Script::default(), |script, label| script.on(label, &[Answer::Exit(1)]))
}

fn restored(name: &str) -> crate::build::StepPart {
    simple(name).restore(vec![run(&format!("restore {name}")).into()])
}

#[test]
fn rollback_comes_before_restore_of_one_step() {
    let plan = plan(vec![restored("a").into(), restored("b").into()]);
    let ran = run_plan(&plan, fails(&["do b"]));
    assert_eq!(ran.did(), "do a, do b, undo b, restore b, undo a, restore a");
}

#[test]
fn a_phase_restores_at_its_end_and_passes_its_rollbacks_up() {
    let inner = phase("p", vec![restored("a").into(), restored("b").into()]);
    let plan = plan(vec![inner, simple("c").into()]);
    let ran = run_plan(&plan, fails(&["do c"]));
    assert_eq!(ran.did(), "do a, do b, restore b, restore a, do c, undo c, undo b, undo a");
    assert_eq!(ran.code, ExitCode::RolledBack);
}

#[test]
fn what_stands_outside_phases_is_restored_at_the_end_of_the_run() {
    let plan = plan(vec![restored("a").into(), simple("b").into()]);
    let ran = run_plan(&plan, Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "do a, do b, restore a"));
}

#[test]
fn a_failed_restore_is_stuck_and_rolls_nothing_back() {
    let plan = plan(vec![phase("p", vec![restored("a").into()]), simple("b").into()]);
    let ran = run_plan(&plan, fails(&["restore a"]));
    assert_eq!(ran.code, ExitCode::Stuck);
    assert_eq!(ran.did(), "do a, restore a, restore a, restore a, restore a");
    let done = settle(&plan, ran, Settlement::Done("by hand".into()));
    assert_eq!((done.code, done.did().as_str()), (ExitCode::Completed, "do b"));
}

#[test]
fn a_failed_rollback_is_retried_three_times_then_stuck_right_there() {
    let plan = plan(vec![simple("a").into(), simple("b").into()]);
    let ran = run_plan(&plan, fails(&["do b", "undo b"]));
    assert_eq!(
        (ran.code, ran.did().as_str()),
        (ExitCode::Stuck, "do a, do b, undo b, undo b, undo b, undo b")
    );
    assert_eq!(ran.host.now.as_second(), 21, "1, 4 and 16 seconds between");
}

#[test]
fn a_stuck_rollback_is_settled() {
    let table = [
        (Settlement::Again, ExitCode::RolledBack, "undo b, undo a"),
        (Settlement::Done("by hand".into()), ExitCode::RolledBack, "undo a"),
        (Settlement::Skip("no need".into()), ExitCode::FailedKept, "undo a"),
    ];
    for (how, code, did) in table {
        let plan = plan(vec![simple("a").into(), simple("b").into()]);
        let ran = run_plan(&plan, fails(&["do b", "undo b"]));
        let ran = settle(&plan, ran, how.clone());
        assert_eq!((ran.code, ran.did().as_str()), (code, did), "{how:?}");
    }
}

#[test]
fn best_effort_goes_on_and_ends_as_kept() {
    let plan = plan(vec![simple("a").into(), simple("b").best_effort().into()]);
    let ran = run_plan(&plan, fails(&["do b", "undo b"]));
    assert_eq!(ran.code, ExitCode::FailedKept);
    assert!(ran.did().ends_with("undo b, undo a"), "{}", ran.did());
}

#[test]
fn once_is_stuck_at_once() {
    for answer in [Answer::Exit(1), Answer::Fails(Failure::TimedOut)] {
        let plan = plan(vec![simple("a").once().into(), simple("b").into()]);
        let ran = run_plan(&plan, fails(&["do b"]).on("undo a", &[answer]));
        assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Stuck, "do a, do b, undo b, undo a"));
    }
}

#[test]
fn an_unknown_undo_is_done_again() {
    let plan = plan(vec![simple("a").into()]);
    let world = fails(&["do a"]).on("undo a", &[Answer::Fails(Failure::TimedOut), Answer::Exit(0)]);
    let ran = run_plan(&plan, world);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, undo a, undo a"));
}

#[test]
fn whole_or_not_at_all() {
    let body = vec![run("create").into(), run("read id").binds("id", ResponsePart::Stdout).into()];
    let undo = vec![run("first").into(), run("delete").with(&["id"]).into()];
    let plan = plan(vec![step("s", body).rollback(undo).captures("id").into()]);
    let ran = run_plan(&plan, fails(&["read id"]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Stuck, "create, read id"));
    let why = standing(&plan, &ran.state).stuck[0].why.clone();
    assert_eq!(why, "cannot undo: `id` is unknown");
}

#[test]
fn a_rollback_is_verified_by_done_when() {
    let made = || plan(vec![simple("a").done_when(vec![look("is done").into()]).into()]);
    let undone = "undo a, is done";
    let table = [(Answer::Exit(1), ExitCode::RolledBack, 1), (Answer::Exit(0), ExitCode::Stuck, 4)];
    for (after, code, times) in table {
        let world = fails(&["do a"]).on("is done", &[Answer::Exit(1), after]);
        let ran = run_plan(&made(), world);
        let did = format!("is done, do a, {}", [undone; 4][..times].join(", "));
        assert_eq!((ran.code, ran.did()), (code, did), "unverified is failed: tried again, then stuck");
    }
}

#[test]
fn an_expectation_in_a_rollback_that_fails_is_stuck_and_again_repeats_it_whole() {
    let undo = vec![run("undo").into(), expect(yes(false))];
    let plan = plan(vec![step("s", vec![run("do").into()]).rollback(undo).into()]);
    let ran = run_plan(&plan, fails(&["do"]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Stuck, "do, undo"));
    let ran = settle(&plan, ran, Settlement::Again);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Stuck, "undo"));
}

#[test]
fn parallel_branches_unwind_side_by_side() {
    let branches = vec![
        phase("x", vec![simple("a").into(), simple("b").into()]),
        phase("y", vec![simple("c").into(), simple("d").into()]),
    ];
    let plan = plan(vec![parallel(None, branches), simple("e").into()]);
    let ran = run_plan(&plan, fails(&["do e"]));
    assert_eq!(ran.did(), "do a, do c, do b, do d, do e, undo e, undo d, undo b, undo c, undo a");
}

#[test]
fn a_limit_holds_in_both_directions() {
    let branches = vec![simple("a").into(), simple("b").into(), simple("c").into()];
    let plan = plan(vec![parallel(Some(1), branches), simple("d").into()]);
    let ran = run_plan(&plan, fails(&["do d"]));
    assert_eq!(ran.did(), "do a, do b, do c, do d, undo d, undo c, undo b, undo a");
}

#[test]
fn loop_turns_are_undone_with_their_own_values() {
    let body = step("s", vec![run("do").with(&["x"]).into()]).rollback(vec![run("undo").with(&["x"]).into()]);
    let turns = each("x", &["a", "b"], None, vec![body.captures("x").into()]);
    let plan = plan(vec![turns, simple("z").into()]);
    let ran = run_plan(&plan, fails(&["do z"]));
    assert_eq!(ran.did(), "do a, do b, do z, undo z, undo b, undo a");
    assert_eq!(ran.code, ExitCode::RolledBack);
}

#[test]
fn an_attempt_unwinds_itself_then_does_otherwise() {
    let inner = attempt(vec![simple("b").into(), simple("c").into()], Some(vec![simple("d").into()]));
    let plan = plan(vec![simple("a").into(), inner, simple("e").into()]);
    let ran = run_plan(&plan, fails(&["do c"]));
    assert_eq!(
        (ran.code, ran.did().as_str()),
        (ExitCode::Completed, "do a, do b, do c, undo c, undo b, do d, do e")
    );
    let ran = run_plan(&plan, fails(&["do c", "do d"]));
    assert_eq!(
        ran.did(),
        "do a, do b, do c, undo c, undo b, do d, undo d, undo a",
        "otherwise belongs to the run"
    );
    let ran = run_plan(&plan, fails(&["do e"]));
    assert_eq!(ran.did(), "do a, do b, do c, do e, undo e, undo c, undo b, undo a", "its rollbacks pass up");
}

#[test]
fn an_attempt_without_otherwise_fails_the_run() {
    let plan = plan(vec![simple("a").into(), attempt(vec![simple("b").into()], None)]);
    let ran = run_plan(&plan, fails(&["do b"]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, do b, undo b, undo a"));
}

#[test]
fn handlers_run_around_the_outcome_and_change_nothing() {
    use HandlerWhen::{AfterFailure, AfterRollback, AfterRun, AfterSuccess, BeforeRollback};
    let made = || {
        let all = [
            (AfterRun, "run"),
            (AfterFailure, "failure"),
            (AfterRollback, "rollback"),
            (AfterSuccess, "success"),
        ];
        let mut handlers: Vec<_> = all.iter().map(|(when, name)| (*when, vec![look(name).into()])).collect();
        handlers.push((BeforeRollback, vec![look("before").into()]));
        plan_with(Around { handlers, watches: vec![] }, vec![simple("a").into()])
    };
    let ran = run_plan(&made(), Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "do a, success, run"));
    let ran = run_plan(&made(), fails(&["do a"]));
    assert_eq!(ran.did(), "do a, before, undo a, rollback, failure, run");
    let ran = run_plan(&made(), fails(&["do a", "before", "rollback", "failure", "run"]));
    assert_eq!(ran.code, ExitCode::RolledBack, "a failing handler changes nothing");
    assert_eq!(ran.did(), "do a, before, undo a, rollback, failure, run");
    let ran = run_plan(&made(), fails(&["success"]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "do a, success, run"));
}

/// "`after rollback`: unwinding finished": where nothing was owed there was none.
#[test]
fn handlers_around_the_unwinding_need_something_to_undo() {
    use HandlerWhen::{AfterFailure, AfterRollback, BeforeRollback};
    let made = |parts: Vec<crate::build::Part>| {
        let all = [(BeforeRollback, "before"), (AfterRollback, "rollback"), (AfterFailure, "failure")];
        let handlers = all.map(|(when, name)| (when, vec![look(name).into()])).into_iter().collect();
        plan_with(Around { handlers, watches: vec![] }, parts)
    };
    let rejected = || mark(Mark::Fail(Box::new(text("rejected"))));
    let bare = |name: &str| step(name, vec![run(&format!("do {name}")).into()]);
    let table = [
        (vec![rejected()], "failure"),
        (vec![bare("a").into(), rejected()], "do a, failure"),
        (vec![simple("a").into(), rejected()], "do a, before, undo a, rollback, failure"),
        (vec![restored("a").into(), rejected()], "do a, before, undo a, restore a, rollback, failure"),
        (vec![attempt(vec![simple("a").into(), rejected()], None)], "do a, undo a, rollback, failure"),
    ];
    for (parts, did) in table {
        let ran = run_plan(&made(parts), Script::default());
        assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, did));
    }
}

#[test]
fn fail_is_a_decision_and_end_stops_well() {
    let fail = plan(vec![restored("a").into(), mark(Mark::Fail(Box::new(text("no"))))]);
    let ran = crate::world::go(&fail, crate::world::person(), Script::default());
    assert_eq!(
        (ran.code, ran.did().as_str()),
        (ExitCode::RolledBack, "do a, undo a, restore a"),
        "no question"
    );
    let end = plan(vec![
        phase("p", vec![restored("a").into(), mark(Mark::End(Box::new(text("enough"))))]),
        simple("b").into(),
    ]);
    let ran = run_plan(&end, Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "do a, restore a"));
    assert_eq!(ran.state.finished.unwrap().1.as_deref(), Some("enough"));
}

#[test]
fn a_step_that_never_ran_is_not_undone() {
    let plan = plan(vec![simple("a").only_if(yes(false)).into(), simple("b").into(), simple("c").into()]);
    let ran = run_plan(&plan, fails(&["do b"]));
    assert_eq!(ran.did(), "do b, undo b");
}

#[test]
fn an_atomic_step_that_was_gone_on_without_owes_nothing() {
    let gone_on = [Answer::SaysWith(Value::Text("go on".into()), "not needed".into())];
    for (atomic, did) in [
        (true, "do a, failed: a, do b, failed: b"),
        (false, "do a, failed: a, do b, failed: b, undo b, undo a"),
    ] {
        let first = simple("a");
        let first = if atomic { first.atomic() } else { first };
        let last = if atomic { simple("b").atomic() } else { simple("b") };
        let plan = plan(vec![first.into(), last.into()]);
        let world = Script::default().on("do a", &[Answer::Exit(1)]).on("do b", &[Answer::Exit(1)]);
        let ran = go(
            &plan,
            person(),
            world.on("failed: a", &gone_on).on("failed: b", &[Answer::Says(Value::Text("roll back".into()))]),
        );
        assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, did));
    }
}

#[test]
fn an_atomic_step_that_was_done_by_hand_owes_its_undo() {
    let by_hand = [Answer::SaysWith(Value::Text("by hand".into()), "with the other tool".into())];
    let plan = plan(vec![simple("a").atomic().into(), mark(Mark::Fail(Box::new(text("enough"))))]);
    let ran = go(&plan, person(), Script::default().on("do a", &[Answer::Exit(1)]).on("failed: a", &by_hand));
    assert_eq!(ran.did(), "do a, failed: a, undo a");
}

#[test]
fn what_cannot_be_ended_is_neither_repeated_nor_undone_beside_it() {
    let alive = || Answer::Fails(Failure::Alive);
    // An undo, which would be tried again.
    let undone = plan(vec![simple("a").into(), simple("b").into()]);
    let world = Script::default().on("do b", &[Answer::Exit(1)]).on("undo b", &[alive()]);
    let ran = run_plan(&undone, world);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Stuck, "do a, do b, undo b"));
    assert_eq!(ran.state.alive().count(), 1);
    let ran = resume(&undone, ran, nobody(), Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "undo b, undo a"), "it is dead by now");
    // A step that may be done again.
    let again = plan(vec![simple("a").idempotent().retry(3, 1).into()]);
    let ran = run_plan(&again, Script::default().on("do a", &[alive()]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Stuck, "do a"));
    // A branch beside one that fails: its effect may end, and nothing is undone.
    let beside = plan(vec![parallel(None, vec![simple("a").into(), simple("b").into(), simple("c").into()])]);
    let fails = Answer::After(SignedDuration::from_secs(5), Box::new(Answer::Exit(1)));
    let world = Script::default().on("do a", &[alive()]).on("do b", &[fails]);
    let ran = run_plan(&beside, world);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Stuck, "do a, do b, do c"));
    assert_eq!(ran.host.now.as_second(), 5);
}

#[test]
fn a_look_that_cannot_be_ended_gave_no_answer() {
    let plan = plan(vec![check("c", (None, None, None), None, vec![look("see").into()])]);
    let ran = run_plan(&plan, Script::default().on("see", &[Answer::Fails(Failure::Alive)]));
    assert_eq!((ran.code, ran.state.alive().count()), (ExitCode::Waiting, 0));
}
