//! A line that ends behind a sign: it is not written to its end, and what is told of it says what comes next.
//! Knows signs and the words that give a name, and no statement kind.

use super::NAMING;
use crate::diag::{Code, codes};

/// What stands between two values, or before one.
const JOINING: &[&str] =
    &["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "and", "or", "not", "in", "contains", "matches"];

/// What a value may be.
const VALUE: &str = "a value stands there: a text in quotes, a number, a list, a name, or made of these";

/// What is told of a line that ends so.
pub(super) struct Half {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) help: String,
}

impl Half {
    fn missing(message: String, help: impl Into<String>) -> Self {
        Self { code: codes::MISSING_OPERAND, message, help: help.into() }
    }
}

/// What is told of signs that are left over at the end of a line, behind what could be read of it.
pub(super) fn half(before: &str, signs: &str) -> Option<Half> {
    match signs {
        "=" => Some(named(before).filter(|(keyword, _)| *keyword == "let").map_or_else(
            || Half::missing("nothing stands behind this `=`".to_owned(), VALUE),
            |(_, name)| {
                let help = format!("{VALUE}; or what gives one, as in `let {name} = run hostname`");
                Half::missing(format!("`let {name}` needs a value behind the `=`"), help)
            },
        )),
        ":" => named(before).map(|(keyword, name)| {
            let value = if keyword == "let" { " = value" } else { "" };
            let help = format!("write `{name}: text{value}`, or another type");
            Half { code: codes::UNKNOWN_TYPE, message: format!("`{name}` needs a type"), help }
        }),
        "." => {
            let help = "the name of a part stands there, as in `value.name`; or a number goes on: `0.5`";
            Some(Half::missing("nothing stands behind this `.`".to_owned(), help))
        }
        _ => {
            let last = signs.split_whitespace().next_back()?;
            let help = if last == "not" { "a condition stands there: `not ready`" } else { VALUE };
            let joining = signs.split_whitespace().all(|sign| JOINING.contains(&sign));
            joining.then(|| Half::missing(format!("nothing stands behind this `{last}`"), help))
        }
    }
}

/// The keyword that a line begins with, and the name that it gives.
fn named(before: &str) -> Option<(&str, &str)> {
    let (keyword, rest) = before.trim_start().split_once(' ')?;
    let name = rest.trim_start().split([':', ' ']).next().filter(|name| !name.is_empty())?;
    NAMING.contains(&keyword).then_some((keyword, name))
}
