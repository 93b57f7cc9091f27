//! The secrets of a run that is taken up again: the journal has none, so each is had once more.

use std::path::PathBuf;

use crate::cli::args::AcceptArgs;
use crate::cli::inputs::secret_option::SecretOption;
use crate::cli::journal::stored::Stored;
use crate::cli::out::Console;
use crate::cli::questions::{Front, NOT_TAKEN_UP, Wanted};
use crate::cli::{Exit, Stop, inputs};
use crate::event::{Fact, Settlement, StoredInput};
use crate::host::mask::Mask;
use crate::plan::Plan;
use crate::run::{Gap, Giver, refill, sealed, supply};
use crate::value::{Type, Value};

impl Stored {
    /// Takes these secrets as they are now, whatever they were, and those that are given.
    ///
    /// # Errors
    /// When one of the names is that of no secret of the run.
    pub(in crate::cli) fn accepting(mut self, args: &AcceptArgs) -> Result<Self, Stop> {
        let names = &args.accept_secret;
        let known: Vec<&str> = self.state.inputs.iter().filter_map(|input| self.secret_name(input)).collect();
        if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let message = format!("--accept-secret {unknown}: the secrets of this run are {known}");
            return Err(Stop::usage(message));
        }
        self.accepted.extend(names.iter().cloned());
        self.filed = inputs::from_files(&self.plan, &args.inputs)?;
        self.given = args.secret.iter().map(|option| SecretOption::read(option)).collect::<Result<_, _>>()?;
        Ok(self)
    }

    /// What this process knows of secret inputs, under the variables of another plan.
    pub(in crate::cli) fn known_in(&self, plan: &Plan) -> inputs::Values {
        let secret = self.state.inputs.iter().filter(|input| self.secret_name(input).is_some());
        let known = secret.filter_map(|input| {
            let own = self.plan.var(input.var)?;
            let there = plan.inputs.iter().find(|input| plan.var(input.var) == Some(own))?;
            Some((there.var, self.filed.get(&input.var)?.clone()))
        });
        known.collect()
    }

    /// What was given by option under that name.
    fn given(&self, name: &str) -> Option<&str> {
        self.given.iter().find(|given| given.name == name).map(|given| given.text.as_str())
    }

    /// The name of an input that is a secret, or holds one.
    fn secret_name(&self, input: &StoredInput) -> Option<&str> {
        let variable = self.plan.var(input.var)?;
        input.fingerprint.is_some().then_some(variable.name.as_str())
    }

    /// A file that gives another value than the run was started with is heard for its secrets only.
    fn tell_not_taken(&self, input: &StoredInput) {
        let other = self.filed.get(&input.var).filter(|value| **value != input.value);
        if let Some(variable) = other.and(self.plan.var(input.var)) {
            let name = &variable.name;
            Console.say(&format!(
                "input `{name}` has another value in the file; the run goes on with the one that it was started with\n"
            ));
        }
    }

    /// That a secret is another one now, as a person says.
    fn changed(&mut self, name: &str, front: &Front<'_>) -> Result<(), Stop> {
        let differs = format!("the secret `{name}` differs from the one that the run was started with");
        let question = format!("T{}; go on with the new one?", differs.get(1..).unwrap_or_default());
        if self.accepted.contains(name) || front.confirm(&question)? {
            self.accepted.insert(name.to_owned());
            return Ok(());
        }
        let message = format!("{differs}; give that one, or go on with the new one: --accept-secret {name}");
        Err(Stop { exit: Exit::Waiting, message })
    }
}

/// Asks each secret of its source again; gives them in the clear. One that is another now is taken only
/// where a person says so, which is recorded.
pub(in crate::cli) fn fetch(
    stored: &mut Stored,
    front: &Front<'_>,
    first: &mut Vec<Fact>,
) -> Result<Vec<String>, Stop> {
    let dir = PathBuf::from(&stored.state.dir);
    let mut values = inputs::Values::new();
    let mut clear = vec![];
    for input in stored.state.inputs.clone() {
        let name = stored.secret_name(&input).map(str::to_owned);
        let (Some(name), Some(before)) = (name, &input.fingerprint) else {
            stored.tell_not_taken(&input);
            values.insert(input.var, input.value);
            continue;
        };
        let value = match (stored.given(&name), stored.plan.var(input.var), stored.filed.get(&input.var)) {
            (Some(text), Some(variable), _) => inputs::typed(&name, &variable.ty, variable.secret, text)?,
            (None, _, Some(value)) => value.clone(),
            _ => inputs::again(&stored.plan, input.var, &values, inputs::Sources { dir: &dir, front })?,
        };
        let fingerprint = inputs::fingerprint(&stored.state.salt, &value);
        if fingerprint != *before {
            stored.changed(&name, front)?;
            let by = front.operator.clone();
            first.push(Fact::SecretChanged { var: input.var, fingerprint, by });
        }
        stored.state.supply(input.var, &value);
        // Nobody is asked twice by one process.
        stored.filed.insert(input.var, value.clone());
        inputs::secrets_in(&value, &mut clear);
        values.insert(input.var, value);
    }
    Ok(clear)
}

