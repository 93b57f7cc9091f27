//! The outline of a plan: what a reader is told, as data. Text and JSON are drawn from it alone.

use serde::Serialize;

use super::acts;
use super::words::Known;
use crate::plan::{
    Act, Answer, Arm, Class, Effect, Eval, Group, Input, InputSource, Loop, Mark, Mode, NodeId, Op,
    PhaseScope, Plan, Role, Step, Undo, Watch, WatchKind,
};

/// A plan, told.
#[derive(Debug, Serialize)]
pub struct Outline {
    /// `bowline-plan/1`; a field is only ever added within a version.
    pub format: &'static str,
    /// Title of the runbook.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Digest of the plan.
    pub digest: String,
    /// How many steps.
    pub steps: usize,
    /// How many of them change the world.
    pub changing: usize,
    /// Title of the commit, if there is one.
    pub point_of_no_return: Option<String>,
    /// Titles of the steps that cannot be undone.
    pub irreversible: Vec<String>,
    /// The inputs.
    pub inputs: Vec<InputItem>,
    /// The tree.
    pub items: Vec<Item>,
}

/// An input, told.
#[derive(Debug, Serialize)]
pub struct InputItem {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: String,
    /// Its value as shown, if known; a secret's never is.
    pub value: Option<String>,
    /// Where it comes from when not given.
    pub from: Option<String>,
    /// What a person is told.
    pub description: Option<String>,
}

/// A line of the tree with what is below it.
#[derive(Debug, Default, Serialize)]
pub struct Item {
    /// `step`, `run`, `check`, `rollback`, `commit`, …
    pub kind: String,
    /// Its title or its one line.
    pub text: String,
    /// `looks`, `changes`, `asks` or `irreversible`; empty where it says nothing.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub class: &'static str,
    /// Options as shown: `within 10m`, `retry 3`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// What is in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
}

/// Tells a plan, with what is known.
#[must_use]
pub fn outline<'a>(plan: &'a Plan, mut known: Known<'a>) -> Outline {
    let inputs = plan.inputs.iter().map(|input| input_item(plan, &known, input)).collect();
    let mut teller = Teller { plan, known: &mut known };
    let mut items = vec![];
    if let Some(Op::Group(root)) = plan.node(Plan::ROOT).map(|node| &node.op) {
        items = teller.children(root);
        if let Role::Run(scope) = &root.role {
            items.extend(scope.watches.iter().map(|watch| teller.watch(watch)));
            items.extend(scope.handlers.iter().map(|handler| Item {
                kind: handler.when.words().into(),
                items: teller.body(handler.body),
                ..Item::default()
            }));
        }
    }
    Outline {
        format: "bowline-plan/1",
        title: plan.title.clone(),
        version: plan.version.to_string(),
        digest: plan.digest.clone(),
        steps: count(&items, &|item| is_step(item)),
        changing: count(&items, &|item| is_step(item) && matches!(item.class, "changes" | "irreversible")),
        point_of_no_return: find(&items, &|item| item.kind == "commit"),
        irreversible: titles(&items, &|item| item.class == "irreversible"),
        inputs,
        items,
    }
}

fn is_step(item: &Item) -> bool {
    matches!(item.kind.as_str(), "step" | "manual")
}

fn count(items: &[Item], wanted: &dyn Fn(&Item) -> bool) -> usize {
    items.iter().map(|item| usize::from(wanted(item)) + count(&item.items, wanted)).sum()
}

fn titles(items: &[Item], wanted: &dyn Fn(&Item) -> bool) -> Vec<String> {
    let each = items.iter().flat_map(|item| {
        let own = wanted(item).then(|| item.text.clone());
        own.into_iter().chain(titles(&item.items, wanted))
    });
    each.collect()
}

fn find(items: &[Item], wanted: &dyn Fn(&Item) -> bool) -> Option<String> {
    titles(items, wanted).into_iter().next()
}

fn input_item(plan: &Plan, known: &Known<'_>, input: &Input) -> InputItem {
    let variable = plan.var(input.var);
    let secret = variable.is_some_and(|variable| variable.secret);
    let shown = known.variable(input.var);
    InputItem {
        name: variable.map(|variable| variable.name.clone()).unwrap_or_default(),
        ty: variable.map(|variable| variable.ty.to_string()).unwrap_or_default(),
        value: (!secret && !shown.starts_with('⟨')).then_some(shown),
        from: input.from.as_ref().map(|from| match from {
            InputSource::Env(name) => format!("env {name}"),
            InputSource::File(path) => format!("file {}", known.show(path)),
            InputSource::Command(words) => {
                format!(
                    "command {}",
                    words.iter().map(|word| known.word(word, false)).collect::<Vec<_>>().join(" ")
                )
            }
            InputSource::Prompt => "prompt".to_owned(),
        }),
        description: input.description.clone(),
    }
}

