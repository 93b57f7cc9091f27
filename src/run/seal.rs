//! The one sink: every fact goes through here before it becomes an event, so that no secret is recorded.
//!
//! Knows every text and value of every fact; a new one does not compile until it is said here how it
//! is kept. Knows nothing of what a fact means.

use std::sync::Arc;

use indexmap::IndexMap;

use super::door::{Answered, QuestionShown, WayBack};
use crate::event::{
    Actor, Begun, Carried, Choice, Fact, Holder, Key, ReplyNote, Settlement, StoredInput, Verdict,
};
use crate::plan::Plan;
use crate::value::{Secret, Type, UNNAMED, Value, VarId, holds_secret, show, to_json};

/// What keeps secrets out of the record.
pub trait Mask {
    /// Replaces every known secret in a text.
    fn mask(&self, text: &str) -> String;

    /// Whether a text holds one.
    fn tainted(&self, text: &str) -> bool;

    /// From now on this is one.
    fn learn(&self, secret: &str);
}

/// A fact as it may be recorded: texts masked, values that hold a secret made secrets.
#[must_use]
pub fn sealed(plan: &Plan, mask: &dyn Mask, mut fact: Fact) -> Fact {
    Sink { plan, mask }.fact(&mut fact);
    fact
}

/// A value in which every leaf that holds a secret is one. `name` is what it is called on screen.
#[must_use]
pub fn sealed_value(mask: &dyn Mask, name: &str, value: Value) -> Value {
    let whole = holds_together(mask, &value);
    Leaves { mask, all: false, whole }.value(name, value)
}

/// A question as it may be shown: masked before lines are broken, which could break a secret in two.
pub(super) fn masked_question(mask: &dyn Mask, question: &mut QuestionShown) {
    let QuestionShown { path, text, prose, by: _, holder: _, kind } = question;
    for text in path.iter_mut().chain([text]).chain(prose) {
        *text = mask.mask(text);
    }
    let words: Vec<&mut String> = match kind {
        Answered::Judge { showing, expected, .. } => expected.iter_mut().chain([showing]).collect(),
        Answered::Approval { showing, quorum: _, self_approval: _ } => showing.iter_mut().collect(),
        Answered::Failed { what, hint, back: WayBack { undo, stays, then: _ }, choices: _ } => {
            hint.iter_mut().chain([what]).chain(undo).chain(stays).collect()
        }
        Answered::Undo { what, hint, owed, choices: _ } => {
            hint.iter_mut().chain([what]).chain(owed).collect()
        }
        Answered::Unknown { what, back: WayBack { undo, stays, then: _ }, choices: _ } => {
            undo.iter_mut().chain([what]).chain(stays).collect()
        }
        Answered::Step { does, undo, without, lacks, then: _, choices: _ } => {
            does.iter_mut().chain(undo).chain(without).chain(lacks).collect()
        }
        Answered::Hold { table, then: _, choices: _ } => {
            table.iter_mut().flat_map(|(item, _, finding)| [item, finding]).collect()
        }
        // What can be typed or chosen is no secret: a value that holds one stands there by its name.
        Answered::Confirm { .. } | Answered::Value { .. } | Answered::Choose(_) | Answered::Manual => vec![],
    };
    words.into_iter().for_each(|text| *text = mask.mask(text));
}

/// Whether a name in a map holds a secret: a name cannot be one, so such a map can only be refused.
pub(super) fn has_tainted_name(mask: &dyn Mask, value: &Value) -> bool {
    match value {
        Value::List(items) => items.iter().any(|item| has_tainted_name(mask, item)),
        Value::Map(fields) => {
            fields.iter().any(|(name, value)| mask.tainted(name) || has_tainted_name(mask, value))
        }
        _ => false,
    }
}

struct Sink<'a> {
    plan: &'a Plan,
    mask: &'a dyn Mask,
}

