//! What goes into a run that is planned anew and what comes out of it: what was touched, and what people say of it.

use std::collections::HashMap;

use crate::event::{Actor, Event, RunState, SourceRef, StoredInput};
use crate::plan::Plan;

/// A run that is to go on under another plan.
#[derive(Clone, Copy)]
pub struct Replan<'a> {
    /// The plan that it has.
    pub old: &'a Plan,
    /// The plan under which it is to go on.
    pub new: &'a Plan,
    /// All that happened.
    pub events: &'a [Event],
    /// Its short id.
    pub from: &'a str,
    /// The files that the new plan was made of.
    pub sources: &'a [SourceRef],
    /// The inputs, as the new plan has them.
    pub inputs: &'a [StoredInput],
    /// Who says how it goes on.
    pub by: &'a Actor,
}

/// What a person says of something that was touched and is another now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choose {
    /// It stands as it was done.
    Keep,
    /// It is done again, as the new plan has it.
    Again,
    /// It is done: by hand.
    Done,
    /// It is not done any more: its place has passed.
    Skip,
}

impl Choose {
    /// As it is written after `STEP=`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Again => "again",
            Self::Done => "done",
            Self::Skip => "skip",
        }
    }
}

/// Something that needs a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// Its path, as `step` or `phase / step`.
    pub place: String,
    /// How it differs, and how it stands.
    pub what: String,
    /// What can be said of it; the first does least.
    pub choices: &'static [Choose],
}

/// What was said, by place: how, and why.
pub type Words = HashMap<String, (Choose, String)>;

/// A run as it stands under the new plan.
pub struct CarriedOver {
    /// What it did, in the new plan's numbers.
    pub events: Vec<Event>,
    /// What that folds to.
    pub state: RunState,
    /// What needs a word, said or not.
    pub touched: Vec<Touched>,
    /// Whether something needs a word and has none: then the rest is as if each had the first of its choices.
    pub is_open: bool,
}

/// Why a run cannot go on under the new plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{place}\": {why}")]
pub struct NotCarried {
    /// Where.
    pub place: String,
    /// What does not fit.
    pub why: String,
}
