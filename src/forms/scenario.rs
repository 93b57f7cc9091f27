//! `scenario`: a test of this runbook.

use std::collections::HashMap;

use super::ends::ENDS;
use super::lower::{Called, Lowering, Mention, word};
use super::shape::{BASE, NOT_NESTED};
use crate::diag::{Diagnostic, codes, listed, nearest};
use crate::plan::scenario::{Expected, Given, Outcome, Says, Scenario, UNDO, With};
use crate::program::{BlockOf, Operand, Place, Schema, SlotKind, Stmt};
use crate::text::Span;
use crate::value::{Expr, Type, Value, eval, show};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "scenario",
    summary: "A test of this runbook",
    doc: "Run by `bowline test`; not part of the plan.",
    example: r#"scenario "A failing migration is undone" {
  given "Migrate" failure
  undone "Migrate"
  ends "rolled back"
}"#,
    stands_in: &[Place::Runbook],
    never_inside: NOT_NESTED,
    operands: &[SlotKind::Title],
    block: BlockOf::Required(Place::Scenario),
    ..BASE
};

/// Keeps what it says beside the plan. That of a called runbook is a test of that one.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    if low.called > 0 {
        return;
    }
    let title = match stmt.operands.first() {
        Some(Operand::Expr(title, ..)) => fixed_value(title).map(|title| show(&title)).unwrap_or_default(),
        _ => String::new(),
    };
    let span = low.head(stmt.span);
    let mut reading = Reading {
        low,
        scenario: Scenario { title, span, with: vec![], given: vec![], expected: vec![] },
        mentions: vec![],
        said: HashMap::new(),
    };
    stmt.body.iter().for_each(|line| reading.line(line));
    reading.says_its_end(stmt);
    let Reading { low, scenario, mentions, .. } = reading;
    low.mention(mentions, &scenario);
    low.scenarios.push(scenario);
}

/// The lines of a scenario being read.
struct Reading<'r, 'p> {
    low: &'r mut Lowering<'p>,
    scenario: Scenario,
    mentions: Vec<Mention>,
    /// What may be said once, with its place.
    said: HashMap<(&'static str, String), Span>,
}

impl Reading<'_, '_> {
    fn line(&mut self, line: &Stmt) {
        let span = self.low.head(line.span);
        let (place, at) =
            word(&line.operands, 0).map_or((String::new(), None), |(place, at)| (place.to_owned(), Some(at)));
        let named = |called| at.map(|span| Mention { name: place.clone(), span, called });
        match line.schema.word {
            "with" => line.operands.iter().for_each(|operand| self.with(operand, span)),
            "given" => self.given(line, &place, at),
            "ran" => self.expect(Outcome::Ran(place.clone()), span, named(Called::Part)),
            "undone" => self.expect(Outcome::Undone(place.clone()), span, named(Called::Part)),
            "untouched" => self.expect(Outcome::Untouched(place.clone()), span, named(Called::Part)),
            "ends" => self.ends(place, (span, at)),
            _ => {}
        }
    }

    fn expect(&mut self, what: Outcome, span: Span, named: Option<Mention>) {
        self.scenario.expected.push(Expected { what, span });
        self.mentions.extend(named);
    }

    fn with(&mut self, operand: &Operand, span: Span) {
        let Operand::Assign(name, value, ty, at) = operand else { return };
        self.once("with", name, *at, "is given two values");
        let value = fixed_value(value);
        // A value of no type is reported.
        if value.is_none() && *ty != Type::Unknown {
            self.not_fixed(*at, "what a name holds in a scenario must be fixed");
        }
        let called = Called::Variable(value.clone());
        self.mentions.push(Mention { name: name.clone(), span: *at, called });
        self.scenario.with.push(With { name: name.clone(), value, span });
    }

