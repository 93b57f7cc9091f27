//! The world and the journal in which the real engine runs a random plan, one process after another.
//!
//! Knows the engine's two doors and the model's script; nothing of the rules. What happens next (which
//! running effect ends, whether a time comes first) is chosen by the script's `order`.

use super::names::Names;
use super::world::{Key, Outcome, Part, Script};
use bowline::event::{EffectId, Event, Fact, Holder};
use bowline::plan::Plan;
use bowline::run::testing::somebody;
use bowline::run::{
    Captured, Failure, Host, Journal, JournalError, ProgramReply, Reply, Report, Request, StopHow, Work,
};
use bowline::value::Artifact;
use jiff::Timestamp;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// Both doors of a process; the world behind them outlives it.
#[derive(Clone)]
pub(crate) struct Door(pub(crate) Rc<RefCell<Stage>>);

/// How the process that drives the run is killed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Death {
    /// The intent is durable, nothing was started.
    BeforeTheDeed,
    /// While what was started runs.
    WhileItRuns,
    /// Something ended; that it did is not durable.
    BeforeTheRecord,
}

/// The world.
pub(crate) struct Stage {
    script: Script,
    names: Names,
    now: Timestamp,
    /// What is durable.
    pub(crate) events: Vec<Event>,
    /// How the started effects will end; those of the plan have a key.
    fates: HashMap<EffectId, (Key, Outcome)>,
    running: Vec<(EffectId, Reply)>,
    /// The files that undos take; they are there before anything else happens.
    files: Vec<(EffectId, Reply)>,
    starts: BTreeMap<Key, usize>,
    begun: usize,
    choices: usize,
    doom: Option<Death>,
    pub(crate) dead: bool,
    /// Each time that the engine asked what happened next.
    pub(crate) pauses: Vec<Pause>,
    /// What must not happen.
    pub(crate) wrong: Option<String>,
}

/// For what the engine waits.
#[derive(Clone, Copy)]
pub(crate) struct Pause {
    /// How many facts were durable.
    pub(crate) durable: usize,
    /// Whether it waits for a time too.
    pub(crate) timed: bool,
    /// Whether it waits for what the model does not know: a handler, a file.
    pub(crate) aside: bool,
}

impl Stage {
    pub(crate) fn new(script: &Script, plan: &Plan) -> Stage {
        Stage {
            script: script.clone(),
            names: Names::new(plan),
            now: Timestamp::UNIX_EPOCH,
            events: vec![],
            fates: HashMap::new(),
            running: vec![],
            files: vec![],
            starts: BTreeMap::new(),
            begun: 0,
            choices: 0,
            doom: None,
            dead: false,
            pauses: vec![],
            wrong: None,
        }
    }

    /// The process is gone; what it had started is.
    pub(crate) fn bury(&mut self) {
        self.running.clear();
        self.files.clear();
        (self.doom, self.dead) = (None, false);
    }

    fn note(&mut self, event: &Event) {
        self.names.read(&event.fact);
        let Fact::Began(begun) = &event.fact else { return };
        if begun.shown.contains("never") {
            self.wrong = Some("a handler of a called runbook runs".to_owned());
        }
        self.begun += usize::from(!begun.shown.starts_with("artifact"));
        if let Some(key) = self.names.key(begun) {
            let n = self.starts.entry(key.clone()).or_default();
            let outcome = self.script.answer(&key, *n);
            *n += 1;
            self.fates.insert(begun.effect, (key, outcome));
        }
    }

    /// Whether a crash is due; each kills in one of three ways.
    fn doom(&mut self) -> Option<Death> {
        let due = self.script.crashes.iter().position(|at| *at <= self.begun);
        if let (None, Some(due)) = (self.doom, due) {
            let at = self.script.crashes.remove(due);
            let deaths = [Death::WhileItRuns, Death::BeforeTheRecord, Death::BeforeTheDeed];
            self.doom = deaths.get(at % 3).copied();
        }
        self.doom
    }

    fn append(&mut self, events: &[Event]) -> Result<(), JournalError> {
        if self.doom == Some(Death::BeforeTheRecord) {
            return self.die();
        }
        events.iter().for_each(|event| self.note(event));
        self.events.extend_from_slice(events);
        if self.doom() == Some(Death::BeforeTheDeed) { self.die() } else { Ok(()) }
    }

    fn die(&mut self) -> Result<(), JournalError> {
        self.dead = true;
        Err(JournalError("killed".to_owned()))
    }

