//! The way through a plan to its looks: in order, into what is certainly come to, with what was found so far.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use indexmap::IndexMap;

use super::ask::{Answer, Asking};
use super::unit::{hindrance, is_look};
use crate::plan::{Arm, Class, Effect, Eval, Group, Loop, Mark, NodeId, Op, Plan, Role, Step, WatchKind};
use crate::run::Host;
use crate::value::{Expr, Piece, Value, VarId, eval, show};

/// A look of the plan.
#[derive(Debug)]
pub struct Look {
    /// The check, effect, guard, or the step that `done when` tells of.
    pub node: NodeId,
    /// The titles that lead to it, items of loops among them.
    pub path: Vec<String>,
    /// What it answered.
    pub answer: Answer,
    /// What it gave.
    pub values: Vec<(VarId, Value)>,
    /// Whether something changes the world before a run comes to it: what it answers then may be another thing.
    pub later: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Probe {
    /// Every look, in the order of the plan.
    pub looks: Vec<Look>,
    /// What is known of the plan's variables: what was known before, what was found, and what follows from that.
    pub values: HashMap<VarId, Value>,
}

/// Values of variables.
pub type Values = HashMap<VarId, Value>;

/// Asks the looks of a plan of which these values are known.
pub async fn probe<F, H>(asking: Asking<'_, F>, known: Values) -> Probe
where
    F: FnMut() -> Result<H, String>,
    H: Host,
{
    let plan = asking.plan;
    let mut walk = Walk {
        plan,
        ends: plan.ends(),
        undos: (0..).map(NodeId).take(plan.nodes.len()).flat_map(|at| plan.undo_bodies(at)).collect(),
        asking,
        now: known.clone(),
        found: Probe { looks: vec![], values: known },
        missing: HashMap::new(),
        path: vec![],
        changed: false,
        turning: false,
    };
    _ = walk.node(Plan::ROOT).await;
    walk.found
}

struct Walk<'a, F> {
    plan: &'a Plan,
    ends: Vec<u32>,
    undos: HashSet<NodeId>,
    asking: Asking<'a, F>,
    /// All that is known now, with what may be otherwise in a run.
    now: HashMap<VarId, Value>,
    found: Probe,
    /// What gives a value that is not known.
    missing: HashMap<VarId, String>,
    path: Vec<String>,
    /// Whether a run has changed something before it comes here.
    changed: bool,
    /// Whether it stands in a loop, so that what is bound is that of a turn.
    turning: bool,
}

/// Whether a run goes on behind it.
type Way = ControlFlow<()>;

const ON: Way = ControlFlow::Continue(());

impl<F, H> Walk<'_, F>
where
    F: FnMut() -> Result<H, String>,
    H: Host,
{
    async fn node(&mut self, at: NodeId) -> Way {
        let plan = self.plan;
        let Some(node) = plan.node(at) else { return ON };
        match &node.op {
            Op::Do(effect) => self.effect(at, effect).await,
            Op::Eval(Eval::Let(bind)) => self.compute(bind.var, &bind.value),
            Op::Eval(_) | Op::Mark(Mark::Commit) => {}
            Op::Group(group) => return Box::pin(self.group(at, group)).await,
            Op::Branch(arms) => return Box::pin(self.branch(arms)).await,
            Op::Loop(looped) => Box::pin(self.looped(at, looped)).await,
            Op::Mark(Mark::End(_) | Mark::Fail(_)) => return ControlFlow::Break(()),
        }
        ON
    }

    async fn nodes(&mut self, nodes: &[NodeId]) -> Way {
        for at in nodes {
            if self.node(*at).await.is_break() {
                return ControlFlow::Break(());
            }
        }
        ON
    }

    async fn effect(&mut self, at: NodeId, effect: &Effect) {
        if is_look(effect) {
            return self.look(at, at, None).await;
        }
        self.changed |= effect.class == Class::Changes;
        let giver = self.titled(at);
        effect.binds.iter().for_each(|bind| _ = self.missing.insert(bind.var, giver.clone()));
    }

    fn compute(&mut self, var: VarId, expr: &Expr) {
        let sure = eval(expr, &self.found.values).ok().filter(|_| !self.turning);
        self.found.values.extend(sure.map(|value| (var, value)));
        if let Ok(value) = eval(expr, &self.now) {
            self.now.insert(var, value);
            return;
        }
        let mut from = None;
        expr.vars(&mut |part| from = from.take().or_else(|| self.missing.get(&part).cloned()));
        self.missing.extend(from.map(|from| (var, from)));
    }

    async fn group(&mut self, at: NodeId, group: &Group) -> Way {
        let plan = self.plan;
        let titled = self.enter(at);
        for watch in plan.watches_of(at).iter().filter(|watch| matches!(watch.kind, WatchKind::Guard { .. }))
        {
            let title = self.words(&watch.title);
            self.look(watch.body, watch.body, Some(title)).await;
        }
        let way = match &group.role {
            Role::Step(step) => self.step(at, step, group).await,
            // A failure in an attempt is not the end of the run.
            Role::Attempt { .. } => {
                _ = self.nodes(&group.children).await;
                ON
            }
            _ => self.nodes(&group.children).await,
        };
        self.path.truncate(self.path.len() - usize::from(titled));
        way
    }

    async fn step(&mut self, at: NodeId, step: &Step, group: &Group) -> Way {
        match step.condition.as_ref().map(|condition| self.truth(condition)) {
            Some(Ok(false)) => return ON,
            Some(Err(why)) => {
                self.pass_over(&group.children, &why);
                return ON;
            }
            Some(Ok(true)) | None => {}
        }
        if let Some(look) = step.done_when {
            self.look(at, look, Some(String::new())).await;
            let last = self.found.looks.last();
            // What is in place is passed over, and changes nothing.
            if last.is_some_and(|look| look.answer == Answer::InPlace && !look.later) {
                return ON;
            }
        }
        self.nodes(&group.children).await
    }

    async fn branch(&mut self, arms: &[Arm]) -> Way {
        for (number, arm) in arms.iter().enumerate() {
            match arm.when.as_ref().map_or(Ok(true), |when| self.truth(when)) {
                Ok(true) => return self.node(arm.body).await,
                Ok(false) => {}
                Err(why) => {
                    let rest: Vec<NodeId> = arms.iter().skip(number).map(|arm| arm.body).collect();
                    self.pass_over(&rest, &why);
                    return ON;
                }
            }
        }
        ON
    }

    /// Whether a condition holds in a run; else why nobody knows.
    fn truth(&self, condition: &Expr) -> Result<bool, String> {
        match eval(condition, &self.found.values) {
            Ok(Value::Bool(truth)) => Ok(truth),
            _ => Err(format!(
                "whether a run comes to it is not known before: it takes {}",
                self.lacks(condition)
            )),
        }
    }

    /// What of an expression is not known, and what gives it.
    fn lacks(&self, expr: &Expr) -> String {
        let mut lacks = vec![];
        expr.vars(&mut |var| {
            if !self.found.values.contains_key(&var) && !lacks.contains(&var) {
                lacks.push(var);
            }
        });
        self.givers(&lacks)
    }

    fn givers(&self, vars: &[VarId]) -> String {
        let giver = |var: &VarId| {
            let name = self.plan.var(*var).map_or("?", |variable| variable.name.as_str());
            let input = self.plan.inputs.iter().any(|input| input.var == *var);
            match self.missing.get(var) {
                _ if input => format!("the input `{name}`"),
                Some(title) if !title.is_empty() => format!("`{name}` of \"{title}\""),
                _ => format!("`{name}`"),
            }
        };
        vars.iter().map(giver).collect::<Vec<_>>().join(", ")
    }

    async fn looped(&mut self, at: NodeId, looped: &Loop) {
        match looped {
            Loop::Poll { verdict, .. } => {
                let title = self.title(at);
                self.look(at, at, Some(title)).await;
                let passed = match self.found.looks.last().map(|look| &look.answer) {
                    Some(Answer::Passed) => Some(true),
                    Some(Answer::Failed(_)) => Some(false),
                    _ => None,
                };
                let Some(verdict) = *verdict else { return };
                let giver = self.title(at);
                match passed {
                    Some(passed) => self.bind(verdict, Value::Bool(passed)),
                    None => _ = self.missing.insert(verdict, giver),
                }
            }
            Loop::For { item, list, body, binds, .. } => {
                if let Ok(Value::List(items)) = eval(list, &self.found.values) {
                    return self.turns((*item, &items), *body, binds).await;
                }
                let why = format!("the list is not known before a run: it takes {}", self.lacks(list));
                self.pass_over(&[*body], &why);
            }
            Loop::Repeat { body, .. } => {
                let outer = std::mem::replace(&mut self.turning, true);
                _ = self.node(*body).await;
                self.turning = outer;
            }
        }
    }

    /// One turn for each item; what they bind is a map by item afterwards.
    async fn turns(&mut self, (item, items): (VarId, &[Value]), body: NodeId, binds: &[VarId]) {
        let outer = std::mem::replace(&mut self.turning, true);
        let mut maps: HashMap<VarId, IndexMap<String, Value>> = HashMap::new();
        for value in items {
            binds.iter().for_each(|bind| _ = self.now.remove(bind));
            self.now.insert(item, value.clone());
            self.path.push(show(value));
            _ = self.node(body).await;
            self.path.pop();
            let bound = binds.iter().filter_map(|bind| Some((*bind, self.now.get(bind)?.clone())));
            bound.for_each(|(bind, found)| _ = maps.entry(bind).or_default().insert(show(value), found));
        }
        self.turning = outer;
        self.now.remove(&item);
        binds.iter().for_each(|bind| _ = self.now.remove(bind));
        for (bind, map) in maps.into_iter().filter(|(_, map)| map.len() == items.len()) {
            self.bind(bind, Value::Map(Arc::new(map)));
        }
    }

    fn bind(&mut self, var: VarId, value: Value) {
        if !self.changed && !self.turning {
            self.found.values.insert(var, value.clone());
        }
        self.now.insert(var, value);
    }

    /// Asks one look, whose statements are below `of`, if it can be asked.
    async fn look(&mut self, node: NodeId, of: NodeId, title: Option<String>) {
        let range = of.0 as usize..self.ends.get(of.0 as usize).map_or(0, |end| *end as usize);
        let needs = Plan::free(&self.plan.nodes, range.clone());
        let lacks: Vec<VarId> = needs.into_iter().filter(|var| !self.now.contains_key(var)).collect();
        let why = match hindrance(self.plan, range.clone()) {
            Some(why) => Some(why.to_owned()),
            None if !lacks.is_empty() => Some(format!("it takes {}", self.givers(&lacks))),
            None => None,
        };
        let mut path = self.path.clone();
        path.extend(title.or_else(|| Some(self.title(node))).filter(|title| !title.is_empty()));
        let (answer, values) = if let Some(why) = why {
            (Answer::NotAsked(why), vec![])
        } else {
            let known = self.now.clone();
            let asked = self.asking.ask(node, &known).await;
            (asked.answer, asked.values)
        };
        let giver = path.last().cloned().unwrap_or_default();
        let nodes = self.plan.nodes.get(range).unwrap_or_default();
        nodes.iter().for_each(|node| node.binds(&mut |var| _ = self.missing.insert(var, giver.clone())));
        values.iter().for_each(|(var, value)| self.bind(*var, value.clone()));
        self.found.looks.push(Look { node, path, answer, values, later: self.changed });
    }

    /// Names the looks of what a run may not come to.
    fn pass_over(&mut self, nodes: &[NodeId], why: &str) {
        for at in nodes {
            let end = self.ends.get(at.0 as usize).copied().unwrap_or(at.0);
            let mut next = at.0;
            while next < end {
                let here = NodeId(next);
                let Some(node) = self.plan.node(here) else { return };
                node.binds(&mut |var| _ = self.missing.insert(var, String::new()));
                next += 1;
                let path = match &node.op {
                    _ if self.undos.contains(&here) => {
                        next = self.ends.get(here.0 as usize).copied().unwrap_or(next);
                        continue;
                    }
                    Op::Loop(looped) if matches!(**looped, Loop::Poll { .. }) => {
                        next = self.ends.get(here.0 as usize).copied().unwrap_or(next);
                        self.title(here)
                    }
                    Op::Do(effect) if is_look(effect) => self.title(here),
                    // Nobody can say that a world is as it was behind what may have been done.
                    Op::Do(effect) => {
                        self.changed |= effect.class == Class::Changes;
                        continue;
                    }
                    _ => continue,
                };
                let path = self.path.iter().cloned().chain([path]).filter(|part| !part.is_empty()).collect();
                let answer = Answer::NotAsked(why.to_owned());
                self.found.looks.push(Look { node: here, path, answer, values: vec![], later: self.changed });
            }
        }
    }

    fn enter(&mut self, at: NodeId) -> bool {
        let title = self.title(at);
        let titled = !title.is_empty();
        self.path.extend(titled.then_some(title));
        titled
    }

    /// The title of a node, or of what holds it.
    fn titled(&self, at: NodeId) -> String {
        let own = self.title(at);
        if own.is_empty() { self.path.last().cloned().unwrap_or_default() } else { own }
    }

    fn title(&self, at: NodeId) -> String {
        self.plan
            .node(at)
            .and_then(|node| node.title.as_ref())
            .map(|title| self.words(title))
            .unwrap_or_default()
    }

    /// A title as far as it is known.
    fn words(&self, title: &Expr) -> String {
        match (eval(title, &self.now), title) {
            (Ok(value), _) => show(&value),
            (Err(_), Expr::At(_, inner)) => self.words(inner),
            (Err(_), Expr::Text(pieces)) => {
                let word = |piece: &Piece| match piece {
                    Piece::Text(text) => text.clone(),
                    Piece::Value(value) => self.words(value),
                };
                pieces.iter().map(word).collect()
            }
            (Err(_), _) => "…".into(),
        }
    }
}
