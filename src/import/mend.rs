//! Broken fences and comments of a document, mended before it is parsed: what was never closed ends where it must have
//! ended, and what is glued together stands apart. Every line keeps the number that it has in the document.

use super::line::looks_like_command;
use super::remark::{Kind, Remark};
use super::tags::{UNCLOSED, is_tag};
use super::wiki::{Fence, fence};

/// The mended text, the line of the document for each of its lines, and what was mended.
pub(super) struct Mended {
    pub(super) text: String,
    pub(super) lines: Vec<usize>,
    pub(super) remarks: Vec<Remark>,
}

/// Mends a text.
pub(super) fn mend(text: &str) -> Mended {
    let mut pass = Pass::default();
    let source: Vec<&str> = text.lines().collect();
    for (at, line) in source.iter().enumerate() {
        pass.line(at + 1, line, source.get(at + 1..).unwrap_or_default());
    }
    pass.finish()
}

/// Fences of more signs are text: nobody writes them, and each may hold one that is shorter.
const LONGEST: usize = 32;

/// A fence as it opens.
#[derive(Clone, Debug)]
struct Open {
    sign: char,
    length: usize,
    /// Its place among the mended lines.
    at: usize,
    /// Everything before the sign: indentation and list markers.
    before: String,
    /// The line that closes it, where it is one of a wiki.
    closing: Option<&'static str>,
}

#[derive(Default)]
struct Pass {
    lines: Vec<(usize, String)>,
    open: Option<Open>,
    hidden: bool,
    remarks: Vec<Remark>,
    /// What closes fences of a wiki and comes no more.
    unclosed: Vec<&'static str>,
}

impl Pass {
    fn line(&mut self, number: usize, line: &str, rest: &[&str]) {
        match self.open.clone() {
            Some(open) => self.inside(number, line, &open, rest),
            None if self.hidden => self.comment(number, line),
            None => self.outside(number, line, rest),
        }
    }

    fn push(&mut self, number: usize, line: impl Into<String>) {
        self.lines.push((number, line.into()));
    }

    fn remark(&mut self, number: usize, text: &str) {
        self.remarks.push(Remark::new(number, Kind::Repair, text));
    }

    fn outside(&mut self, number: usize, line: &str, rest: &[&str]) {
        if let Some((before, code)) = on_one_line(line) {
            self.remark(number, "the fence opens and closes on one line");
            let (tag, code) = tag_and_code(code);
            let pad = " ".repeat(before.chars().count());
            self.push(number, format!("{before}```{tag}"));
            self.push(number, format!("{pad}{code}"));
            return self.push(number, format!("{pad}```"));
        }
        let glued = glued_opener(line).filter(|_| rest.iter().any(|later| closes(later, '`', 3)));
        if let Some((before, fence)) = glued {
            self.remark(number, "the fence is glued to the text before it");
            let pad: String = before.chars().take_while(|c| c.is_whitespace()).collect();
            self.push(number, before.trim_end());
            return self.open_at(number, &format!("{pad}{fence}"));
        }
        if let Some(fence) = fence(line).filter(|fence| self.is_closed(fence, rest)) {
            return self.of_wiki(number, line, &fence);
        }
        if line.trim_start().starts_with("<!--") && !line.contains("-->") {
            self.hidden = rest.iter().any(|later| later.contains("-->"));
            if !self.hidden {
                self.remark(number, "the HTML comment is never closed; it ends with its line");
                return self.push(number, format!("{line} -->"));
            }
        }
        self.open_at(number, line);
    }

    /// Whether a fence of a wiki is closed later. Where one is not, none behind it is, and nobody looks again.
    fn is_closed(&mut self, fence: &Fence, rest: &[&str]) -> bool {
        if self.unclosed.contains(&fence.closing) {
            return false;
        }
        let closed = rest.iter().any(|later| later.trim() == fence.closing);
        self.unclosed.extend((!closed).then_some(fence.closing));
        closed
    }

    /// Opens a fence of a wiki, as one that code has no sign of.
    fn of_wiki(&mut self, number: usize, line: &str, fence: &Fence) {
        const LENGTH: usize = 8;
        self.remark(number, "the fence is that of a wiki");
        let before = line.get(..line.len() - line.trim_start().len()).unwrap_or_default().to_owned();
        let text = format!("{before}{}{} {}", "~".repeat(LENGTH), fence.tag, fence.rest);
        let closing = Some(fence.closing);
        self.open = Some(Open { sign: '~', length: LENGTH, at: self.lines.len(), before, closing });
        self.push(number, text.trim_end());
    }

    /// Takes a line that may open a fence.
    fn open_at(&mut self, number: usize, line: &str) {
        self.open = opener(line, self.lines.len());
        self.push(number, line);
    }

    fn comment(&mut self, number: usize, line: &str) {
        self.hidden = !line.contains("-->");
        self.push(number, line);
    }

    fn inside(&mut self, number: usize, line: &str, open: &Open, rest: &[&str]) {
        let closing: String = std::iter::repeat_n(open.sign, open.length).collect();
        if let Some(end) = open.closing {
            let ends = line.trim() == end;
            self.open.take_if(|_| ends);
            return self
                .push(number, if ends { indentation(&open.before) + &closing } else { line.to_owned() });
        }
        if closes(line, open.sign, open.length) {
            self.open = None;
            return self.push(number, line);
        }
        if let Some(code) = glued_closer(line, &closing) {
            self.remark(number, "the end of the fence is glued to its last line");
            self.open = None;
            self.push(number, code);
            return self.push(number, indentation(&open.before) + &closing);
        }
        let again = opener(line, 0).is_some_and(|next| next.sign == open.sign && next.length >= open.length);
        if again {
            self.close_before(number);
            return self.outside(number, line, rest);
        }
        self.push(number, line);
    }

