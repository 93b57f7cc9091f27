//! A block without its head, or closed by what closes none here, a line of which the first word or the brace became another
//! sign, and prose that nothing opens or closes are one report each, wherever they stand in a runbook.

use crate::crooked::code;
use crate::mistakes::{Mistake, in_every_runbook, made, one};

/// The words of a line that opens a block with a word.
fn head(line: &str) -> Option<(&str, &str, &str)> {
    let code = line.trim_start();
    let (word, rest) = code.split_once(' ').filter(|_| code.ends_with(" {"))?;
    let words = ["step", "phase", "check", "gate", "for", "if", "manual", "scenario", "rollback", "attempt"];
    words.contains(&word).then(|| (&line[..line.len() - code.len()], word, rest))
}

/// The head of a block, opened by another sign.
fn opened_by(line: &str, sign: &str) -> Option<String> {
    head(line)?;
    Some(format!("{} {sign}", line.strip_suffix(" {")?))
}

/// The head of a block, with a sign for its first word.
fn begun_by(line: &str, sign: &str) -> Option<String> {
    let (indent, _, rest) = head(line)?;
    Some(format!("{indent}{sign} {rest}"))
}

/// What closes a block, with something else for its brace.
fn closed_by(line: &str, with: &str) -> Option<String> {
    (line.trim() == "}").then(|| line.replace('}', with))
}

const LOST: &[(&str, Mistake)] = &[
    ("a head in a comment", |line| {
        let (indent, word, rest) = head(line)?;
        Some(format!("{indent}# {word} {rest}"))
    }),
    ("`)` for the first word of a head", |line| begun_by(line, ")").filter(|line| !line.ends_with(") {"))),
    ("`]` for the brace that opens", |line| opened_by(line, "]")),
    ("`)` for the brace that opens", |line| opened_by(line, ")")),
    ("a quote for the brace that opens", |line| {
        opened_by(line, "\"").filter(|line| !line.ends_with("\" \""))
    }),
    ("`end` for the brace that closes", |line| closed_by(line, "end")),
    ("`fi` for the brace that closes", |line| closed_by(line, "fi")),
    ("`done` for the brace that closes", |line| closed_by(line, "done")),
    ("`endif` for the brace that closes", |line| closed_by(line, "endif")),
    ("`\"` for the brace that closes", |line| closed_by(line, "\"")),
    ("`else` without its brace", |line| {
        line.strip_suffix(" {").filter(|line| line.trim_start().starts_with("} else")).map(str::to_owned)
    }),
    ("a bracket for what a scenario names", |line| {
        let (word, title) = line.split_once(" \"")?;
        let named = ["ran", "undone", "untouched", "ends"].contains(&word.trim()) && title.ends_with('"');
        named.then(|| format!("{word} ("))
    }),
    ("a bracket for the last value", |line| {
        let (head, last) =
            line.rsplit_once(", ").filter(|(head, _)| head.trim_start().starts_with("let "))?;
        let plain = last.strip_suffix(')')?.chars().all(|c| c.is_ascii_lowercase());
        plain.then(|| format!("{head}, [)"))
    }),
    ("`(` for the description of an input", |line| {
        let (head, description) = line.rsplit_once(" \"")?;
        let plain = line.starts_with("input ") && !head.contains('"') && description.ends_with('"');
        plain.then(|| format!("{head} ("))
    }),
];

const PROSE: &[(&str, Mistake)] =
    &[("no `\"\"\"`", |_| Some(String::new())), ("a bracket in `\"\"\"`", |_| Some("}\"".to_owned()))];

/// The lines that open or close the first prose of a text, and the next.
fn quotes(text: &str) -> Vec<usize> {
    let quotes = text.lines().enumerate().filter(|(_, line)| *line == "\"\"\"").map(|(number, _)| number);
    quotes.take(4).collect()
}

/// One place for a third of the kinds, the others in the next runbooks.
fn third(name: &str, number: usize, places: usize) -> Vec<usize> {
    if (number + name.len()).is_multiple_of(3) { one(name, number, places) } else { vec![] }
}

fn all(_: &str, _: usize, places: usize) -> Vec<usize> {
    (0..places).collect()
}

#[test]
fn what_lost_its_head_or_its_sign_is_one_report() {
    in_every_runbook(|name| made(name, LOST, code, third));
}

#[test]
fn prose_that_nothing_opens_or_closes_is_one_report() {
    in_every_runbook(|name| made(name, PROSE, quotes, all));
}
