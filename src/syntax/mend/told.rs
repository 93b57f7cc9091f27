//! What is said of brackets, quotes and blocks that are opened or closed wrongly, and what is read instead.

use std::ops::Range;

use super::super::edits::Instead;
use super::super::leftover::PROSE;
use super::super::walk::closing;
use super::super::{habit, leftover};
use super::crooked::Straight;
use super::slips::{Flaw, Straightening};
use crate::diag::{Diagnostic, Edit, codes};
use crate::text::{SourceId, Span};

/// Reports, and the edits that belong to them.
pub(super) struct Telling<'a> {
    id: SourceId,
    text: &'a str,
    /// How lines of the text end.
    line_end: &'static str,
    instead: Vec<Instead>,
    told: Vec<(Diagnostic, Fix)>,
}

/// What mends the cause of a report.
struct Fix {
    title: &'static str,
    edits: Vec<Edit>,
    certain: bool,
}

impl<'a> Telling<'a> {
    pub(super) fn new(id: SourceId, text: &'a str) -> Self {
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        Self { id, text, line_end, instead: vec![], told: vec![] }
    }

    pub(super) fn done(self) -> (Vec<Instead>, Vec<Diagnostic>) {
        let told = self.told.into_iter().map(|(one, fix)| {
            let Fix { title, edits, certain } = fix;
            match (edits.is_empty(), certain) {
                (true, _) => one,
                (false, true) => one.fixes(title, edits),
                (false, false) => one.guesses(title, edits),
            }
        });
        (self.instead, told.collect())
    }