impl Sink<'_> {
    fn fact(&self, fact: &mut Fact) {
        match fact {
            // Who drives a run and who holds a role is compared, not only shown; the rest is our own.
            Fact::RoleBound { role: _, person: _, by: _ }
            | Fact::Resumed { settings: _ }
            | Fact::Enrolled { roster: _ }
            | Fact::Spawned { effect: _, pid: _, started: _, boot: _ }
            | Fact::Due { frame: _, node: _ }
            | Fact::Overdue { frame: _, due: _ }
            | Fact::Retrying { frame: _, node: _, number: _, of: _, at: _ }
            | Fact::Unwinding { frame: _, what: _ }
            | Fact::Unwound { frame: _ }
            | Fact::Committed { frame: _, node: _ } => {}
            Fact::Started { digest: _, dir: _, path: _, salt: _, sources: _, inputs, settings: _ } => {
                inputs.iter_mut().for_each(|input| self.input(input));
            }
            Fact::Entered { frame: _, parent: _, node: _, key } => self.key(key),
            Fact::Left { frame: _, verdict } => self.verdict(verdict),
            Fact::Listed { frame: _, items } => self.items(items),
            Fact::Bound { frame: _, var, value } => self.bound(*var, value),
            Fact::Began(begun) => self.begun(begun),
            Fact::Ended { effect: _, outcome: _, values, note } => {
                values.iter_mut().for_each(|(var, value)| self.given(*var, value));
                self.note(note);
            }
            Fact::HandedOver { role: _, from: _, to: _, by, note: words }
            | Fact::GoneOn { by, note: words }
            | Fact::Injected { place: words, kind: _, by }
            | Fact::PlannedAnew { from: _, digest: _, head: _, why: words, by } => self.said(words, Some(by)),
            Fact::Carried(carried) => self.carried(carried),
            Fact::StartedLate { node: _, place, why, by } | Fact::LeftBehind { what: place, why, by } => {
                self.said_of(place, why, by);
            }
            Fact::Skipped { frame: _, node: _, why, by } => self.said(why, by.as_mut()),
            Fact::Decided { frame: _, node: _, choice, by, note } => {
                self.choice(choice);
                self.words(note.as_mut(), by.as_mut());
            }
            Fact::Settled { frame: _, node: _, how, by, note } => {
                self.settlement(how);
                self.words(note.as_mut(), Some(by));
            }
            Fact::CancelRequested { by } | Fact::SecretChanged { var: _, fingerprint: _, by } => {
                self.actor(by);
            }
            Fact::Finished { ending: _, name } => name.iter_mut().for_each(|name| self.text(name)),
            Fact::Held { effect: _, by: Holder { lock: text, run: _, since: _ } }
            | Fact::Failed { frame: _, node: _, fault: _, why: text }
            | Fact::Unanswered { effect: _, why: text }
            | Fact::Concluded { frame: _, node: _, name: text }
            | Fact::Noted { frame: _, text }
            | Fact::Suspended { until: _, why: text }
            | Fact::Requested { effect: _, asked: _, text } => self.text(text),
            // A text that holds a secret is no vote; another byte would break its signature.
            Fact::Voted { effect: _, file, sha256: _, vote: _ } => self.text(file),
            Fact::VoteRefused { file, sha256: _, why } => {
                [file, why].into_iter().for_each(|one| self.text(one));
            }
        }
    }

    fn said_of(&self, place: &mut String, why: &mut String, by: &mut Actor) {
        self.text(place);
        self.said(why, Some(by));
    }

    fn said(&self, why: &mut String, by: Option<&mut Actor>) {
        self.text(why);
        by.into_iter().for_each(|by| self.actor(by));
    }

    fn words(&self, note: Option<&mut String>, by: Option<&mut Actor>) {
        note.into_iter().for_each(|note| self.text(note));
        by.into_iter().for_each(|by| self.actor(by));
    }

    fn carried(&self, carried: &mut Carried) {
        let Carried { frame: _, node: _, how: _, values, started: _, in_doubt: _, why, by } = carried;
        values.iter_mut().for_each(|(var, value)| self.bound(*var, value));
        self.said(why, Some(by));
    }

    fn text(&self, text: &mut String) {
        if self.mask.tainted(text) {
            *text = self.mask.mask(text);
        }
    }

    fn actor(&self, actor: &mut Actor) {
        let Actor { name, from_file: _ } = actor;
        self.text(name);
    }

    fn key(&self, key: &mut Option<Key>) {
        match key {
            Some(Key::Item(text)) if self.mask.tainted(text) => *text = self.mask.mask(text).into(),
            Some(Key::Item(_) | Key::Turn(_) | Key::Undo(_)) | None => {}
        }
    }

    fn verdict(&self, verdict: &mut Verdict) {
        match verdict {
            Verdict::Failed(why) | Verdict::Inconclusive(why) => self.text(why),
            Verdict::Passed | Verdict::InPlace | Verdict::Stopped => {}
        }
    }

    fn choice(&self, choice: &mut Choice) {
        match choice {
            Choice::ByHand(why)
            | Choice::GoOn(why)
            | Choice::GiveUp(why)
            | Choice::Waive { why, until: _ } => self.text(why),
            Choice::Retry | Choice::Rollback | Choice::Leave | Choice::Run => {}
        }
    }

    fn settlement(&self, how: &mut Settlement) {
        match how {
            Settlement::Done(why) | Settlement::Skip(why) | Settlement::GiveUp(why) => self.text(why),
            Settlement::Again | Settlement::Rollback => {}
        }
    }

    fn begun(&self, begun: &mut Begun) {
        let Begun { effect: _, frame: _, node: _, attempt: _, shown, on } = begun;
        self.text(shown);
        on.iter_mut().for_each(|on| self.text(on));
    }

    fn note(&self, note: &mut ReplyNote) {
        let ReplyNote { message, code: _, tail, output: _, kept: _, by, took_ms: _ } = note;
        self.text(message);
        self.text(tail);
        by.iter_mut().for_each(|by| self.actor(by));
    }

    fn input(&self, input: &mut StoredInput) {
        let StoredInput { var, value, fingerprint: _ } = input;
        self.bound(*var, value);
    }

    fn items(&self, items: &mut [Value]) {
        for (number, item) in (1..).zip(items) {
            *item = sealed_value(self.mask, &format!("item {number}"), item.clone());
        }
    }

    fn bound(&self, var: VarId, value: &mut Value) {
        let variable = self.plan.var(var);
        let name = variable.map_or("", |variable| variable.name.as_str());
        *value = match variable {
            Some(variable) if variable.secret || is_declared_secret(&variable.ty) => {
                Leaves { mask: self.mask, all: true, whole: false }.value(name, value.clone())
            }
            _ => sealed_value(self.mask, name, value.clone()),
        };
    }

    /// A value that the world gave. One that is declared a secret is known from here on.
    fn given(&self, var: VarId, value: &mut Value) {
        self.bound(var, value);
        if self.plan.var(var).is_some_and(|variable| is_declared_secret(&variable.ty)) {
            learn(self.mask, value);
        }
    }
}

