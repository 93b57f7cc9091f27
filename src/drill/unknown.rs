//! What nobody knows of a plan before it runs: its open variables, and the choices that depend on them.
//!
//! Knows the plan and what was given; what is chosen, a [`super::course::Course`] says.

use std::collections::{HashMap, HashSet};

use super::bare::{bare, clean};
use super::sample::{items, sample};
use crate::plan::{Act, Effect, Eval, Group, Loop, NodeId, Op, Plan, QuestionKind, Role};
use crate::value::{BinaryOp, Expr, Type, Value, VarId, eval};

/// Values of inputs, as far as they are known.
pub type Inputs = HashMap<VarId, Value>;

/// So many ways to fill the variables of one condition are tried at most.
const FILLINGS: usize = 64;

/// What a course settles.
#[derive(Clone, Debug, PartialEq)]
pub enum Matter {
    /// What a variable holds.
    Variable(VarId),
    /// Whether a condition holds that no value of a variable could settle.
    Condition(Expr),
    /// The list that a loop goes over.
    List(NodeId, Expr),
    /// Whether a step is in place before it begins (`done when`).
    InPlace(NodeId),
    /// In how many turns a `repeat` meets its condition; 0 is never.
    Turns(NodeId),
}

/// Something unknown that decides which way a run goes.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// What is unknown.
    pub(super) matter: Matter,
    /// What it may be; the first is taken where nothing else is said.
    pub(super) values: Vec<Value>,
    /// Where it decides: once a run has come to one of these, the other values are worth a course.
    pub(super) sites: Vec<NodeId>,
}

/// The unknown of a plan.
#[derive(Debug)]
pub(super) struct Unknown<'a> {
    pub(super) plan: &'a Plan,
    /// A value of every variable: what is known, else a sample.
    pub(super) values: HashMap<VarId, Value>,
    pub(super) choices: Vec<Choice>,
    /// What a scenario says that variables hold.
    pub(super) pinned: HashMap<VarId, Value>,
    open: HashSet<VarId>,
    /// What a variable is another name of.
    alias: HashMap<VarId, VarId>,
    /// What a person picks one of.
    picks: HashMap<VarId, Vec<Value>>,
    /// Variables that only an answer or a loop fills.
    local: HashSet<VarId>,
}

impl<'a> Unknown<'a> {
    /// Of a plan of which these inputs are known.
    pub(super) fn of(plan: &'a Plan, known: &Inputs) -> Self {
        Self::pinned(plan, known, HashMap::new())
    }

    /// The same where some variables hold what a scenario says, whatever would bind them.
    pub(super) fn pinned(plan: &'a Plan, known: &Inputs, pinned: HashMap<VarId, Value>) -> Self {
        let mut unknown = Self {
            plan,
            values: HashMap::new(),
            choices: vec![],
            pinned,
            open: HashSet::new(),
            alias: HashMap::new(),
            picks: HashMap::new(),
            local: HashSet::new(),
        };
        unknown.inputs(known);
        // A second time for what stands before what it is made of.
        for _ in 0..2 {
            (0..).zip(&plan.nodes).for_each(|(_, node)| unknown.learn(&node.op));
        }
        for (at, node) in (0..).map(NodeId).zip(&plan.nodes) {
            unknown.find(at, &node.op);
        }
        unknown
    }

    fn inputs(&mut self, known: &Inputs) {
        for (at, variable) in (0..).map(VarId).zip(&self.plan.vars) {
            self.values.insert(at, sample(&variable.ty, &variable.name));
        }
        self.values.extend(self.pinned.clone());
        for input in &self.plan.inputs {
            match known.get(&input.var) {
                Some(value)
                    if !crate::value::holds_secret(value) && !self.pinned.contains_key(&input.var) =>
                {
                    self.values.insert(input.var, value.clone());
                }
                _ => self.leave_open(input.var),
            }
        }
    }

    fn learn(&mut self, op: &Op) {
        match op {
            Op::Do(effect) => self.learn_effect(effect),
            Op::Eval(Eval::Let(bind)) => {
                if let Expr::Var(of) = bare(&bind.value) {
                    self.alias.insert(bind.var, *of);
                }
                self.compute(bind.var, &bind.value);
            }
            Op::Loop(looped) => match &**looped {
                Loop::For { item, list, .. } => {
                    self.local.insert(*item);
                    if self.is_open(list) {
                        self.open.insert(*item);
                    } else if let Ok(Value::List(items)) = eval(list, &self.values) {
                        // Where a value is wanted before a run, one of several is as good as a sample.
                        self.values.extend(items.first().map(|first| (*item, first.clone())));
                    }
                }
                Loop::Poll { verdict: Some(verdict), .. } => self.leave_open(*verdict),
                Loop::Poll { .. } | Loop::Repeat { .. } => {}
            },
            Op::Group(group) => {
                if let Role::Gate { verdict: Some(verdict) } = group.role {
                    self.leave_open(verdict);
                }
            }
            Op::Eval(_) | Op::Branch(_) | Op::Mark(_) => {}
        }
    }

