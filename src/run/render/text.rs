//! Values as the world takes them: in the clear, marked where secret.

use secrecy::ExposeSecret;

use crate::plan::{Act, HttpBody, Login, NamedText};
use crate::run::door::ArgText;
use crate::value::{Expr, Piece, Type, Value, VarId, holds_secret, show, to_json};

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

/// The variables that an act reads.
pub(super) fn vars_of_act(act: &Act) -> Vec<VarId> {
    let mut vars = vec![];
    exprs_of(act).into_iter().for_each(|expr| vars_of(expr, &mut vars));
    vars
}

fn named(list: &[NamedText]) -> impl Iterator<Item = &Expr> {
    list.iter().map(|named| &named.value)
}

fn exprs_of(act: &Act) -> Vec<&Expr> {
    match act {
        Act::Run { words, env, dir, stdin, .. } => words
            .iter()
            .map(|word| &word.value)
            .chain(named(env))
            .chain(dir.as_deref())
            .chain(stdin.as_deref())
            .collect(),
        Act::Script { args, env, dir, stdin, .. } => args
            .iter()
            .map(|arg| &arg.value)
            .chain(named(env))
            .chain(dir.as_deref())
            .chain(stdin.as_deref())
            .collect(),
        Act::Http { url, headers, query, login, body, .. } => {
            let mut all: Vec<&Expr> =
                std::iter::once(url).chain(named(headers)).chain(named(query)).collect();
            match login.as_deref() {
                Some(Login::Bearer(token)) => all.push(token),
                Some(Login::Basic(user, password)) => all.extend([user, password]),
                None => {}
            }
            if let Some(HttpBody::Json(body) | HttpBody::Form(body) | HttpBody::Text(body)) = body.as_deref()
            {
                all.push(body);
            }
            all
        }
        Act::Evidence(value) => vec![value],
        _ => vec![],
    }
}

/// The variables that an expression reads.
fn vars_of(expr: &Expr, vars: &mut Vec<VarId>) {
    match expr {
        Expr::Var(var) => vars.push(*var),
        Expr::Const(_) => {}
        Expr::Field(inner, _)
        | Expr::Not(inner)
        | Expr::Neg(inner)
        | Expr::Convert(_, inner)
        | Expr::At(_, inner) => {
            vars_of(inner, vars);
        }
        Expr::Index(a, b) | Expr::Binary(_, a, b) => [a, b].into_iter().for_each(|part| vars_of(part, vars)),
        Expr::If(a, b, c) => [a, b, c].into_iter().for_each(|part| vars_of(part, vars)),
        Expr::Text(pieces) => pieces.iter().for_each(|piece| {
            if let Piece::Value(value) = piece {
                vars_of(value, vars);
            }
        }),
        Expr::List(items) | Expr::Call(_, items) => items.iter().for_each(|item| vars_of(item, vars)),
        Expr::Map(fields) => fields.iter().for_each(|(_, value)| vars_of(value, vars)),
        Expr::Jq { input, vars: named, .. } => {
            vars_of(input, vars);
            named.iter().for_each(|(_, value)| vars_of(value, vars));
        }
    }
}
