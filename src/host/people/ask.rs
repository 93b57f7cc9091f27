//! Asks at a terminal: one function per kind of question, each until the answer fits.

use std::collections::BTreeSet;

use secrecy::ExposeSecret;

use super::super::mask::Mask;
use super::super::plain;
use super::answers::NOT_APPLICABLE;
use super::approvers::{Approvers, Needed};
use super::console::{Closed, Console};
use super::draw;
use crate::event::Actor;
use crate::run::{Answered, PersonReply, QuestionShown};
use crate::value::{Type, Value};

/// What must be typed exactly may be mistyped so often.
const TRIES: u32 = 3;

/// Choices that are only taken with a reason.
const WITH_REASON: [&str; 6] = ["by hand", "go on", "give up", "reject", "done", "waive"];

/// The people of a run, as far as questions concern them.
#[derive(Clone, Copy)]
pub(super) struct Staff<'a> {
    pub(super) operator: &'a Actor,
    pub(super) approvers: &'a Approvers,
}

/// Asks until there is an answer.
pub(super) fn at(
    console: &mut Console,
    withdrawn: &mut dyn FnMut() -> bool,
    question: &QuestionShown,
    staff: Staff<'_>,
    mask: &Mask,
) -> Result<PersonReply, Closed> {
    console.forget();
    let shown = draw::question(question, console.width());
    console.say(&mask.text(&shown));
    let mut asking = Asking { console, withdrawn, staff };
    let said = asking.answer(&question.kind)?;
    learn(mask, &said.value);
    let by = said.by.unwrap_or_else(|| staff.operator.name.clone());
    Ok(PersonReply { by: Actor { name: by, from_file: false }, value: said.value, note: said.note })
}

/// A secret that a person gave is masked from now on.
pub(super) fn learn(mask: &Mask, value: &Value) {
    if let Value::Secret(secret) = value {
        mask.learn(secret.text.iter().map(|text| text.expose_secret()));
    }
}

struct Asking<'a> {
    console: &'a mut Console,
    withdrawn: &'a mut dyn FnMut() -> bool,
    staff: Staff<'a>,
}

/// An answer with its note, and who gave it if not the operator.
struct Said {
    value: Value,
    note: String,
    by: Option<String>,
}

fn said(value: Value, note: impl Into<String>) -> Said {
    Said { value, note: note.into(), by: None }
}

/// The first word of a line, and the rest of it: the note.
fn split(line: &str) -> (String, &str) {
    let (word, note) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
    (word.trim_end_matches([',', ';', ':']).to_lowercase(), note.trim())
}

