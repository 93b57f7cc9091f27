//! Sentences of the design, one by one, that no plan of the other tests is about.

use bowline::event::{Settlement, Verdict};
use bowline::plan::{HandlerWhen, QuestionKind, ResponsePart, WatchKind};
use bowline::run::door::Failure;
use bowline::run::testing::{Answer, Script, Signal, somebody};
use bowline::run::{ExitCode, SettleError, Word, settlement};
use bowline::value::Value;
use jiff::SignedDuration;

use crate::build::{
    Around, artifact, ask, attempt, check, commit, confirm, http, look, parallel, phase, plan, plan_with,
    repeat, run, simple, step, wait, watched, yes,
};
use crate::world::{Ran, go, nobody, person, resume, run_plan, settle};

const NO: Answer = Answer::Exit(1);
const YES: Answer = Answer::Exit(0);
const LOST: Answer = Answer::Fails(Failure::Lost);
const NOT_STARTED: Answer = Answer::Fails(Failure::NotStarted);

fn fails(labels: &[&str]) -> Script {
    labels.iter().fold(Script::default(), |script, label| script.on(label, &[NO]))
}

fn slow(seconds: i64, answer: Answer) -> Answer {
    Answer::After(SignedDuration::from_secs(seconds), Box::new(answer))
}

fn says(what: &str) -> Answer {
    Answer::SaysWith(Value::Text(what.into()), "because".into())
}

fn became(ran: &Ran) -> (ExitCode, String) {
    (ran.code, ran.did())
}

#[track_caller]
fn is(ran: &Ran, code: ExitCode, did: &str) {
    assert_eq!(became(ran), (code, did.to_owned()));
}

// ---- outcomes ----

/// "The effect is the unit of retry": its own `retry` counts before that of its step.
#[test]
fn an_effects_own_retry_counts_before_its_steps() {
    let body = vec![run("one").retry(1, 0).into(), run("two").into()];
    let plan = plan(vec![step("s", body).retry(2, 0).into()]);
    is(&run_plan(&plan, fails(&["one"])), ExitCode::RolledBack, "one, one");
    is(&run_plan(&plan, fails(&["two"])), ExitCode::RolledBack, "one, two, two, two");
}

/// "retry 3 every 10s": the pause is kept whatever the outcome that is tried again.
#[test]
fn an_unknown_outcome_is_tried_again_after_the_same_pause() {
    let plan = plan(vec![simple("a").idempotent().retry(2, 10).into()]);
    let ran = run_plan(&plan, Script::default().on("do a", &[LOST, LOST, YES]));
    is(&ran, ExitCode::Completed, "do a, do a, do a");
    assert_eq!(ran.host.now.as_second(), 20);
}

/// "A step's `timeout` spans its attempts": an unknown outcome is not tried again after it.
#[test]
fn an_unknown_outcome_is_not_tried_again_when_the_time_of_the_step_is_over() {
    let plan = plan(vec![simple("a").idempotent().timeout(25).retry(9, 0).into()]);
    let ran = run_plan(&plan, Script::default().on("do a", &[Answer::Hangs]));
    is(&ran, ExitCode::Stuck, "do a");
    assert_eq!(ran.host.now.as_second(), 25);
}

/// "…, not the time of people."
#[test]
fn the_time_of_people_is_not_the_steps() {
    let body = vec![run("one").into(), confirm("sure?").into(), run("two").into()];
    let plan = plan(vec![step("s", body).timeout(60).into()]);
    let world = Script::default().on("sure?", &[slow(3600, Answer::Says(Value::Bool(true)))]);
    is(&run_plan(&plan, world), ExitCode::Completed, "one, sure?, two");
}

#[test]
fn nor_is_the_time_without_a_process() {
    let body = vec![run("one").into(), confirm("sure?").into(), run("two").into()];
    let plan = plan(vec![step("s", body).timeout(60).into()]);
    let mut ran = run_plan(&plan, Script::default().on("sure?", &[Answer::Nobody]));
    is(&ran, ExitCode::Waiting, "one, sure?");
    ran.host.now = ran.host.now.checked_add(SignedDuration::from_hours(72)).unwrap();
    is(&resume(&plan, ran, nobody(), Script::default()), ExitCode::Completed, "sure?, two");
}

