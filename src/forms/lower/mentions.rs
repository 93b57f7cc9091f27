//! What scenarios name: whether the runbook has something that is called so. A title is matched as it is written; where it
//! holds a value, any text may stand in the value's place.

use std::collections::HashMap;

use super::called::{Title, before, has_values, is_like, pieces};
use super::elsewhere::Elsewhere;
use super::{Lowering, answer, fixed_text};
use crate::diag::{Diagnostic, codes, nearest};
use crate::plan::{Act, Loop, NodeId, Op, Plan, Question, Scenario};
use crate::text::{Sources, Span};
use crate::value::{Value, convert, eval, show};

/// A name that a scenario has for a part of its runbook.
#[derive(Debug)]
pub(crate) struct Mention {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) called: Called,
}

/// What a name is meant to be of.
#[derive(Debug)]
pub(crate) enum Called {
    /// A step, check or question, or what holds them: the end of its path.
    Part,
    /// A step that has an undo.
    Undo,
    /// A question that is answered so, and where that stands.
    Question(Value, Span),
    /// An input or a binding, and what it is to hold.
    Variable(Option<Value>),
}

impl Lowering<'_> {
    /// Keeps what a scenario names until the whole plan stands.
    pub(crate) fn mention(&mut self, mentions: Vec<Mention>, scenario: &Scenario) {
        let lists = scenario.with.iter().filter_map(|with| match &with.value {
            Some(Value::List(items)) => Some(items.iter().map(show).collect::<Vec<_>>()),
            _ => None,
        });
        let items: Vec<String> = lists.flatten().collect();
        self.mentions.push((mentions, items));
    }
}

/// Reports what nothing is called: of each scenario its names, and the items that it gives lists.
/// What may stand where something could not be read is not missed, nor judged.
pub(super) fn check(
    plan: &Plan,
    scenarios: &[(Vec<Mention>, Vec<String>)],
    (sources, unread): (&Sources, &[Span]),
) -> Vec<Diagnostic> {
    if scenarios.is_empty() {
        return vec![];
    }
    let titles = Titles::of(plan);
    let named = || scenarios.iter().flat_map(|(mentions, _)| mentions).map(|mention| mention.span);
    let elsewhere = (!unread.is_empty()).then(|| Elsewhere::of(sources, unread, named()));
    let is_sure = |mention: &Mention, report: &Diagnostic| match &elsewhere {
        Some(elsewhere) if report.code != codes::TYPE_MISMATCH => titles.is_missed(mention, elsewhere),
        _ => true,
    };
    let each =
        scenarios.iter().flat_map(|(mentions, items)| mentions.iter().map(move |mention| (mention, items)));
    let mut told: Vec<_> = each
        .filter_map(|(mention, items)| {
            titles.report(mention, items).filter(|report| is_sure(mention, report))
        })
        .collect();
    told.sort_by_key(|report| report.primary.span);
    told.into_iter().fold(vec![], once)
}

/// One name that nothing has is one report, wherever it stands.
fn once(mut told: Vec<Diagnostic>, report: Diagnostic) -> Vec<Diagnostic> {
    let same = |one: &&mut Diagnostic| (one.code, &one.message) == (report.code, &report.message);
    let Some(first) = told.iter_mut().find(same) else {
        told.push(report);
        return told;
    };
    first.again(report.primary.span);
    if let (Some(fix), Some(more)) = (&mut first.fix, report.fix) {
        fix.edits.extend(more.edits);
    }
    told
}

/// What can be named.
struct Titles<'a> {
    plan: &'a Plan,
    /// The last part of a path, with the node that it leads to.
    all: Vec<(NodeId, Title)>,
    parents: Vec<NodeId>,
    titled: HashMap<NodeId, Title>,
}

