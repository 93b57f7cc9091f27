//! How something is called: a title as texts, between them any values.

use crate::value::{Expr, Piece, Value, show};

/// A part of a path: pieces of text, between them any text.
pub(super) type Title = Vec<String>;

/// A title as texts between values.
pub(super) fn pieces(title: &Expr) -> Title {
    match title {
        Expr::At(_, inner) => pieces(inner),
        Expr::Text(parts) => {
            let mut title = vec![String::new()];
            for part in parts {
                match part {
                    Piece::Text(text) => title = before(&between_values(text), &title),
                    Piece::Value(value) => title = before(&pieces(value), &title),
                }
            }
            title
        }
        // What was wrong in a title is reported there: any text may be meant.
        Expr::Const(Value::Null) => vec![String::new(), String::new()],
        Expr::Const(value) => between_values(&show(value)),
        _ => vec![String::new(), String::new()],
    }
}

/// A text without what stands in braces: a value, or what was meant as one.
pub(super) fn between_values(text: &str) -> Title {
    let mut parts = text.split('{');
    let first = parts.next().map(str::to_owned);
    let behind = parts.map(|part| part.split_once('}').map_or(part, |(_, rest)| rest).to_owned());
    first.into_iter().chain(behind).collect()
}

/// One title, and another behind it.
pub(super) fn before(behind: &[String], title: &[String]) -> Title {
    let mut all = title.to_vec();
    let mut behind = behind.iter();
    if let (Some(last), Some(first)) = (all.last_mut(), behind.next()) {
        last.push_str(first);
    }
    all.extend(behind.cloned());
    all
}

pub(super) fn has_values(title: &[String]) -> bool {
    title.len() > 1
}

/// Whether a text can be that title.
pub(super) fn is_like(title: &[String], text: &str) -> bool {
    let [first, middle @ .., last] = title else { return title.concat() == text };
    let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
    for piece in middle {
        let Some(at) = rest.find(piece.as_str()) else { return false };
        rest = rest.get(at + piece.len()..).unwrap_or_default();
    }
    rest.ends_with(last.as_str())
}
