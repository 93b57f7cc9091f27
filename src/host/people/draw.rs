//! How questions look: the path, the prose, samples beside each other.

use unicode_width::UnicodeWidthStr;

use crate::event::Outcome;
use crate::run::{Answered, QuestionShown};

/// Below so many columns samples stand one above the other.
const NARROW: usize = 72;

/// All that stands above the line where the answer is typed.
pub(super) fn question(question: &QuestionShown, width: usize) -> String {
    let path = question.path.join(" › ");
    let mut text = if path.is_empty() {
        format!("\n?{}", wrapped(&question.text, width).get(1..).unwrap_or("\n"))
    } else {
        format!("\n? {path}\n")
    };
    let shown_already = path.is_empty() || question.path.last() == Some(&question.text);
    if !shown_already && !question.text.is_empty() {
        text.push_str(&wrapped(&question.text, width));
    }
    if let Some(prose) = &question.prose {
        text.push_str(&wrapped(prose, width));
    }
    if let Some(by) = &question.by {
        let holder = question.holder.as_ref().map(|holder| format!(" ({holder})")).unwrap_or_default();
        text.push_str(&wrapped(&format!("To be answered by {by}{holder}."), width));
    }
    text.push_str(&details(&question.kind, width));
    text
}

fn details(kind: &Answered, width: usize) -> String {
    match kind {
        Answered::Judge { showing, expected: None } => indented(showing),
        Answered::Judge { showing, expected: Some(expected) } => beside(showing, expected, width),
        Answered::Approval { showing, quorum, .. } => {
            let needed: Vec<_> = quorum.iter().map(|(need, group)| format!("{need} from {group}")).collect();
            let needed = format!("Needed: {}", needed.join(" or "));
            showing.as_deref().map(indented).unwrap_or_default() + &indented(&needed)
        }
        Answered::Failed { what, hint, undo, choices } => {
            let undo = choices.contains(&"roll back").then_some(undo.as_slice());
            failed(what, hint.as_deref(), undo, width)
        }
        Answered::Undo { what, hint, owed, .. } => undo_failed(what, hint.as_deref(), owed, width),
        Answered::Unknown { what, .. } => indented(what),
        Answered::Hold { table, .. } => held(table),
        Answered::Step { does, undo, without, .. } => step(does, undo, without),
        _ => String::new(),
    }
}

/// A step before it begins.
fn step(does: &[String], undo: &[String], without: &[String]) -> String {
    let part = |head: &str, lines: &[String]| {
        let lines = lines.iter().fold(String::new(), |all, line| all + "    " + line + "\n");
        if lines.is_empty() { String::new() } else { format!("  {head}:\n{lines}") }
    };
    part("It would do", does) + &part("Undone by", undo) + &part("Left out", without)
}

fn failed(what: &str, hint: Option<&str>, undo: Option<&[String]>, width: usize) -> String {
    let mut text = indented(what);
    if let Some(hint) = hint {
        text.push_str(&wrapped(&format!("Hint: {hint}"), width));
    }
    match undo {
        None => {}
        Some([]) => text.push_str("  Rolling back would undo nothing: nothing is owed.\n"),
        Some(undo) => {
            text.push_str("  Rolling back would undo, in this order:\n");
            undo.iter().for_each(|title| text.push_str(&listed(title, width)));
        }
    }
    text
}

/// What it was about, and what is owed still: nothing more is undone before this is.
fn undo_failed(what: &str, hint: Option<&str>, owed: &[String], width: usize) -> String {
    let mut text = failed(what, hint, None, width);
    text.push_str("  Still owed, in this order:\n");
    owed.iter().for_each(|undo| text.push_str(&listed(undo, width)));
    text
}

/// An entry of a list; its further lines stand below its first word.
fn listed(entry: &str, width: usize) -> String {
    let lines = broken(entry, width.saturating_sub(4));
    let mut lines = lines.lines().map(|line| line.strip_prefix("  ").unwrap_or(line));
    let first = format!("    - {}\n", lines.next().unwrap_or_default());
    lines.fold(first, |text, line| text + "      " + line + "\n")
}