    fn learn_effect(&mut self, effect: &Effect) {
        for (_, var) in &effect.response {
            self.open.insert(*var);
            self.local.insert(*var);
        }
        for bind in &effect.binds {
            self.leave_open(bind.var);
            if let Act::Person(question) = &effect.act
                && let QuestionKind::Choose { answers } = &question.kind
            {
                let answers = answers.iter().map(|answer| answer.as_str().into());
                self.picks.insert(bind.var, answers.collect());
            }
        }
    }

    fn leave_open(&mut self, var: VarId) {
        if !self.pinned.contains_key(&var) {
            self.open.insert(var);
        }
    }

    fn compute(&mut self, var: VarId, expr: &Expr) {
        if self.pinned.contains_key(&var) {
            return;
        }
        if self.is_open(expr) {
            self.open.insert(var);
        } else if let Ok(value) = eval(expr, &self.values) {
            self.values.insert(var, value);
        }
    }

    /// Whether an expression takes anything that nobody knows.
    pub(super) fn is_open(&self, expr: &Expr) -> bool {
        let mut open = false;
        expr.vars(&mut |var| open |= self.open.contains(&var));
        open
    }

    /// The type that a value of an expression has, as far as it shows.
    pub(super) fn type_of(&self, expr: &Expr) -> Type {
        match bare(expr) {
            Expr::Var(var) => self.plan.var(*var).map_or(Type::Unknown, |variable| variable.ty.clone()),
            Expr::Convert(ty, _) => ty.clone(),
            Expr::Index(of, _) => match self.type_of(of) {
                Type::List(item) | Type::Map(item) => *item,
                Type::Lines => Type::Text,
                other => other,
            },
            Expr::If(_, then, _) => self.type_of(then),
            Expr::Neg(of) => self.type_of(of),
            Expr::Binary(BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div, left, right) => {
                if self.is_open(left) {
                    self.type_of(left)
                } else {
                    self.type_of(right)
                }
            }
            Expr::Binary(..) | Expr::Not(_) => Type::Bool,
            Expr::Text(_) => Type::Text,
            Expr::Call(function, args) => {
                let spec = crate::value::functions::TABLE.iter().find(|spec| spec.function == *function);
                let first = args.first().map(|arg| self.type_of(arg));
                spec.map_or(Type::Text, |spec| spec.result(first.as_ref()))
            }
            _ => Type::Unknown,
        }
    }

    /// The variable that another is only a name of.
    pub(super) fn origin(&self, var: VarId) -> VarId {
        let mut at = var;
        // No longer than there are variables: a name of itself has no end.
        for _ in 0..self.plan.vars.len() {
            match self.alias.get(&at).filter(|of| self.open.contains(of)) {
                Some(of) => at = *of,
                None => break,
            }
        }
        at
    }

    /// What a variable may hold, where that is few things.
    fn values_of(&self, var: VarId) -> Option<Vec<Value>> {
        if self.local.contains(&var) {
            return None;
        }
        let variable = self.plan.var(var)?;
        let list = |count| items(&variable.ty, &variable.name, count);
        let values = match &variable.ty {
            _ if self.picks.contains_key(&var) => self.picks.get(&var)?.clone(),
            Type::Bool => vec![Value::Bool(true), Value::Bool(false)],
            Type::OneOf(words) => words.iter().map(|word| word.as_str().into()).collect(),
            Type::List(_) | Type::Lines => vec![list(1), list(0), list(2)],
            _ => return None,
        };
        let input = self.plan.inputs.iter().find(|input| input.var == var);
        let condition = input.and_then(|input| input.condition.as_ref());
        let fits = |value: &Value| {
            let mut with = self.values.clone();
            with.insert(var, value.clone());
            condition.is_none_or(|condition| eval(condition, &with) != Ok(Value::Bool(false)))
        };
        Some(values.into_iter().filter(fits).collect())
    }

    fn find(&mut self, at: NodeId, op: &Op) {
        match op {
            Op::Branch(arms) => {
                for arm in arms {
                    let Some(when) = &arm.when else { continue };
                    self.find_in(when, at);
                    self.find_in(when, arm.body);
                }
            }
            Op::Loop(looped) => match &**looped {
                Loop::For { list, .. } => self.find_list(at, list),
                Loop::Repeat { body, until, .. } if self.is_open(until) => {
                    let turns = if self.turns_by(*body).is_some() { &[1, 2, 0][..] } else { &[1, 0] };
                    let turns = turns.iter().map(|turns| Value::Int(*turns)).collect();
                    self.add(Matter::Turns(at), turns, at);
                }
                Loop::Repeat { .. } | Loop::Poll { .. } => {}
            },
            Op::Group(group) => self.find_step(at, group),
            Op::Do(_) | Op::Eval(_) | Op::Mark(_) => {}
        }
    }

