//! From pest's pairs to the tree: lines, blocks, statements. Phrases what could not be read.

use pest::iterators::Pair;

use super::Rule;
use super::edits::Instead;
use super::leftover;
use super::pasted::TOLD;
use super::signs;
use super::tree::{Bind, Block, Head, Ident, Item, Line, Stmt, Tail};
use crate::diag::{Diagnostic, codes};
use crate::text::{SourceId, Span};

/// Words that stand before the braces of a map elsewhere, and here where it is what is sent.
const MAPS: &[&str] = &["json", "map", "dict", "object", "hash"];

/// Why a block of a `run` on the same line is not closed.
const GLUED: &str = "`}}` in a word of a `run` line is a brace; put a blank before what closes the block";

/// Builds the tree of one chunk.
pub(super) struct Builder<'t> {
    pub(super) id: SourceId,
    pub(super) text: &'t str,
    base: usize,
    /// How many operators, signs and parts stand around what is being built.
    pub(super) joined: usize,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Mistakes of which it is known what was meant, and that: read so, what else is wrong there is told as well.
    pub(super) meant: Vec<(Vec<Instead>, Diagnostic)>,
}

impl<'t> Builder<'t> {
    /// For a chunk that begins at `base`.
    pub(super) fn new(id: SourceId, text: &'t str, base: usize) -> Self {
        Self { id, text, base, joined: 0, diagnostics: vec![], meant: vec![] }
    }

