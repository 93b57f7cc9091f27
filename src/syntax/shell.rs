//! Shell syntax on a `run` line: there is no shell, so each sign is an error that says what to write.

use super::habit::is_word;
use super::placeholder::placeholder;
use super::signs;
use crate::diag::{Diagnostic, codes};
use crate::text::Span;

/// `|`, `>`, `$` and their like; `behind` is what follows the sign.
pub(super) fn sign(at: Span, sign: &str, behind: &str) -> Diagnostic {
    if let Some(told) = place(at, sign, behind).or_else(|| meant(at, sign, behind)) {
        return told;
    }
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
    let told = Diagnostic::error(codes::SHELL_SYNTAX, at, message).help(help);
    // What stands in its braces is a name of the shell.
    let braces = behind.find('}').filter(|_| sign == "$" && behind.starts_with('{'));
    let end = braces.and_then(|end| u32::try_from(end + 1).ok());
    let told = if let Some(end) = end { told.hides(Span { end: at.end + end, ..at }) } else { told };
    match value(behind).filter(|_| sign == "$") {
        Some((length, name)) => {
            let whole = Span { end: at.end + length, ..at };
            told.guess(format!("write `{{{name}}}`"), whole, format!("{{{name}}}"))
        }
        None => told,
    }
}

/// How long the name behind a `$` is written, and the name, where it may be one of the runbook: those of the environment are
/// written in capitals.
fn value(behind: &str) -> Option<(u32, &str)> {
    let braced = behind.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(name, _)| name);
    let end = behind.find(|c| !is_word(c)).unwrap_or(behind.len());
    let name = braced.or_else(|| behind.get(..end)).filter(|name| is_name(name))?;
    let length = u32::try_from(name.len() + if braced.is_some() { 2 } else { 0 }).ok()?;
    name.contains(|c: char| c.is_ascii_lowercase()).then_some((length, name))
}

/// A place to fill in, which reads as redirections.
fn place(at: Span, sign: &str, behind: &str) -> Option<Diagnostic> {
    let text = (sign == "<").then(|| format!("{sign}{behind}"))?;
    let place = placeholder(&text)?;
    let value = format!("{{{}}}", place.name);
    let told = place.told(codes::SHELL_SYNTAX, at, &value);
    let whole = told.primary.span;
    Some(told.guess(format!("write `{value}`"), whole, value).hides(whole))
}

/// Signs of which the words behind them tell what is meant.
fn meant(at: Span, sign: &str, behind: &str) -> Option<Diagnostic> {
    let (message, help) = match sign {
        "$" if behind.starts_with('(') => (
            "`$(…)` is a shell substitution, and a `run` line has no shell",
            "bind it on a line before, `let value = look run …`, and write `{value}` here",
        ),
        "&" if behind.starts_with('&') => (
            "`&&` is a shell operator, and a `run` line has no shell",
            "write a `run` line for each: the next one runs only when this one did well",
        ),
        "|" if behind.starts_with('|') => (
            "`||` is a shell operator, and a `run` line has no shell",
            "an exit code that is no failure is told by `expect exit in [0, 1]` in the block; else take a ```sh fence",
        ),
        "&" if behind.trim().is_empty() => (
            "`&` leaves a program behind, and what a step started ends with the step",
            "start it as a service, by the program that keeps services here",
        ),
        _ => return None,
    };
    Some(Diagnostic::error(codes::SHELL_SYNTAX, at, message).help(help))
}

/// Programs that put values in the place of variables themselves, and options behind which a script stands.
const READING: &[&str] = &[
    "sh",
    "bash",
    "dash",
    "ksh",
    "zsh",
    "fish",
    "ssh",
    "su",
    "awk",
    "gawk",
    "perl",
    "php",
    "make",
    "envsubst",
    "pwsh",
    "tmux",
    "screen",
    "watch",
    "pdsh",
    "mosh",
    "az",
    "aws",
    "nix-shell",
    "-c",
    "-e",
    "-lc",
];

/// Whether a word of a `run` line is a program that puts values in the place of variables, or brings a script for it.
pub(super) fn reads_variables(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    READING.contains(&name)
}