    fn find_step(&mut self, at: NodeId, group: &Group) {
        let Role::Step(step) = &group.role else { return };
        if let Some(condition) = &step.condition {
            self.find_in(condition, at);
        }
        if step.done_when.is_some_and(|look| self.says_no(look).is_some()) {
            self.add(Matter::InPlace(at), vec![Value::Bool(false), Value::Bool(true)], at);
        }
    }

    fn find_list(&mut self, at: NodeId, list: &Expr) {
        if !self.is_open(list) {
            return;
        }
        if let Expr::Var(var) = bare(list)
            && let Some(values) = self.values_of(self.origin(*var))
        {
            return self.add(Matter::Variable(self.origin(*var)), values, at);
        }
        let ty = Type::List(Box::new(match self.type_of(list) {
            Type::List(item) => *item,
            Type::Lines => Type::Text,
            _ => Type::Json,
        }));
        let values = [1, 0, 2].map(|count| items(&ty, "item", count));
        self.add(Matter::List(at, list.clone()), values.to_vec(), at);
    }

    /// The choices that a condition depends on.
    fn find_in(&mut self, condition: &Expr, at: NodeId) {
        match condition {
            _ if !self.is_open(condition) => {}
            Expr::At(_, of) | Expr::Not(of) => self.find_in(of, at),
            Expr::Binary(BinaryOp::And | BinaryOp::Or, left, right) => {
                self.find_in(left, at);
                self.find_in(right, at);
            }
            _ => self.find_open(condition, at),
        }
    }

    fn find_open(&mut self, condition: &Expr, at: NodeId) {
        let Some(vars) = self.settled_by(condition) else {
            let yes_or_no = vec![Value::Bool(true), Value::Bool(false)];
            return self.add(Matter::Condition(clean(condition)), yes_or_no, at);
        };
        for (var, values) in vars {
            self.add(Matter::Variable(var), values, at);
        }
    }

    /// The variables whose values settle a condition both ways, with these.
    fn settled_by(&self, condition: &Expr) -> Option<Vec<(VarId, Vec<Value>)>> {
        let mut vars: Vec<VarId> = vec![];
        condition.vars(&mut |var| {
            if self.open.contains(&var) && !vars.contains(&var) {
                vars.push(var);
            }
        });
        let each = vars.iter().map(|var| Some((*var, self.values_of(self.origin(*var))?)));
        let each: Vec<(VarId, Vec<Value>)> = each.collect::<Option<_>>()?;
        let ways: usize = each.iter().map(|(_, values)| values.len()).product();
        if ways > FILLINGS {
            return None;
        }
        let (mut yes, mut no) = (false, false);
        for way in 0..ways {
            let (mut with, mut rest) = (self.values.clone(), way);
            for (var, values) in &each {
                with.extend(values.get(rest % values.len()).map(|value| (*var, value.clone())));
                rest /= values.len();
            }
            match eval(condition, &with) {
                Ok(Value::Bool(true)) => yes = true,
                Ok(Value::Bool(false)) => no = true,
                _ => return None,
            }
        }
        (yes && no).then(|| each.into_iter().map(|(var, values)| (self.origin(var), values)).collect())
    }

    fn add(&mut self, matter: Matter, values: Vec<Value>, site: NodeId) {
        match self.choices.iter_mut().find(|choice| choice.matter == matter) {
            Some(choice) => choice.sites.push(site),
            None if values.is_empty() => {}
            None => self.choices.push(Choice { matter, values, sites: vec![site] }),
        }
    }

    /// The choice of a matter.
    pub(super) fn choice(&self, matter: &Matter) -> Option<usize> {
        self.choices.iter().position(|choice| choice.matter == *matter)
    }

    /// The choice of a condition that is one by itself.
    pub(super) fn condition(&self, condition: &Expr) -> Option<usize> {
        self.choice(&Matter::Condition(clean(condition)))
    }

    /// What of a look or gate says no where it is to: its first effect, else an expectation that is open.
    pub(super) fn says_no(&self, look: NodeId) -> Option<NodeId> {
        let below = self.within(look);
        let effect = below.iter().find(|id| matches!(self.plan.op(**id), Some(Op::Do(_))));
        let open = |id: &&NodeId| match self.plan.op(**id) {
            Some(Op::Eval(Eval::Expect(expect))) => self.is_open(&expect.condition),
            _ => false,
        };
        effect.or_else(|| below.iter().find(open)).copied()
    }

    /// A node and all below it, in order.
    pub(super) fn within(&self, id: NodeId) -> Vec<NodeId> {
        let mut all = vec![id];
        for below in self.plan.below(id) {
            all.extend(self.within(below));
        }
        all
    }
}
