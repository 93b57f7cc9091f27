//! What the looks of a plan answered, outside of any run: as data, and as rows that every format draws.

use serde::Serialize;

use super::tell::is_unwritten_name;
use crate::plan::{Loop, Op, Plan};
use crate::probe::{Answer, Look, Probe};
use crate::value::show;
use crate::view::columns::cut;

/// Columns of a value in a row.
const VALUE: usize = 60;

/// A look, and what it answered.
#[derive(Debug, Serialize)]
pub struct LookItem {
    /// The titles that lead to it.
    pub path: String,
    /// `check`, `step` (its `done when`), `guard` or `look`.
    pub kind: &'static str,
    /// `passed`, `failed`, `inconclusive`, `in place`, `not in place` or `not asked`.
    pub answer: &'static str,
    /// Why it failed, gave no answer or was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What it gave.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Given>,
    /// Whether a run changes something before it comes to it: then it decides nothing in this plan.
    pub later: bool,
}

/// A value that a look gave.
#[derive(Debug, Serialize)]
pub struct Given {
    /// Its name.
    pub name: String,
    /// As shown.
    pub value: String,
}

/// The looks of a probe, told.
#[must_use]
pub fn looks_told(plan: &Plan, probe: &Probe) -> Vec<LookItem> {
    probe.looks.iter().map(|look| told(plan, look)).collect()
}

fn told(plan: &Plan, look: &Look) -> LookItem {
    let (answer, why) = match &look.answer {
        Answer::Passed => ("passed", None),
        Answer::InPlace => ("in place", None),
        Answer::NotInPlace => ("not in place", None),
        Answer::Failed(why) => ("failed", Some(why.clone())),
        Answer::Inconclusive(why) => ("inconclusive", Some(why.clone())),
        Answer::NotAsked(why) => ("not asked", Some(why.clone())),
    };
    let given = look.values.iter().filter_map(|(var, value)| {
        let name = plan.var(*var)?.name.clone();
        let plumbing = name.contains('.') || is_unwritten_name(&name);
        (!plumbing).then(|| Given { name, value: show(value) })
    });
    LookItem {
        path: look.path.join(" / "),
        kind: kind(plan, look),
        answer,
        why,
        values: given.collect(),
        later: look.later,
    }
}

fn kind(plan: &Plan, look: &Look) -> &'static str {
    match plan.op(look.node) {
        Some(Op::Loop(looped)) if matches!(**looped, Loop::Poll { .. }) => "check",
        Some(Op::Group(_)) if plan.step(look.node).is_some() => "step",
        Some(Op::Group(_)) => "guard",
        _ => "look",
    }
}

impl LookItem {
    /// Whether a run that began now would find that not as it should be, or could not tell.
    #[must_use]
    pub fn is_against(&self) -> bool {
        !self.later && matches!(self.answer, "failed" | "inconclusive")
    }
}

/// The looks as rows: which, and what it answered. Those that were asked, and those that were not.
pub(super) fn rows(looks: &[LookItem]) -> [(&'static str, Vec<[String; 2]>); 2] {
    let (not_asked, asked): (Vec<&LookItem>, Vec<&LookItem>) =
        looks.iter().partition(|look| look.answer == "not asked");
    let rows = |looks: Vec<&LookItem>| looks.into_iter().map(row).collect();
    [("What looks answer now", rows(asked)), ("Looks that were not asked", rows(not_asked))]
}

fn row(look: &LookItem) -> [String; 2] {
    let mut answer = if look.answer == "not asked" { String::new() } else { look.answer.to_owned() };
    if let Some(why) = &look.why {
        answer += if answer.is_empty() { "" } else { ": " };
        answer += why;
    }
    for Given { name, value } in &look.values {
        answer += &format!("; {name} = {}", cut(&value.replace('\n', " "), VALUE));
    }
    if look.later && look.answer != "not asked" {
        answer += "; a run changes something before it comes here";
    }
    let path = if look.path.is_empty() { look.kind.to_owned() } else { look.path.clone() };
    [path, answer]
}
