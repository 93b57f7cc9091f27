//! One bracket or quote too many, too few or of another kind in a line of a runbook is one report, wherever it stands.

use crate::mistakes::{Mistake, in_every_runbook, made, one};

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

const SLIPS: &[(&str, Mistake)] = &[
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

/// One place for half of the kinds, the others in the next runbook.
fn half(name: &str, number: usize, places: usize) -> Vec<usize> {
    if (number + name.len()).is_multiple_of(2) { one(name, number, places) } else { vec![] }
}

#[test]
fn a_bracket_or_quote_that_does_not_agree_is_one_report() {
    in_every_runbook(|name| made(name, SLIPS, code, half));
}
