//! Values: what was bound and still has a name is carried over; what nobody gives any more, nobody may need.

use super::carrier::{Carrier, Done};
use super::frames::Entry;
use super::words::NotCarried;
use crate::event::{Carry, Fact, FrameId, Verdict};
use crate::plan::NodeId;
use crate::value::{Value, VarId};

impl Carrier<'_> {
    /// Something whose inside is another now is over: what it gave and what it set going stands.
    pub(super) fn left_hollow(&mut self, (frame, id): (FrameId, FrameId), verdict: &Verdict) -> Done {
        let Some(new) = self.now.frame(id).map(|frame| frame.node) else { return Ok(()) };
        let Some(old) = self.old_nodes.get(&frame).copied() else { return Ok(()) };
        let why = self.said_of(old);
        let inside: Vec<NodeId> = self.old_titles.range(old).collect();
        let around = self.around.get(&frame).copied().unwrap_or(FrameId(0));
        let bound = self.bound_in(self.replan.old, &inside);
        let values: Vec<(VarId, Value)> = bound
            .into_iter()
            .filter_map(|var| Some((self.anew.var(var)?, self.then.value(around, var)?.clone())))
            .collect();
        self.lose_all(new, &values);
        let going = self.history.set_going(frame);
        let mut carried = self.carried(id, new, Carry::Keep, &why);
        (carried.started, carried.in_doubt) = (going.started, going.in_doubt);
        carried.values = values;
        if going.started && !self.history.is_undone(frame) && self.lacks_for_undo(id, new, &carried.values) {
            carried.started = false;
            let what = self.new_titles.path(new);
            let by = self.replan.by.clone();
            let why = "what undoes it now needs values that are not there".to_owned();
            self.emit(Fact::LeftBehind { what, why, by })?;
        }
        self.emit(Fact::Carried(carried))?;
        self.emit(Fact::Left { frame: id, verdict: verdict.clone() })
    }

    fn lacks_for_undo(&self, id: FrameId, new: NodeId, values: &[(VarId, Value)]) -> bool {
        let Some(step) = self.replan.new.step(new) else { return false };
        let has =
            |var: &VarId| values.iter().any(|(own, _)| own == var) || self.now.value(id, *var).is_some();
        !step.captures.iter().all(has)
    }

    /// What a part would bind, but for these, nobody gives.
    pub(super) fn lose_all(&mut self, new: NodeId, values: &[(VarId, Value)]) {
        let inside: Vec<NodeId> = self.new_titles.range(new).collect();
        let bound = self.bound_in(self.replan.new, &inside);
        let lost = bound.into_iter().filter(|var| !values.iter().any(|(own, _)| own == var));
        self.lost.extend(lost.map(|var| (var, new)));
    }

    /// Nothing that is still to come reads a value that nobody gives.
    pub(super) fn check_values(&self) -> Done {
        if self.lost.is_empty() {
            return Ok(());
        }
        let over: std::collections::HashSet<NodeId> =
            self.history.touched.iter().filter_map(|old| self.anew.node(*old)).collect();
        let nodes = (0..).map(NodeId).zip(&self.replan.new.nodes);
        for (id, node) in nodes.filter(|(id, _)| !over.contains(id)) {
            let mut lacks = None;
            node.reads(&mut |var| {
                let giver = self
                    .lost
                    .get(&var)
                    .filter(|giver| !self.new_titles.range(**giver).any(|inner| inner == id));
                lacks = lacks.or(giver.map(|giver| (var, *giver)));
            });
            if let Some((var, giver)) = lacks {
                let name = self.replan.new.var(var).map_or("", |var| var.name.as_str());
                let giver = self.new_titles.path(giver);
                let why = format!("it needs `{name}`, which \"{giver}\" would give, and that is not run");
                return Err(NotCarried { place: self.new_titles.path(id), why });
            }
        }
        Ok(())
    }

    /// What is told of an entry is told of it from here on.
    pub(super) fn remember(&mut self, entry: &Entry<'_>) {
        self.old_nodes.insert(entry.frame, entry.old);
        if let Some(parent) = self.then.frame(entry.frame).and_then(|frame| frame.parent) {
            self.around.insert(entry.frame, parent);
        }
    }
}
