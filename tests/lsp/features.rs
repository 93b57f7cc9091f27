//! What an editor shows: outline, folds, colours, hints, layout, fixes, completion, hover.

use serde_json::{Value, json};

use crate::client::Client;

const TEXT: &str = r#"runbook "Move the queue" 1.0.0

"""
Prose, with a wide 😀 character.
"""

# One comment,
# and its second line.
use "std/git"
use "std/redis"

input server: text = "a"  "The server"

phase "Move" {
  step "Pause 😀 {server}" timeout 1m {
    let before = run queue depth {server}
    run queue pause {server}
    rollback { run queue resume {server} }
  }
  check "It is empty" within 5m every 10s {
    let depth: int = run queue depth {server}
    expect depth == 0 and server matches /a+/ "{depth} left"
  }
}
"#;

fn document(client: &Client, name: &str) -> Value {
    json!({ "textDocument": { "uri": client.address(name) } })
}

/// A client with a file that is open, and how it is named in requests.
fn with(text: &str) -> (Client, Value) {
    let mut client = Client::new();
    client.open("a.runbook", text);
    let document = document(&client, "a.runbook");
    (client, document)
}

fn merged(one: &Value, other: &Value) -> Value {
    let mut all = one.as_object().unwrap().clone();
    all.extend(other.as_object().unwrap().clone());
    Value::Object(all)
}

/// The words of a text under a range.
fn words(text: &str, range: &Value) -> String {
    text[bytes(text, range)].to_owned()
}

/// A range of the protocol in bytes.
fn bytes(text: &str, range: &Value) -> std::ops::Range<usize> {
    let at = |place: &Value| {
        let line = usize::try_from(place["line"].as_u64().unwrap()).unwrap();
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut left = usize::try_from(place["character"].as_u64().unwrap()).unwrap();
        let mut chars = text[start..].chars();
        let mut at = start;
        while left > 0 {
            let c = chars.next().unwrap();
            left -= c.len_utf16();
            at += c.len_utf8();
        }
        at
    };
    at(&range["start"])..at(&range["end"])
}

/// A text with edits made, the last of it first.
fn edited(text: &str, edits: &Value) -> String {
    let mut edits: Vec<_> =
        edits.as_array().unwrap().iter().map(|edit| (bytes(text, &edit["range"]), edit)).collect();
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut text = text.to_owned();
    for (range, edit) in edits {
        text.replace_range(range, edit["newText"].as_str().unwrap());
    }
    text
}

#[test]
fn the_outline_has_what_has_a_title_or_a_name() {
    let (mut client, document) = with(TEXT);
    let symbols = client.ask("textDocument/documentSymbol", &document).unwrap();
    let mut outline = String::new();
    draw(&symbols, 0, &mut outline);
    insta::assert_snapshot!(outline);
    client.finish();
}

fn draw(symbols: &Value, depth: usize, outline: &mut String) {
    for symbol in symbols.as_array().unwrap() {
        let (name, detail) = (symbol["name"].as_str().unwrap(), symbol["detail"].as_str().unwrap());
        let (kind, selected) = (&symbol["kind"], words(TEXT, &symbol["selectionRange"]));
        *outline += &format!("{}{detail} {name} ({kind}): {selected}\n", "  ".repeat(depth));
        draw(&symbol["children"], depth + 1, outline);
    }
}

#[test]
fn blocks_prose_comments_and_imports_fold() {
    let (mut client, document) = with(TEXT);
    let folds = client.ask("textDocument/foldingRange", &document).unwrap();
    let line = |fold: &Value| format!("{}-{} {}", fold["startLine"], fold["endLine"], fold["kind"]);
    let lines: Vec<_> = folds.as_array().unwrap().iter().map(line).collect();
    assert_eq!(
        lines,
        ["2-4 \"comment\"", "6-7 \"comment\"", "8-9 \"imports\"", "13-22 null", "14-17 null", "19-21 null"]
    );
    client.finish();
}

