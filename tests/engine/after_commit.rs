//! After the point of no return: forward only.

use bowline::event::{Fact, Settlement};
use bowline::run::ExitCode;
use bowline::run::decide::standing;
use bowline::run::testing::{Answer, Script, somebody};
use bowline::value::Value;

use crate::build::{attempt, commit, phase, plan, run, simple};
use crate::world::{go, go_on, nobody, person, run_plan, settle};

fn made() -> bowline::plan::Plan {
    let paused = simple("a").restore(vec![run("restore a").into()]);
    plan(vec![paused.into(), phase("p", vec![simple("b").into(), commit()]), simple("c").into()])
}

fn says(what: &str) -> Answer {
    Answer::SaysWith(Value::Text(what.into()), "because".into())
}

#[test]
fn a_failure_holds() {
    let ran = run_plan(&made(), Script::default().on("do c", &[Answer::Exit(1)]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Stuck, "do a, do b, do c"));
}

#[test]
fn giving_up_restores_and_ends_as_kept() {
    let ran = run_plan(&made(), Script::default().on("do c", &[Answer::Exit(1)]));
    let plan = made();
    let site = standing(&plan, &ran.state).stuck[0].site;
    let how = Settlement::GiveUp("fixed tomorrow".into());
    let settled = Fact::Settled { frame: site.frame, node: site.node, how, by: somebody(), note: None };
    let first = vec![settled, Fact::Resumed { settings: nobody() }];
    let ran = go_on(&plan, ran.journal.events, first, Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::FailedKept, "restore a"));
}

#[test]
fn a_person_may_retry_do_it_by_hand_or_give_up() {
    let table = [
        (vec![says("retry")], ExitCode::Completed, "do a, do b, do c, failed: c, do c, restore a"),
        (vec![says("by hand")], ExitCode::Completed, "do a, do b, do c, failed: c, restore a"),
        (vec![says("give up")], ExitCode::FailedKept, "do a, do b, do c, failed: c, restore a"),
        (vec![says("leave")], ExitCode::Stuck, "do a, do b, do c, failed: c"),
    ];
    for (answers, code, did) in table {
        let world =
            Script::default().on("do c", &[Answer::Exit(1), Answer::Exit(0)]).on("failed: c", &answers);
        let ran = go(&made(), person(), world);
        assert_eq!((ran.code, ran.did().as_str()), (code, did), "{answers:?}");
    }
}

#[test]
fn an_attempt_after_it_still_unwinds_itself() {
    let inner = attempt(vec![simple("b").into(), simple("c").into()], Some(vec![simple("d").into()]));
    let plan = plan(vec![simple("a").into(), commit(), inner]);
    let ran = run_plan(&plan, Script::default().on("do c", &[Answer::Exit(1)]));
    assert_eq!(
        (ran.code, ran.did().as_str()),
        (ExitCode::Completed, "do a, do b, do c, undo c, undo b, do d")
    );
}

#[test]
fn an_attempt_after_it_that_fails_for_good_holds_the_run() {
    let table = [
        (vec![says("retry")], ExitCode::Completed, "do b, do c, undo c, undo b, failed: attempt, do b, do c"),
        (vec![says("by hand")], ExitCode::Completed, "do b, do c, undo c, undo b, failed: attempt"),
        (vec![says("go on")], ExitCode::Stuck, "do b, do c, undo c, undo b, failed: attempt"),
        (vec![says("give up")], ExitCode::FailedKept, "do b, do c, undo c, undo b, failed: attempt"),
        (vec![Answer::Nobody], ExitCode::Stuck, "do b, do c, undo c, undo b, failed: attempt"),
    ];
    for (answers, code, did) in table {
        let inner = attempt(vec![simple("b").into(), simple("c").into()], None);
        let plan = plan(vec![simple("a").into(), commit(), phase("p", vec![inner])]);
        let world = Script::default().on("do c", &[Answer::Exit(1), Answer::Exit(0)]);
        let world =
            world.on("failed: p / attempt", &answers).on("failed: p / attempt / c", &[says("roll back")]);
        let ran = go(&plan, person(), world);
        let did = did.replace("undo c", "failed: p / attempt / c, undo c");
        let did = format!("do a, {}", did.replace("failed: attempt", "failed: p / attempt"));
        assert_eq!((ran.code, ran.did()), (code, did), "{answers:?}");
    }
}

#[test]
fn giving_up_after_an_attempt_failed_for_good_is_a_settlement_too() {
    let plan =
        plan(vec![simple("a").into(), commit(), simple("b").into(), attempt(vec![simple("c").into()], None)]);
    let ran = run_plan(&plan, Script::default().on("do c", &[Answer::Exit(1)]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Stuck, "do a, do b, do c, undo c"));
    let ran = settle(&plan, ran, Settlement::GiveUp("fixed tomorrow".into()));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::FailedKept, ""));
}
