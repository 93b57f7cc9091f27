//! Walks a plan from the top and tells each node as an item of the outline.

use std::collections::HashMap;

use super::acts;
use super::item::{Item, StepRef};
use super::words::{Known, Origin};
use crate::plan::{
    Act, Arm, Class, Effect, Eval, Expect, Group, Loop, Mark, Mode, Node, NodeId, Op, PhaseScope, Plan,
    QuestionKind, Retry, Role, Watch, WatchKind,
};

/// What is gathered beside the tree.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) steps: HashMap<NodeId, StepRef>,
    pub(super) changing: usize,
    pub(super) questions: usize,
    pub(super) approvals: Vec<String>,
    pub(super) commit: Option<String>,
    pub(super) irreversible: Vec<StepRef>,
    /// Where something can fail going forward: kind and title of each.
    pub(super) points: Vec<(NodeId, &'static str, String)>,
    pub(super) attempts: HashMap<NodeId, String>,
}

/// Where the walk is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// Between steps: what fails here is a point of failure.
    Forward,
    /// Inside a step or gate that is the point itself.
    Inside,
    /// In a look, an undo or a handler: a failure there has rules of its own.
    Aside,
}

pub(super) struct Teller<'a> {
    pub(super) plan: &'a Plan,
    pub(super) known: Known<'a>,
    course: Course,
    /// Whether all prose is told, not only what a person acts or decides by.
    pub(super) all_prose: bool,
    pub(super) told: Told,
}

impl<'a> Teller<'a> {
    pub(super) fn new(plan: &'a Plan, known: Known<'a>) -> Self {
        Self { plan, known, course: Course::Forward, all_prose: false, told: Told::default() }
    }

    /// The whole plan: guards of the run, its statements, its handlers.
    pub(super) fn run(&mut self) -> Vec<Item> {
        let plan = self.plan;
        let Some(Op::Group(root)) = plan.node(Plan::ROOT).map(|node| &node.op) else { return vec![] };
        let Role::Run(scope) = &root.role else { return vec![] };
        let mut items: Vec<Item> = scope.watches.iter().map(|watch| self.watch(watch)).collect();
        items.extend(self.children(root));
        for handler in &scope.handlers {
            items.push(self.aside(Item { kind: handler.when.words(), ..Item::default() }, handler.body));
        }
        items
    }

