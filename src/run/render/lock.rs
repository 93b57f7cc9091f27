//! The name of a lock with its values filled in: what is a path or a URL is taken for what it leads to.

use super::Page;
use crate::plan::LockPart;
use crate::run::door::Host;
use crate::value::{Expr, Piece, Value, show};

/// The name of a lock, with files not yet looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LockName(Vec<LockPart>);

impl LockName {
    /// As it was written.
    pub(crate) fn written(&self) -> String {
        let text = |part: &LockPart| match part {
            LockPart::Text(text) => text.clone(),
            LockPart::File(paths) => paths.first().cloned().unwrap_or_default(),
        };
        self.0.iter().map(text).collect()
    }

    /// The name by which it is taken: each file by where it is.
    pub(super) fn located(self, host: &impl Host) -> Self {
        let part = |part: LockPart| match part {
            LockPart::File(paths) => LockPart::Text(host.locate(&paths)),
            text @ LockPart::Text(_) => text,
        };
        Self(self.0.into_iter().map(part).collect())
    }
}

/// The name that an expression gives.
pub(super) fn lock_name(page: Page<'_>, expr: &Expr) -> Result<LockName, String> {
    let parts = match expr {
        Expr::At(_, inner) => return lock_name(page, inner),
        Expr::Text(pieces) => pieces.iter().map(|piece| part(page, piece)).collect::<Result<_, _>>()?,
        other => vec![value(page, other)?],
    };
    Ok(LockName(parts))
}

fn part(page: Page<'_>, piece: &Piece) -> Result<LockPart, String> {
    match piece {
        Piece::Text(text) => Ok(LockPart::Text(text.clone())),
        Piece::Value(expr) => value(page, expr),
    }
}

fn value(page: Page<'_>, expr: &Expr) -> Result<LockPart, String> {
    let value = page.eval(expr)?;
    match (expr, &value) {
        // A URL is secret for its password, which is no part of the name. What else in it is secret the mask finds.
        (Expr::Convert(ty, _), Value::Secret(_)) => match value.expose() {
            Some(clear) => Ok(secret(LockPart::of(ty, &clear), &value)),
            None => Ok(LockPart::Text(show(&value))),
        },
        (Expr::Convert(ty, _), _) => Ok(LockPart::of(ty, &show(&value))),
        _ => Ok(LockPart::Text(show(&value))),
    }
}

/// A secret text stands by its name; a URL by what it leads to, without its query.
fn secret(part: LockPart, value: &Value) -> LockPart {
    match part {
        LockPart::Text(text) if text.contains("://") => {
            LockPart::Text(text.split(['?', '#']).next().unwrap_or_default().to_owned())
        }
        LockPart::Text(_) => LockPart::Text(show(value)),
        file @ LockPart::File(_) => file,
    }
}