#[test]
fn every_word_has_its_colour() {
    let (mut client, document) = with(TEXT);
    let initialized = [
        "keyword",
        "comment",
        "string",
        "number",
        "regexp",
        "variable",
        "parameter",
        "property",
        "function",
        "namespace",
        "type",
    ];
    let tokens = client.ask("textDocument/semanticTokens/full", &document).unwrap();
    let numbers: Vec<u64> =
        tokens["data"].as_array().unwrap().iter().map(|one| one.as_u64().unwrap()).collect();
    let (mut line, mut column, mut drawn) = (0, 0, String::new());
    for token in numbers.chunks(5) {
        column = if token[0] == 0 { column + token[1] } else { token[1] };
        line += token[0];
        let range = json!({
            "start": { "line": line, "character": column },
            "end": { "line": line, "character": column + token[2] },
        });
        let kind = initialized[usize::try_from(token[3]).unwrap()];
        drawn += &format!("{line}:{column} {kind} {}\n", words(TEXT, &range));
    }
    insta::assert_snapshot!(drawn);
    let range = json!({ "range": { "start": { "line": 11, "character": 0 }, "end": { "line": 12, "character": 0 } } });
    let part = client.ask("textDocument/semanticTokens/range", &merged(&document, &range)).unwrap();
    assert_eq!(part["data"].as_array().unwrap().len() % 5, 0);
    assert_eq!(part["data"][0], 11);
    client.finish();
}

