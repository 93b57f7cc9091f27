//! How loud lints are, as `bowline.toml` says.

use std::collections::BTreeMap;

use crate::diag::{Diagnostic, Severity};

/// How loud a lint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Not reported.
    Allow,
    /// A warning.
    Warn,
    /// An error: the runbook does not check.
    Deny,
}

/// Levels by the code of the lint (`W0401`); errors cannot be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels(pub BTreeMap<String, Level>);

impl Levels {
    /// The report as loud as it should be; `None` where it is not wanted.
    pub(super) fn apply(&self, diagnostic: Diagnostic) -> Option<Diagnostic> {
        if diagnostic.severity == Severity::Error {
            return Some(diagnostic);
        }
        match self.0.get(diagnostic.code.id) {
            Some(Level::Allow) => None,
            Some(Level::Deny) => Some(Diagnostic { severity: Severity::Error, ..diagnostic }),
            Some(Level::Warn) | None => Some(diagnostic),
        }
    }
}
