//! Expressions: literals, texts with their pieces, paths, and operators by precedence.

use pest::iterators::Pair;

use super::Rule;
use super::build::Builder;
use super::edits::Instead;
use super::heads::inside;
use super::leftover::between_braces;
use super::letters;
use super::signs;
use super::tree::{BinaryOp, Expr, ExprKind, Ident, Piece, UnaryOp};
use crate::diag::{Diagnostic, codes};
use crate::text::Span;

/// So many operators, signs and parts (`.a`, `[0]`) may join values inside each other. They nest without
/// brackets, so that no scan bounds them; whoever reads a tree may go as deep as it is.
const MAX_JOINED: usize = 256;

impl Builder<'_> {
    /// An expression.
    pub(super) fn expr(&mut self, pair: Pair<'_, Rule>) -> Expr {
        let joints = pair.clone().into_inner().filter(|inner| inner.as_rule() == Rule::operator).count();
        self.jointed(pair, joints, Self::operation)
    }

    /// Builds what so many joints hold together, unless that is too deep.
    fn jointed(
        &mut self,
        pair: Pair<'_, Rule>,
        joints: usize,
        build: fn(&mut Self, Pair<'_, Rule>) -> Expr,
    ) -> Expr {
        let outer = self.joined;
        self.joined += joints;
        if self.joined > MAX_JOINED {
            self.joined = outer;
            return self.too_long(&pair);
        }
        let whole = build(self, pair);
        self.joined = outer;
        whole
    }

    fn too_long(&mut self, pair: &Pair<'_, Rule>) -> Expr {
        let whole = self.span(pair);
        let first: usize = whole.range().start;
        let shown =
            self.text.get(whole.range()).unwrap_or("").chars().take(20).map(char::len_utf8).sum::<usize>();
        let span = Span::new(self.id, first, first + shown);
        let message = format!("more than {MAX_JOINED} operators join values here");
        let help = "name parts of it with `let`, or put the values into a list";
        self.report(Diagnostic::error(codes::TOO_DEEP, span, message).help(help));
        bad(whole)
    }

    fn operation(&mut self, pair: Pair<'_, Rule>) -> Expr {
        let span = self.span(&pair);
        let mut operands: Vec<Expr> = vec![];
        let mut operators: Vec<BinaryOp> = vec![];
        if pair.clone().into_inner().next().is_some_and(|first| first.as_rule() == Rule::option) {
            return self.cond(pair);
        }
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::cond => return self.cond(inner),
                Rule::operator => {
                    let next = operator(inner.as_str());
                    reduce(&mut operands, &mut operators, level(next));
                    operators.push(next);
                }
                _ => operands.push(self.unary(inner)),
            }
        }
        reduce(&mut operands, &mut operators, 0);
        operands.pop().unwrap_or(Expr { span, kind: ExprKind::Bad })
    }

    fn cond(&mut self, pair: Pair<'_, Rule>) -> Expr {
        let span = self.span(&pair);
        let parts = pair.into_inner().filter(|part| matches!(part.as_rule(), Rule::expr | Rule::wide));
        let mut parts: Vec<Expr> = parts.map(|part| self.expr(part)).collect();
        let (last, middle, first) = (parts.pop(), parts.pop(), parts.pop());
        match (first, middle, last) {
            (Some(a), Some(b), Some(c)) => {
                Expr { span, kind: ExprKind::If(Box::new(a), Box::new(b), Box::new(c)) }
            }
            _ => Expr { span, kind: ExprKind::Bad },
        }
    }

    fn unary(&mut self, pair: Pair<'_, Rule>) -> Expr {
        let signs = pair.clone().into_inner().filter(|inner| inner.as_rule() == Rule::prefix).count();
        self.jointed(pair, signs, Self::signed)
    }

    fn signed(&mut self, pair: Pair<'_, Rule>) -> Expr {
        let span = self.span(&pair);
        let mut prefixes = vec![];
        let mut built = Expr { span, kind: ExprKind::Bad };
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::prefix if inner.as_str() == "-" => prefixes.push((self.span(&inner), UnaryOp::Neg)),
                Rule::prefix => prefixes.push((self.span(&inner), UnaryOp::Not)),
                _ => built = self.postfix(inner),
            }
        }
        for (at, op) in prefixes.into_iter().rev() {
            built = Expr { span: at.to(built.span), kind: ExprKind::Unary(op, Box::new(built)) };
        }
        built
    }

    fn postfix(&mut self, pair: Pair<'_, Rule>) -> Expr {
        let parts = pair.clone().into_inner().count().saturating_sub(1);
        self.jointed(pair, parts, Self::parted)
    }

    fn parted(&mut self, pair: Pair<'_, Rule>) -> Expr {
        let mut inner = pair.into_inner();
        let Some(first) = inner.next() else {
            return Expr { span: Span::new(self.id, 0, 0), kind: ExprKind::Bad };
        };
        let mut built = self.primary(first);
        for part in inner {
            let span = built.span.to(self.span(&part));
            let rule = part.as_rule();
            let Some(content) = part.into_inner().next() else { continue };
            let kind = match rule {
                Rule::field if content.as_rule() == Rule::reserved => {
                    let at = Span { start: built.span.end, ..span };
                    ExprKind::Index(Box::new(built), Box::new(self.taken_field(&content, at)))
                }
                Rule::field => ExprKind::Field(Box::new(built), self.ident(&content)),
                Rule::index => ExprKind::Index(Box::new(built), Box::new(self.expr(content))),
                _ => ExprKind::Call(Box::new(built), self.args(content)),
            };
            built = Expr { span, kind };
        }
        built
    }

    /// The innermost forms.
    pub(super) fn primary(&mut self, pair: Pair<'_, Rule>) -> Expr {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::prose => ExprKind::Prose(self.prose(pair)),
            Rule::raw => ExprKind::Raw(inside(pair.as_str())),
            Rule::string => ExprKind::Text(self.string_pieces(pair)),
            Rule::regex => ExprKind::Regex(inside(pair.as_str()).replace("\\/", "/")),
            Rule::lit => ExprKind::Literal(pair.as_str().to_owned()),
            Rule::list => ExprKind::List(pair.into_inner().map(|item| self.expr(item)).collect()),
            Rule::object => ExprKind::Object(pair.into_inner().filter_map(|one| self.pair(one)).collect()),
            Rule::group => return pair.into_inner().next().map_or(bad(span), |inner| self.expr(inner)),
            _ => ExprKind::Name(pair.as_str().trim().to_owned()),
        };
        Expr { span, kind }
    }

    fn pair(&mut self, pair: Pair<'_, Rule>) -> Option<(Ident, Expr)> {
        let mut inner = pair.into_inner();
        let key = inner.next()?;
        let mut name = self.ident(&key);
        if key.as_rule() == Rule::string {
            name.text = self.fixed_key(key);
        } else if key.as_rule() == Rule::reserved {
            let quoted = format!("\"{}\"", name.text);
            let told = taken(&name, "key").help(format!("a key in quotes may be any text: `{quoted}: …`"));
            self.report(told.fix("put the key in quotes", name.span, quoted));
        }
        Some((name, self.expr(inner.next()?)))
    }

    /// The name of a part that is a word of the language, and what it is asked by: `at` goes from its dot to its end.
    fn taken_field(&mut self, pair: &Pair<'_, Rule>, at: Span) -> Expr {
        let name = self.ident(pair);
        if !self.compared_by_call(&name, at) {
            self.taken_name_of_field(&name, at);
        }
        Expr { span: name.span, kind: ExprKind::Text(vec![Piece::Text(name.text)]) }
    }

    /// `list.contains(value)`, read as the comparison that it is. Whether it is one.
    fn compared_by_call(&mut self, name: &Ident, at: Span) -> bool {
        let calls = self.text.get(name.span.range().end..).is_some_and(|rest| rest.starts_with('('));
        if !calls || !matches!(name.text.as_str(), "contains" | "matches") {
            return false;
        }
        let between = format!(" {} ", name.text);
        let message = format!("`{}` stands between the two values that it compares", name.text);
        let told = Diagnostic::error(codes::LEFTOVER, name.span, message)
            .help(format!("write `one{between}other`"))
            .guess("write it between them", at, between.clone());
        let instead = Instead { at: at.range().start, length: at.range().len(), with: between };
        self.meant.push((vec![instead], told.clone()));
        self.report(told);
        true
    }

    fn taken_name_of_field(&mut self, name: &Ident, at: Span) {
        let index = format!("[\"{}\"]", name.text);
        let whole = taken(name, "field").help(format!("a field of any name is asked in brackets: `{index}`"));
        self.report(whole.fix(format!("write `{index}`"), at, index));
    }

    /// A key in quotes, in which no value may stand: what keys a map has is known before anything runs.
    fn fixed_key(&mut self, key: Pair<'_, Rule>) -> String {
        let span = self.span(&key);
        let mut plain = String::new();
        for piece in self.string_pieces(key) {
            if let Piece::Text(text) = piece {
                plain.push_str(&text);
                continue;
            }
            let help = "write the key as it is; a brace itself is written `{{`; a map with other keys is made by `jq(…)`";
            self.report(Diagnostic::error(codes::NOT_FIXED, span, "a value stands in a key").help(help));
        }
        plain
    }

    /// The pieces of a `"…"` text, neighbouring characters joined.
    pub(super) fn string_pieces(&mut self, pair: Pair<'_, Rule>) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = vec![];
        let mut all = pair.into_inner().peekable();
        while let Some(inner) = all.next() {
            let text = match inner.as_rule() {
                Rule::interp => {
                    pieces.extend(self.interp(inner));
                    continue;
                }
                Rule::no_value => {
                    self.no_value(&inner);
                    continue;
                }
                Rule::esc if inner.as_str() == "\\u" => {
                    // In other languages a character is written by its number in braces.
                    let number = all.next_if(|next| next.as_str().starts_with('{'));
                    self.no_escape(
                        number.iter().fold(self.span(&inner), |whole, part| whole.to(self.span(part))),
                    );
                    continue;
                }
                Rule::esc => self.escape(&inner),
                Rule::braces => inner.as_str().chars().take(1).collect(),
                _ => inner.as_str().to_owned(),
            };
            match pieces.last_mut() {
                Some(Piece::Text(before)) => before.push_str(&text),
                _ => pieces.push(Piece::Text(text)),
            }
        }
        pieces.shrink_to_fit();
        pieces
    }

    fn escape(&mut self, pair: &Pair<'_, Rule>) -> String {
        match pair.as_str().chars().nth(1) {
            Some('n') => "\n".to_owned(),
            Some('t') => "\t".to_owned(),
            Some('r') => "\r".to_owned(),
            Some(c @ ('"' | '\\' | '\'' | '{' | '}' | '/')) => c.to_string(),
            _ => {
                self.no_escape(self.span(pair));
                String::new()
            }
        }
    }

    fn no_escape(&mut self, span: Span) {
        let written = super::build::span_text(self.text, span);
        let message = format!("`{written}` is no escape");
        let help = if written.contains('{') {
            "write the character itself"
        } else {
            "escapes are \\n \\t \\r \\\" \\\\; a text in single quotes is verbatim"
        };
        self.report(Diagnostic::error(codes::BAD_LITERAL, span, message).help(help));
    }

    /// Braces that hold no expression.
    pub(super) fn no_value(&mut self, pair: &Pair<'_, Rule>) {
        let span = self.span(pair);
        if let Some(told) = signs::operator(self.text, span, false) {
            return self.report(told);
        }
        let written = pair.as_str().trim_end();
        let (message, help) = match written {
            name if is_foreign_name(name) => {
                (format!("`{}` cannot be a name", name.trim_matches(['{', '}', ' '])), letters::LETTERS)
            }
            "{}" => (
                "`{}` holds no value".to_owned(),
                "write an expression between the braces; a brace itself is written `{{`",
            ),
            _ if !written.ends_with('}') => (
                format!("the `{{` of `{}` is never closed", super::build::shorten(written)),
                "close the value with `}`; a brace itself is written `{{`",
            ),
            _ => (
                format!("`{}` is not a value", super::build::shorten(written)),
                "one expression stands between the braces; a brace itself is written `{{`, and a block opens with `{` \
                 at the end of the line",
            ),
        };
        let help = between_braces(written).unwrap_or_else(|| help.to_owned());
        self.report(Diagnostic::error(codes::BAD_LITERAL, span, message).help(help));
    }

    /// `{expr}` or `{...expr}`.
    pub(super) fn interp(&mut self, pair: Pair<'_, Rule>) -> Option<Piece> {
        let mut splice = false;
        for inner in pair.into_inner() {
            if inner.as_rule() == Rule::splice {
                splice = true;
            } else {
                let value = self.expr(inner);
                return Some(if splice { Piece::Splice(value) } else { Piece::Value(value) });
            }
        }
        None
    }
}

