//! What a step is made of while it is lowered: where it comes from, what stands in its body, and the
//! module step that its body may consist of. Data only.

use std::ops::Range;

use super::calls::Names;
use super::has;
use crate::plan::{Answer, Bind, Due, Hint, NodeId, Step, Undo};
use crate::program::{Def, GivenOption, Stmt};
use crate::text::Span;
use crate::value::{Expr, VarId};

/// What a module step leaves unsaid because the step around it says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Silent {
    /// The answer about undo, `restore` included.
    pub(crate) undo: bool,
    /// `done when`.
    pub(crate) done: bool,
}

impl Silent {
    /// What the options and body of a step speak about, so that a module step inside does not.
    pub(super) fn of(options: &[GivenOption], body: &[Stmt]) -> Self {
        let holds = |words: &[&str]| body.iter().any(|stmt| words.contains(&stmt.schema.word));
        Self { undo: has(options, "irreversible") || holds(&["rollback", "restore"]), done: holds(&["done"]) }
    }

    /// What either leaves unsaid.
    pub(super) fn and(self, other: Self) -> Self {
        Self { undo: self.undo || other.undo, done: self.done || other.done }
    }
}

/// What stands in the body of a step and belongs to the step as a whole.
#[derive(Debug)]
pub(crate) struct StepParts<'p> {
    /// The step.
    pub(super) id: NodeId,
    /// The answer about undo, and where it is given.
    pub(crate) answer: Option<(Answer, Span)>,
    /// Whether one is begun and says nothing yet, which is reported.
    pub(super) half_answer: bool,
    /// Puts back what was paused.
    pub(crate) restore: Option<(Undo, Span)>,
    /// Whether it is in place.
    pub(crate) done_when: Option<(NodeId, Span)>,
    /// How deep inside each other the module steps are that the body consists of, here and where `done when` stands.
    pub(crate) depth: usize,
    pub(crate) done_depth: usize,
    /// The variables that `return` sets, from the outermost step inwards.
    pub(super) returns: Vec<VarId>,
    /// What `return` gives, and how deep.
    pub(crate) results: Vec<(usize, Span, Bind)>,
    /// Known failures.
    pub(crate) hints: Vec<Hint>,
    /// The nodes of rollback and restore.
    pub(crate) undo_nodes: Vec<Range<usize>>,
    /// When a module step inside is due.
    pub(super) due: Option<Due>,
    /// What a module step inside leaves unsaid.
    pub(super) speaks: Silent,
    /// The module step that the body consists of.
    pub(super) embedded: Option<Box<Embedded<'p>>>,
}

/// Where a step comes from: a statement, or a module.
#[derive(Clone, Debug)]
pub(crate) struct StepSource<'p> {
    pub(crate) title: Expr,
    pub(crate) options: &'p [GivenOption],
    pub(crate) prose: Option<&'p String>,
    pub(crate) body: &'p [Stmt],
    pub(crate) span: Span,
    pub(crate) manual: bool,
    /// Takes away the undo that the body brings.
    pub(crate) irreversible: bool,
}

impl<'p> StepSource<'p> {
    /// A step that is a statement of its own.
    pub(crate) fn of(stmt: &'p Stmt, title: Expr) -> Self {
        Self {
            title,
            options: &stmt.options,
            prose: stmt.prose.as_ref(),
            body: &stmt.body,
            span: stmt.span,
            manual: false,
            irreversible: false,
        }
    }
}

/// A module step that is the whole of a step, its parameters set.
#[derive(Debug)]
pub(super) struct Embedded<'p> {
    /// The statement that calls it.
    pub(super) stmt: &'p Stmt,
    pub(super) def: &'p Def,
    /// What its parameters are called.
    pub(super) names: Names,
    /// What it is declared with.
    pub(super) options: Step,
    /// The module step that its own body consists of.
    pub(super) next: Option<Box<Embedded<'p>>>,
}
