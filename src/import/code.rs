//! What a block of code is: commands, commands with what they answered, or something that nobody runs.

use super::line::{looks_like_command, looks_like_output};
use super::sentence::is_sentence;
use super::shell::{is_foreign_prompt, prompted};
use super::spoiled::is_spoiled;
use super::tags::{OTHERS, SHELLS, TERMINALS, TEXTS, UNCLOSED};

/// A block of code as it stands in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Code {
    /// The first word behind the fence, in lower case; empty for indented code.
    pub(super) tag: String,
    /// What else stands behind the fence.
    pub(super) rest: String,
    pub(super) text: String,
    /// Line of the document in which the text begins.
    pub(super) line: usize,
}

/// What a block of code is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Commands, and between them what they answered.
    Commands(Vec<Stretch>),
    /// Something that is done, and not safely by bowline: why.
    ByHand(&'static str),
    /// Nothing that is done.
    Text,
}

/// A stretch of a block of commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stretch {
    /// Commands with their line, their prompts taken away.
    Commands { line: usize, text: String, prompts: Vec<(usize, String)> },
    /// What they answered.
    Output(String),
}

impl Code {
    /// The code with what stands behind its fence.
    pub(super) fn new(info: &str, text: &str, line: usize) -> Self {
        let (tag, rest) = info.trim().split_once([' ', ',', '{']).unwrap_or((info.trim(), ""));
        let tag = tag.trim_start_matches(['{', '.']).trim_end_matches('}').to_lowercase();
        Self { tag, rest: rest.trim().to_owned(), text: text.trim_end().to_owned(), line }
    }

    /// What stands behind the fence where it is kept as text.
    pub(super) fn info(&self) -> String {
        let rest = self.rest.replace(UNCLOSED.trim_start(), "");
        format!("{} {rest}", self.tag).trim().to_owned()
    }

    /// The interpreter of a script from this block.
    pub(super) fn interpreter(&self) -> &'static str {
        match self.tag.as_str() {
            "sh" | "dash" => "sh",
            "zsh" => "zsh",
            _ => "bash",
        }
    }

    /// Whether its tag alone says that it is commands.
    pub(super) fn is_tagged(&self) -> bool {
        SHELLS.contains(&self.tag.as_str()) || TERMINALS.contains(&self.tag.as_str())
    }

    /// What it is.
    pub(super) fn verdict(&self) -> Verdict {
        let spoiled = |stretch: &Stretch| match stretch {
            Stretch::Commands { text, .. } => is_spoiled(text),
            Stretch::Output(_) => false,
        };
        match self.as_it_reads() {
            Verdict::Commands(stretches) if stretches.iter().any(spoiled) => {
                Verdict::ByHand("it has quotes, dashes, blanks or numbers of a page, not of a shell")
            }
            verdict => verdict,
        }
    }

    /// What it is, if its signs are what they were typed as.
    fn as_it_reads(&self) -> Verdict {
        let tag = self.tag.as_str();
        if self.text.trim().is_empty() {
            return Verdict::Text;
        }
        if self.rest.contains(UNCLOSED.trim_start()) || self.text.contains("```") {
            return Verdict::ByHand("where the code ends is not certain");
        }
        if OTHERS.contains(&tag) {
            return Verdict::ByHand("it is not for a shell");
        }
        let lines: Vec<&str> = self.text.lines().collect();
        if lines.iter().any(|line| is_foreign_prompt(line)) {
            return Verdict::ByHand("it is typed into another program");
        }
        if lines.iter().any(|line| prompted(line).is_some_and(|found| !found.command.is_empty())) {
            return if TEXTS.contains(&tag) { Verdict::Text } else { self.transcript(&lines) };
        }
        self.plain(&lines)
    }

    /// Commands without prompts, or no commands at all.
    fn plain(&self, lines: &[&str]) -> Verdict {
        if let Some(text) = as_root(lines).filter(|_| !SHELLS.contains(&self.tag.as_str())) {
            let prompts = vec![(self.line, "#".to_owned())];
            return Verdict::Commands(vec![Stretch::Commands { line: self.line, text, prompts }]);
        }
        let shell = SHELLS.contains(&self.tag.as_str());
        if !shell && !self.tag.is_empty() && !self.is_tagged() {
            return Verdict::Text;
        }
        let Judged { looks, all, tells, parts } = judged(lines);
        if lines.iter().any(|line| matches!(line.trim(), "..." | "…")) {
            return Verdict::ByHand("something is left out of it");
        }
        if parts && (shell || looks) {
            return Verdict::ByHand("a line of it is only a part of a command");
        }
        if tells && (shell || looks) {
            return Verdict::ByHand("a line of it reads as a sentence");
        }
        if shell && !has_answers(lines) || all {
            let stretch = Stretch::Commands { line: self.line, text: self.text.clone(), prompts: vec![] };
            return Verdict::Commands(vec![stretch]);
        }
        match (shell, looks) {
            (true, _) | (_, true) => Verdict::ByHand("commands and what they answer cannot be told apart"),
            _ => Verdict::Text,
        }
    }

    /// Lines with prompts are commands, the others what these answered.
    fn transcript(&self, lines: &[&str]) -> Verdict {
        let mut stretches: Vec<Stretch> = vec![];
        let mut goes_on = false;
        for (line, number) in lines.iter().zip(self.line..) {
            let found = prompted(line);
            let more = line.trim_start().strip_prefix("> ").filter(|_| goes_on).unwrap_or(line);
            match (found, goes_on) {
                (Some(found), false) if found.command.is_empty() => {}
                (Some(found), false) => push_command(&mut stretches, number, found.prompt, found.command),
                (_, true) => push_more(&mut stretches, more),
                (None, false) => push_output(&mut stretches, line),
            }
            goes_on = match stretches.last() {
                Some(Stretch::Commands { text, .. }) => is_open(text),
                _ => false,
            };
        }
        Verdict::Commands(stretches)
    }
}

