//! Frames: groups, loops, turns and looks that are active, and what stands open in them.

use std::sync::Arc;

use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};

use super::{Ballot, EffectId, Fault, FrameId, Key, Outcome, Owed, ReplyNote, Turn, Unwind, Vars, Verdict};
use crate::plan::{Class, NodeId};
use crate::value::{Value, VarId};

/// An active instance of a group, loop, turn or look. Freed when it is left.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Its number.
    pub id: FrameId,
    /// In which; `None` for the run.
    pub parent: Option<FrameId>,
    /// Of which node.
    pub node: NodeId,
    /// Which instance.
    pub key: Option<Key>,
    /// What its parent wants of it.
    pub purpose: Purpose,
    /// What a failure in it means.
    pub context: Context,
    /// When it began.
    pub began: Timestamp,
    /// The nearest step around it, or itself.
    pub step: Option<FrameId>,
    /// Position of the next child (or item, or turn) to open.
    pub next: usize,
    /// Children that are open, in the order opened.
    pub slots: Vec<Slot>,
    /// What is owed so far, oldest first; of parallel children see `branches`.
    pub owed: Vec<Owed>,
    /// What parallel children owe, by their position.
    pub branches: Vec<(usize, Vec<Owed>)>,
    /// Values, where it is a scope of its own.
    pub vars: Option<Vars>,
    /// Loop turns that are over and that an undo still sees, innermost first.
    pub turns: Vec<Arc<Turn>>,
    /// What its kind needs.
    pub kind: Kind,
    /// Why the scope has to be unwound (runs and attempts).
    pub failing: Option<String>,
    /// Its unwinding.
    pub unwind: Option<Unwind>,
    /// Whether its unwinding is finished.
    pub unwound: bool,
    /// What the last effect that failed in it printed last.
    pub tail: String,
}

/// What a parent wants of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The run itself.
    Run,
    /// A child, at that position.
    Child(usize),
    /// A turn of a loop or a look of a check, at that position.
    Turn(usize),
    /// The `otherwise` of an attempt.
    Otherwise,
    /// Whether a step is in place: before it, to settle an unknown outcome, or after its rollback.
    DoneWhen,
    /// A look of that guard, or a beat.
    Watch(usize),
    /// That handler of the run.
    Handler(usize),
    /// The rollback or restore of the step that ran in that frame.
    Undo(FrameId),
}

/// What a failure means where it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// A question, then the policy.
    Forward,
    /// A verdict, passed up.
    Look,
    /// Stuck, once retries are used up.
    Undo,
    /// Noted, nothing more.
    Handler,
}

/// An open child.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// The child; the frame's own node stands for the frame itself.
    pub node: NodeId,
    /// Its position among the children.
    pub index: usize,
    /// What is open.
    pub open: Open,
    /// What is wrong with it, unless the effect says so.
    pub fault: Option<(Fault, String)>,
    /// The question about what is wrong.
    pub question: Asked,
    /// How often stop had been asked for when that was asked.
    pub asked_at: u32,
    /// Whether it was recorded that it is tried again.
    pub retrying: bool,
    /// What the effect printed last by which a frame failed there.
    pub tail: String,
}

/// What stands open in a slot.
#[derive(Clone, Debug, PartialEq)]
pub enum Open {
    /// A frame.
    Frame(FrameId),
    /// An effect.
    Effect(Box<EffectRun>),
    /// Nothing: it failed.
    Nothing,
    /// Nothing yet: it is to be opened once more.
    Again,
}

/// How far the question about a failure is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    /// Not asked.
    #[default]
    No,
    /// Being asked.
    Open(EffectId),
    /// Nobody is there.
    Nobody,
    /// To be left as it is until the run is resumed.
    Left,
}

/// An effect that has begun and is not done.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectRun {
    /// Its number.
    pub id: EffectId,
    /// What it does to the world.
    pub class: Class,
    /// The attempt, from 1.
    pub attempt: u32,
    /// Attempts before the retries are counted (a person's "retry" starts anew).
    pub forgiven: u32,
    /// When its first attempt began.
    pub first: Timestamp,
    /// When this attempt began.
    pub began: Timestamp,
    /// When this attempt ended.
    pub ended: Option<Timestamp>,
    /// How it stands.
    pub status: Status,
    /// Whether bowline was interrupted while the last attempt ran.
    pub cut_off: bool,
    /// Whether its program could not be ended and may be at work still.
    pub alive: bool,
    /// Whether every attempt so far failed clean.
    pub clean: bool,
    /// What was said of the last attempt.
    pub note: ReplyNote,
    /// Its child process, where it has one.
    pub child: Option<Process>,
    /// The target where it is done.
    pub on: Option<String>,
    /// What people said to it so far, where it is an approval.
    pub ballot: Option<Box<Ballot>>,
}

/// A process, told from a later one of the same number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Process id.
    pub pid: u32,
    /// Its start time, in clock ticks since boot.
    pub started: u64,
    /// Which boot.
    pub boot: String,
}

/// How an effect stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// In flight.
    Running,
    /// Cannot go on now: nobody answers, or the lock is held.
    Waiting(String),
    /// The attempt ended so.
    Failed(Outcome),
    /// To be begun again: interrupted, and safe to repeat, or told to.
    Again,
}

