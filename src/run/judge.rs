//! What an answer of the world means: outcome, values, words for the report. Pure.

use crate::event::{Choice, Fact, Outcome, ReplyNote, RunState, Site, Vars};
use crate::plan::{Act, Bind, Class, Effect, Expect, Op, Plan, QuestionKind, ResponsePart};
use crate::value::{EvalError, Expr, Layered, Scope, Value, VarId, eval, show};

use super::door::{Captured, Failure, HttpReply, PersonReply, ProgramReply, Reply};
use super::seal::{Mask, has_tainted_name};

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
    let Answer { parts, verdict, note } = answer(class, reply);
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
    /// Parts that cannot be read, and why.
    unreadable: Vec<(ResponsePart, String)>,
    /// What a person said.
    said: Option<Value>,
}

impl Parts {
    fn take(&mut self, part: ResponsePart, captured: &Captured, read: impl Fn(&str) -> Value) {
        let what = match part {
            ResponsePart::Body => "the body of the response",
            ResponsePart::Stderr => "its standard error",
            _ => "its standard output",
        };
        let why = match captured {
            Captured::Text(text) => return self.values.push((part, read(text))),
            Captured::NotText(at) => {
                format!("{what} is not UTF-8 text: byte {at} begins no character; {AS_A_FILE}")
            }
            Captured::NotKept => format!("{what} is too large to be read; {AS_A_FILE}"),
        };
        self.unreadable.push((part, why));
    }
}

/// What to do about what cannot be a value.
const AS_A_FILE: &str = "have it written to a file and take that with `artifact`";

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
        Reply::Kept { message, file } => {
            let note = ReplyNote { kept: Some(file), ..said(message) };
            Answer { parts: Parts::default(), verdict: Some(Outcome::Done), note }
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
    let line = |text: &str| {
        let end = text.strip_suffix('\n').unwrap_or(text);
        Value::Text(end.strip_suffix('\r').unwrap_or(end).into())
    };
    let mut parts = Parts::default();
    parts.values.push((ResponsePart::Exit, Value::Int(reply.exit.into())));
    parts.take(ResponsePart::Stdout, &reply.stdout, line);
    parts.take(ResponsePart::Stderr, &reply.stderr, line);
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
    let read = |body: &str| match serde_json::from_str(body) {
        Ok(json) => crate::value::from_json(json),
        Err(_) => Value::Text(body.into()),
    };
    let packed = packed(&reply.headers);
    let headers = reply.headers.into_iter().map(|(name, value)| (name, Value::Text(value.into()))).collect();
    let values = vec![
        (ResponsePart::Status, Value::Int(reply.status.into())),
        (ResponsePart::Headers, Value::Map(std::sync::Arc::new(headers))),
    ];
    let mut parts = Parts { values, status: Some(reply.status), ..Parts::default() };
    match packed.filter(|_| matches!(reply.body, Captured::NotText(_))) {
        Some(why) => parts.unreadable.push((ResponsePart::Body, why)),
        None => parts.take(ResponsePart::Body, &reply.body, read),
    }
    let message = format!("status {}", reply.status);
    Answer { parts, verdict: None, note: ReplyNote { code: Some(reply.status.into()), ..said(message) } }
}

/// What to say of a body that a server has compressed.
fn packed(headers: &[(String, String)]) -> Option<String> {
    let (_, how) = headers.iter().find(|(name, _)| name == "content-encoding")?;
    Some(format!(
        "the body of the response is compressed (Content-Encoding: {how}) and bowline unpacks none: it asks for \
         `Accept-Encoding: identity`, unless a `header` asks for something else; or fetch it with `run curl --compressed`"
    ))
}

fn person(reply: PersonReply) -> Answer {
    let values = vec![(ResponsePart::Answer, reply.value.clone())];
    let note = ReplyNote { by: Some(reply.by), ..said(reply.note) };
    Answer { parts: Parts { values, said: Some(reply.value), ..Parts::default() }, verdict: None, note }
}

/// The outcome where no answer came.
fn unanswered(class: Class, failure: Failure) -> Outcome {
    match (class, failure) {
        // A look that hangs in the system harms nobody.
        (
            Class::Looks,
            Failure::NotStarted | Failure::TimedOut | Failure::Lost | Failure::Unreadable | Failure::Alive,
        ) => Outcome::Inconclusive,
        (_, Failure::NotStarted) => Outcome::FailedClean,
        (_, Failure::TimedOut | Failure::Lost | Failure::Stopped) => Outcome::Unknown,
        (_, Failure::Alive) => Outcome::Alive,
        (_, Failure::Unreadable | Failure::Missing) => Outcome::Failed,
    }
}

