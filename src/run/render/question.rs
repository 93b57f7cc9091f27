//! Questions to people: those of the runbook, and those about what failed.

use super::{Job, JobKind, Page, path_of};
use crate::event::{Debt, Frame, FrameId, Kind, Outcome, Owed, RunState, Slot, Status, step_around};
use crate::plan::{Answer, Class, Plan, Question, QuestionKind};
use crate::run::decide::{Trouble, TroubleKind};
use crate::run::door::{Answered, QuestionShown, Request};
use crate::value::{Layered, Value, eval, show};

pub(super) fn ask(page: Page<'_>, question: &Question) -> Result<(String, JobKind), String> {
    let text = page.words(&question.text)?;
    let mut path = path_of(page.plan, page.state, page.site);
    if matches!(question.kind, QuestionKind::Ask { .. }) {
        // What is asked for is known by its name, which stands at the end of the way instead.
        path.pop();
    }
    let shown = QuestionShown {
        path,
        text: text.clone(),
        prose: page.plan.node(page.site.node).and_then(|node| node.prose.clone()),
        by: question.by.clone(),
        holder: question.by.as_ref().and_then(|role| page.state.roles.get(role).cloned()),
        kind: kind(page, &question.kind)?,
    };
    Ok((text, JobKind::Host(Request::Ask(Box::new(shown)))))
}

fn kind(page: Page<'_>, kind: &QuestionKind) -> Result<Answered, String> {
    let words = |expr: &Option<crate::value::Expr>| expr.as_ref().map(|expr| page.words(expr)).transpose();
    Ok(match kind {
        QuestionKind::Confirm { typing, optional } => {
            Answered::Confirm { typing: words(typing)?, optional: *optional }
        }
        QuestionKind::Ask { name, ty, choices, default } => Answered::Value {
            name: name.clone(),
            ty: ty.clone(),
            choices: menu(page, ty, choices.as_ref())?,
            default: default.as_ref().map(|default| page.eval(default)).transpose()?,
        },
        QuestionKind::Judge { showing, expected } => {
            Answered::Judge { showing: page.words(showing)?, expected: words(expected)? }
        }
        QuestionKind::Choose { answers } => Answered::Choose(answers.clone()),
        QuestionKind::Manual => Answered::Manual,
        QuestionKind::Approval { quorum, showing, self_approval, .. } => Answered::Approval {
            quorum: quorum.iter().map(|quorum| (quorum.need, quorum.from.clone())).collect(),
            showing: words(showing)?,
            self_approval: *self_approval,
        },
    })
}

fn menu(
    page: Page<'_>,
    ty: &crate::value::Type,
    choices: Option<&crate::value::Expr>,
) -> Result<Vec<String>, String> {
    match (choices.map(|choices| page.eval(choices)).transpose()?, ty) {
        (Some(Value::List(items)), _) => Ok(items.iter().map(show).collect()),
        (Some(_), _) => Err("the choices are not a list".into()),
        (None, crate::value::Type::OneOf(texts)) => Ok(texts.clone()),
        (None, _) => Ok(vec![]),
    }
}

