//! The heads that are more than a keyword: `run` words, scripts, calls of module steps.

use super::names::of_kind;
use super::resolver::Resolver;
use super::types::{Typed, noun};
use super::{Arg, Call, DefId, Word};
use crate::diag::{Diagnostic, codes};
use crate::syntax::is_word;
use crate::syntax::tree::{self, Fence, Piece};
use crate::text::Span;
use crate::value::{self, Expr, Type};

/// What begins a line of a runbook that ends with the language of a script.
const BEFORE_SCRIPTS: &[&str] = &["let ", "look "];

impl<'a> Resolver<'a> {
    /// The words of a `run` line: each one argument, but for a spliced list.
    pub(super) fn run_words(&mut self, words: &'a [tree::Word]) -> Vec<Word> {
        self.warn_of_templates(words);
        self.warn_of_quoted_command(words);
        words.iter().map(|word| self.run_word(word)).collect()
    }

    fn run_word(&mut self, word: &'a tree::Word) -> Word {
        let written = self.words(word.span);
        if written.starts_with('"') || written.contains("{{") {
            self.names_in_text(word.span);
        }
        let (value, splice) = match word.pieces.as_slice() {
            [Piece::Splice(list)] => (self.spliced(list), true),
            [Piece::Value(one)] => (self.one_argument(one, word.span), false),
            pieces => (self.glued(pieces), false),
        };
        if value.secret {
            let report = Diagnostic::warning(
                codes::SECRET_ARGUMENT,
                word.span,
                "`ps` shows this secret to everybody on the machine",
            );
            self.report(
                report
                    .help("hand it over by `env NAME = secret` or `stdin secret` in the block of the `run`"),
            );
        }
        Word { value: value.expr, splice, span: word.span }
    }

    fn spliced(&mut self, list: &'a tree::Expr) -> Typed {
        self.list_value(list, &"`{...}` takes").0
    }

    /// `{x}`: exactly one argument, so never a list.
    fn one_argument(&mut self, written: &'a tree::Expr, span: Span) -> Typed {
        let value = self.argument_part(written, span);
        Typed {
            expr: Expr::Text(vec![value::Piece::Value(value.expr)]),
            ty: Type::Text,
            secret: value.secret,
        }
    }

    fn glued(&mut self, pieces: &'a [Piece]) -> Typed {
        let mut secret = false;
        let mut done = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match piece {
                Piece::Text(text) => done.push(value::Piece::Text(text.clone())),
                Piece::Value(written) | Piece::Splice(written) => {
                    let value = self.argument_part(written, written.span);
                    secret |= value.secret;
                    done.push(value::Piece::Value(value.expr));
                }
            }
        }
        Typed { expr: super::expr::text_expr(done), ty: Type::Text, secret }
    }

    fn argument_part(&mut self, written: &'a tree::Expr, whole: Span) -> Typed {
        let value = self.printable(written);
        if !matches!(value.ty, Type::List(_) | Type::Lines | Type::Map(_)) {
            return value;
        }
        let message = format!("{} is not one argument", noun(&value.ty));
        let report = Diagnostic::error(codes::TYPE_MISMATCH, written.span, message);
        let spliced = format!("{{...{}}}", self.words(written.span));
        self.report(match value.ty {
            Type::Map(_) => report.help("hand over one part of it, as in `{map.field}`"),
            _ if whole == written.span => report.help("write `{join(list, \",\")}` to make one text of it"),
            _ => report.help(format!("write `{spliced}` for one argument each")).fix(
                "splice the list",
                whole,
                spliced,
            ),
        });
        Typed::unknown()
    }

    /// What a script is handed: names, and values under names.
    pub(super) fn fence_args(&mut self, fence: &'a Fence) -> Vec<Arg> {
        let args = self.named_args(&fence.args);
        for (arg, written) in args.iter().zip(&fence.args) {
            if arg.ty == Type::Nothing {
                let message = format!("{} takes values only", of_kind("fence"));
                self.report(Diagnostic::error(codes::TYPE_MISMATCH, written.value.span, message));
            }
        }
        args
    }

    /// Says so of a script in which another one begins: it is not closed where it ends, and what follows it reads as its lines.
    pub(super) fn tell_open_script(&mut self, fence: &Fence) {
        let words = self.words(fence.span);
        // Where the line of a script begins that ends its first line with the language of another.
        let opens = |line: &str| {
            let (before, tag) = line.split_once("```")?;
            let begins = before.trim().is_empty()
                || BEFORE_SCRIPTS.iter().any(|word| before.trim_start().starts_with(word));
            (begins && tag.starts_with(is_word)).then_some(before.len())
        };
        let mut starts = words.match_indices('\n').map(|(at, _)| at + 1);
        let inner = starts.find_map(|at| {
            let line = words.get(at..)?.lines().next()?;
            Some((at + opens(line)?, at + line.trim_end().len()))
        });
        let Some((tag, end)) = inner.filter(|_| !words.starts_with("````")) else { return };
        let from = fence.span.range().start;
        let span = |start: usize, end: usize| Span::new(fence.span.source, from + start, from + end);
        let first = words.lines().next().map_or(0, str::len);
        let report = Diagnostic::error(codes::UNCLOSED, span(0, first), "this script is never closed");
        let report = report.also(span(tag, end), "another one begins here");
        self.report(report.help("close it with ``` alone on a line"));
        self.bad_line(fence.span);
    }

    /// A call of a definition as a statement, with the type that it returns.
    pub(super) fn statement_call(
        &mut self,
        def: DefId,
        args: &'a [tree::Arg],
        span: Span,
    ) -> (Call, Option<Type>) {
        let args = self.arguments(def, args, span);
        let returns = self.def(def).and_then(|slot| slot.returns.as_ref()).map(|(_, ty)| ty.clone());
        (Call { def, args, result: None, span }, returns)
    }
}
