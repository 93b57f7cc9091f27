//! What undoes what was done: of another form now, begun or over, or gone.

use super::carrier::{About, Carrier, Done, Fate};
use super::frames::Entry;
use super::parts::matters;
use super::words::{Choose, NotCarried};
use crate::event::{Carry, Fact, FrameId, Key, Verdict};
use crate::plan::{Differs, NodeId};

impl Carrier<'_> {
    pub(super) fn undo_entered(
        &mut self,
        (frame, parent): (FrameId, FrameId),
        old: NodeId,
        step: FrameId,
    ) -> Done {
        let (Fate::As(within), Some(new)) = (self.fate(parent), self.anew.node(old)) else { return Ok(()) };
        if self.number(step).is_none() {
            return Ok(());
        }
        let key = Key::Undo(step);
        let entry = Entry { frame, within, old, new, key: Some(&key) };
        if self.anew.differs(old) == Some(Differs::Not) {
            return self.enter(entry, Fate::As).map(drop);
        }
        if let Some(verdict) = self.history.ends.get(&frame) {
            let id = self.enter(entry, |_| Fate::Gone)?;
            return self.emit(Fact::Left { frame: id, verdict: verdict.clone() });
        }
        let of = self.step_of(old);
        let what = "its undo has begun, and is another now";
        let (choice, why) = self.word(About::Undo(of), what, &[Choose::Again, Choose::Done]);
        if choice == Choose::Again {
            return Ok(());
        }
        let id = self.enter(entry, |_| Fate::Gone)?;
        let carried = self.carried(id, new, Carry::Done, &why);
        self.emit(Fact::Carried(carried))?;
        self.emit(Fact::Left { frame: id, verdict: Verdict::Passed })
    }

    /// The step that an undo of the plan before belongs to.
    fn step_of(&self, body: NodeId) -> NodeId {
        let parents = self.replan.old.parents();
        parents.get(body.0 as usize).copied().unwrap_or(body)
    }

    /// Something that was done or begun is not in the new plan.
    pub(super) fn removed(&mut self, frame: FrameId, old: NodeId) -> Done {
        let inner: Vec<NodeId> = self.old_titles.range(old).collect();
        let touched =
            |node: &&NodeId| self.history.touched.contains(node) && matters(self.replan.old, **node);
        if !inner.iter().any(|node| touched(&node)) {
            return Ok(());
        }
        let what = if self.history.ends.contains_key(&frame) {
            "it is done, and is not in the new plan: nothing undoes it then"
        } else {
            "it has begun, and is not in the new plan: nothing undoes it then"
        };
        let (_, why) = self.word(About::Old(old), what, &[Choose::Keep]);
        self.leave_behind(frame, old, &why)?;
        self.gone.push((frame, why));
        Ok(())
    }

    /// A frame within something that is not in the new plan.
    pub(super) fn within_removed(&mut self, frame: FrameId, parent: FrameId, old: NodeId) -> Done {
        let Some(why) = self.gone.iter().find(|(gone, _)| *gone == parent).map(|(_, why)| why.clone()) else {
            return Ok(());
        };
        self.leave_behind(frame, old, &why)?;
        self.gone.push((frame, why));
        Ok(())
    }

    /// What a step did stays, where nothing has undone it.
    fn leave_behind(&mut self, frame: FrameId, old: NodeId, why: &str) -> Done {
        if !self.history.set_going(frame).started || self.history.is_undone(frame) {
            return Ok(());
        }
        let what = self.old_titles.path(old);
        self.emit(Fact::LeftBehind { what, why: why.to_owned(), by: self.replan.by.clone() })
    }

    /// What undoes a step that stands has what it needs, or the run cannot be carried over.
    pub(super) fn check_undo(&self, frame: FrameId, id: FrameId) -> Done {
        let Some(step) = self.now.frame(id).and_then(|frame| self.replan.new.step(frame.node)) else {
            return Ok(());
        };
        if !self.history.set_going(frame).started || self.history.is_undone(frame) {
            return Ok(());
        }
        let missing = step.captures.iter().find(|var| self.now.value(id, **var).is_none());
        let needs = missing.filter(|var| !self.had_none(frame, **var));
        let Some(var) = needs.and_then(|var| self.replan.new.var(*var)) else { return Ok(()) };
        let place =
            self.new_titles.path(self.now.frame(id).map_or(crate::plan::Plan::ROOT, |frame| frame.node));
        let why = format!("what undoes it needs `{}` now, which is not there", var.name);
        Err(NotCarried { place, why })
    }

    /// Whether the step's undo named that value before, too, and had it as little.
    fn had_none(&self, frame: FrameId, var: crate::value::VarId) -> bool {
        let node = self.old_nodes.get(&frame);
        let step = node.and_then(|node| self.replan.old.step(*node));
        step.is_some_and(|step| step.captures.iter().any(|old| self.anew.var(*old) == Some(var)))
    }
}
