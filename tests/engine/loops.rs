//! `for`, `repeat`, branches.

use bowline::plan::ResponsePart;
use bowline::run::ExitCode;
use bowline::run::testing::{Answer, Script};

use crate::build::{Part, bind, branch, each, expect, plan, repeat, run, simple, step, text, yes};
use crate::world::run_plan;

fn turn() -> Vec<Part> {
    vec![step("s", vec![run("do").with(&["x"]).into()]).into()]
}

#[test]
fn a_for_goes_over_its_items() {
    let plan = plan(vec![each("x", &["a", "b", "c"], None, turn())]);
    assert_eq!(run_plan(&plan, Script::default()).did(), "do a, do b, do c");
}

#[test]
fn equal_items_are_an_error() {
    let plan = plan(vec![each("x", &["a", "b", "a"], None, turn())]);
    let ran = run_plan(&plan, Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, ""));
}

#[test]
fn what_turns_bind_is_a_map_afterwards() {
    let read = run("read").with(&["x"]).binds("collected", ResponsePart::Stdout);
    let turns = each("x", &["a", "b"], None, vec![step("s", vec![read.into()]).into()]);
    let show = step("t", vec![run("show").with(&["collected"]).into()]);
    let plan = plan(vec![turns, show.into()]);
    let world = Script::default()
        .on("read a", &[Answer::Prints("1".into())])
        .on("read b", &[Answer::Prints("2".into())]);
    assert_eq!(run_plan(&plan, world).did(), r#"read a, read b, show {"a":"1","b":"2"}"#);
}

#[test]
fn a_parallel_for_keeps_its_limit() {
    use jiff::SignedDuration;
    let plan = plan(vec![each("x", &["a", "b", "c", "d"], Some(Some(2)), turn())]);
    let slow = |seconds| Answer::After(SignedDuration::from_secs(seconds), Box::new(Answer::Exit(0)));
    let world = ["a", "b", "c", "d"]
        .iter()
        .fold(Script::default(), |world, item| world.on(&format!("do {item}"), &[slow(10)]));
    let ran = run_plan(&plan, world);
    assert_eq!((ran.code, ran.host.now.as_second()), (ExitCode::Completed, 20));
}

#[test]
fn a_failing_branch_lets_its_siblings_effects_end() {
    use jiff::SignedDuration;
    let body = vec![run("do").with(&["x"]).into(), run("more").with(&["x"]).into()];
    let one = step("s", body).rollback(vec![run("undo").with(&["x"]).into()]);
    let plan = plan(vec![each("x", &["a", "b"], Some(None), vec![one.into()])]);
    let slow = Answer::After(SignedDuration::from_secs(9), Box::new(Answer::Exit(0)));
    let ran = run_plan(&plan, Script::default().on("do a", &[Answer::Exit(1)]).on("do b", &[slow]));
    assert_eq!((ran.code, ran.host.now.as_second()), (ExitCode::RolledBack, 9));
    assert_eq!(ran.did(), "do a, do b, undo b, undo a");
}

#[test]
fn a_repeat_ends_when_its_condition_holds() {
    let read = run("read").binds("ok", ResponsePart::Stdout);
    let turn = || vec![step("s", vec![run("read").into()]).into(), bind("ok", yes(true))];
    let met = plan(vec![repeat(3, "ok", turn())]);
    assert_eq!(run_plan(&met, Script::default()).did(), "read");
    let never =
        plan(vec![repeat(3, "ok", vec![step("s", vec![read.into()]).into(), bind("ok", yes(false))])]);
    let ran = run_plan(&never, Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "read, read, read"));
}

#[test]
fn the_first_arm_that_holds_is_taken() {
    let arms = || {
        vec![
            (Some(yes(false)), vec![simple("a").into()]),
            (Some(yes(true)), vec![simple("b").into()]),
            (None, vec![simple("c").into()]),
        ]
    };
    let taken = plan(vec![branch(arms()), simple("d").into()]);
    assert_eq!(
        run_plan(&taken, Script::default().on("do d", &[Answer::Exit(1)])).did(),
        "do b, do d, undo d, undo b"
    );
    let none = plan(vec![branch(vec![(Some(yes(false)), vec![simple("a").into()])]), expect(yes(true))]);
    let ran = run_plan(&none, Script::default());
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, ""));
    let broken = plan(vec![branch(vec![(Some(text("x")), vec![simple("a").into()])])]);
    assert_eq!(run_plan(&broken, Script::default()).code, ExitCode::RolledBack);
}
