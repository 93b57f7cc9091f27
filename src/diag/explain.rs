//! What each code means, with an example that is reported and one that is not: the sections of `docs/codes.md`.
//!
//! The page is the one place where that stands; this reads it and draws nothing.

use super::{Code, codes};

/// The page.
const PAGE: &str = include_str!("../../docs/codes.md");

/// What there is to say about a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The code.
    pub code: Code,
    /// What it means and what to do, in paragraphs of Markdown.
    pub meaning: &'static str,
    /// Examples, and the files beside them.
    pub examples: Vec<Example>,
}

/// A file of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// What it is for.
    pub kind: ExampleKind,
    /// `runbook`, `toml` for a `bowline.toml`, or `sh` for commands that make the files where none can be shown.
    pub language: &'static str,
    /// The file, as it would be written, or the commands.
    pub text: &'static str,
}

/// What a file of an example is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExampleKind {
    /// Reported with the code.
    Wrong,
    /// The same, mended.
    Right,
    /// Stands beside the others under that name.
    Beside(&'static str),
}

/// What there is to say about a code, however its letter is written.
#[must_use]
pub fn entry(id: &str) -> Option<Entry> {
    let code = codes::ALL.iter().find(|code| code.id.eq_ignore_ascii_case(id))?;
    let section = sections().find(|section| section.starts_with(code.id))?;
    let (_, body) = section.split_once('\n')?;
    let meaning = body.split("```").next().unwrap_or_default().trim();
    Some(Entry { code: *code, meaning, examples: Blocks { rest: body }.filter_map(example).collect() })
}

/// The heading of each section, in order: a code and its title.
pub fn headings() -> impl Iterator<Item = (&'static str, &'static str)> {
    sections().filter_map(|section| section.lines().next()?.split_once(": "))
}

fn sections() -> impl Iterator<Item = &'static str> {
    PAGE.split("\n## ").skip(1)
}

fn example((info, text): (&'static str, &'static str)) -> Option<Example> {
    let (language, name) = info.split_once(' ')?;
    let kind = match name {
        "wrong" => ExampleKind::Wrong,
        "right" => ExampleKind::Right,
        "beside" => ExampleKind::Beside("bowline.toml"),
        file => ExampleKind::Beside(file),
    };
    Some(Example { kind, language, text })
}

/// The fenced blocks of a page: what stands behind the backticks, and the text.
pub struct Blocks<'p> {
    rest: &'p str,
}

impl<'p> Blocks<'p> {
    /// Of a page of Markdown.
    #[must_use]
    pub fn of(page: &'p str) -> Self {
        Self { rest: page }
    }
}

impl<'p> Iterator for Blocks<'p> {
    type Item = (&'p str, &'p str);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.rest.find("\n```")? + 1;
        let open = self.rest.get(start..)?;
        let ticks = open.len() - open.trim_start_matches('`').len();
        let (info, body) = open.get(ticks..)?.split_once('\n')?;
        let closing = open.get(..ticks)?;
        let end = if body.starts_with(closing) { 0 } else { body.find(&format!("\n{closing}"))? + 1 };
        let after = body.get(end + ticks..)?;
        self.rest = after;
        Some((info.trim(), body.get(..end)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_section_in_order() {
        let codes: Vec<_> = codes::ALL.iter().map(|code| (code.id, code.title)).collect();
        let mut told: Vec<_> = headings().collect();
        let order = |one: &(&str, &str)| codes.iter().position(|code| code.0 == one.0);
        told.sort_by_key(order);
        assert_eq!(told, codes);
        assert!(headings().map(|(id, _)| id).is_sorted(), "sections stand in the order of their codes");
    }

    #[test]
    fn an_entry_has_its_words_and_files() {
        let entry = entry("e0213").unwrap();
        assert_eq!(entry.code, codes::CYCLE);
        assert!(entry.meaning.starts_with("A runbook calls itself"), "{}", entry.meaning);
        let kinds: Vec<_> = entry.examples.iter().map(|example| example.kind).collect();
        assert_eq!(kinds, [ExampleKind::Wrong, ExampleKind::Right]);
        assert!(entry.examples[0].text.ends_with("call \"./main.runbook\" ()\n"));
    }

    #[test]
    fn longer_fences_hold_shorter_ones() {
        let page = "x\n````runbook right\n```sh\necho\n```\n````\nand\n```\n```\n";
        let blocks: Vec<_> = Blocks::of(page).collect();
        assert_eq!(blocks, [("runbook right", "```sh\necho\n```\n"), ("", "")]);
    }
}
