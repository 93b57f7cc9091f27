//! People: questions, holds, approvals, decisions after a failure, locks.

use bowline::plan::{QuestionKind, ResponsePart};
use bowline::run::ExitCode;
use bowline::run::testing::{Answer, Script, Signal};
use bowline::value::Value;
use jiff::SignedDuration;

use crate::build::{
    Part, approval, ask, branch_var, check, confirm, expect_var, gate, lock, look, phase, plan, run, simple,
    step,
};
use crate::world::{go, go_on, nobody, person, resume, run_plan};

const NO: Answer = Answer::Says(Value::Bool(false));

fn says(what: &str) -> Answer {
    Answer::SaysWith(Value::Text(what.into()), "because".into())
}

#[test]
fn the_question_after_a_failure() {
    let table = [
        ("retry", ExitCode::Completed, "do a, do b, failed: b, do b, do c"),
        ("by hand", ExitCode::Completed, "do a, do b, failed: b, do c"),
        ("go on", ExitCode::Completed, "do a, do b, failed: b, do c"),
        ("roll back", ExitCode::RolledBack, "do a, do b, failed: b, undo b, undo a"),
        ("leave", ExitCode::Waiting, "do a, do b, failed: b"),
    ];
    for (answer, code, did) in table {
        let plan = plan(vec![simple("a").into(), simple("b").into(), simple("c").into()]);
        let world = Script::default()
            .on("do b", &[Answer::Exit(1), Answer::Exit(0)])
            .on("failed: b", &[says(answer)]);
        let ran = go(&plan, person(), world);
        assert_eq!((ran.code, ran.did().as_str()), (code, did), "{answer}");
    }
}

#[test]
fn a_no_is_a_decision_already() {
    let judge = || {
        let showing = crate::build::text("a picture");
        ask("sure?", QuestionKind::Judge { showing, expected: None })
    };
    for question in [confirm("sure?"), judge(), approval("sure?", None)] {
        let plan = plan(vec![simple("a").into(), question.into(), simple("b").into()]);
        let ran = go(&plan, person(), Script::default().on("sure?", &[NO]));
        assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, sure?, undo a"));
    }
}

#[test]
fn a_bound_no_is_a_value() {
    let question = confirm("sure?").binds("sure", ResponsePart::Answer);
    let choice = branch_var("sure", vec![simple("b").into()], vec![simple("c").into()]);
    let plan = plan(vec![question.into(), choice]);
    let ran = run_plan(&plan, Script::default().on("sure?", &[NO]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "sure?, do c"));
}

#[test]
fn nobody_there_is_waiting_and_asked_again_on_resume() {
    let plan = plan(vec![simple("a").into(), confirm("sure?").into(), simple("b").into()]);
    let ran = run_plan(&plan, Script::default().on("sure?", &[Answer::Nobody]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "do a, sure?"));
    let ran = resume(&plan, ran, nobody(), Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "sure?, do b"));
}

#[test]
fn a_manual_step_owes_its_undo() {
    let manual = step("by hand", vec![ask("do it", QuestionKind::Manual).into()]).manual();
    let plan = plan(vec![manual.rollback(vec![run("undo").into()]).into(), simple("b").into()]);
    let ran = run_plan(&plan, Script::default().on("do b", &[Answer::Exit(1)]));
    assert_eq!(ran.did(), "do it, do b, undo b, undo");
}

#[test]
fn an_approval_expires() {
    let late = Answer::After(SignedDuration::from_hours(2), Box::new(Answer::Says(Value::Bool(true))));
    let plan = plan(vec![simple("a").into(), approval("go?", Some(3600)).into(), simple("b").into()]);
    let world = Script::default().on("go?", &[late]).on("failed: ", &[says("roll back")]);
    let ran = run_plan(&plan, world);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, go?, undo a"));
    assert_eq!((ran.host.now.as_second(), ran.host.stopped.join(" ").as_str()), (3600, "go?"));
}

#[test]
fn the_timer_of_a_settled_approval_is_dead() {
    let plan = plan(vec![approval("go?", Some(60)).into(), crate::build::wait(100), simple("b").into()]);
    let ran = run_plan(&plan, Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "go?, do b"));
}

fn items() -> Vec<Part> {
    vec![
        check("disk", (None, None, None), None, vec![look("disk").into()]),
        confirm("rota?").into(),
        check("load", (None, None, None), None, vec![look("load").into()]),
    ]
}

#[test]
fn a_gate_evaluates_every_item_and_holds() {
    let plan = plan(vec![simple("a").into(), gate("go", None, items()), simple("b").into()]);
    let world = || Script::default().on("disk", &[Answer::Exit(1), Answer::Exit(0)]);
    let ran = run_plan(&plan, world());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "do a, disk, rota?, load"));
    let ran = go(&plan, person(), world().on("hold: go", &[says("test again")]));
    assert_eq!(ran.code, ExitCode::Completed);
    assert_eq!(ran.did(), "do a, disk, rota?, load, hold: go, disk, do b", "only what did not pass");
    let ran = go(&plan, person(), world().on("hold: go", &[says("reject")]));
    assert_eq!(
        (ran.code, ran.did().as_str()),
        (ExitCode::RolledBack, "do a, disk, rota?, load, hold: go, undo a")
    );
}

#[test]
fn a_no_inside_a_gate_holds_but_a_rejected_approval_fails_it() {
    let plan = plan(vec![gate("go", None, vec![confirm("rota?").into(), approval("go?", None).into()])]);
    let ran = run_plan(&plan, Script::default().on("rota?", &[NO]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "rota?, go?"));
    let ran = run_plan(&plan, Script::default().on("go?", &[NO]));
    assert_eq!(ran.code, ExitCode::RolledBack);
}

