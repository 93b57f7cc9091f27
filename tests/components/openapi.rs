//! A part of a large `OpenAPI` description: Prism takes much less time and memory to read it.

use serde_json::{Map, Value, json};

/// The description with only the paths that begin so, and the components that they name. Nothing in them is changed.
pub(crate) fn part(whole: &Value, begins: &[&str]) -> Value {
    let wanted = |path: &str| begins.iter().any(|begin| path.starts_with(begin));
    let paths = whole["paths"].as_object().unwrap().iter().filter(|(path, _)| wanted(path));
    let paths: Map<_, _> = paths.map(|(path, what)| (path.clone(), what.clone())).collect();
    let mut part = json!({ "openapi": whole["openapi"], "info": whole["info"], "components": {} });
    let mut open = vec![Value::Object(paths.clone())];
    while let Some(value) = open.pop() {
        for name in names(&value) {
            let (kind, name) = name.split_once('/').unwrap();
            if part["components"][kind][name].is_null() {
                let component = whole["components"][kind][name].clone();
                open.push(component.clone());
                part["components"][kind][name] = component;
            }
        }
    }
    part["paths"] = Value::Object(paths);
    part
}

/// The components that a value names, as `schemas/workflow-run`.
fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(names).collect(),
        Value::Object(fields) => {
            let own = fields
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|name| name.strip_prefix("#/components/"));
            own.map(str::to_owned).into_iter().chain(fields.values().flat_map(names)).collect()
        }
        _ => vec![],
    }
}