    /// How lines of the text end.
    pub(super) fn line_end(&self) -> &'static str {
        self.line_end
    }

    /// Reads other words there.
    fn instead(&mut self, at: usize, length: usize, with: &str) -> Edit {
        self.instead.push(Instead { at, length, with: with.to_owned() });
        Edit { span: self.span(at, length), text: with.to_owned() }
    }

    fn span(&self, at: usize, length: usize) -> Span {
        Span::new(self.id, at, at + length)
    }

    /// A report, and what is read instead of the words there.
    fn tell(&mut self, one: Diagnostic, title: &'static str, at: Range<usize>, with: &str) {
        let edits = vec![self.instead(at.start, at.len(), with)];
        self.told.push((one, Fix { title, edits, certain: true }));
    }

    /// The same, where it is not sure what was meant.
    fn guess(&mut self, one: Diagnostic, title: &'static str, at: Range<usize>, with: &str) {
        let edits = vec![self.instead(at.start, at.len(), with)];
        self.told.push((one, Fix { title, edits, certain: false }));
    }

    /// A block that something else than a brace opens; the number of the report, for what closes it.
    pub(super) fn odd(&mut self, at: usize, sign: &str) -> usize {
        let message = format!("`{sign}` opens no block");
        let help = "a block opens with `{` at the end of the line and ends with `}`";
        let told = Diagnostic::error(codes::BAD_BLOCK, self.span(at, sign.len()), message).help(help);
        let blank = self.text.get(..at).is_some_and(|before| before.ends_with([' ', '\t']));
        self.tell(told, "write braces", at..at + sign.len(), if blank { "{" } else { " {" });
        self.told.len() - 1
    }

    /// What closes a block of which that was reported.
    pub(super) fn close(&mut self, report: usize, at: usize, length: usize, with: &str) {
        let edit = self.instead(at, length, with);
        if let Some((_, fix)) = self.told.get_mut(report) {
            fix.edits.push(edit);
        }
    }

    /// A block of which nothing says where it ends but how lines are indented.
    pub(super) fn unclosed(&mut self, brace: usize, at: usize, length: usize, with: &str) {
        let told = Diagnostic::error(codes::UNCLOSED, self.span(brace, 1), "this `{` is never closed");
        // In which nothing stands may be no block.
        let head = self.text.get(..brace).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
        let told =
            if at == brace + 1 { told.hides(self.span(at - head.len() - 1, head.len() + 1)) } else { told };
        self.guess(told.help("add the missing `}`"), "close it where its lines end", at..at + length, with);
    }

    /// A list, a map or a call that goes on over lines, of which nothing says where it ends but how they are indented.
    pub(super) fn unclosed_list(&mut self, sign: char, place: usize, at: usize, with: &str) {
        let told =
            Diagnostic::error(codes::UNCLOSED, self.span(place, 1), format!("this `{sign}` is never closed"));
        let told = told.help(format!("close it with `{}`, on a line of its own", closing(sign)));
        // What is called is not given all that it takes.
        let before = self.text.get(..place).unwrap_or_default();
        let name = before.len() - before.trim_end_matches(habit::is_word).len();
        let told = if name > 0 { told.hides(self.span(place - name, name)) } else { told };
        self.guess(told, "close it where its lines end", at..at, with);
    }

    /// Another bracket where such a one ends.
    pub(super) fn closes_another(&mut self, bracket: char, place: usize, at: usize) {
        let (sign, with) = (self.text.get(at..=at).unwrap_or_default(), closing(bracket));
        let message = format!("`{sign}` does not agree with the other bracket");
        let told = Diagnostic::error(codes::STRAY_CLOSE, self.span(at, 1), message);
        let told = told.help(Flaw::Crossed.help(with)).also(self.span(place, 1), "opened here");
        self.guess(told, Flaw::Crossed.remedy(), at..at + 1, with);
    }

    /// Blanks behind what makes a line go on in the next.
    pub(super) fn blanks_behind(&mut self, at: usize, blanks: usize) {
        let told = Diagnostic::error(codes::LEFTOVER, self.span(at, 1), "blanks stand behind this `\\`");
        let told = told.help("a line goes on in the next only where `\\` is the last of it");
        self.tell(told, "take them out", at + 1..at + 1 + blanks, "");
    }

    /// `:` or a word before the brace that opens a block.
    pub(super) fn surplus_sign(&mut self, brace: usize, code: &str, sign: &str) {
        let head = code.trim_end_matches('{').trim_end();
        let (blanks, from) = (code.len() - head.len() - 1, brace + 1 - code.len() + head.len() - sign.len());
        let message = format!("`{sign}` does not belong before a block");
        let told = Diagnostic::error(codes::LEFTOVER, self.span(from, sign.len()), message);
        let told = told.help(leftover::behind(sign));
        let before = self.text.get(..from).unwrap_or_default();
        let gap = before.len() - before.trim_end_matches([' ', '\t']).len();
        let (at, length) = (from - gap, gap + sign.len() + blanks);
        self.tell(told, "take it out", at..at + length, " ");
    }

    /// A line that begins there, in which brackets or quotes do not agree. Where it is not sure what was meant, whatever
    /// else is found in it may follow from that.
    pub(super) fn crooked(&mut self, start: usize, code: &str, straight: &Straight) {
        let Some(first) = straight.edits.first() else { return };
        let told = self.slipped(start, code, first);
        let told = if straight.is_sure() { told } else { told.hides(self.span(start, code.len())) };
        let edits = straight.edits.iter().map(|edit| self.instead(start + edit.at, edit.length, &edit.with));
        let mut edits: Vec<_> = edits.collect();
        if matches!(first.flaw, Flaw::Tangled | Flaw::Unread) {
            // Only read so: what the author wrote is in there.
            edits.clear();
        }
        self.told.push((told, Fix { title: first.flaw.remedy(), edits, certain: false }));
    }

    fn slipped(&self, start: usize, code: &str, edit: &Straightening) -> Diagnostic {
        let Straightening { flaw, at, length, ref with } = *edit;
        let sign = code.get(at..at + length).unwrap_or_default().trim();
        let open = edit.open(code);
        if let (Flaw::Unclosed, Some((at, true))) = (flaw, open) {
            let told =
                Diagnostic::error(codes::BAD_LITERAL, self.span(start + at, 1), "this `{` is never closed");
            return told.help("close it with `}`; a brace itself is written `{{`");
        }
        let open = open.and_then(|(at, _)| Some((start + at, code.get(at..=at)?)));
        let (id, message) = match (flaw, open) {
            (Flaw::Unclosed, Some((at, open))) => return self.never_closed(at, open, with),
            (Flaw::Spare, _) if !matches!(sign, ")" | "]" | "}") => {
                let with = sign.chars().next().map_or("", closing);
                return self.never_closed(start + at, sign, with);
            }
            (Flaw::Unclosed, None) => (codes::UNCLOSED, format!("a `{with}` is missing here")),
            (Flaw::Doubled, _) => (codes::STRAY_CLOSE, format!("`{sign}` stands twice")),
            (Flaw::Moved | Flaw::Glued, _) => {
                let at = self.text.get(start + at..).and_then(|rest| rest.find('"')).unwrap_or_default() + at;
                let message = "`\"` stands inside of a word";
                return Diagnostic::error(codes::UNCLOSED, self.span(start + at, 1), message)
                    .help(flaw.help(with));
            }
            (Flaw::BlankMissing, _) => (codes::UNCLOSED, "a blank is missing here".to_owned()),
            (Flaw::Json, _) => (
                codes::BAD_LITERAL,
                "JSON stands in double quotes, in which a brace begins a value".to_owned(),
            ),
            (Flaw::Quoted, _) => (codes::BAD_BLOCK, format!("`{sign}` is a text, not a brace")),
            (Flaw::Crossed, _) => {
                (codes::STRAY_CLOSE, format!("`{sign}` does not agree with the other bracket"))
            }
            (Flaw::Tangled, _) => (codes::UNCLOSED, "brackets and quotes do not agree here".to_owned()),
            (Flaw::Unread, _) => {
                (codes::STRAY_CLOSE, format!("this `{}` closes nothing", sign.get(..1).unwrap_or_default()))
            }
            (Flaw::Unopened, _) => (codes::STRAY_CLOSE, format!("a `{with}` is missing before this")),
            (Flaw::Spare, _) => (codes::STRAY_CLOSE, format!("this `{sign}` closes nothing")),
        };
        let length = if flaw == Flaw::Unread { 1 } else { length.max(1) };
        let told = Diagnostic::error(id, self.span(start + at, length), message).help(flaw.help(with));
        match open.filter(|_| flaw == Flaw::Crossed) {
            Some((at, _)) => told.also(self.span(at, 1), "opened here"),
            None => told,
        }
    }

    fn never_closed(&self, at: usize, open: &str, with: &str) -> Diagnostic {
        let (what, help) = match open {
            "\"" | "'" => ("text".to_owned(), format!("close it with `{open}` on the same line; {PROSE}")),
            _ => (format!("`{open}`"), format!("close it with `{with}`, or take it out")),
        };
        let message = format!("this {what} is never closed");
        Diagnostic::error(codes::UNCLOSED, self.span(at, 1), message).help(help)
    }

    /// What closes a block elsewhere, and none here: a wide sign, or another bracket.
    pub(super) fn closes_no_block(&mut self, at: usize, length: usize) {
        let sign = self.text.get(at..at + length).unwrap_or_default();
        let message = format!("`{sign}` closes no block");
        let told = Diagnostic::error(codes::BAD_LINE, self.span(at, length), message);
        let help = if sign.is_ascii() {
            "a block ends with `}`"
        } else {
            "a block ends with the brace `}` of a plain keyboard"
        };
        let tell = if sign == "{" { Self::guess } else { Self::tell };
        tell(self, told.help(help), "write `}`", at..at + length, "}");
    }

    /// Brackets that close more than was opened in a value that begins there: what stands before it may be wrong for that.
    pub(super) fn closes_too_much(&mut self, begins: usize, surplus: &[usize]) {
        let (Some(first), Some(last)) = (surplus.first(), surplus.last()) else { return };
        let before = self.text.get(..begins).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let sign = self.text.get(*first..=*first).unwrap_or_default();
        let message = format!("this `{sign}` closes nothing");
        let told = Diagnostic::error(codes::STRAY_CLOSE, self.span(*first, 1), message)
            .help("take it out, or open the bracket where the value begins")
            .also(self.span(begins, 1), "the value begins here")
            .hides(self.span(start, last + 1 - start));
        let edits = surplus.iter().map(|at| self.instead(*at, 1, "")).collect();
        self.told.push((told, Fix { title: "take it out", edits, certain: false }));
    }

    /// A text that goes on in the next lines, up to there.
    pub(super) fn over_lines(&mut self, quote: usize, rest: Range<usize>, with: &str) {
        let told =
            Diagnostic::error(codes::UNCLOSED, self.span(quote, 1), "this text goes on in the next line");
        let (at, length) = (rest.start, rest.len());
        if self.text.get(quote..).is_some_and(|text| text.starts_with('\'')) {
            let told = told.help("a script of several lines stands between ``` lines; a text stands on one");
            self.instead(at, length, with);
            return self.told.push((told, Fix { title: "", edits: vec![], certain: false }));
        }
        let told = told.help(format!("a text stands on one line, with `\\n` where another begins; {PROSE}"));
        self.guess(told, "write it on one line", at..at + length, with);
    }

    /// `else` and its like on a line of their own, behind the brace.
    pub(super) fn joined(&mut self, before: usize, start: usize, word: &str, written: &str) {
        let message = format!("`{word}` begins no statement");
        let told = Diagnostic::error(codes::BAD_LINE, self.span(start, word.len()), message);
        let told =
            told.help(format!("`{written}` stands on the line of the `}}` before it: `}} {written} …`"));
        let with = format!(" {written}");
        self.tell(told, "move it up", before..start + word.len(), &with);
    }

    /// `elif` and its like behind the brace that begins a line.
    pub(super) fn other_word(&mut self, start: usize, code: &str) {
        let Some((word, written)) = habit::other_word(code) else { return };
        let at = start + code.find(word).unwrap_or_default();
        let message = format!("`{word}` is no word of the language");
        let told = Diagnostic::error(codes::LEFTOVER, self.span(at, word.len()), message);
        let told = told.help(leftover::behind(word));
        self.tell(told, "write `else if`", at..at + word.len(), written);
    }

    /// A brace on the line below its statement.
    pub(super) fn brace_below(&mut self, before: usize, start: usize) {
        let message = "`{` stands on a line of its own";
        let told = Diagnostic::error(codes::BAD_BLOCK, self.span(start, 1), message);
        let told = told.help("a block opens at the end of the line of its statement");
        self.tell(told, "move it up", before..start, " ");
    }

    /// The head of a block that it does not open.
    pub(super) fn not_opened(&mut self, start: usize, end: usize, code: &str) {
        let word = code.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        let message = format!("`{word}` needs a block");
        let told = Diagnostic::error(codes::BAD_BLOCK, self.span(start, word.len()), message);
        // What is told of the brace is told of nothing that stands there.
        let told = told.hides(self.span(end, 1));
        self.guess(told, "open one at the end of the line", end..end, " {");
    }

    /// A block whose head stands nowhere: where its first line begins, and the brace that closes it.
    pub(super) fn headless(&mut self, first: usize, at: usize) {
        let told = Diagnostic::error(
            codes::STRAY_CLOSE,
            self.span(at, 1),
            "this `}` ends a block that nothing opens",
        );
        let told = told
            .also(self.span(first, 1), "what stands in it")
            .help("above its first line stands the statement that it belongs to, with `{` at the end");
        let told = told.hides(self.span(first, at - first));
        let _ = self.instead(at, 1, "");
        self.told.push((told, Fix { title: "", edits: vec![], certain: false }));
    }

    /// A brace that closes too early, at the beginning of a line that ends there.
    pub(super) fn too_early(&mut self, at: usize, end: usize) {
        self.spare_brace(at, end, "this `}` closes its block before what belongs to it");
    }

    /// A brace that closes nothing, at the beginning of a line that ends there.
    pub(super) fn closes_nothing(&mut self, at: usize, end: usize) {
        self.spare_brace(at, end, "this `}` closes nothing");
    }

    /// What else stands on its line may be more than that brace too much.
    fn spare_brace(&mut self, at: usize, end: usize, message: &str) {
        let told = Diagnostic::error(codes::STRAY_CLOSE, self.span(at, 1), message);
        let told = if end > at + 1 { told.hides(self.span(at, end - at)) } else { told };
        self.guess(told, "remove it", at..at + 1, "");
    }

    /// The head of a block in a comment that begins there, with so much before it.
    pub(super) fn head_in_comment(&mut self, at: usize, length: usize) {
        let message = "the head of this block is a comment";
        let told = Diagnostic::error(codes::BAD_BLOCK, self.span(at, 1), message);
        let told = told.help("take the `#` away, or make comments of its lines and of what closes it, too");
        self.guess(told, "make it a statement again", at..at + length, "");
    }
}
