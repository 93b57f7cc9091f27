//! The whole document: head, values, phases and steps, how to go back.

use super::marks::{ANCHOR, COMMENT, GOING_BACK, PUT_BACK, PUTTING_BACK, UNDO, VALUES};
use super::remarks::{code, listed, options, plain, quote};
use super::steps::{Lines, body, group, prose, step};
use crate::view::harmless;
use crate::view::plan::{Item, Outline, PROSE};

/// Headings go no deeper in Markdown.
const DEEPEST: usize = 6;

/// Writes runbooks, each its outline with all prose, as one document; with a title of its own each runbook is a part of it.
/// A control character in them does nothing where the document is read.
#[must_use]
pub fn guide(title: Option<&str>, outlines: &[Outline]) -> String {
    let mut page = Page::default();
    let depth = usize::from(title.is_some());
    page.block(vec![format!("<!-- {COMMENT} -->")]);
    page.block(title.map(|title| format!("# {}", plain(title))).into_iter().collect());
    page.block(quote(&[ABOUT.to_owned()]));
    for outline in outlines {
        page.runbook(outline, depth);
    }
    page.text.split_inclusive('\n').map(shown).collect()
}

/// A line made harmless. Beside letters that are read from right to left, marks of direction are part of the writing.
fn shown(line: &str) -> String {
    let is_from_right =
        |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    if !line.chars().any(|c| is_from_right(c) && !MARKS.contains(&c)) {
        return harmless(line, false).into_owned();
    }
    let parts = line.split_inclusive(MARKS).map(|part| match part.char_indices().next_back() {
        Some((at, mark)) if MARKS.contains(&mark) => {
            format!("{}{mark}", harmless(part.get(..at).unwrap_or_default(), false))
        }
        _ => harmless(part, false).into_owned(),
    });
    parts.collect()
}

/// Marks that say which way what stands beside them is read; they turn no letters round.
const MARKS: [char; 3] = ['\u{200e}', '\u{200f}', '\u{61c}'];

const ABOUT: &str = "Tick off what is done, from top to bottom. What stands between ⟨ and ⟩ is to be filled in; the anchor marks what the runbook itself does not say in words.";

/// The text, block by block.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    /// A block of lines and an empty one after it.
    fn block(&mut self, lines: Lines) {
        if lines.is_empty() {
            return;
        }
        for line in lines {
            self.text.push_str(&line);
            self.text.push('\n');
        }
        self.text.push('\n');
    }

    fn heading(&mut self, depth: usize, words: &str) {
        self.block(vec![format!("{} {words}", "#".repeat(depth.min(DEEPEST)))]);
    }

    fn end(&mut self) {
        self.block(vec!["---".to_owned()]);
    }

    fn runbook(&mut self, outline: &Outline, depth: usize) {
        self.heading(depth + 1, &plain(&outline.title));
        let digest: String = outline.digest.chars().take(12).collect();
        self.block(quote(&[format!("version {}, plan {digest}", outline.version)]));
        self.block(outline.prose.as_deref().map(prose).unwrap_or_default());
        self.values(outline, depth + 2);
        self.items(&outline.items, depth + 2);
        self.undo(
            outline,
            depth + 2,
            "rollback",
            [GOING_BACK, "If a step fails, undo what was done, the newest first.", UNDO],
        );
        self.undo(
            outline,
            depth + 2,
            "restore",
            [PUTTING_BACK, "At the end of its phase, whatever came of it.", PUT_BACK],
        );
        if depth > 0 {
            self.end();
        }
    }

    /// What the runbook is given.
    fn values(&mut self, outline: &Outline, depth: usize) {
        if outline.inputs.is_empty() {
            return;
        }
        self.heading(depth, &format!("{ANCHOR} {VALUES}"));
        let mut rows = vec!["| name | value | |".to_owned(), "|---|---|---|".to_owned()];
        for input in &outline.inputs {
            let value = match (&input.value, &input.from) {
                (Some(value), _) => code(value).replace('|', "\\|"),
                (None, Some(from)) => format!("from {}", plain(from)),
                (None, None) => String::new(),
            };
            let about = input.description.as_deref().map(plain).unwrap_or_default();
            rows.push(format!("| ⟨{}⟩ | {value} | {about} |", input.name));
        }
        self.block(rows);
        self.end();
    }

    fn items(&mut self, items: &[Item], depth: usize) {
        items.iter().for_each(|item| self.item(item, depth));
    }

    fn item(&mut self, item: &Item, depth: usize) {
        match item.kind {
            "step" | "manual" => self.block(step(item)),
            PROSE => self.block(item.prose.as_deref().map(prose).unwrap_or_default()),
            "phase" => {
                self.heading(depth, &plain(item.title.as_deref().unwrap_or_default()));
                let options = options(item);
                self.block(if options.is_empty() { vec![] } else { quote(&[options.trim().to_owned()]) });
                self.inside(item, depth);
            }
            _ if holds_steps(item) => {
                self.heading(depth, &format!("{ANCHOR} {}{}", group(item), options(item)));
                self.inside(item, depth);
            }
            _ => self.block(listed(item, true)),
        }
    }

    fn inside(&mut self, item: &Item, depth: usize) {
        self.block(item.prose.as_deref().map(prose).unwrap_or_default());
        self.items(&item.items, depth + 1);
        self.end();
    }

    /// How each step is undone, the newest first.
    fn undo(&mut self, outline: &Outline, depth: usize, kind: &str, [title, about, label]: [&str; 3]) {
        let mut found = vec![];
        steps_with(&outline.items, kind, &mut found);
        if found.is_empty() {
            return;
        }
        self.heading(depth, &format!("{ANCHOR} {title}"));
        self.block(quote(&[about.to_owned()]));
        for (step, undo) in found.into_iter().rev() {
            let number = step.number.unwrap_or_default();
            self.heading(
                depth + 1,
                &format!("{ANCHOR} {label} {number}: {}", plain(step.title.as_deref().unwrap_or_default())),
            );
            self.block(undo.prose.as_deref().map(prose).unwrap_or_default());
            let options = options(undo);
            self.block(if options.is_empty() { vec![] } else { quote(&[options.trim().to_owned()]) });
            body(&undo.items, false).into_iter().for_each(|block| self.block(block));
            self.end();
        }
        self.end();
    }
}

/// Whether a step is in it.
fn holds_steps(item: &Item) -> bool {
    item.items.iter().any(|inner| matches!(inner.kind, "step" | "manual" | "phase") || holds_steps(inner))
}

fn steps_with<'a>(items: &'a [Item], kind: &str, found: &mut Vec<(&'a Item, &'a Item)>) {
    for item in items {
        if matches!(item.kind, "step" | "manual") {
            found.extend(item.items.iter().filter(|inner| inner.kind == kind).map(|undo| (item, undo)));
        } else {
            steps_with(&item.items, kind, found);
        }
    }
}
