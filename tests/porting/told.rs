//! What a plan does, as a list: its steps in their order, each with title, commands and prose.

use std::collections::HashMap;

use crate::root;
use bowline::compile::{Compiled, Entry, LoadError, Loader, Setting, bundled, compile, compile_from};
use bowline::view::plan::{Item, Known, Outline, outline_with_prose};

/// One file, under the name `a.runbook`.
struct One(Vec<u8>);

impl Loader for One {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let found = (path == "a.runbook").then(|| self.0.clone());
        found.ok_or_else(|| LoadError::Unreadable("not there".to_owned()))
    }
}

pub(crate) fn compiled(text: &str) -> Compiled {
    compile(&One(text.as_bytes().to_vec()), "a.runbook")
}

/// The outline of a text, with its prose.
pub(crate) fn outlined(compiled: &Compiled) -> Outline {
    let plan = compiled.plan.as_ref().unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics));
    outline_with_prose(plan, Known::new(plan, HashMap::new()))
}

/// Every bundled runbook by its name, with its outline; nothing is given to it.
pub(crate) fn all() -> Vec<(String, Outline)> {
    let mut found = vec![];
    for area in std::fs::read_dir(root().join("runbooks")).unwrap() {
        for file in std::fs::read_dir(area.unwrap().path()).unwrap().map(Result::unwrap) {
            let (path, text) = (file.path(), std::fs::read_to_string(file.path()).unwrap());
            let name =
                path.strip_prefix(root().join("runbooks")).unwrap().with_extension("").display().to_string();
            if text.lines().any(|line| line.starts_with("runbook ")) {
                let bundled = bundled::named(&name).unwrap();
                let compiled = compile_from(&One(vec![]), Entry::Bundled(bundled), &Setting::default());
                found.push((name, outlined(&compiled)));
            }
        }
    }
    found
}

/// A step as a reader has it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) title: String,
    pub(crate) commands: Vec<String>,
    pub(crate) undo: Vec<String>,
    pub(crate) prose: String,
}

/// All prose of a step on its way forward.
fn prose(step: &Item) -> String {
    let later = step.items.iter().filter(|inner| !is_aside(inner)).map(prose);
    step.prose.iter().cloned().chain(later).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The steps of a plan in their order.
pub(crate) fn steps(items: &[Item]) -> Vec<Step> {
    let mut found = vec![];
    walk(items, &mut found);
    found
}

fn walk(items: &[Item], found: &mut Vec<Step>) {
    for item in items {
        if !matches!(item.kind, "step" | "manual") {
            walk(&item.items, found);
            continue;
        }
        let forward: Vec<&Item> = item.items.iter().filter(|inner| !is_aside(inner)).collect();
        let undo = item.items.iter().filter(|inner| matches!(inner.kind, "rollback" | "restore"));
        found.push(Step {
            title: item.title.clone().unwrap(),
            commands: forward.iter().flat_map(|inner| commands(inner)).collect(),
            undo: undo.flat_map(commands).collect(),
            prose: prose(item),
        });
    }
}

fn is_aside(item: &Item) -> bool {
    matches!(item.kind, "rollback" | "restore" | "done when")
}

/// Commands, scripts and requests below an item, as they are written.
fn commands(item: &Item) -> Vec<String> {
    let own = match item.kind {
        // A check is told to people in words: it comes back as a remark.
        "check" => return vec![],
        "run" | "http" => item.text.clone(),
        "script" => item.script.clone(),
        _ => None,
    };
    own.map(|text| names(text.trim_end())).into_iter().chain(item.items.iter().flat_map(commands)).collect()
}

/// What is filled in later, by its name as an input may have it.
fn names(text: &str) -> String {
    let mut all = String::new();
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once('⟨') {
        let mut depth = 1;
        let end = inside.char_indices().find(|(_, c)| {
            depth += i32::from(*c == '⟨') - i32::from(*c == '⟩');
            depth == 0
        });
        let end = end.map_or(inside.len(), |(at, _)| at);
        let name = inside[..end].trim_start_matches("secret ").split(", known after").next().unwrap();
        let parts: Vec<&str> =
            name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
        let name = parts.join("_").to_lowercase();
        all.push_str(&format!("{before}⟨{}⟩", name.trim_end_matches("_value")));
        rest = inside.get(end + '⟩'.len_utf8()..).unwrap_or_default();
    }
    all + rest
}

/// The titles of phases, in order.
pub(crate) fn phases(items: &[Item]) -> Vec<String> {
    let own = |item: &Item| (item.kind == "phase").then(|| item.title.clone().unwrap_or_default());
    items
        .iter()
        .flat_map(|item| own(item).into_iter().chain(phases(&item.items)).collect::<Vec<_>>())
        .collect()
}
