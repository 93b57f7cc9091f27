//! A scenario, played: what it says is given, the rest goes well; then what it expects is compared with what happened.

use std::collections::HashMap;

use super::cast::Cast;
use super::course::Course;
use super::coverage::Coverage;
use super::play::{Played, Staged, inputs};
use super::scripted::{Named, Piece};
use super::stage::staged;
use super::unknown::{Inputs, Unknown};
use crate::event::Injection;
use crate::plan::scenario::{Expected, Given, Outcome, Says, Scenario, UNDO, With};
use crate::plan::{Act, Op, Plan};
use crate::run::is_called;
use crate::text::{Span, nearest};
use crate::value::{Value, VarId, convert, eval, show};

/// How a scenario came out.
#[derive(Debug)]
pub struct Compared {
    /// What is not as it says, in its order; empty where all is.
    pub wrong: Vec<Wrong>,
    /// How the run ended.
    pub end: &'static str,
    /// What it came to.
    pub covered: Coverage,
}

/// Something that is not as a scenario says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The line that says it.
    pub span: Span,
    /// What happened instead.
    pub why: String,
}

/// Plays a scenario of a plan; `known` are its inputs, as far as they have defaults.
#[must_use]
pub fn play_scenario(plan: &Plan, known: &Inputs, scenario: &Scenario) -> Compared {
    let mut wrong = vec![];
    let (pinned, named) = Reading { plan, wrong: &mut wrong }.read(known, scenario);
    let unknown = Unknown::pinned(plan, known, pinned);
    let course = Course::default();
    let (ready, cast) = (staged(&unknown, &course), Cast::of(&unknown, &course));
    let inputs = inputs(&unknown, &course);
    let played = Staged { plan: &ready, mended: &ready, cast: &cast, inputs: &inputs }.play_named(named);
    unreached(scenario, &played, &mut wrong);
    Comparing { scenario, played: &played, cast: &cast, ran: 0, undone: 0 }
        .compare(&scenario.expected, &mut wrong);
    wrong.sort_by_key(|wrong| wrong.span);
    Compared { wrong, end: played.end.word(), covered: Coverage::of(plan, &played.events) }
}

struct Reading<'r> {
    plan: &'r Plan,
    wrong: &'r mut Vec<Wrong>,
}

impl Reading<'_> {
    fn read(
        &mut self,
        known: &HashMap<VarId, Value>,
        scenario: &Scenario,
    ) -> (HashMap<VarId, Value>, Vec<Named>) {
        let (mut pinned, mut named) = (HashMap::new(), vec![]);
        scenario.with.iter().for_each(|with| self.with(with, &mut pinned));
        for given in &scenario.given {
            match &given.says {
                Some(Says::Injected(kind)) => named.extend(injected(given, kind)),
                Some(Says::Answer(value)) => {
                    named.extend(self.answer(known, given, value, &mut pinned));
                }
                None => self.say(given.span, "it does not say how it answers: `failure`, `clean`, `unknown`, `hang`, `crash`, or `answers` and a fixed value".into()),
            }
        }
        (pinned, named)
    }

    fn say(&mut self, span: Span, why: String) {
        self.wrong.push(Wrong { span, why });
    }

    /// What a name holds: that of an input, else of everything that is bound under it.
    fn with(&mut self, with: &With, pinned: &mut HashMap<VarId, Value>) {
        let Some(value) = &with.value else {
            return self.say(with.span, format!("`{}` needs a fixed value", with.name));
        };
        let all = (0..).map(VarId).zip(&self.plan.vars).filter(|(_, variable)| variable.name == with.name);
        let all: Vec<_> = all.map(|(var, variable)| (var, variable.ty.clone())).collect();
        let is_input = |var: VarId| self.plan.inputs.iter().any(|input| input.var == var);
        let input: Vec<_> = all.iter().filter(|(var, _)| is_input(*var)).cloned().collect();
        let meant = if input.is_empty() { all } else { input };
        if meant.is_empty() {
            let names = self.plan.vars.iter().map(|variable| variable.name.as_str());
            let near = nearest(&with.name, names)
                .map(|near| format!("; did you mean `{near}`?"))
                .unwrap_or_default();
            return self.say(with.span, format!("no input or binding is called `{}`{near}", with.name));
        }
        for (var, ty) in meant {
            match convert(&ty, value.clone()) {
                Ok(value) => _ = pinned.insert(var, value),
                Err(why) => return self.say(with.span, format!("`{}` cannot hold that: {why}", with.name)),
            }
        }
    }

    /// What a person says: what is bound holds it, and a no is a failure.
    fn answer(
        &mut self,
        known: &HashMap<VarId, Value>,
        given: &Given,
        value: &Value,
        pinned: &mut HashMap<VarId, Value>,
    ) -> Option<Named> {
        let title = given.place.rsplit(" / ").next().unwrap_or_default();
        let mut found = false;
        for node in &self.plan.nodes {
            let Op::Do(effect) = &node.op else { continue };
            let Act::Person(question) = &effect.act else { continue };
            if !eval(&question.text, known).is_ok_and(|text| show(&text) == title) {
                continue;
            }
            found = true;
            for bind in &effect.binds {
                match convert(&bind.ty, value.clone()) {
                    Ok(value) => _ = pinned.insert(bind.var, value),
                    Err(why) => self
                        .wrong
                        .push(Wrong { span: given.span, why: format!("it cannot answer that: {why}") }),
                }
            }
        }
        if !found {
            self.say(given.span, format!("no question is called \"{title}\""));
        }
        let place = given.place.clone();
        (*value == Value::Bool(false)).then_some(Named { place, undo: false, kind: Injection::Failure })
    }
}

