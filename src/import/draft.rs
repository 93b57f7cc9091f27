//! A runbook as it is drafted: statements without their spelling.

use super::remark::Remark;

/// A statement, or a comment between statements.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Draft {
    /// A remark of the importer.
    Remark(Remark),
    /// A comment of the document, with its line.
    Comment(usize, String),
    /// Markdown for people.
    Prose(String),
    /// `phase`.
    Phase(String, Vec<Draft>),
    /// `step`.
    Step(String, Vec<Draft>),
    /// `manual`.
    Manual(String, Vec<Draft>),
    /// `run`.
    Run(Command),
    /// A script.
    Script(Script),
    /// `choose` with two answers: this is done, or left out.
    Choice(String, Vec<Draft>),
    /// `rollback` of the step around it.
    Rollback(Vec<Draft>),
    /// `restore` of the step around it.
    Restore(Vec<Draft>),
    /// `rollback none` with its reason.
    Nothing(String),
    /// `confirm`.
    Confirm(String),
    /// `check` or `gate`.
    Judged(Judged),
    /// `wait` for a length of time, with why.
    Wait(String, String),
}

/// A statement that only looks and judges.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Judged {
    /// Its word.
    pub(super) head: &'static str,
    pub(super) title: String,
    /// As they are written.
    pub(super) options: String,
    pub(super) body: Vec<Draft>,
}

/// A program with its arguments.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Command {
    pub(super) env: Vec<(String, Vec<Part>)>,
    pub(super) words: Vec<Vec<Part>>,
}

/// A part of a word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    Text(String),
    /// The value of an input.
    Value(String),
    /// The values of an input that is a list, one word each.
    Splice(String),
}

/// A script with the values that it is handed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Script {
    pub(super) tag: String,
    /// Name of the variable, name of the input.
    pub(super) args: Vec<(String, String)>,
    pub(super) text: String,
}

impl Draft {
    /// Whether something is done in it, by whomever.
    pub(super) fn is_done(&self) -> bool {
        match self {
            Self::Remark(_) | Self::Comment(..) | Self::Prose(_) => false,
            Self::Phase(_, body) | Self::Choice(_, body) => body.iter().any(Self::is_done),
            _ => true,
        }
    }

    /// Its title and what is in it, where it has both.
    pub(super) fn titled(&mut self) -> Option<(&mut String, &mut Vec<Self>)> {
        match self {
            Self::Phase(title, body)
            | Self::Step(title, body)
            | Self::Manual(title, body)
            | Self::Choice(title, body)
            | Self::Judged(Judged { title, body, .. }) => Some((title, body)),
            _ => None,
        }
    }
}
