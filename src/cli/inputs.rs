//! The values of a runbook's inputs: from options, files, the environment, and their own sources.

pub(super) mod inject;
mod input_file;
pub(super) mod secret_option;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use secrecy::SecretString;

use super::Stop;
use super::args::InputArgs;
use super::out::Console;
use super::questions::{Front, Wanted};
use crate::diag::nearest;
use crate::host::inputs::{from_command, from_file};
use crate::host::mask::{Mask, SHORTEST_SECRET};
use crate::host::variable_of;
use crate::plan::{Input, InputSource, Plan, needed_inputs};
use crate::run::sealed_value;
use crate::value::{Expr, Secret, Type, Value, VarId, coerce, convert, eval, from_json, hex};
use crate::view::plan::condition_as_written;

pub(super) type Values = HashMap<VarId, Value>;

/// All inputs of a run, with what must be kept from children and screens.
pub(super) struct Complete {
    pub(super) values: Values,
    /// Environment variables that secrets came from.
    pub(super) hidden: Vec<String>,
    /// The secrets in the clear.
    pub(super) secrets: Vec<String>,
}

/// What the user gave: environment, then files, then options; later ones win.
pub(super) fn given(plan: &Plan, args: &InputArgs) -> Result<Values, Stop> {
    let mut values = Values::new();
    for input in &plan.inputs {
        let Some(variable) = plan.var(input.var) else { continue };
        if let Some(text) = environment(&variable_of(&variable.name)) {
            values.insert(input.var, typed(&variable.name, &variable.ty, variable.secret, &text)?);
        }
    }
    values.extend(from_files(plan, &args.inputs)?);
    for pair in &args.input {
        let Some((name, text)) = pair.split_once('=') else {
            return Err(Stop::usage(format!("`--input {pair}` is not of the form name=value")));
        };
        let (var, ty, secret) = declared(plan, name, "--input")?;
        let value = typed(name, &ty, secret, text)?;
        if matches!(value, Value::Secret(_)) {
            Console.say(&in_the_open(name));
        }
        values.insert(var, value);
    }
    Ok(values)
}

