//! Steps of a plan: their options, what they do to the world, how they are undone.

use super::item::{Item, StepRef};
use super::named::named;
use super::tell::{Teller, line};
use super::words::Origin;
use crate::plan::{Answer, Due, DueSince, Group, NodeId, Step, StepClass, Undo, step_class};
use crate::value::Expr;
impl Teller<'_> {
    pub(super) fn step(&mut self, id: NodeId, step: &Step, group: &Group, title: String) -> Item {
        let kind = if step.manual { "manual" } else { "step" };
        let number = self.told.steps.len() + 1;
        let named = StepRef { number, title: title.clone() };
        self.point(id, kind, &title);
        let class = self.class(id, &named);
        self.told.steps.insert(id, named);
        let outer = std::mem::replace(&mut self.known.here, Origin { node: Some(id), title: title.clone() });
        let items = self.at(self.inside(), |teller| teller.step_items(step, group));
        self.known.here = outer;
        let options = self.step_options(step);
        let on = step.on.as_ref().map(|on| self.known.show(on)).filter(|on| on != "local");
        let title = Some(title);
        Item { kind, number: Some(number), title, on, class, options, items, ..Item::default() }
    }

    fn class(&mut self, id: NodeId, named: &StepRef) -> &'static str {
        let class = step_class(self.plan, id);
        self.told.changing += usize::from(class != StepClass::Reads);
        match class {
            StepClass::Reads => "reads",
            StepClass::Changes => "changes",
            StepClass::Irreversible => {
                self.told.irreversible.push(named.clone());
                "irreversible"
            }
        }
    }

    fn step_items(&mut self, step: &Step, group: &Group) -> Vec<Item> {
        let mut items = vec![];
        if let Some(body) = step.done_when {
            items.push(self.aside(Item { kind: "done when", ..Item::default() }, body));
        }
        items.extend(self.children(group));
        match &step.undo {
            Answer::Rollback(undo) => items.push(self.undo("rollback", undo)),
            Answer::Nothing(why) => items.push(line("rollback none", why)),
            Answer::Irreversible | Answer::Unanswered => {}
        }
        items.extend(step.restore.as_ref().map(|undo| self.undo("restore", undo)));
        items
    }

    fn step_options(&self, step: &Step) -> Vec<String> {
        let condition = step.condition.as_ref().map(|condition| self.condition("if", condition));
        let timeout = step.timeout.as_ref().map(|limit| format!("timeout {}", self.known.show(limit)));
        let marks = [(step.atomic, "atomic"), (step.idempotent, "idempotent")];
        let marks = marks.into_iter().filter(|(set, _)| *set).map(|(_, word)| word.to_owned());
        let due = step.due.as_ref().map(|due| self.due(due));
        let retry = self.retry(step.retry.as_ref());
        condition.into_iter().chain(timeout).chain(retry).chain(marks).chain(due).collect()
    }

    fn due(&self, due: &Due) -> String {
        let since = match &due.since {
            DueSince::Step(step) => {
                let title = self.plan.node(*step).and_then(|node| node.title.as_ref());
                format!("\"{}\"", title.map(|title| self.known.brief(title)).unwrap_or_default())
            }
            DueSince::Time(time) => self.known.show(time),
        };
        format!("due {} after {since}", self.known.show(&due.after))
    }

    /// A condition in the author's names, and how it stands where that is known.
    pub(super) fn condition(&self, word: &str, condition: &Expr) -> String {
        let holds = match self.known.truth(condition) {
            Some(true) => " (holds)",
            Some(false) => " (does not hold)",
            None => "",
        };
        format!("{word} {}{holds}", named(self.plan, condition))
    }

    fn undo(&mut self, kind: &'static str, undo: &Undo) -> Item {
        let marks = [(undo.once, "once"), (undo.best_effort, "best effort")];
        let marks = marks.into_iter().filter(|(set, _)| *set).map(|(_, word)| word.to_owned());
        let options = marks.chain(self.retry(undo.retry.as_ref())).collect();
        self.aside(Item { kind, options, ..Item::default() }, undo.body)
    }
}
