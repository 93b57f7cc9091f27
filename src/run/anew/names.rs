//! What a person calls a part of a plan, as far as inputs tell the values in titles.

use std::collections::HashMap;

use crate::event::StoredInput;
use crate::plan::{NodeId, Plan};
use crate::value::{Expr, Piece, Value, VarId, eval, show};

/// The titles of a plan.
pub(super) struct Titles<'a> {
    plan: &'a Plan,
    parents: Vec<NodeId>,
    ends: Vec<u32>,
    values: HashMap<VarId, Value>,
}

impl<'a> Titles<'a> {
    pub(super) fn of(plan: &'a Plan, inputs: &[StoredInput]) -> Self {
        let values = inputs.iter().map(|input| (input.var, input.value.clone())).collect();
        Self { plan, parents: plan.parents(), ends: plan.ends(), values }
    }

    /// The titles from the run down to a node. What has none goes by the first thing in it that has.
    pub(super) fn path(&self, node: NodeId) -> String {
        let own = self.range(node).find(|inner| self.title(*inner).is_some()).unwrap_or(node);
        let up = |at: &NodeId| self.parents.get(at.0 as usize).copied().filter(|_| *at != Plan::ROOT);
        let chain = std::iter::successors(Some(own), up);
        let mut titles: Vec<String> = chain.filter_map(|at| self.title(at)).collect();
        titles.reverse();
        if titles.is_empty() { self.plan.title.clone() } else { titles.join(" / ") }
    }

    /// The nodes of a subtree.
    pub(super) fn range(&self, node: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        (node.0..self.ends.get(node.0 as usize).copied().unwrap_or(node.0 + 1)).map(NodeId)
    }

    fn title(&self, node: NodeId) -> Option<String> {
        let title = self.plan.node(node)?.title.as_ref()?;
        Some(eval(title, &self.values).map_or_else(|_| self.fixed(title), |title| show(&title)))
    }

    /// A title with the names of what is not known.
    fn fixed(&self, title: &Expr) -> String {
        match title {
            Expr::At(_, inner) | Expr::Convert(_, inner) => self.fixed(inner),
            Expr::Const(value) => show(value),
            Expr::Var(var) => {
                format!("⟨{}⟩", self.plan.var(*var).map_or("", |var| var.name.as_str()))
            }
            Expr::Text(pieces) => pieces.iter().map(|piece| self.piece(piece)).collect(),
            _ => "⟨…⟩".to_owned(),
        }
    }

    fn piece(&self, piece: &Piece) -> String {
        match piece {
            Piece::Text(text) => text.clone(),
            Piece::Value(value) => {
                eval(value, &self.values).map_or_else(|_| self.fixed(value), |value| show(&value))
            }
        }
    }
}
