//! `--inject STEP=KIND`: what the words mean in a plan. Which effects are struck is settled here, before anything runs.

use super::Stop;
use super::inputs::Values;
use super::places::{Named, Place, places};
use super::struck::struck;
use crate::diag::nearest;
use crate::event::{Actor, Fact, Injection};
use crate::host::inject::Injected;
use crate::plan::Plan;

/// What stands before the name of a step whose rollback is meant.
const UNDO: &str = "undo:";

/// The failures that the options ask for, in their order.
pub(super) fn injected(plan: &Plan, values: &Values, options: &[String]) -> Result<Vec<Injected>, Stop> {
    if options.is_empty() {
        return Ok(vec![]);
    }
    let mut values = values.clone();
    let places = places(plan, &mut values);
    let meant = Meant { plan, values, places };
    let each = options.iter().map(|option| meant.by(option));
    each.collect::<Result<_, String>>().map_err(|why| Stop::usage(format!("--inject {why}")))
}

/// What the journal says of them.
pub(super) fn facts(injected: &[Injected], by: &Actor) -> Vec<Fact> {
    let fact = |one: &Injected| Fact::Injected { place: one.place.clone(), kind: one.kind, by: by.clone() };
    injected.iter().map(fact).collect()
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

/// What can be meant.
struct Meant<'a> {
    plan: &'a Plan,
    /// Known before the run.
    values: Values,
    places: Vec<Place>,
}

/// A place as an option names it.
struct Mention<'p, 't> {
    /// One, or those of one path in the arms of an `if`: only one of them is done.
    places: Vec<&'p Place>,
    text: &'t str,
    /// Whether one turn of a loop, or one value of a title, is meant.
    instance: bool,
    /// Which effect of it.
    number: Option<usize>,
}

impl Meant<'_> {
    fn by(&self, option: &str) -> Result<Injected, String> {
        let (named, kind) = parts(option)?;
        let (undo, text) = named.strip_prefix(UNDO).map_or((false, named), |step| (true, step));
        let found = self.mention(text)?;
        if undo && found.instance {
            let why = "a rollback is named without the turn of its loop; the first one is struck";
            return Err(format!("`{option}`: {why}"));
        }
        let struck = |place| struck((self.plan, &self.values), place, undo, found.number);
        let nodes = found.places.iter().copied().map(struck).collect::<Result<Vec<_>, _>>();
        let nodes = nodes.map_err(|why| format!("`{option}`: {why}"))?.concat();
        let instance = found.instance.then(|| found.text.to_owned());
        Ok(Injected { place: named.to_owned(), nodes, instance, kind })
    }

    /// The place that a text names, with the number behind it if there is one.
    fn mention<'t>(&self, text: &'t str) -> Result<Mention<'_, 't>, String> {
        if let Some(found) = self.only(text)? {
            return Ok(found);
        }
        let numbered = text.rsplit_once('#').and_then(|(title, number)| Some((title, number.parse().ok()?)));
        let title = numbered.map_or(text, |(title, _)| title);
        let found = if let Some((title, _)) = numbered { self.only(title)? } else { None };
        let found = found.map(|found| Mention { number: numbered.map(|(_, number)| number), ..found });
        found.ok_or_else(|| self.unknown(title))
    }

    fn unknown(&self, title: &str) -> String {
        let shown: Vec<String> = self.places.iter().map(Place::shown).collect();
        let names = shown.iter().map(String::as_str).chain(self.places.iter().map(Place::title));
        let part = || shown.iter().map(String::as_str).find(|place| place.contains(title));
        let near = nearest(title, names).or_else(part).map(|near| format!("did you mean `{near}`?"));
        let near = near.unwrap_or_else(|| "`bowline plan` shows what there is".into());
        format!("`{title}`: no step, check or question is called that; {near}")
    }

    /// The one place that a text names; `None` where there is none.
    fn only<'t>(&self, text: &'t str) -> Result<Option<Mention<'_, 't>>, String> {
        let named = self.places.iter().map(|place| (place, place.is_named(text)));
        let found: Vec<_> = named.filter(|(_, named)| *named != Named::Not).collect();
        // Who writes a whole path means that place, whatever else ends like it.
        let whole: Vec<_> = found.iter().filter(|(place, _)| place.shown() == text).copied().collect();
        let meant = if whole.is_empty() { found } else { whole };
        let Some((_, named)) = meant.first() else { return Ok(None) };
        let mut paths: Vec<String> = meant.iter().map(|(place, _)| place.shown()).collect();
        paths.dedup();
        if paths.len() > 1 {
            let lines = paths.join("\n  ");
            return Err(format!(
                "`{text}`: more than one place ends in that; say which is meant:\n  {lines}"
            ));
        }
        let places = meant.iter().map(|(place, _)| *place).collect();
        Ok(Some(Mention { places, text, instance: *named == Named::Instance, number: None }))
    }
}
