//! Values, their types, secrets, and the pure evaluation of expressions.
//!
//! Knows no statement and no host: an [`Expr`] has its names resolved to [`VarId`]s and can be
//! evaluated with nothing but a [`Scope`]. Reads no clock and no environment.

mod call;
mod convert;
mod data;
mod decimal;
mod error;
mod eval;
mod expr;
pub mod functions;
mod hollow;
mod jq;
mod jq_fuel;
mod jq_limits;
mod json;
mod literal;
mod number;
mod operators;
mod pattern;
#[cfg(test)]
mod properties;
mod show;
mod taint;
#[cfg(test)]
mod tests;
mod types;
mod walk;

pub use convert::{UNNAMED, coerce, convert};
pub use data::{Artifact, DEEPEST, Secret, Value};
pub use decimal::Decimal;
pub use error::EvalError;
pub use eval::{Layered, Scope, eval};
pub use expr::{BinaryOp, Expr, Function, Piece, VarId};
pub use hollow::{Part, filled, hollow, lacking, part_at};
pub use jq::check_jq;
pub use json::{from_json, to_json};
pub use literal::{literal, unit_meant};
pub use pattern::check_regex;
pub use show::{MASKED, hex, shell_word, show};
pub use taint::holds_secret;
pub use types::Type;
