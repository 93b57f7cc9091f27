//! Where a text could not be read whole: whether what a scenario names may stand in it all the same. Knows lines and words.

use std::collections::HashSet;

use super::called::{Title, between_values, is_like};
use crate::text::{SourceId, Sources, Span};

/// What stands in the texts of a program, part of which could not be read.
pub(super) struct Elsewhere<'t> {
    /// The texts in quotes outside of what scenarios name.
    titles: Vec<Title>,
    /// The lines in which something could not be read.
    unread: Vec<&'t str>,
    /// All other lines.
    lines: Vec<&'t str>,
}

impl<'t> Elsewhere<'t> {
    pub(super) fn of(sources: &'t Sources, unread: &[Span], named: impl Iterator<Item = Span>) -> Self {
        let named: HashSet<_> = named.map(|at| line_of(sources, at)).collect();
        let mut all = Self { titles: vec![], unread: vec![], lines: vec![] };
        for (id, source) in (0..=u16::MAX).map(SourceId).zip(sources.iter()) {
            let mut start = 0;
            for line in source.text().split_inclusive('\n') {
                let end = start + line.len();
                let mut here = unread.iter().filter(|one| one.source == id).map(|one| one.range());
                let is_unread = here.any(|one| one.start < end && start <= one.end);
                if !named.contains(&(id, start)) {
                    all.titles.extend(quoted(line));
                    if is_unread {
                        all.titles.extend(unclosed(line));
                        all.unread.push(line);
                    } else {
                        all.lines.push(line);
                    }
                }
                start = end;
            }
        }
        all
    }

    /// Whether a title is written somewhere, not more than half of it as values, or a line that could not be read speaks of
    /// the same.
    pub(super) fn may_hold_title(&self, name: &str) -> bool {
        let last = name.rsplit(" / ").next().unwrap_or_default();
        let all: Vec<_> = words(last).collect();
        let speaks = |line: &&str| {
            // An input has no title.
            if words(line).next() == Some("input") {
                return false;
            }
            let said = all.iter().filter(|word| words(line).any(|other| other == **word)).count();
            said * 2 >= all.len()
        };
        let fixed = |title: &Title| title.iter().map(String::len).sum::<usize>() * 2 >= last.len();
        self.takes_in_others()
            || self.titles.iter().any(|title| fixed(title) && is_like(title, last))
            || self.unread.iter().any(speaks)
    }

    /// Whether a line that could not be read would have taken in another file.
    fn takes_in_others(&self) -> bool {
        self.unread.iter().any(|line| words(line).next().is_some_and(|word| matches!(word, "use" | "call")))
    }

    /// Whether a name is written somewhere.
    pub(super) fn may_hold_name(&self, name: &str) -> bool {
        self.unread.iter().chain(&self.lines).any(|line| words(line).any(|word| word == name))
    }
}

fn line_of(sources: &Sources, at: Span) -> (SourceId, usize) {
    (at.source, sources.get(at.source).map_or(0, |source| source.line_at(at.start).start))
}

/// The texts in quotes on a line.
fn quoted(line: &str) -> impl Iterator<Item = Title> {
    line.split('"').skip(1).step_by(2).map(between_values)
}

/// What a text in quotes may be that is not closed on its line: it may end behind any of its words.
fn unclosed(line: &str) -> Vec<Title> {
    let text = line.trim_end().rsplit_once('"').filter(|_| line.matches('"').count() % 2 == 1);
    let text = text.map_or("", |(_, text)| text);
    text.match_indices(' ').filter_map(|(at, _)| text.get(..at)).map(between_values).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}
