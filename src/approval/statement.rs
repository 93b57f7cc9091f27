//! What a person signs: a request with a decision under it.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::layout::{HEAD, RULE, one_line};
use super::{Vote, VoteChoice};
use crate::sign::ARMOUR;

/// What stands below the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// What the person decided, with the reason.
    pub choice: VoteChoice,
    /// Who it is, as the allowed signers name them; empty where the key says it.
    pub name: String,
    /// When, as the signer's machine says.
    pub time: Option<Timestamp>,
}

impl Filled {
    /// The lines below the rule.
    #[must_use]
    pub fn text(&self) -> String {
        let time = self.time.map(|time| time.to_string()).unwrap_or_default();
        let fields = [
            ("decision", self.choice.word()),
            ("reason", self.choice.reason()),
            ("name", &self.name),
            ("time", &time),
        ];
        fields.iter().fold(String::new(), |mut text, (name, value)| {
            let line = format!("{name:<10}{}", one_line(value));
            let _ = writeln!(text, "{}", line.trim_end());
            text
        })
    }
}

/// A text taken apart at the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement<'t> {
    /// What was asked, rule included.
    pub request: &'t str,
    /// What was said to it.
    pub filled: Filled,
}

impl<'t> Statement<'t> {
    /// Takes a text apart.
    ///
    /// # Errors
    /// In words what is missing or wrong.
    pub fn parse(text: &'t str) -> Result<Self, String> {
        if !text.starts_with(HEAD) {
            return Err(format!("it does not begin with \"{HEAD}\""));
        }
        let rule = text.find(&format!("\n{RULE}\n")).ok_or("the rule above the decision is missing")?;
        let (request, below) = text.split_at(rule + RULE.len() + 2);
        Ok(Self { request, filled: filled(below)? })
    }
}

fn filled(below: &str) -> Result<Filled, String> {
    let mut found: [(&str, Option<&str>); 4] =
        [("decision", None), ("reason", None), ("name", None), ("time", None)];
    for line in below.lines().filter(|line| !line.trim().is_empty()) {
        let (name, value) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let field = found.iter_mut().find(|(known, _)| *known == name);
        let (_, field) = field.ok_or_else(|| {
            format!(
                "below the rule stands `{}`, which is none of decision, reason, name and time",
                one_line(line)
            )
        })?;
        if field.replace(value.trim()).is_some() {
            return Err(format!("`{name}` stands there twice"));
        }
    }
    let [decision, reason, name, time] = found.map(|(_, value)| value.unwrap_or_default());
    let time = match time {
        "" => None,
        time => Some(time.parse().map_err(|_| format!("`time {}` is no time", one_line(time)))?),
    };
    Ok(Filled { choice: VoteChoice::parse(decision, reason)?, name: name.to_owned(), time })
}

impl VoteChoice {
    /// The word for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Approve(_) => "approve",
            Self::Reject(_) => "reject",
            Self::Decline(_) => "decline",
        }
    }

    /// The reason, or the note beside a yes.
    #[must_use]
    pub fn reason(&self) -> &str {
        match self {
            Self::Approve(why) | Self::Reject(why) | Self::Decline(why) => why,
        }
    }

    fn parse(word: &str, reason: &str) -> Result<Self, String> {
        let reason = reason.to_owned();
        match word {
            "approve" => Ok(Self::Approve(reason)),
            "reject" | "decline" if reason.is_empty() => Err(format!("`{word}` needs a reason")),
            "reject" => Ok(Self::Reject(reason)),
            "decline" => Ok(Self::Decline(reason)),
            "" => Err("no decision stands below the rule: approve, reject or decline".to_owned()),
            other => {
                Err(format!("the decision `{}` is none of approve, reject and decline", one_line(other)))
            }
        }
    }
}

/// A text and the signature behind it, where both stand in one file.
#[must_use]
pub fn split_signed(text: &str) -> (&str, Option<&str>) {
    match text.find(&format!("\n{ARMOUR}")) {
        Some(at) => {
            let (statement, signature) = text.split_at(at + 1);
            (statement, Some(signature))
        }
        None => (text, None),
    }
}

impl Vote {
    /// In a few words: `ana approved`.
    #[must_use]
    pub fn told(&self) -> String {
        let done = match &self.choice {
            VoteChoice::Approve(_) => "approved",
            VoteChoice::Reject(_) => "rejected it",
            VoteChoice::Decline(_) => "declined",
        };
        let reason = self.choice.reason();
        let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        format!("{} {done}{reason}", self.person)
    }
}
