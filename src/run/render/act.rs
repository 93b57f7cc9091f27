//! Acts with their values filled in.

use base64::Engine as _;

use super::lock::lock_name;
use super::text::{clear, json, script_arg};
use super::{JobKind, Page, question};
use crate::plan::{Act, Bind, HttpBody, Login, NamedText, ScriptArg, Variable, WordExpr};
use crate::run::door::{ArgText, Capture, Content, HttpRequest, Program, Request};
use crate::run::seal::is_declared_secret;
use crate::value::{Expr, MASKED, Piece, Value, holds_secret, shell_word, show};

pub(super) fn act(page: Page<'_>, act: &Act) -> Result<(String, JobKind), String> {
    Ok(match act {
        Act::Run { words, env, dir, stdin, terminal } => {
            let words = splice(page, words)?;
            let around = Around { env, dir: dir.as_deref(), stdin: stdin.as_deref(), terminal: *terminal };
            program(page, words, &around)?
        }
        Act::Script { .. } => script(page, act)?,
        Act::Http { .. } => http(page, act)?,
        Act::Artifact(path) => {
            let path = page.words(path)?;
            (format!("artifact {path}"), JobKind::Host(Request::Artifact(path)))
        }
        Act::Evidence(value) => {
            let value = page.eval(value)?;
            (format!("evidence {}", show(&value)), JobKind::Host(Request::Evidence(value)))
        }
        Act::Notify { channel, text } => {
            let text = page.words(text)?;
            let shown = format!("notify {channel}: {text}");
            (shown, JobKind::Host(Request::Notify { channel: channel.clone(), text }))
        }
        Act::Log(text) => {
            let text = page.words(text)?;
            (text.clone(), JobKind::Log(text))
        }
        Act::Person(asked) => question::ask(page, asked)?,
        Act::Wait(_) => ("wait".into(), JobKind::Timer),
        Act::Lock(name) => {
            let name = lock_name(page, name)?;
            (format!("exclusive {}", name.written()), JobKind::Lock(name))
        }
    })
}

struct Around<'a> {
    env: &'a [NamedText],
    dir: Option<&'a Expr>,
    stdin: Option<&'a Expr>,
    terminal: bool,
}

fn program(page: Page<'_>, words: Vec<ArgText>, around: &Around<'_>) -> Result<(String, JobKind), String> {
    let shown =
        words.iter().map(|word| if word.secret { MASKED.to_owned() } else { shell_word(&word.clear) });
    let shown: Vec<String> = shown.collect();
    let program = Program {
        words,
        script: None,
        env: named(page, around.env)?,
        dir: around.dir.map(|dir| page.words(dir)).transpose()?,
        stdin: around.stdin.map(|stdin| page.arg(stdin)).transpose()?,
        terminal: around.terminal,
        capture: captures(page),
    };
    Ok((shown.join(" "), JobKind::Host(Request::Program(program))))
}

/// Whether the answer reads what the program printed, and as what.
fn captures(page: Page<'_>) -> Capture {
    use crate::plan::ResponsePart::{Stderr, Stdout};
    let Ok(effect) = page.effect() else { return Capture::Nothing };
    let reads = |wanted| effect.response.iter().any(|(part, _)| *part == wanted);
    let (stdout, stderr) = (reads(Stdout), reads(Stderr));
    let is_secret = |var: &Variable| var.secret || is_declared_secret(&var.ty);
    let secret = |bind: &Bind| page.plan.var(bind.var).is_some_and(is_secret);
    match stdout || stderr {
        false => Capture::Nothing,
        true if effect.binds.iter().any(secret) => Capture::Secret { stdout, stderr },
        true => Capture::Value,
    }
}

fn script(page: Page<'_>, act: &Act) -> Result<(String, JobKind), String> {
    let Act::Script { interpreter, script, args, env, dir, stdin, terminal } = act else {
        return Err("that is no script".into());
    };
    let words = interpreter.iter().cloned().map(ArgText::plain).collect();
    let around = Around { env, dir: dir.as_deref(), stdin: stdin.as_deref(), terminal: *terminal };
    let (_, mut kind) = program(page, words, &around)?;
    if let JobKind::Host(Request::Program(program)) = &mut kind {
        program.env.extend(script_args(page, args)?);
        program.script = Some(script.clone());
    }
    Ok((script.clone(), kind))
}

fn script_args(page: Page<'_>, args: &[ScriptArg]) -> Result<Vec<(String, ArgText)>, String> {
    let one = |arg: &ScriptArg| Ok((arg.name.clone(), script_arg(&page.eval(&arg.value)?, &arg.ty)?));
    args.iter().map(one).collect()
}

fn splice(page: Page<'_>, words: &[WordExpr]) -> Result<Vec<ArgText>, String> {
    let mut out = vec![];
    for word in words {
        match page.eval(&word.value)? {
            Value::List(items) if word.splice => {
                items.iter().try_for_each(|item| clear(item).map(|item| out.push(item)))?;
            }
            value => out.push(clear(&value)?),
        }
    }
    Ok(out)
}

