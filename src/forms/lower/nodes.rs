//! Nodes of the plan that is being made: reserved where a statement begins, filled when all that is in it is known.

use super::{Lowering, group, text};
use crate::plan::{Node, NodeId, Op, Role};
use crate::program::Stmt;
use crate::text::Span;
use crate::value::Expr;

impl<'p> Lowering<'p> {
    /// Reserves a node that stands in the sequence at hand.
    pub(crate) fn open(&mut self, span: Span) -> NodeId {
        let id = self.detached(span);
        if let Some(children) = self.children.last_mut() {
            children.push(id);
        }
        id
    }

    /// Reserves a node for a statement, with the title and prose of it.
    pub(crate) fn open_titled(&mut self, stmt: &Stmt) -> NodeId {
        let id = self.open(stmt.span);
        let title = self.title(stmt);
        self.entitle(id, Some(title), stmt.prose.as_ref());
        id
    }

    /// The title of a statement.
    pub(crate) fn title(&mut self, stmt: &Stmt) -> Expr {
        self.operand(stmt, 0).unwrap_or_else(|| text(""))
    }

    /// Reserves a node that hangs from its parent otherwise (an arm, an undo, a watch).
    pub(crate) fn detached(&mut self, span: Span) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node { op: Op::Branch(vec![]), title: None, prose: None, above: 0, span });
        id
    }

    /// Says what a reserved node does.
    pub(crate) fn fill(&mut self, id: NodeId, op: Op) {
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            node.op = op;
        }
    }

    /// Puts one more node at the end of a group.
    pub(crate) fn extend(&mut self, id: NodeId, child: NodeId) {
        if let Some(Op::Group(group)) = self.nodes.get_mut(id.0 as usize).map(|node| &mut node.op) {
            group.children.push(child);
        }
    }

    /// Gives a node what people read about it.
    pub(crate) fn entitle(&mut self, id: NodeId, title: Option<Expr>, prose: Option<&String>) {
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            node.title = title;
            node.prose = prose.cloned();
        }
    }

    /// Gives the last node of the sequence at hand what people read about it.
    pub(crate) fn entitle_last(&mut self, title: Option<Expr>, prose: Option<&String>) {
        if let Some(last) = self.children.last().and_then(|children| children.last()).copied() {
            self.entitle(last, title, prose);
        }
    }

    /// Notes how much of the prose of its block stands above it.
    pub(super) fn set_above(&mut self, id: NodeId, stmt: &Stmt) {
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            node.above = stmt.above;
        }
    }

    /// A whole node in the sequence at hand.
    pub(crate) fn leaf(&mut self, span: Span, op: Op) -> NodeId {
        let id = self.open(span);
        self.fill(id, op);
        id
    }

    /// Gathers the nodes that `make` makes as a sequence of their own.
    pub(crate) fn gather(&mut self, make: impl FnOnce(&mut Self)) -> Vec<NodeId> {
        self.children.push(vec![]);
        make(self);
        self.children.pop().unwrap_or_default()
    }

    /// A plain group, not in the sequence at hand, of what `make` makes.
    pub(crate) fn group(&mut self, span: Span, make: impl FnOnce(&mut Self)) -> NodeId {
        let id = self.detached(span);
        let children = self.gather(make);
        self.fill(id, group(Role::Block, children));
        id
    }

    /// A plain group of statements.
    pub(crate) fn block(&mut self, span: Span, stmts: &'p [Stmt]) -> NodeId {
        let env = self.context.env.len();
        let id = self.group(span, |low| low.stmts(stmts));
        self.context.env.truncate(env);
        id
    }
}
