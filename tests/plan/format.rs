//! The stored form of a plan cannot change unnoticed: its shape is a snapshot named by its version.

use std::collections::{BTreeMap, BTreeSet};

use bowline::plan::{FORMAT, Plan};
use serde_json::Value;

use super::random::compiled;
use super::root;

/// Which members stand under which name, and of what kind; a list is told by what it holds.
#[derive(Default)]
struct Shape(BTreeMap<String, BTreeSet<String>>);

impl Shape {
    fn add(&mut self, name: &str, value: &Value) {
        let known = self.0.entry(name.to_owned()).or_default();
        match value {
            Value::Object(fields) => {
                // Names that an author chose are no part of the shape.
                let chosen = ["Map", "Json"].contains(&name);
                if chosen {
                    known.insert("{chosen names}".to_owned());
                } else {
                    known.insert(format!("{{{}}}", fields.keys().cloned().collect::<Vec<_>>().join(" ")));
                }
                fields.iter().for_each(|(field, inner)| self.add(field, inner));
            }
            Value::Array(items) => {
                known.insert("[]".to_owned());
                items.iter().for_each(|item| self.add(name, item));
            }
            Value::String(text) => {
                let word = text.chars().next().is_some_and(char::is_uppercase)
                    && text.chars().all(char::is_alphabetic);
                known.insert(if word && VARIANTS.contains(&name) { text.clone() } else { "text".to_owned() });
            }
            Value::Number(_) => _ = known.insert("number".to_owned()),
            Value::Bool(_) => _ = known.insert("bool".to_owned()),
            Value::Null => _ = known.insert("null".to_owned()),
        }
    }

    fn told(&self) -> String {
        let line = |(name, members): (&String, &BTreeSet<String>)| {
            format!("{name}: {}\n", members.iter().cloned().collect::<Vec<_>>().join(" | "))
        };
        self.0.iter().map(line).collect()
    }
}

/// Where a word is one of an enum's.
const VARIANTS: &[&str] = &[
    "class", "mode", "role", "when", "undo", "kind", "op", "Mark", "from", "response", "ty", "Binary",
    "Unary", "Call",
];

/// Members that no runbook of the tests holds, each with the reason.
const UNSEEN: &[&str] = &[];

fn plans() -> Vec<Plan> {
    ["tests/plan/every_kind.runbook", "tests/plan/more.runbook", "runbooks/memoria/self-managed-ga.runbook"]
        .map(|file| compiled(&std::fs::read_to_string(root().join(file)).unwrap(), file))
        .into()
}

#[test]
fn the_shape_of_a_stored_plan_is_that_of_its_version() {
    let mut shape = Shape::default();
    plans().iter().for_each(|plan| shape.add("plan", &serde_json::to_value(plan).unwrap()));
    // A change here breaks runs that are stored: raise `plan::FORMAT`, or make it one that old plans fit.
    insta::assert_snapshot!(format!("stored_plan_{FORMAT}"), shape.told());
}

/// A member of the plan's types that the shape does not show would escape it.
#[test]
fn the_shape_shows_every_member() {
    let mut shape = Shape::default();
    plans().iter().for_each(|plan| shape.add("plan", &serde_json::to_value(plan).unwrap()));
    let told = shape.told();
    let words: BTreeSet<&str> = told.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let mut missing = vec![];
    for file in ["mod", "group", "effect"] {
        let text = std::fs::read_to_string(root().join(format!("src/plan/{file}.rs"))).unwrap();
        missing.extend(members(&text).into_iter().filter(|member| !words.contains(member.as_str())));
    }
    missing.retain(|member| !UNSEEN.contains(&member.as_str()));
    assert!(missing.is_empty(), "no runbook of the tests holds {missing:?}");
}

/// Names of fields and variants of the types that are stored.
fn members(source: &str) -> Vec<String> {
    let member = regex::Regex::new(r"^ {4,8}(?:pub )?([A-Za-z_]+)(?:: .*,|\(.*\),| \{|,)$").unwrap();
    let (mut found, mut stored, mut inside) = (vec![], false, false);
    for line in source.lines() {
        stored |= line.starts_with("#[derive") && line.contains("Serialize");
        if line.starts_with("pub struct") || line.starts_with("pub enum") {
            (inside, stored) = (stored, false);
        }
        inside &= line != "}";
        let name = member.captures(line).filter(|_| inside).map(|captures| captures[1].to_owned());
        found.extend(name);
    }
    found
}
