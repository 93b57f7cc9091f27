//! What a person reads beside the steps: checks, questions, waits, and what the engine would do by itself.

use super::marks::{ANCHOR, CHECK, CONFIRM, GO_OR_NO_GO, NOTED_AS, RUNS, WAIT, label};
use crate::text::{backticks, fence_for};
use crate::view::plan::{Item, PROSE};

/// Text that means nothing to Markdown.
pub(super) fn plain(text: &str) -> String {
    let mut all = String::new();
    let mut code = false;
    for c in text.replace('\n', " ").chars() {
        code ^= c == '`';
        if !code && r"\*_[]<>#|~&".contains(c) {
            all.push('\\');
        }
        all.push(c);
    }
    if code { all.replace('`', "\\`") } else { all }
}

/// Verbatim on one line, whatever backticks stand in it.
pub(super) fn code(text: &str) -> String {
    let text = text.split('\n').collect::<Vec<_>>().join(" ");
    let ticks = backticks(&text);
    let fence = "`".repeat(ticks + 1);
    if ticks == 0 { format!("`{text}`") } else { format!("{fence} {text} {fence}") }
}

/// A fence that holds a text of any kind.
pub(super) fn fence(info: &str, text: &str) -> Vec<String> {
    let fence = fence_for(text);
    let lines = text.trim_end().lines().map(str::to_owned);
    std::iter::once(format!("{fence}{info}")).chain(lines).chain([fence.clone()]).collect()
}

/// What an item is, in words: `Check`, `For each …`, `Wait`.
pub(super) fn words(item: &Item) -> String {
    let title = item.title.as_deref().map(plain).unwrap_or_default();
    let text = item.text.as_deref().unwrap_or_default();
    let said = |word: &str| label(word) + &title;
    match item.kind {
        "check" => said(CHECK),
        "gate" => said(GO_OR_NO_GO),
        "confirm" => said(CONFIRM),
        "judge" => said("Judge"),
        "ask" => format!("{} as {}", said("Note"), code(text)),
        "choose" => format!("{} ({})", said("Choose"), plain(text)),
        "approval" => format!("{}: {}", said("Approval"), plain(text)),
        "by hand" => "By hand".to_owned(),
        "wait" => format!("**{WAIT}** {} {title}", code(text)).trim_end().to_owned(),
        "guard" => said("Watch"),
        "every" => said("Repeat"),
        "commit" => said("Point of no return"),
        "notify" => format!("**Tell** {}", plain(text)),
        "log" => format!("**Record** {}", plain(text)),
        "evidence" => format!("**Keep** {}", code(text)),
        "artifact" => format!("**Keep the file** {}", code(text)),
        "expect" => format!("it must hold: {}", code(text)),
        "given" => format!("it only tells something if {}", code(text)),
        "exclusive" => format!("**Nobody else** may do this meanwhile: {}", plain(text)),
        "end" => format!("**Stop here**, well: {}", plain(text)),
        "fail" => format!("**Stop here and go back**: {}", plain(text)),
        "let" => format!("{} is {}", names(item), code(text)),
        "script" => format!("**{RUNS}** {}", code(text)),
        "run" | "http" => {
            format!("**{}** {}", if item.kind == "run" { RUNS } else { "Request" }, code(text))
        }
        kind => {
            let text = if text.is_empty() { String::new() } else { code(text) };
            let said = [format!("**{}**", capital(kind)), title, text];
            said.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
        }
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The names that an answer gets, as values to fill in.
pub(super) fn names(item: &Item) -> String {
    item.binds.iter().map(|name| format!("⟨{name}⟩")).collect::<Vec<_>>().join(", ")
}

/// The options of an item, in brackets.
pub(super) fn options(item: &Item) -> String {
    let target = item.on.as_ref().map(|on| format!("on {on}"));
    let all: Vec<String> =
        target.into_iter().chain(item.options.iter().cloned()).map(|option| code(&option)).collect();
    if all.is_empty() { String::new() } else { format!(" ({})", all.join(", ")) }
}

/// An item and all that is in it, as the lines of a list.
pub(super) fn listed(item: &Item, ticked: bool) -> Vec<String> {
    let mut lines = vec![];
    list(item, 0, ticked, &mut lines);
    lines.pop_if(|last| last.is_empty());
    lines
}

/// Lists nest no deeper for a reader.
const DEEPEST: usize = 8;

fn list(item: &Item, depth: usize, ticked: bool, lines: &mut Vec<String>) {
    let pad = "  ".repeat(depth.min(DEEPEST));
    if item.kind == PROSE {
        return passage(item.prose.as_deref().unwrap_or_default(), &pad, lines);
    }
    let asked = matches!(item.kind, "check" | "confirm" | "judge" | "ask" | "approval" | "choose");
    let tick = if ticked && depth == 0 || asked { "[ ] " } else { "" };
    let mark = if depth == 0 { format!("{ANCHOR} ") } else { String::new() };
    let kept = if item.binds.is_empty() || item.kind == "let" {
        String::new()
    } else {
        format!("{NOTED_AS}{}", names(item))
    };
    lines.push(format!("{pad}- {tick}{mark}{}{}{kept}", words(item), options(item)));
    let pad = format!("{pad}  ");
    if let Some(prose) = &item.prose {
        passage(prose, &pad, lines);
    }
    if let Some(script) = &item.script {
        set_off(fence("", script), &pad, lines);
    }
    item.items.iter().for_each(|inner| list(inner, depth + 1, ticked, lines));
}

fn passage(prose: &str, pad: &str, lines: &mut Vec<String>) {
    set_off(prose.lines().map(str::to_owned).collect(), pad, lines);
}

/// A block between empty lines, as far in as its item.
fn set_off(block: Vec<String>, pad: &str, lines: &mut Vec<String>) {
    lines.push(String::new());
    lines.extend(block.into_iter().map(|line| format!("{pad}{line}").trim_end().to_owned()));
    lines.push(String::new());
}

/// Lines as a quote that is marked as bowline's.
pub(super) fn quote(lines: &[String]) -> Vec<String> {
    let marked = lines
        .iter()
        .enumerate()
        .map(|(at, line)| if at == 0 { format!("> {ANCHOR} {line}") } else { format!("> {line}") });
    marked.map(|line| line.trim_end().to_owned()).collect()
}