fn named(page: Page<'_>, list: &[NamedText]) -> Result<Vec<(String, ArgText)>, String> {
    list.iter().map(|item| Ok((item.name.clone(), page.arg(&item.value)?))).collect()
}

fn http(page: Page<'_>, act: &Act) -> Result<(String, JobKind), String> {
    let Act::Http { method, url, headers, query, login, body } = act else {
        return Err("that is no request".into());
    };
    let (written, url) = (url, page.arg(url)?);
    no_dots(&url.clear)?;
    let query = named(page, query)?;
    let told = told_url(page, written, &url, &query);
    let url = with_query(url, &query)?;
    let mut headers = named(page, headers)?;
    headers.extend(login.as_ref().map(|login| authorization(page, login)).transpose()?);
    let shown = format!("{method} {}", if url.secret { &told } else { &url.clear });
    let body = body.as_ref().map(|body| body_of(page, body)).transpose()?;
    let request = HttpRequest { method: method.clone(), url, headers, body };
    Ok((shown, JobKind::Host(Request::Http(request))))
}

/// A segment of dots is the folder above to whoever reads the URL, encoded or not: a value must not lead there.
fn no_dots(url: &str) -> Result<(), String> {
    let after_host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_host.split(['?', '#']).next().unwrap_or_default();
    let dots = |segment: &&str| matches!(segment.to_lowercase().replace("%2e", ".").as_str(), "." | "..");
    match path.split(['/', '\\']).skip(1).find(dots) {
        None => Ok(()),
        Some(dots) => Err(format!("a part of the URL's path is `{dots}`, which leads to another path")),
    }
}

/// A URL that holds a secret, as it may be told: what was written around the secret stays to be read.
fn told_url(page: Page<'_>, written: &Expr, url: &ArgText, query: &[(String, ArgText)]) -> String {
    let base = if url.secret { told_text(page, written) } else { url.clear.clone() };
    let pairs = query.iter().map(|(name, value)| format!("{name}={}", value.told()));
    pairs.enumerate().fold(base, |url, (at, pair)| {
        let joined = if at > 0 || url.contains('?') { '&' } else { '?' };
        format!("{url}{joined}{pair}")
    })
}

/// A text that holds a secret: of each part what may be told.
fn told_text(page: Page<'_>, written: &Expr) -> String {
    match written {
        Expr::At(_, inner) | Expr::Convert(_, inner) => told_text(page, inner),
        Expr::Text(pieces) => {
            let told = |piece: &Piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Value(value) => told_text(page, value),
            };
            pieces.iter().map(told).collect()
        }
        value => page.arg(value).map_or_else(|_| MASKED.to_owned(), |value| value.told().to_owned()),
    }
}

fn with_query(url: ArgText, query: &[(String, ArgText)]) -> Result<ArgText, String> {
    if query.is_empty() {
        return Ok(url);
    }
    let mut parsed =
        url::Url::parse(&url.clear).map_err(|error| format!("the URL cannot be read: {error}"))?;
    parsed.query_pairs_mut().extend_pairs(query.iter().map(|(name, value)| (name, &value.clear)));
    let secret = url.secret || query.iter().any(|(_, value)| value.secret);
    Ok(ArgText { clear: parsed.into(), secret })
}

fn authorization(page: Page<'_>, login: &Login) -> Result<(String, ArgText), String> {
    let text = match login {
        Login::Bearer(token) => format!("Bearer {}", page.arg(token)?.clear),
        Login::Basic(user, password) => {
            let pair = format!("{}:{}", page.arg(user)?.clear, page.arg(password)?.clear);
            format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
        }
    };
    Ok(("authorization".into(), ArgText { clear: text, secret: true }))
}

/// The body with its media type. An artifact is sent as what its file holds.
fn body_of(page: Page<'_>, body: &HttpBody) -> Result<(String, Content), String> {
    let (kind, value) = match body {
        HttpBody::Json(value) => ("application/json", page.eval(value)?),
        HttpBody::Form(value) => ("application/x-www-form-urlencoded", page.eval(value)?),
        HttpBody::Text(value) => ("text/plain; charset=utf-8", page.eval(value)?),
    };
    if let (HttpBody::Text(_), Value::Artifact(file)) = (body, &value) {
        super::is_at_hand(file, None)?;
        return Ok(("application/octet-stream".into(), Content::File(file.path.to_string())));
    }
    let secret = holds_secret(&value);
    let clear = match body {
        HttpBody::Json(_) => json(&value)?.to_string(),
        HttpBody::Form(_) => form(&value)?,
        HttpBody::Text(_) => clear(&value)?.clear,
    };
    Ok((kind.into(), Content::Text(ArgText { clear, secret })))
}

fn form(value: &Value) -> Result<String, String> {
    let Value::Map(fields) = value else { return Err("a form is a map".into()) };
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields.iter() {
        out.append_pair(name, &clear(value)?.clear);
    }
    Ok(out.finish())
}

impl Page<'_> {
    pub(super) fn arg(self, expr: &Expr) -> Result<ArgText, String> {
        clear(&self.eval(expr)?)
    }
}