/// A secret in an option is told: everybody on the machine can read it while we run.
fn in_the_open(name: &str) -> String {
    let variable = variable_of(name);
    format!(
        "warning: the secret `{name}` stands on the command line, where `ps` shows it; give it by {variable} or by a file of inputs\n"
    )
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
pub(super) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn declared(plan: &Plan, name: &str, place: &str) -> Result<(VarId, Type, bool), Stop> {
    let names = plan.inputs.iter().filter_map(|input| Some((input.var, plan.var(input.var)?)));
    let known: Vec<_> = names.collect();
    let found = known.iter().find(|(_, variable)| variable.name == name);
    if let Some((var, variable)) = found {
        return Ok((*var, variable.ty.clone(), variable.secret));
    }
    let near = nearest(name, known.iter().map(|(_, variable)| variable.name.as_str()));
    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Err(Stop::usage(format!("{place}: this runbook has no input `{name}`{hint}")))
}

fn read_file(plan: &Plan, file: &Path, values: &mut Values) -> Result<(), Stop> {
    let place = file.display().to_string();
    let text = read(file).map_err(|error| Stop::usage(format!("{place}: {error}")))?;
    for (name, value) in input_file::values(file, &text).map_err(Stop::usage)? {
        let (var, ty, secret) = declared(plan, &name, &place)?;
        let value = match value {
            serde_json::Value::String(text) => typed(&name, &ty, secret, &text)?,
            other if secret => typed(&name, &ty, secret, &other.to_string())?,
            other => {
                let value = convert(&ty, from_json(other)).map_err(|why| misfit(&name, &ty, &why))?;
                long_enough(&name, value)?
            }
        };
        values.insert(var, value);
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the files that it is given")]
fn read(file: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(file)
}

fn unfit(name: &str, why: &str) -> Stop {
    Stop::usage(format!("input `{name}`: {why}"))
}

/// A value of the wrong type, with one that would do.
fn misfit(name: &str, ty: &Type, why: &str) -> Stop {
    let Some(value) = why.strip_suffix(&format!(" is not {ty}")) else { return unfit(name, why) };
    let example = ty.example().map(|example| format!("; write it like `{example}`")).unwrap_or_default();
    unfit(name, &format!("{value} is not of type {ty}{example}"))
}

/// A secret that the value itself turned out to be (a URL with a password) is told by the input's name.
fn named(name: &str, value: Value) -> Value {
    match value {
        Value::Secret(secret) => Value::Secret(Secret { origin: name.into(), ..secret }),
        other => other,
    }
}

pub(super) fn typed(name: &str, ty: &Type, secret: bool, text: &str) -> Result<Value, Stop> {
    if !secret {
        return long_enough(
            name,
            coerce(ty, text).map(|value| named(name, value)).map_err(|why| misfit(name, ty, &why))?,
        );
    }
    let text = Arc::new(SecretString::from(text.to_owned()));
    long_enough(name, Value::Secret(Secret { origin: name.into(), text: Some(text) }))
}

/// A value whose secrets can all be masked.
fn long_enough(name: &str, value: Value) -> Result<Value, Stop> {
    let mut secrets = vec![];
    secrets_in(&value, &mut secrets);
    if secrets.iter().any(|secret| secret.len() < SHORTEST_SECRET) {
        let why = format!("a secret has at least {SHORTEST_SECRET} bytes; a shorter one cannot be masked");
        return Err(unfit(name, &why));
    }
    Ok(value)
}

/// For `plan`: what is given, and the defaults that can be computed. Runs and reads nothing.
pub(super) fn known(plan: &Plan, given: &Values) -> Result<Values, Stop> {
    let mut values = given.clone();
    for input in &plan.inputs {
        if let (false, Some(default)) = (values.contains_key(&input.var), &input.default)
            && let Ok(value) = eval(default, &values)
        {
            values.insert(input.var, value);
        }
    }
    plan.inputs.iter().try_for_each(|input| holds(plan, input, &values, false))?;
    Ok(values)
}

/// For `plan --probe`: what is given, what the environment and files hold, and defaults. Asks nobody and runs nothing.
pub(super) fn at_hand(plan: &Plan, given: &Values, dir: &Path) -> Result<Complete, Stop> {
    let mut all = Complete { values: given.clone(), hidden: vec![], secrets: vec![] };
    for input in &plan.inputs {
        let Some(variable) = plan.var(input.var) else { continue };
        let text = match &input.from {
            _ if all.values.contains_key(&input.var) => None,
            Some(InputSource::Env(name)) => environment(name),
            Some(InputSource::File(path)) => {
                let path = eval(path, &all.values).ok().map(|path| dir.join(path.to_text()));
                path.and_then(|path| from_file(&path).ok())
            }
            _ => None,
        };
        if let Some(text) = text {
            all.values.insert(input.var, typed(&variable.name, &variable.ty, variable.secret, &text)?);
        }
        if let (true, Some(InputSource::Env(name))) = (variable.secret, &input.from) {
            all.hidden.push(name.clone());
        }
    }
    all.values = known(plan, &all.values)?;
    all.values.values().for_each(|value| secrets_in(value, &mut all.secrets));
    Ok(all)
}

/// For a run: every input that it may read has a value that fits, or the run does not start and all that is missing is
/// named. A secret that nothing reads which may run is not had at all.
pub(super) fn complete(plan: &Plan, given: Values, dir: &Path, front: &Front<'_>) -> Result<Complete, Stop> {
    let mut all = Complete { values: given, hidden: vec![], secrets: vec![] };
    let mut missing = vec![];
    for input in &plan.inputs {
        let Some(variable) = plan.var(input.var) else { continue };
        let unread =
            || variable.secret && !needed_inputs(plan, &foreseen(plan, &all.values)).contains(&input.var);
        if !all.values.contains_key(&input.var) && !unread() {
            match fetch(plan, input, &all.values, Sources { dir, front })? {
                Some(value) => drop(all.values.insert(input.var, value)),
                None => missing.push(input),
            }
        }
        // Its variable is kept from children whether it is read or not.
        let secret = variable.secret || matches!(all.values.get(&input.var), Some(Value::Secret(_)));
        if let (true, Some(InputSource::Env(name))) = (secret, &input.from) {
            all.hidden.push(name.clone());
        }
    }
    let needed = needed_inputs(plan, &all.values);
    missing.retain(|input| needed.contains(&input.var));
    if !missing.is_empty() {
        let list = missing.into_iter().map(|input| describe(plan, input)).collect::<Vec<_>>().join("\n  ");
        return Err(Stop::usage(format!("inputs are missing; give them with -i name=value:\n  {list}")));
    }
    plan.inputs.iter().try_for_each(|input| holds(plan, input, &all.values, true))?;
    all.values.values().for_each(|value| secrets_in(value, &mut all.secrets));
    Ok(all)
}

/// The values with those that inputs will have which ask nobody and run nothing: from the environment, or a default.
fn foreseen(plan: &Plan, values: &Values) -> Values {
    let mut all = values.clone();
    for input in &plan.inputs {
        let Some(variable) = plan.var(input.var).filter(|variable| !variable.secret) else { continue };
        let set = match &input.from {
            Some(InputSource::Env(name)) => environment(name),
            Some(_) => continue,
            None => None,
        };
        let value = match (set, &input.default) {
            _ if all.contains_key(&input.var) => continue,
            (Some(text), _) => typed(&variable.name, &variable.ty, false, &text).ok(),
            (None, Some(default)) => eval(default, &all).ok(),
            (None, None) => None,
        };
        all.extend(value.map(|value| (input.var, value)));
    }
    all
}

/// What files give, as `run` reads them.
pub(super) fn from_files(plan: &Plan, files: &[PathBuf]) -> Result<Values, Stop> {
    let mut values = Values::new();
    files.iter().try_for_each(|file| read_file(plan, file, &mut values))?;
    Ok(values)
}

/// The secrets in a value, in the clear.
pub(super) fn secrets_in(value: &Value, found: &mut Vec<String>) {
    value.each_secret(&mut |text| found.push(text.to_owned()));
}

/// The values with every part a secret that holds one: of another input, given in the middle of a text.
pub(super) fn sealed(plan: &Plan, values: &Values) -> Values {
    let mut secrets = vec![];
    values.values().for_each(|value| secrets_in(value, &mut secrets));
    let mask = Mask::default();
    mask.learn(secrets.iter().map(String::as_str));
    let name = |var: VarId| plan.var(var).map_or("", |variable| variable.name.as_str());
    values.iter().map(|(var, value)| (*var, sealed_value(&mask, name(*var), value.clone()))).collect()
}

fn describe(plan: &Plan, input: &Input) -> String {
    let name =
        plan.var(input.var).map(|variable| format!("{}: {}", variable.name, variable.ty)).unwrap_or_default();
    let about = input.description.as_ref().map(|text| format!("  {text}")).unwrap_or_default();
    let from = match &input.from {
        Some(InputSource::Env(name)) => format!("  (or set {name})"),
        _ => String::new(),
    };
    format!("{name}{about}{from}")
}

/// Where values that nobody gave come from.
#[derive(Clone, Copy)]
pub(super) struct Sources<'a> {
    pub(super) dir: &'a Path,
    pub(super) front: &'a Front<'a>,
}

fn fetch(plan: &Plan, input: &Input, values: &Values, sources: Sources<'_>) -> Result<Option<Value>, Stop> {
    let Some(variable) = plan.var(input.var) else { return Ok(None) };
    let dir = sources.dir;
    let compute = |expr: &Expr| eval(expr, values).map_err(|error| unfit(&variable.name, &error.to_string()));
    let text = match &input.from {
        Some(InputSource::Env(name)) => environment(name),
        Some(InputSource::File(path)) => {
            let path = dir.join(compute(path)?.to_text());
            Some(from_file(&path).map_err(|why| unfit(&variable.name, &why))?)
        }
        Some(InputSource::Command(words)) => {
            let words: Result<Vec<String>, Stop> =
                words.iter().map(|word| Ok(compute(word)?.to_text())).collect();
            Some(from_command(&words?, dir).map_err(|why| unfit(&variable.name, &why))?)
        }
        Some(InputSource::Prompt) => {
            let default = input.default.as_ref().map(compute).transpose()?;
            let ty = if variable.secret { &Type::Secret } else { &variable.ty };
            let text = input.description.as_deref().unwrap_or(&variable.name);
            return match sources
                .front
                .value(text, Wanted { name: &variable.name, ty, default: default.clone() })?
            {
                Some(value) => Ok(Some(value)),
                None => Ok(default),
            };
        }
        None => None,
    };
    match (text, &input.default) {
        (Some(text), _) => typed(&variable.name, &variable.ty, variable.secret, &text).map(Some),
        (None, Some(default)) => compute(default).map(Some),
        (None, None) => Ok(None),
    }
}

/// Whether the `where` of an input holds; one that cannot be computed yet only counts in a run.
fn holds(plan: &Plan, input: &Input, values: &Values, run: bool) -> Result<(), Stop> {
    let Some(condition) = &input.condition else { return Ok(()) };
    if run && !values.contains_key(&input.var) {
        return Ok(()); // nothing reads it
    }
    let name = plan.var(input.var).map_or("", |variable| &variable.name);
    match eval(condition, values) {
        Ok(Value::Bool(true)) => Ok(()),
        Ok(_) => {
            let value = values.get(&input.var).map(Value::to_text).unwrap_or_default();
            let condition = condition_as_written(plan, condition);
            Err(unfit(name, &format!("{value} does not meet its `where`: {condition}")))
        }
        Err(error) if run => Err(unfit(name, &error.to_string())),
        Err(_) => Ok(()),
    }
}

/// Hex of SHA-256 over salt and text: tells whether a value with secrets is the same without holding it.
pub(super) fn fingerprint(salt: &str, value: &Value) -> String {
    use sha2::{Digest, Sha256};
    let text = value.expose().unwrap_or_default();
    let hash = Sha256::new().chain_update(salt).chain_update([0]).chain_update(text).finalize();
    hex(&hash)
}

/// Environment variables that the inputs come from which are secret.
pub(super) fn hidden(plan: &Plan, is_secret: impl Fn(VarId) -> bool) -> Vec<String> {
    let secret = |input: &&Input| is_secret(input.var);
    let names = plan.inputs.iter().filter(secret).filter_map(|input| match &input.from {
        Some(InputSource::Env(name)) => Some(name.clone()),
        _ => None,
    });
    names.collect()
}

/// An input that is a secret or holds one, asked of its source (or of the environment) once more.
///
/// # Errors
/// When it cannot be had, or the person leaves instead.
pub(super) fn again(plan: &Plan, var: VarId, known: &Values, sources: Sources<'_>) -> Result<Value, Stop> {
    let input = plan.inputs.iter().find(|input| input.var == var);
    let variable = plan.var(var).ok_or_else(|| Stop::internal("an input has no variable"))?;
    let (name, ty) = (&variable.name, &variable.ty);
    let given = environment(&variable_of(name));
    let value = match (given, input) {
        (Some(text), _) => Some(typed(name, ty, variable.secret, &text)?),
        (None, Some(input)) => fetch(plan, input, known, sources)?,
        (None, None) => None,
    };
    let text = format!("The secret `{name}` of this run, once more");
    let value = match value {
        Some(value) => Some(value),
        None => sources.front.value(&text, Wanted { name, ty, default: None })?,
    };
    value.ok_or_else(|| {
        let variable = match input.and_then(|input| input.from.as_ref()) {
            Some(InputSource::Env(own)) => own.clone(),
            _ => variable_of(name),
        };
        let message =
            format!("secret `{name}` is needed again; set {variable}, or resume at a terminal to be asked");
        Stop { exit: super::Exit::Waiting, message }
    })
}
