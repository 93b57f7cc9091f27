//! Titles of steps: short, in plain words, and no two alike in one place.

use std::collections::{HashMap, HashSet};

use super::code::Code;
use super::draft::Draft;
use super::inline::Inline;
use super::shell::prompted;

/// The longest text that is a title as it stands.
const LONGEST: usize = 100;

/// A title, and what of its text must stand below it as prose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Titled {
    pub(super) title: String,
    pub(super) rest: Option<String>,
}

/// The title that a paragraph gives to its step.
pub(super) fn titled(inline: &Inline) -> Titled {
    if let Some((lead, rest)) = inline.lead.as_ref().filter(|(lead, _)| is_title(lead)) {
        let rest = rest.trim_start_matches([' ', ':', '–', '—', '-', '.', '\\', '\n']).trim();
        return Titled { title: trimmed(lead), rest: (!rest.is_empty()).then(|| rest.to_owned()) };
    }
    let plain = trimmed(&inline.plain);
    if is_title(&plain) && !inline.lossy && !inline.raw.contains('\n') {
        return Titled { title: plain, rest: None };
    }
    let title = if is_title(&plain) { plain } else { cut(&inline.plain) };
    Titled { title, rest: Some(inline.raw.clone()) }
}

fn is_title(text: &str) -> bool {
    let length = text.trim().chars().count();
    length > 0 && length <= LONGEST
}

fn trimmed(text: &str) -> String {
    let text = text.trim();
    text.strip_suffix([':', '.']).filter(|rest| !rest.ends_with(['.', ':'])).unwrap_or(text).trim().to_owned()
}

/// The first sentence, or as many words as fit.
fn cut(plain: &str) -> String {
    let sentence = plain.split(". ").next().map(trimmed).unwrap_or_default();
    if is_title(&sentence) {
        return sentence;
    }
    let short: String = plain.chars().take(LONGEST - 20).collect();
    let words = short.rsplit_once(' ').map_or(short.as_str(), |(words, _)| words);
    let words = words.trim_end_matches([',', ';', ':', '(', ' ']);
    if words.is_empty() { "Untitled".to_owned() } else { format!("{words} …") }
}

/// A title for a command that has none.
pub(super) fn run_title(command: &str) -> String {
    const WIDEST: usize = 60;
    let line = command.lines().next().unwrap_or_default().trim().trim_end_matches('\\').trim();
    let short: String = line.chars().take(WIDEST).collect();
    let more = if short.len() < line.len() || command.lines().count() > 1 { " …" } else { "" };
    format!("Run `{short}{more}`")
}

/// The first command of a block of code, without its prompt.
pub(super) fn first_command(code: &Code) -> &str {
    let line = code.text.lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let line = line.unwrap_or(&code.text);
    prompted(line).map_or(line, |found| found.command)
}

/// Makes the titles in a place differ, and those in every place below it.
pub(super) fn differ(drafts: &mut [Draft]) {
    let mut seen: HashSet<String> = HashSet::new();
    // The number to try next for a title: a thousand equal ones are not counted through a thousand times.
    let mut next: HashMap<String, usize> = HashMap::new();
    for draft in drafts {
        let Some((title, body)) = draft.titled() else { continue };
        if title.trim().is_empty() {
            "Untitled".clone_into(title);
        }
        let first = title.clone();
        while !seen.insert(title.clone()) {
            let number = next.entry(first.clone()).or_insert(2);
            *title = format!("{first} ({number})");
            *number += 1;
        }
        differ(body);
    }
}
