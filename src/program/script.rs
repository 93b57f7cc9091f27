//! Names of values in a shell script to which nobody hands them: what the shell finds under such a name is nothing, or not that
//! value.

use super::Arg;
use super::resolver::Resolver;
use crate::diag::{Diagnostic, codes};
use crate::syntax::is_word;
use crate::syntax::tree::Fence;
use crate::text::Span;

/// The tags of scripts in which `$name` is a variable.
const SHELLS: &[&str] = &["sh", "bash", "dash", "ksh", "zsh"];

/// Words before a name to which the script itself gives a value.
const SETTING: &[&str] = &["for", "read", "local", "readonly", "export", "declare", "typeset"];

/// Programs to which braces say something themselves.
const BRACING: &[&str] = &[
    "jq", "awk", "gawk", "mawk", "perl", "sed", "grep", "gh", "xargs", "parallel", "node", "python",
    "python3", "git", "find",
];

/// The line of a script's language, and where it begins.
struct Opener<'t> {
    line: &'t str,
    span: Span,
}

impl Resolver<'_> {
    /// Warns of the variables of a script that are called like values of the runbook and are not handed to it, each once.
    pub(super) fn names_in_script(&mut self, fence: &Fence, args: &[Arg]) {
        if !SHELLS.contains(&fence.tag.as_str()) {
            return;
        }
        let words = self.words(fence.span);
        let Some((line, script)) = words.split_once('\n') else { return };
        let opener = Opener { line: line.trim_end(), span: fence.span };
        let mut told = vec![];
        for (at, name) in in_braces(script) {
            let Some(entry) = self.frame.scope.get(name).cloned().filter(|_| !told.contains(&name)) else {
                continue;
            };
            told.push(name);
            self.meaning(&entry);
            self.report(opener.no_value(line.len() + 1 + at, name));
        }
        let mut seen = vec![];
        for (at, name) in variables(script) {
            let Some(entry) = self.frame.scope.get(name).cloned().filter(|_| !seen.contains(&name)) else {
                continue;
            };
            seen.push(name);
            if args.iter().any(|arg| arg.name == name) || sets(script, name) {
                continue;
            }
            // It was meant to be used.
            self.meaning(&entry);
            self.report(opener.not_handed(line.len() + 1 + at, name));
        }
    }
}

impl Opener<'_> {
    /// The report of a name so far behind the beginning of the script's first line.
    fn not_handed(&self, at: usize, name: &str) -> Diagnostic {
        let (before, added, end) = match self.line.strip_suffix(')') {
            Some(before) => (before, format!(", {name}"), ")"),
            None => (self.line, format!(" ({name})"), ""),
        };
        let whole = format!("{}{added}{end}", before.trim_start_matches('`'));
        let message = format!("nobody hands `{name}` to this script");
        Diagnostic::warning(codes::NAME_IN_TEXT, self.part(at, name.len() + 1), message)
            .help(format!("what a script is given stands behind its language: `{whole}`"))
            .guess(format!("hand `{name}` to it"), self.part(before.len(), 0), added)
    }

    /// The report of a name in braces, as a value is written elsewhere in a runbook.
    fn no_value(&self, at: usize, name: &str) -> Diagnostic {
        let message = format!("`{{{name}}}` is no value in a script");
        let help =
            format!("what a script is given stands behind its language, `({name})`, and is `${name}` in it");
        Diagnostic::warning(codes::NAME_IN_TEXT, self.part(at, name.len() + 2), message).help(help)
    }

    fn part(&self, from: usize, length: usize) -> Span {
        let start = self.span.range().start + from;
        Span::new(self.span.source, start, start + length)
    }
}

/// The variables of a script for which nothing stands in where they have no value, `$name` and `${name}`, and where they begin.
fn variables(script: &str) -> impl Iterator<Item = (usize, &str)> {
    script.match_indices('$').filter_map(|(at, _)| {
        let (before, rest) = script.split_at_checked(at)?;
        let rest = rest.strip_prefix('$').filter(|_| !before.ends_with(['\\', '$']))?;
        let inside = rest.strip_prefix('{');
        let word = inside.unwrap_or(rest);
        let (name, behind) = word.split_at_checked(word.find(|c| !is_word(c)).unwrap_or(word.len()))?;
        let whole = inside.is_none() || behind.starts_with('}');
        (whole && !name.is_empty()).then_some((at, name))
    })
}

/// The names alone in braces where nothing but a value can be meant, and where the braces open: not in single quotes, in a comment,
/// in what a script holds for another program, or beside a program to which braces say something.
fn in_braces(script: &str) -> impl Iterator<Item = (usize, &str)> {
    // Where a text of another kind begins, only the shell could tell where it ends.
    let shell = script.find("<<").and_then(|end| script.get(..end)).unwrap_or(script);
    shell.match_indices('{').filter_map(|(at, _)| {
        let (before, rest) = shell.split_at_checked(at)?;
        let (name, _) = rest.strip_prefix('{')?.split_once('}')?;
        if name.is_empty() || !name.chars().all(is_word) {
            return None;
        }
        let line = before.rsplit('\n').next().unwrap_or_default();
        let apart = before.is_empty() || before.ends_with([' ', '\t', '\n', '"', '=', '/', ':']);
        let words = |line: &'_ str| line.split(|c| !is_word(c)).any(|word| BRACING.contains(&word));
        let verbatim = before.matches('\'').count() % 2 == 1 || line.contains('#') || words(line);
        (apart && !verbatim).then_some((at, name))
    })
}

/// Whether a script gives a value to that name.
fn sets(script: &str, name: &str) -> bool {
    script.match_indices(name).any(|(at, _)| {
        let (before, behind) = script.split_at_checked(at).unwrap_or_default();
        let behind = behind.get(name.len()..).unwrap_or_default();
        if before.ends_with(|c| is_word(c) || c == '$') || behind.starts_with(is_word) {
            return false;
        }
        let line = before.rsplit(['\n', ';']).next().unwrap_or_default();
        behind.starts_with('=') || line.split_whitespace().any(|word| SETTING.contains(&word))
    })
}
