//! The words of the reference model: an abstract plan, its effects, the world, the record of a run.
//!
//! Plain data; the rules are in `model`. It must not know the engine.

use std::collections::{BTreeMap, BTreeSet};

/// A statement of the abstract plan. A block is a list of statements, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tree {
    Step(Step),
    /// A look that passes or fails; outside any gate and not bound.
    Check(String),
    Phase(Vec<Tree>),
    /// Another runbook as a part of this one. Compensates like a phase.
    Call(Vec<Tree>),
    /// Each statement is one branch (`If` groups several without being a scope).
    Parallel {
        limit: Option<usize>,
        branches: Vec<Tree>,
    },
    /// `parallel` is the number behind `for … parallel N`; none means one after the other.
    For {
        items: usize,
        parallel: Option<usize>,
        body: Vec<Tree>,
    },
    If {
        cond: bool,
        then: Vec<Tree>,
        otherwise: Vec<Tree>,
    },
    Attempt {
        body: Vec<Tree>,
        /// Without one it fails once its block is undone.
        otherwise: Option<Vec<Tree>>,
    },
    /// Only in the run's own block or in a phase there.
    Commit,
    Fail,
    /// Not in `Attempt`, `Parallel`, `Call`.
    End,
}

/// The unit of doing and undoing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) id: String,
    /// How many changing effects the body has, one after the other.
    pub(crate) effects: usize,
    pub(crate) answer: Answer,
    /// How many effects `restore { }` has; 0 means there is no restore.
    pub(crate) restore: usize,
    pub(crate) atomic: bool,
    pub(crate) idempotent: bool,
    /// Further tries of an effect (R: `retry 3` means three further attempts).
    pub(crate) retry: usize,
    pub(crate) done_when: bool,
    /// Its undo takes a file made before, which is looked for before the step (C1).
    pub(crate) takes_file: bool,
}

/// The one honest answer about undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Rollback {
        effects: usize,
        best_effort: bool,
        once: bool,
        /// The rollback needs the value that this effect of the body binds (never beside `done when`).
        needs: Option<usize>,
    },
    Nothing,
    Irreversible,
}

/// Which effect of the plan: the step (`s3`, in a loop `s3[0]`) and its part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) step: String,
    pub(crate) part: Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Body(usize),
    Rollback(usize),
    Restore(usize),
    /// `done when`, for whatever purpose it is asked.
    Look,
    /// Whether the file is there that the undo takes.
    Arm,
    Check,
}

/// How an effect ended. Of a `done when`: `Done` is yes, `Failed` is no, the rest is neither; of a
/// check: pass, fail, inconclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    FailedClean,
    Failed,
    /// Reported by the world: killed on timeout, connection lost after sending.
    Unknown,
    /// Unknown because bowline itself died meanwhile. Comes from [`Event::Crash`] only.
    Cut,
}

/// What the record of a run says, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Started(Key),
    Ended(Key, Outcome),
    Cancel,
    /// kill -9 and resume: whatever was running is `Cut`.
    Crash,
}

/// `--on-failure` with nobody there (C7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnFailure {
    Rollback,
    Hold,
}

/// What the world answers, and when it interferes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Script {
    /// The outcome of the nth start of an effect; [`Script::answer`] says what is not listed.
    pub(crate) answers: BTreeMap<Key, Vec<Outcome>>,
    /// A cancel arrives while the nth started effect runs (1 is the first).
    pub(crate) cancel: Option<usize>,
    /// kill -9 while the nth started effect runs, then resume.
    pub(crate) crashes: Vec<usize>,
    pub(crate) on_failure: OnFailure,
    /// Which of the running effects ends next, over and over (see `replay::model`).
    pub(crate) order: Vec<usize>,
}

/// How a run ended (E).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    Completed,
    RolledBack,
    Stuck,
    Waiting,
    FailedKept,
}

/// The end of a run with what the report must name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) end: End,
    /// Undo parts not (wholly) performed: `Rollback(0)` stands for the rollback, `Restore(0)` for the restore.
    pub(crate) owed: BTreeSet<Key>,
    /// Steps that an unwinding left undone for good: irreversible, or best effort that failed.
    pub(crate) kept: BTreeSet<String>,
    /// Whether `before rollback` ran, and `after rollback`.
    pub(crate) handlers: (bool, bool),
}

/// A run: its record and its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trace {
    pub(crate) events: Vec<Event>,
    pub(crate) verdict: Verdict,
}

impl Script {
    /// How the nth start (0 is the first) of an effect ends. Not listed: effects succeed, checks pass, `done
    /// when` says no.
    pub(crate) fn answer(&self, key: &Key, n: usize) -> Outcome {
        let quiet = if key.part == Part::Look { Outcome::Failed } else { Outcome::Done };
        self.answers.get(key).and_then(|list| list.get(n)).copied().unwrap_or(quiet)
    }
}

impl Default for Script {
    fn default() -> Script {
        Script {
            answers: BTreeMap::new(),
            cancel: None,
            crashes: Vec::new(),
            on_failure: OnFailure::Rollback,
            order: vec![0],
        }
    }
}

impl End {
    /// The exit code (E).
    pub(crate) fn exit(self) -> u8 {
        match self {
            End::Completed => 0,
            End::RolledBack => 1,
            End::Stuck => 4,
            End::Waiting => 5,
            End::FailedKept => 6,
        }
    }
}

impl Trace {
    /// All effects in the order in which they started.
    pub(crate) fn started(&self) -> impl Iterator<Item = &Key> {
        self.events.iter().filter_map(|event| if let Event::Started(key) = event { Some(key) } else { None })
    }

    /// Of these the undoing ones.
    pub(crate) fn undone(&self) -> impl Iterator<Item = &Key> {
        self.started().filter(|key| matches!(key.part, Part::Rollback(_) | Part::Restore(_)))
    }
}

/// `a`, `a.1` body effects; `a-`, `a-1` rollback; `a+`, `a+1` restore; `a?` its `done when`; `a^` whether it is
/// armed; `c` a check.
impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (mark, i) = match self.part {
            Part::Body(0) | Part::Check => ("", 0),
            Part::Body(i) => (".", i),
            Part::Rollback(i) => ("-", i),
            Part::Restore(i) => ("+", i),
            Part::Look => ("?", 0),
            Part::Arm => ("^", 0),
        };
        write!(f, "{}{mark}", self.step)?;
        if i > 0 { write!(f, "{i}") } else { Ok(()) }
    }
}
