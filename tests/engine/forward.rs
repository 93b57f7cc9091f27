//! Going forward: retries, time limits, `done when`, unknown outcomes, arming, skipping.

use bowline::event::{Fact, OnFailure, Settlement, Verdict};
use bowline::plan::{QuestionKind, ResponsePart};
use bowline::run::ExitCode;
use bowline::run::door::Failure;
use bowline::run::testing::{Answer, Script};
use bowline::value::{Expr, VarId};
use jiff::SignedDuration;

use crate::build::{artifact, ask, bind, look, plan, run, simple, step, text, wait, yes};
use crate::world::{go_on, nobody, resume, run_plan, settings, settle};

const HANGS: Answer = Answer::Fails(Failure::TimedOut);

#[test]
fn a_retry_repeats_the_failed_effect_only() {
    let body = vec![run("one").into(), run("two").into()];
    let plan = plan(vec![step("s", body).retry(3, 10).into()]);
    let twice = Script::default().on("two", &[Answer::Exit(1), Answer::Exit(1), Answer::Exit(0)]);
    let ran = run_plan(&plan, twice);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "one, two, two, two"));
    assert_eq!(ran.host.now.as_second(), 20, "ten seconds between attempts");
}

#[test]
fn three_retries_are_three_further_attempts() {
    let plan = plan(vec![simple("a").retry(3, 0).into()]);
    let ran = run_plan(&plan, Script::default().on("do a", &[Answer::Exit(1)]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, do a, do a, do a, undo a"));
}

#[test]
fn clean_only_if_every_attempt_was() {
    let clean = Answer::Fails(Failure::NotStarted);
    for (answers, undone) in [([clean.clone(), clean.clone()], false), ([Answer::Exit(1), clean], true)] {
        let plan = plan(vec![simple("a").retry(1, 0).into()]);
        let ran = run_plan(&plan, Script::default().on("do a", &answers));
        assert_eq!(ran.did().contains("undo"), undone);
    }
}

#[test]
fn a_steps_timeout_spans_its_attempts() {
    let plan = plan(vec![simple("a").retry(9, 10).timeout(25).into()]);
    let ran = run_plan(&plan, Script::default().on("do a", &[Answer::Exit(1)]));
    assert_eq!(ran.did(), "do a, do a, do a, undo a", "at 0, 10 and 20 seconds");
}

#[test]
fn an_effect_killed_on_its_timeout_is_unknown_and_stuck() {
    let body = vec![run("do a").timeout(5).into()];
    let plan = plan(vec![step("a", body).rollback(vec![run("undo a").into()]).into()]);
    let ran = run_plan(&plan, Script::default().on("do a", &[Answer::Hangs]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Stuck, "do a"));
    assert_eq!(ran.host.now.as_second(), 5);
}

#[test]
fn a_stuck_effect_is_settled_by_a_person() {
    let table = [
        (Settlement::Again, ExitCode::Completed, "do a, do b"),
        (Settlement::Done("seen".into()), ExitCode::Completed, "do b"),
        (Settlement::Skip("not needed".into()), ExitCode::Completed, "do b"),
        (Settlement::Rollback, ExitCode::RolledBack, "undo a"),
    ];
    for (how, code, did) in table {
        let plan = plan(vec![simple("a").into(), simple("b").into()]);
        let ran = run_plan(&plan, Script::default().on("do a", &[HANGS]));
        assert_eq!(ran.code, ExitCode::Stuck);
        let ran = settle(&plan, ran, how.clone());
        assert_eq!((ran.code, ran.did().as_str()), (code, did), "{how:?}");
    }
}

#[test]
fn done_when_settles_an_unknown_outcome() {
    let made = |atomic: bool| {
        let one = simple("a").done_when(vec![look("is done").into()]);
        plan(vec![if atomic { one.atomic() } else { one }.into(), simple("b").into()])
    };
    let table = [
        (false, 0, ExitCode::Completed, "is done, do a, is done, do b"),
        (false, 1, ExitCode::Stuck, "is done, do a, is done"),
        (true, 1, ExitCode::Completed, "is done, do a, is done, do a, do b"),
    ];
    for (atomic, answer, code, did) in table {
        let world = Script::default()
            .on("is done", &[Answer::Exit(1), Answer::Exit(answer)])
            .on("do a", &[HANGS, Answer::Exit(0)]);
        let ran = run_plan(&made(atomic), world);
        assert_eq!((ran.code, ran.did().as_str()), (code, did), "atomic {atomic}, then {answer}");
    }
}

#[test]
fn an_error_in_done_when_is_neither_yes_nor_no() {
    let one = simple("a").done_when(vec![look("is done").into()]).atomic();
    let plan = plan(vec![one.into()]);
    let unclear = Answer::Fails(Failure::NotStarted);
    let world = Script::default().on("is done", &[Answer::Exit(1), unclear]).on("do a", &[HANGS]);
    let ran = run_plan(&plan, world);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Stuck, "is done, do a, is done"));
}

#[test]
fn what_is_settled_as_done_owes_its_undo() {
    let one = simple("a").done_when(vec![look("is done").into()]);
    let plan = plan(vec![one.into(), simple("b").into()]);
    let world = Script::default()
        .on("is done", &[Answer::Exit(1), Answer::Exit(0), Answer::Exit(1)])
        .on("do a", &[HANGS])
        .on("do b", &[Answer::Exit(1)]);
    let ran = run_plan(&plan, world);
    assert_eq!(ran.code, ExitCode::RolledBack);
    assert_eq!(ran.did(), "is done, do a, is done, do b, undo b, undo a, is done");
}