/// A person who says "again" gives it its time anew.
#[test]
fn what_a_person_wants_again_has_its_time_anew() {
    let plan = plan(vec![simple("a").timeout(60).into()]);
    let ran = run_plan(&plan, Script::default().on("do a", &[Answer::Hangs]));
    is(&ran, ExitCode::Stuck, "do a");
    is(&settle(&plan, ran, Settlement::Again), ExitCode::Completed, "do a");
}

/// "HTTP 5xx …: inconclusive" where one only looks.
#[test]
fn a_server_that_fails_gives_no_answer_to_a_look_and_fails_a_change() {
    let changes = plan(vec![step("s", vec![http("u")]).rollback(vec![run("undo").into()]).into()]);
    let ran = run_plan(&changes, Script::default().on("POST u", &[Answer::Status(503, String::new())]));
    is(&ran, ExitCode::RolledBack, "POST u, undo");
}

/// An effect that was never started, because a file that it takes is gone, changed nothing.
#[test]
fn an_effect_whose_file_is_gone_never_started() {
    let made = vec![run("export").into(), artifact("e.json", "export")];
    let import = step("import", vec![run("import").with(&["export"]).into()]);
    let plan =
        plan(vec![step("export", made).into(), import.rollback(vec![run("undo import").into()]).into()]);
    let ran = run_plan(&plan, Script::default().on("verify e.json", &[Answer::Fails(Failure::Missing)]));
    is(&ran, ExitCode::RolledBack, "export, artifact e.json, verify e.json");
}

// ---- compensation ----

/// What a person did by hand is done, whatever the program did before.
#[test]
fn what_was_done_by_hand_owes_its_undo_and_what_was_skipped_clean_does_not() {
    let plan = plan(vec![simple("a").into(), simple("b").into()]);
    let world = |answer| {
        let world = Script::default().on("do a", &[NOT_STARTED]).on("failed: a", &[says(answer)]);
        world.on("do b", &[NOT_STARTED]).on("failed: b", &[says("roll back")])
    };
    let did = "do a, failed: a, do b, failed: b";
    is(&go(&plan, person(), world("by hand")), ExitCode::RolledBack, &format!("{did}, undo a"));
    is(&go(&plan, person(), world("go on")), ExitCode::RolledBack, did);
}

/// "Static or not": skipping what makes a value stops the step whose undo takes it.
#[test]
fn a_step_whose_undo_takes_what_was_skipped_does_not_start() {
    let read = step("a", vec![run("read id").binds("id", ResponsePart::Stdout).into()]);
    let made = step("b", vec![run("do b").into()]).rollback(vec![run("undo").with(&["id"]).into()]);
    let plan = plan(vec![read.into(), made.needs("id").captures("id").into()]);
    let world = fails(&["read id"]).on("failed: a", &[says("go on")]);
    let ran = go(&plan, person(), world.on("failed: b", &[says("roll back")]));
    is(&ran, ExitCode::RolledBack, "read id, failed: a, failed: b");
}

/// "No statement is skipped inside a rollback"; a "no" of a person in it is a failed undo, not a decision.
#[test]
fn a_no_of_a_person_inside_a_rollback_is_stuck() {
    let undo = vec![run("undo a").into(), confirm("gone?").into(), run("more").into()];
    let plan = plan(vec![simple("z").into(), simple("a").rollback(undo).into()]);
    let world = fails(&["do a"]).on("gone?", &[Answer::Says(Value::Bool(false))]);
    is(&run_plan(&plan, world), ExitCode::Stuck, "do z, do a, undo a, gone?");
}

/// A wait in a rollback is waited for, and a cancel does not cut it.
#[test]
fn a_wait_inside_a_rollback_is_waited_for() {
    let undo = vec![run("undo a").into(), wait(100), run("more").into()];
    let plan = plan(vec![simple("a").rollback(undo).into()]);
    let ran = run_plan(&plan, fails(&["do a"]).signal(2, Signal::Cancel));
    is(&ran, ExitCode::RolledBack, "do a, undo a, more");
    assert_eq!(ran.host.now.as_second(), 100);
}

/// "A rollback that fails is retried (its own `retry`, else 3 times)".
#[test]
fn an_effect_of_a_rollback_has_its_own_retry() {
    let plan = plan(vec![simple("a").rollback(vec![run("undo a").retry(1, 7).into()]).into()]);
    let ran = run_plan(&plan, fails(&["do a", "undo a"]));
    is(&ran, ExitCode::Stuck, "do a, undo a, undo a");
    assert_eq!(ran.host.now.as_second(), 7);
}

