//! Frames begin: what a node is for in its parent, and the state that its kind needs.

use std::sync::Arc;

use super::apply::Move;
use super::{
    Context, ForState, Frame, FrameId, GateState, Key, Kind, Open, PollState, Purpose, RunState, ScopeState,
    Slot, UndoState, Vars, WatchState,
};
use crate::plan::{Answer, Group, Loop, NodeId, Op, Plan, Role, Undo, Watch, WatchKind};
use crate::value::Value;

impl RunState {
    /// The run's own frame, with its inputs.
    pub(super) fn start(&mut self, plan: &Plan) -> Move {
        let mut root = self.blank(FrameId(0), None, Plan::ROOT);
        let mut vars = Vars::default();
        self.inputs.iter().for_each(|input| vars.set(input.var, input.value.clone()));
        root.vars = Some(vars);
        root.kind = self.kind_of(plan, Plan::ROOT).ok_or("the plan has no root")?;
        self.frames.insert(root.id, root);
        self.next_frame = 1;
        Ok(())
    }

    pub(super) fn entered(&mut self, plan: &Plan, mut frame: Frame) -> Move {
        let id = frame.id;
        if id.0 != self.next_frame {
            return Err(format!("expected frame {}", self.next_frame));
        }
        let parent = frame.parent.ok_or("it stands in no frame")?;
        let purpose = self.purpose_of(plan, parent, frame.node, frame.key.as_ref())?;
        let purpose = self.place(plan, &frame, parent, purpose)?;
        self.furnish(plan, &mut frame, purpose)?;
        self.next_frame += 1;
        self.frames.insert(id, frame);
        Ok(())
    }

    pub(super) fn blank(&self, id: FrameId, parent: Option<FrameId>, node: NodeId) -> Frame {
        Frame {
            id,
            parent,
            node,
            key: None,
            purpose: Purpose::Run,
            context: Context::Forward,
            began: self.now,
            step: None,
            next: 0,
            slots: vec![],
            owed: vec![],
            branches: vec![],
            vars: None,
            turns: vec![],
            kind: Kind::Plain,
            failing: None,
            unwind: None,
            unwound: false,
            tail: String::new(),
        }
    }

    fn purpose_of(&mut self, plan: &Plan, parent: FrameId, node: NodeId, key: Option<&Key>) -> Move<Purpose> {
        if let Some(Key::Undo(step)) = key {
            return Ok(Purpose::Undo(*step));
        }
        let parent = self.get(parent)?;
        let op = plan.op(parent.node).ok_or("the plan has no such node")?;
        Ok(match op {
            Op::Loop(_) => Purpose::Turn(parent.next),
            Op::Group(group) => {
                side_purpose(plan, group, &parent.kind, node).unwrap_or(Purpose::Child(parent.next))
            }
            _ => return Err("a frame of neither a group nor a loop".into()),
        })
    }