    pub(super) fn at<T>(&mut self, course: Course, tell: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.course, course);
        let told = tell(self);
        self.course = before;
        told
    }

    pub(super) fn aside(&mut self, item: Item, body: NodeId) -> Item {
        self.at(Course::Aside, |teller| teller.with_body(item, body))
    }

    /// An item with what stands in that block.
    fn with_body(&mut self, item: Item, body: NodeId) -> Item {
        let mut item = Item { items: self.body(body), ..item };
        if let Some(prose) =
            self.plan.node(body).and_then(|body| body.prose.as_ref()).filter(|_| self.all_prose)
        {
            item.place(prose);
        }
        item
    }

    fn body(&mut self, id: NodeId) -> Vec<Item> {
        match self.plan.node(id).map(|node| &node.op) {
            Some(Op::Group(group)) => self.children(group),
            _ => self.node(id),
        }
    }

    pub(super) fn children(&mut self, group: &Group) -> Vec<Item> {
        group.children.iter().flat_map(|child| self.node(*child)).collect()
    }

    fn node(&mut self, id: NodeId) -> Vec<Item> {
        let plan = self.plan;
        let Some(node) = plan.node(id) else { return vec![] };
        let title = node.title.as_ref().map(|title| self.known.brief(title));
        let mut items = match &node.op {
            Op::Do(effect) => vec![self.effect(id, effect, title)],
            Op::Eval(eval) => self.eval(id, eval),
            Op::Group(group) => self.group(id, group, title),
            Op::Branch(arms) => self.arms(arms),
            Op::Loop(looping) => vec![self.looping(id, looping, title)],
            Op::Mark(mark) => vec![self.mark(id, mark, title)],
        };
        if let ([item], Some(prose)) = (items.as_mut_slice(), &node.prose) {
            if self.all_prose {
                item.place(prose);
            } else if is_read_by_people(node) {
                item.prose = Some(prose.clone());
            }
        }
        for item in &mut items {
            item.above = Some(node.above as usize);
        }
        items
    }

    pub(super) fn point(&mut self, id: NodeId, kind: &'static str, title: &str) {
        if self.course == Course::Forward {
            self.told.points.push((id, kind, title.to_owned()));
        }
    }

    fn effect(&mut self, id: NodeId, effect: &Effect, title: Option<String>) -> Item {
        let mut item = acts::act(&self.known, &effect.act);
        item.title = item.title.or(title);
        item.on = effect.on.as_ref().map(|on| self.known.show(on)).filter(|on| on != "local");
        let shown = item.title.clone().or_else(|| item.text.clone()).unwrap_or_default();
        if !matches!(item.kind, "log" | "ask" | "choose" | "wait" | "exclusive") {
            self.point(id, item.kind, &shown);
        }
        self.note_question(effect, &item);
        let origin = match (&self.known.here.node, &item.title) {
            (None, Some(title)) => Origin { node: Some(id), title: title.clone() },
            _ => self.known.here.clone(),
        };
        for bind in &effect.binds {
            let name = self.known.name(bind.var);
            item.binds.extend((!is_unwritten_name(name)).then(|| name.to_owned()));
            self.known.known_after(bind.var, origin.clone());
        }
        if item.kind == "ask" {
            item.binds.clear();
        }
        item.class = match (&effect.act, effect.class) {
            (Act::Person(_), _) => "asks",
            (Act::Wait(_) | Act::Lock(_) | Act::Log(_), _) => "",
            (_, Class::Looks) => "reads",
            (_, Class::Changes) => "changes",
            (_, Class::Asks) => "asks",
        };
        item.options
            .extend(effect.timeout.as_ref().map(|limit| format!("timeout {}", self.known.show(limit))));
        item.options.extend(self.retry(effect.retry.as_ref()));
        item.items = effect.expects.iter().filter_map(expected).collect();
        item
    }

    fn note_question(&mut self, effect: &Effect, item: &Item) {
        let Act::Person(question) = &effect.act else { return };
        self.told.questions += 1;
        if matches!(question.kind, QuestionKind::Approval { .. }) {
            let title = item.title.as_deref().unwrap_or_default();
            let text = item.text.as_deref().unwrap_or_default();
            self.told.approvals.push(format!("{title}: {}", text.trim_start_matches("need ")));
        }
    }

    pub(super) fn retry(&self, retry: Option<&Retry>) -> Option<String> {
        retry.map(|retry| {
            let every = retry.every.as_ref().map(|every| format!(" every {}", self.known.show(every)));
            format!("retry {}{}", retry.times, every.unwrap_or_default())
        })
    }

    fn eval(&mut self, id: NodeId, eval: &Eval) -> Vec<Item> {
        match eval {
            Eval::Let(bind) => {
                let (name, value) = (self.known.name(bind.var).to_owned(), self.known.show(&bind.value));
                let plumbing = name.contains('.') || is_unwritten_name(&name);
                if self.known.learn(bind.var, &bind.value) || plumbing {
                    return vec![];
                }
                vec![Item { kind: "let", binds: vec![name], text: Some(value), ..Item::default() }]
            }
            Eval::Expect(expect) => {
                self.point(id, "expect", &expect.source);
                vec![line("expect", &expect.source)]
            }
            Eval::Given(expect) => vec![line("given", &expect.source)],
        }
    }

    fn group(&mut self, id: NodeId, group: &Group, title: Option<String>) -> Vec<Item> {
        match &group.role {
            Role::Step(step) => vec![self.step(id, step, group, title.unwrap_or_default())],
            Role::Block if group.mode == Mode::Sequence => self.children(group),
            role => vec![self.scope(id, role, group, title)],
        }
    }

    fn scope(&mut self, id: NodeId, role: &Role, group: &Group, title: Option<String>) -> Item {
        let (kind, options) = match (role, group.mode) {
            (Role::Phase(phase), _) => ("phase", phase_options(phase)),
            (Role::Attempt { .. }, _) => ("attempt", vec![]),
            (Role::Call, _) => ("call", vec![]),
            (Role::Gate { .. }, _) => ("gate", vec![]),
            (_, Mode::Parallel(limit)) => {
                ("parallel", limit.map(|limit| format!("limit {limit}")).into_iter().collect())
            }
            _ => ("runbook", vec![]),
        };
        let mut item = Item { kind, title, options, ..Item::default() };
        match role {
            Role::Gate { verdict } => {
                let title = item.title.clone().unwrap_or_default();
                self.point(id, "gate", &title);
                item.items = self.at(self.inside(), |teller| teller.children(group));
                if let Some(verdict) = verdict {
                    item.binds.push(self.known.name(*verdict).to_owned());
                    self.known.known_after(*verdict, Origin { node: Some(id), title });
                }
            }
            Role::Phase(phase) => {
                item.items.extend(phase.watches.iter().map(|watch| self.watch(watch)));
                item.items.extend(self.children(group));
            }
            Role::Attempt { otherwise } => {
                self.told.attempts.insert(id, item.title.clone().unwrap_or_default());
                item.items = self.children(group);
                if let Some(body) = otherwise {
                    let otherwise = self.with_body(Item { kind: "otherwise", ..Item::default() }, *body);
                    item.items.push(otherwise);
                }
            }
            _ => item.items = self.children(group),
        }
        item
    }

    /// Inside of what is itself the point of failure.
    pub(super) fn inside(&self) -> Course {
        if self.course == Course::Forward { Course::Inside } else { self.course }
    }

    fn watch(&mut self, watch: &Watch) -> Item {
        let every = format!("every {}", self.known.show(&watch.every));
        let (kind, mut options) = match watch.kind {
            WatchKind::Guard { misses, interrupts } => {
                let more = (misses > 1).then(|| format!("misses {misses}"));
                ("guard", more.into_iter().chain(interrupts.then(|| "interrupts".to_owned())).collect())
            }
            WatchKind::Beat => ("every", vec![]),
        };
        options.insert(0, if kind == "every" { self.known.show(&watch.every) } else { every });
        let title = Some(self.known.brief(&watch.title));
        self.aside(Item { kind, title, options, ..Item::default() }, watch.body)
    }

    fn arms(&mut self, arms: &[Arm]) -> Vec<Item> {
        let mut told = vec![];
        for arm in arms {
            let answer = self.plan.node(arm.body).and_then(|body| body.title.as_ref());
            let item = match (&arm.when, answer) {
                (_, Some(answer)) => {
                    Item { kind: "answer", title: Some(self.known.brief(answer)), ..Item::default() }
                }
                (Some(when), None) => line("if", self.condition("", when).trim_start()),
                (None, None) => Item { kind: "else", ..Item::default() },
            };
            told.push(self.with_body(item, arm.body));
        }
        told
    }

    fn looping(&mut self, id: NodeId, looping: &Loop, title: Option<String>) -> Item {
        match looping {
            Loop::For { item, list, parallel, body, binds } => {
                let text = format!("{} in {}", self.known.name(*item), self.known.show(list));
                let side = parallel
                    .map(|limit| limit.map_or("parallel".to_owned(), |limit| format!("parallel {limit}")));
                let told = Item {
                    options: side.into_iter().collect(),
                    items: self.body(*body),
                    ..line("for", &text)
                };
                binds.iter().for_each(|bind| self.known.known_after(*bind, self.known.here.clone()));
                told
            }
            Loop::Repeat { at_most, body, until } => {
                let options = vec![format!("at most {at_most}"), self.condition("until", until)];
                Item { kind: "repeat", title, options, items: self.body(*body), ..Item::default() }
            }
            Loop::Poll { every, within, soak, body, verdict } => {
                let parts = [("within", within), ("every", every), ("soak", soak)];
                let said = parts.iter().filter_map(|(word, length)| {
                    length.as_ref().map(|length| format!("{word} {}", self.known.show(length)))
                });
                let options = said.collect();
                let shown = title.clone().unwrap_or_default();
                self.point(id, "check", &shown);
                let here = Origin { node: Some(id), title: shown };
                let outer = match self.known.here.node {
                    None => std::mem::replace(&mut self.known.here, here.clone()),
                    Some(_) => self.known.here.clone(),
                };
                let items = self.at(self.inside(), |teller| teller.body(*body));
                self.known.here = outer;
                let binds = verdict.map(|verdict| {
                    self.known.known_after(verdict, here);
                    self.known.name(verdict).to_owned()
                });
                let binds = binds.into_iter().collect();
                Item { kind: "check", title, class: "reads", options, binds, items, ..Item::default() }
            }
        }
    }

    fn mark(&mut self, id: NodeId, mark: &Mark, title: Option<String>) -> Item {
        match mark {
            Mark::Commit => {
                self.told.commit.clone_from(&title);
                Item { kind: "commit", title, ..Item::default() }
            }
            Mark::End(name) => line("end", &self.known.show(name)),
            Mark::Fail(why) => {
                let why = self.known.show(why);
                self.point(id, "fail", &why);
                line("fail", &why)
            }
        }
    }
}

/// Whether a person acts or decides by the prose beside it.
fn is_read_by_people(node: &Node) -> bool {
    let of_manual = matches!(
        &node.op,
        Op::Do(effect) if matches!(&effect.act, Act::Person(question) if question.kind == QuestionKind::Manual)
    );
    node.is_decided_by_prose() && !of_manual
}

/// Names that lowering gives to what an author did not name.
pub(super) fn is_unwritten_name(name: &str) -> bool {
    matches!(name, "answer" | "chosen" | "file")
}

fn expected(expect: &Expect) -> Option<Item> {
    let written = !expect.source.is_empty() && !expect.is_unwritten();
    written.then(|| line("expect", &expect.source))
}

pub(super) fn line(kind: &'static str, text: &str) -> Item {
    Item { kind, text: Some(text.into()), ..Item::default() }
}

fn phase_options(phase: &PhaseScope) -> Vec<String> {
    phase.window.iter().map(|window| format!("window {window}")).collect()
}
