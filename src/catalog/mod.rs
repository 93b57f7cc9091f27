//! What the files inside the binary offer: of a runbook its inputs, of a module its checks and steps.
//!
//! Knows the tree as written, and resolves nothing: a type or a default is shown as its author wrote it.

mod read;
pub mod templates;

use serde::Serialize;

use crate::compile::Bundled;
use crate::compile::bundled::{RUNBOOKS, STDLIB};

/// What one file inside the binary offers.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Card {
    /// It is a runbook.
    Runbook(Runbook),
    /// It is a module.
    Module(Module),
}

/// A bundled runbook.
#[derive(Clone, Debug, Serialize)]
pub struct Runbook {
    /// What `bowline run` takes: `area/name`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Its prose, Markdown; empty if there is none.
    pub prose: String,
    /// Its inputs in order.
    pub inputs: Vec<Input>,
}

/// An input of a runbook, or a parameter of a check or step.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Its type as written.
    #[serde(rename = "type")]
    pub ty: String,
    /// What it is when not given, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// What stands after the type: `from env "TOKEN"`, `where (…)`, as written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub clauses: String,
    /// What it is, in words; empty if nobody said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// A module.
#[derive(Clone, Debug, Serialize)]
pub struct Module {
    /// What `use` takes: `std/name`; a module beside bundled runbooks is called `area/name`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its prose, Markdown; empty if there is none.
    pub prose: String,
    /// Its checks and steps in order.
    pub exports: Vec<Export>,
}

/// A check or step of a module.
#[derive(Clone, Debug, Serialize)]
pub struct Export {
    /// Which of the two.
    pub kind: Kind,
    /// Its name within the module.
    pub name: String,
    /// Name, parameters and what it gives, as written, on one line.
    pub signature: String,
    /// Its parameters in order.
    pub params: Vec<Input>,
    /// The type of what it gives, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returns: Option<String>,
    /// The comment above it; empty if there is none.
    pub doc: String,
}

/// What a module exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It only looks.
    Check,
    /// It changes the world, and says how that is undone.
    Step,
}

impl Kind {
    /// The keyword.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Step => "step",
        }
    }
}

impl Card {
    /// What the file offers; `None` for one that begins neither as a runbook nor as a module.
    #[must_use]
    pub fn of(bundled: &Bundled) -> Option<Self> {
        read::card(bundled)
    }
}

/// Every bundled runbook, by name.
#[must_use]
pub fn runbooks() -> Vec<Runbook> {
    let cards = RUNBOOKS.iter().filter_map(Card::of);
    cards.filter_map(|card| if let Card::Runbook(runbook) = card { Some(runbook) } else { None }).collect()
}

/// Every module of the standard library, by name.
#[must_use]
pub fn stdlib() -> Vec<Module> {
    let cards = STDLIB.iter().filter_map(Card::of);
    cards.filter_map(|card| if let Card::Module(module) = card { Some(module) } else { None }).collect()
}

/// The first sentence of a text, on one line.
#[must_use]
pub fn first_sentence(text: &str) -> String {
    let paragraph = text.trim().split("\n\n").next().unwrap_or_default();
    let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = line.match_indices(". ").map(|(at, _)| at + 1).next();
    end.and_then(|end| line.get(..end)).unwrap_or(&line).to_owned()
}