    /// The place of a pair in the whole text, without the blanks around it.
    pub(super) fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let (start, written) = (self.base + pair.as_span().start(), pair.as_str());
        Span::new(self.id, start, start + written.trim_end().len())
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The lines of a chunk or a block.
    pub(super) fn lines<'p>(&mut self, pairs: impl Iterator<Item = Pair<'p, Rule>>) -> Vec<Line> {
        let mut lines = vec![];
        for pair in pairs {
            if pair.as_rule() == Rule::leftover {
                self.leftover(pair, &mut lines);
            } else {
                lines.extend(self.line(pair));
            }
        }
        // A block has few lines and a file many blocks: room to grow would be half of the tree.
        lines.shrink_to_fit();
        lines
    }

    /// A line; `None` for what is none: the end of the chunk.
    fn line(&mut self, pair: Pair<'_, Rule>) -> Option<Line> {
        match pair.as_rule() {
            Rule::stmt => Some(Line::Stmt(self.stmt(pair))),
            Rule::bad => Some(self.bad(pair)),
            Rule::stray => {
                let span = self.span(&pair);
                let message = "this `}` closes nothing";
                self.report(Diagnostic::error(codes::STRAY_CLOSE, span, message).guess(
                    "remove it",
                    span,
                    "",
                ));
                Some(Line::Bad(span))
            }
            _ => None,
        }
    }

    /// Words behind a statement; the block behind them is its own, if it has none.
    fn leftover(&mut self, pair: Pair<'_, Rule>, before: &mut Vec<Line>) {
        let (mut block, mut tails) = (None, vec![]);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::block => block = Some(self.block(inner)),
                Rule::tail => tails.push(inner),
                _ => self.words_left_over(self.span(&inner)),
            }
        }
        let tail = self.tails(tails);
        if let Some(Line::Stmt(stmt)) = before.last_mut()
            && stmt.block.is_none()
        {
            (stmt.block, stmt.tail) = (block, tail);
        } else if let Some(block) = block {
            // What stands in a second block belongs to nothing.
            before.push(Line::Bad(block.span));
        }
    }

    /// What is no statement. The block behind its words is looked into, whatever those were meant to be.
    fn bad(&mut self, pair: Pair<'_, Rule>) -> Line {
        let whole = self.span(&pair);
        let span = self.first_line(whole);
        let words = span_text(self.text, span);
        if words.starts_with(TOLD) {
            return Line::Bad(whole);
        }
        if let Some(word) = quoted_word(words) {
            self.quoted_keyword(span, word);
            return Line::Bad(whole);
        }
        if is_module(words) {
            self.module_alone(span);
            return Line::Bad(whole);
        }
        let message = format!("`{}` is not a statement", shorten(words));
        let told = Diagnostic::error(codes::BAD_LINE, span, message).help(leftover::line(words));
        let told = signs::comment(words).into_iter().fold(told, |told, sign| {
            let at = Span { end: span.start + u32::try_from(sign.len()).unwrap_or_default(), ..span };
            told.fix("write `#`", at, "#")
        });
        self.report(told);
        let titled = words.starts_with(['"', '\'']);
        let block = pair.into_inner().find(|inner| titled && inner.as_rule() == Rule::block);
        let Some(block) = block.map(|block| self.block(block)) else { return Line::Bad(whole) };
        let head = Head::Unread(Span { end: span.start, ..span });
        let block = Some(block);
        Line::Stmt(Stmt { span: whole, bind: None, look: None, head, items: vec![], block, tail: None })
    }

    /// A keyword in quotes; the line is read without them.
    fn quoted_keyword(&mut self, line: Span, word: &str) {
        let at = Span { end: line.start + u32::try_from(word.len() + 2).unwrap_or_default(), ..line };
        let told = Diagnostic::error(codes::BAD_LINE, at, format!("`{word}` stands in quotes"))
            .help("the word that begins a statement stands without")
            .guess("take the quotes out", at, word)
            .hides(line);
        let instead = Instead { at: at.range().start, length: at.range().len(), with: word.to_owned() };
        self.meant.push((vec![instead], told.clone()));
        self.report(told);
    }

    /// The name of a module alone; the line is read with the word before it.
    fn module_alone(&mut self, line: Span) {
        let before = Span { end: line.start, ..line };
        let told = Diagnostic::error(codes::BAD_LINE, line, "a module is taken in with `use`");
        let told = told.guess("write `use`", before, "use ");
        let instead = Instead { at: before.range().start, length: 0, with: "use ".to_owned() };
        self.meant.push((vec![instead], told.clone()));
        self.report(told);
    }

    /// The part of a span on its first line: a mistake is drawn where it is, not with the block behind it.
    fn first_line(&self, span: Span) -> Span {
        let text = span_text(self.text, span);
        let end = text.find('\n').unwrap_or(text.len());
        let shown = text.get(..end).unwrap_or("").trim_end().len();
        Span::new(self.id, span.range().start, span.range().start + shown)
    }

    /// `{ … }`.
    pub(super) fn block(&mut self, pair: Pair<'_, Rule>) -> Block {
        let span = self.span(&pair);
        let mut is_closed = true;
        let inner = pair.into_inner().filter(|inner| {
            is_closed &= inner.as_rule() != Rule::unclosed;
            is_closed
        });
        let lines = self.lines(inner);
        if !is_closed {
            let open = Span::new(self.id, span.range().start, span.range().start + 1);
            let message = "this `{` is never closed";
            let told = Diagnostic::error(codes::UNCLOSED, open, message).help("add the missing `}`");
            let line = span_text(self.text, self.first_line(span));
            let glued = line.contains("}}") && line.contains("run ");
            self.report(if glued { told.help(GLUED) } else { told });
        }
        Block { span, lines }
    }

    fn stmt(&mut self, pair: Pair<'_, Rule>) -> Stmt {
        let span = self.span(&pair);
        let head = Head::Unread(span);
        let mut stmt = Stmt { span, bind: None, look: None, head, items: vec![], block: None, tail: None };
        let mut tails = vec![];
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::bind => stmt.bind = Some(Box::new(self.bind(inner))),
                Rule::look => stmt.look = Some(self.span(&inner)),
                Rule::block => stmt.block = Some(self.block(inner)),
                Rule::tail => tails.push(inner),
                _ => self.head(inner, &mut stmt),
            }
        }
        stmt.tail = self.tails(tails);
        self.named_map(&stmt);
        stmt
    }

    /// A map with a word before it, as elsewhere; the line is read without.
    fn named_map(&mut self, stmt: &Stmt) {
        let (Some(bind), Some(block)) = (&stmt.bind, &stmt.block) else { return };
        let between = Span { start: bind.span.end, end: block.span.start, ..bind.span };
        let word = span_text(self.text, between).trim();
        if !MAPS.contains(&word) {
            return;
        }
        let blanks = span_text(self.text, between).find(word).unwrap_or_default();
        let start = between.range().start + blanks;
        let at = Span::new(self.id, start, start + word.len());
        let before = Span { end: block.span.start, ..at };
        let told = Diagnostic::error(codes::BAD_LITERAL, at, format!("a map is written without `{word}`"))
            .help("in the braces stand `name: value`, with commas between")
            .fix(format!("take `{word}` away"), before, "")
            .hides(at.to(block.span));
        let instead = Instead { at: before.range().start, length: before.range().len(), with: String::new() };
        self.meant.push((vec![instead], told.clone()));
        self.report(told);
    }

    fn bind(&mut self, pair: Pair<'_, Rule>) -> Bind {
        let span = self.span(&pair);
        let mut bind = Bind { span, name: Ident { span, text: String::new() }, ty: None };
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::ident => bind.name = self.ident(&inner),
                Rule::ty => bind.ty = Some(self.ty(inner)),
                _ => {}
            }
        }
        bind
    }

    /// Several tails fold from the last: `else if` holds the `else` behind it. Behind any other nothing follows.
    fn tails(&mut self, pairs: Vec<Pair<'_, Rule>>) -> Option<Box<Tail>> {
        let mut tails: Vec<Tail> = vec![];
        for pair in pairs {
            let is_over = tails.last().is_some_and(|last| !matches!(last, Tail::ElseIf(_)));
            if is_over {
                self.spare(&pair);
            }
            tails.extend(self.tail(pair).filter(|_| !is_over));
        }
        let mut folded: Option<Box<Tail>> = None;
        for mut tail in tails.into_iter().rev() {
            if let Tail::ElseIf(stmt) = &mut tail {
                stmt.tail = folded.take();
            }
            folded = Some(Box::new(tail));
        }
        folded
    }

    /// A tail behind the last one that there can be.
    fn spare(&mut self, tail: &Pair<'_, Rule>) {
        let whole = self.span(tail);
        let span = tail.clone().into_inner().next().map_or(whole, |word| self.span(&word));
        let message = format!("`{}` comes after the end of its statement", span_text(self.text, span).trim());
        let help = "put what both blocks say into one, or begin another statement";
        self.report(Diagnostic::error(codes::BAD_TAIL, span, message).help(help));
    }

    fn tail(&mut self, pair: Pair<'_, Rule>) -> Option<Tail> {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        let word = inner.next()?.as_str().to_owned();
        let body = inner.next()?;
        match (word.as_str(), body.as_rule()) {
            ("otherwise", _) => Some(Tail::Otherwise(self.block(body))),
            ("until", _) => Some(Tail::Until(self.expr(body))),
            (_, Rule::block) => Some(Tail::Else(self.block(body))),
            _ => {
                let head = Head::Unread(span);
                let mut stmt =
                    Stmt { span, bind: None, look: None, head, items: vec![], block: None, tail: None };
                self.head(body, &mut stmt);
                stmt.block = inner.next().map(|block| self.block(block));
                Some(Tail::ElseIf(Box::new(stmt)))
            }
        }
    }

    pub(super) fn ident(&self, pair: &Pair<'_, Rule>) -> Ident {
        Ident { span: self.span(pair), text: pair.as_str().trim().to_owned() }
    }

    /// The items after a head.
    pub(super) fn item(&mut self, pair: Pair<'_, Rule>) -> Option<Item> {
        match pair.as_rule() {
            Rule::decl => Some(Item::Decl(Box::new(self.decl(pair)))),
            Rule::signature => Some(Item::Signature(Box::new(self.signature(pair)))),
            Rule::args => Some(Item::Args(self.span(&pair), self.args(pair))),
            Rule::option => Some(Item::Word(self.ident(&pair))),
            Rule::expr => Some(Item::Expr(self.expr(pair))),
            Rule::assign => {
                let mut inner = pair.into_inner();
                let name = inner.next().map(|name| self.ident(&name))?;
                Some(Item::Assign(name, Box::new(self.expr(inner.next()?))))
            }
            _ => None,
        }
    }
}

pub(super) fn span_text(text: &str, span: Span) -> &str {
    text.get(span.range()).unwrap_or("")
}

/// The beginning of something long, for a message.
pub(super) fn shorten(words: &str) -> String {
    let words = words.trim();
    let line = words.lines().next().unwrap_or_default().trim_end();
    let whole = line.chars().count() <= 40 && line.len() == words.len();
    if whole { line.to_owned() } else { line.chars().take(39).chain(['…']).collect() }
}

/// The word in quotes with which a line begins that goes on behind it.
fn quoted_word(line: &str) -> Option<&str> {
    let (word, rest) = line.strip_prefix('"')?.split_once('"')?;
    let plain = !word.is_empty() && word.bytes().all(|c| c.is_ascii_lowercase());
    let goes_on = rest.strip_prefix(' ').is_some_and(|rest| !rest.trim_start().starts_with(['{', '=', ':']));
    (plain && goes_on).then_some(word)
}

/// Whether words are the name of a module, in quotes.
fn is_module(words: &str) -> bool {
    let inside = words.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inside.is_some_and(|name| {
        ["std/", "./", "../"].iter().any(|begin| name.starts_with(begin)) && !name.contains(['"', ' '])
    })
}
