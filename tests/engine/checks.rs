//! Checks, guards, beats, windows.

use bowline::event::{Fact, Key, Settlement};
use bowline::plan::{ResponsePart, WatchKind};
use bowline::run::ExitCode;
use bowline::run::door::Failure;
use bowline::run::testing::{Answer, Script};
use bowline::value::Value;
use jiff::SignedDuration;

use crate::build::{Times, check, look, phase_in, plan, run, simple, step, wait, watched};
use crate::world::{Ran, go, go_on, nobody, person, resume, run_plan, settle};

const UNCLEAR: Answer = Answer::Fails(Failure::NotStarted);
const NO: Answer = Answer::Exit(1);
const YES: Answer = Answer::Exit(0);

fn looked(times: Times, answers: &[Answer]) -> Ran {
    let plan = plan(vec![simple("a").into(), check("c", times, None, vec![look("look").into()])]);
    run_plan(&plan, Script::default().on("look", answers))
}

#[test]
fn three_verdicts() {
    assert_eq!(looked((None, None, None), &[YES]).code, ExitCode::Completed);
    assert_eq!(looked((None, None, None), &[NO]).code, ExitCode::RolledBack);
    assert_eq!(looked((None, None, None), &[UNCLEAR]).code, ExitCode::Waiting, "inconclusive holds");
}

/// Settled as done without its answer, a step gives no value: no look can find it, so none is waited for.
#[test]
fn a_look_that_needs_what_nothing_gives_any_more_fails_at_once() {
    let gives = || {
        step("a", vec![run("do a").binds("x", ResponsePart::Stdout).into()])
            .rollback(vec![run("undo a").into()])
    };
    let checked = check("c", (Some(15), Some(60), None), None, vec![look("look").with(&["x"]).into()]);
    let plans =
        [plan(vec![gives().into(), checked]), plan(vec![gives().into(), look("look").with(&["x"]).into()])];
    for plan in plans {
        let ran = go(&plan, nobody(), Script::default().on("do a", &[Answer::Fails(Failure::Lost)]));
        assert_eq!(ran.code, ExitCode::Stuck);
        let began = ran.host.now;
        let ran = settle(&plan, ran, Settlement::Done("seen".into()));
        assert_eq!((ran.code, ran.did().as_str(), ran.host.now), (ExitCode::RolledBack, "undo a", began));
    }
}

#[test]
fn within_keeps_looking_until_the_limit() {
    let ran = looked((Some(15), Some(60), None), &[NO, UNCLEAR, YES]);
    assert_eq!((ran.code, ran.host.now.as_second()), (ExitCode::Completed, 30));
    let ran = looked((Some(25), Some(60), None), &[NO]);
    assert_eq!((ran.code, ran.host.now.as_second()), (ExitCode::RolledBack, 60), "one look at the limit");
    let ran = looked((Some(25), Some(60), None), &[UNCLEAR]);
    assert_eq!(ran.code, ExitCode::Waiting, "then it holds");
}

#[test]
fn soak_needs_an_unbroken_streak() {
    let ran = looked((Some(10), Some(300), Some(30)), &[YES, YES, NO, YES]);
    assert_eq!((ran.code, ran.host.now.as_second()), (ExitCode::Completed, 60), "from 30 to 60");
    let ran = looked((Some(10), None, Some(30)), &[YES, NO]);
    assert_eq!(ran.code, ExitCode::RolledBack, "without `within` a no is a failure");
}

#[test]
fn a_resume_takes_a_look_and_starts_a_soak_again() {
    let plan = plan(vec![check("c", (Some(10), None, Some(3600)), None, vec![look("look").into()])]);
    let world = Script::default().on("look", &[YES]);
    let ran = go(&plan, nobody(), world.signal(50, bowline::run::testing::Signal::HangUp));
    assert_eq!(ran.code, ExitCode::Waiting);
    let at = ran.host.now.as_second();
    let ran = resume(&plan, ran, nobody(), Script::default());
    assert_eq!((ran.code, ran.host.now.as_second()), (ExitCode::Completed, at + 3600));
}

