//! What an answer of the world means: outcome, values, words for the report. Pure.

use crate::event::{Choice, Fact, Outcome, ReplyNote, RunState, Site, Vars};
use crate::plan::{Act, Class, Effect, Expect, Op, Plan, QuestionKind, ResponsePart};
use crate::value::{EvalError, Expr, Scope, Secret, Value, VarId, eval, show};

use super::door::{Failure, HttpReply, PersonReply, ProgramReply, Reply};

/// What keeps secrets out of the record.
pub(super) trait Mask {
    /// Replaces every known secret in a text.
    fn mask(&self, text: &str) -> String;
    /// Whether a text holds one.
    fn tainted(&self, text: &str) -> bool;
}

/// Whose answer is judged.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) plan: &'a Plan,
    pub(super) state: &'a RunState,
    pub(super) site: Site,
    pub(super) mask: &'a dyn Mask,
}

/// An outcome with what it binds.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) outcome: Outcome,
    pub(super) values: Vec<(VarId, Value)>,
    pub(super) note: ReplyNote,
}

/// What a reply means for the effect at a place.
pub(super) fn judge(case: Case<'_>, reply: Reply) -> Judged {
    let effect = match case.plan.node(case.site.node).map(|node| &node.op) {
        Some(Op::Do(effect)) => Some(effect.as_ref()),
        _ => None,
    };
    let class = effect.map_or(Class::Looks, |effect| effect.class);
    let Answer { parts, verdict, mut note } = answer(class, reply);
    note.message = case.mask.mask(&note.message);
    match (verdict, effect) {
        (Some(outcome), _) => Judged { outcome, values: vec![], note },
        (None, Some(effect)) => case.read(effect, &parts, note),
        (None, None) => Judged { outcome: Outcome::Done, values: vec![], note },
    }
}

/// An answer taken apart.
struct Answer {
    parts: Parts,
    /// Given where the answer needs no reading.
    verdict: Option<Outcome>,
    note: ReplyNote,
}

#[derive(Default)]
struct Parts {
    values: Vec<(ResponsePart, Value)>,
    status: Option<u16>,
    /// A part that was too large to be read.
    unreadable: Option<ResponsePart>,
    /// What a person said.
    said: Option<Value>,
}

fn answer(class: Class, reply: Reply) -> Answer {
    match reply {
        Reply::Program(reply) => program(reply),
        Reply::Http(reply) => http(reply),
        Reply::Artifact(file) => {
            let message = format!("{} {}", file.path, file.sha256);
            let values = vec![(ResponsePart::File, Value::Artifact(file))];
            Answer { parts: Parts { values, ..Parts::default() }, verdict: None, note: said(message) }
        }
        Reply::Done { message } => {
            Answer { parts: Parts::default(), verdict: Some(Outcome::Done), note: said(message) }
        }
        Reply::Person(reply) => person(reply),
        Reply::Nobody => {
            let note = said("nobody is there to answer".into());
            Answer { parts: Parts::default(), verdict: Some(Outcome::Inconclusive), note }
        }
        Reply::Failed { failure, message, tail, output } => {
            let note = ReplyNote { message, tail, output, ..ReplyNote::default() };
            Answer { parts: Parts::default(), verdict: Some(unanswered(class, failure)), note }
        }
    }
}

fn said(message: String) -> ReplyNote {
    ReplyNote { message, ..ReplyNote::default() }
}

fn program(reply: ProgramReply) -> Answer {
    let text = |text: String| {
        let end = text.strip_suffix('\n').unwrap_or(&text);
        Value::Text(end.strip_suffix('\r').unwrap_or(end).into())
    };
    let mut parts = Parts::default();
    parts.values.push((ResponsePart::Exit, Value::Int(reply.exit.into())));
    let streams = [(ResponsePart::Stderr, reply.stderr), (ResponsePart::Stdout, reply.stdout)];
    for (part, stream) in streams {
        match stream {
            Some(stream) => parts.values.push((part, text(stream))),
            None => parts.unreadable = Some(part),
        }
    }
    let note = ReplyNote {
        message: format!("exit code {}", reply.exit),
        code: Some(reply.exit),
        tail: reply.tail,
        output: reply.output,
        ..ReplyNote::default()
    };
    Answer { parts, verdict: None, note }
}

