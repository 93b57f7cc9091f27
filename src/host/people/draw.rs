//! How questions look: the path, the prose, what a decision is about.

use unicode_width::UnicodeWidthStr;

use super::lines::{broken, fitted, indented, wrapped};
use super::sample;
use crate::event::Outcome;
use crate::run::{Answered, QuestionShown, Then, WayBack};

/// What a person who judges has to know: nobody asks again.
fn fail_undoes(then: Then) -> &'static str {
    match then {
        Then::Ends => "fail: what was done is undone, newest first",
        Then::Otherwise => "fail: this attempt is undone, newest first; then its `otherwise` runs",
        Then::Holds => "fail: this attempt is undone, newest first; then you are asked how the run goes on",
    }
}

/// All that stands above the line where the answer is typed.
pub(super) fn question(question: &QuestionShown, width: usize) -> String {
    let path = question.path.join(" › ");
    let mut text = if path.is_empty() {
        format!("\n?{}", wrapped(&question.text, width).get(1..).unwrap_or("\n"))
    } else {
        format!("\n?{}", wrapped(&path, width).get(1..).unwrap_or("\n"))
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
        Answered::Judge { undoes: Some(then), .. } => {
            sample::fitted(kind, width) + &wrapped(fail_undoes(*then), width)
        }
        Answered::Judge { .. } => sample::fitted(kind, width),
        Answered::Approval { showing, quorum, .. } => {
            let needed: Vec<_> = quorum.iter().map(|(need, group)| format!("{need} from {group}")).collect();
            let needed = format!("Needed: {}", needed.join(" or "));
            showing.as_deref().map(indented).unwrap_or_default() + &indented(&needed)
        }
        Answered::Failed { what, hint, back, choices } => {
            failed(what, hint.as_deref(), width) + &undone_and_staying(back, choices, width)
        }
        Answered::Undo { what, hint, owed, .. } => undo_failed(what, hint.as_deref(), owed, width),
        Answered::Unknown { what, back, choices } => {
            fitted(what, width) + &undone_and_staying(back, choices, width)
        }
        Answered::Hold { table, .. } => held(table, width),
        Answered::Step { does, undo, without, lacks, .. } => {
            let lacks =
                lacks.as_ref().map(|lacks| wrapped(&format!("It cannot be done any more: {lacks}."), width));
            step(does, undo, without) + &lacks.unwrap_or_default()
        }
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

fn failed(what: &str, hint: Option<&str>, width: usize) -> String {
    let hint = hint.map(|hint| wrapped(&format!("Hint: {hint}"), width));
    fitted(what, width) + &hint.unwrap_or_default()
}

/// What rolling back, or giving up, would undo, and what it would leave standing.
fn undone_and_staying(
    WayBack { undo, stays, .. }: &WayBack,
    choices: &[&'static str],
    width: usize,
) -> String {
    let (nothing, undone) = match () {
        () if choices.contains(&"roll back") => {
            ("Rolling back would undo nothing: nothing is owed.", "Rolling back would undo, in this order:")
        }
        () if choices.contains(&"give up") => ("", "Giving up would put back, in this order:"),
        () => return String::new(),
    };
    let list = |head: &str, entries: &[String]| {
        entries.iter().fold(wrapped(head, width), |text, entry| text + &listed(entry, width))
    };
    let mut text = match undo.as_slice() {
        [] if nothing.is_empty() => String::new(),
        [] => wrapped(nothing, width),
        undo => list(undone, undo),
    };
    if !stays.is_empty() {
        text.push_str(&list("This would stay as it is:", stays));
    }
    text
}

/// What it was about, and what is owed still: nothing more is undone before this is.
fn undo_failed(what: &str, hint: Option<&str>, owed: &[String], width: usize) -> String {
    let mut text = failed(what, hint, width);
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

/// The items of a gate: a finding that does not fit beside its item stands below it.
fn held(table: &[(String, Outcome, String)], width: usize) -> String {
    let widest = table.iter().map(|(item, ..)| item.width()).max().unwrap_or(0).min(60);
    let fits = table.iter().all(|(_, _, finding)| {
        let lines = finding.lines().map(UnicodeWidthStr::width);
        9 + widest + lines.max().unwrap_or(0) < width && finding.lines().count() < 2
    });
    let row = |(item, outcome, finding): &(String, Outcome, String)| {
        let verdict = verdict(*outcome);
        if fits {
            let pad = " ".repeat(widest.saturating_sub(item.width()));
            return format!("  {verdict:<4} {item}{pad}  {finding}").trim_end().to_owned() + "\n";
        }
        format!("  {verdict:<4} {}{}", below(item, 7, width).trim_start(), below(finding, 9, width))
    };
    table.iter().map(row).collect()
}

/// Words that stand so far from the edge, line by line.
fn below(text: &str, indent: usize, width: usize) -> String {
    let pad = " ".repeat(indent);
    let lines = text.lines().map(|line| broken(line, width.saturating_sub(indent.saturating_sub(2))));
    let lines: String = lines.collect();
    lines.lines().fold(String::new(), |all, line| all + &pad + line.trim_start() + "\n")
}

fn verdict(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "yes",
        Outcome::Failed | Outcome::FailedClean => "no",
        Outcome::Unknown | Outcome::Alive | Outcome::Inconclusive => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_a_gate_shows_each_verdict() {
        let table = vec![
            ("Backups".to_owned(), Outcome::Done, String::new()),
            ("On-call".to_owned(), Outcome::Failed, "nobody".to_owned()),
        ];
        assert_eq!(held(&table, 80), "  yes  Backups\n  no   On-call  nobody\n");
    }
}