/// What the kinds of frame need.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Nothing more.
    Plain,
    /// The run, a phase, a call or an attempt.
    Scope(Box<ScopeState>),
    /// A step.
    Step(Box<StepState>),
    /// A gate.
    Gate(GateState),
    /// A `for`.
    For(ForState),
    /// A `repeat`.
    Repeat,
    /// A check.
    Poll(PollState),
    /// A rollback or restore.
    Undo(UndoState),
}

/// Guards, beats and handlers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScopeState {
    /// One per watch.
    pub watches: Vec<WatchState>,
    /// Handlers that have run, by position.
    pub handled: Vec<usize>,
    /// The handler that runs.
    pub handler: Option<FrameId>,
    /// How the `otherwise` ended.
    pub otherwise: Option<Verdict>,
    /// Whether it is an attempt.
    pub attempt: bool,
}

/// A guard or beat.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchState {
    /// Looks begun.
    pub looks: u32,
    /// The look that runs.
    pub frame: Option<FrameId>,
    /// When the last one ended, or its phase began.
    pub since: Timestamp,
    /// Consecutive looks that did not pass.
    pub misses: u32,
    /// Why it is broken.
    pub broken: Option<String>,
    /// From when it was blind, until a look after the resume has ended.
    pub blind: Option<Timestamp>,
    /// The look that ran when the process died; it says nothing about now.
    pub stale: Option<FrameId>,
    /// Whether the gap is still to be noted.
    pub unnoted: bool,
}

/// A step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepState {
    /// The `done when` that is being asked.
    pub looking: Option<FrameId>,
    /// How often it was asked.
    pub looks: u32,
    /// Its answer before the step.
    pub before: Option<Verdict>,
    /// Its answer about an unknown outcome.
    pub settled: Option<Verdict>,
    /// Whether what its undo needs was verified.
    pub armed: bool,
    /// Whether a person said that it is done or not needed, before it began.
    pub waived: bool,
    /// Whether it was said that it may begin, where that is asked before each step.
    pub let_go: bool,
    /// Whether anything that changes the world has started and did not fail clean.
    pub dirty: bool,
    /// Whether an outcome in it was unknown and `done when` did not say since that it is not done.
    pub doubt: bool,
    /// Whether something in it failed, and nobody decided since that it goes on.
    pub failed: bool,
    /// When its first effect started.
    pub started: Option<Timestamp>,
    /// Time since then that its timeout does not count: of people, and without a process.
    pub paused: SignedDuration,
    /// Whether it was recorded as late.
    pub late: bool,
}

impl StepState {
    /// A person decided that it goes on: its timeout counts from now.
    pub(super) fn restart_clock(&mut self, now: Timestamp) {
        if let Some(started) = self.started {
            self.paused = now.duration_since(started);
        }
    }
}

/// A gate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GateState {
    /// Why it was rejected.
    pub rejected: Option<String>,
}

/// A `for`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ForState {
    /// The items, once listed, with their texts.
    pub items: Option<Vec<(Arc<str>, Value)>>,
    /// What the turns bound, by item.
    pub results: Vec<(VarId, IndexMap<String, Value>)>,
}

/// A check.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PollState {
    /// The last look and when it ended.
    pub last: Option<(Verdict, Timestamp)>,
    /// Since when looks pass unbroken.
    pub streak: Option<Timestamp>,
    /// Whether a look must be taken whatever the time (after a resume).
    pub must_look: bool,
}

/// A rollback or restore.
#[derive(Clone, Debug, PartialEq)]
pub struct UndoState {
    /// The step that it undoes.
    pub step: NodeId,
    /// Whether it is the rollback.
    pub rollback: bool,
    /// Not safe to repeat.
    pub once: bool,
    /// A failure goes on to the next undo.
    pub best_effort: bool,
    /// The `done when` that is being asked.
    pub looking: Option<FrameId>,
    /// Its answer.
    pub verified: Option<Verdict>,
    /// How often all of it was done and left unverified, and when last.
    pub unverified: Option<(u32, Timestamp)>,
    /// How a person settled it as a whole.
    pub settled: Option<bool>,
}

impl Slot {
    /// Whether it stands for a step that is asked about before it begins: nothing is wrong with it.
    #[must_use]
    pub fn is_gate(&self) -> bool {
        self.open == Open::Nothing && self.fault.is_none()
    }

    pub(super) fn new(node: NodeId, index: usize, open: Open) -> Self {
        Self {
            node,
            index,
            open,
            fault: None,
            question: Asked::No,
            asked_at: 0,
            retrying: false,
            tail: String::new(),
        }
    }

    /// The frame open in it.
    #[must_use]
    pub fn frame(&self) -> Option<FrameId> {
        match self.open {
            Open::Frame(frame) => Some(frame),
            _ => None,
        }
    }

    /// The effect open in it.
    #[must_use]
    pub fn effect(&self) -> Option<&EffectRun> {
        match &self.open {
            Open::Effect(effect) => Some(effect),
            _ => None,
        }
    }

    pub(super) fn effect_mut(&mut self) -> Option<&mut EffectRun> {
        match &mut self.open {
            Open::Effect(effect) => Some(effect),
            _ => None,
        }
    }
}