    /// Puts the new frame where its parent keeps frames of that purpose; settles the position of a child.
    fn place(&mut self, plan: &Plan, frame: &Frame, parent: FrameId, purpose: Purpose) -> Move<Purpose> {
        let (id, node) = (frame.id, frame.node);
        let misplaced = || format!("node {} cannot begin in frame {} now", node.0, parent.0);
        match purpose {
            Purpose::Child(_) => {
                let index = self.advance(plan, parent, node)?;
                let child = child_at(plan, self.get(parent)?.node, index).unwrap_or(node);
                self.get(parent)?.slots.push(Slot::new(child, index, Open::Frame(id)));
                return Ok(Purpose::Child(index));
            }
            Purpose::Turn(index) => {
                let parent = self.get(parent)?;
                parent.next = index + 1;
                parent.slots.push(Slot::new(node, index, Open::Frame(id)));
                if let Kind::Poll(poll) = &mut parent.kind {
                    poll.must_look = false;
                }
            }
            Purpose::Otherwise => {
                let parent = self.get(parent)?;
                parent.slots.push(Slot::new(node, parent.next, Open::Frame(id)));
            }
            Purpose::DoneWhen => match &mut self.get(parent)?.kind {
                Kind::Step(step) => (step.looking, step.looks) = (Some(id), step.looks + 1),
                Kind::Undo(undo) => undo.looking = Some(id),
                _ => return Err(misplaced()),
            },
            Purpose::Watch(at) => {
                let scope = self.get(parent)?.as_scope_mut();
                let watch = scope.and_then(|scope| scope.watches.get_mut(at)).ok_or_else(misplaced)?;
                (watch.frame, watch.looks) = (Some(id), watch.looks + 1);
            }
            Purpose::Handler(_) => {
                self.get(parent)?.as_scope_mut().ok_or_else(misplaced)?.handler = Some(id);
            }
            Purpose::Undo(step) => {
                let unwind = self.get(parent)?.unwind.as_mut().ok_or_else(misplaced)?;
                unwind.enter(step, id).ok_or_else(misplaced)?;
            }
            Purpose::Run => return Err(misplaced()),
        }
        Ok(purpose)
    }

    fn furnish(&mut self, plan: &Plan, frame: &mut Frame, purpose: Purpose) -> Move {
        frame.purpose = purpose;
        frame.kind = self.kind_of(plan, frame.node).ok_or("the plan has no such node")?;
        let parent_id = frame.parent.unwrap_or(Self::ROOT);
        let parent = self.frame(parent_id).ok_or("its parent is not active")?;
        frame.context = context_of(plan, parent, purpose);
        let inherits = matches!(purpose, Purpose::Child(_) | Purpose::Turn(_) | Purpose::Otherwise);
        frame.step = if inherits { parent.step } else { None };
        if matches!(frame.kind, Kind::Step(_)) {
            frame.step = Some(frame.id);
        }
        if !matches!(purpose, Purpose::Child(_) | Purpose::Otherwise | Purpose::Run) {
            frame.vars = Some(turn_vars(plan, parent, purpose));
        }
        if let Purpose::Undo(step) = purpose {
            let outstanding = parent.unwind.as_ref().map(|unwind| unwind.outstanding()).unwrap_or_default();
            let debt = outstanding.iter().find(|debt| debt.step == step).ok_or("that step owes nothing")?;
            frame.turns.clone_from(&debt.turns);
            let kind = undo_state(plan, debt.node, frame.node).ok_or("that is not the step's undo")?;
            frame.kind = Kind::Undo(kind);
        }
        Ok(())
    }

    fn kind_of(&self, plan: &Plan, node: NodeId) -> Option<Kind> {
        Some(match plan.op(node)? {
            Op::Group(group) => match &group.role {
                Role::Run(scope) => self.scope(&scope.watches),
                Role::Phase(scope) => self.scope(&scope.watches),
                Role::Attempt { .. } => {
                    Kind::Scope(Box::new(ScopeState { attempt: true, ..ScopeState::default() }))
                }
                Role::Call => self.scope(&[]),
                Role::Step(_) => Kind::Step(Box::default()),
                Role::Gate { .. } => Kind::Gate(GateState::default()),
                Role::Block => Kind::Plain,
            },
            Op::Loop(of) => match of.as_ref() {
                Loop::For { .. } => Kind::For(ForState::default()),
                Loop::Repeat { .. } => Kind::Repeat,
                Loop::Poll { .. } => Kind::Poll(PollState::default()),
            },
            _ => return None,
        })
    }

    fn scope(&self, watches: &[Watch]) -> Kind {
        let fresh = WatchState {
            looks: 0,
            frame: None,
            since: self.now,
            misses: 0,
            broken: None,
            blind: None,
            stale: None,
            unnoted: false,
        };
        let watches = watches.iter().map(|_| fresh.clone()).collect();
        Kind::Scope(Box::new(ScopeState { watches, ..ScopeState::default() }))
    }
}

