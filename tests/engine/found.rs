//! What holding the engine against the reference model found, each in its smallest form.

use bowline::event::{Attended, Event, Fact, OnFailure};
use bowline::plan::{HandlerWhen, Mark, Plan, ResponsePart};
use bowline::run::ExitCode;
use bowline::run::door::Failure;
use bowline::run::testing::{Answer, Script, Signal};
use bowline::value::Value;

use crate::build::{
    Around, StepPart, attempt, branch, check, commit, look, mark, parallel, phase, plan, plan_with, run,
    simple, step, text, yes,
};
use crate::world::{Ran, go, go_on, nobody, person, resume, run_plan, settings, started};

const NO: Answer = Answer::Exit(1);
const YES: Answer = Answer::Exit(0);
const UNCLEAR: Answer = Answer::Fails(Failure::NotStarted);
const LOST: Answer = Answer::Fails(Failure::Lost);

fn fails(labels: &[&str]) -> Script {
    labels.iter().fold(Script::default(), |script, label| script.on(label, &[NO]))
}

fn restored(name: &str) -> StepPart {
    simple(name).restore(vec![run(&format!("restore {name}")).into()])
}

/// Runs until so many effects have begun, is killed there, and goes on in another world.
fn killed_after(plan: &Plan, begun: usize, before: Script, mut after: Script) -> Ran {
    let whole = go_on(plan, vec![], vec![started(nobody())], before);
    let events = up_to(&whole.journal.events, begun);
    after.now = events.last().unwrap().at;
    go_on(plan, events, vec![Fact::Resumed { settings: nobody() }], after)
}

fn up_to(events: &[Event], begun: usize) -> Vec<Event> {
    let is_start = |event: &&Event| matches!(event.fact, Fact::Began(_));
    let last = events.iter().filter(is_start).nth(begun - 1).unwrap().seq;
    events.iter().filter(|event| event.seq <= last).cloned().collect()
}

#[test]
fn a_done_when_that_gives_no_answer_before_the_step_holds() {
    let plan = plan(vec![simple("a").into(), simple("b").done_when(vec![look("is b").into()]).into()]);
    let ran = run_plan(&plan, Script::default().on("is b", &[UNCLEAR, NO]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "do a, is b"));
    let ran = resume(&plan, ran, nobody(), Script::default().on("is b", &[UNCLEAR]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "is b"), "one look is always taken");
    let world = Script::default().on("hold: b", &[Answer::Says(Value::Text("test again".into()))]);
    let ran = resume(&plan, ran, person(), world.on("is b", &[UNCLEAR, NO]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "is b, hold: b, is b, do b"));
}

#[test]
fn a_cancel_while_a_handler_runs_comes_too_late() {
    let handlers = vec![(HandlerWhen::AfterSuccess, vec![look("tell").into()])];
    let around = Around { handlers, ..Around::default() };
    let plan = plan_with(around, vec![simple("a").into()]);
    let ran = run_plan(&plan, Script::default().signal(2, Signal::Cancel));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "do a, tell"));
}

#[test]
fn a_look_that_a_crash_cut_is_taken_once_after_the_resume() {
    let times = (None, None, None);
    let plan = plan(vec![check("c", times, None, vec![look("first").into(), look("second").into()])]);
    let ran = killed_after(&plan, 1, Script::default(), Script::default());
    assert_eq!(ran.did(), "first, second");
    let ran = killed_after(&plan, 2, Script::default(), Script::default());
    assert_eq!(ran.did(), "second, first, second", "part of that look was from before");
}

