//! A text of many lines: its names are told of at once, its plan when nothing else is to be done.

use serde_json::{Value, json};

use crate::client::Client;

/// Steps, the third from the end without a word about its undo.
fn text(steps: usize) -> String {
    let step = |number: usize| {
        let undo = if number + 3 == steps { "" } else { "  rollback { run true }\n" };
        format!("step \"s{number}\" {{\n  run true\n{undo}}}\n")
    };
    std::iter::once("runbook \"t\" 1.0.0\n".to_owned()).chain((0..steps).map(step)).collect()
}

/// Replaces words on a line.
fn edit(line: usize, from: usize, to: usize, words: &str) -> Value {
    let at = |character| json!({ "line": line, "character": character });
    json!([{ "range": { "start": at(from), "end": at(to) }, "text": words }])
}

/// What is reported, and in which line.
fn lines(told: &[Value]) -> Vec<(&str, u64)> {
    let line = |one: &Value| one["range"]["start"]["line"].as_u64().unwrap();
    told.iter().map(|one| (one["code"].as_str().unwrap(), line(one))).collect()
}

#[test]
fn names_are_told_of_at_once_and_the_plan_afterwards() {
    let mut client = Client::new();
    let early = client.open("a.runbook", &text(600));
    assert_eq!(lines(&early), []);
    let unsaid = 1 + 597 * 4;
    assert_eq!(lines(&client.told_of("a.runbook")), [("W0401", unsaid)]);

    // What the plan showed before stays, a line further down; what it shows now comes after it.
    let second = client.change("a.runbook", 2, &edit(3, 0, 23, "  # nothing\n"));
    assert_eq!(lines(&second), [("W0401", unsaid + 1)]);
    assert_eq!(lines(&client.told_of("a.runbook")), [("W0401", 1), ("W0401", unsaid + 1)]);

    // A mistake in a name is told at once, beside what is known of the plan.
    let third = client.change("a.runbook", 3, &edit(2, 6, 10, "echo {nobody}"));
    assert_eq!(lines(&third), [("E0201", 2), ("W0401", 1), ("W0401", unsaid + 1)]);
    client.finish();
}

#[test]
fn only_actions_wait_for_the_plan() {
    let mut client = Client::new();
    client.open("a.runbook", &text(600));
    client.told_of("a.runbook");
    let document = json!({ "uri": client.address("a.runbook"), "version": 2 });
    let changes = edit(3, 0, 23, "  # nothing\n");
    client.tell("textDocument/didChange", &json!({ "textDocument": document, "contentChanges": changes }));
    let at = json!({ "line": 1, "character": 1 });
    let hover =
        client.request("textDocument/hover", &json!({ "textDocument": document, "position": at.clone() }));
    let context = json!({ "diagnostics": [] });
    let params = json!({ "textDocument": document, "range": { "start": at, "end": at }, "context": context });
    let actions = client.request("textDocument/codeAction", &params);
    let told = |message: &Value| message["params"]["diagnostics"].as_array().map(Vec::len);
    let order: Vec<_> = std::iter::repeat_with(|| client.message())
        .map(|message| (message["id"].as_i64(), told(&message), message))
        .take(4)
        .collect();
    let seen: Vec<_> = order.iter().map(|(id, told, _)| (*id, *told)).collect();
    assert_eq!(seen, [(None, Some(1)), (Some(hover), None), (None, Some(2)), (Some(actions), None)]);
    let offered = &order.last().unwrap().2["result"];
    assert!(offered.as_array().unwrap().iter().any(|one| one["title"] == "Allow W0401 here"), "{offered}");
    client.finish();
}
