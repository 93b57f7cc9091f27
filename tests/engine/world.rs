//! Runs plans in the scripted world.

use bowline::event::{Actor, Attended, Event, Fact, OnFailure, RunState, Settings, Settlement};
use bowline::plan::Plan;
use bowline::run::testing::{Memory, Script, somebody};
use bowline::run::{ExitCode, Word, World, drive, end_of, settlement};

/// What became of a run.
pub(crate) struct Ran {
    pub(crate) code: ExitCode,
    pub(crate) state: RunState,
    pub(crate) journal: Memory,
    pub(crate) host: Script,
}

pub(crate) fn settings(attended: Attended, on_failure: OnFailure) -> Settings {
    let operator = Actor { name: "ada".into(), from_file: false };
    Settings { operator, attended, on_failure, stay: false, bowline: "0.1.0".into(), step: false }
}

pub(crate) fn nobody() -> Settings {
    settings(Attended::Nobody, OnFailure::Rollback)
}

pub(crate) fn person() -> Settings {
    settings(Attended::Terminal, OnFailure::Rollback)
}

pub(crate) fn started(settings: Settings) -> Fact {
    Fact::Started {
        digest: "digest".into(),
        dir: "/".into(),
        path: String::new(),
        salt: "salt".into(),
        sources: vec![],
        inputs: vec![],
        settings,
    }
}

/// Drives a plan from nothing.
pub(crate) fn go(plan: &Plan, settings: Settings, host: Script) -> Ran {
    go_on(plan, vec![], vec![started(settings)], host)
}

pub(crate) fn run_plan(plan: &Plan, host: Script) -> Ran {
    go(plan, nobody(), host)
}

/// Takes a journal up again.
pub(crate) fn resume(plan: &Plan, before: Ran, settings: Settings, mut host: Script) -> Ran {
    host.now = before.host.now;
    go_on(plan, before.journal.events, vec![Fact::Resumed { settings }], host)
}

/// Drives on from a journal; checks that the fold of what was written is the state that was driven.
pub(crate) fn go_on(plan: &Plan, events: Vec<Event>, first: Vec<Fact>, mut host: Script) -> Ran {
    let state = RunState::fold(plan, &events).unwrap();
    let mut journal = Memory { events, ..Memory::default() };
    let world = World { host: &mut host, journal: &mut journal, view: &mut () };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (code, state) = runtime.block_on(drive(plan, state, first, world)).unwrap();
    let folded = RunState::fold(plan, &journal.events).unwrap();
    assert_eq!(folded, state, "the fold of the journal is the live state");
    if let Some((Event { fact: Fact::Finished { ending, name }, .. }, before)) = journal.events.split_last() {
        let derived = end_of(plan, &RunState::fold(plan, before).unwrap());
        assert_eq!(derived, Some((*ending, name.clone())), "the end follows from the journal");
    }
    assert!(!host.starved, "the run waits for nothing: {:#?}", journal.events.last());
    Ran { code, state, journal, host }
}

impl Ran {
    /// Labels of what was started, joined.
    pub(crate) fn did(&self) -> String {
        self.host.started.join(", ")
    }
}

/// Settles the one thing that is stuck, and goes on.
pub(crate) fn settle(plan: &Plan, ran: Ran, how: Settlement) -> Ran {
    let word = Word { place: None, how, by: somebody(), note: None };
    let first = settlement(plan, &ran.state, nobody(), word).unwrap();
    let mut host = Script::default();
    host.now = ran.host.now;
    go_on(plan, ran.journal.events, first, host)
}