    /// The fence that is open was never closed: it ends with the first lines in it that can be code.
    fn close_before(&mut self, number: usize) {
        let Some(open) = self.open.take() else { return };
        let from = self.lines.get(open.at).map_or(number, |line| line.0);
        let inside = self.lines.split_off((open.at + 1).min(self.lines.len()));
        let kept = inside.iter().take_while(|(_, line)| !line.trim().is_empty() && is_code(line)).count();
        let kept = kept.max(usize::from(inside.first().is_some_and(|(_, line)| !line.trim().is_empty())));
        let closing: String = std::iter::repeat_n(open.sign, open.length).collect();
        self.mark(open.at);
        let mut inside = inside.into_iter();
        self.lines.extend(inside.by_ref().take(kept));
        let last = self.lines.last().map_or(from, |line| line.0);
        self.push(last, indentation(&open.before) + &closing);
        self.remark(from, "the fence is never closed; what follows its first lines is read as text");
        let after: Vec<_> = inside.collect();
        let numbers: Vec<_> = after.iter().map(|(_, line)| line.as_str()).collect();
        for (at, (number, line)) in after.iter().enumerate() {
            self.line(*number, line, numbers.get(at + 1..).unwrap_or_default());
        }
    }

    /// Marks a fence as one whose end is a guess.
    fn mark(&mut self, at: usize) {
        if let Some((_, line)) = self.lines.get_mut(at) {
            line.push_str(UNCLOSED);
        }
    }

    fn finish(mut self) -> Mended {
        while self.open.is_some() {
            let number = self.lines.last().map_or(1, |line| line.0);
            self.close_before(number);
        }
        let lines = self.lines.iter().map(|line| line.0).collect();
        let text = self.lines.iter().map(|line| line.1.clone() + "\n").collect();
        Mended { text, lines, remarks: self.remarks }
    }
}

fn indentation(before: &str) -> String {
    " ".repeat(before.chars().count())
}

/// Whether a line of a fence that was never closed can be code: a command, a comment, or what continues one.
fn is_code(line: &str) -> bool {
    let line = line.trim();
    line.ends_with('\\') || line.starts_with(['-', '|', '&', '}']) || looks_like_command(line)
}

/// Indentation, list markers and quote signs, then the fence.
fn opener(line: &str, at: usize) -> Option<Open> {
    let body = line.trim_start_matches(|c: char| c.is_whitespace() || c == '>');
    let body = marker_end(body);
    let sign = body.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = body.chars().take_while(|c| *c == sign).count();
    let info = body.get(length..).unwrap_or_default();
    let before = line.get(..line.len() - body.len()).unwrap_or_default().to_owned();
    ((3..=LONGEST).contains(&length) && !info.contains('`')).then_some(Open {
        sign,
        length,
        at,
        before,
        closing: None,
    })
}

/// The text behind a list marker, if there is one.
fn marker_end(body: &str) -> &str {
    let digits = body.chars().take_while(char::is_ascii_digit).count();
    let rest = body.get(digits..).unwrap_or_default();
    let marked = if digits > 0 { rest.strip_prefix(['.', ')']) } else { body.strip_prefix(['-', '*', '+']) };
    marked.filter(|rest| rest.starts_with(' ')).map_or(body, str::trim_start)
}

fn closes(line: &str, sign: char, length: usize) -> bool {
    let body = line.trim().trim_start_matches(['>', ' ']);
    body.chars().all(|c| c == sign) && body.chars().count() >= length
}

/// Code with the end of its fence right behind it.
fn glued_closer(line: &str, closing: &str) -> Option<String> {
    let code = line.trim_end().strip_suffix(closing)?;
    let alone = !code.contains('`') && !code.trim().is_empty();
    alone.then(|| code.trim_end().to_owned())
}

/// A text that ends with the opener of a fence: ` Run this: ```sh`.
fn glued_opener(line: &str) -> Option<(&str, &str)> {
    let at = line.find("```")?;
    let (before, fence) = line.split_at_checked(at)?;
    let tag = fence.trim_start_matches('`');
    let word = tag.trim_end().chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '_'));
    // Quote signs and list markers are no text.
    let (mut text, mut length) = (before, usize::MAX);
    while text.len() < length {
        length = text.len();
        text = marker_end(text.trim_start_matches(|c: char| c.is_whitespace() || c == '>'));
    }
    (word && !text.trim().is_empty() && !before.contains('`') && !before.ends_with('>'))
        .then_some((before, fence))
}

/// ` ```sh systemctl stop api ``` ` on one line: what stands before it, and what is in it.
fn on_one_line(line: &str) -> Option<(&str, &str)> {
    let body = line.trim_start();
    let body = marker_end(body);
    let code = body.strip_prefix("```")?.trim_end().strip_suffix("```")?;
    let before = line.get(..line.len() - body.len())?;
    (!code.contains('`') && !code.trim().is_empty()).then_some((before, code))
}

/// A tag stands directly behind the opener.
fn tag_and_code(code: &str) -> (&str, &str) {
    let (tag, rest) = code.split_once(' ').unwrap_or(("", code));
    let is_tag = is_tag(tag);
    if is_tag { (tag, rest.trim()) } else { ("", code.trim()) }
}
