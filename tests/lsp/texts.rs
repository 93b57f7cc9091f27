//! Whatever is typed: edits in any order and of any kind leave the server where a fresh one would be.

use serde_json::{Value, json};

use crate::client::Client;

const PIECES: &[&str] = &[
    "runbook \"t\" 1.0.0\n",
    "step \"s\" {\n",
    "}\n",
    "{",
    "}",
    "\"",
    "\"\"\"\n",
    "```sh\n",
    "run a {b}\n",
    "é",
    "😀",
    "\r\n",
    "\r",
    "\n",
    "let x = ",
    "if a {",
    "} else {",
    "(",
    "]",
    "# allow W0401: x\n",
    " ",
    "\u{feff}",
    "\u{0}",
    "\\\n",
    "check \"c\" { expect 1 == 1 }\n",
    "input a: text\n",
    "use \"std/git\"\n",
    "call \"./a.runbook\" ()\n",
];

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides.max(1)
    }
}

#[test]
fn any_edits_lead_where_a_fresh_text_would() {
    let mut client = Client::new();
    let mut dice = Dice(7);
    client.open("a.runbook", "");
    let mut text = String::new();
    for version in 2..250 {
        let (change, next) = change(&mut dice, &text);
        text = next;
        let told = client.change("a.runbook", version, &json!([change]));
        if version % 10 == 0 {
            let name = format!("fresh{version}.runbook");
            // A file that calls itself by its name is another one here.
            let fresh = client.open(&name, &text);
            let plain = |all: &[Value]| {
                let own = all.iter().filter(|one| !one["message"].as_str().unwrap().contains("a.runbook"));
                own.map(|one| (one["code"].clone(), one["range"].clone())).collect::<Vec<_>>()
            };
            assert_eq!(plain(&told), plain(&fresh), "version {version} of:\n{text}");
        }
        if version % 25 == 0 {
            ask_everything(&mut client, &text);
        }
    }
    client.finish();
}

/// A change in UTF-16 places, some of them out of the text, and the text behind it.
fn change(dice: &mut Dice, text: &str) -> (Value, String) {
    let piece = PIECES[dice.roll(PIECES.len())];
    let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let (one, other) = (dice.roll(bounds.len()), dice.roll(8));
    let (start, end) =
        (bounds[one], bounds[(one + other * usize::from(dice.roll(2) == 0)).min(bounds.len() - 1)]);
    let place = |at: usize| {
        let before = &text[..at];
        // As editors count: `\r\n`, `\n` and a lone `\r` end a line; inside of `\r\n` is before it.
        let before =
            if text[at..].starts_with('\n') { before.strip_suffix('\r').unwrap_or(before) } else { before };
        let lines = before.replace("\r\n", "\n").replace('\r', "\n");
        let (line, column) = (lines.matches('\n').count(), lines.rsplit('\n').next().unwrap());
        (json!({ "line": line, "character": column.encode_utf16().count() }), before.len())
    };
    let ((from, start), (to, end)) = (place(start), place(end));
    let next = format!("{}{piece}{}", &text[..start], &text[end..]);
    (json!({ "range": { "start": from, "end": to }, "text": piece }), next)
}

fn ask_everything(client: &mut Client, text: &str) {
    let lines = text.lines().count();
    let range =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": lines + 3, "character": 9 } });
    let whole = json!({
        "textDocument": { "uri": client.address("a.runbook") }, "range": range, "query": "a",
        "context": { "diagnostics": [], "includeDeclaration": true }, "options": { "tabSize": 2, "insertSpaces": true },
    });
    for method in [
        "documentSymbol",
        "foldingRange",
        "semanticTokens/full",
        "semanticTokens/range",
        "formatting",
        "codeAction",
        "inlayHint",
    ] {
        client.ask(&format!("textDocument/{method}"), &whole).unwrap();
    }
    client.ask("workspace/symbol", &whole).unwrap();
    for line in [0, lines / 2, lines + 2] {
        let mut at = whole.clone();
        at["position"] = json!({ "line": line, "character": line % 5 });
        at["context"] = json!({ "includeDeclaration": true, "triggerKind": 1 });
        at["newName"] = json!("other");
        for method in ["completion", "hover", "definition", "references", "documentHighlight"] {
            client.ask(&format!("textDocument/{method}"), &at).unwrap();
        }
        for method in ["prepareRename", "rename"] {
            let refused = client.ask(&format!("textDocument/{method}"), &at).err();
            assert!(
                refused.is_none_or(|why| why["code"] == -32803),
                "what keeps its name is refused, in words"
            );
        }
    }
}

#[test]
fn deep_and_odd_texts_are_served() {
    let mut client = Client::new();
    let deep = format!("runbook \"t\" 1.0.0\n{}x{}\n", "if true {\n".repeat(250), "}\n".repeat(250));
    let expression = format!("runbook \"t\" 1.0.0\nlet a = {}1{}\n", "(".repeat(255), ")".repeat(255));
    for (at, text) in
        [deep, expression, "}{".repeat(20_000), "\"\"\"".to_owned(), "\u{feff}".to_owned()].iter().enumerate()
    {
        let name = format!("{at}.runbook");
        assert!(!client.open(&name, text).is_empty());
        let document = json!({ "textDocument": { "uri": client.address(&name) } });
        for method in ["documentSymbol", "foldingRange", "semanticTokens/full"] {
            client.ask(&format!("textDocument/{method}"), &document).unwrap();
        }
    }
    client.finish();
}

#[test]
fn a_text_that_is_no_file_is_served() {
    let mut client = Client::new();
    let item = json!({ "uri": "untitled:Untitled-1", "languageId": "bowline", "version": 1, "text": "runbook \"t\" 1.0.0\nstpe\n" });
    client.tell("textDocument/didOpen", &json!({ "textDocument": item }));
    let published = loop {
        let message = client.message();
        if message["method"] == "textDocument/publishDiagnostics" {
            break message["params"].clone();
        }
    };
    assert_eq!(
        (&published["uri"], &published["diagnostics"][0]["code"]),
        (&json!("untitled:Untitled-1"), &json!("E0301"))
    );
    client.finish();
}