#[test]
fn a_rollback_that_must_not_be_repeated_is_tried_again_where_it_changed_nothing() {
    let plan = plan(vec![simple("a").once().into(), simple("b").into()]);
    let ran = run_plan(&plan, fails(&["do b"]).on("undo a", &[UNCLEAR, YES]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, do b, undo b, undo a, undo a"));
}

#[test]
fn a_rollback_that_must_not_be_repeated_is_not_repeated_in_a_block_of_it_either() {
    let undo = vec![branch(vec![(Some(yes(true)), vec![run("undo a").into()])])];
    let plan = plan(vec![simple("a").rollback(undo).once().into(), simple("b").into()]);
    let ran = killed_after(&plan, 4, fails(&["do b"]), Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Stuck, ""));
}

#[test]
fn a_crash_uses_up_no_try() {
    let undone = plan(vec![simple("a").into(), simple("b").into()]);
    let before = fails(&["do b"]).on("undo b", &[NO]);
    let ran = killed_after(&undone, 5, before, Script::default().on("undo b", &[NO, YES]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "undo b, undo b, undo a"));
    let forward = plan(vec![simple("a").idempotent().retry(2, 1).into()]);
    let ran = killed_after(&forward, 2, fails(&["do a"]), Script::default().on("do a", &[NO, NO]));
    assert_eq!(
        (ran.code, ran.did().as_str()),
        (ExitCode::RolledBack, "do a, do a, undo a"),
        "nor gives new ones"
    );
}

#[test]
fn a_cancel_while_restores_run_lets_the_one_that_has_begun_end_whole_then_rolls_back() {
    let paused = |name: &str| {
        let back = vec![run(&format!("restore {name}")).into(), run(&format!("check {name}")).into()];
        simple(name).restore(back)
    };
    let whole = plan(vec![paused("a").into(), paused("b").into()]);
    let ran = run_plan(&whole, Script::default().signal(3, Signal::Cancel));
    let did = "do a, do b, restore b, check b, undo b, undo a, restore a, check a";
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, did));
    let scoped = plan(vec![phase("p", vec![paused("a").into(), paused("b").into()]), simple("c").into()]);
    let ran = run_plan(&scoped, Script::default().signal(3, Signal::Cancel));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, did));
}

#[test]
fn restores_go_on_where_they_stood_when_the_cancelled_run_is_to_go_on() {
    let plan = plan(vec![commit(), restored("a").into(), restored("b").into()]);
    let ran = run_plan(&plan, Script::default().signal(3, Signal::Cancel));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "do a, do b, restore b"));
    let ran = resume(&plan, ran, nobody(), Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "restore a"));
}

#[test]
fn a_failing_branch_stops_the_restores_of_another() {
    let slow = Answer::After(jiff::SignedDuration::from_secs(9), Box::new(NO));
    let paused = phase("p", vec![restored("a").into(), restored("b").into()]);
    let plan = plan(vec![parallel(None, vec![paused, simple("c").into()])]);
    let slower = Answer::After(jiff::SignedDuration::from_secs(20), Box::new(YES));
    let ran = run_plan(&plan, Script::default().on("do c", &[slow]).on("restore b", &[slower]));
    assert_eq!(ran.did(), "do c, do a, do b, restore b, undo c, undo b, undo a, restore a");
    assert_eq!(ran.code, ExitCode::RolledBack);
}

#[test]
fn a_rollback_left_unverified_is_done_again_whole() {
    let plan = plan(vec![simple("a").done_when(vec![look("is a").into()]).into()]);
    let ran = run_plan(&plan, fails(&["do a"]).on("is a", &[NO, YES, UNCLEAR, NO]));
    assert_eq!(ran.did(), "is a, do a, undo a, is a, undo a, is a, undo a, is a");
    assert_eq!((ran.code, ran.host.now.as_second()), (ExitCode::RolledBack, 5), "1 and 4 seconds between");
    let once = crate::build::plan(vec![simple("a").once().done_when(vec![look("is a").into()]).into()]);
    let ran = run_plan(&once, fails(&["do a"]).on("is a", &[NO, YES]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Stuck, "is a, do a, undo a, is a"));
}

#[test]
fn a_failure_after_commit_is_stuck_though_the_run_is_cancelled_too() {
    let checked = check("c", (None, None, None), None, vec![look("look").into()]);
    for part in [simple("b").into(), checked] {
        let plan = plan(vec![commit(), simple("a").into(), part, simple("d").into()]);
        let ran = run_plan(&plan, fails(&["do b", "look"]).signal(2, Signal::Cancel));
        assert_eq!(ran.code, ExitCode::Stuck);
    }
}

#[test]
fn what_an_attempt_after_commit_did_is_owed_to_it_alone() {
    let inner = attempt(vec![simple("a").into()], None);
    let plan = plan(vec![commit(), inner, simple("b").into()]);
    let ran = run_plan(&plan, fails(&["do b"]));
    assert_eq!((ran.code, ran.state.owed(&plan).len()), (ExitCode::Stuck, 0));
}

#[test]
fn a_restore_does_not_wait_for_a_value_that_only_the_rollback_takes() {
    let body = vec![run("do a").into(), run("read id").binds("id", ResponsePart::Stdout).into()];
    let made = step("a", body).rollback(vec![run("delete").with(&["id"]).into()]).best_effort();
    let plan = plan(vec![made.restore(vec![run("restore a").into()]).captures("id").into()]);
    let ran = run_plan(&plan, fails(&["read id"]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::FailedKept, "do a, read id, restore a"));
}