impl Case<'_> {
    /// Checks the expectations in order, then computes what is bound.
    fn read(self, effect: &Effect, parts: &Parts, mut note: ReplyNote) -> Judged {
        let mut local = Vars::default();
        for (part, var) in &effect.response {
            if let Some((_, value)) = parts.values.iter().find(|(known, _)| known == part) {
                local.set(*var, value.clone());
            }
        }
        if parts.said == Some(Value::Bool(false)) && effect.binds.is_empty() {
            note.message = self.refusal(&effect.act, &note);
            return Judged { outcome: refused(&effect.act), values: vec![], note };
        }
        let scope = Layered { inner: &local, outer: &self.state.seen_from(self.site.frame) };
        if let Some((outcome, message)) = self.unmet(effect, parts, &scope) {
            note.message = message;
            return Judged { outcome, values: vec![], note };
        }
        let unread = effect.binds.iter().find_map(|bind| unreadable(effect, parts, &bind.value));
        if let Some((outcome, message)) = unread {
            note.message = message;
            return Judged { outcome, values: vec![], note };
        }
        match self.bind(effect, &scope) {
            Ok(values) => Judged { outcome: Outcome::Done, values, note },
            Err(error) => {
                note.message = error.to_string();
                let outcome =
                    if effect.class == Class::Looks { Outcome::Inconclusive } else { Outcome::Failed };
                Judged { outcome, values: vec![], note }
            }
        }
    }

    /// A person's no, in words, with what was found.
    fn refusal(self, act: &Act, note: &ReplyNote) -> String {
        let question = if let Act::Person(question) = act { Some(question) } else { None };
        let word = match question.map(|question| &question.kind) {
            Some(QuestionKind::Judge { .. }) => "judged a fail by",
            Some(QuestionKind::Manual) => "not done, says",
            Some(QuestionKind::Approval { .. }) => "rejected by",
            _ => "no, says",
        };
        let role = question.and_then(|question| question.by.as_deref());
        let by = note.by.as_ref().map(|by| self.state.answerer(role, &by.name)).unwrap_or_default();
        let finding = if note.message.is_empty() { String::new() } else { format!(": {}", note.message) };
        format!("{word} {by}{finding}")
    }

    /// The first expectation that does not hold, as an outcome.
    fn unmet(self, effect: &Effect, parts: &Parts, scope: &dyn Scope) -> Option<(Outcome, String)> {
        for expect in &effect.expects {
            if let Some(unreadable) = unreadable(effect, parts, &expect.condition) {
                return Some(unreadable);
            }
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
        let one = |bind: &Bind| {
            let value = eval(&bind.value, scope)?;
            if has_tainted_name(self.mask, &value) {
                let name = self.plan.var(bind.var).map_or("", |var| var.name.as_str());
                let why = "the name of a field in it holds a secret, and a name cannot be kept secret; bind what is needed of it with jq(…)";
                return Err(EvalError::from(format!("`{name}` is not kept: {why}")));
            }
            Ok((bind.var, value))
        };
        effect.binds.iter().map(one).collect()
    }
}

/// The outcome where an expression reads a part of the answer that cannot be read.
fn unreadable(effect: &Effect, parts: &Parts, expr: &Expr) -> Option<(Outcome, String)> {
    let why = |var: VarId| {
        let (part, _) = effect.response.iter().find(|(_, known)| *known == var)?;
        parts.unreadable.iter().find(|(known, _)| known == part).map(|(_, why)| why.clone())
    };
    let mut found = None;
    expr.vars(&mut |var| found = found.take().or_else(|| why(var)));
    found.map(|why| (unanswered(effect.class, Failure::Unreadable), why))
}

/// The outcome of a person's no: what a person did not do has certainly changed nothing.
fn refused(act: &Act) -> Outcome {
    match act {
        Act::Person(question) if matches!(question.kind, QuestionKind::Manual) => Outcome::FailedClean,
        _ => Outcome::Failed,
    }
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
    let why = || reply.note.clone();
    if let Value::List(parts) = &reply.value
        && let [Value::Text(word), Value::Time(until)] = parts.as_slice()
        && **word == *"waive"
    {
        return Ok(Choice::Waive { why: why(), until: *until });
    }
    let word = show(&reply.value);
    Ok(match word.as_str() {
        "retry" | "again" | "test again" => Choice::Retry,
        "by hand" | "done" => Choice::ByHand(why()),
        "go on" | "skip" => Choice::GoOn(why()),
        "run" => Choice::Run,
        "roll back" | "reject" => Choice::Rollback,
        "leave" => Choice::Leave,
        "give up" => Choice::GiveUp(why()),
        _ => return Err(format!("{word:?} is none of the choices")),
    })
}

/// The fact that an attempt ended.
pub(super) fn ended(effect: crate::event::EffectId, judged: Judged) -> Fact {
    Fact::Ended { effect, outcome: judged.outcome, values: judged.values, note: judged.note }
}
