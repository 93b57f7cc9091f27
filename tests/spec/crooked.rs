//! One bracket or quote too many, too few or of another kind in a line of a runbook is one report, wherever it stands.

use crate::check::told;
use crate::mistakes::{in_every_runbook, reports, text_of};

/// A mistake in a line: what the line becomes.
type Slip = fn(&str) -> Option<String>;

/// The line with the last sign of a kind as something else.
fn last(line: &str, sign: &str, with: &str) -> Option<String> {
    let at = line.rfind(sign)?;
    Some([&line[..at], with, &line[at + sign.len()..]].concat())
}

/// The line with the first sign of a kind as something else.
fn first(line: &str, sign: &str, with: &str) -> Option<String> {
    line.contains(sign).then(|| line.replacen(sign, with, 1))
}

fn is_keyword(word: &str) -> bool {
    ["phase", "check", "expect", "scenario", "approval", "manual"].contains(&word)
}

const SLIPS: &[(&str, Slip)] = &[
    ("the last `)` is missing", |line| last(line, ")", "")),
    ("the first `(` is missing", |line| first(line, "(", "")),
    ("the first `(` stands twice", |line| first(line, "(", "((")),
    ("the last `)` stands twice", |line| last(line, ")", "))")),
    ("`]` for `)`", |line| last(line, ")", "]")),
    ("`}` for `)`", |line| last(line, ")", "}")),
    ("the last `]` is missing", |line| last(line, "]", "")),
    ("`)` for `]`", |line| last(line, "]", ")")),
    ("the last quote is missing", |line| last(line, "\"", "")),
    ("the first quote is missing", |line| first(line, "\"", "")),
    ("the last quote stands twice", |line| last(line, "\"", "\"\"")),
    ("a brace in quotes", |line| Some(format!("{}\"{{\"", line.strip_suffix('{')?))),
    ("two braces", |line| Some(format!("{line} {{")).filter(|_| line.ends_with(" {"))),
    ("two braces, glued", |line| Some(format!("{line}{{")).filter(|_| line.ends_with(" {"))),
    ("a blank one letter too early", |line| {
        let (word, rest) = line.trim_start().split_once(' ').filter(|(word, _)| is_keyword(word))?;
        let (at, letter) = word.char_indices().next_back()?;
        Some(format!("{} {letter}{rest}", &word[..at]))
    }),
    ("a blank inside of a keyword", |line| {
        let (word, rest) = line.trim_start().split_once(' ').filter(|(word, _)| is_keyword(word))?;
        Some(format!("{} {} {rest}", &word[..3], &word[3..]))
    }),
    ("a brace that closes nothing", |line| Some(format!("{line}}}")).filter(|_| line.ends_with(')'))),
    ("`)` for the brace that closes", |line| last(line, "}", ")").filter(|_| line.trim() == "}")),
];

/// The lines of a text that are code, by their numbers: no prose, no script, no comment.
fn code(text: &str) -> Vec<usize> {
    let mut inside = false;
    let mut found = vec![];
    for (number, line) in text.lines().enumerate() {
        let marks = line.matches("\"\"\"").count() + line.matches("```").count();
        if !inside && marks == 0 && !line.trim_start().starts_with('#') {
            found.push(number);
        }
        inside ^= marks % 2 == 1;
    }
    found
}

/// What differs where each mistake is made at a few places of a runbook, and how often one was made.
fn slips(name: &str) -> (usize, Vec<String>) {
    let text = text_of(name);
    let (mut tried, mut wrong) = (0, vec![]);
    if !reports(name, &text).diagnostics.is_empty() {
        return (tried, wrong);
    }
    let places = code(&text);
    // Half of the kinds, the others in the next runbook.
    for (number, (what, slip)) in
        SLIPS.iter().enumerate().filter(|(number, _)| (number + name.len()).is_multiple_of(2))
    {
        let made: Vec<_> =
            places.iter().filter_map(|at| Some((*at, slip(text.lines().nth(*at)?)?))).collect();
        // One place of each kind: others in the next runbook.
        for (at, line) in made.iter().skip((name.len() * 7 + number) % made.len().max(1)).take(1) {
            let lines = text.lines().enumerate().map(|(number, old)| if number == *at { line } else { old });
            let compiled = reports(name, &(lines.collect::<Vec<_>>().join("\n") + "\n"));
            tried += 1;
            if compiled.diagnostics.len() != 1 {
                wrong.push(format!("{name}:{}: {what}\n{line}\n{}", at + 1, told(&compiled)));
            }
        }
    }
    (tried, wrong)
}

#[test]
fn a_bracket_or_quote_that_does_not_agree_is_one_report() {
    in_every_runbook(slips);
}