#[test]
fn a_resume_after_the_limit_still_looks_once() {
    let times = (Some(400), Some(1000), None);
    let plan = plan(vec![check("c", times, None, vec![look("look").into()])]);
    let ran = run_plan(&plan, Script::default().on("look", &[NO]));
    assert_eq!(ran.code, ExitCode::Waiting, "the next look is more than five minutes away");
    let mut late = Script::default();
    late.now = ran.host.now.checked_add(SignedDuration::from_hours(9)).unwrap();
    let ran = go_on(&plan, ran.journal.events, vec![Fact::Resumed { settings: nobody() }], late);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "look"));
}

fn guarded(misses: u32, interrupts: bool, takes: i64, answers: &[Answer]) -> Ran {
    let guard = (WatchKind::Guard { misses, interrupts }, 15, vec![look("guard").into()]);
    let body = vec![simple("a").into(), simple("b").into()];
    let plan = plan(vec![watched("p", guard, body), simple("c").into()]);
    let slow = Answer::After(SignedDuration::from_secs(takes), Box::new(YES));
    run_plan(&plan, Script::default().on("do a", &[slow]).on("guard", answers))
}

#[test]
fn a_broken_guard_fails_its_phase_once_what_runs_has_ended() {
    let ran = guarded(2, false, 62, &[YES, NO, YES, NO, NO]);
    assert_eq!((ran.code, ran.host.now.as_second()), (ExitCode::RolledBack, 62));
    assert!(!ran.did().contains("do b") && ran.did().ends_with("undo a"), "{}", ran.did());
    let ran = guarded(2, false, 40, &[YES, NO, YES]);
    assert_eq!(ran.code, ExitCode::Completed, "misses are counted only in a row");
}

#[test]
fn an_interrupting_guard_stops_what_runs() {
    let ran = guarded(1, true, 600, &[YES, NO]);
    assert_eq!((ran.code, ran.host.now.as_second()), (ExitCode::RolledBack, 15));
    assert_eq!(ran.host.stopped, ["do a"]);
    assert!(ran.did().ends_with("undo a"), "going back, unknown counts as started: {}", ran.did());
}

#[test]
fn a_guard_is_off_after_its_phase_and_while_unwinding() {
    let ran = guarded(1, false, 10, &[YES]);
    assert_eq!(ran.did(), "guard, do a, do b, do c");
}

#[test]
fn a_resume_looks_at_the_guard_first_and_notes_the_gap() {
    let guard = (WatchKind::Guard { misses: 1, interrupts: false }, 15, vec![look("guard").into()]);
    let plan = plan(vec![watched("p", guard, vec![wait(7200), simple("a").into()])]);
    let world = Script::default().signal(3, bowline::run::testing::Signal::HangUp);
    let ran = go(&plan, nobody(), world);
    assert_eq!(ran.code, ExitCode::Waiting, "the process stays for a guard until it is hung up");
    let mut late = Script::default();
    late.now = ran.host.now.checked_add(SignedDuration::from_hours(9)).unwrap();
    let ran = go_on(&plan, ran.journal.events, vec![Fact::Resumed { settings: nobody() }], late);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "guard, do a"));
    let noted = |fact: &Fact| matches!(fact, Fact::Noted { text, .. } if text.contains("blind"));
    assert_eq!(ran.journal.events.iter().filter(|event| noted(&event.fact)).count(), 1);
}

#[test]
fn a_failed_beat_is_recorded_and_nothing_else() {
    let beat = (WatchKind::Beat, 60, vec![look("beat").into()]);
    let plan = plan(vec![watched("p", beat, vec![wait(150), simple("a").into()])]);
    let ran = run_plan(&plan, Script::default().on("beat", &[NO]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "beat, beat, do a"));
    let beats = |fact: &Fact| matches!(fact, Fact::Entered { key: Some(Key::Turn(_)), .. });
    assert_eq!(ran.journal.events.iter().filter(|event| beats(&event.fact)).count(), 2);
}