#[test]
fn steps_have_numbers_undos_their_turn_and_bindings_their_type() {
    let (mut client, document) = with(TEXT);
    let range =
        json!({ "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } } });
    let hints = client.ask("textDocument/inlayHint", &merged(&document, &range)).unwrap();
    let line = |hint: &Value| format!("{} {}", hint["position"]["line"], hint["label"].as_str().unwrap());
    let lines: Vec<_> = hints.as_array().unwrap().iter().map(line).collect();
    assert_eq!(lines, ["14  1", "15 : text", "17  1/1"]);
    client.finish();
}

#[test]
fn the_layout_is_that_of_fmt() {
    let text = "runbook \"t\" 1.0.0\nstep   \"😀\"   irreversible {\nrun true\n      run false\n}\n";
    let (mut client, document) = with(text);
    let options = json!({ "options": { "tabSize": 8, "insertSpaces": false } });
    let edits = client.ask("textDocument/formatting", &merged(&document, &options)).unwrap();
    assert_eq!(edits.as_array().unwrap().len(), 1, "{edits}");
    assert_eq!(
        words(text, &edits[0]["range"]),
        "step   \"😀\"   irreversible {\nrun true\n      run false\n"
    );
    assert_eq!(edits[0]["newText"], "step \"😀\" irreversible {\n  run true\n  run false\n");
    client.open("b.runbook", "runbook \"t\" 1.0.0\n");
    let other = merged(&self::document(&client, "b.runbook"), &options);
    assert_eq!(client.ask("textDocument/formatting", &other).unwrap(), json!([]), "nothing to do");
    client.finish();
}

#[test]
fn fixes_are_offered_where_they_are_needed() {
    let text = "runbook \"t\" 1.0.0\nstep \"s\" {\n  run true\n}\nstpe \"x\" irreversible {\n  run true\n}\n";
    let (mut client, document) = with(text);
    let at = |line: u32| json!({ "start": { "line": line, "character": 1 }, "end": { "line": line, "character": 1 } });
    let wanted = |line: u32| json!({ "range": at(line), "context": { "diagnostics": [] } });
    let actions = client.ask("textDocument/codeAction", &merged(&document, &wanted(4))).unwrap();
    let edit = &actions[0]["edit"]["changes"][client.address("a.runbook")][0];
    assert_eq!(
        (words(text, &edit["range"]).as_str(), &edit["newText"]),
        ("stpe", &json!("step")),
        "{actions}"
    );
    assert_eq!(actions[0]["kind"], "quickfix");
    assert_eq!(actions[0]["diagnostics"][0]["code"], "E0301");
    let silence = client.ask("textDocument/codeAction", &merged(&document, &wanted(1))).unwrap();
    let silence = silence.as_array().unwrap().iter().find(|one| one["title"] == "Allow W0401 here").cloned();
    assert!(silence.is_some_and(|one| one["isPreferred"] == false));
    client.finish();
}

#[test]
fn all_that_is_certain_is_mended_at_once() {
    let text = "runbook \"t\" 1.0.0\nstep \"s\" timeout 1min irreversible {\n  run true\n}\n}\n";
    let (mut client, document) = with(text);
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let context = json!({ "range": range, "context": { "diagnostics": [], "only": ["source.fixAll"] } });
    let actions = client.ask("textDocument/codeAction", &merged(&document, &context)).unwrap();
    assert_eq!(actions.as_array().unwrap().len(), 1, "{actions}");
    assert_eq!(actions[0]["kind"], "source.fixAll");
    let edits = &actions[0]["edit"]["changes"][client.address("a.runbook")];
    // Which brace is one too many is a guess.
    assert_eq!(
        edited(text, edits),
        "runbook \"t\" 1.0.0\nstep \"s\" timeout 1m irreversible {\n  run true\n}\n}\n"
    );
    client.finish();
}

/// The labels that are offered at the `|`.
fn offered(client: &mut Client, marked: &str) -> Vec<String> {
    let items = client.ask_at("textDocument/completion", "a.runbook", marked);
    items.as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn completion_knows_the_place() {
    let mut client = Client::new();
    let has = |labels: &[String], wanted: &[&str], unwanted: &[&str]| {
        for one in wanted {
            assert!(labels.iter().any(|label| label == one), "{one} is missing in {labels:?}");
        }
        for one in unwanted {
            assert!(!labels.iter().any(|label| label == one), "{one} is in {labels:?}");
        }
    };
    let top = offered(&mut client, "runbook \"t\" 1.0.0\n|\n");
    has(&top, &["step", "phase", "gate", "input", "check"], &["header", "given", "return"]);
    let step = offered(&mut client, "runbook \"t\" 1.0.0\nstep \"s\" {\n  r|\n}\n");
    has(&step, &["run", "rollback", "restore", "hint"], &["phase", "runbook", "input"]);
    let options = offered(&mut client, "runbook \"t\" 1.0.0\nstep \"s\" timeout 3m | {\n  run true\n}\n");
    has(&options, &["retry", "atomic", "irreversible"], &["timeout"]);
    let types = offered(&mut client, "runbook \"t\" 1.0.0\ninput a: |\n");
    has(&types, &["text", "duration", "secret", "list of "], &["step"]);
    let bound = "runbook \"t\" 1.0.0\ninput server: text\nlog \"{|}\"\nlet later = 3\n";
    has(&offered(&mut client, bound), &["server", "count"], &["later", "step"]);
    let http = "runbook \"t\" 1.0.0\nlet x = look http GET \"https://a.b/\" {\n  expect |\n}\n";
    has(&offered(&mut client, http), &["status"], &[]);
    let members = "runbook \"t\" 1.0.0\nuse \"std/git\"\ncheck \"c\" { expect git.| == \"\" }\n";
    assert!(!offered(&mut client, members).is_empty());
    client.finish();
}

#[test]
fn completion_knows_files_and_names_of_the_configuration() {
    let mut client = Client::new();
    client.write("bowline.toml", "[groups]\nrelease-managers = [\"anna\"]\n");
    client.write("tools.runbook", "module tools 1.0.0\n");
    let modules = offered(&mut client, "runbook \"t\" 1.0.0\nuse \"|\"\n");
    assert!(
        modules.contains(&"std/postgres".to_owned()) && modules.contains(&"./tools".to_owned()),
        "{modules:?}"
    );
    let groups = offered(&mut client, "runbook \"t\" 1.0.0\napproval \"Go\" need 1 from \"|\"\n");
    assert_eq!(groups, ["release-managers"]);
    client.finish();
}

#[test]
fn hover_tells_what_is_under_the_pointer() {
    let mut client = Client::new();
    let mut told = |marked: &str| {
        let hover = client.ask_at("textDocument/hover", "a.runbook", marked);
        hover["contents"]["value"].as_str().unwrap_or_default().to_owned()
    };
    let keyword = told("runbook \"t\" 1.0.0\nst|ep \"s\" irreversible {\n  run true\n}\n");
    assert!(keyword.contains("The unit of doing and undoing"), "{keyword}");
    let option = told("runbook \"t\" 1.0.0\nstep \"s\" time|out 1m irreversible {\n  run true\n}\n");
    assert!(option.contains("timeout 10m"), "{option}");
    let input =
        told("runbook \"t\" 1.0.0\n# Where it runs.\ninput server: text \"The server\"\nlog \"{ser|ver}\"\n");
    assert!(
        input.contains("input server: text \"The server\"") && input.contains("Where it runs."),
        "{input}"
    );
    let bound = told("runbook \"t\" 1.0.0\nlet free = 2GiB\nlog \"{fr|ee}\"\n");
    assert!(bound.contains("free: size"), "{bound}");
    let function = told("runbook \"t\" 1.0.0\nlet n = cou|nt([1])\nlog \"{n}\"\n");
    assert!(function.contains("count("), "{function}");
    let nothing = told("runbook \"t\" 1.0.0\n|\n");
    assert!(nothing.is_empty());
    client.finish();
}
