//! The in-toto statement of a pack: its files by hash, and what its events say of the run.
//!
//! All of it follows from the other files, so whoever verifies a pack makes it again and compares.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What an in-toto statement calls itself.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// What the predicate is: `docs/evidence.md`.
pub const PREDICATE_TYPE: &str = "urn:bowline:evidence:v1";

/// So many events are listed one by one. Of a longer run each event counts for the chain's head all the same, but
/// which one was changed cannot be told.
pub(super) const LISTED: usize = 200_000;

/// The statement of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Statement {
    /// [`STATEMENT_TYPE`].
    #[serde(rename = "_type")]
    pub kind: String,
    /// The files, in their order in the pack.
    pub subject: Vec<Subject>,
    /// [`PREDICATE_TYPE`].
    pub predicate_type: String,
    /// What is said of them.
    pub predicate: Predicate,
}

/// A file of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Its name in the pack's folder.
    pub name: String,
    /// Its hash.
    pub digest: Sha256Digest,
}

/// A digest set with one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sha256Digest {
    /// Lower-case hex.
    pub sha256: String,
}

/// What is said of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Predicate {
    /// The run.
    pub run: RunFacts,
    /// Its events.
    pub events: EventFacts,
}

/// The run as its events tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunFacts {
    /// Its short id.
    pub id: String,
    /// Title of the runbook.
    pub title: String,
    /// Version of the runbook.
    pub version: String,
    /// Digest of the plan.
    pub plan: String,
    /// `completed`, `rolled-back`, `failed-kept`; of a run that is not over `stuck`, `waiting` or `open`.
    pub end: String,
    /// The name of the end, or the reason for it or for the wait.
    pub reason: Option<String>,
    /// When it began.
    pub began: Timestamp,
    /// When its last event was recorded.
    pub last: Timestamp,
    /// Who drove it.
    pub operators: Vec<String>,
    /// The versions of bowline that drove it.
    pub bowline: Vec<String>,
}

/// The events of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventFacts {
    /// How many.
    pub count: u64,
    /// Lower-case hex of the last hash of their chain.
    pub head: String,
    /// SHA-256 of the body of each, in order; left out of a very long run.
    pub sha256: Option<Vec<String>>,
}

impl RunFacts {
    /// Whether the run goes on after what the pack holds.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.end.as_str(), "stuck" | "waiting" | "open")
    }
}

impl Statement {
    /// The statement about a run and the files of its pack.
    pub(super) fn of(run: RunFacts, events: EventFacts, files: impl IntoIterator<Item = Subject>) -> Self {
        Self {
            kind: STATEMENT_TYPE.into(),
            subject: files.into_iter().collect(),
            predicate_type: PREDICATE_TYPE.into(),
            predicate: Predicate { run, events },
        }
    }

    /// As it stands in a pack.
    #[must_use]
    pub fn text(&self) -> String {
        // Texts and numbers are JSON; were they not, the text would not be read again.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The statement of a text; else why it is none.
    pub(super) fn read(text: &[u8]) -> Result<Self, String> {
        let json: serde_json::Value = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        let kind = json.get("predicateType").and_then(serde_json::Value::as_str).unwrap_or_default();
        if kind != PREDICATE_TYPE {
            return Err(format!("its predicate is `{kind}`, and this bowline knows `{PREDICATE_TYPE}`"));
        }
        let statement: Self = serde_json::from_value(json).map_err(|error| error.to_string())?;
        if statement.text().as_bytes() != text {
            return Err("it was changed: bowline does not write it so".into());
        }
        Ok(statement)
    }
}
