//! Where a statement may stand, and whether `look` belongs before it.

use super::habits;
use super::kinds::{self, needs_look, own_place, place_words};
use super::names::of_kind;
use super::resolver::{Cx, Resolver};
use super::spans::head_span;
use super::{DefId, DefKind, Form, Place, Schema, Stmt};
use crate::diag::{Diagnostic, codes};
use crate::syntax::tree;
use crate::text::Span;

/// Requests that nobody makes only to look.
const CHANGING: &[&str] = &["http PUT ", "http PATCH ", "http DELETE "];

impl Resolver<'_> {
    /// Whether a statement may stand where it does; says so where it may not.
    pub(super) fn check_place(&mut self, schema: &'static Schema, head: Span, cx: Cx) -> bool {
        let Some(place) = cx.place else { return true };
        if place == Place::Scenario && !schema.stands_in.contains(&place) {
            self.untested(schema, head);
            return false;
        }
        if (schema.word, place) == ("input", Place::Module) {
            let help = "what a module is given stands in the parameters of its checks and steps";
            self.error(codes::MISPLACED, head, "a module has no `input`", help);
            return false;
        }
        if matches!(schema.word, "runbook" | "module" | "use" | "input") {
            let message = format!("`{}` cannot stand inside a block", schema.word);
            self.error(codes::MISPLACED, head, message, "it stands at the top of a file");
            return false;
        }
        if !schema.stands_in.contains(&place) {
            self.misplaced(schema, head, place);
            return false;
        }
        let around = self.frame.inside.iter().rev().find(|word| schema.never_inside.contains(word));
        let around = around.copied().or_else(|| {
            let hidden = kinds::is_part(schema) && !cx.direct;
            self.frame.inside.last().copied().filter(|_| hidden)
        });
        if let Some(around) = around {
            let message = format!("{} cannot stand inside `{around}`", of_kind(schema.word));
            let help = if kinds::is_part(schema) {
                format!("it belongs to the block around: no `{around}` can hide it or repeat it")
            } else {
                format!("move it out of the `{around}`")
            };
            self.error(codes::MISPLACED, head, message, &help);
        }
        around.is_none()
    }

    /// Whether a statement may stand here; one that may not was reported, and nothing follows from it.
    pub(super) fn is_placed(&self, schema: &Schema, cx: Cx) -> bool {
        let inside = self.frame.inside.iter().any(|word| schema.never_inside.contains(word));
        !inside && cx.place.is_none_or(|place| schema.stands_in.contains(&place))
    }

    /// A statement of a run in a scenario.
    fn untested(&mut self, schema: &'static Schema, head: Span) {
        let message = format!("{} cannot stand {}", of_kind(schema.word), place_words(Place::Scenario));
        let report = Diagnostic::error(codes::MISPLACED, head, message);
        self.report(match self.one_vowel_off(schema.word, Place::Scenario) {
            Some(meant) => {
                report.help(format!("did you mean `{meant}`?")).guess(format!("write `{meant}`"), head, meant)
            }
            None => report.help(habits::tested(schema.word)),
        });
    }

    fn misplaced(&mut self, schema: &'static Schema, head: Span, place: Place) {
        let message = format!("{} cannot stand {}", of_kind(schema.word), place_words(place));
        let places = self.kinds.places_of(schema.word);
        let mut words: Vec<_> = places.iter().map(|place| place_words(*place)).collect();
        words.dedup();
        let change = matches!(schema.word, "step" | "manual")
            && matches!(
                place,
                Place::Check | Place::Guard | Place::DoneWhen | Place::ModuleCheck | Place::Gate
            );
        let help = if let Some(instead) = habits::instead(schema.word, place_name(place)) {
            instead.to_owned()
        } else if change {
            "it changes the world, and here one only looks".to_owned()
        } else if place == Place::Module {
            "a module holds `use`, `let`, and definitions of `check` and `step` with parameters".to_owned()
        } else if let Some(around) = self.kinds.with_option(schema.word, Some(place)) {
            format!(
                "for the whole `{}` it stands on its line, before the `{{`; else {}",
                around.word,
                join_or(&words)
            )
        } else {
            format!("it stands {}", join_or(&words))
        };
        let report = Diagnostic::error(codes::MISPLACED, head, message);
        if let Some(meant) = self.one_vowel_off(schema.word, place) {
            let report = report.help(format!("did you mean `{meant}`?"));
            let report = report.guess(format!("write `{meant}`"), head, meant);
            return self.report(report.hides(self.behind_words(head)));
        }
        let report = report.help(help);
        // One at the top names the step that it undoes.
        let names = matches!(schema.word, "rollback" | "restore") && place == Place::Runbook;
        self.report(if names { report.hides(self.behind_words(head)) } else { report });
    }

    /// The keyword that may stand there and differs from another in one vowel: `run` for `ran`.
    fn one_vowel_off(&self, word: &str, place: Place) -> Option<&'static str> {
        let vowel = |letter: char| "aeiou".contains(letter);
        let differ = |other: &str| {
            let mut pairs = word.chars().zip(other.chars()).filter(|(one, other)| one != other);
            let one = pairs.next().is_some_and(|(one, other)| vowel(one) && vowel(other));
            one && pairs.next().is_none()
        };
        let run = self.kinds.places_of("run").contains(&place).then_some("run");
        let all = self.kinds.words_in(Some(place)).into_iter().chain(run);
        all.into_iter().find(|other| other.len() == word.len() && differ(other))
    }

    /// A module step stands where a step stands, inside an undo, or as the whole of a step.
    pub(super) fn check_step_place(&mut self, def: DefId, span: Span, cx: Cx) {
        let Some((DefKind::Step, name)) = self.def(def).map(|slot| (slot.kind, slot.name.clone())) else {
            return;
        };
        let Some(place) = cx.place else { return };
        let steps = self.kinds.find("step", cx.place).is_some_and(|step| step.stands_in.contains(&place));
        if !steps && !matches!(place, Place::Step | Place::Manual | Place::Undo) {
            let message = format!("`{name}` is a step and cannot stand {}", place_words(place));
            self.error(
                codes::MISPLACED,
                span,
                message,
                "it stands where a `step` stands, or in a `rollback` or `restore`",
            );
        }
    }

    pub(super) fn check_look(&mut self, schema: &'static Schema, written: &tree::Stmt, cx: Cx) {
        let effect = schema.effect;
        match (written.look, cx.place) {
            (Some(look), _) if !effect => {
                let message = format!("`look` does not apply to {}", of_kind(schema.word));
                let report = Diagnostic::error(codes::LOOK_SURPLUS, look, message);
                self.report(report.help("it stands before `run`, `http` and scripts; drop it").fix(
                    "drop `look`",
                    self.with_blanks(look),
                    "",
                ));
            }
            (None, Some(place))
                if effect
                    && needs_look(place)
                    && schema.stands_in.contains(&place)
                    && !self.is_unclosed(written) =>
            {
                let head = head_span(&written.head, written.span);
                let message = format!("{} stands outside a step", of_kind(schema.word));
                let at = Span { end: head.start, ..head };
                let report = Diagnostic::error(codes::LOOK_NEEDED, head, message)
                    .help("if it changes anything, put it into a `step` that says how to undo it");
                let words = self.words(head);
                let changes = CHANGING.iter().any(|method| words.starts_with(method));
                self.report(if changes {
                    report
                } else {
                    let report = report.help("if it only looks, write `look` before it");
                    report.guess("say that it only looks", at, "look ")
                });
            }
            _ => {}
        }
    }
}

/// The word of a place by which habits know it.
fn place_name(place: Place) -> &'static str {
    match place {
        Place::Gate => "gate",
        Place::Choose => "choose",
        Place::Step | Place::Manual => "step",
        Place::Guard => "guard",
        Place::DoneWhen => "done when",
        Place::TextBlock => "prose",
        Place::RunBlock | Place::FenceBlock | Place::HttpBlock => "effect",
        Place::Runbook | Place::Phase => "top",
        _ => "",
    }
}

/// Whether a module step is among what a block does.
pub(super) fn step_call<'s>(stmt: &'s Stmt, defs: &impl Fn(DefId) -> bool) -> Option<&'s Stmt> {
    match &stmt.form {
        Form::Call(call) if defs(call.def) => Some(stmt),
        _ if own_place(stmt.schema).is_none() => stmt.body.iter().find_map(|inner| step_call(inner, defs)),
        _ => None,
    }
}

fn join_or(words: &[&str]) -> String {
    match words {
        [] => "nowhere".into(),
        [one] => (*one).into(),
        [first, .., _, _, _, _] => format!("{first} and in other blocks"),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}