#[test]
fn the_verdict_of_a_bound_gate_is_a_value() {
    let choice = || branch_var("open", vec![simple("b").into()], vec![simple("c").into()]);
    let plan = plan(vec![gate("go", Some("open"), items()), choice()]);
    let ran = run_plan(&plan, Script::default());
    assert_eq!(ran.did(), "disk, rota?, load, do b");
    let world = Script::default().on("load", &[Answer::Exit(1)]).on("hold: go", &[says("reject")]);
    let ran = go(&plan, person(), world);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "disk, rota?, load, hold: go, do c"));
}

#[test]
fn an_answer_binds_and_is_used_once() {
    let first = ask("first", QuestionKind::Manual);
    let second = ask("second", QuestionKind::Manual);
    let plan = plan(vec![phase("p", vec![first.into(), second.into()])]);
    let ran = run_plan(&plan, Script::default());
    assert_eq!(ran.did(), "first, second");
}

#[test]
fn a_lock_that_another_run_holds_waits_and_names_it() {
    let plan = plan(vec![lock("db"), simple("a").into()]);
    let mut host = Script::default();
    let mut journal = bowline::run::testing::Memory::default();
    journal.held.insert("db".into(), "k7".into());
    let world = bowline::run::World { host: &mut host, journal: &mut journal, view: &mut () };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let first = vec![crate::world::started(nobody())];
    let driven = bowline::run::drive(&plan, bowline::event::RunState::default(), first, world);
    let (code, state) = runtime.block_on(driven).unwrap();
    assert_eq!(code, ExitCode::Waiting);
    assert_eq!(state.suspended.unwrap().1, "run k7 holds `db`");
    let first = vec![bowline::event::Fact::Resumed { settings: nobody() }];
    let ran = go_on(&plan, journal.events, first, Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "do a"));
}

#[test]
fn a_bound_check_is_a_value() {
    let times = (None, None, None);
    let plan = plan(vec![check("c", times, Some("fine"), vec![look("look").into()]), expect_var("fine")]);
    assert_eq!(run_plan(&plan, Script::default()).code, ExitCode::Completed);
    let ran = run_plan(&plan, Script::default().on("look", &[Answer::Exit(1)]));
    assert_eq!(ran.code, ExitCode::RolledBack, "read as false by the expectation");
}

#[test]
fn an_approval_whose_time_passed_while_nobody_ran_is_over() {
    let plan = plan(vec![simple("a").into(), approval("go?", Some(4)).into(), simple("b").into()]);
    let hung_up = Script::default().on("go?", &[Answer::Hangs]).signal(2, Signal::HangUp);
    for world in [hung_up, Script::default().on("go?", &[Answer::Nobody]).signal(2, Signal::HangUp)] {
        let mut ran = run_plan(&plan, world);
        assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "do a, go?"));
        ran.host.now = jiff::Timestamp::from_second(9).unwrap();
        let ran = resume(&plan, ran, nobody(), Script::default().on("go?", &[Answer::Nobody]));
        assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "undo a"));
    }
}

#[test]
fn a_bound_approval_that_expires_is_a_no() {
    let choice = branch_var("go", vec![simple("b").into()], vec![simple("c").into()]);
    let question = approval("go?", Some(2)).binds("go", ResponsePart::Answer);
    let plan = plan(vec![question.into(), choice]);
    let ran = run_plan(&plan, Script::default().on("go?", &[Answer::Hangs]));
    assert_eq!(
        (ran.code, ran.did().as_str(), ran.host.now.as_second()),
        (ExitCode::Completed, "go?, do c", 2)
    );
}

#[test]
fn a_manual_that_was_not_done_owes_nothing() {
    let asks = || {
        vec![
            ask("do it", QuestionKind::Manual).into(),
            confirm("link").binds("link", ResponsePart::Answer).into(),
        ]
    };
    let manual = || {
        step("by hand", asks()).manual().rollback(vec![run("undo").with(&["link"]).into()]).captures("link")
    };
    let plan = plan(vec![simple("a").into(), manual().into()]);
    let ran = run_plan(&plan, Script::default().on("do it", &[NO]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "do a, do it, undo a"));
}

#[test]
fn what_holds_is_looked_at_again_when_the_run_is_taken_up() {
    let gate = || gate("go", None, vec![check("disk", (None, None, None), None, vec![look("disk").into()])]);
    let unclear = Answer::Fails(bowline::run::door::Failure::NotStarted);
    let bound = || check("disk", (None, None, None), Some("fine"), vec![look("disk").into()]);
    for (part, bad) in [(gate(), Answer::Exit(1)), (bound(), unclear)] {
        let plan = plan(vec![part, simple("b").into()]);
        let ran = run_plan(&plan, Script::default().on("disk", &[bad]));
        assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "disk"));
        let ran = resume(&plan, ran, nobody(), Script::default());
        assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "disk, do b"));
    }
}

#[test]
fn what_a_person_said_in_a_gate_stands_when_the_run_is_taken_up() {
    let plan = plan(vec![gate("go", None, items()), simple("b").into()]);
    let ran = run_plan(&plan, Script::default().on("disk", &[Answer::Exit(1)]).on("rota?", &[NO]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "disk, rota?, load"));
    let ran = resume(&plan, ran, nobody(), Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Waiting, "disk"));
}
