//! Leaves of a value as JSON, and what may stand there instead.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Values that stand under a name somewhere, by that name: what an empty place may hold.
#[derive(Debug, Default)]
pub(crate) struct Pool(BTreeMap<String, Vec<Value>>);

/// Words of enums that carry nothing.
const WORDS: &[&str] = &[
    "Looks",
    "Changes",
    "Asks",
    "Sequence",
    "Exit",
    "Stdout",
    "Stderr",
    "Status",
    "Body",
    "Headers",
    "Answer",
    "File",
    "Text",
    "Int",
    "Bool",
    "BeforeRollback",
    "AfterRun",
    "Or",
    "And",
    "Eq",
    "Ne",
    "Lt",
    "Trim",
    "Lower",
    "Irreversible",
    "Unanswered",
    "Manual",
    "Beat",
    "Prompt",
    "Block",
    "Call",
    "Commit",
];

impl Pool {
    /// Takes in all that stands in a value.
    pub(crate) fn fill(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (name, inner) in fields {
                    let known = self.0.entry(name.clone()).or_default();
                    if !inner.is_null() && known.len() < 6 && !known.contains(inner) {
                        known.push(inner.clone());
                    }
                    self.fill(inner);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.fill(item)),
            _ => {}
        }
    }

    /// What may stand at a place instead of what stands there.
    pub(crate) fn instead(&self, pointer: &str, now: &Value) -> Vec<Value> {
        let name = pointer.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap_or_default();
        let known = self.0.get(name).cloned().unwrap_or_default();
        let own = match now {
            Value::Bool(yes) => vec![json!(!yes)],
            Value::Number(number) => {
                let number = number.as_f64().unwrap();
                vec![json!(now.as_u64().map(|now| now + 1)), json!(number + 0.5)]
            }
            Value::String(text) => {
                let words = WORDS.iter().map(|word| json!(word));
                [json!(format!("{text}x")), json!("9.9.9")].into_iter().chain(words).collect()
            }
            Value::Array(items) => {
                let fewer: Vec<Value> = items.iter().skip(1).cloned().collect();
                let more: Vec<Value> = items.iter().chain(items.first()).cloned().collect();
                let added = known.iter().filter_map(|other| other.as_array()?.first());
                let added = added.map(|one| items.iter().cloned().chain([one.clone()]).collect());
                let numbered = items.iter().cloned().chain([json!(3)]).collect();
                [json!(fewer), json!(more), numbered].into_iter().chain(added).collect()
            }
            Value::Null => vec![
                json!(true),
                json!(3),
                json!("text"),
                json!({ "Const": { "Text": "more" } }),
                json!({ "Json": { "Const": { "Text": "more" } } }),
            ],
            Value::Object(_) => vec![],
        };
        own.into_iter().chain(known).filter(|other| other != now).collect()
    }
}

/// Pointers to every leaf and every list in a value.
pub(crate) fn leaves(value: &Value) -> Vec<String> {
    let mut found = vec![];
    gather(value, String::new(), &mut found);
    found
}

fn gather(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                gather(inner, format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            found.push(at.clone());
            items.iter().enumerate().for_each(|(index, inner)| gather(inner, format!("{at}/{index}"), found));
        }
        _ => found.push(at),
    }
}

/// The value with another at a place.
pub(crate) fn with(value: &Value, pointer: &str, other: Value) -> Value {
    let mut changed = value.clone();
    *changed.pointer_mut(pointer).unwrap() = other;
    changed
}
