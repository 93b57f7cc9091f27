//! `--inject STEP=KIND`: what the options say, as failures for the host to make.

use crate::cli::Stop;
use crate::cli::inputs::Values;
use crate::diag::nearest;
use crate::event::{Actor, Fact, Injection};
use crate::host::inject::Injected;
use crate::plan::Plan;
use crate::view::plan::{Known, Names};

/// What stands before the name of a step whose rollback is meant.
const UNDO: &str = "undo:";

/// The failures that the options ask for, in their order.
pub(in crate::cli) fn injected(
    plan: &Plan,
    values: &Values,
    options: &[String],
) -> Result<Vec<Injected>, Stop> {
    if options.is_empty() {
        return Ok(vec![]);
    }
    let names = Names::new(Known::new(plan, values.clone()));
    let each = options.iter().map(|option| one(&names, option));
    each.collect::<Result<_, String>>().map_err(|why| Stop::usage(format!("--inject {why}")))
}

/// What the journal says of them.
pub(in crate::cli) fn facts(injected: &[Injected], by: &Actor) -> Vec<Fact> {
    let fact = |one: &Injected| Fact::Injected { place: one.place.clone(), kind: one.kind, by: by.clone() };
    injected.iter().map(fact).collect()
}

fn one(names: &Names<'_>, option: &str) -> Result<Injected, String> {
    let (place, kind) = parts(option)?;
    let (step, is_undo) = place.strip_prefix(UNDO).map_or((place, false), |step| (step, true));
    let mention = names.mention(step)?;
    let nodes = if is_undo { mention.undo_effects() } else { mention.effects() };
    let nodes = nodes.map_err(|why| format!("`{option}`: {why}"))?;
    Ok(Injected { place: place.to_owned(), nodes, instance: mention.instance().map(str::to_owned), kind })
}

/// `STEP=KIND`, taken apart.
fn parts(option: &str) -> Result<(&str, Injection), String> {
    let names: Vec<&str> = Injection::ALL.into_iter().map(Injection::name).collect();
    let Some((place, word)) = option.rsplit_once('=').filter(|(place, _)| !place.is_empty()) else {
        return Err(format!("`{option}`: write STEP={}", names.join("|")));
    };
    let kind = Injection::named(word).ok_or_else(|| {
        let near = nearest(word, names.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        let near = near.unwrap_or_else(|| format!("there are {}", names.join(", ")));
        format!("`{option}`: there is no failure `{word}`; {near}")
    })?;
    Ok((place, kind))
}
