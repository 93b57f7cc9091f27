//! Why an expression has no value.

use crate::text::Span;

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EvalError {
    /// What happened, in the user's words; never holds a secret.
    pub message: String,
    /// The innermost place that is known.
    pub span: Option<Span>,
}

impl EvalError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), span: None }
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