/// The variable of the environment with which a word in double quotes begins (`"$HOME/x"`).
pub(super) fn variable_in_quotes(word: &str) -> Option<&str> {
    let rest = word.strip_prefix("\"$")?;
    let name = rest.split(|c| !is_word(c)).next().filter(|name| is_name(name))?;
    let capitals = name.len() > 1 && !name.contains(|c: char| c.is_ascii_lowercase());
    capitals.then(|| word.get(1..name.len() + 2)).flatten()
}

/// What is said of such a variable.
pub(super) fn no_variable(text: &str, at: Span) -> Diagnostic {
    let written = text.get(at.range()).unwrap_or_default();
    let name = written.trim_start_matches('$');
    let small = name.to_ascii_lowercase();
    let message = format!("the program gets `{written}` as it stands: a `run` line has no shell");
    Diagnostic::warning(codes::NAME_IN_TEXT, at, message).help(format!(
        "its value is an input, `input {small}: text from env \"{name}\"` at the top, and `{{{small}}}` here; in single quotes it is meant as it stands"
    ))
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
    if let Some(name) = written.strip_prefix("...").filter(|name| is_name(name)) {
        return error(
            &format!("`{written}` is a word as it stands: the program would get it so"),
            format!("each item of a list as a word of its own is `{{...{name}}}`"),
        )
        .map(|told| told.guess(format!("write `{{...{name}}}`"), span, format!("{{...{name}}}")));
    }
    if first && written == "=" {
        return error("a program stands right behind `run`", "take the `=` out".into());
    }
    if bare.contains('\u{201c}') {
        return error(
            "`\u{201c}` is no quote: the program would get it as it stands",
            "write straight quotes: `\"`".into(),
        );
    }
    let option = bare.strip_prefix(['\u{2013}', '\u{2014}']);
    if option.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())) {
        return error("an option does not begin with a long dash", "write `--` or `-`".into());
    }
    if bare.contains('[') && bare.contains(']') {
        return error(
            "`[…]` is not expanded: a `run` line has no shell",
            format!("quote the word: '{written}'"),
        );
    }
    if first && matches!(written, "cd" | "export" | "source" | "alias" | "umask") {
        let help = if written == "cd" {
            "the folder is `dir \"folder\"`, behind the title of the step or in the block of the `run`"
        } else {
            "put it into a ```sh fence with what needs it; a variable is `env NAME = value` in the block of the `run`"
        };
        return error(&format!("`{written}` is a part of a shell and no program"), help.into());
    }
    let assigned = written.split_once('=').filter(|(name, _)| first && is_name(name));
    let (name, value) = assigned?;
    let help = format!("write `env {name} = \"{value}\"` in the block of the `run` line");
    error("a variable before the program is shell syntax", help)
}

/// A list of JSON outside of quotes, `["a","b"]`, over however many words: its quotes would be those of words. `line` begins with
/// the word.
pub(super) fn list(span: Span, written: &str, line: &str) -> Option<Diagnostic> {
    let opens = written.find("[\"").or_else(|| written.find("[{\""))?;
    // What stands in quotes is taken as it stands.
    written.get(..opens).filter(|before| !before.contains(['"', '\'', '{']))?;
    let end = opens + signs::bracket_end(line.get(opens..)?)?;
    let list = line.get(..end)?;
    let length = u32::try_from(list.len()).ok()?;
    let whole = Span { end: span.start + length, ..span };
    let shown = super::build::shorten(list);
    let message = format!("`{shown}` stands outside of quotes, and would lose its own");
    let told = Diagnostic::error(codes::BAD_LITERAL, whole, message).hides(whole);
    let holds = list.contains(['\'', '\\']) || list.contains('{') && !list.contains("{\"");
    // In single quotes there are no values.
    Some(if holds {
        told.help("what a program is given as JSON is a value: `let list = [\"a\", \"b\"]` on a line before, and `{json(list)}` here")
    } else {
        told.help("what a program is given as it stands is written in single quotes").guess(
            "put it in single quotes",
            whole,
            format!("'{list}'"),
        )
    })
}

fn is_name(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_') && chars.all(is_word)
}
