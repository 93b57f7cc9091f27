//! The lines of an outline, as data.

use serde::Serialize;

/// A step, named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepRef {
    /// Its number in the tree, from 1.
    pub number: usize,
    /// Its title.
    pub title: String,
}

/// A line of the tree with what is below it.
#[derive(Debug, Default, Serialize)]
pub struct Item {
    /// `step`, `run`, `check`, `rollback`, `commit`, …
    pub kind: &'static str,
    /// Number of a step, from 1 in the order of the tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<usize>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its one line: a command, a request, a condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The target where a step or an effect is done; left out where it is this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// `reads`, `changes` or `asks`, of a step `irreversible` too; empty where it says nothing.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub class: &'static str,
    /// Options as shown: `within 10m`, `retry 3`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Names that its answer gets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub binds: Vec<String>,
    /// A script, verbatim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script: Option<String>,
    /// The prose beside it, where a person acts or decides by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prose: Option<String>,
    /// What is in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
}
