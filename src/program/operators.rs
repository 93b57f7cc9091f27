//! Operators between two values: which types they take and what they give.

use std::fmt::Display;

use super::compared::with_units;
use super::resolver::{DEEPEST, Resolver};
use super::types::{Fit, Side, Typed, fit, fixed_pattern, is_texty, join, noun};
use crate::diag::{Diagnostic, codes};
use crate::syntax::tree::{self, BinaryOp, ExprKind};
use crate::text::Span;
use crate::value::{self, Expr, Type, check_regex};

impl<'a> Resolver<'a> {
    /// `a op b op c …`, however long: the left spine is walked without recursion.
    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        left: &'a tree::Expr,
        right: &'a tree::Expr,
        span: Span,
    ) -> Typed {
        let mut pending = vec![(op, right, span)];
        let mut first = left;
        while let ExprKind::Binary(op, left, right) = &first.kind {
            pending.push((*op, &**right, first.span));
            first = left;
        }
        if pending.len() > DEEPEST {
            self.too_deep(span);
            return Typed::unknown();
        }
        let next = pending.last().map(|(op, right, _)| (*op, *right));
        let mut left = Side { value: self.leftmost(first, next), span: first.span };
        while let Some((op, right, span)) = pending.pop() {
            left = Side { value: self.operate(op, left, right, span), span };
        }
        left.value
    }

    fn operate(&mut self, op: BinaryOp, left: Side, right: &'a tree::Expr, span: Span) -> Typed {
        if op == BinaryOp::Matches {
            return self.matches(left, right, span);
        }
        let right = Side { value: self.expr(right), span: right.span };
        if matches!(op, BinaryOp::Eq | BinaryOp::Ne | BinaryOp::In | BinaryOp::NotIn | BinaryOp::Contains) {
            self.bare_among(&left, &right);
            self.bare_among(&right, &left);
        }
        match op {
            BinaryOp::And | BinaryOp::Or => self.logic(op, left, right),
            BinaryOp::Eq | BinaryOp::Ne => self.equality(op, left, right, span),
            BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => self.order(op, left, right, span),
            BinaryOp::In | BinaryOp::NotIn | BinaryOp::Contains => self.membership(op, left, right, span),
            _ => self.arithmetic(op, left, right, span),
        }
    }

    fn matches(&mut self, left: Side, right: &'a tree::Expr, span: Span) -> Typed {
        let text = self.fitted(left.value, &Type::Text, left.span, &"`matches` takes");
        let Some(pattern) = self.regex(right, &"`matches` takes") else { return Typed::unknown() };
        let value = Typed { ty: Type::Bool, ..text };
        joined(BinaryOp::Matches, value, fixed_pattern(pattern), Type::Bool).at(span)
    }

    /// What stands between quotes, between slashes: as it is written, for its backslashes are not those of a text.
    fn pattern_in_quotes(&self, text: Span) -> Option<String> {
        let words = self.words(text);
        let inside = ['"', '\''].iter().find_map(|quote| words.strip_prefix(*quote)?.strip_suffix(*quote))?;
        (!inside.is_empty() && !inside.contains(['/', '\n'])).then(|| format!("/{inside}/"))
    }

    /// A regular expression as written, if it compiles.
    pub(super) fn regex(&mut self, written: &'a tree::Expr, takes: &dyn Display) -> Option<String> {
        let ExprKind::Regex(pattern) = &written.kind else {
            if written.kind != ExprKind::Bad {
                self.read_unless_unknown(written);
                let message = format!("{takes} a regular expression that stands in the file");
                let report = Diagnostic::error(codes::TYPE_MISMATCH, written.span, message);
                self.report(match self.pattern_in_quotes(written.span) {
                    Some(pattern) => {
                        let report = report.hides(written.span);
                        report.help(format!("write it between slashes: `{pattern}`")).guess(
                            format!("write `{pattern}`"),
                            written.span,
                            pattern,
                        )
                    }
                    None => report.help("write it between slashes: `/^ready$/`"),
                });
            }
            return None;
        };
        match check_regex(pattern) {
            Ok(()) => Some(pattern.clone()),
            Err(why) => {
                let report =
                    Diagnostic::error(codes::BAD_REGEX, written.span, "this regular expression is malformed");
                self.unread.push(written.span);
                self.report(if pattern.contains('{') {
                    let help = "a pattern takes no values; compare with `==` or `contains`, or take a part with `capture`";
                    report.help(help)
                } else {
                    report.label(why).help("`\\` before a character takes it as it is: `\\(`")
                });
                None
            }
        }
    }

    fn logic(&mut self, op: BinaryOp, left: Side, right: Side) -> Typed {
        if self.tell_no_conditions(op, &left, &right) {
            return Typed::unknown();
        }
        let takes = if op == BinaryOp::And { "`and` takes" } else { "`or` takes" };
        let first = self.fitted(left.value, &Type::Bool, left.span, &takes);
        let second = self.fitted(right.value, &Type::Bool, right.span, &takes);
        joined(op, first, second, Type::Bool)
    }

    fn equality(&mut self, op: BinaryOp, left: Side, right: Side, span: Span) -> Typed {
        let (left, right) = self.same_kind(left, right);
        self.check_choices(&left, &right);
        self.check_choices(&right, &left);
        if join(&left.value.ty, &right.value.ty).is_none() {
            return self.unlike("are never equal", &left, &right, span);
        }
        compared(op, left, right).at(span)
    }

    fn order(&mut self, op: BinaryOp, left: Side, right: Side, span: Span) -> Typed {
        if self.tell_place(&left, &right) {
            return Typed::unknown();
        }
        let (left, right) = self.same_kind(left, right);
        for side in [&left, &right] {
            if !is_ordered(&side.value.ty) {
                let message = format!("{} is neither smaller nor larger than another", noun(&side.value.ty));
                let report = Diagnostic::error(codes::TYPE_MISMATCH, side.span, message);
                let chained = side.value.ty == Type::Bool;
                self.report(if chained { report.help("compare twice: `1 < n and n < 10`") } else { report });
                return Typed::unknown();
            }
        }
        if join(&left.value.ty, &right.value.ty).is_none() {
            return self.unlike("cannot be compared", &left, &right, span);
        }
        compared(op, left, right).at(span)
    }

    /// Turns the text of the two into the type of the other, where that is what comparing them means.
    fn same_kind(&mut self, left: Side, right: Side) -> (Side, Side) {
        let (a, b) = (&left.value.ty, &right.value.ty);
        if join(a, b).is_some() {
            return (left, right);
        }
        if is_texty(a) && fit(a, b) == Fit::Converted {
            let to = b.clone();
            return (self.turned(left, &to), right);
        }
        if is_texty(b) && fit(b, a) == Fit::Converted {
            let to = a.clone();
            return (left, self.turned(right, &to));
        }
        (left, right)
    }

    fn turned(&mut self, side: Side, to: &Type) -> Side {
        Side { value: self.fitted(side.value, to, side.span, &"this is compared with"), span: side.span }
    }

    fn membership(&mut self, op: BinaryOp, left: Side, right: Side, span: Span) -> Typed {
        let (item, whole) = if op == BinaryOp::Contains { (&right, &left) } else { (&left, &right) };
        let wanted = match &whole.value.ty {
            Type::Json | Type::Unknown => Type::Unknown,
            Type::List(wanted) => (**wanted).clone(),
            Type::Map(_) | Type::Lines => Type::Text,
            ty if is_texty(ty) => Type::Text,
            other => {
                let message = format!("{} holds nothing to look for", noun(other));
                let help = "the whole is a list, a map or a text: `x in [1, 2]`, `text contains \"part\"`";
                self.error(codes::TYPE_MISMATCH, whole.span, message, help);
                return Typed::unknown();
            }
        };
        if join(&item.value.ty, &wanted).is_none() && fit(&wanted, &item.value.ty) != Fit::Converted {
            let message = format!("{} is never among {}", noun(&item.value.ty), noun(&whole.value.ty));
            self.report(
                Diagnostic::error(codes::TYPE_MISMATCH, item.span, message)
                    .also(whole.span, noun(&whole.value.ty)),
            );
            return Typed::unknown();
        }
        compared(op, left, right).at(span)
    }

    fn arithmetic(&mut self, op: BinaryOp, left: Side, right: Side, span: Span) -> Typed {
        if let Some(ty) = computed(op, &left.value.ty, &right.value.ty) {
            return joined(op, left.value, right.value, ty).at(span);
        }
        let (a, b) = (noun(&left.value.ty), noun(&right.value.ty));
        let message = format!("`{}` does not work between {a} and {b}", symbol(op));
        let report = Diagnostic::error(codes::TYPE_MISMATCH, span, message);
        let texts = is_texty(&left.value.ty) || is_texty(&right.value.ty);
        self.report(match op {
            BinaryOp::Add if texts => self.told_together(report, &left, &right),
            _ if texts => report.help("turn the text into a number first: `number(…)`, `size(…)`"),
            _ => with_units(report, &left, &right),
        });
        Typed::unknown()
    }
}

