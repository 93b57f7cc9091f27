//! The inline content of a paragraph or heading: as it is written, as it reads, and what makes it more than text.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::placeholders::{Search, find};
use super::words::words;

/// Text with marks.
#[derive(Clone, Debug, Default)]
pub(super) struct Inline {
    /// As it is written, without indentation; lines stay lines.
    pub(super) raw: String,
    /// As it reads, on one line, code between backticks.
    pub(super) plain: String,
    /// What it begins with, if that is in bold; and what is written behind that.
    pub(super) lead: Option<(String, String)>,
    /// The code, if it is nothing else.
    pub(super) code: Option<String>,
    /// Whether all of its text is the text of links.
    pub(super) links_only: bool,
    /// Whether the plain text leaves something out, such as the address of a link.
    pub(super) lossy: bool,
    /// HTML comments in it.
    pub(super) hidden: Vec<String>,
}

/// Gathers inline content, event by event.
pub(super) struct Gathering<'a> {
    text: &'a str,
    /// First and last byte of each line.
    lines: Vec<Range<usize>>,
    fresh: bool,
    inline: Inline,
    links: usize,
    bold: Option<usize>,
    begun: bool,
    /// Where the bold beginning ends.
    lead_end: Option<usize>,
    outside: usize,
    codes: Vec<String>,
    others: usize,
}

impl<'a> Gathering<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            lines: vec![],
            fresh: true,
            inline: Inline::default(),
            links: 0,
            bold: None,
            begun: false,
            lead_end: None,
            outside: 0,
            codes: vec![],
            others: 0,
        }
    }

    /// Takes the next event.
    pub(super) fn take(&mut self, event: &Event<'_>, range: &Range<usize>) {
        self.place(event, range);
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(*tag, range),
            Event::Text(text) => self.word(text),
            Event::Code(code) => {
                self.codes.push(code.to_string());
                self.outside += usize::from(self.links == 0);
                self.inline.plain.push_str(&format!("`{code}`"));
            }
            Event::InlineHtml(html) => self.html(html),
            Event::SoftBreak | Event::HardBreak => self.inline.plain.push(' '),
            Event::FootnoteReference(name) => self.word(&format!("[^{name}]")),
            Event::InlineMath(name) | Event::DisplayMath(name) => {
                self.inline.lossy = true;
                self.word(name);
            }
            _ => {}
        }
        self.begun = true;
    }

    /// Notes where the line stands on which an event is.
    fn place(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::SoftBreak | Event::HardBreak => self.fresh = true,
            Event::Start(_) => self.touch(range.start, range.start),
            Event::End(_) => self.touch(range.end, range.end),
            _ => self.touch(range.start, range.end),
        }
    }

    fn touch(&mut self, start: usize, end: usize) {
        match self.lines.last_mut() {
            Some(line) if !self.fresh => line.end = line.end.max(end),
            _ => self.lines.push(start..end),
        }
        self.fresh = false;
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Link { .. } | Tag::Image { .. } => {
                self.inline.lossy = true;
                self.links += 1;
            }
            Tag::Strikethrough => self.inline.lossy = true,
            Tag::Strong if !self.begun => self.bold = Some(self.inline.plain.len()),
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Link | TagEnd::Image => self.links = self.links.saturating_sub(1),
            TagEnd::Strong if self.lead_end.is_none() => {
                if let Some(from) = self.bold.take() {
                    let lead = self.inline.plain.get(from..).unwrap_or_default().to_owned();
                    self.inline.lead = Some((lead, String::new()));
                    self.lead_end = Some(range.end);
                }
            }
            _ => {}
        }
    }

    fn word(&mut self, text: &str) {
        let counts = text.chars().any(char::is_alphanumeric);
        self.others += usize::from(!text.trim().is_empty());
        self.outside += usize::from(self.links == 0 && counts);
        self.inline.plain.push_str(text);
    }

    fn html(&mut self, html: &str) {
        self.others += 1;
        let comment = html.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
        match comment {
            Some(comment) => self.inline.hidden.push(comment.trim().to_owned()),
            // `<TICKET>` is a tag to Markdown, and a word to its reader.
            None if !find(html, Search::Prose).is_empty() => self.inline.plain.push_str(html),
            None => self.inline.lossy = true,
        }
    }

    /// The whole of it.
    pub(super) fn finish(mut self) -> Inline {
        let text = self.text;
        let slice = |range: Range<usize>| text.get(range).unwrap_or_default();
        let lines: Vec<&str> = self.lines.iter().map(|line| slice(line.clone())).collect();
        self.inline.raw = without_comments(&lines.join("\n"));
        if let (Some(lead), Some(end)) = (&mut self.inline.lead, self.lead_end) {
            let behind = self.lines.iter().filter(|line| line.end > end);
            let behind: Vec<&str> = behind.map(|line| slice(line.start.max(end)..line.end)).collect();
            lead.1 = without_comments(&behind.join("\n"));
        }
        self.inline.links_only = self.inline.lossy && self.outside == 0 && self.inline.hidden.is_empty();
        let code = self.codes.pop().filter(|_| self.codes.is_empty() && self.others == 0);
        self.inline.code = code.filter(|_| !self.inline.raw.contains("~~"));
        self.inline.plain = self.inline.plain.split_whitespace().collect::<Vec<_>>().join(" ");
        self.inline.lossy |= !words(&self.inline.raw).eq(words(&self.inline.plain));
        self.inline.lead = self
            .inline
            .lead
            .take()
            .filter(|(lead, rest)| words(&self.inline.raw).eq(words(lead).chain(words(rest))));
        self.inline
    }
}

/// A text without its HTML comments, which have a place of their own.
fn without_comments(text: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once("<!--") {
        let Some((_, after)) = inside.split_once("-->") else { break };
        left.push_str(before);
        rest = after;
    }
    left + rest
}