fn push_command(stretches: &mut Vec<Stretch>, line: usize, prompt: &str, command: &str) {
    if let Some(Stretch::Commands { text, prompts, .. }) = stretches.last_mut() {
        text.push('\n');
        text.push_str(command);
        return prompts.push((line, prompt.to_owned()));
    }
    stretches.push(Stretch::Commands {
        line,
        text: command.to_owned(),
        prompts: vec![(line, prompt.to_owned())],
    });
}

fn push_more(stretches: &mut [Stretch], line: &str) {
    if let Some(Stretch::Commands { text, .. }) = stretches.last_mut() {
        text.push('\n');
        text.push_str(line);
    }
}

fn push_output(stretches: &mut Vec<Stretch>, line: &str) {
    match stretches.last_mut() {
        Some(Stretch::Output(text)) => {
            text.push('\n');
            text.push_str(line);
        }
        _ if line.trim().is_empty() => {}
        _ => stretches.push(Stretch::Output(line.to_owned())),
    }
}

/// Whether a command goes on in the next line: a backslash, a quote or a here-document that is open.
pub(super) fn is_open(text: &str) -> bool {
    text.trim_end_matches(' ').ends_with('\\') || quote_is_open(text) || heredoc_is_open(text)
}

fn quote_is_open(text: &str) -> bool {
    let (mut quote, mut signs, mut before) = (None, text.chars(), ' ');
    while let Some(c) = signs.next() {
        match (quote, c) {
            (None | Some('"'), '\\') => _ = signs.next(),
            (None, '#') if before.is_whitespace() => _ = signs.by_ref().find(|c| *c == '\n'),
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
        before = c;
    }
    quote.is_some()
}

fn heredoc_is_open(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("<<").filter(|(_, rest)| !rest.starts_with('<')) else {
        return false;
    };
    let word = rest.trim_start_matches(['-', ' ', '\'', '"', '\\']);
    let word: String = word.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let body = rest.split_once('\n').map_or("", |(_, body)| body);
    !word.is_empty() && !body.lines().any(|line| line.trim() == word)
}

/// Lines that all begin with `# ` and a command behind it: typed as root.
fn as_root(lines: &[&str]) -> Option<String> {
    let commands: Option<Vec<&str>> = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            line.trim_start()
                .strip_prefix("# ")
                .filter(|rest| !rest.starts_with('#') && looks_like_command(rest))
        })
        .collect();
    commands.filter(|commands| !commands.is_empty()).map(|commands| commands.join("\n"))
}

/// How the lines of a block read.
struct Judged {
    /// Whether any looks like a command.
    looks: bool,
    /// Whether every one does, or belongs to one that does.
    all: bool,
    /// Whether any is a sentence.
    tells: bool,
    /// Whether any is what only stands behind a command.
    parts: bool,
}

/// Whether a line is the rest of a command whose line ended too early: an option, a pipe, a value.
fn is_part(line: &str) -> bool {
    const BEGINS: [&str; 9] = ["-", "|", "&&", "||", "[{", "'[", "'{", "{\"", "{ \""];
    let line = line.trim_start();
    BEGINS.iter().any(|begin| line.starts_with(begin)) && !line.contains(')')
}

fn judged(lines: &[&str]) -> Judged {
    let mut judged = Judged { looks: false, all: true, tells: false, parts: false };
    let mut open = String::new();
    for line in lines.iter().filter(|line| !line.trim().is_empty()) {
        if open.is_empty() {
            let (looks, comment) = (looks_like_command(line), line.trim_start().starts_with('#'));
            judged.looks |= looks && !comment;
            judged.all &= looks;
            judged.tells |= !comment && is_sentence(line);
            judged.parts |= is_part(line);
        }
        open.push_str(line);
        open.push('\n');
        if !is_open(open.trim_end_matches('\n')) {
            open.clear();
        }
    }
    judged.all &= judged.looks && open.is_empty();
    judged
}

/// Whether a line behind a command is an answer.
fn has_answers(lines: &[&str]) -> bool {
    let mut open = String::new();
    let (mut found, mut constructs) = (false, false);
    for line in lines {
        let first = line.split_whitespace().next().unwrap_or_default();
        constructs |=
            matches!(first, "if" | "for" | "while" | "case" | "function") || line.trim_end().ends_with('{');
        found |= open.is_empty() && !constructs && looks_like_output(line);
        open.push_str(line);
        open.push('\n');
        if !is_open(open.trim_end_matches('\n')) {
            open.clear();
        }
    }
    found
}
