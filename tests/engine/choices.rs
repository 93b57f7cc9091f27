//! Which ways on are open, who is asked, what is owed meanwhile: one answer for question, `settle` and report.

use bowline::event::{Attended, Fact, OnFailure, Settlement, Undoing};
use bowline::plan::{Plan, WatchKind};
use bowline::run::testing::{Answer, Script, somebody};
use bowline::run::{ExitCode, Verb, Word, in_doubt, owed_undos, settlement};
use bowline::value::Value;
use jiff::SignedDuration;

use crate::build::{attempt, branch, commit, look, parallel, phase, plan, run, simple, watched, yes};
use crate::world::{Ran, go, nobody, person, resume, run_plan, settings, settle};

const NO: Answer = Answer::Exit(1);
const LOST: Answer = Answer::Fails(bowline::run::Failure::TimedOut);

fn says(what: &str) -> Answer {
    Answer::SaysWith(Value::Text(what.into()), "because".into())
}

fn is(ran: &Ran, code: ExitCode, did: &str) {
    assert_eq!((ran.code, ran.did().as_str()), (code, did));
}

fn two() -> Plan {
    plan(vec![simple("a").into(), simple("b").into()])
}

/// Both fail: the step `b`, and its undo as often as it is tried.
fn failing() -> Script {
    Script::default().on("do b", &[NO]).on("failed: b", &[says("roll back")]).on("undo b", &[NO])
}

#[test]
fn who_is_there_is_asked_about_an_undo_once_its_retries_are_used_up() {
    let tried = "do a, do b, failed: b, undo b, undo b, undo b, undo b, undo: b";
    let table = [
        ("done", ExitCode::RolledBack, ", undo a"),
        ("skip", ExitCode::FailedKept, ", undo a"),
        ("leave", ExitCode::Stuck, ""),
        ("roll back", ExitCode::Stuck, ""),
        ("give up", ExitCode::Stuck, ""),
    ];
    for (answer, code, rest) in table {
        let ran = go(&two(), person(), failing().on("undo: b", &[says(answer)]));
        is(&ran, code, &format!("{tried}{rest}"));
    }
    let again = [NO, NO, NO, NO, Answer::Exit(0)];
    let ran = go(&two(), person(), failing().on("undo b", &again).on("undo: b", &[says("again")]));
    is(&ran, ExitCode::RolledBack, &format!("{tried}, undo b, undo a"));
}

#[test]
fn nobody_there_is_stuck_and_who_takes_it_up_is_asked_at_once() {
    let ran = run_plan(&two(), failing());
    is(&ran, ExitCode::Stuck, "do a, do b, undo b, undo b, undo b, undo b");
    let ran = resume(&two(), ran, nobody(), failing());
    is(&ran, ExitCode::Stuck, "");
    let ran = resume(&two(), ran, person(), Script::default().on("undo: b", &[says("done")]));
    is(&ran, ExitCode::RolledBack, "undo: b, undo a");
}

#[test]
fn a_failed_restore_is_asked_about_too() {
    let paused = simple("a").restore(vec![run("restore a").into()]);
    let plan = plan(vec![phase("p", vec![paused.into()]), simple("b").into()]);
    let world = Script::default().on("restore a", &[NO]).on("undo: p / a", &[says("done")]);
    let tried = "do a, restore a, restore a, restore a, restore a, undo: p / a";
    is(&go(&plan, person(), world), ExitCode::Completed, &format!("{tried}, do b"));
}

#[test]
fn nothing_more_is_undone_while_an_undo_is_asked_about() {
    let lane = |names: [&'static str; 2]| {
        branch(vec![(Some(yes(true)), names.map(|name| simple(name).into()).into_iter().collect())])
    };
    let both = vec![lane(["a", "b"]), lane(["c", "d"])];
    let plan = plan(vec![
        parallel(None, both),
        crate::build::mark(bowline::plan::Mark::Fail(Box::new(crate::build::text("no")))),
    ]);
    let after =
        |after: i64, answer: Answer| Answer::After(SignedDuration::from_secs(after), Box::new(answer));
    let world = Script::default()
        .on("undo d", &[NO])
        .on("undo b", &[after(22, Answer::Exit(0))])
        .on("undo: d", &[after(60, says("done"))]);
    let ran = go(&plan, person(), world);
    let did = ran.did();
    let (_, unwound) = did.split_once("undo d").unwrap();
    assert_eq!(unwound, ", undo b, undo d, undo d, undo d, undo: d, undo a, undo c", "{did}");
}

