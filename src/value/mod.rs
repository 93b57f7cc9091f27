//! Values, their types, secrets, and the pure evaluation of expressions.
//!
//! Knows no statement and no host: an [`Expr`] has its names resolved to [`VarId`]s and can be
//! evaluated with nothing but a [`Scope`]. Reads no clock and no environment.

mod data;
mod eval;
mod expr;
mod types;
pub use eval::{EvalError, Scope, eval, from_json, show};

pub use data::{Artifact, Secret, Value};
pub use expr::{BinaryOp, Expr, Function, Piece, VarId};
pub use types::Type;