#[test]
fn an_idempotent_effect_is_done_again() {
    let plan = plan(vec![simple("a").idempotent().into()]);
    let ran = run_plan(&plan, Script::default().on("do a", &[HANGS, Answer::Exit(0)]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "do a, do a"));
}

#[test]
fn a_step_in_place_owes_nothing() {
    let one = simple("a").done_when(vec![look("is done").into()]);
    let plan = plan(vec![one.into(), simple("b").into()]);
    let ran = run_plan(&plan, Script::default().on("do b", &[Answer::Exit(1)]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "is done, do b, undo b"));
    let in_place =
        |event: &bowline::event::Event| matches!(&event.fact, Fact::Left { verdict: Verdict::InPlace, .. });
    assert!(ran.journal.events.iter().any(in_place));
}

#[test]
fn an_atomic_failure_leaves_nothing_behind() {
    let plan = plan(vec![simple("a").into(), simple("b").atomic().into()]);
    let ran = run_plan(&plan, Script::default().on("do b", &[Answer::Exit(1)]));
    assert_eq!(ran.did(), "do a, do b, undo a");
}

#[test]
fn a_step_does_not_start_unless_it_can_be_undone() {
    let plan = plan(vec![simple("a").into(), simple("b").needs("export").into()]);
    let ran = run_plan(&plan, Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, undo a"));
}

#[test]
fn artifacts_are_verified_before_the_step_and_when_used() {
    let export = step("export", vec![run("export").into(), artifact("e.json", "export")]);
    let import = run("import").with(&["export"]);
    let migrate = step("migrate", vec![run("migrate").into()]).rollback(vec![import.into()]);
    let plan = plan(vec![export.into(), migrate.needs("export").captures("export").into()]);
    let ran = run_plan(&plan, Script::default().on("migrate", &[Answer::Exit(1)]));
    let undo = ran.did().split_off("export, artifact e.json, verify e.json, migrate, verify e.json, ".len());
    assert!(undo.starts_with("import"), "{}", ran.did());
    assert_eq!(ran.code, ExitCode::RolledBack);
    let changed = Script::default().on("verify e.json", &[Answer::Fails(Failure::Missing)]);
    let ran = run_plan(&plan, changed);
    assert_eq!(ran.did(), "export, artifact e.json, verify e.json", "the step never starts");
}

#[test]
fn a_condition_skips_a_step() {
    let plan = plan(vec![simple("a").only_if(yes(false)).into(), simple("b").only_if(yes(true)).into()]);
    let ran = run_plan(&plan, Script::default().on("do b", &[Answer::Exit(1)]));
    assert_eq!(ran.did(), "do b, undo b");
}

#[test]
fn values_flow_from_answers_into_words() {
    let body = vec![run("read").binds("name", ResponsePart::Stdout).into(), bind("more", text("x"))];
    let write = run("write").with(&["name", "more"]);
    let plan = plan(vec![step("s", body).into(), step("t", vec![write.into()]).into()]);
    let ran = run_plan(&plan, Script::default().on("read", &[Answer::Prints("two words\n".into())]));
    assert_eq!(ran.did(), "read, write two words x");
}

#[test]
fn a_short_wait_is_waited_for_and_a_long_one_is_left() {
    let short = plan(vec![wait(300), simple("a").into()]);
    let ran = run_plan(&short, Script::default());
    assert_eq!((ran.code, ran.host.now.as_second()), (ExitCode::Completed, 300));
    let long = plan(vec![wait(301), simple("a").into()]);
    let ran = run_plan(&long, Script::default());
    assert_eq!(ran.code, ExitCode::Waiting);
    let until = ran.state.suspended.as_ref().unwrap().0.unwrap();
    assert_eq!(until.as_second(), 301, "counted from when it began");
    let mut late = Script::default();
    late.now = until.checked_add(SignedDuration::from_hours(1)).unwrap();
    let ran = go_on(&long, ran.journal.events, vec![Fact::Resumed { settings: nobody() }], late);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "do a"));
}

#[test]
fn on_failure_hold_leaves_it_resumable() {
    let plan = plan(vec![simple("a").into(), simple("b").into()]);
    let hold = settings(bowline::event::Attended::Nobody, OnFailure::Hold);
    let ran = crate::world::go(&plan, hold, Script::default().on("do b", &[Answer::Exit(1)]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "do a, do b"));
    let ran = resume(&plan, ran, nobody(), Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "undo b, undo a"));
}

#[test]
fn who_is_asked_about_a_file_is_shown_the_one_that_was_produced() {
    let made = || step("a", vec![artifact("f", "f")]).into();
    // The variables of a plan are numbered as they come: the answer of `artifact`, then what it is bound to.
    let shows = || QuestionKind::Judge { showing: Expr::Var(VarId(1)), expected: None };
    let asked = plan(vec![made(), ask("good?", shows()).into()]);
    let ran = run_plan(&asked, Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "artifact f, verify f, good?"));
    let ran = run_plan(&asked, Script::default().on("verify f", &[Answer::Fails(Failure::Missing)]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "artifact f, verify f"));
}
