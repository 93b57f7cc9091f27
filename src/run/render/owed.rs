//! What is owed, for somebody who has to settle a run: each undo in its turn, with the commands that it would run.
//!
//! For reading only: what is not known, or not any more, stands there by its name, and a secret never.

use std::sync::Arc;

use super::{Page, act, title_of};
use crate::event::{Claim, FrameId, Purpose, RunState, Site, Turn};
use crate::plan::{Act, Answer, Arm, Class, Eval, Loop, NodeId, Op, Plan, Step, Undo, What};
use crate::value::{Expr, MASKED, Value, VarId, holds_secret, shell_word, show};

/// An undo that is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwedUndo {
    /// The title of its step.
    pub title: String,
    /// Which of the two.
    pub what: What,
    /// The commands, requests and questions that it changes something with, one line each.
    pub does: Vec<String>,
}

impl std::fmt::Display for OwedUndo {
    /// `rollback of "Migrate": ./migrate down`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of \"{}\"", self.what.word(), self.title)?;
        if self.does.is_empty() { Ok(()) } else { write!(f, ": {}", self.does.join("; ")) }
    }
}

/// What is owed in a scope, in the order in which it would be undone; of one step its rollback before its restore.
#[must_use]
pub fn owed_undos(plan: &Plan, state: &RunState, scope: FrameId) -> Vec<OwedUndo> {
    let claims = state.owed_within(plan, scope);
    let mut seen = state.clone();
    claims.iter().flat_map(|claim| undos_of(plan, &mut seen, claim)).collect()
}

fn undos_of(plan: &Plan, seen: &mut RunState, claim: &Claim) -> Vec<OwedUndo> {
    let Claim { debt, around } = claim;
    let Some(step) = plan.step(debt.node) else { return vec![] };
    let title = seen.stand_in(*around, &debt.turns);
    let title = title_of(plan, seen, title, debt.node).unwrap_or_default();
    let parts = [
        (What::Rollback, rollback(step), debt.rollback),
        (What::Restore, step.restore.as_ref(), debt.restore),
    ];
    let owed = parts.into_iter().filter(|(.., owed)| *owed);
    let told = owed.filter_map(|(what, undo, _)| {
        let body = undo?.body;
        let running =
            seen.frames().find(|frame| frame.purpose == Purpose::Undo(debt.step) && frame.node == body);
        let (around, turns) = running.map_or((*around, debt.turns.clone()), |frame| (frame.id, vec![]));
        let mut reader = Reader { plan, seen: &mut *seen, around, turns, found: vec![] };
        reader.read(body);
        Some(OwedUndo { title: title.clone(), what, does: reader.does() })
    });
    told.collect()
}

fn rollback(step: &Step) -> Option<&Undo> {
    match &step.undo {
        Answer::Rollback(undo) => Some(undo),
        _ => None,
    }
}

/// Of a list so many items are told one by one.
const ITEMS: usize = 20;

/// Reads a body that is still to run, as far as values are known.
struct Reader<'a> {
    plan: &'a Plan,
    seen: &'a mut RunState,
    /// Where it is read from.
    around: FrameId,
    /// What is known beside: of turns that are over, and what the body will compute. The innermost first.
    turns: Vec<Arc<Turn>>,
    /// Each effect that was met: whether it changes something, and in one line.
    found: Vec<(bool, String)>,
}

