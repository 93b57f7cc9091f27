//! The answers file: TOML, keyed by the titles down to a question, each answer used once.
//!
//! Its form is documented in `docs/answers.md`. Knows questions; asks nobody.

mod meant;
mod raw;
mod read;

use std::collections::{BTreeSet, VecDeque};
use std::path::Path;

use jiff::Timestamp;

use self::raw::RawAnswer;
use super::super::plain;
use super::approvers::{Approvers, Needed};
use super::waiver::{WAIVE, waived, waiver_end};
use crate::event::{Actor, Choice};
use crate::run::{Answered, PersonReply, QuestionShown, UsedAnswer};
use crate::value::{Type, Value};

/// What "not applicable" is called, in files and at the terminal.
pub(super) const NOT_APPLICABLE: &str = "n/a";

/// The answers that a file gives.
#[derive(Debug, Default)]
pub struct Answers {
    file: String,
    entries: Vec<Entry>,
    /// The ways down to the questions that it did not answer.
    unanswered: Vec<Vec<String>>,
    /// Every `confirm` that nothing has to be typed for is said yes to.
    confirms: bool,
}

/// One table of the file.
#[derive(Debug, Default)]
struct Entry {
    path: Vec<String>,
    line: usize,
    answer: Option<RawAnswer>,
    approve: Option<Vec<String>>,
    reject: Option<String>,
    on_failure: VecDeque<String>,
    on_unknown: VecDeque<String>,
    on_hold: VecDeque<String>,
    on_undo: VecDeque<String>,
    on_step: VecDeque<String>,
    note: String,
    /// Until when what holds is waived.
    until: Option<String>,
    by: Option<String>,
    /// The run used it before it was taken up again.
    before: bool,
}

/// What the file says to a question.
#[derive(Debug)]
pub(super) enum Found {
    Answer(PersonReply),
    /// It says something that is no answer; in words, with the line.
    Wrong(String),
    Nothing,
}

impl Answers {
    /// Reads a file.
    ///
    /// # Errors
    /// `FILE:LINE: what is wrong`.
    pub fn read(path: &Path) -> Result<Self, String> {
        let file = path.display().to_string();
        let text =
            std::fs::read_to_string(path).map_err(|error| format!("{file} cannot be read: {error}"))?;
        Self::parse(&file, &text)
    }

    /// Takes the text of a file, under the name that messages use for it.
    ///
    /// # Errors
    /// `FILE:LINE: what is wrong`.
    pub fn parse(file: &str, text: &str) -> Result<Self, String> {
        let entries = read::entries(text).map_err(|(line, why)| format!("{file}:{line}: {why}"))?;
        Ok(Self { file: file.to_owned(), entries, ..Self::default() })
    }

    /// Every `confirm` without `typing` that the file does not answer is said yes to.
    pub fn confirm_all(&mut self) {
        self.confirms = true;
    }

    /// Takes out what a run has used before it was taken up again: at each way down the first that is left, of
    /// choices the one that was made.
    pub fn use_up(&mut self, used: &[UsedAnswer]) {
        for used in used {
            let entries = self.entries.iter_mut().filter(|entry| entry.path == used.path);
            for entry in entries {
                let found = match &used.choice {
                    Some(choice) => entry.choose_again(choice),
                    None => entry.answer_again(),
                };
                if found {
                    entry.before = true;
                    break;
                }
            }
        }
    }

    /// The answers that no question has taken, each with its place and what it may have been meant for.
    #[must_use]
    pub fn leftovers(&self) -> Vec<String> {
        let left = self.entries.iter().filter(|entry| !entry.is_used());
        let told = |entry: &Entry| {
            format!("{}:{}: {}{}", self.file, entry.line, entry.path.join(" › "), self.meant(entry))
        };
        left.map(told).collect()
    }

    /// Takes the answer to a question; it is not given a second time.
    pub(super) fn take(
        &mut self,
        question: &QuestionShown,
        operator: &Actor,
        approvers: &Approvers,
    ) -> Found {
        let mut key = question.path.clone();
        if let Answered::Value { name, .. } = &question.kind {
            key.push(name.clone());
        }
        let fits = |entry: &&mut Entry| entry.path == key && entry.answers(&question.kind);
        let Some(entry) = self.entries.iter_mut().find(fits) else {
            return self.in_advance(question, operator).unwrap_or_else(|| self.without(key, &question.kind));
        };
        let by = entry.by.clone().unwrap_or_else(|| operator.name.clone());
        let said = held(question, &by, operator).and_then(|()| entry.take(&question.kind, approvers));
        match said {
            Ok(said) => Found::Answer(PersonReply {
                by: Actor { name: said.by.unwrap_or(by), from_file: true },
                value: said.value,
                note: said.note,
            }),
            Err(why) => Found::Wrong(format!("{}:{}: {}: {why}", self.file, entry.line, key.join(" › "))),
        }
    }
}

