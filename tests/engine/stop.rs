//! Cancel, hang-up, a journal that fails.

use bowline::event::{Event, Fact, OnFailure, RunState};
use bowline::plan::{HandlerWhen, Plan};
use bowline::run::testing::{Answer, Memory, Script, Signal};
use bowline::run::{DriveError, ExitCode, World, drive};
use bowline::value::Value;
use jiff::SignedDuration;

use crate::build::{
    Around, Part, artifact, attempt, check, commit, confirm, look, plan, plan_with, run, simple, step, wait,
};
use crate::world::{go, nobody, person, resume, run_plan, settings, started};

fn slow(seconds: i64) -> Answer {
    Answer::After(SignedDuration::from_secs(seconds), Box::new(Answer::Exit(0)))
}

fn says(what: &str) -> Answer {
    Answer::Says(Value::Text(what.into()))
}

#[test]
fn the_first_cancel_lets_the_effect_end_then_rolls_back() {
    let plan = plan(vec![simple("a").into(), simple("b").into()]);
    let ran = run_plan(&plan, Script::default().on("do a", &[slow(10)]).signal(1, Signal::Cancel));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, undo a"));
    assert_eq!((ran.host.now.as_second(), ran.host.stopped.len()), (10, 0));
}

#[test]
fn a_cancel_asks_when_somebody_is_there() {
    let table = [
        ("go on", ExitCode::Completed, "do a, failed: , do b"),
        ("roll back", ExitCode::RolledBack, "do a, failed: , undo a"),
        ("leave", ExitCode::Waiting, "do a, failed: "),
    ];
    for (answer, code, did) in table {
        let plan = plan(vec![simple("a").into(), simple("b").into()]);
        let world = Script::default().signal(1, Signal::Cancel).on("failed: ", &[says(answer)]);
        let ran = go(&plan, person(), world);
        assert_eq!((ran.code, ran.did().as_str()), (code, did), "{answer}");
    }
}

#[test]
fn a_cancel_never_does_otherwise() {
    let inner = attempt(vec![simple("a").into(), simple("b").into()], Some(vec![simple("c").into()]));
    let plan = plan(vec![inner]);
    let ran = run_plan(&plan, Script::default().signal(1, Signal::Cancel));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, undo a"));
}

#[test]
fn a_cancel_takes_questions_and_waits_back() {
    let asked = plan(vec![simple("a").into(), confirm("sure?").into()]);
    let world = Script::default().on("sure?", &[Answer::Hangs]).signal(2, Signal::Cancel);
    let ran = run_plan(&asked, world);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, sure?, undo a"));
    let timed = plan(vec![simple("a").into(), wait(100), simple("b").into()]);
    let ran = run_plan(&timed, Script::default().signal(1, Signal::Cancel));
    assert_eq!(ran.did(), "do a, undo a");
}

#[test]
fn a_question_taken_back_is_asked_again_when_it_goes_on() {
    let plan = plan(vec![confirm("sure?").into(), simple("a").into()]);
    let world = Script::default()
        .on("sure?", &[Answer::Hangs, Answer::Says(Value::Bool(true))])
        .on("failed: ", &[says("go on")])
        .signal(1, Signal::Cancel);
    let ran = go(&plan, person(), world);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "sure?, failed: , sure?, do a"));
}

#[test]
fn the_second_cancel_stops_the_effect() {
    let plan = plan(vec![simple("a").into(), simple("b").into()]);
    let world = Script::default().on("do a", &[slow(99)]).signal(1, Signal::Cancel).signal(1, Signal::Cancel);
    let ran = run_plan(&plan, world);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, undo a"));
    assert_eq!((ran.host.now.as_second(), ran.host.stopped.join(",").as_str()), (0, "do a"));
}

#[test]
fn the_third_cancel_leaves_at_once_resumable() {
    let plan = plan(vec![simple("a").into()]);
    let mut world = Script::default().on("do a", &[Answer::Hangs]);
    for _ in 0..3 {
        world = world.signal(1, Signal::Cancel);
    }
    let ran = run_plan(&plan, world);
    assert_eq!(ran.code, ExitCode::Waiting);
    let ran = resume(&plan, ran, nobody(), Script::default());
    assert_eq!(ran.code, ExitCode::Stuck, "what ran is unknown now");
}

#[test]
fn unwinding_is_shielded_from_the_first_cancel_and_left_by_the_second() {
    let plan = plan(vec![simple("a").into(), simple("b").into()]);
    let world = || Script::default().on("do b", &[Answer::Exit(1)]).on("undo b", &[slow(5)]);
    let ran = run_plan(&plan, world().signal(3, Signal::Cancel));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, do b, undo b, undo a"));
    let ran = run_plan(&plan, world().signal(3, Signal::Cancel).signal(3, Signal::Cancel));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "do a, do b, undo b"));
    let ran = resume(&plan, ran, nobody(), Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "undo a"));
}

#[test]
fn a_cancel_with_hold_leaves_it_and_a_resume_goes_on() {
    let plan = plan(vec![simple("a").into(), simple("b").into()]);
    let hold = settings(bowline::event::Attended::Nobody, OnFailure::Hold);
    let ran = go(&plan, hold, Script::default().signal(1, Signal::Cancel));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "do a"));
    let ran = resume(&plan, ran, nobody(), Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "do b"));
}

#[test]
fn a_cancel_after_the_commit_is_left() {
    let plan = plan(vec![simple("a").into(), commit(), simple("b").into(), simple("c").into()]);
    let ran = run_plan(&plan, Script::default().signal(2, Signal::Cancel));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "do a, do b"));
}

