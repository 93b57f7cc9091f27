//! How samples that a person judges look: beside each other where they fit, never a row broken in two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::lines::{fitted as broken, indented};
use crate::run::Answered;

/// Below so many columns samples stand one above the other.
const NARROW: usize = 72;

/// The word that shows rows whole which are cut.
pub(super) const WHOLE: &str = "all";

/// What is to be judged, as wide as the screen: rows of a table are cut, and it is said how to see them whole.
pub(super) fn fitted(kind: &Answered, width: usize) -> String {
    let Answered::Judge { showing, expected, .. } = kind else { return String::new() };
    let text = match expected {
        Some(expected) if !is_narrow(width) && stand_beside(showing, expected, width) => {
            return beside(showing, expected, width);
        }
        Some(expected) => {
            format!("  Found:\n{}  Expected:\n{}", rows(showing, width), rows(expected, width))
        }
        None => rows(showing, width),
    };
    let whole = text.lines().all(|row| row.width() < width);
    if whole {
        return text;
    }
    let cut: String = text.lines().map(|row| cut(row, width.saturating_sub(1)) + "\n").collect();
    format!("{cut}  Some rows are cut; type {WHOLE} to see them whole.\n")
}

/// The same with nothing cut; nothing of what is no sample.
pub(super) fn whole(kind: &Answered) -> Option<String> {
    let Answered::Judge { showing, expected, .. } = kind else { return None };
    Some(match expected {
        Some(expected) => format!("  Found:\n{}  Expected:\n{}", indented(showing), indented(expected)),
        None => indented(showing),
    })
}

fn is_narrow(width: usize) -> bool {
    width < NARROW
}

/// Rows of a table stay rows; words are broken between words.
fn rows(text: &str, width: usize) -> String {
    let row = |line: &str| {
        let inner = line.trim();
        inner.contains(['|', '\t', '│']) || inner.contains("  ")
    };
    if text.lines().any(row) { indented(text) } else { broken(text, width) }
}

/// As much of a row as fits into so many columns.
fn cut(row: &str, room: usize) -> String {
    if row.width() <= room {
        return row.to_owned();
    }
    let mut used = 1;
    let fits = |char: &char| {
        used += char.width().unwrap_or(0);
        used <= room
    };
    row.chars().take_while(fits).collect::<String>() + "…"
}

fn column(width: usize) -> usize {
    width.saturating_sub(7) / 2
}

fn stand_beside(found: &str, expected: &str, width: usize) -> bool {
    let fits = |text: &str| text.lines().all(|line| line.width() <= column(width));
    fits(found) && fits(expected)
}

/// What there is beside what is expected.
fn beside(found: &str, expected: &str, width: usize) -> String {
    let column = column(width);
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

    fn judged(showing: &str, expected: Option<&str>, width: usize) -> String {
        fitted(
            &Answered::Judge { showing: showing.into(), expected: expected.map(Into::into), undoes: None },
            width,
        )
    }

    #[test]
    fn samples_stand_side_by_side_where_they_fit() {
        let shown = judged("a\nb", Some("c"), 80);
        let lines: Vec<_> = shown.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].starts_with("  Found") && lines[0].ends_with("| Expected"), "{shown}");
        assert!(lines[1].starts_with("  a ") && lines[1].ends_with("| c"), "{shown}");
        assert!(judged("a", Some("c"), 40).starts_with("  Found:\n  a\n  Expected:\n  c"));
        assert!(judged(&"x".repeat(60), Some("c"), 80).contains("Expected:\n"));
    }

    #[test]
    fn rows_of_a_table_are_cut_and_words_are_broken() {
        let table = "| name | 漢字漢字漢字漢字 | e\u{301} |\n| a | b | c |";
        let shown = judged(table, Some(table), 24);
        assert!(shown.contains("\n  | name | 漢字漢字漢…\n  | a | b | c |\n"), "{shown}");
        assert!(shown.ends_with("type all to see them whole.\n"), "{shown}");
        assert!(shown.lines().take(5).all(|row| row.width() < 24), "{shown}");
        assert_eq!(judged("one two three four", None, 12), "  one two\n  three\n  four\n");
        let kind = Answered::Judge { showing: table.into(), expected: None, undoes: None };
        assert_eq!(whole(&kind).unwrap(), indented(table));
    }
}