#[test]
fn each_retry_is_recorded_before_it_begins_with_its_number_and_time() {
    let retries = |ran: &Ran| {
        let facts = ran.journal.events.iter();
        let told = facts.filter_map(|event| match &event.fact {
            Fact::Retrying { number, of, at, .. } => {
                Some((*number, *of, at.duration_since(event.at).as_secs()))
            }
            _ => None,
        });
        told.collect::<Vec<_>>()
    };
    let ran = run_plan(&two(), failing());
    assert_eq!(retries(&ran), [(1, 3, 1), (2, 3, 4), (3, 3, 16)]);
    let own = simple("a").rollback(vec![run("undo a").retry(2, 7).into()]);
    let ran = run_plan(&plan(vec![own.into()]), Script::default().on("do a", &[NO]).on("undo a", &[NO]));
    assert_eq!(retries(&ran), [(1, 2, 7), (2, 2, 7)]);
    let forward = plan(vec![simple("a").retry(2, 3).into()]);
    let ran = run_plan(&forward, Script::default().on("do a", &[NO, Answer::Exit(0)]));
    assert_eq!((ran.code, retries(&ran)), (ExitCode::Completed, vec![(1, 2, 3)]));
    // Left unverified, the undo as a whole is done again.
    let in_place = simple("a").done_when(vec![look("in place").into()]);
    let failing = Script::default().on("in place", &[NO, Answer::Exit(0)]).on("do a", &[NO]);
    let ran = run_plan(&plan(vec![in_place.into()]), failing);
    assert_eq!((ran.code, retries(&ran)), (ExitCode::Stuck, vec![(1, 3, 1), (2, 3, 4), (3, 3, 16)]));
}

// ---- what settles what ----

fn hold() -> bowline::event::Settings {
    settings(Attended::Nobody, OnFailure::Hold)
}

#[test]
fn a_failure_that_is_held_is_settled() {
    let table = [
        (Settlement::Again, ExitCode::Completed, "do b"),
        (Settlement::Done("seen".into()), ExitCode::Completed, ""),
        (Settlement::Skip("not needed".into()), ExitCode::Completed, ""),
        (Settlement::Rollback, ExitCode::RolledBack, "undo b, undo a"),
    ];
    for (how, code, did) in table {
        let held = go(&two(), hold(), Script::default().on("do b", &[NO]));
        is(&held, ExitCode::Waiting, "do a, do b");
        is(&settle(&two(), held, how), code, did);
    }
}

#[test]
fn a_guard_that_broke_and_is_held_is_settled() {
    let guard = || (WatchKind::Guard { misses: 1, interrupts: false }, 15, vec![look("guard").into()]);
    let plan = || plan(vec![watched("p", guard(), vec![simple("a").into()])]);
    let slow = Answer::After(SignedDuration::from_secs(20), Box::new(Answer::Exit(0)));
    let held = || {
        go(
            &plan(),
            hold(),
            Script::default().on("do a", std::slice::from_ref(&slow)).on("guard", &[Answer::Exit(0), NO]),
        )
    };
    is(&held(), ExitCode::Waiting, "guard, do a, guard");
    assert_eq!(in_doubt(&plan(), &held().state)[0].verbs, [Verb::Again, Verb::Rollback]);
    is(&settle(&plan(), held(), Settlement::Again), ExitCode::Completed, "guard");
    is(&settle(&plan(), held(), Settlement::Rollback), ExitCode::RolledBack, "undo a");
}

