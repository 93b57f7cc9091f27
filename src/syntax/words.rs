//! The words of a `run` line: one argument each, and what is written there by the habit of other tools.

use pest::iterators::Pair;

use super::Rule;
use super::arrow;
use super::build::{Builder, shorten, span_text};
use super::habit::is_word;
use super::heads::inside;
use super::shell;
use super::tree::{Expr, ExprKind, Head, Piece, Stmt, Word};
use crate::diag::{Diagnostic, Edit, codes};
use crate::text::Span;

impl Builder<'_> {
    pub(super) fn run(&mut self, pair: Pair<'_, Rule>, stmt: &mut Stmt) {
        let mut keyword = self.span(&pair);
        let mut words = vec![];
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::run_kw => keyword = self.span(&inner),
                Rule::run_word => {
                    let word = self.word(inner, words.is_empty());
                    words.push(word);
                }
                Rule::run_block => stmt.block = inner.into_inner().next().map(|block| self.block(block)),
                _ => {}
            }
        }
        words.shrink_to_fit();
        self.report_arrow(&words, stmt);
        self.report_commas(&words);
        self.report_variables(&words);
        stmt.head = Head::Run { keyword, words };
    }

    fn word(&mut self, pair: Pair<'_, Rule>, first: bool) -> Word {
        let span = self.span(&pair);
        let mut pieces = vec![];
        let mut shellism = None;
        let mut plain = true;
        let mut bare = String::new();
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::interp => pieces.extend(self.interp(inner)),
                Rule::no_block if inner.as_str().starts_with("{{") => pieces.push(self.doubled(&inner)),
                Rule::no_block | Rule::no_value => self.no_word(&inner),
                Rule::string => {
                    plain = false;
                    pieces.extend(self.string_pieces(inner));
                }
                Rule::raw => {
                    plain = false;
                    pieces.push(Piece::Text(inside(inner.as_str())));
                }
                Rule::shellism => {
                    shellism.get_or_insert_with(|| (self.span(&inner), inner.as_str().to_owned()));
                }
                _ => {
                    bare.push_str(inner.as_str());
                    pieces.push(Piece::Text(inner.as_str().replace("{{", "{").replace("}}", "}")));
                }
            }
        }
        let written = span_text(self.text, span);
        let line =
            self.text.get(span.range().start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        // What an arrow says is said of its statement.
        let found = shellism.filter(|_| arrow::named(line).is_none()).map(|(at, sign)| {
            let behind = self.text.get(at.range().end..).unwrap_or_default();
            shell::sign(at, &sign, behind.split('\n').next().unwrap_or_default())
        });
        let found = found.or_else(|| shell::list(span, written, line));
        let found = found.or_else(|| plain.then(|| shell::word(span, written, &bare, first)).flatten());
        if let Some(diagnostic) = found {
            self.report(diagnostic);
        }
        pieces.shrink_to_fit();
        Word { span, pieces }
    }

    /// A name behind an arrow at the end of the words.
    fn report_arrow(&mut self, words: &[Word], stmt: &Stmt) {
        let Some([arrow, _]) = words.last_chunk::<2>() else { return };
        let told = self.named_behind(stmt.span, arrow.span, stmt.bind.is_some());
        told.into_iter().for_each(|told| self.report(told));
    }

    /// Commas behind quoted words, as between the arguments of an array: here each would be a letter of its argument.
    fn report_commas(&mut self, words: &[Word]) {
        let places = words.iter().filter_map(|word| {
            let written = span_text(self.text, word.span);
            let comma = Span { start: word.span.end.saturating_sub(1), ..word.span };
            let quoted = written.strip_suffix(',').is_some_and(|word| word.ends_with(['"', '\'']));
            (quoted && written.starts_with(['"', '\''])).then_some(comma)
        });
        let places: Vec<Span> = places.collect();
        let Some((first, word)) = places.first().zip(words.first()) else { return };
        // No program ends with a comma; one argument may.
        let of_program = first.end == word.span.end;
        if !of_program && places.len() < 2 {
            return;
        }
        let told =
            Diagnostic::error(codes::LEFTOVER, *first, "no comma stands between the words of a `run` line")
                .help(
                    "blanks stand between them; a comma that a program is to get stands inside of the quotes",
                );
        let edits = places.iter().map(|comma| Edit { span: *comma, text: String::new() }).collect();
        let told = if of_program {
            told.fixes("take the commas out", edits)
        } else {
            told.guesses("take the commas out", edits)
        };
        self.report(told);
    }

    /// `"$HOME/x"`: no shell puts the value there.
    fn report_variables(&mut self, words: &[Word]) {
        let written = |word: &Word| span_text(self.text, word.span);
        if words.iter().any(|word| shell::reads_variables(written(word))) {
            return;
        }
        let found = words.iter().filter_map(|word| {
            let length = u32::try_from(shell::variable_in_quotes(written(word))?.len()).ok()?;
            let start = word.span.start + 1;
            Some(shell::no_variable(self.text, Span { start, end: start + length, ..word.span }))
        });
        found.collect::<Vec<_>>().into_iter().for_each(|told| self.report(told));
    }

    /// `{{ name }}`, which is the value of a name in other tools, and read as that.
    fn doubled(&mut self, pair: &Pair<'_, Rule>) -> Piece {
        let (span, written) = (self.span(pair), pair.as_str());
        let name = written.trim_matches(['{', '}']).trim();
        let message = format!("`{}` stands outside of quotes", shorten(written));
        let told = Diagnostic::error(codes::BAD_LITERAL, span, message);
        if !name.chars().all(is_word) || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let quoted = format!("'{written}'");
            let told = told.help(format!("quote the word, so that it is taken as it stands: {quoted}"));
            let plain = !written.contains('\'');
            self.report(if plain { told.guess("put it in single quotes", span, quoted) } else { told });
            return Piece::Text(written.to_owned());
        }
        let told = told.help(format!("the value of `{name}` is `{{{name}}}`, in one pair of braces"));
        self.report(told.guess(format!("write `{{{name}}}`"), span, format!("{{{name}}}")));
        Piece::Value(Expr { span, kind: ExprKind::Name(name.to_owned()) })
    }

    /// Braces in a word of a program that hold no expression.
    fn no_word(&mut self, pair: &Pair<'_, Rule>) {
        let (span, written) = (self.span(pair), pair.as_str());
        let begins = written.trim_start_matches(['{', ' ']).starts_with('"');
        let is_object = begins && written.contains("\":") && !written.contains('\'');
        if !is_object {
            let block = written.starts_with("{ ");
            return if block { self.block_on_line(span) } else { self.no_value(pair) };
        }
        let message = format!("`{}` is not a value", shorten(written));
        let help = "what a program is given as it stands is written in single quotes";
        let told = Diagnostic::error(codes::BAD_LITERAL, span, message).help(help);
        // In single quotes there are no values.
        let holds = written.match_indices('{').skip(1).any(|(at, _)| {
            written.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
        });
        if holds {
            return self.report(
                told.help("with values in it, it stands in `\"…\"`: a brace is `{{` there, a quote `\\\"`"),
            );
        }
        self.report(told.guess("put it in single quotes", span, format!("'{written}'")));
    }

    /// `run program { clause }`: what stands between braces on a `run` line is a value.
    fn block_on_line(&mut self, span: Span) {
        let message = "on a `run` line a block opens only with `{` at its end";
        let help = "write its clauses on lines of their own; a brace itself is written `{{`";
        self.report(Diagnostic::error(codes::BAD_LITERAL, span, message).help(help));
    }
}