fn injected(given: &Given, kind: &str) -> Option<Named> {
    let (place, undo) =
        given.place.strip_prefix(UNDO).map_or((given.place.as_str(), false), |place| (place, true));
    Some(Named { place: place.to_owned(), undo, kind: Injection::named(kind)? })
}

/// What was to go wrong and was never reached.
fn unreached(scenario: &Scenario, played: &Played, wrong: &mut Vec<Wrong>) {
    for given in &scenario.given {
        let Some(Says::Injected(_)) = &given.says else { continue };
        let place = given.place.strip_prefix(UNDO).unwrap_or(&given.place);
        if played.struck.iter().any(|piece| is_in(&piece.path, place)) {
            continue;
        }
        let near = nearest(place, played.asked.iter().flat_map(|piece| titles(&piece.path)));
        let near = near.filter(|near| *near != place).map(|near| format!("; did you mean \"{near}\"?"));
        let why = format!("\"{}\" was never reached{}", given.place, near.unwrap_or_default());
        wrong.push(Wrong { span: given.span, why });
    }
}

/// What is expected, against what happened.
struct Comparing<'c> {
    scenario: &'c Scenario,
    played: &'c Played,
    cast: &'c Cast,
    /// How far what ran, and what was undone, has been compared.
    ran: usize,
    undone: usize,
}

impl Comparing<'_> {
    fn compare(&mut self, expected: &[Expected], wrong: &mut Vec<Wrong>) {
        if !expected.iter().any(|expected| matches!(expected.what, Outcome::Ends(_))) {
            let span = self.scenario.expected.last().map_or(self.scenario.span, |expected| expected.span);
            wrong.push(Wrong { span, why: "it does not say how the run ends: `ends \"completed\"`".into() });
        }
        for Expected { what, span } in expected {
            let why = match what {
                Outcome::Ran(place) => self.ran(place),
                Outcome::Undone(place) => self.undone(place),
                Outcome::Untouched(place) => self.untouched(place),
                Outcome::Ends(end) => self.ends(end),
            };
            wrong.extend(why.map(|why| Wrong { span: *span, why }));
        }
    }

    /// Where that is among what was asked for in such a part, from a place on.
    fn find(&self, place: &str, undo: bool, from: usize) -> Option<usize> {
        let mut asked = self.played.asked.iter().enumerate().skip(from);
        let found =
            asked.find(|(_, piece)| self.cast.part(piece.node).is_of(undo) && is_in(&piece.path, place));
        found.map(|(at, _)| at)
    }

    fn ran(&mut self, place: &str) -> Option<String> {
        if let Some(at) = self.find(place, false, self.ran) {
            self.ran = at;
            return None;
        }
        if self.find(place, false, 0).is_some() {
            return Some(format!("\"{place}\" ran before what stands above it"));
        }
        Some(format!("\"{place}\" did not run; what ran: {}", self.all(false)))
    }

    fn undone(&mut self, place: &str) -> Option<String> {
        let failed = |piece: &Piece| self.cast.part(piece.node).is_undo() && is_in(&piece.path, place);
        if self.played.struck.iter().any(failed) {
            return Some(format!("the undo of \"{place}\" failed"));
        }
        if let Some(at) = self.find(place, true, self.undone) {
            self.undone = at;
            return None;
        }
        if self.find(place, true, 0).is_some() {
            return Some(format!("\"{place}\" was undone before what stands above it"));
        }
        Some(format!("\"{place}\" was not undone; what was: {}", self.all(true)))
    }

    fn untouched(&self, place: &str) -> Option<String> {
        self.find(place, false, 0).map(|_| format!("\"{place}\" began"))
    }

    fn ends(&self, end: &str) -> Option<String> {
        let word = self.played.end.word();
        (word != end)
            .then(|| format!("the run ends as \"{word}\", not as \"{end}\"{}", self.played.end.told()))
    }

    /// What ran or was undone, by its last title, each once.
    fn all(&self, undo: bool) -> String {
        let mut titles: Vec<&str> = vec![];
        for piece in self.played.asked.iter().filter(|piece| self.cast.part(piece.node).is_of(undo)) {
            let title = piece.path.rsplit(" / ").next().unwrap_or_default();
            if !title.is_empty() && !titles.contains(&title) {
                titles.push(title);
            }
        }
        if titles.is_empty() {
            return "nothing".into();
        }
        titles.iter().map(|title| format!("\"{title}\"")).collect::<Vec<_>>().join(", ")
    }
}

/// Whether a path leads to that, or into it.
fn is_in(path: &str, place: &str) -> bool {
    let ends = path.match_indices(" / ").map(|(at, _)| at).chain([path.len()]);
    ends.into_iter().any(|end| path.get(..end).is_some_and(|part| is_called(part, place)))
}

fn titles(path: &str) -> impl Iterator<Item = &str> {
    path.split(" / ")
}