#[test]
fn an_atomic_step_owes_its_undo_where_an_outcome_was_never_cleared_up() {
    let atomic = |name: &str| simple(name).atomic().idempotent();
    let unclear = plan(vec![atomic("a").into()]);
    let ran = run_plan(&unclear, Script::default().on("do a", &[LOST, NO]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, do a, undo a"));
    let cleared = plan(vec![atomic("a").done_when(vec![look("is a").into()]).into()]);
    let ran = run_plan(&cleared, Script::default().on("do a", &[LOST, NO]).on("is a", &[NO]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "is a, do a, is a, do a"));
}

#[test]
fn an_atomic_step_owes_its_undo_once_what_failed_in_it_was_tried_again() {
    let body = vec![run("do a").into(), check("c", (None, None, None), None, vec![look("look").into()])];
    let made = step("a", body).rollback(vec![run("undo a").into()]).atomic();
    let plan = plan(vec![made.into(), simple("b").into()]);
    let says = |what: &str| [Answer::Says(Value::Text(what.into()))];
    let world = fails(&["do b"]).on("look", &[NO, YES]);
    let world = world.on("failed: a / c", &says("retry")).on("failed: b", &says("roll back"));
    let ran = go(&plan, person(), world);
    assert_eq!(ran.did(), "do a, look, failed: a / c, look, do b, failed: b, undo b, undo a");
}

#[test]
fn an_unknown_outcome_is_not_settled_by_doing_it_again_while_the_run_holds() {
    let slow = Answer::After(jiff::SignedDuration::from_secs(9), Box::new(LOST));
    let branches = vec![simple("a").into(), simple("b").idempotent().into()];
    let plan = plan(vec![parallel(None, branches)]);
    let hold = || settings(Attended::Nobody, OnFailure::Hold);
    let ran = go(&plan, hold(), fails(&["do a"]).on("do b", &[slow]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "do a, do b"));
}

#[test]
fn what_is_still_owed_can_be_told_wherever_the_run_stands() {
    let plan = plan(vec![restored("a").into(), phase("p", vec![restored("b").into(), simple("c").into()])]);
    let owed = |world: Script| {
        let ran = run_plan(&plan, world);
        let debts = ran.state.owed(&plan);
        let all = debts.iter().map(|claim| (claim.debt.rollback, claim.debt.restore)).collect::<Vec<_>>();
        (ran.code, all)
    };
    let unknown = Script::default().on("do c", &[LOST]);
    let (code, mut all) = owed(unknown);
    all.sort_unstable();
    assert_eq!((code, all), (ExitCode::Stuck, vec![(true, false), (true, true), (true, true)]));
    let (code, all) = owed(fails(&["do c", "restore b"]));
    assert_eq!((code, all), (ExitCode::Stuck, vec![(false, true), (true, true)]));
    let (code, all) = owed(Script::default());
    assert_eq!((code, all), (ExitCode::Completed, vec![]));
}

#[test]
fn a_best_effort_rollback_with_an_unknown_outcome_inside_a_block_is_no_success() {
    let undo = vec![branch(vec![(Some(yes(true)), vec![run("undo a").into()])])];
    let plan = plan(vec![simple("a").rollback(undo).best_effort().into(), simple("b").into()]);
    let ran = run_plan(&plan, fails(&["do b"]).on("undo a", &[LOST]));
    assert_eq!(ran.code, ExitCode::FailedKept);
}

#[test]
fn a_step_that_turns_out_done_is_done_whole_though_the_unknown_outcome_stood_in_a_block() {
    let body = vec![branch(vec![(Some(yes(true)), vec![run("do a").into()])]), run("more").into()];
    let made = step("a", body).rollback(vec![run("undo a").into()]).done_when(vec![look("is a").into()]);
    let plan = plan(vec![made.into(), simple("b").into()]);
    let world = Script::default().on("do a", &[LOST]).on("is a", &[NO, YES]);
    let ran = run_plan(&plan, world);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "is a, do a, is a, do b"));
}

