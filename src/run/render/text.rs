//! Values as the world takes them: in the clear, marked where secret.

use secrecy::ExposeSecret;

use crate::plan::Act;
use crate::run::door::ArgText;
use crate::value::{Type, Value, VarId, holds_secret, show, to_json};

/// The text of a value, in the clear.
///
/// # Errors
/// When it is a secret that is not at hand any more.
pub(super) fn clear(value: &Value) -> Result<ArgText, String> {
    match value {
        Value::Secret(secret) => match &secret.text {
            Some(text) => Ok(ArgText { clear: text.expose_secret().to_owned(), secret: true }),
            None => Err(format!(
                "the secret `{}` is not kept in the journal and must be given again",
                secret.origin
            )),
        },
        Value::List(_) | Value::Map(_) => {
            Ok(ArgText { clear: json(value)?.to_string(), secret: holds_secret(value) })
        }
        other => Ok(ArgText::plain(show(other))),
    }
}

/// How a value arrives in a script.
pub(super) fn script_arg(value: &Value, ty: &Type) -> Result<ArgText, String> {
    match (value, ty) {
        (Value::List(items), Type::Lines) => {
            let lines: Result<Vec<ArgText>, String> = items.iter().map(clear).collect();
            let lines = lines?;
            let secret = lines.iter().any(|line| line.secret);
            let text: Vec<String> = lines.into_iter().map(|line| line.clear).collect();
            Ok(ArgText { clear: text.join("\n"), secret })
        }
        _ => clear(value),
    }
}

/// A value as JSON, secrets in the clear.
///
/// # Errors
/// When a secret in it is not at hand any more.
pub(crate) fn json(value: &Value) -> Result<serde_json::Value, String> {
    Ok(match value {
        Value::List(items) => {
            items.iter().map(json).collect::<Result<_, _>>().map(serde_json::Value::Array)?
        }
        Value::Map(items) => {
            let fields = items.iter().map(|(name, value)| json(value).map(|value| (name.clone(), value)));
            serde_json::Value::Object(fields.collect::<Result<_, _>>()?)
        }
        Value::Secret(_) => clear(value)?.clear.into(),
        other => to_json(other),
    })
}

/// The variables whose files an act uses: somebody or something acts on them. What is only told (`log`, `notify`) is
/// no use of a file: no notice is held back because one has changed.
pub(super) fn vars_of_act(act: &Act) -> Vec<VarId> {
    let mut vars = vec![];
    let uses = matches!(
        act,
        Act::Run { .. } | Act::Script { .. } | Act::Http { .. } | Act::Evidence(_) | Act::Person(_)
    );
    if uses {
        act.exprs(&mut |expr| expr.vars(&mut |var| vars.push(var)));
    }
    vars
}
