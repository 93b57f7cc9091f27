//! Drafts as the text of a runbook. Layout is the formatter's; what must be escaped is escaped here.

use super::draft::{Command, Draft, Part, Script};
use super::inputs::Input;
use crate::text::fence_for;

/// A text that grows, with its indentation.
#[derive(Default)]
pub(super) struct Page {
    pub(super) text: String,
    depth: usize,
}

/// A text in which nothing closes a prose: quotes that stand together, three of them or more, get a backslash each.
fn unclosing(text: &str) -> String {
    let mut all = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("\"\"\"") {
        let more = behind.chars().take_while(|c| *c == '"').count();
        all.push_str(before);
        all.push_str(&"\\\"".repeat(3 + more));
        rest = behind.get(more..).unwrap_or_default();
    }
    all + rest
}

impl Page {
    /// A line at the present indentation.
    pub(super) fn line(&mut self, line: &str) {
        if !line.is_empty() {
            self.text.push_str(&"  ".repeat(self.depth));
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    /// Drafts one after the other, statements with blocks set off by an empty line.
    pub(super) fn drafts(&mut self, drafts: &[Draft]) {
        let mut before: Option<&Draft> = None;
        for draft in drafts {
            if before.is_some_and(|before| is_apart(before, draft)) {
                self.line("");
            }
            self.draft(draft);
            before = Some(draft);
        }
    }

    fn draft(&mut self, draft: &Draft) {
        match draft {
            Draft::Remark(remark) => self.comment(&remark.comment()),
            Draft::Comment(line, text) => {
                let lines = text.lines().zip(*line..).filter(|(words, _)| !words.trim().is_empty());
                lines.for_each(|(words, line)| self.comment(&format!("line {line} | {words}")));
            }
            Draft::Prose(text) => self.prose(text),
            Draft::Phase(title, body) => self.block(&format!("phase {}", quoted(title)), body),
            Draft::Step(title, body) => self.block(&format!("step {}", quoted(title)), body),
            Draft::Manual(title, body) if body.is_empty() => self.line(&format!("manual {}", quoted(title))),
            Draft::Manual(title, body) => self.block(&format!("manual {}", quoted(title)), body),
            Draft::Choice(title, body) => self.choice(title, body),
            Draft::Rollback(body) => self.block("rollback", body),
            Draft::Restore(body) => self.block("restore", body),
            Draft::Nothing(why) => self.line(&format!("rollback none {}", quoted(why))),
            Draft::Confirm(text) => self.line(&format!("confirm {}", quoted(text))),
            Draft::Judged(judged) => {
                let head = format!("{} {} {}", judged.head, quoted(&judged.title), judged.options);
                self.block(head.trim_end(), &judged.body);
            }
            Draft::Wait(length, why) if why.is_empty() => self.line(&format!("wait {length}")),
            Draft::Wait(length, why) => self.line(&format!("wait {length} {}", quoted(why))),
            Draft::Run(command) => self.command(command),
            Draft::Script(script) => self.script(script),
        }
    }

    /// A comment; what cannot stand on one line is made to.
    pub(super) fn comment(&mut self, text: &str) {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.line(format!("# {}", text.trim()).trim_end());
    }

    fn block(&mut self, head: &str, body: &[Draft]) {
        self.line(&format!("{head} {{"));
        self.depth += 1;
        self.drafts(body);
        self.depth -= 1;
        self.line("}");
    }

    fn choice(&mut self, title: &str, body: &[Draft]) {
        self.line(&format!("choose {} {{", quoted(title)));
        self.depth += 1;
        self.block("answer \"yes\"", body);
        self.line("answer \"no\" {");
        self.line("  log \"left out\"");
        self.line("}");
        self.depth -= 1;
        self.line("}");
    }

    pub(super) fn prose(&mut self, text: &str) {
        self.line("\"\"\"");
        unclosing(text).trim_matches('\n').lines().for_each(|line| self.line(line.trim_end()));
        self.line("\"\"\"");
    }

    fn command(&mut self, command: &Command) {
        let words: Vec<String> = command.words.iter().map(|word| spelled(word)).collect();
        let line = format!("run {}", words.join(" "));
        if command.env.is_empty() {
            return self.line(&line);
        }
        self.line(&format!("{line} {{"));
        self.depth += 1;
        for (name, value) in &command.env {
            self.line(&format!("env {name} = {}", value_text(value)));
        }
        self.depth -= 1;
        self.line("}");
    }

    fn script(&mut self, script: &Script) {
        let fence = fence_for(&script.text);
        let args = script.args.iter().map(|(variable, input)| {
            if variable == input { input.clone() } else { format!("{variable}: {input}") }
        });
        let args = args.collect::<Vec<_>>().join(", ");
        let args = if args.is_empty() { args } else { format!(" ({args})") };
        self.line(&format!("{fence}{}{args}", script.tag));
        script.text.lines().for_each(|line| self.line(line));
        self.line(&fence);
    }

    /// The declaration of an input.
    pub(super) fn input(&mut self, input: &Input) {
        let ty = match (input.secret, input.list) {
            (true, _) => "secret",
            (false, true) => "list of text",
            (false, false) => "text",
        };
        let from = input.from.as_ref().map(|name| format!(" from env \"{name}\"")).unwrap_or_default();
        let default = input.default.as_ref().map(|value| format!(" = {}", quoted(value))).unwrap_or_default();
        let about = quoted(&format!("{} in line {}", input.written, input.line));
        self.line(&format!("input {}: {ty}{default}{from} {about}", input.name));
    }
}

/// Whether an empty line stands between two drafts: remarks stay with what they are about.
fn is_apart(before: &Draft, after: &Draft) -> bool {
    let small = |draft: &Draft| {
        matches!(draft, Draft::Remark(_) | Draft::Comment(..) | Draft::Run(_) | Draft::Script(_))
    };
    let remark = matches!(before, Draft::Remark(_) | Draft::Comment(..));
    let together = remark || small(before) && small(after);
    !together || matches!((before, after), (Draft::Comment(..), Draft::Prose(_)))
}

/// A text in double quotes, with nothing in it that means anything.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut all = String::new();
    for c in text.chars() {
        match c {
            '"' => all.push_str("\\\""),
            '\\' => all.push_str("\\\\"),
            '{' => all.push_str("{{"),
            '}' => all.push_str("}}"),
            '\n' => all.push_str("\\n"),
            '\t' => all.push_str("\\t"),
            c if c.is_control() => all.push(' '),
            c => all.push(c),
        }
    }
    all
}

fn value_text(parts: &[Part]) -> String {
    let inside = parts.iter().map(|part| match part {
        Part::Text(text) => escaped(text),
        Part::Value(name) | Part::Splice(name) => format!("{{{name}}}"),
    });
    format!("\"{}\"", inside.collect::<String>())
}

/// A word of a `run` line: bare where nothing in it means anything, else in quotes.
fn spelled(parts: &[Part]) -> String {
    let plain = |part: &Part| match part {
        Part::Text(text) => text.chars().all(is_plain),
        Part::Value(_) | Part::Splice(_) => true,
    };
    let glued = || {
        parts.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Value(name) => format!("{{{name}}}"),
            Part::Splice(name) => format!("{{...{name}}}"),
        })
    };
    match parts {
        [] => "''".to_owned(),
        [Part::Text(text)] if text.is_empty() || !text.chars().all(is_plain) => raw(text),
        parts if parts.iter().all(plain) => glued().collect(),
        parts => value_text(parts),
    }
}

/// In single quotes, verbatim, where they do not end it.
fn raw(text: &str) -> String {
    let verbatim = !text.chars().any(|c| c == '\'' || c.is_control());
    if verbatim { format!("'{text}'") } else { quoted(text) }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':' | '=' | '@' | ',' | '%' | '+')
}