fn joined(op: BinaryOp, left: Typed, right: Typed, ty: Type) -> Typed {
    let secret = left.secret || right.secret;
    Typed { expr: Expr::Binary(operator(op), Box::new(left.expr), Box::new(right.expr)), ty, secret }
}

/// A comparison tells too little of a secret to be one.
fn compared(op: BinaryOp, left: Side, right: Side) -> Typed {
    Typed { secret: false, ..joined(op, left.value, right.value, Type::Bool) }
}

fn is_ordered(ty: &Type) -> bool {
    let number = matches!(ty, Type::Int | Type::Number | Type::Json | Type::Unknown);
    number || is_texty(ty) || matches!(ty, Type::Duration | Type::Size | Type::Time | Type::Version)
}

/// What an arithmetic operator gives; `None` where it does not work between the two.
fn computed(op: BinaryOp, a: &Type, b: &Type) -> Option<Type> {
    use BinaryOp::{Add, Div, Mul, Sub};
    let number = |ty: &Type| matches!(ty, Type::Int | Type::Number);
    let measure = |ty: &Type| matches!(ty, Type::Duration | Type::Size);
    Some(match (op, a, b) {
        (_, Type::Unknown, _) | (_, _, Type::Unknown) => Type::Unknown,
        (_, Type::Json, other) | (_, other, Type::Json) if number(other) || *other == Type::Json => {
            Type::Json
        }
        (Add | Sub | Mul, Type::Int, Type::Int) => Type::Int,
        (Add | Sub | Mul | Div, a, b) if number(a) && number(b) => Type::Number,
        (Add | Sub, a, b) if measure(a) && a == b => a.clone(),
        (Add | Sub, Type::Time, Type::Duration) => Type::Time,
        (Sub, Type::Time, Type::Time) => Type::Duration,
        (Mul | Div, a, b) if measure(a) && number(b) => a.clone(),
        (Mul, a, b) if number(a) && measure(b) => b.clone(),
        (Div, a, b) if measure(a) && a == b => Type::Number,
        (Add, Type::List(_) | Type::Lines, Type::List(_) | Type::Lines) => return join(a, b),
        _ => return None,
    })
}

fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        _ => "/",
    }
}

fn operator(op: BinaryOp) -> value::BinaryOp {
    match op {
        BinaryOp::Or => value::BinaryOp::Or,
        BinaryOp::And => value::BinaryOp::And,
        BinaryOp::Eq => value::BinaryOp::Eq,
        BinaryOp::Ne => value::BinaryOp::Ne,
        BinaryOp::Lt => value::BinaryOp::Lt,
        BinaryOp::Le => value::BinaryOp::Le,
        BinaryOp::Gt => value::BinaryOp::Gt,
        BinaryOp::Ge => value::BinaryOp::Ge,
        BinaryOp::In => value::BinaryOp::In,
        BinaryOp::NotIn => value::BinaryOp::NotIn,
        BinaryOp::Contains => value::BinaryOp::Contains,
        BinaryOp::Matches => value::BinaryOp::Matches,
        BinaryOp::Add => value::BinaryOp::Add,
        BinaryOp::Sub => value::BinaryOp::Sub,
        BinaryOp::Mul => value::BinaryOp::Mul,
        BinaryOp::Div => value::BinaryOp::Div,
    }
}
