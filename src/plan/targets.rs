//! The targets that a plan names, as far as they are known before it runs.

use std::collections::{BTreeSet, HashMap};

use super::{Eval, Loop, NodeId, Op, Plan};
use crate::value::{Expr, Value, VarId, eval, show};

impl Plan {
    /// The targets where something is sure to be asked for, this machine aside, with these values known. A name
    /// that only a run finds out is missing.
    #[must_use]
    pub fn targets(&self, values: &HashMap<VarId, Value>) -> BTreeSet<String> {
        let mut look =
            Look { plan: self, ends: self.ends(), known: values.clone(), targets: BTreeSet::new() };
        if look.names_any(Self::ROOT) {
            look.node(Self::ROOT);
        }
        look.targets
    }
}

/// A walk over what is known of a plan.
struct Look<'a> {
    plan: &'a Plan,
    ends: Vec<u32>,
    known: HashMap<VarId, Value>,
    targets: BTreeSet<String>,
}

impl Look<'_> {
    /// Whether there is a target in a subtree.
    fn names_any(&self, id: NodeId) -> bool {
        let start = id.0 as usize;
        let end = self.ends.get(start).map_or(start, |end| *end as usize);
        let nodes = self.plan.nodes.get(start..end).unwrap_or_default();
        nodes.iter().any(|node| matches!(&node.op, Op::Do(effect) if effect.on.is_some()))
    }

    fn eval(&self, expr: &Expr) -> Option<Value> {
        eval(expr, &self.known).ok()
    }

    fn node(&mut self, id: NodeId) {
        let plan = self.plan;
        match plan.op(id) {
            Some(Op::Do(effect)) => {
                let name = effect.on.as_ref().and_then(|on| self.eval(on)).map(|name| show(&name));
                self.targets.extend(name.filter(|name| name != "local"));
            }
            Some(Op::Eval(Eval::Let(bind))) => {
                if let Some(value) = self.eval(&bind.value) {
                    self.known.insert(bind.var, value);
                }
            }
            Some(Op::Loop(looping)) if self.names_any(id) => self.looping(id, looping),
            Some(Op::Group(_) | Op::Branch(_)) => self.below(id),
            _ => {}
        }
    }

    fn below(&mut self, id: NodeId) {
        self.plan.below(id).into_iter().for_each(|id| self.node(id));
    }

    fn looping(&mut self, id: NodeId, looping: &Loop) {
        let Loop::For { item, list, body, .. } = looping else { return self.below(id) };
        match self.eval(list) {
            Some(Value::List(items)) => {
                for value in items.iter() {
                    self.known.insert(*item, value.clone());
                    self.node(*body);
                }
            }
            _ => self.node(*body),
        }
        self.known.remove(item);
    }
}