impl Reader<'_> {
    /// What it does to the world, line by line; where it does nothing but look, what it looks at.
    fn does(self) -> Vec<String> {
        let changes = self.found.iter().any(|(changes, _)| *changes);
        self.found.into_iter().filter(|(own, _)| *own == changes).map(|(_, line)| line).collect()
    }

    fn page(&mut self, node: NodeId) -> Page<'_> {
        let frame = self.seen.stand_in(self.around, &self.turns);
        Page { plan: self.plan, state: self.seen, site: Site { frame, node } }
    }

    fn read(&mut self, node: NodeId) {
        match self.plan.op(node) {
            Some(Op::Do(_)) => {
                let changes = self.plan.class_of(node) != Class::Looks;
                let line = self.page(node).line();
                self.found.push((changes, line));
            }
            Some(Op::Eval(Eval::Let(bind))) => {
                if let Ok(value) = self.page(node).eval(&bind.value) {
                    self.know(bind.var, value);
                }
            }
            Some(Op::Branch(arms)) => self.taken(arms),
            Some(Op::Loop(of)) => match of.as_ref() {
                Loop::For { item, list, body, .. } => self.turns(*item, list, *body),
                Loop::Repeat { body, .. } | Loop::Poll { body, .. } => self.aside(*body),
            },
            Some(Op::Group(group)) => group.children.iter().for_each(|child| self.read(*child)),
            _ => {}
        }
    }

    fn know(&mut self, var: VarId, value: Value) {
        let vars = std::iter::once((var, value)).collect();
        self.turns.insert(0, Arc::new(Turn { frame: self.around, vars }));
    }

    /// Each turn where the list is known; else one, without its item.
    fn turns(&mut self, item: VarId, list: &Expr, body: NodeId) {
        let items = match self.page(body).eval(list) {
            Ok(Value::List(items)) if items.len() <= ITEMS => items.to_vec(),
            _ => return self.aside(body),
        };
        for value in items {
            let before = self.turns.clone();
            self.know(item, value);
            self.read(body);
            self.turns = before;
        }
    }

    /// What is known of a part that may not run so is forgotten behind it.
    fn aside(&mut self, body: NodeId) {
        let before = self.turns.clone();
        self.read(body);
        self.turns = before;
    }

    /// The arm that is taken; all that may be, where that is not known.
    fn taken(&mut self, arms: &[Arm]) {
        for arm in arms {
            let when = arm.when.as_ref();
            let holds = when.map_or(Ok(Value::Bool(true)), |when| self.page(arm.body).eval(when));
            match holds {
                Ok(Value::Bool(true)) => return self.read(arm.body),
                Ok(Value::Bool(false)) => {}
                _ => self.aside(arm.body),
            }
        }
    }
}

impl Page<'_> {
    /// One effect in one line.
    fn line(self) -> String {
        let Ok(effect) = self.effect() else { return String::new() };
        let on = self.target(effect).ok().flatten().map(|on| format!("on {on}: ")).unwrap_or_default();
        let text = match &effect.act {
            Act::Run { words, .. } => {
                words.iter().map(|word| self.word(&word.value, word.splice)).collect::<Vec<_>>().join(" ")
            }
            Act::Script { interpreter, script, .. } => {
                format!("script {}: {}", interpreter.join(" "), first_line(script))
            }
            Act::Http { method, url, .. } => format!("{method} {}", self.known(url, show)),
            act => match act::act(self, act) {
                Ok((shown, _)) => first_line(&shown),
                Err(why) => format!("({why})"),
            },
        };
        on + &text
    }

    fn word(self, word: &Expr, splice: bool) -> String {
        self.known(word, |value| match value {
            Value::List(items) if splice => items.iter().map(quoted).collect::<Vec<_>>().join(" "),
            value => quoted(value),
        })
    }

    /// A value as it is told; one that is not known by its name.
    fn known(self, expr: &Expr, tell: impl Fn(&Value) -> String) -> String {
        match self.eval(expr) {
            Ok(value) if holds_secret(&value) => MASKED.into(),
            Ok(value) => tell(&value),
            Err(_) => {
                let mut names = vec![];
                expr.vars(&mut |var| {
                    let missing = self.state.value(self.site.frame, var).is_none();
                    names.extend(self.plan.var(var).filter(|_| missing).map(|var| var.name.as_str()));
                });
                format!("⟨{}⟩", names.join(", "))
            }
        }
    }
}

fn quoted(value: &Value) -> String {
    if holds_secret(value) {
        return MASKED.into();
    }
    shell_word(&show(value))
}

fn first_line(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    if lines.next().is_some() { format!("{first} …") } else { first.to_owned() }
}
