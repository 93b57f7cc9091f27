//! Asks at a terminal: one function per kind of question, each until the answer fits.

use std::cell::Cell;
use std::collections::BTreeSet;

use jiff::Timestamp;
use unicode_width::UnicodeWidthStr;

use super::super::mask::Mask;
use super::super::plain;
use super::answers::NOT_APPLICABLE;
use super::approvers::{Approvers, Needed};
use super::console::{Again, Closed, Console};
use super::draw;
use super::sample::{self, WHOLE};
use super::waiver::{WAIVE, waived, waiver_end};
use super::words::{self, Choice, noted, split};
use crate::event::Actor;
use crate::run::{Answered, PersonReply, QuestionShown, Then, WayBack};
use crate::value::{Type, Value, show};

/// What must be typed exactly may be mistyped so often.
const TRIES: u32 = 3;

/// Choices that are only taken with a reason.
const WITH_REASON: [&str; 7] = ["by hand", "go on", "give up", "reject", "done", "skip", "waive"];

/// What a line begins with that is a note and no answer.
const NOTE: &str = "note:";

/// The other answer to an approval.
const REJECT: &str = "reject";

/// The people of a run, as far as questions concern them.
#[derive(Clone, Copy)]
pub(super) struct Staff<'a> {
    pub(super) operator: &'a Actor,
    pub(super) approvers: &'a Approvers,
}

/// Where it is asked.
pub(super) struct Seat<'a> {
    pub(super) console: &'a mut Console,
    /// What must not be shown.
    pub(super) mask: &'a Mask,
    /// Whether the question was taken back meanwhile.
    pub(super) withdrawn: &'a mut dyn FnMut() -> bool,
}

/// Asks until there is an answer.
pub(super) fn at(seat: Seat<'_>, question: &QuestionShown, staff: Staff<'_>) -> Result<PersonReply, Closed> {
    let Seat { console, mask, withdrawn } = seat;
    console.forget();
    let width = console.width();
    let draw = |width: usize| mask.text(&draw::question(question, width));
    console.say(&draw(width));
    let again = Again { draw: &draw, drawn: Cell::new(width) };
    let again = Some(&again).filter(|_| matches!(question.kind, Answered::Judge { .. }));
    let mut asking = Asking { console, withdrawn, staff, again, notes: vec![] };
    let said = asking.answer(&question.kind)?;
    let note = asking.with_notes(said.note);
    learn(mask, &said.value);
    let by = said.by.unwrap_or_else(|| staff.operator.name.clone());
    Ok(PersonReply { by: Actor { name: by, from_file: false }, value: said.value, note })
}

/// A secret that a person gave is masked from now on.
pub(super) fn learn(mask: &Mask, value: &Value) {
    value.each_secret(&mut |text| mask.learn([text]));
}

struct Asking<'a> {
    console: &'a mut Console,
    withdrawn: &'a mut dyn FnMut() -> bool,
    staff: Staff<'a>,
    /// How the question is drawn again, where that depends on the width of the window.
    again: Option<&'a Again<'a>>,
    /// What was said beside the answer, on lines of its own.
    notes: Vec<String>,
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