#[test]
fn a_beat_that_is_under_way_when_its_phase_ends_ends_with_it() {
    let slow = |answer| Answer::After(SignedDuration::from_secs(40), Box::new(answer));
    let beat = || (WatchKind::Beat, 60, vec![look("beat").into(), look("more").into()]);
    let phase = plan(vec![watched("p", beat(), vec![wait(70), simple("a").into()]), simple("b").into()]);
    for answer in [YES, NO] {
        let ran = run_plan(&phase, Script::default().on("beat", &[slow(answer)]));
        assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "beat, do a, do b"));
    }
    let guard = (WatchKind::Guard { misses: 1, interrupts: false }, 60, vec![look("guard").into()]);
    let guarded = plan(vec![watched("p", guard, vec![simple("a").into()])]);
    let ran = run_plan(&guarded, Script::default().on("guard", &[slow(NO)]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "guard, do a, undo a"));
}

#[test]
fn no_step_starts_outside_its_window_but_undo_may() {
    let plan = plan(vec![phase_in("p", "Thu 02:00-04:00 UTC", vec![simple("a").into(), simple("b").into()])]);
    let slow = Answer::After(SignedDuration::from_hours(3), Box::new(NO));
    let ran =
        go(&plan, person(), Script::default().on("do a", &[slow]).on("failed: p / a", &[says("roll back")]));
    assert_eq!((ran.code, ran.host.now.as_second()), (ExitCode::RolledBack, 5 * 3600));
    assert_eq!(ran.did(), "do a, failed: p / a, undo a");
    let ran = run_plan(&plan, Script::default());
    assert_eq!(ran.code, ExitCode::Waiting, "nobody waits two hours");
}

fn says(what: &str) -> Answer {
    Answer::Says(Value::Text(what.into()))
}

#[test]
fn a_looks_own_retry_counts() {
    let plan = plan(vec![check("c", (None, None, None), None, vec![look("look").retry(2, 1).into()])]);
    let ran = run_plan(&plan, Script::default().on("look", &[NO, UNCLEAR, YES]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "look, look, look"));
}

#[test]
fn a_look_without_an_answer_ends_with_the_time_of_its_check() {
    for hangs in [Answer::Hangs, Answer::After(SignedDuration::from_secs(99), Box::new(YES))] {
        let ran = looked((Some(15), Some(60), None), &[hangs]);
        assert_eq!((ran.code, ran.host.now.as_second()), (ExitCode::Waiting, 60), "no answer in time holds");
    }
    let ran = looked((Some(15), Some(60), None), &[NO, NO, NO, NO, Answer::Hangs]);
    assert_eq!((ran.code, ran.host.now.as_second()), (ExitCode::Waiting, 75), "the last one has one `every`");
}

#[test]
fn the_last_look_has_a_second_however_often_is_looked() {
    let slow = |answer| Answer::After(SignedDuration::from_millis(900), Box::new(answer));
    let ran = looked((Some(0), Some(1), None), &[slow(NO), slow(NO)]);
    assert_eq!(ran.code, ExitCode::RolledBack, "what it saw stands, and nothing is stuck");
}

#[test]
fn a_long_look_of_a_soak_has_the_whole_time_of_its_check() {
    let long = Answer::After(SignedDuration::from_secs(40), Box::new(YES));
    let ran = looked((Some(5), Some(60), Some(300)), &[long]);
    assert_eq!(ran.code, ExitCode::Completed);
}

#[test]
fn a_guard_whose_look_has_no_answer_is_not_blind_for_ever() {
    let guard = WatchKind::Guard { misses: 2, interrupts: true };
    let watched = watched("p", (guard, 15, vec![look("look").into()]), vec![simple("a").into(), wait(250)]);
    let ran = run_plan(&plan(vec![watched]), Script::default().on("look", &[Answer::Hangs]));
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "look, do a, look, undo a"));
    assert_eq!(ran.host.now.as_second(), 135, "a minute for each look");
}
