//! What a line is: a command, a sentence about one, or what one answers.

use super::sentence::{is_sentence, opens_sentence};
use super::shell::{is_assignment, is_known, prompted};

/// Whether a line looks like a command: a known program or a path first, or a word that options follow.
pub(super) fn looks_like_command(line: &str) -> bool {
    let line = prompted(line).map_or(line.trim(), |found| found.command);
    line.starts_with('#') || is_assignment_alone(line) || begins_as_command(line) && !is_sentence(line)
}

/// Whether a line begins as a command does and is a sentence: `git status shows nothing`.
pub(super) fn tells_of_command(line: &str) -> bool {
    let line = line.trim();
    prompted(line).is_none() && begins_as_command(line) && is_sentence(line)
}

/// Whether a line may be a command of a program that nobody knows here: words of which one is no word of a sentence.
pub(super) fn may_be_command(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let program = words.next().is_some_and(is_name_of_program);
    let argument = |word: &str| word.contains(|c: char| c.is_ascii_digit() || "-/=_.<{$".contains(c));
    program && !is_sentence(line) && words.any(argument)
}

fn begins_as_command(line: &str) -> bool {
    let mut words = line.split_whitespace().skip_while(|word| is_assignment(word));
    let Some(first) = words.next() else { return false };
    is_known(first) || looks_like_program(first, &words.collect::<Vec<_>>())
}

fn is_assignment_alone(line: &str) -> bool {
    is_assignment(line) && line.split_whitespace().all(is_assignment)
}

/// A word in lower case with an option behind it: a program of somebody's own.
fn looks_like_program(first: &str, rest: &[&str]) -> bool {
    let option = |word: &&str| {
        word.strip_prefix('-')
            .is_some_and(|name| name.starts_with(|c: char| c == '-' || c.is_ascii_alphabetic()))
    };
    is_name_of_program(first) && rest.iter().any(option) && !opens_sentence(first)
}

fn is_name_of_program(word: &str) -> bool {
    let signs = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.' | '/');
    word.starts_with(|c: char| c.is_ascii_lowercase()) && word.chars().all(signs)
}

/// What looks like the answer of a program: a table, JSON, a date, a report.
pub(super) fn looks_like_output(line: &str) -> bool {
    let body = line.trim_end();
    let first = body.split_whitespace().next().unwrap_or_default();
    let columns = body.trim().split("  ").filter(|part| !part.trim().is_empty()).count() > 2;
    let heading = first.len() > 1 && first.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let signs = body.starts_with(['{', '[', '<', '|', '+', '=', '✓', '✔']);
    let date = first.len() >= 8 && first.starts_with(|c: char| c.is_ascii_digit());
    let report =
        first.ends_with(':') || matches!(first, "OK" | "Error" | "error" | "INFO" | "WARN" | "DONE" | "...");
    !looks_like_command(line) && (columns || heading || signs || date || report)
}
