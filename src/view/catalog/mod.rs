//! What the files inside the binary offer: for a screen, and as Markdown for the documentation.

mod markdown;

pub use markdown::stdlib_markdown;

use super::Style;
use super::columns::{beside, wrapped};
use super::paint::{Ink, paint};
use crate::catalog::{Card, Export, Input, Module, Runbook, first_sentence};

/// On a screen, however wide, a text is not drawn wider than this.
const WIDEST: usize = 110;

/// Descriptions stand in a column of their own up to this width of what is before them.
const TYPES: usize = 40;

/// Lines with an indent, wrapped and painted.
struct Page {
    style: Style,
    text: String,
}

impl Page {
    fn new(style: Style) -> Self {
        let width = if style.width == usize::MAX { style.width } else { style.width.min(WIDEST) };
        Self { style: Style { width, ..style }, text: String::new() }
    }

    fn line(&mut self, indent: usize, ink: Option<Ink>, line: &str) {
        let line = format!("{}{}", " ".repeat(indent), line.trim_end());
        for row in wrapped(&line, self.style.width) {
            match ink {
                Some(ink) => self.text.push_str(&paint(self.style.colour, ink, &row)),
                None => self.text.push_str(&row),
            }
            self.text.push('\n');
        }
    }

    fn lines(&mut self, indent: usize, text: &str) {
        text.lines().for_each(|line| self.line(if line.trim().is_empty() { 0 } else { indent }, None, line));
    }

    fn gap(&mut self) {
        self.text.push('\n');
    }

    fn head(&mut self, name: &str, title: &str, version: &str) {
        let name = paint(self.style.colour, Ink::Strong, name);
        self.text.push_str(&format!("{name}  {}{version}\n", space_after(title)));
    }

    /// A table: name, type with default, description; a long type pushes its own description only.
    fn inputs(&mut self, indent: usize, inputs: &[&Input]) {
        let rows: Vec<_> =
            inputs.iter().map(|input| (&input.name, declared(input), &input.description)).collect();
        let widest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or(0);
        let names = widest(&mut rows.iter().map(|(name, ..)| name.chars().count()));
        let types = rows.iter().map(|(_, declared, _)| declared.chars().count());
        let types = widest(&mut types.filter(|length| *length <= TYPES));
        for (name, declared, description) in rows {
            let before = format!("{:indent$}{name:<names$}  {declared:<types$}  ", "");
            for row in beside(&before, description, self.style.width) {
                self.text.push_str(&row);
                self.text.push('\n');
            }
        }
    }

    fn export(&mut self, indent: usize, export: &Export) {
        self.line(indent, Some(Ink::Strong), &format!("{} {}", export.kind.word(), export.signature));
        self.lines(indent + 4, &export.doc);
    }
}

/// Type, default and clauses of an input.
fn declared(input: &Input) -> String {
    let default = input.default.as_ref().map(|default| format!(" = {default}")).unwrap_or_default();
    format!("{}{default} {}", input.ty, input.clauses).trim_end().to_owned()
}

fn space_after(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{text} ") }
}

/// Bundled runbooks: of each its name, title, version, what it does in a sentence, and the inputs that it must be given.
#[must_use]
pub fn runbooks_text(runbooks: &[Runbook], style: Style) -> String {
    let mut page = Page::new(style);
    for (at, runbook) in runbooks.iter().enumerate() {
        if at > 0 {
            page.gap();
        }
        page.head(&runbook.name, &runbook.title, &runbook.version);
        page.lines(2, &first_sentence(&runbook.prose));
        let wanted: Vec<_> = runbook.inputs.iter().filter(|input| input.default.is_none()).collect();
        page.inputs(4, &wanted);
    }
    page.text
}

/// Modules: of each its name and version, what it is in a sentence, and each check and step with its comment.
#[must_use]
pub fn modules_text(modules: &[Module], style: Style) -> String {
    let mut page = Page::new(style);
    for (at, module) in modules.iter().enumerate() {
        if at > 0 {
            page.gap();
        }
        page.head(&module.name, "", &module.version);
        page.lines(2, &first_sentence(&module.prose));
        module.exports.iter().for_each(|export| page.export(4, export));
    }
    page.text
}

/// One runbook or module, in full.
#[must_use]
pub fn card_text(card: &Card, style: Style) -> String {
    let mut page = Page::new(style);
    match card {
        Card::Runbook(runbook) => {
            page.head(&runbook.name, &runbook.title, &runbook.version);
            section(&mut page, &runbook.prose);
            if !runbook.inputs.is_empty() {
                page.gap();
                page.inputs(2, &runbook.inputs.iter().collect::<Vec<_>>());
            }
            page.gap();
            page.line(0, None, &format!("bowline plan {} shows what it would do", runbook.name));
        }
        Card::Module(module) => {
            page.head(&module.name, "", &module.version);
            section(&mut page, &module.prose);
            for export in &module.exports {
                page.gap();
                page.export(2, export);
            }
        }
    }
    page.text
}

fn section(page: &mut Page, text: &str) {
    if !text.is_empty() {
        page.gap();
        page.lines(2, text);
    }
}
