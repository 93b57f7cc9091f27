//! A lock that another run holds: what waits for it, and what must not happen without it.

use bowline::event::{Fact, RunState};
use bowline::plan::{HandlerWhen, Plan};
use bowline::run::testing::{Memory, Script, somebody};
use bowline::run::{ExitCode, World, drive};

use crate::build::{Around, Part, artifact, http, lock, look, notify, plan_with, simple};
use crate::world::{Ran, nobody, started};

/// Drives a plan on while another run holds `held`.
fn go(plan: &Plan, before: Option<Ran>, first: Vec<Fact>, held: &[&str]) -> Ran {
    let events = before.map(|before| before.journal.events).unwrap_or_default();
    let state = RunState::fold(plan, &events).unwrap();
    let held = held.iter().map(|lock| ((*lock).to_owned(), "b2c4d".to_owned())).collect();
    let (mut host, mut journal) = (Script::default(), Memory { events, held, ..Memory::default() });
    let world = World { host: &mut host, journal: &mut journal, view: &mut () };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (code, state) = runtime.block_on(drive(plan, state, first, world)).unwrap();
    assert_eq!(RunState::fold(plan, &journal.events).unwrap(), state);
    Ran { code, state, journal, host }
}

fn waits(plan: &Plan) -> Ran {
    let ran = go(plan, None, vec![started(nobody())], &["db"]);
    assert_eq!(ran.code, ExitCode::Waiting);
    ran
}

fn cancelled() -> Vec<Fact> {
    vec![Fact::Resumed { settings: nobody() }, Fact::CancelRequested { by: somebody() }]
}

/// A runbook that wants a lock behind a step, with a handler of each kind.
fn handled(body: fn(&str) -> Part) -> Plan {
    use HandlerWhen::{AfterFailure, AfterRollback, AfterRun, BeforeRollback};
    let one = |(when, name): (HandlerWhen, &str)| (when, vec![body(name)]);
    let whens = [
        (BeforeRollback, "before rollback"),
        (AfterRollback, "after rollback"),
        (AfterFailure, "after failure"),
        (AfterRun, "after run"),
    ];
    let around = Around { handlers: whens.map(one).into(), ..Around::default() };
    plan_with(around, vec![simple("a").into(), lock("db"), simple("b").into()])
}

fn skipped(ran: &Ran) -> usize {
    let skips = |event: &&bowline::event::Event| matches!(&event.fact, Fact::Skipped { why, by: None, .. } if why == "the run never had `db`");
    ran.journal.events.iter().filter(skips).count()
}

#[test]
fn a_lock_that_another_run_holds_is_waited_for_and_named() {
    let plan = handled(|name| look(name).into());
    let ran = waits(&plan);
    assert_eq!(ran.did(), "do a");
    let (_, why) = ran.state.suspended.clone().unwrap();
    assert_eq!(why, "run b2c4d holds `db`");
    let wanted: Vec<_> = ran.state.wanted.values().flatten().map(|by| by.lock.as_str()).collect();
    assert_eq!(wanted, ["db"]);
    let again = go(&plan, Some(ran), vec![Fact::Resumed { settings: nobody() }], &[]);
    assert_eq!((again.code, again.did().as_str()), (ExitCode::Completed, "do b, after run"));
    assert!(again.state.wanted.is_empty());
}

#[test]
fn a_run_that_never_had_its_lock_starts_nothing_after_a_cancel_but_its_undo() {
    for body in [|name: &str| look(name).into(), http, |name: &str| artifact(name, "file")] {
        let plan = handled(body);
        let ran = go(&plan, Some(waits(&plan)), cancelled(), &["db"]);
        assert_eq!((ran.code, ran.did().as_str()), (ExitCode::RolledBack, "undo a"));
        assert_eq!(skipped(&ran), 4, "each handler is passed over, and recorded");
    }
}

#[test]
fn handlers_that_start_nothing_run_without_the_lock() {
    let plan = handled(notify);
    let ran = go(&plan, Some(waits(&plan)), cancelled(), &["db"]);
    let did = "notify before rollback, undo a, notify after rollback, notify after failure, notify after run";
    assert_eq!((ran.code, ran.did().as_str(), skipped(&ran)), (ExitCode::RolledBack, did, 0));
}

#[test]
fn a_lock_that_was_free_is_the_runs_own_to_its_end() {
    let plan = handled(|name| look(name).into());
    let ran = go(&plan, None, vec![started(nobody())], &[]);
    assert_eq!((ran.code, ran.did().as_str()), (ExitCode::Completed, "do a, do b, after run"));
}