/// "Of an undo, `settle --skip` ends as failed, kept": of a restore after success, too.
#[test]
fn a_restore_that_is_skipped_is_kept() {
    let paused = simple("a").restore(vec![run("restore a").into()]);
    let plan = plan(vec![phase("p", vec![paused.into()]), simple("b").into()]);
    let ran = run_plan(&plan, fails(&["restore a"]));
    let ran = settle(&plan, ran, Settlement::Skip("it is gone".into()));
    is(&ran, ExitCode::FailedKept, "do b");
}

/// "Each turn of `repeat` has its own values": each is undone with them.
#[test]
fn turns_of_a_repeat_are_undone_with_their_own_values() {
    let read = run("read").binds("id", ResponsePart::Stdout);
    let made = step("s", vec![read.into()]).rollback(vec![run("undo").with(&["id"]).into()]).captures("id");
    let ok = vec![made.into(), crate::build::bind("ok", yes(false))];
    let plan = plan(vec![repeat(2, "ok", ok)]);
    let prints = |text: &str| Answer::Prints(text.into());
    let ran = run_plan(&plan, Script::default().on("read", &[prints("1"), prints("2")]));
    is(&ran, ExitCode::RolledBack, "read, read, undo 2, undo 1");
}

// ---- settling ----

fn word(place: Option<&str>, how: Settlement) -> Word {
    Word { place: place.map(str::to_owned), how, by: somebody(), note: None }
}

/// "`--rollback`: before `commit` only; `--give-up`: after `commit`".
#[test]
fn rollback_is_for_before_the_commit_and_give_up_for_after_it() {
    let before = plan(vec![simple("a").into(), commit()]);
    let ran = run_plan(&before, Script::default().on("do a", &[LOST]));
    let given_up = settlement(&before, &ran.state, nobody(), word(None, Settlement::GiveUp("x".into())));
    assert!(matches!(given_up, Err(SettleError::NotOpen(..))), "{given_up:?}");
    let after = plan(vec![commit(), simple("a").into()]);
    let ran = run_plan(&after, Script::default().on("do a", &[LOST]));
    let rolled = settlement(&after, &ran.state, nobody(), word(None, Settlement::Rollback));
    assert!(matches!(rolled, Err(SettleError::NotOpen(..))), "{rolled:?}");
    is(&settle(&after, ran, Settlement::GiveUp("x".into())), ExitCode::FailedKept, "");
}

/// "One effect at a time and named by it"; "on a run that is not stuck: … naming what it waits for".
#[test]
fn what_is_settled_is_named_where_two_things_are_stuck() {
    let plan = plan(vec![parallel(None, vec![simple("a").into(), simple("b").into()]), simple("c").into()]);
    let ran = run_plan(&plan, Script::default().on("do a", &[LOST]).on("do b", &[LOST]));
    assert_eq!(ran.code, ExitCode::Stuck);
    let done = || Settlement::Done("seen".into());
    let which = settlement(&plan, &ran.state, nobody(), word(None, done())).unwrap_err();
    assert!(matches!(&which, SettleError::Which(_, lines) if lines.len() == 2), "{which}");
    let first = settlement(&plan, &ran.state, nobody(), word(Some("b"), done())).unwrap();
    let ran = crate::world::go_on(&plan, ran.journal.events, first, Script::default());
    is(&ran, ExitCode::Stuck, "");
    is(&settle(&plan, ran, Settlement::Rollback), ExitCode::RolledBack, "undo b, undo a");
    let waits = crate::build::plan(vec![check("c", (None, None, None), None, vec![look("look").into()])]);
    let ran = run_plan(&waits, Script::default().on("look", &[NOT_STARTED]));
    let not = settlement(&waits, &ran.state, nobody(), word(None, done())).unwrap_err();
    assert!(matches!(&not, SettleError::NotStuck(why) if why.contains("NotStarted")), "{not}");
}

// ---- stopping ----

/// "The unwinding is shielded from the first signal; the second asks".
#[test]
fn the_second_cancel_while_undoing_asks_where_somebody_is_there() {
    let plan = plan(vec![simple("a").into(), simple("b").into()]);
    let world = |answer| {
        let world = fails(&["do b"]).on("undo b", &[slow(5, YES)]).on("failed: b", &[says("roll back")]);
        world.on("failed: ", &[says(answer)]).signal(4, Signal::Cancel).signal(4, Signal::Cancel)
    };
    let asked = "do a, do b, failed: b, undo b, failed: ";
    let ran = go(&plan, person(), world("go on"));
    is(&ran, ExitCode::RolledBack, &format!("{asked}, undo a"));
    let ran = go(&plan, person(), world("leave"));
    is(&ran, ExitCode::Waiting, asked);
    let ran = resume(&plan, ran, nobody(), Script::default());
    is(&ran, ExitCode::RolledBack, "undo a");
}

