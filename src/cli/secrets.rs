//! The secrets of a run that is taken up again: the journal has none, so each is had once more.

use std::path::PathBuf;

use super::out::Console;
use super::questions::{Front, NOT_TAKEN_UP, Wanted};
use super::resume::Stored;
use super::{Exit, Stop, inputs};
use crate::event::{Fact, Settlement, StoredInput};
use crate::host::mask::Mask;
use crate::run::{is_asked, refill, sealed};
use crate::value::Type;

impl Stored {
    /// Takes these secrets as they are now, whatever they were.
    ///
    /// # Errors
    /// When one of the names is that of no secret of the run.
    pub(super) fn accepting(mut self, names: &[String]) -> Result<Self, Stop> {
        let known: Vec<&str> = self.state.inputs.iter().filter_map(|input| self.secret_name(input)).collect();
        if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let message = format!("--accept-secret {unknown}: the secrets of this run are {known}");
            return Err(Stop::usage(message));
        }
        self.accepted.extend(names.iter().cloned());
        Ok(self)
    }

    /// The name of an input that is a secret, or holds one.
    fn secret_name(&self, input: &StoredInput) -> Option<&str> {
        let variable = self.plan.var(input.var)?;
        input.fingerprint.is_some().then_some(variable.name.as_str())
    }

    /// That a secret is another one now, as a person says.
    fn changed(&self, name: &str, front: &Front<'_>) -> Result<(), Stop> {
        let differs = format!("the secret `{name}` differs from the one that the run was started with");
        let question = format!("T{}; go on with the new one?", differs.get(1..).unwrap_or_default());
        if self.accepted.contains(name) || front.confirm(&question)? {
            return Ok(());
        }
        let message = format!("{differs}; give that one, or go on with the new one: --accept-secret {name}");
        Err(Stop { exit: Exit::Waiting, message })
    }
}

/// Asks each secret of its source again; gives them in the clear. One that is another now is taken only
/// where a person says so, which is recorded.
pub(super) fn fetch(
    stored: &mut Stored,
    front: &Front<'_>,
    first: &mut Vec<Fact>,
) -> Result<Vec<String>, Stop> {
    let dir = PathBuf::from(&stored.state.dir);
    let mut values = inputs::Values::new();
    let mut clear = vec![];
    for input in stored.state.inputs.clone() {
        let (Some(name), Some(before)) = (stored.secret_name(&input), &input.fingerprint) else {
            values.insert(input.var, input.value);
            continue;
        };
        let value = inputs::again(&stored.plan, input.var, &values, inputs::Sources { dir: &dir, front })?;
        let fingerprint = inputs::fingerprint(&stored.state.salt, &value);
        if fingerprint != *before {
            stored.changed(name, front)?;
            let by = front.operator.clone();
            first.push(Fact::SecretChanged { var: input.var, fingerprint, by });
        }
        stored.state.supply(input.var, &value);
        inputs::secrets_in(&value, &mut clear);
        values.insert(input.var, value);
    }
    Ok(clear)
}

/// Secrets that a person or a program gave are not stored, either: a person is asked once more.
pub(super) fn ask_again(stored: &mut Stored, front: &Front<'_>) -> Result<Vec<String>, Stop> {
    let mut clear = vec![];
    let mut gone = vec![];
    for var in refill(&stored.plan, &mut stored.state) {
        let Some(variable) = stored.plan.var(var) else { continue };
        let (name, ty, asked) = (&variable.name, &variable.ty, is_asked(&stored.plan, var));
        let text = format!("The secret `{name}` of this run, once more");
        let value = match ty {
            _ if !asked && *ty != Type::Secret => None,
            ty => front.value(&text, Wanted { name, ty, default: None })?,
        };
        match value {
            Some(value) => {
                stored.state.supply(var, &value);
                inputs::secrets_in(&value, &mut clear);
            }
            None if asked => {
                let message = format!(
                    "the secret `{name}` was typed by a person and is not kept; resume at a terminal to be asked again"
                );
                return Err(Stop { exit: Exit::Waiting, message });
            }
            None => gone.push(name.clone()),
        }
    }
    refill(&stored.plan, &mut stored.state);
    if !gone.is_empty() {
        Console.say(&format!("secret values that a program gave are gone: {}\n", gone.join(", ")));
    }
    Ok(clear)
}

/// Facts that are recorded without a run that goes on. Words of a person may hold a secret: it must be known.
pub(super) fn sealed_facts(stored: &mut Stored, mut facts: Vec<Fact>) -> Result<Vec<Fact>, Stop> {
    let said = facts.iter().find_map(|fact| match fact {
        Fact::Settled {
            how: Settlement::Done(_) | Settlement::Skip(_) | Settlement::GiveUp(_), by, ..
        } => Some(by.clone()),
        _ => None,
    });
    let mask = Mask::default();
    if let Some(operator) = said {
        let front = Front { operator: &operator, left: NOT_TAKEN_UP };
        let secrets = fetch(stored, &front, &mut facts)?;
        mask.learn(secrets.iter().map(String::as_str));
    }
    Ok(facts.into_iter().map(|fact| sealed(&stored.plan, &mask, fact)).collect())
}
