//! The questions of the runbook to people.

use super::{JobKind, Page, path_of};
use crate::event::{Context, Kind};
use crate::plan::{Question, QuestionKind};
use crate::run::choices::scope_to_undo;
use crate::run::door::{Answered, QuestionShown, Request, Then};
use crate::value::{Value, show};

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
            let (showing, expected) = (page.words(showing)?, words(expected)?);
            Answered::Judge { showing, expected, undoes: page.fail_undoes() }
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

impl Page<'_> {
    /// What follows where a "fail" of who is asked here is a decision, by which something is undone. In a gate it only holds.
    fn fail_undoes(self) -> Option<Then> {
        let frame = self.state.frame(self.site.frame)?;
        let decides = frame.context == Context::Forward && !matches!(frame.kind, Kind::Gate(_));
        let (scope, then) = scope_to_undo(self.plan, self.state, frame.id);
        let undoes = self.state.may_unwind(frame.id) && !self.state.owed_within(self.plan, scope).is_empty();
        (decides && undoes).then_some(then)
    }
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
