//! The outline as text for a terminal.

use std::fmt::Write;

use super::outline::{Item, Outline};

/// Draws the outline.
#[must_use]
pub fn plan_text(outline: &Outline) -> String {
    let mut out = format!("{} {}\n", outline.title, outline.version);
    out.push_str(&headline(outline));
    inputs(&mut out, outline);
    out.push('\n');
    for item in &outline.items {
        draw(&mut out, item, 0);
    }
    out
}

fn headline(outline: &Outline) -> String {
    let short: String = outline.digest.chars().take(12).collect();
    let mut parts = vec![
        format!("plan {short}"),
        count(outline.steps, "step"),
        format!("{} change the world", outline.changing),
    ];
    parts.push(match &outline.point_of_no_return {
        Some(title) => format!("point of no return: \"{title}\""),
        None => "no point of no return".to_owned(),
    });
    let mut text = format!("{}\n", parts.join(" · "));
    for title in &outline.irreversible {
        let _ = writeln!(text, "cannot be undone: \"{title}\"");
    }
    text
}

fn count(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

fn inputs(out: &mut String, outline: &Outline) {
    if outline.inputs.is_empty() {
        return;
    }
    out.push_str("\ninputs\n");
    let width = outline.inputs.iter().map(|input| input.name.chars().count()).max().unwrap_or(0);
    for input in &outline.inputs {
        let shown = match (&input.value, &input.from) {
            (Some(value), _) => value.clone(),
            (None, Some(from)) => format!("⟨{}, from {from}⟩", input.ty),
            (None, None) => format!("⟨{}, not given⟩", input.ty),
        };
        let _ = writeln!(out, "  {:width$} = {shown}", input.name);
    }
}

fn draw(out: &mut String, item: &Item, depth: usize) {
    let pad = "  ".repeat(depth);
    if item.kind == "commit" {
        let _ = writeln!(out, "{pad}commit \"{}\"  ── point of no return ──", item.text);
        return;
    }
    let titled = matches!(
        item.kind.as_str(),
        "phase"
            | "step"
            | "manual"
            | "check"
            | "gate"
            | "attempt"
            | "guard"
            | "every"
            | "repeat"
            | "call"
            | "parallel"
    );
    let text = match (item.text.is_empty(), titled) {
        (true, _) => String::new(),
        (false, true) => format!(" \"{}\"", item.text),
        (false, false) => format!(" {}", item.text),
    };
    let options: String = item.options.iter().flat_map(|option| [" ", option.as_str()]).collect();
    let class = if titled && !matches!(item.kind.as_str(), "check" | "guard") { item.class } else { "" };
    let class = if class.is_empty() { String::new() } else { format!("  [{class}]") };
    let _ = writeln!(out, "{pad}{}{text}{options}{class}", item.kind);
    for inner in &item.items {
        draw(out, inner, depth + 1);
    }
}