struct Teller<'a, 'k> {
    plan: &'a Plan,
    known: &'k mut Known<'a>,
}

impl Teller<'_, '_> {
    fn body(&mut self, id: NodeId) -> Vec<Item> {
        match self.plan.node(id).map(|node| &node.op) {
            Some(Op::Group(group)) => self.children(group),
            _ => self.node(id),
        }
    }

    fn children(&mut self, group: &Group) -> Vec<Item> {
        group.children.iter().flat_map(|child| self.node(*child)).collect()
    }

    fn node(&mut self, id: NodeId) -> Vec<Item> {
        let Some(node) = self.plan.node(id) else { return vec![] };
        let title = node.title.as_ref().map(|title| self.known.show(title)).unwrap_or_default();
        match &node.op {
            Op::Do(effect) => self.effect(effect, &title),
            Op::Eval(eval) => self.eval(eval),
            Op::Group(group) => self.group(group, title),
            Op::Branch(arms) => self.arms(arms),
            Op::Loop(looping) => vec![self.looping(looping, title)],
            Op::Mark(mark) => vec![self.mark(mark, &title)],
        }
    }

    fn effect(&mut self, effect: &Effect, title: &str) -> Vec<Item> {
        let (kind, text) = acts::act(self.known, &effect.act);
        let origin = if title.is_empty() { &text } else { title };
        for bind in &effect.binds {
            self.known.known_after(bind.var, origin);
        }
        let class = match effect.class {
            Class::Looks => "looks",
            Class::Changes => "changes",
            Class::Asks => "asks",
        };
        let retry = effect.retry.as_ref().map(|retry| format!("retry {}", retry.times));
        let timeout = effect.timeout.as_ref().map(|limit| format!("timeout {}", self.known.show(limit)));
        let options = retry.into_iter().chain(timeout).collect();
        let silent = matches!(effect.act, Act::Person(_) | Act::Wait(_) | Act::Lock(_) | Act::Log(_));
        let expects = effect.expects.iter().filter(|expect| !expect.source.is_empty()).map(|expect| Item {
            kind: "expect".into(),
            text: expect.source.clone(),
            ..Item::default()
        });
        let class = if silent { "" } else { class };
        vec![Item { kind: kind.into(), text, class, options, items: expects.collect() }]
    }

    fn eval(&mut self, eval: &Eval) -> Vec<Item> {
        match eval {
            Eval::Let(bind) => {
                self.known.learn(bind.var, &bind.value);
                vec![]
            }
            Eval::Expect(expect) => vec![line("expect", &expect.source)],
            Eval::Given(expect) => vec![line("given", &expect.source)],
        }
    }

    fn group(&mut self, group: &Group, title: String) -> Vec<Item> {
        match &group.role {
            Role::Step(step) => vec![self.step(step, group, title)],
            Role::Block if group.mode == Mode::Sequence => self.children(group),
            role => vec![self.scope(role, group, title)],
        }
    }

    fn scope(&mut self, role: &Role, group: &Group, title: String) -> Item {
        let (kind, mut options) = match (role, group.mode) {
            (Role::Phase(phase), _) => ("phase", phase_options(phase)),
            (Role::Attempt { .. }, _) => ("attempt", vec![]),
            (Role::Call, _) => ("call", vec![]),
            (Role::Gate { .. }, _) => ("gate", vec![]),
            (_, Mode::Parallel(limit)) => {
                ("parallel", limit.map(|limit| format!("limit {limit}")).into_iter().collect())
            }
            _ => ("runbook", vec![]),
        };
        let mut items = vec![];
        if let Role::Phase(phase) = role {
            items.extend(phase.watches.iter().map(|watch| self.watch(watch)));
        }
        items.extend(self.children(group));
        if let Role::Attempt { otherwise: Some(body) } = role {
            items.push(Item { kind: "otherwise".into(), items: self.body(*body), ..Item::default() });
        }
        options.retain(|option| !option.is_empty());
        Item { kind: kind.into(), text: title, options, items, ..Item::default() }
    }

