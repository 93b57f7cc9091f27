//! The transition table: each fact with the state it may be applied in and the state it leads to.

use super::{Event, Fact, Fault, Frame, FrameId, Open, RunState, Slot};
use crate::plan::{NodeId, Op, Plan};

/// A fact that cannot follow from the state; the journal is damaged or the engine has a bug.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event {seq} cannot follow: {why}")]
pub struct IllegalMove {
    /// The event.
    pub seq: u64,
    /// What does not fit.
    pub why: String,
}

/// The reason why a fact does not fit.
pub(super) type Step<T = ()> = Result<T, String>;

/// What folding needs beside the state.
#[derive(Clone, Copy)]
pub(super) struct With<'a> {
    pub(super) plan: &'a Plan,
}

impl RunState {
    /// Applies one event.
    ///
    /// # Errors
    /// When it cannot follow from this state; the state is then not to be used any more.
    pub fn apply(&mut self, plan: &Plan, event: &Event) -> Result<(), IllegalMove> {
        let illegal = |why: String| IllegalMove { seq: event.seq, why };
        if event.seq != self.seq + 1 {
            return Err(illegal(format!("expected event {}", self.seq + 1)));
        }
        self.check_phase(&event.fact).map_err(illegal)?;
        self.seq = event.seq;
        let before = self.now;
        self.now = event.at.max(before);
        if matches!(event.fact, Fact::Resumed { .. }) {
            self.pass_idle_time(self.now.duration_since(before));
        }
        self.transition(With { plan }, &event.fact).map_err(illegal)
    }

    /// Folds a whole journal.
    ///
    /// # Errors
    /// At the first event that cannot follow.
    pub fn fold<'a>(plan: &Plan, events: impl IntoIterator<Item = &'a Event>) -> Result<Self, IllegalMove> {
        let mut state = Self::default();
        events.into_iter().try_for_each(|event| state.apply(plan, event))?;
        Ok(state)
    }

    fn check_phase(&self, fact: &Fact) -> Step {
        let started = self.settings.is_some();
        match fact {
            _ if self.finished.is_some() => Err("the run has ended".into()),
            Fact::Started { .. } if started => Err("the run has started already".into()),
            Fact::Started { .. } | Fact::Resumed { .. } | Fact::Settled { .. }
                if started != matches!(fact, Fact::Started { .. }) =>
            {
                Ok(())
            }
            _ if !started => Err("the run has not started".into()),
            Fact::Noted { .. } => Ok(()),
            _ if self.suspended.is_some() => Err("no process drives the run".into()),
            _ => Ok(()),
        }
    }

    fn transition(&mut self, with: With<'_>, fact: &Fact) -> Step {
        match fact {
            Fact::Started { digest, dir, salt, inputs, settings } => {
                (self.digest, self.dir, self.salt) = (digest.clone(), dir.clone(), salt.clone());
                self.settings = Some(settings.clone());
                self.inputs.clone_from(inputs);
                self.start(with)
            }
            Fact::RoleBound { role, person, .. } => {
                self.roles.insert(role.clone(), person.clone());
                Ok(())
            }
            Fact::Resumed { settings } => {
                self.settings = Some(settings.clone());
                self.resume(with);
                Ok(())
            }
            Fact::Entered { frame, parent, node, key } => {
                self.entered(with, *frame, *parent, *node, key.clone())
            }
            Fact::Left { frame, verdict } => self.left(with, *frame, verdict),
            Fact::Skipped { frame, node, why, by } => self.skipped(with, *frame, *node, why, by.is_some()),
            Fact::Listed { frame, items } => self.listed(*frame, items),
            Fact::Bound { frame, var, value } => self.bound(with, *frame, *var, value),
            Fact::Began(begun) => self.began(with, begun),
            Fact::Spawned { effect, pid, started, boot } => {
                self.effect_mut(*effect)?.child = Some((*pid, *started, boot.clone()));
                Ok(())
            }
            Fact::Ended { effect, outcome, values, note } => {
                self.ended(with, *effect, *outcome, values, note)
            }
            Fact::Due { frame, node } => self.due(*frame, *node),
            Fact::Failed { frame, node, fault, why } => self.failed(with, *frame, *node, (*fault, why)),
            Fact::Unanswered { effect, why } => self.unanswered(*effect, why),
            Fact::Decided { frame, node, choice, .. } => self.decided(with, *frame, *node, choice),
            Fact::Settled { frame, node, how, .. } => self.settled(with, *frame, *node, how),
            Fact::CancelRequested { by } => {
                self.cancels += 1;
                self.cancelled_by = Some(by.name.clone());
                Ok(())
            }
            Fact::Unwinding { frame, what } => self.unwinding(with, *frame, *what),
            Fact::Unwound { frame } => self.unwound(*frame),
            Fact::Committed { frame, node } => self.pass_commit(with, *frame, *node),
            Fact::Concluded { frame, node, name } => {
                self.concluded = Some(name.clone());
                self.advance(with, *frame, *node).map(|_| ())
            }
            Fact::Noted { frame, .. } => {
                self.noted(*frame);
                Ok(())
            }
            Fact::Finished { ending, name } => {
                self.finished = Some((*ending, name.clone()));
                self.frames.clear();
                self.effects.clear();
                Ok(())
            }
            Fact::Suspended { until, why } => {
                self.suspended = Some((*until, why.clone()));
                Ok(())
            }
        }
    }

    pub(super) fn get(&mut self, frame: FrameId) -> Step<&mut Frame> {
        self.frames.get_mut(&frame).ok_or_else(|| format!("frame {} is not active", frame.0))
    }

    /// Moves a frame on past a child: what lies between must need no record of its own.
    /// Gives the child's position.
    pub(super) fn advance(&mut self, with: With<'_>, frame: FrameId, node: NodeId) -> Step<usize> {
        let target = self.get(frame)?;
        let again = |slot: &Slot| slot.open == Open::Again && stands_for(with.plan, slot.node, node);
        if let Some(at) = target.slots.iter().position(again) {
            return Ok(target.slots.remove(at).index);
        }
        let position = position_of(with.plan, target, node)
            .ok_or_else(|| format!("node {} does not come next in frame {}", node.0, frame.0))?;
        target.next = position + 1;
        Ok(position)
    }

    fn skipped(&mut self, with: With<'_>, frame: FrameId, node: NodeId, why: &str, by_person: bool) -> Step {
        if by_person {
            self.passed_over.push(super::PassedOver { node, why: why.into(), by_hand: false });
        }
        self.advance(with, frame, node).map(|_| ())
    }

    fn bound(
        &mut self,
        with: With<'_>,
        frame: FrameId,
        var: crate::value::VarId,
        value: &crate::value::Value,
    ) -> Step {
        let next = self.get(frame)?.next;
        let target = self.get(frame)?;
        let node = let_node(with.plan, target, next, var).ok_or("no `let` of that variable comes next")?;
        self.advance(with, frame, node)?;
        self.set_var(frame, var, value.clone())
    }

    /// Binds a variable in the nearest scope.
    pub(super) fn set_var(
        &mut self,
        frame: FrameId,
        var: crate::value::VarId,
        value: crate::value::Value,
    ) -> Step {
        let mut at = frame;
        loop {
            let target = self.get(at)?;
            match (&mut target.vars, target.parent) {
                (Some(vars), _) => break vars.set(var, value),
                (None, Some(parent)) => at = parent,
                (None, None) => return Err("the run has no values".into()),
            }
        }
        Ok(())
    }

    fn failed(&mut self, with: With<'_>, frame: FrameId, node: NodeId, fault: (Fault, &str)) -> Step {
        let now = self.now;
        let target = self.get(frame)?;
        let own = target.node == node;
        if let (true, super::Kind::Undo(undo)) = (own, &mut target.kind)
            && undo.verified.is_some()
        {
            undo.unverified = Some((undo.unverified.map_or(1, |(times, _)| times + 1), now));
        }
        if target.slots.iter().any(|slot| slot.node == node && slot.open != Open::Again) {
            return Err("that node stands open already".into());
        }
        let index = if own {
            target.close(node);
            target.next
        } else {
            self.advance(with, frame, node)?
        };
        let mut slot = Slot::new(node, index, Open::Nothing);
        slot.fault = Some((fault.0, fault.1.to_owned()));
        self.get(frame)?.slots.push(slot);
        Ok(())
    }
}

