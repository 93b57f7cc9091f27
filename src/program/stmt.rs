//! Resolved statements and the program they make up.

use std::sync::Arc;

use semver::Version;

use super::Schema;
use crate::text::{SourceId, Span};
use crate::value::{Expr, Type, VarId};

/// A checked runbook with everything it uses.
#[derive(Debug)]
pub struct Program {
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: Version,
    /// The prose under the title.
    pub prose: Option<String>,
    /// Every variable; [`VarId`] is the position.
    pub vars: Arc<[Variable]>,
    /// Its inputs, in order.
    pub inputs: Vec<Input>,
    /// Its statements, without `use` and `input`.
    pub body: Vec<Stmt>,
    /// Where names stand in its files.
    pub mentions: Vec<Mention>,
    /// Module checks and steps (and called runbooks) that it uses; [`DefId`] is the position.
    pub defs: Vec<Def>,
}

/// A variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// As written.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether its value is tainted.
    pub secret: bool,
    /// Where it is bound.
    pub span: Span,
}

/// An input of the runbook.
#[derive(Clone, Debug)]
pub struct Input {
    /// The variable that holds it.
    pub var: VarId,
    /// Used where none is given.
    pub default: Option<Expr>,
    /// Where its value comes from when not given by the user.
    pub from: Option<InputSource>,
    /// Must hold, with the input itself in scope.
    pub condition: Option<Expr>,
    /// What a person is told.
    pub description: Option<String>,
    /// The declaration.
    pub span: Span,
}

/// `from env|file|command|prompt …`.
#[derive(Clone, Debug, PartialEq)]
pub enum InputSource {
    /// An environment variable.
    Env(String),
    /// The contents of a file, without the last line end.
    File(Expr),
    /// The standard output of a program, without the last line end.
    Command(Vec<Expr>),
    /// Asked at the terminal.
    Prompt,
}

/// Names a definition in [`Program::defs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DefId(pub u32);

/// What a definition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefKind {
    /// A module's `check`: looks only, gives a value.
    Check,
    /// A module's `step`, with its rollback.
    Step,
    /// A runbook taken in by `call`.
    Runbook,
}

/// A module check, a module step or a called runbook. Its variables are instantiated anew at each call.
#[derive(Debug)]
pub struct Def {
    /// Which.
    pub kind: DefKind,
    /// `module.name`, or the called runbook's file.
    pub name: String,
    /// Its parameters.
    pub params: Vec<Param>,
    /// The variable that `return` sets, with the type given.
    pub returns: Option<VarId>,
    /// The statement that defines it (title, options, body); for a runbook its body is in `body`.
    pub body: Vec<Stmt>,
    /// Title of a step or called runbook.
    pub title: Option<Expr>,
    /// Options of a module step (`timeout`, `retry`, `idempotent` …).
    pub options: Vec<GivenOption>,
    /// The prose of the definition.
    pub prose: Option<String>,
    /// Where it is defined.
    pub span: Span,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// The variable it sets.
    pub var: VarId,
    /// Used where no argument is given.
    pub default: Option<Expr>,
    /// Must hold of the argument (`where` of a called runbook's input).
    pub condition: Option<Expr>,
}

/// A call of a definition, its arguments in the order of the parameters.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is called.
    pub def: DefId,
    /// One per parameter; `None` takes the default.
    pub args: Vec<Option<Expr>>,
    /// The variable that takes what it returns.
    pub result: Option<VarId>,
    /// Where.
    pub span: Span,
}

/// A resolved statement.
#[derive(Debug)]
pub struct Stmt {
    /// Its kind.
    pub schema: &'static Schema,
    /// All of it.
    pub span: Span,
    /// Whether `look` stands before it.
    pub look: bool,
    /// Module checks that its expressions ask, in order, before it.
    pub calls: Vec<Call>,
    /// `let name =` before it.
    pub bind: Option<Bind>,
    /// What the head carries beside operands.
    pub form: Form,
    /// One per operand of the schema; those left out at the end are missing.
    pub operands: Vec<Operand>,
    /// The options given.
    pub options: Vec<GivenOption>,
    /// How far the prose of the block it stands in goes before it: an offset into that text.
    pub above: u32,
    /// The prose of its block, in the order written.
    pub prose: Option<String>,
    /// The statements of its block.
    pub body: Vec<Stmt>,
    /// Whether it opens a block at all.
    pub has_block: bool,
    /// What follows the block.
    pub tail: Option<Box<Tail>>,
    /// The variables that [`Schema::provides`] names, in that order.
    pub provided: Vec<VarId>,
}

/// What `let` binds.
#[derive(Clone, Debug)]
pub struct Bind {
    /// The variable.
    pub var: VarId,
    /// Its type.
    pub ty: Type,
    /// Whether the author wrote the type.
    pub typed: bool,
}

/// What a structural head carries.
#[derive(Debug)]
pub enum Form {
    /// A keyword; all is in operands and options.
    Plain,
    /// `run` words.
    Run(Vec<Word>),
    /// A fenced script.
    Fence {
        /// The language tag.
        tag: String,
        /// The script.
        script: String,
        /// Values handed in, by the name they arrive under.
        args: Vec<Arg>,
    },
    /// A bare call of a module step, or `call "file"`.
    Call(Call),
    /// A pure expression after `let name =`.
    Expr(Expr),
}

/// A word of a `run` line: one argument, or a list spliced into several.
#[derive(Clone, Debug)]
pub struct Word {
    /// Text of the argument; a list where `splice`.
    pub value: Expr,
    /// Whether it is spliced.
    pub splice: bool,
    /// Where.
    pub span: Span,
}

/// A named value.
#[derive(Clone, Debug)]
pub struct Arg {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Expr,
    /// Its type.
    pub ty: Type,
}

/// A resolved operand.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A value, with its type and place.
    Expr(Expr, Type, Span),
    /// A fixed word or text.
    Word(String, Span),
    /// A regular expression, already known to compile.
    Regex(String, Span),
    /// A variable that the statement declares (`for x`, `ask name: type = default`).
    New {
        /// The variable.
        var: VarId,
        /// Its type.
        ty: Type,
        /// Its default.
        default: Option<Expr>,
        /// For `one of` over a value that is known only at run time: the choices.
        choices: Option<Expr>,
        /// Where.
        span: Span,
    },
    /// `NAME = value`.
    Assign(String, Expr, Type, Span),
    /// `(name: value, …)`.
    Args(Vec<Arg>),
}

/// An option that was given.
#[derive(Clone, Debug)]
pub struct GivenOption {
    /// Its first word.
    pub word: &'static str,
    /// Its values, in order (fixed words left out).
    pub values: Vec<Operand>,
    /// Where.
    pub span: Span,
}

/// What follows a block.
#[derive(Debug)]
pub enum Tail {
    /// `else`; an `else if` is one `if` statement in here.
    Else(Block),
    /// `otherwise`.
    Otherwise(Block),
    /// `until`, with the module checks it asks first.
    Until(Vec<Call>, Expr),
}

/// What stands in the braces of a tail.
#[derive(Debug)]
pub struct Block {
    /// Its prose, in the order written.
    pub prose: Option<String>,
    /// Its statements.
    pub body: Vec<Stmt>,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// An input, a binding, a parameter, an item.
    Var(VarId),
    /// A constant of a module, by position.
    Constant(usize),
    /// A check or step of a module, or a runbook that is called.
    Def(DefId),
    /// A module.
    File(SourceId),
}

/// A name in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where it stands; of `module.name` the last part.
    pub span: Span,
    /// What it stands for.
    pub named: Named,
    /// Whether it gets its meaning here.
    pub binds: bool,
}