fn http(reply: HttpReply) -> Answer {
    let body = match serde_json::from_str(&reply.body) {
        Ok(json) => crate::value::from_json(json),
        Err(_) => Value::Text(reply.body.as_str().into()),
    };
    let headers = reply.headers.into_iter().map(|(name, value)| (name, Value::Text(value.into()))).collect();
    let values = vec![
        (ResponsePart::Status, Value::Int(reply.status.into())),
        (ResponsePart::Body, body),
        (ResponsePart::Headers, Value::Map(std::sync::Arc::new(headers))),
    ];
    let parts = Parts { values, status: Some(reply.status), ..Parts::default() };
    let message = format!("status {}", reply.status);
    Answer { parts, verdict: None, note: ReplyNote { code: Some(reply.status.into()), ..said(message) } }
}

fn person(reply: PersonReply) -> Answer {
    let values = vec![(ResponsePart::Answer, reply.value.clone())];
    let note = ReplyNote { by: Some(reply.by), ..said(reply.note) };
    Answer { parts: Parts { values, said: Some(reply.value), ..Parts::default() }, verdict: None, note }
}

/// The outcome where no answer came.
fn unanswered(class: Class, failure: Failure) -> Outcome {
    match (class, failure) {
        (Class::Looks, Failure::NotStarted | Failure::TimedOut | Failure::Lost | Failure::Unreadable) => {
            Outcome::Inconclusive
        }
        (_, Failure::NotStarted) => Outcome::FailedClean,
        (_, Failure::TimedOut | Failure::Lost | Failure::Stopped) => Outcome::Unknown,
        (_, Failure::Unreadable | Failure::Missing) => Outcome::Failed,
    }
}

impl Case<'_> {
    /// Checks the expectations in order, then computes what is bound.
    fn read(self, effect: &Effect, parts: &Parts, mut note: ReplyNote) -> Judged {
        let mut local = Vars::default();
        for (part, var) in &effect.response {
            if parts.unreadable == Some(*part) {
                let outcome = unanswered(effect.class, Failure::Unreadable);
                note.message = "its output is too large to be read".into();
                return Judged { outcome, values: vec![], note };
            }
            if let Some((_, value)) = parts.values.iter().find(|(known, _)| known == part) {
                local.set(*var, value.clone());
            }
        }
        if parts.said == Some(Value::Bool(false)) && effect.binds.is_empty() {
            note.message = self.mask.mask(&refusal(&effect.act, &note));
            return Judged { outcome: refused(&effect.act), values: vec![], note };
        }
        let scope = Local { vars: &local, state: self.state, site: self.site };
        if let Some((outcome, message)) = self.unmet(effect, parts, &scope) {
            note.message = self.mask.mask(&message);
            return Judged { outcome, values: vec![], note };
        }
        match self.bind(effect, &scope) {
            Ok(values) => Judged { outcome: Outcome::Done, values, note },
            Err(error) => {
                note.message = self.mask.mask(&error.to_string());
                let outcome =
                    if effect.class == Class::Looks { Outcome::Inconclusive } else { Outcome::Failed };
                Judged { outcome, values: vec![], note }
            }
        }
    }

    /// The first expectation that does not hold, as an outcome.
    fn unmet(self, effect: &Effect, parts: &Parts, scope: &dyn Scope) -> Option<(Outcome, String)> {
        for expect in &effect.expects {
            match eval(&expect.condition, scope) {
                Ok(Value::Bool(true)) => {}
                Ok(_) => {
                    let own = expect.message.as_ref().and_then(|message| eval(message, scope).ok());
                    let words = own.map(|own| show(&own));
                    return Some((fallen_short(effect, parts), shortfall(expect, words, parts)));
                }
                Err(error) => {
                    let looks = effect.class == Class::Looks;
                    return Some((
                        if looks { Outcome::Inconclusive } else { Outcome::Failed },
                        error.to_string(),
                    ));
                }
            }
        }
        None
    }

    fn bind(self, effect: &Effect, scope: &dyn Scope) -> Result<Vec<(VarId, Value)>, EvalError> {
        let one =
            |(var, value): (VarId, &Expr)| eval(value, scope).map(|value| (var, self.taint(var, value)));
        effect.binds.iter().map(|bind| one((bind.var, &bind.value))).collect()
    }

    /// A text that holds a secret, or goes into a secret variable, is one.
    fn taint(self, var: VarId, value: Value) -> Value {
        let variable = self.plan.var(var);
        let secret = variable.is_some_and(|var| var.secret);
        match value {
            Value::Text(text) if secret || self.mask.tainted(&text) => Value::Secret(Secret {
                origin: variable.map_or("", |var| var.name.as_str()).into(),
                text: Some(std::sync::Arc::new(secrecy::SecretString::from(text.to_string()))),
            }),
            other => other,
        }
    }
}

