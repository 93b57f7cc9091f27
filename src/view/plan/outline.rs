//! The outline of a plan: what a reader is told, as data. Text and JSON are drawn from it alone.
//!
//! Its JSON form is `docs/schemas/bowline-plan-1.json`; within a version a field is only ever added.

use serde::Serialize;

use super::failures::{self, Failure};
use super::item::{Item, StepRef, placed};
use super::lasting::{Lasting, lasting};
use super::probe::LookItem;
use super::tell::Teller;
use super::words::Known;
use crate::plan::{Input, InputSource, Plan};

/// Up to so many points of failure are told unasked: each takes a walk over the plan.
const FEW_POINTS: usize = 100;

/// A plan, told.
#[derive(Debug, Serialize)]
pub struct Outline {
    /// `bowline-plan/1`.
    pub format: &'static str,
    /// Title of the runbook.
    pub title: String,
    /// Its version.
    pub version: String,
    /// The prose under its title, where all prose is told.
    #[serde(skip)]
    pub prose: Option<String>,
    /// Digest of the plan.
    pub digest: String,
    /// How many steps.
    pub steps: usize,
    /// How many of them change the world.
    pub changing: usize,
    /// How many questions to people are written, approvals and manual steps among them.
    pub questions: usize,
    /// Titles of the approvals, each with who must give it.
    pub approvals: Vec<String>,
    /// Title of the commit, if there is one.
    pub point_of_no_return: Option<String>,
    /// The steps that cannot be undone.
    pub irreversible: Vec<StepRef>,
    /// How long a run lasts.
    pub lasting: Lasting,
    /// The inputs.
    pub inputs: Vec<InputItem>,
    /// The tree.
    pub items: Vec<Item>,
    /// How many points of failure there are.
    pub points_of_failure: usize,
    /// What each would undo, neighbours with the same answer taken together; left out where there are many and
    /// nobody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failures: Option<Vec<Failure>>,
    /// What its looks answered, where they were asked (`plan --probe`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looks: Option<Vec<LookItem>>,
}

/// An input, told.
#[derive(Debug, Serialize)]
pub struct InputItem {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: String,
    /// Its value as shown, if known; a secret's never is.
    pub value: Option<String>,
    /// Where it comes from when not given.
    pub from: Option<String>,
    /// What a person is told.
    pub description: Option<String>,
}

/// Tells a plan, with what is known. `full` tells every point of failure, however many.
#[must_use]
pub fn outline<'a>(plan: &'a Plan, known: Known<'a>, full: bool) -> Outline {
    told(plan, known, full, false)
}

/// The same with all prose where it stands, that of phases and steps too, for people who follow it by hand.
#[must_use]
pub fn outline_with_prose<'a>(plan: &'a Plan, known: Known<'a>) -> Outline {
    let mut outline = told(plan, known, false, true);
    if let Some(prose) = &plan.prose {
        (outline.prose, outline.items) = placed(prose, std::mem::take(&mut outline.items));
    }
    outline
}

fn told<'a>(plan: &'a Plan, known: Known<'a>, full: bool, all_prose: bool) -> Outline {
    let inputs = plan.inputs.iter().map(|input| input_item(plan, &known, input)).collect();
    let mut teller = Teller::new(plan, known);
    teller.all_prose = all_prose;
    let items = teller.run();
    let lasting = lasting(plan, &teller.known);
    let told = teller.told;
    let wanted = full || told.points.len() <= FEW_POINTS;
    Outline {
        format: "bowline-plan/1",
        title: plan.title.clone(),
        version: plan.version.to_string(),
        prose: None,
        digest: plan.digest.clone(),
        steps: told.steps.len(),
        changing: told.changing,
        questions: told.questions,
        approvals: told.approvals.clone(),
        point_of_no_return: told.commit.clone(),
        irreversible: told.irreversible.clone(),
        lasting,
        inputs,
        items,
        points_of_failure: told.points.len(),
        failures: wanted.then(|| failures::failures(plan, &told)),
        looks: None,
    }
}

fn input_item(plan: &Plan, known: &Known<'_>, input: &Input) -> InputItem {
    let variable = plan.var(input.var);
    let secret = variable.is_some_and(|variable| variable.secret);
    InputItem {
        name: variable.map(|variable| variable.name.clone()).unwrap_or_default(),
        ty: variable.map(|variable| variable.ty.to_string()).unwrap_or_default(),
        value: known.value(input.var).filter(|_| !secret),
        from: input.from.as_ref().map(|from| source(known, from)),
        description: input.description.clone(),
    }
}

fn source(known: &Known<'_>, from: &InputSource) -> String {
    match from {
        InputSource::Env(name) => format!("env {name}"),
        InputSource::File(path) => format!("file {}", known.show(path)),
        InputSource::Command(words) => {
            let words: Vec<_> = words.iter().map(|word| known.word(word, false)).collect();
            format!("command {}", words.join(" "))
        }
        InputSource::Prompt => "prompt".to_owned(),
    }
}
