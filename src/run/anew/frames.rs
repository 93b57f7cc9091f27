//! Frames: which are told again, which in one, which go on from a point, which not at all.

use super::carrier::{About, Carrier, Done, Fate};
use super::parts::{children, is_unit, position};
use super::words::Choose;
use crate::event::{Carry, Fact, FrameId, Key, Site, Verdict};
use crate::plan::{Class, Differs, NodeId, Op, Plan, Role};
use crate::value::VarId;

/// A frame that begins: its number and that of the one around it, now, and its node in both plans.
#[derive(Clone, Copy)]
pub(super) struct Entry<'k> {
    pub(super) frame: FrameId,
    pub(super) within: FrameId,
    pub(super) old: NodeId,
    pub(super) new: NodeId,
    pub(super) key: Option<&'k Key>,
}

impl Carrier<'_> {
    pub(super) fn entered(
        &mut self,
        (frame, parent): (FrameId, FrameId),
        old: NodeId,
        key: Option<&Key>,
    ) -> Done {
        if let Some(Key::Undo(step)) = key {
            return self.undo_entered((frame, parent), old, *step);
        }
        let Some(within) = self.goes_on_in(parent, old) else {
            return self.within_removed(frame, parent, old);
        };
        let Some(new) = self.anew.node(old) else { return self.removed(frame, old) };
        let entry = Entry { frame, within, old, new, key };
        let differs = self.anew.differs(old).unwrap_or(Differs::Not);
        let unit = is_unit(self.replan.old, old, self.old_titles.range(old));
        if matches!(differs, Differs::Not | Differs::Title) || !unit {
            if self.is_look(parent, old) && differs != Differs::Not {
                return Ok(());
            }
            return self.enter(entry, Fate::As).map(drop);
        }
        match (differs, self.is_same_body(old)) {
            (Differs::Work, false) => self.changed(entry),
            _ => self.undone_otherwise(entry),
        }
    }

    /// The number now of the frame around something that begins, if it is told there.
    pub(super) fn goes_on_in(&self, parent: FrameId, old: NodeId) -> Option<FrameId> {
        match self.fate(parent) {
            Fate::As(id) => Some(id),
            Fate::Open(id, cut) => {
                let around = self.then.frame(parent)?.node;
                let before = position(self.replan.old, around, old).is_some_and(|at| at < cut);
                before.then_some(id)
            }
            Fate::Hollow(_) | Fate::Gone => None,
        }
    }

    /// Whether it only looks beside the way: a guard, or whether a step is in place.
    fn is_look(&self, parent: FrameId, old: NodeId) -> bool {
        let around = self.then.frame(parent).and_then(|frame| self.replan.old.group(frame.node));
        match around.map(|group| &group.role) {
            Some(Role::Run(scope)) => scope.watches.iter().any(|watch| watch.body == old),
            Some(Role::Phase(scope)) => scope.watches.iter().any(|watch| watch.body == old),
            Some(Role::Step(step)) => step.done_when == Some(old),
            _ => false,
        }
    }

    /// Tells that a frame begins.
    pub(super) fn enter(&mut self, entry: Entry<'_>, fate: impl Fn(FrameId) -> Fate) -> Done<FrameId> {
        let Entry { frame, within, new, key, .. } = entry;
        self.pass(within, new)?;
        self.remember(&entry);
        let id = self.now.next_frame();
        let key = match key {
            Some(Key::Undo(step)) => self.number(*step).map(Key::Undo),
            other => other.cloned(),
        };
        self.emit(Fact::Entered { frame: id, parent: within, node: new, key })?;
        self.frames.insert(frame, fate(id));
        Ok(id)
    }

    /// Whether what a step, check or gate does is the same, whatever its options.
    fn is_same_body(&self, old: NodeId) -> bool {
        let Some(new) = self.anew.node(old) else { return false };
        let same = |node: &NodeId| matches!(self.anew.differs(*node), Some(Differs::Not | Differs::Title));
        if let (Some(Op::Loop(_)), Some(Op::Loop(_))) = (self.replan.old.op(old), self.replan.new.op(new)) {
            return self.replan.old.below(old).iter().all(same);
        }
        let (before, now) = (children(self.replan.old, old), children(self.replan.new, new));
        before.len() == now.len() && before.iter().all(same)
    }

    /// Of a step only the undo is another, or its options.
    fn undone_otherwise(&mut self, entry: Entry<'_>) -> Done {
        let same =
            |bodies: Vec<NodeId>| bodies.iter().map(|body| self.anew.differs(*body)).collect::<Vec<_>>();
        let of_old = same(self.replan.old.undo_bodies(entry.old));
        let count = self.replan.new.undo_bodies(entry.new).len();
        let same = of_old.len() == count && of_old.iter().all(|one| *one == Some(Differs::Not));
        let done = self.history.is_done(entry.frame) && self.history.set_going(entry.frame).started;
        if !same && done && !self.history.undo_began(entry.frame) {
            let what = "it is done; what undoes it is another now";
            self.word(About::Old(entry.old), what, &[Choose::Keep]);
        }
        self.enter(entry, Fate::As).map(drop)
    }

    /// What a step, check or gate does is another now.
    fn changed(&mut self, entry: Entry<'_>) -> Done {
        let (frame, old) = (entry.frame, entry.old);
        let failing = self.history.is_failing();
        let ended = self.history.ends.contains_key(&frame);
        if self.history.is_done(frame) || (failing && ended) {
            return self.changed_and_over(entry);
        }
        let Some(cut) = self.cut(frame, old) else { return self.undone_otherwise(entry) };
        if self.replan.old.step(old).is_none() {
            // Looking again harms nobody.
            return self.enter(entry, |id| Fate::Open(id, cut)).map(drop);
        }
        let what = "it has begun, and does something else now";
        let (choice, why) = self.word(About::Begun(frame), what, &[Choose::Again, Choose::Done]);
        let going = self.history.set_going(frame);
        if choice == Choose::Done {
            let id = self.enter(entry, |_| Fate::Gone)?;
            let mut carried = self.carried(id, entry.new, Carry::Done, &why);
            carried.started = true;
            self.lose_all(entry.new, &[]);
            self.emit(Fact::Carried(carried))?;
            return self.emit(Fact::Left { frame: id, verdict: Verdict::Passed });
        }
        self.reopen(entry, (cut, &why), going)
    }

    /// It goes on from a child, whatever it did behind that.
    fn reopen(
        &mut self,
        entry: Entry<'_>,
        (cut, why): (usize, &str),
        going: super::history::SetGoing,
    ) -> Done {
        let id = self.enter(entry, |id| Fate::Open(id, cut))?;
        let mut carried = self.carried(id, entry.new, Carry::Again, why);
        (carried.started, carried.in_doubt) = (going.started, going.in_doubt);
        self.emit(Fact::Carried(carried))
    }

    fn changed_and_over(&mut self, entry: Entry<'_>) -> Done {
        let free = self.is_last(entry) && !self.history.is_failing() && !self.is_used(entry.old);
        let choices: &[Choose] = if free { &[Choose::Keep, Choose::Again] } else { &[Choose::Keep] };
        let what = "it is done, and does something else now";
        let (choice, why) = self.word(About::Old(entry.old), what, choices);
        if choice == Choose::Again {
            let going = self.history.set_going(entry.frame);
            return self.reopen(entry, (0, &why), going);
        }
        self.enter(entry, Fate::Hollow).map(drop)
    }

    /// Whether nothing came after it but questions that are asked anew, or only what stands beside it.
    fn is_last(&self, entry: Entry<'_>) -> bool {
        let parent = self.then.frame(entry.frame).and_then(|frame| frame.parent);
        let Some(parent) = parent.and_then(|parent| self.history.last.frame(parent)) else { return false };
        let Some(own) = position(self.replan.old, parent.node, entry.old) else { return false };
        let after = children(self.replan.old, parent.node).get(own + 1..parent.next).unwrap_or_default();
        let asked = |child: &NodeId| {
            let run = parent.slot(*child).and_then(|slot| slot.effect());
            run.is_some_and(|run| run.class == Class::Asks) || self.replan.old.is_silent(*child)
        };
        self.replan.old.is_parallel(parent.node) || after.iter().all(asked)
    }

    /// Whether something that was done used what it gave.
    fn is_used(&self, old: NodeId) -> bool {
        let inside: Vec<NodeId> = self.old_titles.range(old).collect();
        let gives = self.bound_in(self.replan.old, &inside);
        let readers = self.history.touched.iter().filter(|node| !inside.contains(node));
        readers.filter_map(|node| self.replan.old.node(*node)).any(|node| {
            let mut reads = false;
            node.reads(&mut |var| reads |= gives.contains(&var));
            reads
        })
    }

    pub(super) fn bound_in(&self, plan: &Plan, nodes: &[NodeId]) -> Vec<VarId> {
        let mut vars = vec![];
        nodes
            .iter()
            .filter_map(|node| plan.node(*node))
            .for_each(|node| node.binds(&mut |var| vars.push(var)));
        vars
    }

    /// The first child of something begun that is another now, or has something new before it.
    fn cut(&self, frame: FrameId, old: NodeId) -> Option<usize> {
        let new = self.anew.node(old)?;
        if self.replan.old.group(old).is_none() {
            return Some(0);
        }
        let (before, now) = (children(self.replan.old, old), children(self.replan.new, new));
        let active = self.history.last.frame(frame);
        let next = active.map_or(before.len(), |frame| frame.next);
        let mut from = 0;
        for (at, child) in before.iter().enumerate() {
            let open = self.history.stands_open(Site { frame, node: *child })
                || active.is_some_and(|active| active.slots.iter().any(|slot| slot.index == at));
            if at >= next && !open {
                continue;
            }
            let silent = self.replan.old.is_silent(*child) && !open;
            let place = self.anew.node(*child).and_then(|child| position(self.replan.new, new, child));
            let Some(place) = place else {
                if silent {
                    continue;
                }
                return Some(at);
            };
            let between = now.get(from..place).unwrap_or_default();
            let news = between.iter().any(|new| !self.replan.new.is_silent(*new));
            let same = matches!(self.anew.differs(*child), Some(Differs::Not | Differs::Title));
            if news || !(same || silent) {
                return Some(at);
            }
            from = place + 1;
        }
        None
    }

    pub(super) fn left(&mut self, frame: FrameId, verdict: &Verdict) -> Done {
        match self.fate(frame) {
            Fate::As(id) => {
                if *verdict == Verdict::Passed {
                    self.fill(id, None)?;
                }
                self.check_undo(frame, id)?;
                self.emit(Fact::Left { frame: id, verdict: verdict.clone() })
            }
            Fate::Hollow(id) => self.left_hollow((frame, id), verdict),
            Fate::Open(..) | Fate::Gone => Ok(()),
        }
    }
}
