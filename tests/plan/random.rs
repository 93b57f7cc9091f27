//! Random runbooks: their layout keeps the digest, their substance moves it.

use std::collections::HashMap;

use bowline::compile::{LoadError, Loader, compile};
use bowline::fmt::format as laid_out;
use bowline::plan::{Node, Plan, digest};
use bowline::text::Source;
use proptest::prelude::*;

use super::leaves::{Pool, leaves, with};
use super::root;

struct Files(HashMap<String, Vec<u8>>);

impl Loader for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        self.0.get(path).cloned().ok_or_else(|| LoadError::Unreadable(format!("there is no {path}")))
    }
}

/// The plan of a text that stands in that file of the repository.
pub(crate) fn compiled(text: &str, file: &str) -> Plan {
    let folder = std::path::Path::new(file).parent().unwrap();
    let mut files = HashMap::from([(file.to_owned(), text.as_bytes().to_vec())]);
    for entry in std::fs::read_dir(root().join(folder)).unwrap().map(Result::unwrap) {
        let name = folder.join(entry.file_name()).display().to_string();
        if name.ends_with(".runbook") && name != file {
            files.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
    let compiled = compile(&Files(files), file);
    compiled.plan.unwrap_or_else(|| panic!("{text}\n{:#?}", compiled.diagnostics))
}

/// A statement of a random kind; `n` makes its title its own. No word is a part of a shell (`cd`), which is no program.
fn statement() -> impl Strategy<Value = (u8, u32, String)> {
    (0..11_u8, 1..90_u32, "q[a-z]{1,5}")
}

fn written((kind, number, word): &(u8, u32, String), at: usize) -> String {
    let step = format!("step \"{word} {at}\"");
    match kind {
        0 => format!(
            "{step} timeout {number}m {{\n  run do-{word} {number}\n  rollback {{\n    run undo-{word}\n  }}\n}}"
        ),
        1 => format!("{step} atomic {{\n  run {word}\n  restore {{\n    run back {number}\n  }}\n}}"),
        2 => format!("check \"{word} {at}\" within {number}m every 5s {{\n  run test {word}\n}}"),
        3 => format!(
            "gate \"{word} {at}\" {{\n  confirm \"is it {number}?\"\n  confirm \"{word}?\" optional\n}}"
        ),
        4 => format!("approval \"{word} {at}\" need {number} from \"{word}\" within {number}h"),
        5 => format!("wait {number}h \"{word}\""),
        6 => format!("manual \"{word} {at}\" irreversible {{\n  \"\"\"\n  by hand {number}\n  \"\"\"\n}}"),
        7 => format!(
            "{step} {{\n```sh\n{word} {number}\n```\n  hint /{word}/ \"help {number}\"\n  rollback none \"{word}\"\n}}"
        ),
        8 => format!(
            "for n{at} in [\"{word}\", \"b\"] parallel {number} {{\n  {step} {{\n    run {word} {{n{at}}}\n    rollback none \"x\"\n  }}\n}}"
        ),
        9 => format!(
            "attempt \"{word} {at}\" {{\n  {step} {{\n    run {word}\n    rollback once {{\n      run un{word}\n    }}\n  }}\n}} otherwise {{\n  log \"{number}\"\n}}"
        ),
        _ => format!(
            "{step} idempotent {{\n  http PUT \"https://h/{word}\" {{\n    json {{ n: {number} }}\n    expect status == 204\n  }}\n  rollback none \"same again\"\n}}"
        ),
    }
}

fn runbook(statements: &[(u8, u32, String)]) -> String {
    let each: Vec<String> =
        statements.iter().enumerate().map(|(at, statement)| written(statement, at)).collect();
    format!("runbook \"Random\" 1.0.0\ninput one: text = \"1\" \"What one is\"\n{}\n", each.join("\n"))
}

/// The same with other blanks, comments, hints and descriptions. Scripts and prose are verbatim and stay.
fn other_layout(text: &str) -> String {
    let mut verbatim = false;
    let lines = text.lines().map(|line| {
        let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("\"\"\"");
        verbatim ^= fence;
        if verbatim || fence {
            return line.to_owned();
        }
        let line = line.replace("What one is", "Something else").replace("\"help ", "\"another remedy ");
        let comment = if line.starts_with("step") { "# a comment\n" } else { "" };
        format!("{comment}    {}   # why\n\n", line.trim_start())
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn keeps_its_place(pointer: &str) -> bool {
    ["span", "hints", "source", "prose", "At"].iter().any(|part| pointer.split('/').any(|one| one == *part))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn layout_keeps_the_digest(statements in prop::collection::vec(statement(), 1..8)) {
        let text = runbook(&statements);
        let moved = other_layout(&text);
        let (plan, other) = (compiled(&text, "random.runbook"), compiled(&moved, "random.runbook"));
        prop_assert_eq!(&plan.digest, &other.digest, "{}\n{}", text, moved);
        prop_assert_eq!(plan.digest.clone(), digest(&plan));
        let formatted = laid_out(&Source::new("random.runbook", &moved)).text;
        prop_assert_eq!(&compiled(&formatted, "random.runbook").digest, &plan.digest, "{}", formatted);
    }

    #[test]
    fn another_word_moves_the_digest(
        statements in prop::collection::vec(statement(), 1..8), at in any::<prop::sample::Index>(), other in statement(),
    ) {
        let mut changed = statements.clone();
        let at = at.index(changed.len());
        changed[at] = other;
        let (text, changed) = (runbook(&statements), runbook(&changed));
        let moves = compiled(&text, "random.runbook").digest != compiled(&changed, "random.runbook").digest;
        prop_assert_eq!(moves, text != changed, "{}\n{}", text, changed);
    }

    #[test]
    fn another_leaf_moves_the_digest(
        statements in prop::collection::vec(statement(), 1..6),
        (node, leaf) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
    ) {
        let plan = compiled(&runbook(&statements), "random.runbook");
        let json = serde_json::to_value(&plan.nodes).unwrap();
        let mut pool = Pool::default();
        pool.fill(&json);
        let node = node.index(plan.nodes.len());
        let json = &json[node];
        let pointers: Vec<String> =
            leaves(json).into_iter().filter(|pointer| !keeps_its_place(pointer)).collect();
        let pointer = &pointers[leaf.index(pointers.len())];
        for instead in pool.instead(pointer, json.pointer(pointer).unwrap()) {
            let Ok(changed) = serde_json::from_value::<Node>(with(json, pointer, instead)) else { continue };
            let mut other = plan.clone();
            if changed == other.nodes[node] { continue }
            other.nodes[node] = changed;
            prop_assert_ne!(digest(&other), &plan.digest[..], "{}", pointer);
        }
    }
}
