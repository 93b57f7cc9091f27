//! Which question an entry seems to be meant for, where its way down to it is not whole or is misspelt.

use super::{Answers, Entry, Found};
use crate::run::Answered;
use crate::text::nearest;

/// A shorter way down is too near to everything.
const SUGGESTIBLE: usize = 3;

impl Answers {
    /// Why there is no answer to a question where an entry stands under the end of its way alone.
    pub(super) fn too_short(&self, key: &[String], kind: &Answered) -> Found {
        let ends_so = |entry: &&Entry| ends(key, &entry.path) && entry.answers(kind);
        let Some(entry) = self.entries.iter().find(ends_so) else { return Found::Nothing };
        let (line, path) = (entry.line, entry.path.join(" › "));
        let why = format!("the way down to the question is longer; did you mean {}?", table(key));
        Found::Wrong(format!("{}:{line}: {path}: {why}", self.file))
    }

    /// The questions without an answer that an entry may have been meant for: those whose way ends so, else the one whose way
    /// is spelt nearly so.
    pub(super) fn meant(&self, entry: &Entry) -> String {
        let mut meant: Vec<String> =
            self.unanswered.iter().filter(|key| ends(key, &entry.path)).map(|key| table(key)).collect();
        let written = entry.path.join("\n");
        if meant.is_empty() && written.chars().count() >= SUGGESTIBLE {
            let all: Vec<String> = self.unanswered.iter().map(|key| key.join("\n")).collect();
            let near = nearest(&written, all.iter().map(String::as_str));
            let near = self.unanswered.iter().zip(&all).find(|(_, written)| Some(written.as_str()) == near);
            meant.extend(near.map(|(key, _)| table(key)));
        }
        meant.dedup();
        if meant.is_empty() { String::new() } else { format!("; did you mean {}?", meant.join(" or ")) }
    }
}

/// Whether a way down is longer than another one and ends as that does.
fn ends(key: &[String], path: &[String]) -> bool {
    key.len() > path.len() && key.ends_with(path)
}

/// A way down as the head of a table.
fn table(key: &[String]) -> String {
    let quoted = key.iter().map(|title| serde_json::Value::from(title.as_str()).to_string());
    format!("[{}]", quoted.collect::<Vec<_>>().join("."))
}
