//! Types: how they are called, how they fit each other, how they are spelled.

use crate::text::Span;
use crate::value::{Expr, Type, Value};

/// The types that have one word.
pub(super) const NAMED: &[(&str, Type)] = &[
    ("text", Type::Text),
    ("int", Type::Int),
    ("number", Type::Number),
    ("bool", Type::Bool),
    ("duration", Type::Duration),
    ("size", Type::Size),
    ("time", Type::Time),
    ("version", Type::Version),
    ("url", Type::Url),
    ("path", Type::Path),
    ("secret", Type::Secret),
    ("json", Type::Json),
    ("lines", Type::Lines),
    ("artifact", Type::Artifact),
];

/// The names of the types that have one.
pub fn type_names() -> impl Iterator<Item = &'static str> {
    NAMED.iter().map(|(name, _)| *name)
}

/// The type of that name.
pub(super) fn named(word: &str) -> Option<Type> {
    NAMED.iter().find(|(name, _)| *name == word).map(|(_, ty)| ty.clone())
}

/// An expression with what is known of it.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) expr: Expr,
    pub(super) ty: Type,
    /// Whether a secret is part of it.
    pub(super) secret: bool,
}

impl Typed {
    /// An expression of no secret.
    pub(super) fn plain(expr: Expr, ty: Type) -> Self {
        Self { expr, ty, secret: false }
    }

    /// What stands for something already reported.
    pub(super) fn unknown() -> Self {
        Self::plain(Expr::Const(Value::Null), Type::Unknown)
    }

    /// Wraps the expression where evaluation can fail, for its message.
    pub(super) fn at(mut self, span: Span) -> Self {
        self.expr = Expr::At(span, Box::new(self.expr));
        self
    }
}

/// A side of an operator.
pub(super) struct Side {
    pub(super) value: Typed,
    pub(super) span: Span,
}

/// How a value of one type goes where another is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// As it is.
    AsIs,
    /// Turned into it, which may fail when it runs.
    Converted,
    /// Only where the author says so (`size(x)`, `let n: int = …`).
    Asked,
    /// Never.
    Never,
}

/// How `from` goes where `to` is wanted.
pub(super) fn fit(from: &Type, to: &Type) -> Fit {
    match (from, to) {
        (Type::Unknown, _) | (_, Type::Unknown) | (Type::Int, Type::Number) => Fit::AsIs,
        (Type::Nothing, _) | (_, Type::Nothing) => Fit::Never,
        (a, b) if a == b => Fit::AsIs,
        (Type::OneOf(some), Type::OneOf(all)) if some.iter().all(|one| all.contains(one)) => Fit::AsIs,
        (Type::Lines, Type::List(item)) | (Type::List(item), Type::Lines) => fit(&Type::Text, item),
        (Type::List(a), Type::List(b)) | (Type::Map(a), Type::Map(b)) => whole(fit(a, b)),
        (_, Type::Json) => Fit::AsIs,
        (Type::Json, Type::Artifact) => Fit::Never,
        (Type::Json, _) => Fit::Converted,
        (a, Type::Text) if is_texty(a) => Fit::AsIs,
        (Type::Version | Type::Artifact, Type::Text | Type::Path) => Fit::Converted,
        // One is never the other: who means it says so.
        (Type::Path, Type::Url) | (Type::Url, Type::Path) => Fit::Asked,
        (a, b) if is_texty(a) && (is_texty(b) || *b == Type::Version) => Fit::Converted,
        (Type::Artifact, _) | (_, Type::Artifact) => Fit::Never,
        (a, b) if asked(a, b) => Fit::Asked,
        _ => Fit::Never,
    }
}

/// A list or map is turned as a whole.
fn whole(inner: Fit) -> Fit {
    if inner == Fit::Asked { Fit::Never } else { inner }
}

/// Types whose values are texts.
pub(super) fn is_texty(ty: &Type) -> bool {
    matches!(ty, Type::Text | Type::Path | Type::Url | Type::Secret | Type::OneOf(_))
}