impl Asking<'_> {
    fn answer(&mut self, kind: &Answered) -> Result<Said, Closed> {
        match kind {
            Answered::Confirm { typing: Some(typing), optional } => self.typed_exactly(typing, *optional),
            Answered::Confirm { typing: None, optional } => self.yes_or_no(*optional),
            Answered::Value { name, ty, choices, default } => self.value(name, ty, choices, default.as_ref()),
            Answered::Judge { .. } => self.either(["pass", "fail"]),
            Answered::Manual => self.either(["done", "not done"]),
            Answered::Choose(choices) => {
                let (choice, note) = self.menu(choices)?;
                Ok(said(Value::Text(choice.into()), note))
            }
            Answered::Approval { quorum, self_approval, .. } => {
                self.approval(Needed { quorum, self_approval: *self_approval })
            }
            Answered::Failed { choices, .. }
            | Answered::Unknown { choices, .. }
            | Answered::Hold { choices, .. } => self.way_on(choices),
        }
    }

    fn prompt(&mut self, text: &str) -> Result<String, Closed> {
        self.console.say(text);
        self.console.line(self.withdrawn)
    }

    fn yes_or_no(&mut self, optional: bool) -> Result<Said, Closed> {
        let options = if optional { "yes / no / n/a, and a note" } else { "yes / no, and a note" };
        loop {
            let line = self.prompt(&format!("  [{options}] "))?;
            let (word, note) = split(&line);
            match word.as_str() {
                "y" | "yes" => return Ok(said(Value::Bool(true), note)),
                "n" | "no" => return Ok(said(Value::Bool(false), note)),
                "n/a" | "na" if optional => return self.not_applicable(note),
                _ => self.console.say("  Type yes or no; what follows on the line is kept as a note.\n"),
            }
        }
    }

    fn not_applicable(&mut self, note: &str) -> Result<Said, Closed> {
        let reason = self.reason(note)?;
        Ok(said(Value::Bool(true), format!("not applicable: {reason}")))
    }

    /// The note, or what is said when asked why.
    fn reason(&mut self, note: &str) -> Result<String, Closed> {
        let mut reason = note.trim().to_owned();
        while reason.is_empty() {
            self.prompt("  Why? ")?.trim().clone_into(&mut reason);
        }
        Ok(reason)
    }

    fn typed_exactly(&mut self, typing: &str, optional: bool) -> Result<Said, Closed> {
        for left in (0..TRIES).rev() {
            let line = self.prompt(&format!("  [type `{typing}` to confirm, or no] "))?;
            if line.trim() == typing {
                return Ok(said(Value::Bool(true), ""));
            }
            let (word, note) = split(&line);
            match word.as_str() {
                "no" => return Ok(said(Value::Bool(false), note)),
                NOT_APPLICABLE if optional => return self.not_applicable(note),
                _ if left > 0 => self.console.say(&format!("  That is something else; {left} more.\n")),
                _ => {}
            }
        }
        Ok(said(Value::Bool(false), format!("`{typing}` was mistyped {TRIES} times")))
    }

    fn either(&mut self, [yes, no]: [&str; 2]) -> Result<Said, Closed> {
        loop {
            let line = self.prompt(&format!("  [{yes} / {no}, and a finding] "))?;
            let line = line.trim();
            let after = |word: &str| {
                line.to_lowercase().starts_with(word).then(|| line.get(word.len()..).unwrap_or_default())
            };
            if let Some(note) = after(no) {
                let finding = self.reason(note.trim_start_matches([',', ';', ':']))?;
                return Ok(said(Value::Bool(false), finding));
            }
            if let Some(note) = after(yes) {
                return Ok(said(Value::Bool(true), note.trim_start_matches([',', ';', ':']).trim()));
            }
            self.console
                .say(&format!("  Type {yes} or {no}; what follows on the line is kept as the finding.\n"));
        }
    }

    fn value(
        &mut self,
        name: &str,
        ty: &Type,
        choices: &[String],
        default: Option<&Value>,
    ) -> Result<Said, Closed> {
        let listed = match ty {
            Type::OneOf(listed) if choices.is_empty() => listed,
            _ => choices,
        };
        let single = !matches!(ty, Type::List(_));
        if !listed.is_empty() && single && default.is_none() {
            let (choice, note) = self.menu(listed)?;
            return Ok(said(Value::Text(choice.into()), note));
        }
        let shown = default.map(|default| format!(" [{}]", spelled(default))).unwrap_or_default();
        let prompt = format!("  {name}{shown}: ");
        loop {
            let line = self.line_for(ty, &prompt)?;
            match default {
                Some(default) if line.trim().is_empty() => return Ok(said(default.clone(), "")),
                _ => match fitting(ty, name, &line, listed) {
                    Ok(value) => return Ok(said(value, "")),
                    Err(why) => self.console.say(&format!("  {why}\n")),
                },
            }
        }
    }

    fn line_for(&mut self, ty: &Type, prompt: &str) -> Result<String, Closed> {
        if *ty != Type::Secret {
            return self.prompt(prompt);
        }
        self.console.say(prompt);
        self.console.hidden_line(self.withdrawn)
    }

    /// One of several, by number or by its own words; what follows a number is the note.
    fn menu(&mut self, choices: &[String]) -> Result<(String, String), Closed> {
        for (number, choice) in (1..).zip(choices) {
            self.console.say(&format!("  {number}) {choice}\n"));
        }
        loop {
            let line = self.prompt(&format!("  [1-{}, and a note] ", choices.len()))?;
            if let Some(choice) = choices.iter().find(|choice| *choice == line.trim()) {
                return Ok((choice.clone(), String::new()));
            }
            let (word, note) = split(&line);
            let number: Option<usize> = word.trim_end_matches(')').parse().ok();
            if let Some(choice) = number.and_then(|number| choices.get(number.checked_sub(1)?)) {
                return Ok((choice.clone(), note.to_owned()));
            }
            self.console.say("  Type one of the numbers.\n");
        }
    }

    fn way_on(&mut self, choices: &[&'static str]) -> Result<Said, Closed> {
        let choices: Vec<String> = choices.iter().map(|choice| (*choice).to_owned()).collect();
        let (choice, mut note) = self.menu(&choices)?;
        if WITH_REASON.contains(&choice.as_str()) {
            note = self.reason(&note)?;
        }
        Ok(said(Value::Text(choice.into()), note))
    }

    fn approval(&mut self, needed: Needed<'_>) -> Result<Said, Closed> {
        let named: Vec<_> =
            needed.quorum.iter().map(|(need, group)| format!("{need} from {group}")).collect();
        let met =
            if named.len() > 1 { self.menu(&named)?.0 } else { named.first().cloned().unwrap_or_default() };
        let at = named.iter().position(|name| *name == met).unwrap_or_default();
        let quorum = needed.quorum.get(at..=at).unwrap_or_default();
        let needed = Needed { quorum, ..needed };
        let need = quorum.first().map_or(1, |(need, _)| *need as usize);
        let mut people = BTreeSet::new();
        while people.len() < need {
            let line =
                self.prompt(&format!("  [approver {} of {need}, or: reject WHY] ", people.len() + 1))?;
            let (word, rest) = split(&line);
            if word == "reject" {
                let why = self.reason(rest)?;
                return Ok(said(Value::Bool(false), why));
            }
            match self.may_approve(line.trim(), needed, &people) {
                Ok(()) => _ = people.insert(line.trim().to_owned()),
                Err(why) => self.console.say(&format!("  {why}.\n")),
            }
        }
        let by = people.into_iter().collect::<Vec<_>>().join(", ");
        Ok(Said { value: Value::Bool(true), note: format!("unsigned, {met}"), by: Some(by) })
    }

    fn may_approve(&self, name: &str, needed: Needed<'_>, people: &BTreeSet<String>) -> Result<(), String> {
        match () {
            () if name.is_empty() => Err("Type the name of the person who approves".into()),
            () if people.contains(name) => {
                Err(format!("{name} has approved already; somebody else is needed"))
            }
            () => self.staff.approvers.admit(name, needed),
        }
    }
}

fn fitting(ty: &Type, name: &str, line: &str, choices: &[String]) -> Result<Value, String> {
    let known = |text: &str| choices.is_empty() || choices.iter().any(|choice| choice == text);
    let unknown = line.split(',').map(str::trim).find(|text| !known(text));
    match (ty, unknown) {
        (Type::List(_), Some(unknown)) => Err(format!("`{unknown}` is none of {}", choices.join(", "))),
        (_, _) if !matches!(ty, Type::List(_)) && !known(line.trim()) => {
            Err(format!("`{}` is none of {}", line.trim(), choices.join(", ")))
        }
        (Type::Text | Type::Path, _) if line.trim().is_empty() => Err(format!("`{name}` needs an answer")),
        _ => plain::typed(ty, name, line),
    }
}

/// A default as a person would type it.
fn spelled(value: &Value) -> String {
    match plain::json(value) {
        serde_json::Value::String(text) => text,
        json => json.to_string(),
    }
}