impl Page<'_> {
    /// The question about something that failed, is unknown or holds.
    pub(super) fn about(self, trouble: &Trouble) -> Job {
        let path = path_of(self.plan, self.state, self.site);
        let text = trouble.why.clone();
        let kind = self.kind_of(trouble);
        // Of what failed the prose was read before it began.
        let node = self.plan.node(self.site.node).filter(|_| trouble.kind == TroubleKind::Step);
        let prose = node.and_then(|node| node.prose.clone());
        let asked = QuestionShown {
            path,
            text: if node.is_some() { String::new() } else { text.clone() },
            prose,
            by: None,
            holder: None,
            kind,
        };
        Job {
            shown: text,
            work: JobKind::Host(Request::Ask(Box::new(asked))),
            verify: vec![],
            class: Class::Asks,
            timeout: None,
            on: None,
        }
    }

    fn kind_of(self, trouble: &Trouble) -> Answered {
        let forward_only =
            self.state.committed && self.state.scope_of_inner(self.site.frame) == RunState::ROOT;
        let undo = if forward_only { "give up" } else { "roll back" };
        match trouble.kind {
            TroubleKind::Held => {
                Answered::Hold { table: self.table(), choices: vec!["test again", "reject", "leave"] }
            }
            TroubleKind::Unknown | TroubleKind::Undo => {
                let what = super::started(self.plan, self.state, self.site);
                let what = what.map(|what| format!("It was: {what}")).unwrap_or_default();
                Answered::Unknown { what, choices: vec!["done", "again", undo, "leave"] }
            }
            TroubleKind::Step => self.before_step(vec!["run", "skip", "by hand", undo, "leave"]),
            TroubleKind::Cancelled if self.is_undoing() => self.failed(vec!["go on", "leave"]),
            TroubleKind::Guard | TroubleKind::Cancelled => self.failed(vec!["go on", undo, "leave"]),
            TroubleKind::Failed if forward_only => self.failed(vec!["retry", "by hand", "give up", "leave"]),
            TroubleKind::Failed => self.failed(vec!["retry", "by hand", "go on", "roll back", "leave"]),
        }
    }

    fn is_undoing(self) -> bool {
        self.state.frame(self.site.frame).is_some_and(Frame::is_undoing)
    }

    fn failed(self, choices: Vec<&'static str>) -> Answered {
        let note =
            self.state.slot(self.site).and_then(Slot::effect).map(|run| run.note.clone()).unwrap_or_default();
        let hint = self.hint(&note.tail).or_else(|| self.hint(&note.message));
        Answered::Failed { what: note.tail, hint, undo: self.would_be_undone(), choices }
    }

    /// The remedy of the first known failure that the output matches.
    fn hint(self, output: &str) -> Option<String> {
        let step = step_around(self.plan, self.state, self.site.frame)?;
        let matches =
            |pattern: &str| regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(output));
        step.hints.iter().find(|hint| matches(&hint.pattern)).map(|hint| hint.remedy.clone())
    }

    /// Titles of the steps that owe their undo in the scope, newest first.
    fn would_be_undone(self) -> Vec<String> {
        let scope = self.state.scope_of_inner(self.site.frame);
        let mut titles = vec![];
        for frame in self.state.frames().filter(|frame| self.is_within(frame, scope)) {
            let lists = frame.branches.iter().flat_map(|(_, owed)| owed).chain(&frame.owed);
            lists.for_each(|owed: &Owed| owed.each(&mut |debt| titles.extend(self.debt(frame.id, debt))));
            if frame.as_step().is_some_and(|step| step.started.is_some()) && has_undo(self.plan, frame.node) {
                titles.extend(super::title_of(self.plan, self.state, frame.id, frame.node));
            }
        }
        titles.reverse();
        titles
    }

    fn is_within(self, frame: &Frame, scope: FrameId) -> bool {
        let parent = |frame: &&Frame| frame.parent.and_then(|parent| self.state.frame(parent));
        std::iter::successors(Some(frame), parent).any(|around| around.id == scope)
    }

    /// The title of a step that owes its undo; a turn that it ran in is over, its values are kept with it.
    fn debt(self, frame: FrameId, debt: &Debt) -> Option<String> {
        let title = self.plan.node(debt.node)?.title.as_ref()?;
        let outer = self.state.seen_from(frame);
        let title = eval(title, &Layered { inner: &debt.turns.as_slice(), outer: &outer });
        title.ok().map(|title| show(&title)).filter(|_| debt.rollback || debt.restore)
    }

    /// The items of a gate, or the one look of a check.
    fn table(self) -> Vec<(String, Outcome, String)> {
        let Some(frame) = self.state.frame(self.site.frame) else { return vec![] };
        let Some(crate::plan::Op::Group(group)) = self.plan.node(frame.node).map(|node| &node.op) else {
            return vec![];
        };
        let is_gate = matches!(frame.kind, Kind::Gate(_));
        let items = group.children.iter().filter(|child| is_gate || **child == self.site.node);
        items.map(|child| self.row(frame, *child)).collect()
    }

    fn row(self, frame: &Frame, child: crate::plan::NodeId) -> (String, Outcome, String) {
        let title = super::title_of(self.plan, self.state, frame.id, child).unwrap_or_default();
        let Some(slot) = frame.slot(child) else { return (title, Outcome::Done, String::new()) };
        let unclear = matches!(&slot.fault, Some((crate::event::Fault::Inconclusive, _)));
        let finding = slot.fault.as_ref().map(|fault| fault.1.clone());
        let finding =
            finding.or_else(|| slot.effect().map(|run| run.note.message.clone())).unwrap_or_default();
        let outcome = match slot.effect().map(|run| &run.status) {
            Some(Status::Failed(outcome)) => *outcome,
            _ if unclear => Outcome::Inconclusive,
            _ => Outcome::Failed,
        };
        (title, outcome, finding)
    }
}

/// Whether a step that began leaves something to run if it fails.
fn has_undo(plan: &Plan, step: crate::plan::NodeId) -> bool {
    plan.step(step).is_some_and(|step| matches!(step.undo, Answer::Rollback(_)) || step.restore.is_some())
}