/// The same while an attempt undoes what is its own; the run is asked about the cancel then, too.
#[test]
fn the_second_cancel_while_an_attempt_undoes_asks_too() {
    let inner = attempt(vec![simple("a").into(), simple("b").into()], Some(vec![simple("c").into()]));
    let plan = plan(vec![inner]);
    let world =
        fails(&["do b"]).on("undo b", &[slow(5, YES)]).on("failed: attempt / b", &[says("roll back")]);
    let world = world.on("failed: attempt", &[says("go on")]).on("failed: ", &[says("go on")]);
    let ran = go(&plan, person(), world.signal(4, Signal::Cancel).signal(4, Signal::Cancel));
    let did = "do a, do b, failed: attempt / b, undo b, failed: attempt, undo a, failed: , do c";
    is(&ran, ExitCode::Completed, did);
    let world =
        fails(&["do b"]).on("undo b", &[slow(5, YES)]).on("failed: attempt / b", &[says("roll back")]);
    let world = world.on("failed: attempt", &[says("leave")]);
    let ran = go(&plan, person(), world.signal(4, Signal::Cancel).signal(4, Signal::Cancel));
    is(&ran, ExitCode::Waiting, "do a, do b, failed: attempt / b, undo b, failed: attempt");
    let ran = resume(&plan, ran, nobody(), Script::default());
    is(&ran, ExitCode::Completed, "undo a, do c");
}

/// The cancel that is being obeyed is not the first signal to the unwinding.
#[test]
fn an_unwinding_after_a_cancel_is_shielded_from_the_next_one() {
    let plan = plan(vec![simple("a").into(), simple("b").into()]);
    let world = Script::default().on("undo b", &[slow(5, YES)]);
    let ran = run_plan(&plan, world.signal(2, Signal::Cancel).signal(3, Signal::Cancel));
    is(&ran, ExitCode::RolledBack, "do a, do b, undo b, undo a");
}

/// "SIGHUP: let the effect end, exit 5, never unwind unasked"; an unwinding goes on after a resume.
#[test]
fn a_hang_up_while_undoing_lets_the_undo_end() {
    let plan = plan(vec![simple("a").into(), simple("b").into()]);
    let world = fails(&["do b"]).on("undo b", &[slow(5, YES)]).signal(3, Signal::HangUp);
    let ran = run_plan(&plan, world);
    is(&ran, ExitCode::Waiting, "do a, do b, undo b");
    is(&resume(&plan, ran, nobody(), Script::default()), ExitCode::RolledBack, "undo a");
}

// ---- handlers ----

/// "Handlers … None while waiting or stuck", and a crash in one changes nothing.
#[test]
fn no_handler_while_waiting_or_stuck() {
    let all = [HandlerWhen::BeforeRollback, HandlerWhen::AfterFailure, HandlerWhen::AfterRun];
    let handlers = || all.map(|when| (when, vec![look("tell").into()])).into_iter().collect();
    let made = || plan_with(Around { handlers: handlers(), watches: vec![] }, vec![simple("a").into()]);
    is(&run_plan(&made(), Script::default().on("do a", &[LOST])), ExitCode::Stuck, "do a");
    let hold = crate::world::settings(bowline::event::Attended::Nobody, bowline::event::OnFailure::Hold);
    is(&go(&made(), hold, fails(&["do a"])), ExitCode::Waiting, "do a");
    let stuck = run_plan(&made(), fails(&["do a", "undo a"]));
    is(&stuck, ExitCode::Stuck, "do a, tell, undo a, undo a, undo a, undo a");
    let ran = settle(&made(), stuck, Settlement::Skip("x".into()));
    is(&ran, ExitCode::FailedKept, "tell, tell");
}

