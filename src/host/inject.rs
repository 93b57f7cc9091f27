//! A host that makes chosen effects go wrong on purpose, around a real one (`--inject`).
//!
//! Knows which nodes of the plan are meant and what is to become of their replies. The run that it serves takes
//! what it reports for what happened: it must not be able to tell.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

use crate::event::{EffectId, Injection};
use crate::plan::NodeId;
use crate::run::{Answered, Failure, HandedIn, Host, Reply, Report, Request, StopHow, Work};

/// A failure to be made, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Injected {
    /// What is made to fail, as the operator named it.
    pub place: String,
    /// The effects any of which it may strike: the first that is done.
    pub nodes: Vec<NodeId>,
    /// A part of the address, where only one instance of the nodes is meant.
    pub instance: Option<String>,
    /// What happens.
    pub kind: Injection,
}

impl Injected {
    fn strikes(&self, work: &Work) -> bool {
        let here = |part: &String| format!(" / {} / ", work.address).contains(&format!(" / {part} / "));
        is_the_effect(&work.request)
            && self.nodes.contains(&work.node)
            && self.instance.as_ref().is_none_or(here)
    }
}

/// Whether it is the effect itself, not the look at its files before or the question after.
fn is_the_effect(request: &Request) -> bool {
    match request {
        Request::Verify(_) => false,
        Request::Ask(question) => !matches!(
            question.kind,
            Answered::Failed { .. }
                | Answered::Undo { .. }
                | Answered::Unknown { .. }
                | Answered::Hold { .. }
                | Answered::Step { .. }
        ),
        _ => true,
    }
}

/// An effect that was struck and is being done.
struct Struck {
    injected: Injected,
    /// When its time is over.
    due: Option<Timestamp>,
    /// Its reply came and is kept back.
    silent: bool,
    /// The run was asked to stop since it began.
    asked: bool,
}

/// The host of a run with failures to be made in it.
pub struct Injecting<H> {
    inner: H,
    /// Not made yet, in the order given.
    left: Vec<Injected>,
    struck: HashMap<EffectId, Struck>,
    ready: VecDeque<Report>,
}

impl<H: Host> Injecting<H> {
    /// Makes these around what that host does.
    pub fn new(inner: H, injected: Vec<Injected>) -> Self {
        Self { inner, left: injected, struck: HashMap::new(), ready: VecDeque::new() }
    }

    /// The host within, and what was not made because it was never reached.
    pub fn into_parts(self) -> (H, Vec<Injected>) {
        (self.inner, self.left)
    }

    fn answer(&mut self, effect: EffectId, reply: Reply) {
        self.ready.push_back(Report::Reply { effect, reply });
    }

    /// What becomes of a reply; `None` where it is kept back.
    fn turned(&mut self, effect: EffectId, reply: Reply) -> Option<Reply> {
        let Some(struck) = self.struck.remove(&effect) else { return Some(reply) };
        // Nobody answered, or it was stopped: it was not done.
        if matches!(reply, Reply::Nobody | Reply::Failed { failure: Failure::Stopped, .. }) {
            self.left.insert(0, struck.injected);
            return Some(reply);
        }
        match struck.injected.kind {
            kind @ Injection::Failure => Some(instead(kind, Failure::Missing, reply)),
            kind @ Injection::Unknown => Some(instead(kind, Failure::Lost, reply)),
            Injection::Clean => Some(reply),
            Injection::Crash => die(),
            Injection::Hang if struck.asked => Some(without_words(Failure::Stopped, Injection::Hang)),
            Injection::Hang => {
                self.struck.insert(effect, Struck { silent: true, ..struck });
                None
            }
        }
    }

    /// Somebody asks the run to stop: what really runs may end, but what only seems to run never would.
    fn end_hanging(&mut self) {
        self.struck.values_mut().for_each(|struck| struck.asked = true);
        let mut hanging: Vec<EffectId> =
            self.struck.iter().filter(|(_, struck)| struck.silent).map(|(effect, _)| *effect).collect();
        hanging.sort_unstable();
        for effect in hanging {
            self.struck.remove(&effect);
            self.answer(effect, without_words(Failure::Stopped, Injection::Hang));
        }
    }

