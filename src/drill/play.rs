//! One run of a plan in memory, to its end, and how it ended.
//!
//! The engine is the one of every run ([`crate::run::drive`]); only host and journal are others. A crash drops
//! everything but the journal, and the run is taken up from that.

use std::collections::HashMap;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::cast::Cast;
use super::course::Course;
use super::replies::somebody;
use super::scripted::{Named, Piece, Scripted, Strike};
use super::unknown::{Matter, Unknown};
use super::ways::{Tried, WaysOut, standing};
use crate::event::{
    Attended, EffectId, Event, Fact, FrameId, OnFailure, Outcome, RunState, Settings, Settlement, StoredInput,
};
use crate::plan::{Eval, NodeId, Op, Plan};
use crate::run::{DriveError, ExitCode, InDoubt, Tape, Verb, Word, World, drive, in_doubt, settlement};
use crate::value::{Value, VarId, eval};

/// So often a person settles what is stuck, before it counts as having no way out.
const SETTLED: usize = 8;

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With that exit code: completed, rolled back, waiting.
    Plain(ExitCode),
    /// Not everything could be or was undone.
    Kept(Kept),
    /// A person must act.
    Stuck {
        /// What is in doubt, and why.
        what: String,
        /// How it can be settled, and how the run ends then.
        ways: Vec<(Verb, ExitCode)>,
        /// Whether its undo is wrong itself: done again with nothing wrong any more, it expects of known values what is not so.
        wrong: bool,
    },
    /// It never ends.
    Endless,
    /// The engine contradicts itself.
    Bug(String),
}

/// Why something stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The point of no return was passed.
    Committed,
    /// Steps that cannot be undone had started.
    Irreversible(Vec<String>),
    /// A `rollback best effort` failed.
    BestEffort(Vec<String>),
    /// Something else.
    Other(String),
}

impl End {
    /// Whether a run may end so.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        match self {
            Self::Plain(code) => matches!(code, ExitCode::Completed | ExitCode::RolledBack),
            Self::Kept(why) => !matches!(why, Kept::Other(_)),
            Self::Stuck { ways, wrong, .. } => !ways.is_empty() && !wrong,
            Self::Endless | Self::Bug(_) => false,
        }
    }

    /// Why, as it goes on after the end's name.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Kept(Kept::Irreversible(steps) | Kept::BestEffort(steps)) => {
                format!(": {}", steps.join(", "))
            }
            Self::Kept(Kept::Other(why)) | Self::Bug(why) | Self::Stuck { what: why, .. } => {
                format!(": {why}")
            }
            Self::Plain(_) | Self::Kept(Kept::Committed) | Self::Endless => String::new(),
        }
    }

    /// How bad it is: of several ends the one with the highest number is told.
    #[must_use]
    pub fn rank(&self) -> u8 {
        match self {
            Self::Plain(ExitCode::Completed) => 0,
            Self::Plain(ExitCode::RolledBack) => 1,
            Self::Plain(ExitCode::FailedKept) | Self::Kept(_) => 2,
            Self::Plain(ExitCode::Stuck) | Self::Stuck { .. } => 3,
            Self::Plain(ExitCode::Waiting) => 4,
            Self::Endless => 5,
            Self::Plain(_) | Self::Bug(_) => 6,
        }
    }

    /// In a word or two.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Plain(code) => code.status(),
            Self::Kept(_) => ExitCode::FailedKept.status(),
            Self::Stuck { .. } => ExitCode::Stuck.status(),
            Self::Endless => "endless",
            Self::Bug(_) => "bug",
        }
    }
}

/// A run that was played.
pub(super) struct Played {
    pub(super) end: End,
    /// Every piece of work that was asked for, in order.
    pub(super) asked: Vec<Piece>,
    /// What was struck because it was named.
    pub(super) struck: Vec<Piece>,
    /// Everything that happened.
    pub(super) events: Vec<Event>,
    /// Whether a person had to stop what hung.
    pub(super) killed: bool,
}

/// What is played: a plan made ready, with the values of its inputs.
pub(super) struct Staged<'a> {
    pub(super) plan: &'a Plan,
    /// The same once what went wrong is mended.
    pub(super) mended: &'a Plan,
    pub(super) cast: &'a Cast,
    pub(super) inputs: &'a [StoredInput],
}