impl Answers {
    /// The yes that was said to every `confirm`.
    fn in_advance(&self, question: &QuestionShown, operator: &Actor) -> Option<Found> {
        let fits = matches!(question.kind, Answered::Confirm { typing: None, .. });
        (self.confirms && fits).then(|| {
            let note = "said in advance: --yes-to confirm".to_owned();
            Found::Answer(PersonReply { by: operator.clone(), value: Value::Bool(true), note })
        })
    }

    /// No answer; why, where the file seems to have one.
    fn without(&mut self, key: Vec<String>, kind: &Answered) -> Found {
        let found = match self.used_before(&key) {
            Found::Nothing => self.too_short(&key, kind),
            used => used,
        };
        self.unanswered.push(key);
        found
    }

    /// Why there is no answer where the run has used it before.
    fn used_before(&self, key: &[String]) -> Found {
        let used = |entry: &&Entry| entry.path == key && entry.before && entry.is_used();
        let Some(entry) = self.entries.iter().rfind(used) else { return Found::Nothing };
        let why = "the run has used this answer before; add another one behind it";
        Found::Wrong(format!("{}:{}: {}: {why}", self.file, entry.line, key.join(" › ")))
    }
}

/// What an entry says.
struct Said {
    value: Value,
    note: String,
    by: Option<String>,
}

impl Entry {
    fn is_used(&self) -> bool {
        let choices = [&self.on_failure, &self.on_unknown, &self.on_hold, &self.on_undo, &self.on_step];
        self.answer.is_none()
            && self.approve.is_none()
            && self.reject.is_none()
            && choices.iter().all(|choices| choices.is_empty())
    }

    /// Takes out its answer; false where it has none left.
    fn answer_again(&mut self) -> bool {
        let had = self.answer.is_some() || self.approve.is_some() || self.reject.is_some();
        (self.answer, self.approve, self.reject) = (None, None, None);
        had
    }

    /// Takes out a choice; false where it is not the next one.
    fn choose_again(&mut self, choice: &Choice) -> bool {
        let queues = [
            &mut self.on_failure,
            &mut self.on_unknown,
            &mut self.on_hold,
            &mut self.on_undo,
            &mut self.on_step,
        ];
        for queue in queues {
            if queue.front().is_some_and(|next| words_of(choice).contains(&next.as_str())) {
                queue.pop_front();
                return true;
            }
        }
        false
    }

    /// Whether it has an answer left for a question of that kind.
    fn answers(&self, kind: &Answered) -> bool {
        match kind {
            Answered::Approval { .. } => self.approve.is_some() || self.reject.is_some(),
            Answered::Failed { .. } => !self.on_failure.is_empty(),
            Answered::Unknown { .. } => !self.on_unknown.is_empty(),
            Answered::Hold { .. } => !self.on_hold.is_empty(),
            Answered::Undo { .. } => !self.on_undo.is_empty(),
            Answered::Step { .. } => !self.on_step.is_empty(),
            _ => self.answer.is_some(),
        }
    }

    fn take(&mut self, kind: &Answered, approvers: &Approvers) -> Result<Said, String> {
        let note = self.note.clone();
        let say = |value: Value| Ok(Said { value, note: note.clone(), by: None });
        match kind {
            Answered::Failed { choices, .. } => say(chosen(self.on_failure.pop_front(), choices)?),
            Answered::Unknown { choices, .. } => say(chosen(self.on_unknown.pop_front(), choices)?),
            Answered::Hold { choices, .. } => say(self.held(choices)?),
            Answered::Undo { choices, .. } => say(chosen(self.on_undo.pop_front(), choices)?),
            Answered::Step { choices, .. } => say(chosen(self.on_step.pop_front(), choices)?),
            Answered::Approval { quorum, self_approval, .. } => {
                self.approval(Needed { quorum, self_approval: *self_approval }, approvers)
            }
            kind => {
                let given = self.answer.take().ok_or("there is no answer")?;
                given_to(kind, &given, note)
            }
        }
    }