    fn step(&mut self, step: &Step, group: &Group, title: String) -> Item {
        let mut items = vec![];
        if let Some(body) = step.done_when {
            items.push(Item { kind: "done when".into(), items: self.body(body), ..Item::default() });
        }
        let body = self.children(group);
        let looks_only = count(&body, &|item| matches!(item.class, "changes")) == 0 && !step.manual;
        items.extend(body);
        items.extend(self.answer(&step.undo));
        items.extend(step.restore.as_ref().map(|undo| self.undo("restore", undo)));
        let class = match (&step.undo, looks_only) {
            (Answer::Irreversible, _) => "irreversible",
            (_, true) => "looks",
            (_, false) => "changes",
        };
        let kind = if step.manual { "manual" } else { "step" };
        Item { kind: kind.into(), text: title, class, options: self.step_options(step), items }
    }

    fn step_options(&self, step: &Step) -> Vec<String> {
        let condition = step.condition.as_ref().map(|condition| format!("if {}", self.known.show(condition)));
        let timeout = step.timeout.as_ref().map(|limit| format!("timeout {}", self.known.show(limit)));
        let retry = step.retry.as_ref().map(|retry| format!("retry {}", retry.times));
        let marks = [(step.atomic, "atomic"), (step.idempotent, "idempotent")];
        let marks = marks.into_iter().filter(|(set, _)| *set).map(|(_, word)| word.to_owned());
        condition.into_iter().chain(timeout).chain(retry).chain(marks).collect()
    }

    fn answer(&mut self, answer: &Answer) -> Option<Item> {
        match answer {
            Answer::Rollback(undo) => Some(self.undo("rollback", undo)),
            Answer::Nothing(why) => Some(line("rollback none", why)),
            Answer::Irreversible | Answer::Unanswered => None,
        }
    }

    fn undo(&mut self, kind: &str, undo: &Undo) -> Item {
        let marks = [(undo.once, "once"), (undo.best_effort, "best effort")];
        let options = marks.into_iter().filter(|(set, _)| *set).map(|(_, word)| word.to_owned()).collect();
        Item { kind: kind.into(), options, items: self.body(undo.body), ..Item::default() }
    }

    fn watch(&mut self, watch: &Watch) -> Item {
        let (kind, misses) = match watch.kind {
            WatchKind::Guard { misses, interrupts } => {
                let more = (misses > 1).then(|| format!("misses {misses}"));
                ("guard", more.into_iter().chain(interrupts.then(|| "interrupts".to_owned())).collect())
            }
            WatchKind::Beat => ("every", vec![]),
        };
        let every = format!("every {}", self.known.show(&watch.every));
        let options = [every].into_iter().chain(misses).collect();
        let text = self.known.show(&watch.title);
        Item { kind: kind.into(), text, options, items: self.body(watch.body), ..Item::default() }
    }

    fn arms(&mut self, arms: &[Arm]) -> Vec<Item> {
        let told = arms.iter().map(|arm| {
            let (kind, text) = match &arm.when {
                Some(when) => ("if", self.known.show(when)),
                None => ("else", String::new()),
            };
            Item { kind: kind.into(), text, items: self.body(arm.body), ..Item::default() }
        });
        told.collect()
    }

    fn looping(&mut self, looping: &Loop, title: String) -> Item {
        match looping {
            Loop::For { item, list, parallel, body, .. } => {
                let name = self.plan.var(*item).map_or("", |variable| &variable.name).to_owned();
                let text = format!("{name} in {}", self.known.show(list));
                let side = parallel
                    .map(|limit| limit.map_or("parallel".to_owned(), |limit| format!("parallel {limit}")));
                let options = side.into_iter().collect();
                Item { kind: "for".into(), text, options, items: self.body(*body), ..Item::default() }
            }
            Loop::Repeat { at_most, body, until } => {
                let options = vec![format!("at most {at_most}"), format!("until {}", self.known.show(until))];
                Item {
                    kind: "repeat".into(),
                    text: title,
                    options,
                    items: self.body(*body),
                    ..Item::default()
                }
            }
            Loop::Poll { every, within, soak, body, .. } => {
                let parts = [("within", within), ("every", every), ("soak", soak)];
                let said = parts.iter().filter_map(|(word, length)| {
                    length.as_ref().map(|length| format!("{word} {}", self.known.show(length)))
                });
                let options = said.collect();
                Item { kind: "check".into(), text: title, class: "looks", options, items: self.body(*body) }
            }
        }
    }

    fn mark(&self, mark: &Mark, title: &str) -> Item {
        match mark {
            Mark::Commit => line("commit", title),
            Mark::End(name) => line("end", &self.known.show(name)),
            Mark::Fail(why) => line("fail", &self.known.show(why)),
        }
    }
}

fn line(kind: &str, text: &str) -> Item {
    Item { kind: kind.into(), text: text.into(), ..Item::default() }
}

fn phase_options(phase: &PhaseScope) -> Vec<String> {
    phase.window.iter().map(|window| format!("window {window}")).collect()
}