impl Staged<'_> {
    /// Plays it with that gone wrong. What leads out of where is asked once.
    pub(super) fn play(&self, strikes: Vec<Strike>, ways: &mut WaysOut) -> Played {
        self.play_on(Scripted::new(self.cast, strikes), ways)
    }

    /// Plays it with that gone wrong at what is named so.
    pub(super) fn play_named(&self, named: Vec<Named>) -> Played {
        self.play_on(Scripted::new(self.cast, vec![]).naming(named), &mut WaysOut::new())
    }

    fn play_on(&self, host: Scripted<'_>, ways: &mut WaysOut) -> Played {
        let mut player = Player { stage: self, plan: self.plan, host, tape: Tape::default(), ways };
        let end = match player.go(RunState::default(), vec![self.started()]) {
            Ok((code, state)) => player.end(code, &state),
            Err(end) => end,
        };
        let Player { host, tape, .. } = player;
        Played { end, asked: host.asked, struck: host.struck, events: tape.0, killed: host.killed }
    }

    fn started(&self) -> Fact {
        Fact::Started {
            digest: self.plan.digest.clone(),
            dir: "/".into(),
            path: String::new(),
            salt: String::new(),
            sources: vec![],
            inputs: self.inputs.to_vec(),
            settings: settings(),
        }
    }
}

/// Nobody is there but somebody who rejects what holds; what fails is rolled back.
fn settings() -> Settings {
    Settings {
        operator: somebody(),
        attended: Attended::File,
        on_failure: OnFailure::Rollback,
        stay: true,
        bowline: String::new(),
        step: false,
    }
}

struct Player<'s, 'a> {
    stage: &'s Staged<'a>,
    plan: &'a Plan,
    host: Scripted<'s>,
    tape: Tape,
    ways: &'s mut WaysOut,
}

impl Player<'_, '_> {
    /// Drives on until the run ends or is left, crashes between.
    fn go(&mut self, mut state: RunState, mut first: Vec<Fact>) -> Result<(ExitCode, RunState), End> {
        loop {
            let world = World { host: &mut self.host, journal: &mut self.tape, view: &mut () };
            match at_once(drive(self.plan, state, first, world)) {
                Some(Ok(ended)) => return Ok(ended),
                Some(Err(error)) => return Err(bug(&error)),
                None if self.host.is_endless() => return Err(End::Endless),
                None => {}
            }
            self.host.restart();
            state = RunState::fold(self.plan, &self.tape.0).map_err(|error| End::Bug(error.to_string()))?;
            first = vec![Fact::Resumed { settings: settings() }];
        }
    }

    fn end(&mut self, code: ExitCode, state: &RunState) -> End {
        match code {
            ExitCode::FailedKept => End::Kept(self.kept(state)),
            ExitCode::Stuck => self.stuck(state),
            ExitCode::Waiting => self.resumed(state),
            code => End::Plain(code),
        }
    }

    /// What was left is taken up again once the cause is mended.
    fn resumed(&mut self, state: &RunState) -> End {
        self.host.mend();
        self.plan = self.stage.mended;
        match self.go(state.clone(), vec![Fact::Resumed { settings: settings() }]) {
            Ok((ExitCode::Waiting, _)) => End::Plain(ExitCode::Waiting),
            Ok((code, state)) => self.end(code, &state),
            Err(end) => end,
        }
    }

    fn kept(&self, state: &RunState) -> Kept {
        let titles = |irreversible: bool| {
            let stays = state.kept.iter().filter(|debt| debt.irreversible == irreversible);
            let mut titles: Vec<String> = stays.map(|debt| title(self.stage.plan, debt.node)).collect();
            titles.dedup();
            titles
        };
        let (forever, undone) = (titles(true), titles(false));
        match () {
            () if !undone.is_empty() => Kept::BestEffort(undone),
            () if state.committed => Kept::Committed,
            () if !forever.is_empty() => Kept::Irreversible(forever),
            () => Kept::Other(state.finished.as_ref().and_then(|(_, why)| why.clone()).unwrap_or_default()),
        }
    }

    /// What a person can say, and where each of it leads once the cause is mended.
    fn stuck(&mut self, state: &RunState) -> End {
        let doubts = in_doubt(self.stage.plan, state);
        let Some(first) = doubts.first() else {
            return End::Stuck { what: "nothing is named".into(), ways: vec![], wrong: false };
        };
        let standing = standing(state, &doubts);
        let tried = self.ways.get(&standing).cloned().unwrap_or_else(|| self.tried(state, first.verbs));
        self.ways.insert(standing, tried.clone());
        let again =
            if tried.wrong { "; done again it fails again, though nothing is wrong any more" } else { "" };
        End::Stuck {
            what: format!("{}: {}{again}", first.place, first.why),
            ways: tried.lead,
            wrong: tried.wrong,
        }
    }