/// Secrets that a person or a program gave are not stored, either. What an option gives is taken; a person is asked
/// once more; where something only looked there, the run looks again by itself. Gives them in the clear.
pub(in crate::cli) fn ask_again(stored: &mut Stored, front: &Front<'_>) -> Result<Vec<String>, Stop> {
    let mut clear = take_given(stored)?;
    let mut gone = vec![];
    for gap in refill(&stored.plan, &mut stored.state) {
        let Gap { name, giver, .. } = gap;
        let text = format!("The secret `{name}` of this run, once more");
        let wanted = Wanted { name: &name, ty: &Type::Secret, default: None };
        let answer = if matches!(giver, Giver::Look(_)) { continue } else { front.value(&text, wanted)? };
        match answer.as_ref().and_then(Value::expose) {
            Some(text) => {
                supply(&stored.plan, &mut stored.state, &name, &text);
                clear.push(text);
            }
            None if giver == Giver::Person => {
                let message = format!(
                    "the secret `{name}` was typed by a person and is not kept; resume at a terminal to be asked again, or give it: --secret {name}=env:VARIABLE"
                );
                return Err(Stop { exit: Exit::Waiting, message });
            }
            None => gone.push(name),
        }
    }
    refill(&stored.plan, &mut stored.state);
    if let [first, ..] = gone.as_slice() {
        let (all, id) = (gone.join(", "), &stored.info.id);
        Console.say(&format!(
            "secret values that a program gave are gone: {all}; what needs one waits for it: bowline resume {id} --secret {first}=env:VARIABLE\n"
        ));
    }
    Ok(clear)
}

/// What options give that is no input. A name without its item is enough where there is only one.
fn take_given(stored: &mut Stored) -> Result<Vec<String>, Stop> {
    let mut clear = vec![];
    let inputs: Vec<&str> =
        stored.state.inputs.iter().filter_map(|input| stored.secret_name(input)).collect();
    let wanted: Vec<(String, String)> = stored
        .given
        .iter()
        .filter(|given| !inputs.contains(&given.name.as_str()))
        .map(|given| (given.name.clone(), given.text.clone()))
        .collect();
    for (name, text) in wanted {
        let gaps = refill(&stored.plan, &mut stored.state);
        let is_meant = |gap: &&Gap| {
            gap.name == name || gap.name.strip_prefix(&name).is_some_and(|rest| rest.starts_with('@'))
        };
        let meant: Vec<&Gap> = gaps.iter().filter(is_meant).collect();
        let exact = meant.iter().find(|gap| gap.name == name).or(meant.first().filter(|_| meant.len() == 1));
        let Some(gap) = exact else {
            let known: Vec<&str> = gaps.iter().map(|gap| gap.name.as_str()).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(Stop::usage(format!("--secret {name}: the secrets that this run lacks are {known}")));
        };
        supply(&stored.plan, &mut stored.state, &gap.name, &text);
        clear.push(text);
    }
    Ok(clear)
}

/// Facts that are recorded without a run that goes on. Words of a person may hold a secret: it must be known.
pub(in crate::cli) fn sealed_facts(stored: &mut Stored, mut facts: Vec<Fact>) -> Result<Vec<Fact>, Stop> {
    let said = facts.iter().find_map(|fact| match fact {
        Fact::Settled {
            how: Settlement::Done(_) | Settlement::Skip(_) | Settlement::GiveUp(_), by, ..
        }
        | Fact::Settled { note: Some(_), by, .. } => Some(by.clone()),
        Fact::HandedOver { by, note, .. } if !note.is_empty() => Some(by.clone()),
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