#[test]
fn others_go_on_while_a_step_is_asked_whether_it_is_done() {
    let slow = |seconds, answer| Answer::After(jiff::SignedDuration::from_secs(seconds), Box::new(answer));
    let asked = simple("a").done_when(vec![look("is a").into()]);
    let other = branch(vec![(Some(yes(true)), vec![simple("b").into(), simple("c").into()])]);
    let plan = plan(vec![parallel(None, vec![asked.into(), other])]);
    let world = || Script::default().on("do a", &[LOST]).on("do b", &[slow(5, YES)]);
    let ran = run_plan(&plan, world().on("is a", &[NO, slow(9, NO)]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Stuck, "is a, do b, do a, is a, do c"));
    let failing = world().on("do b", &[slow(5, NO)]).on("is a", &[NO, slow(9, NO)]);
    let ran = run_plan(&plan, failing);
    assert_eq!(ran.code, ExitCode::RolledBack, "an unknown that is rolled back needs no answer");
    assert_eq!(ran.did(), "is a, do b, do a, is a, undo b, undo a, is a");
}

#[test]
fn a_cancel_in_otherwise_stops_its_restores_too() {
    let inner = attempt(vec![simple("a").into()], Some(vec![restored("b").into(), restored("c").into()]));
    let plan = plan(vec![commit(), phase("p", vec![inner])]);
    let ran = run_plan(&plan, fails(&["do a"]).signal(4, Signal::Cancel));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "do a, undo a, do b, do c"));
    let ran = resume(&plan, ran, nobody(), Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "restore c, restore b"));
}

#[test]
fn what_has_not_begun_to_unwind_when_the_run_is_stuck_is_not_kept_yet() {
    let body = |name: &str| {
        let made = step("b", vec![run("do b").into()]).irreversible();
        vec![(Some(yes(true)), vec![restored(name).into(), made.into()])]
    };
    let slow = Answer::After(jiff::SignedDuration::from_secs(60), Box::new(YES));
    let branches = vec![branch(body("a")), branch(body("c")), branch(body("d"))];
    let plan = plan(vec![parallel(Some(2), branches), mark(Mark::Fail(Box::new(text("no"))))]);
    let ran = run_plan(&plan, fails(&["restore c"]).on("undo d", &[slow]));
    assert_eq!((ran.code, ran.state.kept.len()), (ExitCode::Stuck, 2), "{}", ran.did());
    assert!(
        ran.did().ends_with("undo d, undo c, restore c, restore c, restore c, restore c"),
        "{}",
        ran.did()
    );
}

#[test]
fn an_unknown_outcome_beside_a_failure_is_undone_whichever_came_first() {
    let ending = |seconds, answer| Answer::After(jiff::SignedDuration::from_secs(seconds), Box::new(answer));
    for (lost, failed) in [(1, 2), (2, 1)] {
        let plan =
            plan(vec![simple("a").into(), parallel(None, vec![simple("b").into(), simple("c").into()])]);
        let world = Script::default().on("do b", &[ending(failed, NO)]).on("do c", &[ending(lost, LOST)]);
        let ran = run_plan(&plan, world);
        assert_eq!(
            (ran.code, ran.did().as_str()),
            (ExitCode::RolledBack, "do a, do b, do c, undo c, undo b, undo a")
        );
    }
}

#[test]
fn a_done_when_without_an_answer_is_no_no_though_another_branch_failed_meanwhile() {
    let slow = |seconds, answer| Answer::After(jiff::SignedDuration::from_secs(seconds), Box::new(answer));
    let asked = simple("a").atomic().done_when(vec![look("is a").into()]);
    let plan = plan(vec![parallel(None, vec![asked.into(), simple("b").into()])]);
    let world = Script::default().on("do a", &[LOST]).on("do b", &[slow(5, NO)]);
    let ran = run_plan(&plan, world.on("is a", &[NO, slow(9, UNCLEAR), NO]));
    let did = "do b, is a, do a, is a, undo b, undo a, is a";
    assert_eq!(
        (ran.code, ran.did().as_str()),
        (ExitCode::RolledBack, did),
        "nobody said that it is not done"
    );
}

#[test]
fn no_fail_is_reached_beside_an_outcome_that_only_a_person_can_settle() {
    let slow = Answer::After(jiff::SignedDuration::from_secs(5), Box::new(YES));
    let failing =
        branch(vec![(Some(yes(true)), vec![simple("b").into(), mark(Mark::Fail(Box::new(text("no"))))])]);
    let plan = plan(vec![parallel(None, vec![simple("a").into(), failing])]);
    let ran = run_plan(&plan, Script::default().on("do a", &[LOST]).on("do b", &[slow]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Stuck, "do a, do b"));
}
