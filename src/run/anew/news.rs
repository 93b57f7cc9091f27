//! What the new plan has in the part that is already passed.

use super::carrier::{About, Carrier, Done};
use super::parts::{children, is_barrier};
use super::words::{Choose, NotCarried};
use crate::event::{Fact, FrameId, Open};
use crate::plan::{Eval, NodeId, Op};
use crate::value::eval;

impl Carrier<'_> {
    /// Goes past what is new before a child that is come to.
    pub(super) fn pass(&mut self, frame: FrameId, new: NodeId) -> Done {
        let again = self.now.frame(frame).is_some_and(|frame| {
            frame
                .slots
                .iter()
                .any(|slot| slot.open == Open::Again && self.replan.new.stands_for(slot.node, new))
        });
        let around = self.now.frame(frame).map(|frame| frame.node);
        let child = around.is_some_and(|around| {
            children(self.replan.new, around).iter().any(|child| self.replan.new.stands_for(*child, new))
        });
        if again || !child { Ok(()) } else { self.fill(frame, Some(new)) }
    }

    /// Goes past what is new in a frame, up to a child or to its end.
    pub(super) fn fill(&mut self, frame: FrameId, stop: Option<NodeId>) -> Done {
        while let Some(child) = self.next_loud(frame) {
            let reached = stop.is_some_and(|stop| self.replan.new.stands_for(child, stop));
            if reached || self.anew.is_known(child) {
                return Ok(());
            }
            self.new_child(frame, child)?;
        }
        Ok(())
    }

    /// The next child of a frame that leaves a record.
    fn next_loud(&self, frame: FrameId) -> Option<NodeId> {
        let at = self.now.frame(frame)?;
        let rest = children(self.replan.new, at.node).get(at.next..)?;
        rest.iter().copied().find(|child| !self.replan.new.is_silent(*child))
    }

    fn new_child(&mut self, frame: FrameId, child: NodeId) -> Done {
        if matches!(self.replan.new.op(child), Some(Op::Eval(Eval::Let(_)))) {
            return self.compute(frame, child);
        }
        if self.new_titles.range(child).any(|inner| is_barrier(self.replan.new, inner)) {
            let why = "it is new and stands in the part already passed; nobody gets past a gate, an approval, a lock or \
                       the point of no return in this way: write it where the run has not come to yet";
            return Err(NotCarried { place: self.new_titles.path(child), why: why.to_owned() });
        }
        let what = "it is new, and its place has passed";
        let (_, why) = self.word(About::New(child), what, &[Choose::Skip]);
        self.lose_all(child, &[]);
        self.emit(Fact::Skipped { frame, node: child, why, by: Some(self.replan.by.clone()) })
    }

    /// What is only computed is computed from what was known there.
    pub(super) fn compute(&mut self, frame: FrameId, child: NodeId) -> Done {
        let Some(Op::Eval(Eval::Let(bind))) = self.replan.new.op(child) else { return Ok(()) };
        let value = eval(&bind.value, &self.now.seen_from(frame));
        let value = value.map_err(|error| {
            let name = self.replan.new.var(bind.var).map_or("", |var| var.name.as_str());
            let why = format!("`{name}` stands in the part already passed and cannot be computed: {error}");
            NotCarried { place: self.new_titles.path(child), why }
        })?;
        self.emit(Fact::Bound { frame, var: bind.var, value })
    }
}
