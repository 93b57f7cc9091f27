//! Nodes that belong together, and what their togetherness means.

use serde::{Deserialize, Serialize};

use super::{NodeId, Retry};
use crate::value::{Expr, VarId};

/// Children with a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// What being in it means.
    pub role: Role,
    /// In sequence or side by side.
    pub mode: Mode,
    /// The children in order.
    pub children: Vec<NodeId>,
}

/// How children run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// One after the other.
    Sequence,
    /// Side by side, at most so many at once.
    Parallel(Option<u32>),
}

/// What a group is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Role {
    /// The whole run; only the root.
    Run(RunScope),
    /// A phase: scope of guards and restores.
    Phase(PhaseScope),
    /// A step or manual: the unit of doing and undoing.
    Step(Box<Step>),
    /// A nested saga; the children are its body.
    Attempt {
        /// A group, run after the body failed and was unwound.
        otherwise: Option<NodeId>,
    },
    /// Another runbook as a part of this one: a scope of restores.
    Call,
    /// A gate: every child is evaluated; a "no" holds. Binds its verdict where a variable is given: then a reject is a value.
    Gate {
        /// Holds whether it opened.
        verdict: Option<VarId>,
    },
    /// Plumbing: a branch, a turn, a look, the body of an undo.
    Block,
}

/// What belongs to the run as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunScope {
    /// Handlers in the order written.
    pub handlers: Vec<Handler>,
    /// Guards and `every` that stand outside any phase.
    pub watches: Vec<Watch>,
}

/// Statements run around the settled outcome; they never change it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Handler {
    /// When.
    pub when: HandlerWhen,
    /// A group.
    pub body: NodeId,
}

/// When a handler runs (RULINGS.md, "Undo").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HandlerWhen {
    /// Before the unwinding of the run starts.
    BeforeRollback,
    /// The run completed.
    AfterSuccess,
    /// Unwinding finished.
    AfterRollback,
    /// Every end but completed.
    AfterFailure,
    /// Last, always.
    AfterRun,
}

/// A phase.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PhaseScope {
    /// What is watched while it runs.
    pub watches: Vec<Watch>,
    /// No step starts outside it, `Sat 02:00-04:00 Europe/Paris`; known to parse.
    pub window: Option<String>,
}

/// Something looked at again and again while its phase runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// Guard or beat.
    pub kind: WatchKind,
    /// Its title.
    pub title: Expr,
    /// Time between looks, `duration`.
    pub every: Expr,
    /// One look or beat: a group.
    pub body: NodeId,
}

/// What a watch does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WatchKind {
    /// Fails the phase when so many consecutive looks did not pass.
    Guard {
        /// At least 1.
        misses: u32,
        /// Whether the running effect is stopped.
        interrupts: bool,
    },
    /// `every 1h`: a missed or failed beat is recorded, nothing else.
    Beat,
}

impl HandlerWhen {
    /// As the runbook writes it; the title under which its questions are asked.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::BeforeRollback => "before rollback",
            Self::AfterSuccess => "after success",
            Self::AfterRollback => "after rollback",
            Self::AfterFailure => "after failure",
            Self::AfterRun => "after run",
        }
    }
}

/// A step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Skipped where it does not hold.
    pub condition: Option<Expr>,
    /// A group of looks that answers whether the step is in place.
    pub done_when: Option<NodeId>,
    /// The honest answer about undo.
    pub undo: Answer,
    /// A group that puts back what was paused.
    pub restore: Option<Undo>,
    /// Variables that the rollback and restore take from before the step; without a value the step does not start.
    pub needs: Vec<VarId>,
    /// Variables that the rollback and restore take from anywhere; kept with what is owed.
    pub captures: Vec<VarId>,
    /// Further attempts of a failed effect.
    pub retry: Option<Retry>,
    /// A limit over all attempts, not the time of people.
    pub timeout: Option<Expr>,
    /// A failure leaves nothing behind.
    pub atomic: bool,
    /// May be done again when its outcome is unknown.
    pub idempotent: bool,
    /// `due 15m after x`: late is recorded.
    pub due: Option<Box<Due>>,
    /// Known failures with their remedies.
    pub hints: Vec<Hint>,
    /// The target where its programs run, to be shown; each effect has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Expr>,
    /// Done by a person (`manual`).
    pub manual: bool,
}

/// What a step answers about undoing it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// `rollback { … }`.
    Rollback(Undo),
    /// `irreversible`.
    Irreversible,
    /// `rollback none "why"`.
    Nothing(String),
    /// No answer (a lint).
    Unanswered,
}

/// A rollback or restore.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Undo {
    /// A group.
    pub body: NodeId,
    /// Not safe to repeat: failed or unknown is stuck at once.
    pub once: bool,
    /// A failure goes on to the next undo.
    pub best_effort: bool,
    /// Its own further attempts; else 3 with backoff.
    pub retry: Option<Retry>,
}

/// When a step is due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Due {
    /// So long after.
    pub after: Expr,
    /// A `time` value, or the end of a step.
    pub since: DueSince,
}

/// What a due time counts from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum DueSince {
    /// The end of that step.
    Step(NodeId),
    /// A `time` value.
    Time(Expr),
}

/// A known failure: a pattern over the output, and what to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hint {
    /// Matched against the output of a failed effect.
    pub pattern: String,
    /// What to do.
    pub remedy: String,
}
