//! URLs with values in them: each value is encoded for the part it stands in.
//!
//! A value can therefore never change the structure of a URL: it cannot add a path segment, a
//! parameter or a host. The one exception is a value that the URL begins with, its base.

use super::text;
use crate::value::{Expr, Function, Piece};

/// The part of a URL that a value stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Before the host, where only a base may stand.
    Start,
    Host,
    Path,
    Query,
}

impl Part {
    fn word(self) -> &'static str {
        match self {
            Self::Start | Self::Host => "host",
            Self::Path => "path",
            Self::Query => "query",
        }
    }
}

/// The URL with its values encoded.
pub(crate) fn url(expr: Expr) -> Expr {
    match expr {
        Expr::At(span, inner) => Expr::At(span, Box::new(url(*inner))),
        Expr::Text(pieces) => Expr::Text(encode(pieces)),
        other => other,
    }
}

fn encode(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut part = Part::Start;
    let mut before = String::new();
    let mut encoded = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match piece {
            Piece::Text(more) => {
                before.push_str(&more);
                part = part_after(&before, part);
                encoded.push(Piece::Text(more));
            }
            Piece::Value(value) if encoded.is_empty() => {
                part = Part::Path;
                before.push_str("x:");
                encoded.push(Piece::Value(value));
            }
            Piece::Value(value) => {
                encoded.push(Piece::Value(Expr::Call(Function::UrlPart, vec![value, text(part.word())])));
            }
        }
    }
    encoded
}

/// Where a URL stands after what was written so far; values are left out of `before`.
fn part_after(before: &str, part: Part) -> Part {
    if part == Part::Query || before.contains(['?', '#']) {
        return Part::Query;
    }
    if part == Part::Path {
        return Part::Path;
    }
    match before.split_once("://") {
        Some((_, rest)) if rest.contains('/') => Part::Path,
        Some(_) => Part::Host,
        None => Part::Start,
    }
}
