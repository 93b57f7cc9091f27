//! What an editor shows between the words: the numbers of steps, the order in which they would be undone, types of bindings.

use super::View;
use super::standing::{Standing, every};
use crate::program::{Named, Place};
use crate::syntax::tree::{Head, Stmt};
use crate::text::SourceId;
use crate::value::Type;

/// Something shown between the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Behind this byte.
    pub at: u32,
    /// What is shown.
    pub text: String,
    /// Why, in a sentence.
    pub why: String,
}

/// The hints of a file, in the order of places.
#[must_use]
pub fn hints(view: &View<'_>) -> Vec<Hint> {
    let Some(file) = view.file() else { return vec![] };
    let mut steps = Steps::default();
    if super::standing::top(file.tree) == Place::Runbook {
        every(file.tree, &mut |standing| steps.visit(standing));
    }
    let mut found = steps.hints();
    found.extend(types(view));
    found.sort_by_key(|hint| hint.at);
    found
}

/// The steps of a runbook as they come.
#[derive(Default)]
struct Steps {
    numbers: Vec<(u32, usize)>,
    count: usize,
    /// Where the undos stand that a failure would owe, up to each `commit`.
    undos: Vec<Vec<u32>>,
    /// A runbook that is called has steps of its own: behind it numbers are not known from this file.
    called: bool,
}

impl Steps {
    fn visit(&mut self, standing: &Standing<'_>) {
        let stmt = standing.stmt;
        match (&stmt.head, standing.place) {
            (Head::Word(word), Some(place)) => match word.text.as_str() {
                "step" | "manual" => self.step(word.span.end),
                "call" => self.called = true,
                "commit" => self.undos.push(vec![]),
                "rollback" if matches!(place, Place::Step | Place::Manual) => self.undo(stmt, word.span.end),
                _ => {}
            },
            (Head::Call(call), Some(Place::Runbook | Place::Phase | Place::Attempt | Place::Answer)) => {
                self.step(call.span.start);
            }
            _ => {}
        }
    }

    fn step(&mut self, at: u32) {
        self.count += 1;
        if !self.called {
            self.numbers.push((at, self.count));
        }
    }

    fn undo(&mut self, stmt: &Stmt, at: u32) {
        if stmt.block.is_none() {
            return;
        }
        match self.undos.last_mut() {
            Some(last) => last.push(at),
            None => self.undos.push(vec![at]),
        }
    }

    fn hints(self) -> Vec<Hint> {
        let numbers = self.numbers.into_iter().map(|(at, number)| Hint {
            at,
            text: format!(" {number}"),
            why: format!("Step {number} of the plan."),
        });
        let undos = self.undos.into_iter().flat_map(|part| {
            let all = part.len();
            part.into_iter().enumerate().map(move |(at, place)| {
                let turn = all - at;
                let why = format!(
                    "If what follows fails, this is undone as number {turn} of {all}: the last first."
                );
                Hint { at: place, text: format!(" {turn}/{all}"), why }
            })
        });
        numbers.chain(undos).collect()
    }
}

/// The types of bindings that name none.
fn types(view: &View<'_>) -> Vec<Hint> {
    let Some(file) = view.file() else { return vec![] };
    let mut untyped = vec![];
    every(file.tree, &mut |standing| {
        untyped.extend(standing.stmt.bind.iter().filter(|bind| bind.ty.is_none()).map(|bind| bind.name.span));
    });
    let here = SourceId::default();
    let bound = view.index.mentions.iter().filter(|one| one.binds && one.span.source == here);
    let hint = |one: &crate::program::Mention| {
        let Named::Var(var) = one.named else { return None };
        untyped.binary_search(&one.span).ok()?;
        let ty = &view.index.var(var)?.ty;
        let known = !matches!(ty, Type::Unknown | Type::Nothing);
        known.then(|| Hint {
            at: one.span.end,
            text: format!(": {ty}"),
            why: format!("It is of the type `{ty}`."),
        })
    };
    bound.filter_map(hint).collect()
}
