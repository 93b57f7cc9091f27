//! The real engine on a random plan, held against the model.
//!
//! The plan is rendered as text and compiled, the engine runs it on a [`Stage`], its facts are translated
//! to the model's events, and the model says whether every start was allowed and how the run had to end.
//! Compared are: each start; that nothing is left waiting that may start; the end and its exit code; what
//! is owed; what stays for good; which handlers ran around the unwinding.

use super::names::Names;
use super::render::Texts;
use super::replay::{Waited, replay_with};
use super::stage::{Door, Stage};
use super::world::{End, Event, Key, OnFailure, Outcome, Part, Script, Tree, Verdict};
use bowline::event::{Attended, Claim, EffectId, Fact, Fault, Outcome as Ended, RunState, Settings};
use bowline::plan::Plan;
use bowline::run::testing::somebody;
use bowline::run::{ExitCode, World, drive, end_of};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// What the engine made of a case.
pub(crate) struct Ran {
    pub(crate) events: Vec<Event>,
    pub(crate) verdict: Verdict,
    pub(crate) committed: bool,
    pub(crate) concluded: bool,
    /// Whether a `fail` was reached.
    pub(crate) decided: bool,
}

/// A plan, compiled from its text.
pub(crate) struct Compiled {
    run: Vec<Tree>,
    texts: Texts,
    plan: Plan,
}

impl Compiled {
    /// # Errors
    /// What the compiler says against it.
    pub(crate) fn new(run: &[Tree]) -> Result<Compiled, String> {
        let texts = Texts::of(run);
        let plan = texts.compile().map_err(|why| format!("{why}\n{texts}"))?;
        Ok(Compiled { run: run.to_vec(), texts, plan })
    }

    /// Runs the plan in a world and holds the engine against the model.
    ///
    /// # Errors
    /// Where they differ, with the runbook and what was recorded.
    pub(crate) fn held_against_the_model(&self, script: &Script) -> Result<Ran, String> {
        let stage = Rc::new(RefCell::new(Stage::new(script, &self.plan)));
        let ended = drive_to_the_end(&self.plan, script, &stage);
        let stage = stage.borrow();
        let compared = ended.and_then(|(code, state)| self.compare(script, &stage, (code, &state)));
        compared.map_err(|why| format!("{why}\n{}{}{script:?}", self.texts, told(&stage)))
    }

    fn compare(&self, script: &Script, stage: &Stage, ended: (ExitCode, &RunState)) -> Result<Ran, String> {
        let (code, state) = ended;
        let story = Story::of(&self.plan, &stage.events);
        let pauses = stage.pauses.iter().filter(|pause| !pause.aside);
        let waited = pauses.map(|pause| Waited { after: story.until(pause.durable), timed: pause.timed });
        let expected = replay_with(&self.run, script, &story.events, &waited.collect::<Vec<_>>())?;
        let verdict = verdict(&self.plan, &story, code, state)?;
        if u8::from(code) != expected.end.exit() || verdict != expected {
            return Err(format!("engine: {verdict:?}\nmodel:  {expected:?}"));
        }
        let (committed, concluded) = (state.committed, state.concluded.is_some());
        let decided =
            |event: &bowline::event::Event| matches!(event.fact, Fact::Failed { fault: Fault::Decided, .. });
        let decided = stage.events.iter().any(decided);
        Ok(Ran { events: story.events, verdict, committed, concluded, decided })
    }
}

/// Drives the run through all its processes.
fn drive_to_the_end(
    plan: &Plan,
    script: &Script,
    stage: &Rc<RefCell<Stage>>,
) -> Result<(ExitCode, RunState), String> {
    let on_failure = match script.on_failure {
        OnFailure::Rollback => bowline::event::OnFailure::Rollback,
        OnFailure::Hold => bowline::event::OnFailure::Hold,
    };
    let (operator, attended) = (somebody(), Attended::Nobody);
    let settings =
        Settings { operator, attended, on_failure, stay: false, bowline: String::new(), step: false };
    loop {
        let events = stage.borrow().events.clone();
        let state = RunState::fold(plan, &events).map_err(|error| error.to_string())?;
        let first = if events.is_empty() { started(&settings) } else { resumed(&settings) };
        let ended = process(plan, state, first, stage);
        if let Some(wrong) = stage.borrow_mut().wrong.take() {
            return Err(wrong);
        }
        if stage.borrow().dead {
            stage.borrow_mut().bury();
        } else {
            let (code, state) = ended.ok_or("it was killed by nobody")??;
            return same_when_folded(plan, &stage.borrow().events, &state).map(|()| (code, state));
        }
    }
}

fn started(settings: &Settings) -> Fact {
    let settings = settings.clone();
    Fact::Started {
        digest: String::new(),
        dir: "/".into(),
        path: String::new(),
        salt: String::new(),
        sources: vec![],
        inputs: vec![],
        settings,
    }
}

fn resumed(settings: &Settings) -> Fact {
    Fact::Resumed { settings: settings.clone() }
}

