//! A run as the journal lists it: what is known of it beside its events.

use crate::plan::Plan;

/// A run to be made.
#[derive(Debug)]
pub struct NewRun<'a> {
    /// Title of the runbook.
    pub title: String,
    /// Its plan.
    pub plan: &'a Plan,
    /// The files it was made of, by name.
    pub sources: Vec<(String, String)>,
}

/// A run as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunInfo {
    /// Its short id.
    pub id: String,
    /// Title of the runbook.
    pub title: String,
    /// When it was made, UTC.
    pub created: String,
    /// How it stood when a process last left it.
    pub status: String,
    /// Salt of the fingerprints of its secrets.
    pub salt: String,
    pub(super) key: i64,
}