    fn held(&mut self, choices: &[&'static str]) -> Result<Value, String> {
        let choice = chosen(self.on_hold.pop_front(), choices)?;
        if choice != Value::Text(WAIVE.into()) {
            return Ok(choice);
        }
        match &self.until {
            Some(until) if !self.note.is_empty() => waiver_end(until, Timestamp::now()).map(waived),
            _ => Err("a waiver needs a reason and an end: add `note = \"…\"` and `until = \"4h\"`".into()),
        }
    }

    fn approval(&mut self, needed: Needed<'_>, approvers: &Approvers) -> Result<Said, String> {
        if let Some(why) = self.reject.take() {
            return Ok(Said { value: Value::Bool(false), note: why, by: None });
        }
        let people: BTreeSet<String> = self.approve.take().unwrap_or_default().into_iter().collect();
        approvers.met(&people, needed)?;
        let by = people.into_iter().collect::<Vec<_>>().join(", ");
        Ok(Said { value: Value::Bool(true), note: self.note.clone(), by: Some(by) })
    }
}

/// What is asked of a role is answered by who holds it, or by the operator in their name.
fn held(question: &QuestionShown, by: &str, operator: &Actor) -> Result<(), String> {
    match (&question.by, &question.holder) {
        (Some(role), Some(holder)) if by != holder && by != operator.name => {
            Err(format!("the role {role} is held by {holder}, not by {by}"))
        }
        _ => Ok(()),
    }
}

/// What a choice is called in the questions that offer it.
fn words_of(choice: &Choice) -> &'static [&'static str] {
    match choice {
        Choice::Retry => &["retry", "again", "test again"],
        Choice::ByHand(_) => &["by hand", "done"],
        Choice::GoOn(_) => &["go on", "skip"],
        Choice::Run => &["run"],
        Choice::Rollback => &["roll back", "reject"],
        Choice::Leave => &["leave"],
        Choice::GiveUp(_) => &["give up"],
        Choice::Waive { .. } => &[WAIVE],
    }
}

fn chosen(choice: Option<String>, choices: &[&'static str]) -> Result<Value, String> {
    let choice = choice.unwrap_or_default();
    if choices.contains(&choice.as_str()) {
        return Ok(Value::Text(choice.into()));
    }
    Err(format!("`{choice}` cannot be chosen here; choose from {}", choices.join(", ")))
}

fn given_to(kind: &Answered, given: &RawAnswer, note: String) -> Result<Said, String> {
    let say = |value: Value, note: String| Ok(Said { value, note, by: None });
    match kind {
        Answered::Confirm { typing, optional } => confirmed(given, typing.as_ref(), *optional, note),
        Answered::Judge { .. } => say(either(given, "pass", "fail")?, note),
        Answered::Manual => say(either(given, "done", "not done")?, note),
        Answered::Choose(choices) => {
            say(plain::typed(&Type::OneOf(choices.clone()), "", &given.text()?)?, note)
        }
        Answered::Value { name, ty, choices, .. } => say(value(given, name, ty, choices)?, note),
        _ => Err("an `answer` does not fit this question".into()),
    }
}

fn confirmed(
    given: &RawAnswer,
    typing: Option<&String>,
    optional: bool,
    note: String,
) -> Result<Said, String> {
    let say = |truth, note| Ok(Said { value: Value::Bool(truth), note, by: None });
    match (given, typing) {
        (RawAnswer::Text(text), _) if text == NOT_APPLICABLE && optional && note.is_empty() => {
            Err(format!("`{NOT_APPLICABLE}` needs a reason: add `note = \"…\"`"))
        }
        (RawAnswer::Text(text), _) if text == NOT_APPLICABLE && optional => {
            say(true, format!("not applicable: {note}"))
        }
        (RawAnswer::Text(text), Some(typing)) if text == typing => say(true, note),
        (RawAnswer::Bool(false), _) => say(false, note),
        (RawAnswer::Bool(true), None) => say(true, note),
        (_, Some(typing)) => Err(format!("the answer must be the text `{typing}`, or false")),
        (_, None) if optional => Err(format!("the answer must be true, false or \"{NOT_APPLICABLE}\"")),
        (_, None) => Err("the answer must be true or false".into()),
    }
}

fn either(given: &RawAnswer, yes: &str, no: &str) -> Result<Value, String> {
    match given {
        RawAnswer::Bool(truth) => Ok(Value::Bool(*truth)),
        RawAnswer::Text(text) if text == yes => Ok(Value::Bool(true)),
        RawAnswer::Text(text) if text == no => Ok(Value::Bool(false)),
        _ => Err(format!("the answer must be true or \"{yes}\", false or \"{no}\"")),
    }
}

fn value(given: &RawAnswer, name: &str, ty: &Type, choices: &[String]) -> Result<Value, String> {
    if let (RawAnswer::List(items), Type::List(_) | Type::Lines) = (given, ty) {
        let inner = if let Type::List(inner) = ty { inner } else { &Type::Text };
        let items: Result<Vec<_>, _> = items.iter().map(|item| value(item, name, inner, choices)).collect();
        return items.map(|items| Value::List(items.into()));
    }
    let text = given.text()?;
    if !choices.is_empty() && !choices.contains(&text) {
        return Err(format!("`{text}` is none of {}", choices.join(", ")));
    }
    plain::typed(ty, name, &text)
}

#[cfg(test)]
mod tests;
