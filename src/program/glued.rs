//! A value in braces with no text around it, as in `artifact {folder}/log`: it reads as a block, and is none. And a program
//! without `run`, where such values mostly stand.

use super::form::example_line;
use super::matched::wanted;
use super::resolver::{Cx, Resolver};
use super::spans::lone_name;
use super::{BlockOf, Schema};
use crate::diag::{Diagnostic, codes};
use crate::syntax::tree::{Block, Expr, Stmt};
use crate::text::Span;

impl Resolver<'_> {
    /// Says that the block of a statement was meant as a value, whatever else the line seems to be. Whether it did.
    pub(super) fn tell_glued(&mut self, schema: &Schema, written: &Stmt) -> bool {
        let Some(block) = written.block.as_ref().filter(|block| self.is_glued(block)) else { return false };
        if schema.block != BlockOf::None && !self.is_cut_short(written.span) {
            return false;
        }
        let line = Span { start: written.span.start, ..self.behind_words(block.span) };
        let rest = self.words(Span { start: block.span.start, ..line });
        let word = rest.split([' ', '\t', ';']).next().unwrap_or_default();
        let end = block.span.start.saturating_add(u32::try_from(word.len()).unwrap_or_default());
        let span = Span { end, ..block.span };
        self.unread.push(line);
        let report = Diagnostic::error(codes::LEFTOVER, span, format!("`{word}` stands outside of quotes"));
        let report = report.help(format!("a value in braces stands in a text: write `\"{word}\"`"));
        self.report(report.guess("write it in quotes", span, format!("\"{word}\"")).hides(line));
        true
    }

    /// Says that a word behind `let name =` runs no program, where it can be nothing else. Whether it did.
    pub(super) fn tell_no_program(&mut self, written: &Stmt, value: &Expr, cx: Cx) -> bool {
        if self.tell_prefix(value) {
            return true;
        }
        let Some(word) = lone_name(value).filter(|word| self.is_no_name(word)) else { return false };
        let glued = written.block.as_ref().is_some_and(|block| self.is_glued(block));
        let goes_on = glued || written.look.is_some() || self.is_cut_short(written.span);
        if !goes_on && word != "run" && self.tell_half(word, value.span, cx) {
            return true;
        }
        if word != "run" && (!goes_on || self.kinds.knows(word)) {
            return false;
        }
        let line = Span { start: written.span.start, ..self.behind_words(value.span) };
        self.unread.push(line);
        let at = Span { end: value.span.start, ..value.span };
        let report = if word == "run" {
            let report = Diagnostic::error(codes::MISSING_OPERAND, value.span, "`run` needs a program");
            report.help("write `run program argument …`")
        } else {
            let report = Diagnostic::error(
                codes::UNKNOWN_KEYWORD,
                value.span,
                format!("no statement begins with `{word}`"),
            );
            report.help(format!("to run a program, write `run {word} …`")).guess("write `run`", at, "run ")
        };
        self.report(report.hides(line));
        true
    }

    /// Says what a keyword alone behind `let name =` takes, if it gives something. Whether it did.
    fn tell_half(&mut self, word: &str, span: Span, cx: Cx) -> bool {
        let gives = self.kinds.find(word, cx.place).filter(|schema| schema.gives.is_some());
        let Some((schema, slot)) = gives.and_then(|schema| Some((schema, schema.operands.first()?))) else {
            return false;
        };
        let message = format!("`{word}` needs {}", wanted(*slot));
        let help = format!("for example: {}", example_line(schema));
        self.error(codes::MISSING_OPERAND, span, message, &help);
        true
    }

    /// Whether braces hold nothing but a value that is glued to them.
    pub(super) fn is_glued(&self, block: &Block) -> bool {
        let words = self.words(block.span);
        words.len() > 2 && words.ends_with('}') && !words.contains(char::is_whitespace)
    }
}