fn held(table: &[(String, Outcome, String)]) -> String {
    let widest = table.iter().map(|(item, ..)| item.width()).max().unwrap_or(0).min(60);
    let row = |(item, outcome, finding): &(String, Outcome, String)| {
        let pad = " ".repeat(widest.saturating_sub(item.width()));
        format!("  {:<4} {item}{pad}  {finding}", verdict(*outcome)).trim_end().to_owned() + "\n"
    };
    table.iter().map(row).collect()
}

fn verdict(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "yes",
        Outcome::Failed | Outcome::FailedClean => "no",
        Outcome::Unknown | Outcome::Alive | Outcome::Inconclusive => "?",
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}").trim_end().to_owned() + "\n").collect()
}

/// Words, broken between words; what is longer than a line stays whole, and so do lines that begin with blanks.
fn wrapped(text: &str, width: usize) -> String {
    text.lines()
        .map(|line| if line.starts_with(' ') { indented(line) } else { broken(line, width) })
        .collect()
}

fn broken(line: &str, width: usize) -> String {
    let (mut text, mut column) = (String::new(), 0);
    for word in line.split(' ') {
        let fits = column + 1 + word.width() < width;
        match (text.is_empty(), fits) {
            (false, true) => text.push(' '),
            (false, false) => text.push_str("\n  "),
            (true, _) => text.push_str("  "),
        }
        column = if fits && column > 0 { column + 1 } else { 2 } + word.width();
        text.push_str(word);
    }
    text.trim_end().to_owned() + "\n"
}

/// What there is beside what is expected; one above the other where the screen is too narrow.
fn beside(found: &str, expected: &str, width: usize) -> String {
    let column = (width.saturating_sub(7)) / 2;
    let fits = |text: &str| text.lines().all(|line| line.width() <= column);
    if width < NARROW || !fits(found) || !fits(expected) {
        return format!("  Found:\n{}  Expected:\n{}", indented(found), indented(expected));
    }
    let (mut left, mut right) = (found.lines(), expected.lines());
    let mut text = row("Found", "Expected", column);
    loop {
        match (left.next(), right.next()) {
            (None, None) => return text,
            (left, right) => text.push_str(&row(left.unwrap_or_default(), right.unwrap_or_default(), column)),
        }
    }
}

fn row(left: &str, right: &str, column: usize) -> String {
    let pad = " ".repeat(column.saturating_sub(left.width()));
    format!("  {left}{pad} | {right}").trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_stand_side_by_side_where_they_fit() {
        let shown = beside("a\nb", "c", 80);
        let lines: Vec<_> = shown.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].starts_with("  Found") && lines[0].ends_with("| Expected"), "{shown}");
        assert!(lines[1].starts_with("  a ") && lines[1].ends_with("| c"), "{shown}");
        assert!(beside("a", "c", 40).starts_with("  Found:\n  a\n  Expected:\n  c"));
        assert!(beside(&"x".repeat(60), "c", 80).contains("Expected:\n"));
    }

    #[test]
    fn words_are_broken_between_words() {
        assert_eq!(wrapped("one two three", 10), "  one two\n  three\n");
        assert_eq!(wrapped("a https://example.org/long b", 12), "  a\n  https://example.org/long\n  b\n");
        assert_eq!(wrapped("    code that is long\n\nb", 10), "      code that is long\n\n  b\n");
    }

    #[test]
    fn the_table_of_a_gate_shows_each_verdict() {
        let table = vec![
            ("Backups".to_owned(), Outcome::Done, String::new()),
            ("On-call".to_owned(), Outcome::Failed, "nobody".to_owned()),
        ];
        assert_eq!(held(&table), "  yes  Backups\n  no   On-call  nobody\n");
    }
}