/// Runs that wait for somebody, and what settles each.
fn in_doubt_runs() -> Vec<(Plan, Ran, &'static [Verb])> {
    use Verb::{Again, Done, GiveUp, Rollback, Skip};
    let paused = || simple("a").restore(vec![run("restore a").into()]);
    let all = |plan: Plan, settings, world: Script, verbs: &'static [Verb]| {
        let ran = go(&plan, settings, world);
        (plan, ran, verbs)
    };
    let lost = || Script::default().on("do a", &[LOST]);
    let fails = || Script::default().on("do a", &[NO]);
    let restore = || Script::default().on("restore a", &[NO]);
    let inner = || attempt(vec![simple("a").into(), simple("b").into()], None);
    vec![
        all(plan(vec![simple("a").into(), commit()]), nobody(), lost(), &[Again, Done, Skip, Rollback]),
        all(plan(vec![commit(), simple("a").into()]), nobody(), lost(), &[Again, Done, GiveUp]),
        all(plan(vec![commit(), simple("a").into()]), nobody(), fails(), &[Again, Done, GiveUp]),
        all(plan(vec![commit(), simple("a").into()]), hold(), fails(), &[Again, Done, GiveUp]),
        all(plan(vec![simple("a").into(), commit()]), hold(), fails(), &[Again, Done, Skip, Rollback]),
        all(two(), nobody(), failing(), &[Again, Done, Skip]),
        all(plan(vec![phase("p", vec![paused().into()])]), nobody(), restore(), &[Again, Done, Skip]),
        all(plan(vec![paused().into(), commit()]), nobody(), restore(), &[Again, Done, Skip]),
        all(plan(vec![commit(), inner()]), nobody(), failing(), &[Again, Done, Skip]),
        all(plan(vec![commit(), inner()]), hold(), failing(), &[Again, Done, Skip, Rollback]),
    ]
}

#[test]
fn settle_takes_what_the_report_offers_and_nothing_else() {
    let why = || "why".to_owned();
    let hows = || {
        let all = [
            Settlement::Again,
            Settlement::Done(why()),
            Settlement::Skip(why()),
            Settlement::Rollback,
            Settlement::GiveUp(why()),
        ];
        all.into_iter()
    };
    for (at, (plan, ran, verbs)) in in_doubt_runs().into_iter().enumerate() {
        let doubts = in_doubt(&plan, &ran.state);
        assert_eq!(doubts.iter().map(|doubt| doubt.verbs).collect::<Vec<_>>(), [verbs], "{at}");
        for how in hows() {
            let word = Word { place: None, how: how.clone(), by: somebody(), note: None };
            let taken = settlement(&plan, &ran.state, nobody(), word);
            assert_eq!(taken.is_ok(), verbs.contains(&Verb::of(&how)), "{at}: {how:?}: {taken:?}");
        }
    }
}

#[test]
fn a_gate_that_holds_is_not_settled() {
    let plan = plan(vec![crate::build::gate("go", None, vec![crate::build::confirm("sure?").into()])]);
    let ran = go(&plan, hold(), Script::default().on("sure?", &[Answer::Says(Value::Bool(false))]));
    assert_eq!((ran.code, in_doubt(&plan, &ran.state)), (ExitCode::Waiting, vec![]));
}

// ---- what is owed ----

#[test]
fn what_is_owed_is_told_in_the_order_of_the_undoing_with_its_commands() {
    let told = |plan: &Plan, ran: &Ran| {
        let owed = owed_undos(plan, &ran.state, bowline::event::RunState::ROOT);
        owed.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
    };
    let paused = |name: &str| simple(name).restore(vec![run(&format!("restore {name}")).into()]);
    let both = parallel(None, vec![simple("c").into(), simple("d").into()]);
    let made = plan(vec![paused("a").into(), phase("p", vec![simple("b").into(), both, simple("e").into()])]);
    let wanted = "rollback of \"d\": undo d | rollback of \"c\": undo c | rollback of \"b\": undo b \
                  | rollback of \"a\": undo a | restore of \"a\": restore a";
    // Before the unwinding, where `e` owes its own.
    let ran = run_plan(&made, Script::default().on("do e", &[LOST]));
    assert_eq!(
        (ran.code, told(&made, &ran)),
        (ExitCode::Stuck, format!("rollback of \"e\": undo e | {wanted}"))
    );
    // In the middle of it: `b` failed, the later ones are undone.
    let ran = run_plan(&made, Script::default().on("do e", &[NO]).on("undo b", &[NO]));
    let rest = wanted.split_once("| rollback of \"b\"").unwrap().1;
    assert_eq!((ran.code, told(&made, &ran)), (ExitCode::Stuck, format!("rollback of \"b\"{rest}")));
    let unwinds = |fact: &Fact| matches!(fact, Fact::Unwinding { what: Undoing::All, .. });
    assert!(ran.journal.events.iter().any(|event| unwinds(&event.fact)));
}