    fn choice(&mut self) -> usize {
        let order = &self.script.order;
        let chosen = order.get(self.choices % order.len().max(1)).copied().unwrap_or(0);
        self.choices += 1;
        chosen
    }

    fn start(&mut self, work: &Work) {
        let reply = match &work.request {
            Request::Program(_) => self.end_of(work.effect),
            Request::Artifact(path) => {
                let file = Artifact { path: path.as_str().into(), sha256: "00".into(), bytes: 1, on: None };
                return self.files.push((work.effect, Reply::Artifact(file)));
            }
            Request::Verify(_) => match self.fates.get(&work.effect) {
                Some((Key { part: Part::Arm, .. }, outcome)) if *outcome != Outcome::Done => {
                    fails(Failure::Missing)
                }
                _ => Reply::Done { message: String::new() },
            },
            _ => Reply::Done { message: String::new() },
        };
        self.running.push((work.effect, reply));
    }

    fn end_of(&self, effect: EffectId) -> Reply {
        let Some((key, outcome)) = self.fates.get(&effect) else { return exits(1) };
        match outcome {
            Outcome::Done => exits(0),
            Outcome::Failed => exits(1),
            Outcome::FailedClean => fails(Failure::NotStarted),
            Outcome::Unknown | Outcome::Cut if matches!(key.part, Part::Look | Part::Check) => {
                fails(Failure::TimedOut)
            }
            Outcome::Unknown | Outcome::Cut => fails(Failure::Lost),
        }
    }

    /// What happens next; `None` if the process is killed first.
    fn next(&mut self, until: Option<Timestamp>) -> Option<Option<Report>> {
        if let Some((effect, reply)) = self.files.pop() {
            return Some(Some(Report::Reply { effect, reply }));
        }
        let aside = self.running.iter().any(|(effect, _)| !self.fates.contains_key(effect));
        self.pauses.push(Pause { durable: self.events.len(), timed: until.is_some(), aside });
        if self.pauses.len() > 20_000 {
            self.wrong = Some("it does not come to an end".to_owned());
        }
        if self.doom == Some(Death::WhileItRuns) || self.wrong.is_some() {
            self.dead = true;
            return None;
        }
        if self.script.cancel.take_if(|at| *at <= self.begun).is_some() {
            return Some(Some(Report::Cancel(somebody())));
        }
        let chosen = self.choice();
        match (self.running.len(), until) {
            (0, None) => {
                self.wrong = Some("it waits, and nothing will ever happen".to_owned());
                None
            }
            (running, Some(until)) if running == 0 || chosen % 2 == 1 => {
                self.now = self.now.max(until);
                Some(None)
            }
            (running, _) => {
                let (effect, reply) = self.running.remove(chosen % running);
                Some(Some(Report::Reply { effect, reply }))
            }
        }
    }
}

fn exits(exit: i32) -> Reply {
    let (stdout, stderr) = (Captured::Text("value".to_owned()), Captured::Text(String::new()));
    Reply::Program(ProgramReply { exit, stdout, stderr, tail: String::new(), output: None })
}

fn fails(failure: Failure) -> Reply {
    Reply::Failed { failure, message: format!("{failure:?}"), tail: String::new(), output: None }
}

impl Journal for Door {
    fn append(&mut self, events: &[Event]) -> Result<(), JournalError> {
        self.0.borrow_mut().append(events)
    }

    fn note(&mut self, _: &Event) -> Result<(), JournalError> {
        Ok(())
    }

    fn lock(&mut self, _: &str) -> Result<Result<(), Holder>, JournalError> {
        Ok(Ok(()))
    }
}

impl Host for Door {
    fn now(&self) -> Timestamp {
        self.0.borrow().now
    }

    fn start(&mut self, work: Work) {
        self.0.borrow_mut().start(&work);
    }

    fn stop(&mut self, effect: EffectId, how: StopHow) {
        self.0.borrow_mut().wrong = Some(format!("effect {} is stopped, {how:?}", effect.0));
    }

    async fn next(&mut self, until: Option<Timestamp>) -> Option<Report> {
        let next = self.0.borrow_mut().next(until);
        match next {
            Some(report) => report,
            None => std::future::pending().await,
        }
    }

    fn locate(&self, paths: &[String]) -> String {
        paths.concat()
    }

    fn mask(&self, text: &str) -> String {
        text.to_owned()
    }

    fn tainted(&self, _: &str) -> bool {
        false
    }

    fn learn(&self, _: &str) {}
}
