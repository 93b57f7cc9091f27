//! The plan: a finite tree of operations in a flat arena, everything known that can be known.
//!
//! The narrow waist of bowline: every statement kind lowers to the six [`Op`]s, and the engine
//! knows nothing else. Serialisable; stored with the run. Knows no statement kind and no host.

mod alike;
mod anew;
mod digest;
mod effect;
mod forward;
mod group;
mod late;
mod lock;
mod lost;
mod needed;
mod nodes;
mod print;
pub mod scenario;
mod targets;
mod undo;
mod walk;
mod window;

pub use anew::{Anew, Differs};
pub use digest::digest;

pub use effect::{
    Act, Bind, Class, Effect, Expect, HTTP_LIMIT, HttpBody, Login, NamedText, Question, QuestionKind, Quorum,
    ResponsePart, Retry, ScriptArg, WaitFor, WordExpr,
};
pub use group::{
    Answer, Due, DueSince, Group, Handler, HandlerWhen, Hint, Mode, PhaseScope, Role, RunScope, Step, Undo,
    Watch, WatchKind,
};

pub use late::{LateStart, NoLateStart};
pub use lock::LockPart;
pub use lost::{Lost, TakenBy, lost};
pub use needed::needed_inputs;
pub use print::print;
pub use scenario::Scenario;
pub use undo::{Stays, StepClass, UndoAt, Undone, What, WhyStays, step_class, undo_at};
pub use window::Window;

use semver::Version;
use serde::{Deserialize, Serialize};

use crate::text::Span;
use crate::value::{Expr, Type, VarId};

/// The version of the plan's stored form; a run with another is refused by name. It counts up with every change
/// of that form, new fields too: the digest of a stored plan is computed again when its run is taken up.
pub const FORMAT: u32 = 1;

/// A node of a [`Plan`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NodeId(pub u32);

/// A compiled runbook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// [`FORMAT`] of the bowline that made it.
    pub format: u32,
    /// Title of the runbook.
    pub title: String,
    /// Its version.
    pub version: Version,
    /// The prose under the title.
    pub prose: Option<String>,
    /// Its inputs.
    pub inputs: Vec<Input>,
    /// Every variable; [`VarId`] is the position.
    pub vars: Vec<Variable>,
    /// Every node; [`NodeId`] is the position. Children stand after their parent.
    pub nodes: Vec<Node>,
    /// Lower-case hex SHA-256 over all that is executed, undone or shown for a decision.
    pub digest: String,
}

impl Plan {
    /// The root: a [`Op::Group`] with [`Role::Run`].
    pub const ROOT: NodeId = NodeId(0);

    /// The node of that name.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    /// What the node of that name does.
    #[must_use]
    pub fn op(&self, id: NodeId) -> Option<&Op> {
        self.node(id).map(|node| &node.op)
    }

    /// The group of that name, if it is one.
    #[must_use]
    pub fn group(&self, id: NodeId) -> Option<&Group> {
        if let Op::Group(group) = self.op(id)? { Some(group) } else { None }
    }

    /// The step of that name, if it is one.
    #[must_use]
    pub fn step(&self, id: NodeId) -> Option<&Step> {
        if let Role::Step(step) = &self.group(id)?.role { Some(step) } else { None }
    }

    /// The variable of that name.
    #[must_use]
    pub fn var(&self, id: VarId) -> Option<&Variable> {
        self.vars.get(id.0 as usize)
    }
}

/// A variable of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variable {
    /// As written.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether its value is tainted.
    pub secret: bool,
}

/// An input of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The variable that holds it.
    pub var: VarId,
    /// Used where none is given.
    pub default: Option<Expr>,
    /// Where its value comes from when not given.
    pub from: Option<InputSource>,
    /// Must hold, with the inputs in scope.
    pub condition: Option<Expr>,
    /// What a person is told.
    pub description: Option<String>,
}

/// `from …` of an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum InputSource {
    /// An environment variable.
    Env(String),
    /// A file's contents.
    File(Expr),
    /// A program's standard output.
    Command(Vec<Expr>),
    /// Asked at the terminal.
    Prompt,
}

/// A node: an operation with what a person reads about it. A plan has many: what is large stands in boxes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// What it does.
    pub op: Op,
    /// Its title as text with values; `None` for nameless plumbing.
    pub title: Option<Expr>,
    /// Its prose, in the order written.
    pub prose: Option<String>,
    /// How far the prose of the block it stands in goes before it: an offset into that text.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub above: u32,
    /// Where it was written.
    pub span: Span,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The closed set of operations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Op {
    /// Asks the world for something: a program, an API, a file, a person, a time.
    Do(Box<Effect>),
    /// Computes without the world.
    Eval(Eval),
    /// Nodes that belong together, in sequence or side by side.
    Group(Box<Group>),
    /// The first arm whose condition holds; none is fine.
    Branch(Vec<Arm>),
    /// A body, several times.
    Loop(Box<Loop>),
    /// A point in the run.
    Mark(Mark),
}

/// A pure computation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Eval {
    /// Binds a variable.
    Let(Box<Bind>),
    /// `expect`: fails where it does not hold.
    Expect(Box<Expect>),
    /// `given`: the look is inconclusive where it does not hold.
    Given(Box<Expect>),
}

/// A branch of [`Op::Branch`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// Taken if it holds; `None` is `else`.
    pub when: Option<Expr>,
    /// A group.
    pub body: NodeId,
}

/// The loops. `body` is always a group; each turn has values of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Loop {
    /// `for item in list`: the list is read once; instances are known by the item's text.
    For {
        /// Holds the item.
        item: VarId,
        /// The list.
        list: Expr,
        /// Side by side, at most so many (`None` inside: no limit).
        parallel: Option<Option<u32>>,
        /// One turn.
        body: NodeId,
        /// What the turns bind; after the loop each is a map by item.
        binds: Vec<VarId>,
    },
    /// `repeat … at most N { } until cond`; what the last turn bound is seen after it.
    Repeat {
        /// Failed when so many turns have not met `until`.
        at_most: u32,
        /// One turn, the module checks of `until` at its end.
        body: NodeId,
        /// Ends the loop.
        until: Expr,
    },
    /// A check: looks until it passes. One look where neither `within` nor `soak` is given.
    Poll {
        /// Time between looks.
        every: Option<Expr>,
        /// Keeps looking for so long.
        within: Option<Expr>,
        /// Must pass unbroken for so long.
        soak: Option<Expr>,
        /// One look; only looks stand in it.
        body: NodeId,
        /// Holds whether it passed, where `let x = check …` binds it: then a "no" is a value and not a failure.
        verdict: Option<VarId>,
    },
}

/// A point in the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Mark {
    /// The point of no return; the node's prose says what to do instead of undoing.
    Commit,
    /// Stops well, under a name.
    End(Box<Expr>),
    /// Stops and undoes, with a reason.
    Fail(Box<Expr>),
}
