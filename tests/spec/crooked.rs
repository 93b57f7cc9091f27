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

/// The head of a block with another sign for its brace.
fn opened_by(line: &str, sign: &str) -> Option<String> {
    let word = line.trim_start().split(' ').next()?;
    let is_head = ["step", "phase", "check", "gate", "for", "if", "scenario", "manual"].contains(&word);
    Some(format!("{} {sign}", line.strip_suffix(" {").filter(|_| is_head)?))
}

/// The line with the first quote of its title, and the letter behind it, as something else.
fn glued(line: &str, written: fn(&str, &str) -> String) -> Option<String> {
    let (head, title) = line.split_once(" \"")?;
    let titled = ["step", "phase", "check", "gate", "ran", "given", "log"].contains(&head.trim());
    let letter = title.get(..1).filter(|_| titled && title.starts_with(char::is_alphabetic))?;
    title
        .get(1..)
        .filter(|rest| rest.starts_with(char::is_alphabetic))
        .map(|rest| format!("{head} {}", written(letter, rest)))
}

/// The line, before which another is written as far indented.
fn log(line: &str, written: &str) -> Option<String> {
    let indent = &line[..line.len() - line.trim_start().len()];
    line.trim_start().starts_with("log \"").then(|| format!("{indent}{written}\n{line}"))
}

/// A line that has a short list, over several lines and with another end.
fn listed(line: &str, end: &str, with: &str) -> Option<String> {
    let (head, items) = line.strip_suffix(end)?.split_once("= [")?;
    let indent = &line[..line.len() - line.trim_start().len()];
    let plain =
        line.trim_start().starts_with("let ") && !items.is_empty() && !items.contains(['[', '(', '{']);
    let items: Vec<_> = items.split(", ").map(|item| format!("{indent}  {item},")).collect();
    let last = if with.is_empty() { String::new() } else { format!("\n{indent}{with}") };
    plain.then(|| format!("{head}= [\n{}{last}", items.join("\n")))
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
    ("`(` for the brace that opens", |line| opened_by(line, "(")),
    ("`[` for the brace that opens", |line| opened_by(line, "[")),
    ("`}` for the brace that opens", |line| opened_by(line, "}")),
    ("`{` for the brace that closes", |line| last(line, "}", "{").filter(|_| line.trim() == "}")),
    ("`(` for the brace that closes", |line| last(line, "}", "(").filter(|_| line.trim() == "}")),
    ("two braces behind a block on one line", |line| {
        (line.contains(" { ") && line.ends_with(" }") && !line.contains(" = "))
            .then(|| format!("{line} {{{{"))
    }),
    ("two braces before a block on one line", |line| {
        let on_one_line = line.ends_with(" }") && !line.contains(" = ") && !line.contains(": {");
        first(line, " { ", " {{ ").filter(|_| on_one_line)
    }),
    ("a quote one letter late", |line| glued(line, |letter, rest| format!("{letter}\"{rest}"))),
    ("a quote inside of a text", |line| glued(line, |letter, rest| format!("\"{letter}\"{rest}"))),
    ("a quote inside of a name", |line| {
        let (head, rest) = line.split_once("let ").filter(|(head, _)| head.trim().is_empty())?;
        let letter =
            rest.get(..1).filter(|_| rest.get(1..2).is_some_and(|c| c.chars().all(char::is_alphabetic)))?;
        Some(format!("{head}let {letter}\"{}", &rest[1..]))
    }),
    ("a word with an open brace behind a program", |line| {
        let plain = line.trim_start().starts_with("run ") && !line.ends_with(['{', '\\']);
        plain.then(|| format!("{line} {{r"))
    }),
    ("a word with two open brackets", |line| {
        let rest = line.trim_start().strip_prefix("run ").filter(|_| !line.ends_with(['{', '\\']))?;
        let (program, rest) = rest.split_once(' ')?;
        Some(format!("{}run {program} {{b[ {rest}", &line[..line.len() - line.trim_start().len()]))
    }),
    ("a text of one brace", |line| log(line, "log \"{")),
    ("a list closed as a block", |line| listed(line, "]", "}")),
    ("a list closed as a call", |line| listed(line, "]", ")")),
    ("a list that is not closed", |line| listed(line, "]", "")),
    ("a value in braces behind `in`", |line| {
        let (head, rest) =
            line.split_once(" in ").filter(|(head, _)| head.trim_start().starts_with("for "))?;
        let (value, rest) = rest.split_once(' ').filter(|(_, rest)| rest.ends_with('{'))?;
        value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_')
            .then(|| format!("{head} in {{{value}}} {rest}"))
    }),
    ("a brace missing before `run`", |line| {
        line.ends_with(" }").then(|| line.replacen(" { run ", " run ", 1)).filter(|new| new != line)
    }),
    ("a blank behind `\\`", |line| line.ends_with('\\').then(|| format!("{line} "))),
    ("`)` for the brace that closes", |line| last(line, "}", ")").filter(|_| line.trim() == "}")),
];

/// The lines of a text that are code, by their numbers: no prose, no script, no comment.
pub(crate) fn code(text: &str) -> Vec<usize> {
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