/// "`after rollback`: unwinding finished. `after failure`: every end but completed": given up is a failure, no rollback.
#[test]
fn giving_up_is_a_failure_and_no_rollback() {
    let all = [HandlerWhen::AfterRollback, HandlerWhen::AfterFailure, HandlerWhen::AfterRun];
    let name = |when: HandlerWhen| look(&format!("{when:?}")).into();
    let handlers = all.map(|when| (when, vec![name(when)])).into_iter().collect();
    let plan = plan_with(Around { handlers, watches: vec![] }, vec![commit(), simple("a").into()]);
    let ran = run_plan(&plan, fails(&["do a"]));
    let ran = settle(&plan, ran, Settlement::GiveUp("x".into()));
    is(&ran, ExitCode::FailedKept, "AfterFailure, AfterRun");
}

// ---- checks and guards ----

/// "`misses N`: the Nth consecutive look that does not pass breaks the guard", unclear ones too.
#[test]
fn looks_without_an_answer_are_misses() {
    let guard = (WatchKind::Guard { misses: 2, interrupts: false }, 15, vec![look("guard").into()]);
    let plan = plan(vec![watched("p", guard, vec![simple("a").into(), simple("b").into()])]);
    let world = Script::default().on("do a", &[slow(40, YES)]).on("guard", &[YES, NOT_STARTED, NO]);
    is(&run_plan(&plan, world), ExitCode::RolledBack, "guard, do a, guard, guard, undo a");
}

/// "`otherwise` runs only for a failure of its own block … never for cancel or an outer guard".
#[test]
fn an_outer_guard_never_does_otherwise_and_an_inner_one_does() {
    let guard = || (WatchKind::Guard { misses: 1, interrupts: false }, 15, vec![look("guard").into()]);
    let body = || vec![simple("a").into(), simple("b").into()];
    let other = || Some(vec![simple("c").into()]);
    let world = || Script::default().on("do a", &[slow(20, YES)]).on("guard", &[YES, NO]);
    let outer = plan(vec![watched("p", guard(), vec![attempt(body(), other())])]);
    is(&run_plan(&outer, world()), ExitCode::RolledBack, "guard, do a, guard, undo a");
    let inner = plan(vec![attempt(vec![watched("p", guard(), body())], other())]);
    is(&run_plan(&inner, world()), ExitCode::Completed, "guard, do a, guard, undo a, do c");
}

/// "A check binds what its last look bound."
#[test]
fn a_check_binds_what_its_last_look_bound() {
    let body = vec![look("look").binds("seen", ResponsePart::Stdout).into(), look("is it").into()];
    let polled = check("c", (Some(10), Some(60), None), None, body);
    let show = step("s", vec![run("show").with(&["seen"]).into()]);
    let plan = plan(vec![polled, show.into()]);
    let prints = |text: &str| Answer::Prints(text.into());
    let world = Script::default().on("look", &[prints("1"), prints("2")]).on("is it", &[NO, YES]);
    is(&run_plan(&plan, world), ExitCode::Completed, "look, is it, look, is it, show 2");
}

// ---- people ----

/// While a failure is asked about, siblings' effects end and nothing new begins; a retry lets all go on.
#[test]
fn nothing_new_begins_while_a_failure_is_asked_about() {
    let pair = vec![(Some(yes(true)), vec![simple("b").into(), simple("c").into()])];
    let plan = plan(vec![parallel(None, vec![simple("a").into(), crate::build::branch(pair)])]);
    let world = Script::default().on("do a", &[NO, YES]).on("do b", &[slow(5, YES)]);
    let ran = go(&plan, person(), world.on("failed: a", &[slow(60, says("retry"))]));
    is(&ran, ExitCode::Completed, "do a, do b, failed: a, do a, do c");
}

/// A step done by a person that is left undone owes nothing: it never began.
#[test]
fn a_manual_step_that_nobody_did_is_waited_for() {
    let manual = step("by hand", vec![ask("do it", QuestionKind::Manual).into()]).manual();
    let plan = plan(vec![simple("a").into(), manual.rollback(vec![run("undo").into()]).into()]);
    let ran = run_plan(&plan, Script::default().on("do it", &[Answer::Nobody]));
    is(&ran, ExitCode::Waiting, "do a, do it");
    let left = |verdict: &Verdict| matches!(verdict, Verdict::Failed(_));
    let failed = |event: &bowline::event::Event| matches!(&event.fact, bowline::event::Fact::Left { verdict, .. } if left(verdict));
    assert!(!ran.journal.events.iter().any(failed));
    let ran = resume(&plan, ran, nobody(), Script::default());
    is(&ran, ExitCode::Completed, "do it");
}
