//! What is noted of an effect: as what it began, what its answer said; and the files and locks of a run.

use jiff::Timestamp;

use super::actor::Actor;
use super::id::{EffectId, FrameId};
use crate::plan::NodeId;

/// The intent to do something.
#[derive(Clone, Debug, PartialEq)]
pub struct Begun {
    /// Its number.
    pub effect: EffectId,
    /// In which frame.
    pub frame: FrameId,
    /// Of which node.
    pub node: NodeId,
    /// The attempt, from 1; 0 for a question about what failed.
    pub attempt: u32,
    /// The command, request or question as shown: values filled in, secrets masked.
    pub shown: String,
    /// The target where it is done; `None` is the machine that drives the run.
    pub on: Option<String>,
}

/// What a report says of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplyNote {
    /// One line: what was wrong, or the exit code or status; masked.
    pub message: String,
    /// Exit code or HTTP status.
    pub code: Option<i32>,
    /// The last lines of output, masked and bounded.
    pub tail: String,
    /// The whole output.
    pub output: Option<OutputRef>,
    /// What was kept as evidence, in the run's folder of evidence.
    pub kept: Option<OutputRef>,
    /// Who answered, for questions.
    pub by: Option<Actor>,
    /// Milliseconds it took.
    pub took_ms: u64,
}

/// A file that is kept with the run: a whole output, or evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputRef {
    /// File name in the run's folder of such files.
    pub file: String,
    /// Bytes in it, masked.
    pub bytes: u64,
    /// Lower-case hex SHA-256 of it.
    pub sha256: String,
}

/// A file that a run was made of; the journal keeps its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRef {
    /// As messages call it.
    pub name: String,
    /// Lower-case hex SHA-256 of its text.
    pub sha256: String,
}

/// The run that holds a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The name of the lock, masked.
    pub lock: String,
    /// The run's short id.
    pub run: String,
    /// Since when, UTC.
    pub since: Timestamp,
}
