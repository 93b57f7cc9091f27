//! The functions of a file, with their sizes. Source is formatted: lines and indentation can be relied on.

use super::source::split;

/// A function with its place.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    /// From its first line to the last.
    pub(crate) lines: usize,
    /// Its own beside `self`.
    pub(crate) parameters: usize,
}

/// The functions of a file that have a body.
pub(crate) fn functions(text: &str) -> Vec<Function> {
    let lines: Vec<&str> = text.lines().collect();
    (0..lines.len()).filter_map(|at| function(&lines[at..])).collect()
}

fn function(lines: &[&str]) -> Option<Function> {
    let first = lines[0].trim_start();
    let indent = &lines[0][..lines[0].len() - first.len()];
    let mut words = first.split_inclusive(' ');
    let modifier = |word: &&str| {
        ["pub ", "const ", "async ", "unsafe ", "extern ", "\"C\" "].contains(word)
            || word.starts_with("pub(")
    };
    let rest = words.clone().skip_while(modifier).collect::<String>();
    words.next()?;
    let signature = rest.strip_prefix("fn ")?;
    let name: String = signature.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let ends = |line: &&str| {
        line.strip_prefix(indent)
            .is_some_and(|line| line.starts_with('}') || line.starts_with(')') && line.ends_with(';'))
    };
    let one_line = first.ends_with('}') || first.ends_with(';');
    let length = if one_line { 1 } else { lines.iter().position(ends)? + 1 };
    let whole =
        std::iter::once(signature).chain(lines[1..length].iter().copied()).collect::<Vec<_>>().join(" ");
    Some(Function { parameters: parameters(&whole[name.len()..]), name, lines: length })
}

/// How many parameters a signature has from its generics or parentheses on, `self` left out.
fn parameters(signature: &str) -> usize {
    let list = inside(after_generics(signature));
    let all = split(list).into_iter().filter(|one| !one.trim().is_empty());
    all.filter(|one| {
        one.split(':').next().is_none_or(|name| !name.split([' ', '&']).any(|word| word == "self"))
    })
    .count()
}

fn after_generics(signature: &str) -> &str {
    if !signature.starts_with('<') {
        return signature;
    }
    let (mut depth, mut before) = (0, ' ');
    for (at, c) in signature.char_indices() {
        match c {
            '<' => depth += 1,
            '>' if before != '-' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &signature[at + 1..];
        }
        before = c;
    }
    ""
}

/// What stands in the parentheses that a text begins with.
fn inside(text: &str) -> &str {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[1..at.max(1)];
        }
    }
    ""
}