/// The outcome of a person's no: what a person did not do has certainly changed nothing.
fn refused(act: &Act) -> Outcome {
    match act {
        Act::Person(question) if matches!(question.kind, QuestionKind::Manual) => Outcome::FailedClean,
        _ => Outcome::Failed,
    }
}

/// A person's no, in words, with what was found.
fn refusal(act: &Act, note: &ReplyNote) -> String {
    let kind = if let Act::Person(question) = act { Some(&question.kind) } else { None };
    let word = match kind {
        Some(QuestionKind::Judge { .. }) => "judged a fail by",
        Some(QuestionKind::Manual) => "not done, says",
        Some(QuestionKind::Approval { .. }) => "rejected by",
        _ => "no, says",
    };
    let by = note.by.as_ref().map_or("", |by| by.name.as_str());
    let finding = if note.message.is_empty() { String::new() } else { format!(": {}", note.message) };
    format!("{word} {by}{finding}")
}

/// What is said of an expectation that does not hold; of one that nobody wrote only the code.
fn shortfall(expect: &Expect, own: Option<String>, parts: &Parts) -> String {
    let code = match (parts.status, parts.values.first()) {
        (Some(status), _) => Some(format!("status {status}")),
        (None, Some((ResponsePart::Exit, Value::Int(exit)))) => Some(format!("exit code {exit}")),
        _ => None,
    };
    match (own, code) {
        (None, Some(code)) if expect.is_unwritten() => code,
        (own, code) => {
            let words = own.unwrap_or_else(|| format!("expected {}", expect.source));
            code.map_or_else(|| words.clone(), |code| format!("{words} ({code})"))
        }
    }
}

/// The outcome of an answer that is not as expected.
fn fallen_short(effect: &Effect, parts: &Parts) -> Outcome {
    let looks = effect.class == Class::Looks;
    match parts.status {
        Some(500..) if looks => Outcome::Inconclusive,
        Some(408 | 409 | 425 | 429) => Outcome::Failed,
        Some(400..=499) if !looks && matches!(effect.act, Act::Http { .. }) => Outcome::FailedClean,
        _ => Outcome::Failed,
    }
}

/// What a person chose about something that failed.
///
/// # Errors
/// When the words are none of the choices.
pub(super) fn choice(reply: &PersonReply) -> Result<Choice, String> {
    let word = show(&reply.value);
    let why = || reply.note.clone();
    Ok(match word.as_str() {
        "retry" | "again" | "test again" => Choice::Retry,
        "by hand" | "done" => Choice::ByHand(why()),
        "go on" => Choice::GoOn(why()),
        "roll back" | "reject" => Choice::Rollback,
        "leave" => Choice::Leave,
        "give up" => Choice::GiveUp(why()),
        _ => return Err(format!("{word:?} is none of the choices")),
    })
}

/// The values of an answer before those of the place.
struct Local<'a> {
    vars: &'a Vars,
    state: &'a RunState,
    site: Site,
}

impl Scope for Local<'_> {
    fn get(&self, var: VarId) -> Option<&Value> {
        self.vars.get(var).or_else(|| self.state.value(self.site.frame, var))
    }
}

/// The fact that an attempt ended.
pub(super) fn ended(effect: crate::event::EffectId, judged: Judged) -> Fact {
    Fact::Ended { effect, outcome: judged.outcome, values: judged.values, note: judged.note }
}
