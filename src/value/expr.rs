//! Expressions with their names resolved: pure, serialisable, evaluated by [`super::eval`].

use serde::{Deserialize, Serialize};

use super::{Type, Value};
use crate::text::Span;

/// A variable of one plan: an input, a constant, or what a statement binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct VarId(pub u32);

/// A pure expression. Calls to module checks never stand here: they are effects, run before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Expr {
    /// A known value.
    Const(Value),
    /// What a variable holds.
    Var(VarId),
    /// `a.b`; a missing field is an evaluation error, never null.
    Field(Box<Expr>, String),
    /// `a[b]`, by position or key.
    Index(Box<Expr>, Box<Expr>),
    /// Interpolated text.
    Text(Vec<Piece>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `{ a: 1 }`, in the order written.
    Map(Vec<(String, Expr)>),
    /// `not a`.
    Not(Box<Expr>),
    /// `-a`.
    Neg(Box<Expr>),
    /// `a op b`; `and` and `or` are short-circuited.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `if a then b else c`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A function of the language.
    Call(Function, Vec<Expr>),
    /// `jq(input, 'program', name: value …)`: values enter as named variables only.
    Jq {
        /// What the program reads.
        input: Box<Expr>,
        /// The program, fixed when the file is compiled.
        program: String,
        /// The named values.
        vars: Vec<(String, Expr)>,
    },
    /// The value of an expression, turned into a type (`size(x)`, `let n: int = …`); fails if it does not fit.
    Convert(Type, Box<Expr>),
    /// Keeps the place for messages of evaluation errors.
    At(Span, Box<Expr>),
}

/// A piece of an interpolated text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Piece {
    /// As it is.
    Text(String),
    /// The text of a value.
    Value(Expr),
}

/// Operators between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is its own spelling")]
pub enum BinaryOp {
    Or,
    And,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    In,
    NotIn,
    Contains,
    Matches,
    Add,
    Sub,
    Mul,
    Div,
}

impl BinaryOp {
    /// As it is written.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Contains => "contains",
            Self::Matches => "matches",
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
        }
    }
}

/// Functions of the language; `value::functions` holds the one table with names, types and docs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Function {
    /// `capture(text, /re/)`: the one match (its first group, if any); none or two is an error.
    Capture,
    /// `count(list|map|text)`.
    Count,
    /// `lower(text)`.
    Lower,
    /// `upper(text)`.
    Upper,
    /// `trim(text)`.
    Trim,
    /// `split(text, sep)`.
    Split,
    /// `join(list, sep)`.
    Join,
    /// `keys(map)`.
    Keys,
    /// `values(map)`.
    Values,
    /// `min(list)`.
    Min,
    /// `max(list)`.
    Max,
    /// `sum(list)`.
    Sum,
    /// `exists(value, "field")`: whether a field or key is there.
    Exists,
    /// `basename(path)`.
    Basename,
    /// `dirname(path)`.
    Dirname,
    /// `lines(text)`.
    Lines,
    /// A value encoded for the part of a URL that it stands in: `host`, `path` or `query` as the
    /// second argument. Has no name in the language; a URL's interpolation lowers to it.
    UrlPart,
}