impl Asking<'_> {
    fn answer(&mut self, kind: &Answered) -> Result<Said, Closed> {
        match kind {
            Answered::Confirm { typing: Some(typing), optional } => self.typed_exactly(typing, *optional),
            Answered::Confirm { typing: None, optional } => self.yes_or_no(*optional),
            Answered::Value { name, ty, choices, default } => self.value(name, ty, choices, default.as_ref()),
            Answered::Judge { .. } => self.either(["pass", "fail"], kind),
            Answered::Manual => self.either(["done", "not done"], kind),
            Answered::Choose(choices) => self.one_of(choices, None),
            Answered::Approval { quorum, self_approval, .. } => {
                self.approval(Needed { quorum, self_approval: *self_approval })
            }
            Answered::Undo { choices, .. } => self.way_on(choices, Then::Ends),
            Answered::Failed { back: WayBack { then, .. }, choices, .. }
            | Answered::Unknown { back: WayBack { then, .. }, choices, .. }
            | Answered::Hold { then, choices, .. }
            | Answered::Step { then, choices, .. } => self.way_on(choices, *then),
        }
    }

    /// A line that is an answer: what begins with `note:` is kept beside it, whatever is asked.
    fn prompt(&mut self, text: &str) -> Result<String, Closed> {
        loop {
            let line = match self.again {
                Some(again) => self.console.line_below(text, again, self.withdrawn)?,
                None => self.console.line(text, self.withdrawn)?,
            };
            match line.trim_start().strip_prefix(NOTE).map(str::trim).filter(|note| !note.is_empty()) {
                None => return Ok(line),
                Some(note) => {
                    self.notes.push(note.to_owned());
                    self.console.say("  Noted; now the answer.\n");
                }
            }
        }
    }

    /// The note of an answer behind those that were made before.
    fn with_notes(self, note: String) -> String {
        let notes = self.notes.into_iter().chain([note]).filter(|note| !note.is_empty());
        notes.collect::<Vec<_>>().join("; ")
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
                _ if left > 0 => {
                    let tries = if left == 1 { "one try is left" } else { "two tries are left" };
                    self.console.say(&format!("  That is not `{typing}`; {tries}, then it counts as no.\n"));
                }
                _ => {}
            }
        }
        Ok(said(Value::Bool(false), format!("`{typing}` was mistyped {TRIES} times")))
    }

    fn either(&mut self, [yes, no]: [&str; 2], kind: &Answered) -> Result<Said, Closed> {
        loop {
            let line = self.prompt(&format!("  [{yes} / {no}, and a finding] "))?;
            if let Some(whole) = sample::whole(kind).filter(|_| line.trim() == WHOLE) {
                self.console.say(&whole);
                continue;
            }
            if let Some(note) = noted(&line, no) {
                let finding = self.reason(note)?;
                return Ok(said(Value::Bool(false), finding));
            }
            if let Some(note) = noted(&line, yes) {
                return Ok(said(Value::Bool(true), note));
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
        if !listed.is_empty() && !matches!(ty, Type::List(_)) {
            return self.one_of(listed, default);
        }
        if !listed.is_empty() {
            self.console.say(&format!("  Of these: {}\n", listed.join(", ")));
        }
        let prompt = prompt_for(name, ty, default);
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

    fn one_of(&mut self, listed: &[String], default: Option<&Value>) -> Result<Said, Closed> {
        let spelled = default.map(spelled);
        let choices: Vec<Choice<'_>> = listed.iter().map(|choice| Choice::of(choice)).collect();
        let (choice, note) = self.menu(&choices, spelled.as_deref())?;
        Ok(said(Value::Text(choice.into()), note))
    }

    fn line_for(&mut self, ty: &Type, prompt: &str) -> Result<String, Closed> {
        match ty {
            Type::Secret => self.console.hidden_line(prompt, self.withdrawn),
            _ => self.prompt(prompt).map(|line| line.trim().to_owned()),
        }
    }

    /// One of several, by number or by its own words; what follows is the note. Enter takes the default.
    fn menu(&mut self, choices: &[Choice<'_>], default: Option<&str>) -> Result<(String, String), Closed> {
        let widest = choices.iter().map(|choice| choice.word.width()).max().unwrap_or_default();
        let width = self.console.width();
        for (number, choice) in (1..).zip(choices) {
            self.console.say(&choice.line(number, widest, width));
        }
        let enter = default.map(|default| format!(", or Enter for {default}")).unwrap_or_default();
        let prompt = format!("  [1-{}, and a note{enter}] ", choices.len());
        loop {
            let line = self.prompt(&prompt)?;
            match (default, words::chosen(choices, &line)) {
                (_, Some((choice, note))) => return Ok((choice.to_owned(), note.to_owned())),
                (Some(default), None) if line.trim().is_empty() => {
                    return Ok((default.to_owned(), String::new()));
                }
                _ => self
                    .console
                    .say("  Type one of the numbers; what follows on the line is kept as a note.\n"),
            }
        }
    }

    fn way_on(&mut self, choices: &[&'static str], then: Then) -> Result<Said, Closed> {
        let choices = Choice::each(choices, then);
        let (choice, mut note) = self.menu(&choices, None)?;
        if WITH_REASON.contains(&choice.as_str()) {
            note = self.reason(&note)?;
        }
        if choice == WAIVE {
            let until = self.until()?;
            return Ok(said(waived(until), note));
        }
        Ok(said(Value::Text(choice.into()), note))
    }

    /// For how long something is waived.
    fn until(&mut self) -> Result<Timestamp, Closed> {
        loop {
            let line = self.prompt("  Until when? (4h, 72h, or 2026-03-01T18:00:00Z) ")?;
            match waiver_end(&line, Timestamp::now()) {
                Ok(until) => return Ok(until),
                Err(why) => self.console.say(&format!("  {why}\n")),
            }
        }
    }

    fn approval(&mut self, needed: Needed<'_>) -> Result<Said, Closed> {
        let named: Vec<_> =
            needed.quorum.iter().map(|(need, group)| format!("{need} from {group}")).collect();
        let (met, note) = self.alternative(&named)?;
        if met == REJECT {
            return self.rejected(&note);
        }
        let at = named.iter().position(|name| *name == met).unwrap_or_default();
        let quorum = needed.quorum.get(at..=at).unwrap_or_default();
        match self.approvers(Needed { quorum, ..needed })? {
            Ok(people) => {
                let by = people.into_iter().collect::<Vec<_>>().join(", ");
                Ok(Said { value: Value::Bool(true), note: format!("unsigned, {met}"), by: Some(by) })
            }
            Err(why) => self.rejected(&why),
        }
    }

    /// Which of several quorums is to be met, or that none is.
    fn alternative(&mut self, named: &[String]) -> Result<(String, String), Closed> {
        if let [] | [_] = named {
            return Ok((named.first().cloned().unwrap_or_default(), String::new()));
        }
        let choices: Vec<Choice<'_>> = named.iter().map(|named| Choice::of(named)).collect();
        self.menu(&[choices, vec![Choice::explained(REJECT)]].concat(), None)
    }

    fn rejected(&mut self, why: &str) -> Result<Said, Closed> {
        let why = self.reason(why)?;
        Ok(said(Value::Bool(false), why))
    }

    /// Who approves, one or several a line; or the reason of a rejection, so far as it was given.
    fn approvers(&mut self, needed: Needed<'_>) -> Result<Result<BTreeSet<String>, String>, Closed> {
        let need = needed.quorum.first().map_or(1, |(need, _)| *need as usize);
        let mut people = BTreeSet::new();
        while people.len() < need {
            let number = people.len() + 1;
            let line = self.prompt(&format!("  [name of approver {number} of {need}, or: reject WHY] "))?;
            if let Some(why) = noted(&line, REJECT) {
                return Ok(Err(why.to_owned()));
            }
            for name in line.split(',').map(str::trim) {
                match self.may_approve(name, needed, &people) {
                    Ok(()) => _ = people.insert(name.to_owned()),
                    Err(why) => self.console.say(&format!("  {why}.\n")),
                }
            }
        }
        Ok(Ok(people))
    }

    fn may_approve(&self, name: &str, needed: Needed<'_>, people: &BTreeSet<String>) -> Result<(), String> {
        let no_name = ["", "y", "yes", "n", "no", "ok", "approve", "approved"];
        match () {
            () if no_name.contains(&name.to_lowercase().as_str()) => {
                Err("Type the name of the person who approves, or reject and why".into())
            }
            () if people.contains(name) => {
                Err(format!("{name} has approved already; somebody else is needed"))
            }
            () => self.staff.approvers.admit(name, needed),
        }
    }
}

/// `count (a whole number) [3]: `.
fn prompt_for(name: &str, ty: &Type, default: Option<&Value>) -> String {
    let form = Some(plain::form(ty)).filter(|form| !form.is_empty());
    let form = form.map(|form| format!(" ({form})")).unwrap_or_default();
    let default = default.map(|default| format!(" [{}]", spelled(default))).unwrap_or_default();
    format!("  {name}{form}{default}: ")
}

/// What was typed, as a value of the type. Enter alone is no answer: it may have been hit by accident.
fn fitting(ty: &Type, name: &str, line: &str, choices: &[String]) -> Result<Value, String> {
    if line.is_empty() {
        let none = if matches!(ty, Type::List(_)) { "; type [] for none" } else { "" };
        return Err(format!("`{name}` needs an answer{none}"));
    }
    let value = plain::typed(ty, name, line)?;
    match unlisted(&value, choices) {
        Some(unknown) => Err(format!("`{unknown}` is none of {}", choices.join(", "))),
        None => Ok(value),
    }
}

/// The first item that is none of the choices.
pub(super) fn unlisted(value: &Value, choices: &[String]) -> Option<String> {
    let items = match value {
        Value::List(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    let mut unknown = items.iter().map(show).filter(|item| !choices.contains(item));
    unknown.next().filter(|_| !choices.is_empty())
}

/// A default as a person would type it.
fn spelled(value: &Value) -> String {
    match plain::json(value) {
        serde_json::Value::String(text) => text,
        json => json.to_string(),
    }
}