/// Where in its frame a node stands, from the next child on.
fn position_of(plan: &Plan, frame: &Frame, node: NodeId) -> Option<usize> {
    let Op::Group(group) = &plan.node(frame.node)?.op else { return None };
    let rest = group.children.iter().enumerate().skip(frame.next);
    for (position, child) in rest {
        if stands_for(plan, *child, node) {
            return Some(position);
        }
        if !passes_silently(plan, *child) {
            return None;
        }
    }
    None
}

/// Whether a child is that node, or a branch with that node for an arm.
fn stands_for(plan: &Plan, child: NodeId, node: NodeId) -> bool {
    let arms = || match plan.node(child).map(|child| &child.op) {
        Some(Op::Branch(arms)) => arms.iter().any(|arm| arm.body == node),
        _ => false,
    };
    child == node || arms()
}

/// Expectations that hold leave no record.
fn passes_silently(plan: &Plan, child: NodeId) -> bool {
    use crate::plan::Eval;
    matches!(plan.node(child).map(|node| &node.op), Some(Op::Eval(Eval::Expect(_) | Eval::Given(_))))
}

fn let_node(plan: &Plan, frame: &Frame, next: usize, var: crate::value::VarId) -> Option<NodeId> {
    use crate::plan::Eval;
    let Op::Group(group) = &plan.node(frame.node)?.op else { return None };
    let binds = |child: &NodeId| matches!(plan.node(*child).map(|node| &node.op), Some(Op::Eval(Eval::Let(bind))) if bind.var == var);
    let again = frame.slots.iter().find(|slot| slot.open == Open::Again && binds(&slot.node));
    again.map(|slot| slot.node).or_else(|| group.children.iter().skip(next).copied().find(binds))
}
