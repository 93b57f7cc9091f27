//! What a code means, for a screen and as data.

use serde_json::{Value as Json, json};

use super::Style;
use super::columns::wrapped;
use super::paint::{Ink, paint};
use crate::diag::Code;
use crate::diag::explain::{Entry, Example, ExampleKind};

/// On a screen, however wide, a text is not drawn wider than this.
const WIDEST: usize = 100;

/// Every code with its title.
#[must_use]
pub fn codes_text(codes: &[Code], style: Style) -> String {
    let row = |code: &Code| wrapped(&format!("{}  {}", code.id, code.title), style.width).join("\n") + "\n";
    codes.iter().map(row).collect()
}

/// One code: what it means, and its examples.
#[must_use]
pub fn entry_text(entry: &Entry, style: Style) -> String {
    let head = paint(style.colour, Ink::Strong, entry.code.id);
    let mut text = format!("{head}: {}\n", entry.code.title);
    for paragraph in entry.meaning.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        let line = format!("  {}", paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
        text += &format!("\n{}\n", wrapped(&line, style.width.min(WIDEST)).join("\n"));
    }
    for example in &entry.examples {
        let (word, ink) = heading(example);
        text += &format!("\n{}\n\n", paint(style.colour, ink, &word));
        for line in example.text.lines() {
            text += format!("    {line}").trim_end();
            text.push('\n');
        }
    }
    text
}

fn heading(example: &Example) -> (String, Ink) {
    match (example.kind, example.language) {
        (ExampleKind::Wrong, "toml") => ("wrong, in bowline.toml".into(), Ink::Bad),
        (ExampleKind::Right, "toml") => ("right, in bowline.toml".into(), Ink::Good),
        (ExampleKind::Wrong, "sh") => ("wrong, made by these commands".into(), Ink::Bad),
        (ExampleKind::Right, "sh") => ("right, made by these commands".into(), Ink::Good),
        (ExampleKind::Wrong, _) => ("wrong".into(), Ink::Bad),
        (ExampleKind::Right, _) => ("right".into(), Ink::Good),
        (ExampleKind::Beside(file), _) => (format!("beside it, {file}"), Ink::Faint),
    }
}

/// Codes as data.
#[must_use]
pub fn entries_json(entries: &[Entry]) -> Json {
    let example = |example: &Example| {
        let (kind, file) = match (example.kind, example.language) {
            (ExampleKind::Wrong, "toml") => ("wrong", "bowline.toml"),
            (ExampleKind::Right, "toml") => ("right", "bowline.toml"),
            (ExampleKind::Wrong, "sh") => ("wrong", "make.sh"),
            (ExampleKind::Right, "sh") => ("right", "make.sh"),
            (ExampleKind::Wrong, _) => ("wrong", "main.runbook"),
            (ExampleKind::Right, _) => ("right", "main.runbook"),
            (ExampleKind::Beside(file), _) => ("beside", file),
        };
        json!({ "kind": kind, "file": file, "text": example.text })
    };
    let entry = |entry: &Entry| {
        let examples: Vec<_> = entry.examples.iter().map(example).collect();
        json!({
            "code": entry.code.id, "title": entry.code.title, "meaning": entry.meaning, "examples": examples,
        })
    };
    json!({ "format": "bowline-codes/1", "codes": entries.iter().map(entry).collect::<Vec<_>>() })
}