/// Whether all that a variable of that type holds is secret.
pub(super) fn is_declared_secret(ty: &Type) -> bool {
    match ty {
        Type::Secret => true,
        Type::List(inner) | Type::Map(inner) => is_declared_secret(inner),
        _ => false,
    }
}

/// From now on all that is secret in a value is known.
pub(super) fn learn(mask: &dyn Mask, value: &Value) {
    value.each_secret(&mut |text| mask.learn(text));
}

/// Goes through a value. Nesting is bounded where values are made.
#[derive(Clone, Copy)]
struct Leaves<'a> {
    mask: &'a dyn Mask,
    /// Every leaf is a secret.
    all: bool,
    /// There is a secret in the value as a whole: perhaps only several leaves together are one.
    whole: bool,
}

impl Leaves<'_> {
    fn value(self, name: &str, value: Value) -> Value {
        match &value {
            // What was made one by its type alone has no name yet.
            Value::Secret(secret) if *secret.origin == *UNNAMED => {
                Value::Secret(Secret { origin: name.into(), text: secret.text.clone() })
            }
            // These tell too little to be one.
            Value::Null | Value::Bool(_) | Value::Secret(_) => value,
            Value::List(items) => {
                let named = (0..).zip(items.iter()).map(|(at, item)| (format!("{name}[{at}]"), item));
                Value::List(Arc::new(self.parts(&named.collect::<Vec<_>>(), &value)))
            }
            Value::Map(fields) => {
                let named =
                    fields.iter().map(|(field, value)| (self.mask.mask(&format!("{name}.{field}")), value));
                let sealed = self.parts(&named.collect::<Vec<_>>(), &value);
                self.map(fields.keys(), sealed)
            }
            leaf => self.leaf(name, leaf),
        }
    }

    fn leaf(self, name: &str, leaf: &Value) -> Value {
        let text = show(leaf);
        if self.all || self.mask.tainted(&text) {
            Value::Secret(Secret::new(name, &text))
        } else {
            leaf.clone()
        }
    }

    /// The parts of a list or map. Where none of them holds a secret but all together are one (the lines
    /// of a key, the fields of a credentials file), each is sealed.
    fn parts(self, parts: &[(String, &Value)], together: &Value) -> Vec<Value> {
        let whole = self.whole && holds_together(self.mask, together);
        let each = |leaves: Self| -> Vec<Value> {
            parts.iter().map(|(name, value)| leaves.value(name, (*value).clone())).collect()
        };
        let sealed = each(Self { whole, ..self });
        if whole && !sealed.iter().any(holds_secret) { each(Self { all: true, ..self }) } else { sealed }
    }

    /// Names that became equal are told apart by a number.
    fn map<'a>(self, names: impl Iterator<Item = &'a String>, values: Vec<Value>) -> Value {
        let mut fields = IndexMap::with_capacity(values.len());
        for (name, value) in names.zip(values) {
            let name = self.mask.mask(name);
            let numbered = (2_u32..).map(|number| format!("{name}-{number}"));
            let name = std::iter::once(name.clone()).chain(numbered).find(|name| !fields.contains_key(name));
            fields.extend(name.map(|name| (name, value)));
        }
        Value::Map(Arc::new(fields))
    }
}

/// Whether there is a secret in a list or map as JSON, or in a list as lines.
fn holds_together(mask: &dyn Mask, value: &Value) -> bool {
    match value {
        Value::List(items) => {
            let lines = || items.iter().map(show).collect::<Vec<_>>().join("\n");
            mask.tainted(&to_json(value).to_string()) || mask.tainted(&lines())
        }
        Value::Map(_) => mask.tainted(&to_json(value).to_string()),
        _ => false,
    }
}