#[test]
fn a_hang_up_lets_the_effect_end_and_undoes_nothing() {
    let plan = plan(vec![simple("a").into(), simple("b").into()]);
    let world = Script::default().on("do a", &[slow(10)]).signal(1, Signal::HangUp);
    let ran = run_plan(&plan, world);
    assert_eq!((ran.code, ran.did().as_str(), ran.host.now.as_second()), (ExitCode::Waiting, "do a", 10));
    let ran = resume(&plan, ran, nobody(), Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "do b"));
}

#[test]
fn a_journal_that_fails_stops_the_run() {
    let plan = plan(vec![simple("a").into(), step("b", vec![run("do b").into()]).into()]);
    let mut host = Script::default();
    let mut journal = Memory { fails_at: Some(1), ..Memory::default() };
    let world = World { host: &mut host, journal: &mut journal, view: &mut () };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let driven = drive(&plan, RunState::default(), vec![started(nobody())], world);
    let error = runtime.block_on(driven).unwrap_err();
    assert!(matches!(error, DriveError::Journal(_)), "{error}");
    assert_eq!(host.started, ["do a"], "what was not recorded is not begun");
}

#[test]
fn a_second_cancel_while_an_undo_pauses_between_its_tries_leaves_it() {
    let plan = plan(vec![simple("a").into(), simple("b").into()]);
    let fails = Script::default().on("do b", &[Answer::Exit(1)]).on("undo b", &[Answer::Exit(1)]);
    let ran = run_plan(&plan, fails.signal_at(2, Signal::Cancel).signal_at(3, Signal::Cancel));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "do a, do b, undo b, undo b"));
    assert_eq!(ran.host.now.as_second(), 3, "it leaves at once");
    let ran = resume(&plan, ran, nobody(), Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "undo b, undo a"));
}

/// Steps with handlers around them; what each handler does.
fn handled(steps: Vec<Part>, handlers: Vec<(HandlerWhen, Vec<Part>)>) -> Plan {
    plan_with(Around { handlers, ..Around::default() }, steps)
}

fn twice(world: Script, after: usize) -> Script {
    world.signal(after, Signal::Cancel).signal(after, Signal::Cancel)
}

#[test]
fn the_second_cancel_ends_a_handler_and_those_after_it_and_changes_no_end() {
    let handlers = vec![
        (HandlerWhen::AfterSuccess, vec![look("tell").into(), look("more").into()]),
        (HandlerWhen::AfterRun, vec![look("last").into()]),
    ];
    let plan = handled(vec![simple("a").into()], handlers);
    let ran = run_plan(&plan, twice(Script::default().on("tell", &[Answer::Hangs]), 2));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "do a, tell"));
    let skips = |event: &&Event| matches!(&event.fact, Fact::Skipped { why, .. } if why == "stopped by ada");
    assert_eq!(ran.journal.events.iter().filter(skips).count(), 1, "the last one is passed over, on record");
}

#[test]
fn a_handler_before_a_rollback_that_is_stopped_does_not_keep_it_from_being_undone() {
    let plan =
        handled(vec![simple("a").into()], vec![(HandlerWhen::BeforeRollback, vec![look("see").into()])]);
    let world = Script::default().on("do a", &[Answer::Exit(1)]).on("see", &[Answer::Hangs]);
    let ran = run_plan(&plan, twice(world, 2));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, see, undo a"));
}

#[test]
fn the_first_cancel_comes_too_late_for_a_check_in_a_handler() {
    for when in [HandlerWhen::BeforeRollback, HandlerWhen::AfterFailure] {
        let waits = check("seen", (Some(1), Some(60), None), None, vec![look("see").into()]);
        let plan = handled(vec![simple("a").into()], vec![(when, vec![waits])]);
        let world = Script::default()
            .on("do a", &[Answer::Exit(1)])
            .on("see", &[Answer::Exit(1), Answer::Exit(1), Answer::Exit(0)]);
        let ran = run_plan(&plan, world.signal_at(1, Signal::Cancel));
        assert_eq!(ran.code, ExitCode::RolledBack, "{when:?}");
        assert_eq!(ran.host.started.iter().filter(|did| *did == "see").count(), 3, "{when:?}");
    }
}

#[test]
fn the_second_cancel_stops_asking_whether_a_step_is_in_place() {
    let plan = plan(vec![simple("a").done_when(vec![look("is a").into()]).into()]);
    let hangs = || Script::default().on("is a", &[Answer::Hangs, Answer::Exit(1)]);
    let ran = run_plan(&plan, twice(hangs(), 1));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "is a"));
    let ran = go(&plan, person(), twice(hangs(), 1).on("failed: ", &[says("go on")]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "is a, failed: , is a, do a"));
}

#[test]
fn a_program_whose_file_is_still_verified_does_not_start_after_the_second_cancel() {
    let made = step("a", vec![artifact("f", "f")]);
    let takes = step("b", vec![run("take").with(&["f"]).into()]).rollback(vec![run("undo b").into()]);
    let plan = plan(vec![made.into(), takes.into()]);
    let slow = Answer::After(SignedDuration::from_secs(5), Box::new(Answer::Exit(0)));
    let world = Script::default().on("verify f", &[slow]);
    let ran = run_plan(&plan, twice(world, 2));
    assert_eq!(ran.code, ExitCode::RolledBack);
    assert_eq!(ran.did(), "artifact f, verify f");
}
