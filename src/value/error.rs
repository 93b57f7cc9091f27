//! Why an expression has no value.

use super::VarId;
use crate::text::Span;

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EvalError {
    /// What happened, in the user's words; never holds a secret.
    pub message: String,
    /// The innermost place that is known.
    pub span: Option<Span>,
    /// The variable that has no value, where that is why.
    pub missing: Option<VarId>,
}

impl EvalError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), span: None, missing: None }
    }

    /// A variable that nothing has bound. Whoever knows its name tells it.
    pub(super) fn missing(var: VarId) -> Self {
        Self { missing: Some(var), ..Self::new("this has no value yet") }
    }

    pub(super) fn at(self, span: Option<Span>) -> Self {
        Self { span: self.span.or(span), ..self }
    }
}

impl From<String> for EvalError {
    fn from(message: String) -> Self {
        Self::new(message)
    }
}