    /// Each way on its own.
    fn tried(&self, state: &RunState, verbs: &[Verb]) -> Tried {
        let mut tried = Tried::default();
        for verb in verbs {
            match self.settled(state, *verb) {
                Ok(code) => tried.lead.push((*verb, code)),
                Err(wrong) => tried.wrong |= wrong && *verb == Verb::Again,
            }
        }
        tried
    }

    /// How the run ends where a person settles it so, and what else is in doubt after it likewise. Where that leads nowhere,
    /// whether it is for an undo that is wrong itself.
    fn settled(&self, state: &RunState, verb: Verb) -> Result<ExitCode, bool> {
        let mut host = Scripted::new(self.stage.cast, vec![]);
        host.now = self.host.now;
        let mut none = WaysOut::new();
        let tape = Tape(self.tape.0.clone());
        let mut player = Player { stage: self.stage, plan: self.stage.mended, host, tape, ways: &mut none };
        let mut state = state.clone();
        for _ in 0..SETTLED {
            let doubts = in_doubt(player.plan, &state);
            let word = doubts.first().and_then(|doubt| word(doubt, verb)).ok_or(false)?;
            let first = settlement(player.plan, &state, settings(), word).map_err(|_| false)?;
            let (code, after) = player.go(state, first).map_err(|_| false)?;
            if code != ExitCode::Stuck {
                return if code == ExitCode::Waiting { Err(false) } else { Ok(code) };
            }
            state = after;
        }
        Err(is_wrong(player.plan, &state, &player.tape.0))
    }
}

/// Whether a run whose every cause is mended is stuck at an undo for an expectation that takes only what is known, on a line
/// of its own or of an effect: no answer makes it hold. Where a value was never answered, it is the failure before that keeps
/// the undo from being done.
fn is_wrong(plan: &Plan, state: &RunState, events: &[Event]) -> bool {
    let undo = in_doubt(plan, state).first().is_some_and(|doubt| doubt.undo);
    let Some((frame, node)) = last_failure(events) else { return false };
    let expects = match plan.op(node) {
        Some(Op::Eval(Eval::Expect(expect))) => std::slice::from_ref(&**expect),
        Some(Op::Do(effect)) => effect.expects.as_slice(),
        _ => &[],
    };
    let seen = state.seen_from(frame);
    undo && expects.iter().any(|expect| eval(&expect.condition, &seen) == Ok(Value::Bool(false)))
}

/// Where it last failed: the frame, and the node in it.
fn last_failure(events: &[Event]) -> Option<(FrameId, NodeId)> {
    let begun = |effect: EffectId| {
        events.iter().rev().find_map(|event| match &event.fact {
            Fact::Began(begun) if begun.effect == effect => Some((begun.frame, begun.node)),
            _ => None,
        })
    };
    events.iter().rev().find_map(|event| match &event.fact {
        Fact::Failed { frame, node, .. } => Some((*frame, *node)),
        Fact::Ended { effect, outcome, .. } if *outcome != Outcome::Done => begun(*effect),
        _ => None,
    })
}

/// A settlement by that verb, or by the first that is open where that one is not.
fn word(doubt: &InDoubt, verb: Verb) -> Option<Word> {
    let verb = if doubt.verbs.contains(&verb) { verb } else { *doubt.verbs.first()? };
    let why = || "in a drill".to_owned();
    let how = match verb {
        Verb::Again => Settlement::Again,
        Verb::Done => Settlement::Done(why()),
        Verb::Skip => Settlement::Skip(why()),
        Verb::Rollback => Settlement::Rollback,
        Verb::GiveUp => Settlement::GiveUp(why()),
    };
    Some(Word { place: Some(doubt.place.clone()), how, by: somebody(), note: None })
}

fn bug(error: &DriveError) -> End {
    End::Bug(error.to_string())
}

fn title(plan: &Plan, node: NodeId) -> String {
    let title = plan.node(node).and_then(|node| node.title.as_ref());
    let values = HashMap::<VarId, Value>::new();
    let title = title.and_then(|title| crate::value::eval(title, &values).ok());
    title.map_or_else(|| "a step".to_owned(), |title| crate::value::show(&title))
}

/// What comes of a future that waits for nothing; `None` where it does: the process that would go on is dead.
fn at_once<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

/// The inputs as a course has them.
pub(super) fn inputs(unknown: &Unknown<'_>, course: &Course) -> Vec<StoredInput> {
    let value = |var: VarId| {
        let choice = unknown.choice(&Matter::Variable(var));
        let chosen = choice.and_then(|choice| course.value(unknown, choice));
        chosen.or_else(|| unknown.values.get(&var)).cloned()
    };
    let stored = unknown.plan.inputs.iter().filter_map(|input| {
        Some(StoredInput { var: input.var, value: value(input.var)?, fingerprint: None })
    });
    stored.collect()
}