/// Whether a name stands in braces, but for letters that none has.
fn is_foreign_name(braces: &str) -> bool {
    let name = braces.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or_default().trim();
    !name.is_ascii() && name.chars().all(letters::is_letter)
}

fn taken(name: &Ident, what: &str) -> Diagnostic {
    let message = format!("`{}` is a word of the language and cannot be a bare {what}", name.text);
    Diagnostic::error(codes::LEFTOVER, name.span, message)
}

fn bad(span: Span) -> Expr {
    Expr { span, kind: ExprKind::Bad }
}

/// Joins operands while the operators before them bind at least as tightly as `from`.
fn reduce(operands: &mut Vec<Expr>, operators: &mut Vec<BinaryOp>, from: u8) {
    while let Some(op) = operators.pop_if(|op| level(*op) >= from) {
        let (Some(right), Some(left)) = (operands.pop(), operands.pop()) else { return };
        let span = left.span.to(right.span);
        operands.push(Expr { span, kind: ExprKind::Binary(op, Box::new(left), Box::new(right)) });
    }
}

fn level(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Or => 1,
        BinaryOp::And => 2,
        BinaryOp::Add | BinaryOp::Sub => 4,
        BinaryOp::Mul | BinaryOp::Div => 5,
        _ => 3,
    }
}

fn operator(written: &str) -> BinaryOp {
    match written.trim() {
        "or" => BinaryOp::Or,
        "and" => BinaryOp::And,
        "==" => BinaryOp::Eq,
        "!=" => BinaryOp::Ne,
        "<" => BinaryOp::Lt,
        "<=" => BinaryOp::Le,
        ">" => BinaryOp::Gt,
        ">=" => BinaryOp::Ge,
        "in" => BinaryOp::In,
        "contains" => BinaryOp::Contains,
        "matches" => BinaryOp::Matches,
        "+" => BinaryOp::Add,
        "-" => BinaryOp::Sub,
        "*" => BinaryOp::Mul,
        "/" => BinaryOp::Div,
        _ => BinaryOp::NotIn,
    }
}
