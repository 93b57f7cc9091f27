//! The text that an approval asks people to sign: everything that they decide about, readable, one form for each.

use std::fmt::Write as _;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::Needed;
use super::layout::{HEAD, RULE, one_line};
use crate::value::hex;

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Id of the run.
    pub run: String,
    /// Title and version of the runbook.
    pub runbook: String,
    /// Digest of the plan.
    pub plan: String,
    /// Titles down to the approval.
    pub path: Vec<String>,
    /// What tells this request from every other, of whatever run: see [`request_id`].
    pub id: String,
    /// Since when it is asked.
    pub asked: Timestamp,
    /// Who drives the run.
    pub operator: String,
    /// Until when it is asked, if there is an end.
    pub expires: Option<Timestamp>,
    /// Who is needed.
    pub needed: Needed,
    /// Inputs of the run, name and value; secrets by a word.
    pub inputs: Vec<(String, String)>,
    /// The prose beside the question.
    pub prose: Option<String>,
    /// What is shown.
    pub showing: Option<String>,
}

/// Tells one request from every other: derived from the run's secret salt, the effect and the event it begins with,
/// so that nobody knows it before it is asked, and the next attempt has another.
#[must_use]
pub fn request_id(salt: &str, effect: u64, seq: u64) -> String {
    let digest = Sha256::digest(format!("bowline approval\0{salt}\0{effect}\0{seq}"));
    hex(digest.get(..16).unwrap_or_default())
}

impl Request {
    /// The text, down to the rule under which a signer writes.
    #[must_use]
    pub fn text(&self) -> String {
        let expires = self.expires.map_or_else(|| "never".to_owned(), |at| at.to_string());
        let fields = [
            ("run", self.run.clone()),
            ("runbook", self.runbook.clone()),
            ("plan", format!("sha256:{}", self.plan)),
            ("approval", self.path.join(" / ")),
            ("request", self.id.clone()),
            ("asked", format!("{} by {}", self.asked, self.operator)),
            ("expires", expires),
            ("needed", self.needed.to_string()),
        ];
        let mut text = format!("{HEAD}\nAll of this is signed. Write only below the rule.\n\n");
        for (name, value) in fields {
            let _ = writeln!(text, "{name:<10}{}", one_line(&value));
        }
        let inputs = self.inputs.iter().map(|(name, value)| format!("{name} = {}", one_line(value)));
        section(&mut text, "inputs", &inputs.collect::<Vec<_>>().join("\n"));
        section(&mut text, "says", self.prose.as_deref().unwrap_or_default());
        section(&mut text, "shown", self.showing.as_deref().unwrap_or_default());
        text + RULE + "\n"
    }
}

/// A text of several lines, each behind a bar: none of them can pass for one of ours.
fn section(text: &mut String, name: &str, body: &str) {
    if body.is_empty() {
        return;
    }
    let _ = writeln!(text, "{name}");
    for line in body.lines() {
        let _ = writeln!(text, "  | {}", one_line(line));
    }
}

/// What stands behind a name at the beginning of a line, in a request or in what follows it.
#[must_use]
pub fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let behind = |line: &'t str| line.strip_prefix(name)?.strip_prefix(' ').map(str::trim);
    text.lines().take_while(|line| *line != RULE).find_map(behind)
}
