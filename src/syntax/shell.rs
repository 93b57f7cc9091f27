//! Shell syntax on a `run` line: there is no shell, so each sign is an error that says what to write.

use crate::diag::{Diagnostic, codes};
use crate::text::Span;

/// `|`, `>`, `$` and their like.
pub(super) fn sign(at: Span, sign: &str) -> Diagnostic {
    let what = match sign {
        "|" => "a pipe",
        ">" | "<" => "a redirection",
        "$" => "a shell variable",
        "*" => "a wildcard",
        "&" => "a shell operator",
        _ => "a shell substitution",
    };
    let shown = if sign == "`" { "a backquote".to_owned() } else { format!("`{sign}`") };
    let message = format!("{shown} is {what}, and a `run` line has no shell");
    let meant = if sign == "$" { "a value of the runbook is `{name}`; " } else { "" };
    let help = format!("{meant}put the commands into a ```sh fence, or quote the word: '{sign}'");
    Diagnostic::error(codes::SHELL_SYNTAX, at, message).help(help)
}

/// `~`, `[ab]`, a leading `NAME=value`. `bare` is what stands outside of `{…}`.
pub(super) fn word(span: Span, written: &str, bare: &str, first: bool) -> Option<Diagnostic> {
    let error = |message: &str, help: String| {
        Some(Diagnostic::error(codes::SHELL_SYNTAX, span, message.to_owned()).help(help))
    };
    if written.starts_with('~') {
        return error(
            "`~` is not expanded: a `run` line has no shell",
            "write the folder, or take it as an input".into(),
        );
    }
    if bare.contains('[') && bare.contains(']') {
        return error(
            "`[…]` is not expanded: a `run` line has no shell",
            format!("quote the word: '{written}'"),
        );
    }
    let assigned = written.split_once('=').filter(|(name, _)| first && is_name(name));
    let (name, value) = assigned?;
    let help = format!("write `env {name} = \"{value}\"` in the block of the `run` line");
    error("a variable before the program is shell syntax", help)
}

fn is_name(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