/// One process; `None` if it was killed while it waited.
fn process(
    plan: &Plan,
    state: RunState,
    first: Fact,
    stage: &Rc<RefCell<Stage>>,
) -> Option<Result<(ExitCode, RunState), String>> {
    let (mut host, mut journal) = (Door(Rc::clone(stage)), Door(Rc::clone(stage)));
    let world = World { host: &mut host, journal: &mut journal, view: &mut () };
    let mut driving = pin!(drive(plan, state, vec![first], world));
    match driving.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(ended) => Some(ended.map_err(|error| error.to_string())),
        Poll::Pending => None,
    }
}

fn same_when_folded(plan: &Plan, events: &[bowline::event::Event], state: &RunState) -> Result<(), String> {
    let folded = RunState::fold(plan, events).map_err(|error| error.to_string())?;
    if folded != *state {
        return Err("the fold of the journal is not the live state".to_owned());
    }
    let Some((last, before)) = events.split_last() else { return Ok(()) };
    let Fact::Finished { ending, name } = &last.fact else { return Ok(()) };
    let before = RunState::fold(plan, before).map_err(|error| error.to_string())?;
    let derived = end_of(plan, &before);
    let follows = derived == Some((*ending, name.clone()));
    if follows { Ok(()) } else { Err(format!("the end does not follow from the journal: {derived:?}")) }
}

fn verdict(plan: &Plan, story: &Story, code: ExitCode, state: &RunState) -> Result<Verdict, String> {
    let end = match code {
        ExitCode::Completed => End::Completed,
        ExitCode::RolledBack => End::RolledBack,
        ExitCode::Stuck => End::Stuck,
        ExitCode::Waiting => End::Waiting,
        ExitCode::FailedKept => End::FailedKept,
        other => return Err(format!("exit code {other:?}")),
    };
    let mut owed = BTreeSet::new();
    for Claim { debt, .. } in state.owed(plan) {
        let step = story.names.instance(debt.step);
        if debt.rollback {
            owed.insert(Key { step: step.clone(), part: Part::Rollback(0) });
        }
        if debt.restore {
            owed.insert(Key { step, part: Part::Restore(0) });
        }
    }
    let kept = state.kept.iter().map(|debt| story.names.instance(debt.step)).collect();
    Ok(Verdict { end, owed, kept, handlers: story.handlers })
}

/// A journal in the model's words.
struct Story {
    events: Vec<Event>,
    /// How many of `events` there were after each fact.
    lengths: Vec<usize>,
    names: Names,
    /// Whether `before rollback` ran, and `after rollback`.
    handlers: (bool, bool),
}

impl Story {
    fn of(plan: &Plan, facts: &[bowline::event::Event]) -> Story {
        let names = Names::new(plan);
        let mut story = Story { events: vec![], lengths: vec![], names, handlers: (false, false) };
        let mut keys = HashMap::<EffectId, Key>::new();
        for fact in facts {
            story.names.read(&fact.fact);
            match &fact.fact {
                Fact::Began(begun) => {
                    story.handlers.0 |= begun.shown == "handler before";
                    story.handlers.1 |= begun.shown == "handler rollback";
                    if let Some(key) = story.names.key(begun) {
                        keys.insert(begun.effect, key.clone());
                        story.events.push(Event::Started(key));
                    }
                }
                Fact::Ended { effect, outcome, .. } => {
                    let key = keys.get(effect).cloned();
                    story.events.extend(key.map(|key| Event::Ended(key, outcome_of(*outcome))));
                }
                Fact::CancelRequested { .. } => story.events.push(Event::Cancel),
                Fact::Resumed { .. } => story.events.push(Event::Crash),
                _ => {}
            }
            story.lengths.push(story.events.len());
        }
        story
    }

    /// How much had happened when so many facts were durable.
    fn until(&self, facts: usize) -> usize {
        facts.checked_sub(1).and_then(|last| self.lengths.get(last)).copied().unwrap_or(0)
    }
}

fn outcome_of(outcome: Ended) -> Outcome {
    match outcome {
        Ended::Done => Outcome::Done,
        Ended::FailedClean => Outcome::FailedClean,
        Ended::Failed => Outcome::Failed,
        Ended::Unknown | Ended::Alive | Ended::Inconclusive => Outcome::Unknown,
    }
}

/// The journal, for a person who looks for the difference.
fn told(stage: &Stage) -> String {
    let lines = stage.events.iter().map(|event| match &event.fact {
        Fact::Began(begun) => format!("{:3} {} begins", event.seq, begun.shown),
        Fact::Ended { effect, outcome, .. } => format!("{:3} effect {} {outcome:?}", event.seq, effect.0),
        Fact::Started { .. } => format!("{:3} started", event.seq),
        Fact::Resumed { .. } => format!("{:3} resumed", event.seq),
        fact => format!("{:3} {fact:?}", event.seq),
    });
    lines.map(|line| line + "\n").collect()
}
