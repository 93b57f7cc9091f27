//! What a command asks by itself, before a run begins or goes on. Asks nobody where nobody is there.

use super::settings::terminal;
use super::{Exit, Stop};
use crate::event::Actor;
use crate::host::people::ask_alone;
use crate::run::{Answered, PersonReply, QuestionShown};
use crate::value::{Type, Value, show};

/// The person at the terminal, before a run.
pub(super) struct Front<'a> {
    pub(super) operator: &'a Actor,
    /// The exit of somebody who leaves instead of answering, and what that means.
    pub(super) left: (Exit, &'static str),
}

/// A run that is about to begin.
pub(super) const NOTHING_RAN: (Exit, &str) = (Exit::Usage, "nothing was answered, and nothing was run");

/// A run that is about to go on.
pub(super) const NOT_TAKEN_UP: (Exit, &str) =
    (Exit::Waiting, "nothing was answered; the run stays as it was");

impl Front<'_> {
    /// Asks; `None` where nobody is there.
    ///
    /// # Errors
    /// When the person leaves instead.
    pub(super) fn ask(&self, text: &str, kind: Answered) -> Result<Option<PersonReply>, Stop> {
        let Some(terminal) = terminal() else { return Ok(None) };
        let text = text.to_owned();
        let question = QuestionShown { path: vec![], text, prose: None, by: None, holder: None, kind };
        let answer = ask_alone(terminal, self.operator, question);
        let answer = answer.map_err(|error| Stop::internal(error.to_string()))?;
        answer.map(Some).ok_or_else(|| self.left.into())
    }

    /// One of several.
    pub(super) fn choose(&self, text: &str, choices: Vec<String>) -> Result<Option<String>, Stop> {
        Ok(self.ask(text, Answered::Choose(choices))?.map(|answer| show(&answer.value)))
    }

    /// Who holds a role that nobody is bound to; Enter is the operator. `None` where nobody is there.
    pub(super) fn holder(&self, role: &str) -> Result<Option<String>, Stop> {
        let own = Value::Text(self.operator.name.as_str().into());
        let text = format!("Who holds the role {role} in this run?");
        let wanted = Wanted { name: "person", ty: &Type::Text, default: Some(own) };
        Ok(self.value(&text, wanted)?.map(|person| show(&person)))
    }

    /// Yes or no; no where nobody is there.
    pub(super) fn confirm(&self, text: &str) -> Result<bool, Stop> {
        let answer = self.ask(text, Answered::Confirm { typing: None, optional: false })?;
        Ok(answer.is_some_and(|answer| answer.value == Value::Bool(true)))
    }

    /// A value of a type.
    pub(super) fn value(&self, text: &str, wanted: Wanted<'_>) -> Result<Option<Value>, Stop> {
        let Wanted { name, ty, default } = wanted;
        let kind = Answered::Value { name: name.to_owned(), ty: ty.clone(), choices: vec![], default };
        Ok(self.ask(text, kind)?.map(|answer| answer.value))
    }
}

/// A value that is asked for.
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) ty: &'a Type,
    pub(super) default: Option<Value>,
}