    fn given(&mut self, line: &Stmt, place: &str, at: Option<Span>) {
        let span = self.low.head(line.span);
        let says = self.says(line);
        if let Some(at) = at {
            self.once("given", place, at, "answers twice");
            let (name, called) = match (&says, place.strip_prefix(UNDO)) {
                (Some(Says::Answer(value)), _) => {
                    (place, Called::Question(value.clone(), answer_of(line).map_or(at, |(_, at)| at)))
                }
                (_, Some(step)) => (step, Called::Undo),
                _ => (place, Called::Part),
            };
            self.mentions.push(Mention { name: name.to_owned(), span: at, called });
        }
        self.scenario.given.push(Given { place: place.to_owned(), says, span });
    }

    /// How something answers.
    fn says(&mut self, line: &Stmt) -> Option<Says> {
        let help = "add `failure`, `clean`, `unknown`, `hang` or `crash`; for a person `answers VALUE`";
        let Some(option) = line.options.first() else {
            if !self.low.is_line_unread(line.span) {
                let span = self.low.head(line.span);
                self.low.error(codes::NEEDS_OPTION, span, "`given` does not say how it answers", help);
            }
            return None;
        };
        if let Some(second) = line.options.get(1) {
            let report = Diagnostic::error(codes::TWICE, second.span, "it cannot answer in two ways");
            self.low.report(
                report.also(option.span, "the first one").help("keep one; a second way is a second scenario"),
            );
        }
        if option.word != "answers" {
            return Some(Says::Injected(option.word.to_owned()));
        }
        let value = answer_of(line).map(|(value, _)| fixed_value(value))?;
        if value.is_none() {
            self.not_fixed(option.span, "what a person answers in a scenario must be fixed");
        }
        value.map(Says::Answer)
    }

    fn not_fixed(&mut self, span: Span, message: &str) {
        let help = "write the value itself: a text in quotes, a number, `true`, a list of them";
        self.low.error(codes::NOT_FIXED, span, message, help);
    }

    fn ends(&mut self, end: String, (span, at): (Span, Option<Span>)) {
        if let Some(at) = at {
            self.once("ends", "", at, "ends twice");
            if !ENDS.contains(&end.as_str()) {
                self.unknown_end(&end, at);
            }
        }
        self.scenario.expected.push(Expected { what: Outcome::Ends(end), span });
    }

    fn unknown_end(&mut self, end: &str, at: Span) {
        let report = Diagnostic::error(codes::UNKNOWN_END, at, format!("no run ends as \"{end}\""));
        let report = match nearest(end, ENDS.iter().copied()) {
            Some(near) => report.help(format!("did you mean \"{near}\"?")).guess(
                format!("write \"{near}\""),
                at,
                format!("\"{near}\""),
            ),
            None => report.help(format!("a run ends as one of {}", listed(ENDS))),
        };
        self.low.report(report);
    }

    /// Reports what is said a second time.
    fn once(&mut self, what: &'static str, of: &str, span: Span, twice: &str) {
        let Some(first) = self.said.insert((what, of.to_owned()), span) else { return };
        let message = if of.is_empty() { format!("the scenario {twice}") } else { format!("`{of}` {twice}") };
        let report = Diagnostic::error(codes::TWICE, span, message).also(first, "the first one");
        self.low.report(report.help("keep one of them; what else may happen is another scenario"));
    }

    fn says_its_end(&mut self, stmt: &Stmt) {
        let said = self.scenario.expected.iter().any(|expected| matches!(expected.what, Outcome::Ends(_)));
        if said || self.low.is_unread(stmt.span) {
            return;
        }
        let help = "add as its last line `ends \"completed\"`, or how else the run ends";
        let (span, message) = (self.scenario.span, "the scenario does not say how the run ends");
        self.low.error(codes::NO_END_SAID, span, message, help);
    }
}

/// What a person says, and where that stands.
fn answer_of(line: &Stmt) -> Option<(&Expr, Span)> {
    line.options.iter().flat_map(|option| &option.values).find_map(|operand| match operand {
        Operand::Expr(value, _, at) => Some((value, *at)),
        _ => None,
    })
}

/// A value in which nothing has to be looked up.
fn fixed_value(expr: &Expr) -> Option<Value> {
    eval(expr, &HashMap::new()).ok()
}