impl Frame {
    /// Whether it is a scope that unwinds on failure.
    pub(super) fn is_attempt_or_run(&self) -> bool {
        self.purpose == Purpose::Run || self.is_attempt()
    }

    /// Whether it is a scope that failed and undoes what it owes.
    #[must_use]
    pub fn is_undoing(&self) -> bool {
        self.unwind.is_some() && self.failing.is_some() && !self.unwound
    }

    pub(super) fn is_attempt(&self) -> bool {
        self.as_scope().is_some_and(|scope| scope.attempt)
    }
}

/// Purposes other than a child of the body.
fn side_purpose(plan: &Plan, group: &Group, kind: &Kind, node: NodeId) -> Option<Purpose> {
    let watch = |watches: &[Watch]| watches.iter().position(|watch| watch.body == node).map(Purpose::Watch);
    match (&group.role, kind) {
        (_, Kind::Undo(undo)) => (done_when(plan, undo.step) == Some(node)).then_some(Purpose::DoneWhen),
        (Role::Step(step), _) => (step.done_when == Some(node)).then_some(Purpose::DoneWhen),
        (Role::Phase(scope), _) => watch(&scope.watches),
        (Role::Attempt { otherwise }, _) => (*otherwise == Some(node)).then_some(Purpose::Otherwise),
        (Role::Run(scope), _) => {
            scope.handler_at(node).map(Purpose::Handler).or_else(|| watch(&scope.watches))
        }
        _ => None,
    }
}

fn context_of(plan: &Plan, parent: &Frame, purpose: Purpose) -> Context {
    match purpose {
        Purpose::Undo(_) => Context::Undo,
        Purpose::DoneWhen => Context::Look,
        Purpose::Handler(_) => Context::Handler,
        Purpose::Watch(at) => match plan.watch_of(parent.node, at).map(|watch| watch.kind) {
            Some(WatchKind::Beat) => Context::Handler,
            _ => Context::Look,
        },
        Purpose::Turn(_) if matches!(parent.kind, Kind::Poll(_)) => Context::Look,
        Purpose::Child(_) if matches!(parent.kind, Kind::Gate(_)) => Context::Look,
        _ => parent.context,
    }
}

/// The item of a `for` is the first value of its turn.
fn turn_vars(plan: &Plan, parent: &Frame, purpose: Purpose) -> Vars {
    let mut vars = Vars::default();
    let (Purpose::Turn(index), Kind::For(state)) = (purpose, &parent.kind) else { return vars };
    let item = state.items.as_ref().and_then(|items| items.get(index));
    if let (Some((_, value)), Some(Op::Loop(of))) = (item, plan.op(parent.node))
        && let Loop::For { item, .. } = of.as_ref()
    {
        vars.set(*item, value.clone());
    }
    vars
}

fn undo_state(plan: &Plan, step: NodeId, body: NodeId) -> Option<UndoState> {
    let of = plan.step(step)?;
    let rollback = match &of.undo {
        Answer::Rollback(undo) => Some(undo).filter(|undo| undo.body == body),
        _ => None,
    };
    let found: &Undo = rollback.or_else(|| of.restore.as_ref().filter(|undo| undo.body == body))?;
    Some(UndoState {
        step,
        rollback: rollback.is_some(),
        once: found.once,
        best_effort: found.best_effort,
        looking: None,
        verified: None,
        unverified: None,
        settled: None,
    })
}

fn done_when(plan: &Plan, step: NodeId) -> Option<NodeId> {
    plan.step(step)?.done_when
}

/// The child of a group at a position.
pub(super) fn child_at(plan: &Plan, group: NodeId, index: usize) -> Option<NodeId> {
    plan.group(group)?.children.get(index).copied()
}

/// The text by which an item of a `for` is known.
pub(super) fn item_text(value: &Value) -> Arc<str> {
    match value {
        Value::Text(text) => Arc::clone(text),
        other => crate::value::show(other).into(),
    }
}