impl<'a> Titles<'a> {
    fn of(plan: &'a Plan) -> Self {
        let mut titled = HashMap::new();
        for (at, node) in (0..).map(NodeId).zip(&plan.nodes) {
            titled.extend(node.title.as_ref().map(|title| (at, pieces(title))));
            titled.extend(plan.watches_of(at).iter().map(|watch| (watch.body, pieces(&watch.title))));
        }
        let mut all: Vec<_> = titled.iter().map(|(at, title)| (*at, title.clone())).collect();
        all.sort_by_key(|(at, _)| *at);
        Self { plan, all, parents: plan.parents(), titled }
    }

    fn report(&self, mention: &Mention, items: &[String]) -> Option<Diagnostic> {
        match &mention.called {
            Called::Variable(value) => self.variable(mention, value.as_ref()),
            Called::Question(answer, at) => self.question(mention, answer, *at),
            Called::Part => (!self.is_part(&mention.name, items)).then(|| self.unknown(mention)),
            Called::Undo if !self.is_part(&mention.name, items) => Some(self.unknown(mention)),
            Called::Undo => (!self.has_undo(&mention.name)).then(|| {
                let message = format!("\"{}\" has nothing that undoes it", mention.name);
                Diagnostic::error(codes::NOT_CALLED_SO, mention.span, message)
                    .help("name a step that has a `rollback { … }` or a `restore { … }`")
            }),
        }
    }

    /// Whether nothing is called so that can be read, and nothing may be that cannot.
    fn is_missed(&self, mention: &Mention, elsewhere: &Elsewhere<'_>) -> bool {
        let name = &mention.name;
        match &mention.called {
            Called::Variable(_) => {
                let known = self.plan.vars.iter().any(|variable| variable.name == *name);
                !known && !elsewhere.may_hold_name(name)
            }
            Called::Question(answer, at) if self.is_part(name, &[]) => {
                let refused = self.question(mention, answer, *at);
                let refused = refused.is_some_and(|report| report.code == codes::NOT_CALLED_SO);
                refused && !elsewhere.may_hold_title(&show(answer))
            }
            _ => !self.is_part(name, &[]) && !elsewhere.may_hold_title(name),
        }
    }

    fn is_part(&self, name: &str, items: &[String]) -> bool {
        let last = name.rsplit(" / ").next().unwrap_or_default();
        self.all.iter().any(|(at, title)| self.leads_to(*at, title, name)) || self.is_item(last, items)
    }

    fn has_undo(&self, name: &str) -> bool {
        let mut called = self.all.iter().filter(|(at, title)| self.leads_to(*at, title, name));
        called.any(|(at, _)| !self.plan.undo_bodies(*at).is_empty())
    }

    /// Whether a name is the end of the path to a node.
    fn leads_to(&self, at: NodeId, title: &[String], name: &str) -> bool {
        let mut path = title.to_vec();
        let mut at = at;
        loop {
            if is_like(&path, name)
                || has_values(&path) && is_like(&before(&[" (".into(), ")".into()], &path), name)
            {
                return true;
            }
            let Some(above) = self.above(&mut at) else { return false };
            path = before(&path, &before(&[" / ".into()], &above));
        }
    }

    /// The next part of a path upwards: a title, or the item of a turn.
    fn above(&self, at: &mut NodeId) -> Option<Title> {
        while *at != Plan::ROOT {
            let turn = matches!(self.plan.loop_of(*self.parents.get(at.0 as usize)?), Some(Loop::For { .. }));
            *at = *self.parents.get(at.0 as usize)?;
            if turn {
                return Some(vec![String::new(), String::new()]);
            }
            if let Some(title) = self.titled.get(at) {
                return Some(title.clone());
            }
        }
        None
    }

