//! What a `scenario` says: a test of a runbook, beside its plan and no part of it.

use crate::text::Span;
use crate::value::Value;

/// What stands before the name of a step whose undo is meant.
pub const UNDO: &str = "undo:";

/// A scenario, as it stands in the runbook.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Its title.
    pub title: String,
    /// Where it begins.
    pub span: Span,
    /// What names hold in it.
    pub with: Vec<With>,
    /// How what is named answers.
    pub given: Vec<Given>,
    /// What comes of that, in the order written.
    pub expected: Vec<Expected>,
}

/// `with name = value`.
#[derive(Clone, Debug, PartialEq)]
pub struct With {
    /// An input, or what a statement binds.
    pub name: String,
    /// What it holds; `None` where that is no fixed value.
    pub value: Option<Value>,
    /// Where.
    pub span: Span,
}

/// `given "STEP" failure`.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The end of the path of a step, check or question; `undo:` before it means its rollback.
    pub place: String,
    /// How it answers; `None` where it is not said.
    pub says: Option<Says>,
    /// Where.
    pub span: Span,
}

/// How something answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Says {
    /// A failure, by the name that `--inject` has for it.
    Injected(String),
    /// A person, with that.
    Answer(Value),
}

/// What is expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// What.
    pub what: Outcome,
    /// Where.
    pub span: Span,
}

/// What can be expected of a run. Places are ends of paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// That ran.
    Ran(String),
    /// That was undone, wholly.
    Undone(String),
    /// That did not begin.
    Untouched(String),
    /// The run ends so.
    Ends(String),
}