/// Types that count or measure.
fn is_scalar(ty: &Type) -> bool {
    !matches!(ty, Type::List(_) | Type::Map(_) | Type::Lines | Type::Artifact | Type::Nothing)
}

fn asked(from: &Type, to: &Type) -> bool {
    let number = |ty: &Type| matches!(ty, Type::Int | Type::Number);
    let measure = |ty: &Type| matches!(ty, Type::Size | Type::Duration | Type::Int | Type::Number);
    match (from, to) {
        (a, b) if is_texty(a) => is_scalar(b) || matches!(b, Type::Lines | Type::List(_) | Type::Map(_)),
        (a, b) if is_texty(b) => is_scalar(a),
        (a, b) => (number(a) && measure(b)) || (measure(a) && number(b)),
    }
}

/// The type that holds values of both, if there is one.
pub(super) fn join(a: &Type, b: &Type) -> Option<Type> {
    match (fit(a, b), fit(b, a)) {
        (_, Fit::AsIs) if *b == Type::Unknown || *a != Type::Unknown => Some(a.clone()),
        (Fit::AsIs, _) => Some(b.clone()),
        _ if is_texty(a) && is_texty(b) => Some(Type::Text),
        _ => None,
    }
}

/// Whether a value of the type can stand inside a text.
pub(super) fn is_printable(ty: &Type) -> bool {
    !matches!(ty, Type::Nothing)
}

/// The type of a fixed value.
pub(super) fn type_of(value: &Value) -> Type {
    match value {
        Value::Null => Type::Json,
        Value::Bool(_) => Type::Bool,
        Value::Int(_) => Type::Int,
        Value::Number(_) | Value::Decimal(_) => Type::Number,
        Value::Text(_) => Type::Text,
        Value::Duration(_) => Type::Duration,
        Value::Size(_) => Type::Size,
        Value::Time(_) => Type::Time,
        Value::Version(_) => Type::Version,
        Value::List(items) => Type::List(Box::new(common(items.iter().map(type_of)))),
        Value::Map(fields) => Type::Map(Box::new(common(fields.values().map(type_of)))),
        Value::Artifact(_) => Type::Artifact,
        Value::Secret(_) => Type::Secret,
    }
}

/// The type of the items of a list or map: the common one, else `json`; of none: anything.
pub(super) fn common(types: impl IntoIterator<Item = Type>) -> Type {
    let joined = types.into_iter().try_fold(Type::Unknown, |all, ty| join(&all, &ty));
    joined.unwrap_or(Type::Json)
}

/// A type as the language spells it.
pub(super) fn spelling(ty: &Type) -> String {
    match ty {
        Type::List(item) => format!("list of {}", spelling(item)),
        Type::Map(item) => format!("map of {}", spelling(item)),
        Type::OneOf(words) => format!("one of {}", quoted(words)),
        Type::Nothing => "nothing".into(),
        Type::Unknown => "anything".into(),
        simple => NAMED.iter().find(|(_, ty)| ty == simple).map_or("", |(name, _)| name).into(),
    }
}

pub(super) fn quoted(words: &[String]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

/// A type as a noun: `a duration such as 10m`.
pub(super) fn noun(ty: &Type) -> String {
    match ty {
        Type::Int => "a whole number".into(),
        Type::Bool => "true or false".into(),
        Type::Duration => "a length of time such as `10m`".into(),
        Type::Size => "a number of bytes such as `2GiB`".into(),
        Type::Version => "a version such as `1.0.0`".into(),
        Type::Time => "a point in time such as `2026-03-01T14:00:00Z`".into(),
        Type::Url => "a URL".into(),
        Type::OneOf(_) | Type::Nothing | Type::Lines | Type::Json => spelling(ty),
        Type::Artifact => "an artifact".into(),
        other => format!("a {}", spelling(other)),
    }
}

/// A pattern as the value that evaluation expects.
pub(super) fn fixed_pattern(pattern: String) -> Typed {
    Typed::plain(Expr::Const(Value::Text(pattern.into())), Type::Text)
}
