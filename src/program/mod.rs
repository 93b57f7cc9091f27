//! The program: a tree whose names are resolved and whose types are checked.
//!
//! Knows statements only through their [`Schema`]s, which `forms` hands in; a new kind passes
//! through here unseen. What is resolved cannot hold anything unresolved: expressions are
//! [`crate::value::Expr`], statements point at their schema, calls at their definition.

mod input;
mod schema;
mod stmt;

pub use input::{Link, ResolveInput, Unit, Use, UseKind, uses};
pub use schema::{BlockOf, Flow, OptionSpec, Part, Place, Schema, SlotKind, TailOf};
pub use stmt::{
    Arg, Bind, Call, Def, DefId, DefKind, Form, Given, Input, InputSource, Operand, Param, Program, Stmt,
    Tail, Variable, Word,
};
