//! Which inputs a run may read, as far as what is known of them tells: what stands in a branch that is not taken needs none.

use std::collections::{HashMap, HashSet};

use super::{Eval, InputSource, NodeId, Op, Plan, Role};
use crate::value::{Expr, Scope, Value, VarId, eval};

/// The inputs without which a run cannot go on, whatever comes. `known` are the inputs that have a value; a condition that
/// they do not tell may hold or not. An input that nothing reads at all counts as needed: its author wants it given.
#[must_use]
pub fn needed_inputs(plan: &Plan, known: &dyn Scope) -> HashSet<VarId> {
    let mut walk = Walk { plan, known, computed: HashMap::new(), read: HashSet::new() };
    walk.node(Plan::ROOT);
    plan.inputs.iter().for_each(|input| walk.sources(input));
    let mut anywhere = HashSet::new();
    plan.nodes.iter().for_each(|node| node.reads(&mut |var| _ = anywhere.insert(var)));
    let inputs = plan.inputs.iter().map(|input| input.var);
    inputs.filter(|var| walk.read.contains(var) || !anywhere.contains(var)).collect()
}

struct Walk<'a> {
    plan: &'a Plan,
    known: &'a dyn Scope,
    /// What is computed from inputs alone.
    computed: HashMap<VarId, Value>,
    read: HashSet<VarId>,
}

impl Scope for Walk<'_> {
    fn get(&self, var: VarId) -> Option<&Value> {
        self.computed.get(&var).or_else(|| self.known.get(var))
    }
}

impl Walk<'_> {
    fn node(&mut self, id: NodeId) {
        let Some(node) = self.plan.node(id) else { return };
        match &node.op {
            Op::Branch(arms) => {
                for arm in arms {
                    let holds = arm.when.as_ref().map_or(Some(true), |when| self.holds(when));
                    if holds != Some(false) {
                        self.node(arm.body);
                    }
                    if holds == Some(true) {
                        return;
                    }
                }
                return;
            }
            Op::Group(group) => {
                if let Role::Step(step) = &group.role
                    && step.condition.as_ref().is_some_and(|condition| self.holds(condition) == Some(false))
                {
                    return;
                }
            }
            Op::Eval(Eval::Let(bind)) => {
                if let Ok(value) = eval(&bind.value, self) {
                    self.computed.insert(bind.var, value);
                }
            }
            _ => {}
        }
        node.reads(&mut |var| _ = self.read.insert(var));
        self.plan.below(id).into_iter().for_each(|below| self.node(below));
    }

    /// Whether a condition holds, where that can be told; what it reads is read in any case.
    fn holds(&mut self, condition: &Expr) -> Option<bool> {
        condition.vars(&mut |var| _ = self.read.insert(var));
        match eval(condition, self) {
            Ok(Value::Bool(truth)) => Some(truth),
            _ => None,
        }
    }

    /// What the value of an input is made of, and tried against.
    fn sources(&mut self, input: &super::Input) {
        let mut exprs: Vec<&Expr> = input.default.iter().collect();
        match &input.from {
            Some(InputSource::File(path)) => exprs.push(path),
            Some(InputSource::Command(words)) => exprs.extend(words),
            _ => {}
        }
        let others = input.condition.iter().chain(exprs);
        others.for_each(|expr| expr.vars(&mut |var| _ = (var != input.var).then(|| self.read.insert(var))));
    }
}