    /// Whether that is an item of a list that a loop goes over.
    fn is_item(&self, name: &str, items: &[String]) -> bool {
        let lists = self.plan.nodes.iter().filter_map(|node| match &node.op {
            Op::Loop(looped) => match &**looped {
                Loop::For { list, .. } => Some(list),
                _ => None,
            },
            _ => None,
        });
        let mut lists = lists.peekable();
        if lists.peek().is_some() && items.iter().any(|item| item == name) {
            return true;
        }
        lists.any(|list| match eval(list, &HashMap::new()) {
            Ok(Value::List(items)) => items.iter().any(|item| show(item) == name),
            _ => false,
        })
    }

    fn question(&self, mention: &Mention, answer: &Value, at: Span) -> Option<Diagnostic> {
        let title = mention.name.rsplit(" / ").next().unwrap_or_default();
        let questions = self.plan.nodes.iter().filter_map(|node| match &node.op {
            Op::Do(effect) => match &effect.act {
                Act::Person(question) => Some(&**question),
                _ => None,
            },
            _ => None,
        });
        let questions: Vec<&Question> = questions.collect();
        let mut called =
            questions.iter().filter(|question| is_like(&pieces(&question.text), title)).peekable();
        if let Some(first) = called.peek().copied() {
            let taken = called.any(|question| answer::takes(&question.kind, answer));
            return (!taken).then(|| answer::not_taken(title, &first.kind, answer, at));
        }
        let fixed: Vec<String> = questions.iter().filter_map(|question| fixed_text(&question.text)).collect();
        let unnamed = Unnamed {
            name: title,
            span: mention.span,
            message: format!("no question is called \"{}\"", mention.name),
            otherwise: "`answers` names a `confirm`, `ask`, `judge`, `choose`, `approval` or `manual` by its text",
        };
        Some(unnamed.report(&fixed))
    }

    fn unknown(&self, mention: &Mention) -> Diagnostic {
        let fixed: Vec<String> = self
            .all
            .iter()
            .filter(|(_, title)| !has_values(title))
            .map(|(_, title)| title.concat())
            .collect();
        let unnamed = Unnamed {
            name: &mention.name,
            span: mention.span,
            message: format!("nothing in this runbook is called \"{}\"", mention.name),
            otherwise: "name a step, check or question by its title, or by the end of its path: `phase / step`",
        };
        unnamed.report(&fixed)
    }

    fn variable(&self, mention: &Mention, value: Option<&Value>) -> Option<Diagnostic> {
        let mut vars = self.plan.vars.iter().filter(|variable| variable.name == mention.name).peekable();
        if vars.peek().is_none() {
            let names: Vec<&str> = self.plan.vars.iter().map(|variable| variable.name.as_str()).collect();
            let message = format!("no input or binding is called `{}`", mention.name);
            let report = Diagnostic::error(codes::NOT_CALLED_SO, mention.span, message);
            return Some(match nearest(&mention.name, names) {
                Some(near) => report.help(format!("did you mean `{near}`?")),
                None => report.help("`with` names an input, or what a statement binds"),
            });
        }
        let wrong =
            vars.find_map(|variable| convert(&variable.ty, value?.clone()).err().map(|why| (variable, why)))?;
        let message =
            format!("`{}` is of type {} and cannot hold that: {}", mention.name, wrong.0.ty, wrong.1);
        Some(Diagnostic::error(codes::TYPE_MISMATCH, mention.span, message).help("write a value of its type"))
    }
}

/// A name that nothing has, with the nearest spelling of one that something has, or what to do.
struct Unnamed<'a> {
    name: &'a str,
    span: Span,
    message: String,
    otherwise: &'a str,
}

impl Unnamed<'_> {
    fn report(self, known: &[String]) -> Diagnostic {
        let report = Diagnostic::error(codes::NOT_CALLED_SO, self.span, self.message);
        match nearest(self.name, known.iter().map(String::as_str)) {
            Some(near) => report.help(format!("did you mean \"{near}\"?")).guess(
                format!("write \"{near}\""),
                self.span,
                format!("\"{near}\""),
            ),
            None => report.help(self.otherwise),
        }
    }
}