    /// An effect that hangs and whose time is over at that time.
    fn overdue(&self, now: Timestamp) -> Option<EffectId> {
        let mut hanging = self.struck.iter().filter(|(_, struck)| struck.silent);
        hanging.find(|(_, struck)| struck.due.is_some_and(|due| due <= now)).map(|(effect, _)| *effect)
    }

    fn hanging_until(&self) -> Option<Timestamp> {
        self.struck.values().filter(|struck| struck.silent).filter_map(|struck| struck.due).min()
    }

    fn note(&mut self, injected: &Injected) {
        let Injected { place, kind, .. } = injected;
        self.ready.push_back(Report::Note(format!("injected at \"{place}\": {}", kind.told())));
    }
}

impl<H: Host> Host for Injecting<H> {
    fn now(&self) -> Timestamp {
        self.inner.now()
    }

    fn start(&mut self, work: Work) {
        let Some(at) = self.left.iter().position(|injected| injected.strikes(&work)) else {
            return self.inner.start(work);
        };
        let injected = self.left.remove(at);
        self.note(&injected);
        if injected.kind == Injection::Clean {
            return self.answer(work.effect, without_words(Failure::NotStarted, injected.kind));
        }
        let due = work.timeout.and_then(|limit| self.now().checked_add(limit).ok());
        self.struck.insert(work.effect, Struck { injected, due, silent: false, asked: false });
        self.inner.start(work);
    }

    fn stop(&mut self, effect: EffectId, how: StopHow) {
        let silent = self.struck.get(&effect).is_some_and(|struck| struck.silent);
        if !silent {
            return self.inner.stop(effect, how);
        }
        self.struck.remove(&effect);
        self.answer(effect, without_words(Failure::Stopped, Injection::Hang));
    }

    async fn next(&mut self, until: Option<Timestamp>) -> Option<Report> {
        loop {
            if let Some(report) = self.ready.pop_front() {
                return Some(report);
            }
            let soonest = until.into_iter().chain(self.hanging_until()).min();
            match self.inner.next(soonest).await {
                Some(Report::Reply { effect, reply }) => {
                    if let Some(reply) = self.turned(effect, reply) {
                        return Some(Report::Reply { effect, reply });
                    }
                }
                Some(report) => {
                    if matches!(report, Report::Cancel(_) | Report::HangUp) {
                        self.end_hanging();
                    }
                    return Some(report);
                }
                None => {
                    let effect = self.overdue(self.now())?;
                    self.struck.remove(&effect);
                    self.answer(effect, without_words(Failure::TimedOut, Injection::Hang));
                }
            }
        }
    }

    fn locate(&self, paths: &[String]) -> String {
        self.inner.locate(paths)
    }

    fn takes_votes(&self) -> bool {
        self.inner.takes_votes()
    }

    fn handed_in(&mut self) -> Vec<HandedIn> {
        self.inner.handed_in()
    }

    fn mask(&self, text: &str) -> String {
        self.inner.mask(text)
    }

    fn tainted(&self, text: &str) -> bool {
        self.inner.tainted(text)
    }

    fn learn(&self, secret: &str) {
        self.inner.learn(secret);
    }
}

/// No answer, for that reason. [`Failure::Missing`] is the one that every kind of effect takes for *failed*.
fn without_words(failure: Failure, kind: Injection) -> Reply {
    Reply::Failed { failure, message: said(kind), tail: String::new(), output: None }
}

/// A reply replaced by that failure; what was printed stays, for hints and logs.
fn instead(kind: Injection, failure: Failure, reply: Reply) -> Reply {
    let message = said(kind);
    match reply {
        Reply::Program(program) => Reply::Failed {
            failure,
            message: format!("{message} (exit code {})", program.exit),
            tail: program.tail,
            output: program.output,
        },
        Reply::Http(answer) => Reply::Failed {
            failure,
            message: format!("{message} (status {})", answer.status),
            tail: String::new(),
            output: None,
        },
        Reply::Failed { message: own, tail, output, .. } => {
            Reply::Failed { failure, message: format!("{message} ({own})"), tail, output }
        }
        _ => without_words(failure, kind),
    }
}

fn said(kind: Injection) -> String {
    format!("injected {}: {}", kind.name(), kind.told())
}

/// Ends this process as `kill -9` would: nothing is recorded, nothing cleared away.
fn die() -> ! {
    // Whoever may send a signal may send it to himself; should it fail, an abort leaves as little behind.
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    std::process::abort()
}
