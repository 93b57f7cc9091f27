//! The transition table: each fact with the state it may be applied in and the state it leads to.

use super::{
    Ending, Event, Fact, Fault, Frame, FrameId, Kind, Open, Outcome, PassedOver, Process, ReplyNote,
    RunState, Slot, Vars,
};
use crate::plan::{Eval, NodeId, Op, Plan};
use crate::value::{Value, VarId, hollow};

/// How an attempt of an effect ended, with what it gave.
#[derive(Clone, Copy)]
pub(super) struct End<'a> {
    pub(super) outcome: Outcome,
    pub(super) values: &'a [(VarId, Value)],
    pub(super) note: &'a ReplyNote,
}

/// A fact that cannot follow from the state; the journal is damaged or the engine has a bug.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event {seq} cannot follow: {why}")]
pub struct IllegalMove {
    /// The event.
    pub seq: u64,
    /// What does not fit.
    pub why: String,
}

/// A part of a transition; the error is the reason why the fact does not fit.
pub(super) type Move<T = ()> = Result<T, String>;

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
        self.transition(plan, &event.fact).map_err(illegal)
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

    fn check_phase(&self, fact: &Fact) -> Move {
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
            Fact::Noted { .. }
            | Fact::HandedOver { .. }
            | Fact::PlannedAnew { .. }
            | Fact::LeftBehind { .. }
            | Fact::Enrolled { .. }
            | Fact::RoleBound { .. }
            | Fact::Finished { ending: Ending::Superseded, .. } => Ok(()),
            _ if self.suspended.is_some() => Err("no process drives the run".into()),
            _ => Ok(()),
        }
    }

    fn transition(&mut self, plan: &Plan, fact: &Fact) -> Move {
        match fact {
            Fact::Started { digest, dir, path, salt, sources: _, inputs, settings } => {
                (self.digest, self.salt) = (digest.clone(), salt.clone());
                (self.dir, self.path) = (dir.clone(), path.clone());
                self.inputs.clone_from(inputs);
                self.driven(settings);
                self.start(plan)?;
            }
            Fact::StartedLate { node, why, by, .. } => self.started_late(plan, *node, why, by)?,
            Fact::PlannedAnew { .. } => self.handed_in.clear(),
            Fact::Carried(carried) => self.carried(plan, carried)?,
            Fact::LeftBehind { what, why, .. } => self.left_behind(what, why),
            Fact::RoleBound { role, person, by } => self.role_bound(role, person, &by.name),
            Fact::HandedOver { role, to, by, .. } => self.role_bound(role, to, &by.name),
            Fact::Enrolled { roster } => self.roster = Some(roster.clone()),
            Fact::Requested { effect, asked, text } => self.requested(*effect, *asked, text)?,
            Fact::Voted { effect, file: _, sha256, vote } => self.voted(*effect, sha256, vote)?,
            Fact::VoteRefused { file: _, sha256, why: _ } => self.vote_refused(sha256),
            Fact::Resumed { settings } => self.resumed(plan, settings),
            Fact::SecretChanged { var, fingerprint, .. } => self.secret_changed(*var, fingerprint)?,
            Fact::Entered { frame, parent, node, key } => {
                let blank = self.blank(*frame, Some(*parent), *node);
                self.entered(plan, Frame { key: key.clone(), ..blank })?;
            }
            Fact::Left { frame, verdict } => self.left(plan, *frame, verdict)?,
            Fact::Skipped { frame, node, why, by } => {
                self.skipped(plan, *frame, *node, by.as_ref().map(|_| why.as_str()))?;
            }
            Fact::Listed { frame, items } => self.listed(*frame, items)?,
            Fact::Bound { frame, var, value } => self.bound(plan, *frame, *var, value)?,
            Fact::Began(begun) => self.began(plan, begun)?,
            Fact::Spawned { effect, pid, started, boot } => {
                let child = Process { pid: *pid, started: *started, boot: boot.clone() };
                self.effect_mut(*effect)?.child = Some(child);
            }
            Fact::Ended { effect, outcome, values, note } => {
                self.ended(plan, *effect, End { outcome: *outcome, values, note })?;
            }
            Fact::Due { frame, node } => self.due(*frame, *node)?,
            Fact::Failed { frame, node, fault, why } => self.failed(plan, *frame, *node, (*fault, why))?,
            Fact::Unanswered { effect, why } => self.unanswered(*effect, why)?,
            Fact::Retrying { frame, node, .. } => self.retrying(*frame, *node)?,
            Fact::Held { effect, by } => self.held(*effect, by)?,
            Fact::Decided { .. } | Fact::Settled { .. } => self.chosen(plan, fact)?,
            Fact::CancelRequested { by } => self.cancel_requested(&by.name),
            Fact::Unwinding { frame, what } => self.unwinding(plan, *frame, *what)?,
            Fact::Unwound { frame } => self.unwound(*frame)?,
            Fact::Injected { .. } | Fact::GoneOn { .. } => {}
            Fact::Committed { frame, node } => self.pass_commit(plan, *frame, *node)?,
            Fact::Concluded { frame, node, name } => self.concluded(plan, *frame, *node, name)?,
            Fact::Overdue { frame, .. } | Fact::Noted { frame, .. } => self.noted(*frame),
            Fact::Finished { ending, name } => self.finished(*ending, name.as_deref()),
            Fact::Suspended { until, why } => self.suspended = Some((*until, why.clone())),
        }
        Ok(())
    }

    pub(super) fn get(&mut self, frame: FrameId) -> Move<&mut Frame> {
        self.frames.get_mut(&frame).ok_or_else(|| format!("frame {} is not active", frame.0))
    }

    /// Moves a frame on past a child: what lies between must need no record of its own.
    /// Gives the child's position.
    pub(super) fn advance(&mut self, plan: &Plan, frame: FrameId, node: NodeId) -> Move<usize> {
        let target = self.get(frame)?;
        let again = |slot: &Slot| slot.open == Open::Again && plan.stands_for(slot.node, node);
        if let Some(at) = target.slots.iter().position(again) {
            return Ok(target.slots.remove(at).index);
        }
        let position = position_of(plan, target, node)
            .ok_or_else(|| format!("node {} does not come next in frame {}", node.0, frame.0))?;
        target.next = position + 1;
        Ok(position)
    }

    fn skipped(&mut self, plan: &Plan, frame: FrameId, node: NodeId, told_why: Option<&str>) -> Move {
        // By itself it tells nobody: its condition does not hold.
        if let Some(why) = told_why {
            self.passed_over.push(PassedOver { node, why: why.into(), by_hand: false });
        }
        match plan.handler_at(self.get(frame)?.node, node) {
            Some(at) => {
                self.get(frame)?.as_scope_mut().ok_or("handlers belong to the run")?.handled.push(at);
                Ok(())
            }
            None => self.advance(plan, frame, node).map(|_| ()),
        }
    }

    fn bound(&mut self, plan: &Plan, frame: FrameId, var: VarId, value: &Value) -> Move {
        let target = self.get(frame)?;
        let node = let_node(plan, target, var).ok_or("no `let` of that variable comes next")?;
        self.advance(plan, frame, node)?;
        self.set_var(frame, var, value.clone())
    }

    /// Binds a variable in the nearest scope.
    pub(super) fn set_var(&mut self, frame: FrameId, var: VarId, value: Value) -> Move {
        self.gaps |= hollow(&value).is_some();
        self.vars_around(frame)?.set(var, value);
        Ok(())
    }

    /// The values of the nearest scope.
    pub(super) fn vars_around(&mut self, frame: FrameId) -> Move<&mut Vars> {
        let mut at = frame;
        while self.get(at)?.vars.is_none() {
            at = self.get(at)?.parent.ok_or("the run has no values")?;
        }
        self.get(at)?.vars.as_mut().ok_or_else(|| "the run has no values".into())
    }

    fn failed(&mut self, plan: &Plan, frame: FrameId, node: NodeId, fault: (Fault, &str)) -> Move {
        let now = self.now;
        let target = self.get(frame)?;
        let own = target.node == node;
        if let (true, Kind::Undo(undo)) = (own, &mut target.kind)
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
            self.advance(plan, frame, node)?
        };
        let mut slot = Slot::new(node, index, Open::Nothing);
        slot.fault = Some((fault.0, fault.1.to_owned()));
        self.get(frame)?.slots.push(slot);
        Ok(())
    }
}

/// Where in its frame a node stands, from the next child on.
fn position_of(plan: &Plan, frame: &Frame, node: NodeId) -> Option<usize> {
    let rest = plan.group(frame.node)?.children.iter().enumerate().skip(frame.next);
    for (position, child) in rest {
        if plan.stands_for(*child, node) {
            return Some(position);
        }
        if !plan.is_silent(*child) {
            return None;
        }
    }
    None
}

fn let_node(plan: &Plan, frame: &Frame, var: VarId) -> Option<NodeId> {
    let children = &plan.group(frame.node)?.children;
    let binds =
        |child: &NodeId| matches!(plan.op(*child), Some(Op::Eval(Eval::Let(bind))) if bind.var == var);
    let again = frame.slots.iter().find(|slot| slot.open == Open::Again && binds(&slot.node));
    again.map(|slot| slot.node).or_else(|| children.iter().skip(frame.next).copied().find(binds))
}
