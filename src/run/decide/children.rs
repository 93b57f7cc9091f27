//! Children of a group: which open next, what stands open.

use jiff::Timestamp;

use super::{Command, Doing, Pass};
use crate::event::{Context, Fact, Fault, Frame, Open, Site, Slot};
use crate::plan::{Arm, Class, Eval, Expect, Group, Mark, NodeId, Op, Plan, Role, Window};
use crate::value::Expr;

impl<'a> Pass<'a> {
    /// Moves the children of a group on. True when all are through.
    pub(super) fn children(&mut self, frame: &'a Frame) -> bool {
        let moves = self.out.len();
        for slot in frame.slots.iter().filter(|slot| slot.node != frame.node) {
            self.open(frame, slot);
        }
        let Some(group) = self.group(frame.node) else { return true };
        let limit = self.plan.limit_of(frame.node).map_or(usize::MAX, |limit| limit.max(1) as usize);
        let mut open = frame.slots.len();
        let mut rest = group.children.iter().skip(frame.next).peekable();
        while let Some(child) = rest.peek().filter(|_| open < limit) {
            match self.next_child(frame, **child) {
                Next::Silent => drop(rest.next()),
                Next::Opened if self.plan.is_parallel(frame.node) => {
                    (open, _) = (open + 1, rest.next());
                }
                Next::Opened | Next::Blocked => return false,
            }
        }
        rest.peek().is_none() && frame.slots.is_empty() && self.out.len() == moves && open == 0
    }

    pub(super) fn group(&self, node: NodeId) -> Option<&'a Group> {
        match &self.plan.node(node)?.op {
            Op::Group(group) => Some(group),
            _ => None,
        }
    }

    /// An open child.
    pub(super) fn open(&mut self, frame: &'a Frame, slot: &'a Slot) {
        match &slot.open {
            Open::Frame(kid) => self.kid(*kid),
            Open::Effect(run) => self.effect(frame, slot, run),
            Open::Nothing => self.trouble(frame, slot),
            Open::Again => drop(self.next_child(frame, slot.node)),
        }
    }

    /// Whether something new may not begin here now.
    pub(super) fn is_held(&self, frame: &Frame) -> bool {
        self.hold && matches!(frame.context, Context::Forward | Context::Look) && !self.is_side(frame)
    }

    /// Looks that settle, verify, guard or belong to a handler go on while the run holds.
    fn is_side(&self, frame: &Frame) -> bool {
        let mut at = Some(frame);
        while let Some(frame) = at {
            use crate::event::Purpose::{DoneWhen, Handler, Undo, Watch};
            if matches!(frame.purpose, DoneWhen | Watch(_) | Undo(_) | Handler(_)) {
                return true;
            }
            at = frame.parent.and_then(|parent| self.state.frame(parent));
        }
        false
    }

    /// Opens a child, or passes one that leaves no record.
    pub(super) fn next_child(&mut self, frame: &'a Frame, child: NodeId) -> Next {
        if self.is_held(frame) {
            return Next::Blocked;
        }
        let Some(node) = self.plan.node(child) else { return Next::Silent };
        if self.passes_over(frame, child) {
            return Next::Opened;
        }
        if let Some(why) = self.lacks(frame, child) {
            self.wait_for(Site { frame: frame.id, node: child }, None, &why);
            return Next::Blocked;
        }
        match &node.op {
            Op::Do(effect) if effect.class == Class::Looks && self.fails_unknown(frame, child) => {}
            Op::Do(_) => {
                let site = Site { frame: frame.id, node: child };
                let command = self.begin(site, None, 1, Doing::Act);
                self.out.push(command);
            }
            Op::Eval(eval) => return self.compute(frame, child, eval),
            Op::Group(group) => return self.enter_group(frame, child, group),
            Op::Branch(arms) => self.branch(frame, child, arms),
            Op::Loop(_) => {
                let fact = self.enter(frame.id, child, None);
                self.record(fact);
            }
            Op::Mark(mark) => self.mark(frame, child, mark),
        }
        Next::Opened
    }

    /// Fails a look that needs what nothing will give any more: no other look would find it.
    fn fails_unknown(&mut self, frame: &Frame, child: NodeId) -> bool {
        let looks = matches!(frame.context, Context::Forward | Context::Look);
        let why = self.never_given(frame, child).filter(|_| looks);
        why.map(|why| self.fail(frame, child, Fault::Failed, why)).is_some()
    }

    /// In words which value from outside something takes that nothing will give any more.
    pub(super) fn never_given(&self, frame: &Frame, node: NodeId) -> Option<String> {
        let begin = node.0 as usize;
        let end = self.plan.ends().get(begin).copied()? as usize;
        let free = Plan::free(&self.plan.nodes, begin..end);
        let lost = free.into_iter().find(|var| self.state.value(frame.id, *var).is_none())?;
        let name = self.name(lost);
        Some(format!(
            "`{name}` is unknown: what gives it was settled by hand or passed over, without its answer"
        ))
    }

    /// Passes over what a late start leaves out. A step is passed over by a person, and listed in the end.
    fn passes_over(&mut self, frame: &Frame, child: NodeId) -> bool {
        let Some(late) = self.state.late.as_ref().filter(|late| late.left_out.contains(&child)) else {
            return false;
        };
        let by = self.plan.step(child).map(|_| late.by.clone());
        self.record(Fact::Skipped { frame: frame.id, node: child, why: late.why.clone(), by });
        true
    }

    pub(super) fn fail(&mut self, frame: &Frame, node: NodeId, fault: Fault, why: String) {
        self.record(Fact::Failed { frame: frame.id, node, fault, why });
    }

    fn compute(&mut self, frame: &Frame, child: NodeId, eval: &Eval) -> Next {
        match eval {
            Eval::Let(bind) => match self.eval(frame.id, &bind.value) {
                Ok(value) => self.record(Fact::Bound { frame: frame.id, var: bind.var, value }),
                Err(error) => self.fail(frame, child, uncomputed(frame, Fault::Failed), error.to_string()),
            },
            Eval::Expect(expect) => return self.expect(frame, child, expect, Fault::Failed),
            Eval::Given(expect) => return self.expect(frame, child, expect, Fault::Inconclusive),
        }
        Next::Opened
    }

    fn expect(&mut self, frame: &Frame, child: NodeId, expect: &Expect, fault: Fault) -> Next {
        match self.truth(frame.id, &expect.condition) {
            Ok(true) => return Next::Silent,
            Ok(false) => {
                let why = self.message(frame, expect);
                self.fail(frame, child, fault, why);
            }
            Err(why) => self.fail(frame, child, uncomputed(frame, fault), why),
        }
        Next::Opened
    }

    fn message(&self, frame: &Frame, expect: &Expect) -> String {
        let own = expect.message.as_ref().and_then(|message| self.eval(frame.id, message).ok());
        own.map_or_else(|| format!("expected {}", expect.source), |message| crate::value::show(&message))
    }

    fn branch(&mut self, frame: &Frame, child: NodeId, arms: &[Arm]) {
        for arm in arms {
            match arm.when.as_ref().map_or(Ok(true), |when| self.truth(frame.id, when)) {
                Ok(true) => {
                    let fact = self.enter(frame.id, arm.body, None);
                    return self.record(fact);
                }
                Ok(false) => {}
                Err(why) => return self.fail(frame, child, uncomputed(frame, Fault::Failed), why),
            }
        }
        self.skip(frame, child, "its condition does not hold");
    }

    fn skip(&mut self, frame: &Frame, node: NodeId, why: &str) {
        self.record(Fact::Skipped { frame: frame.id, node, why: why.into(), by: None });
    }

    fn mark(&mut self, frame: &Frame, node: NodeId, mark: &Mark) {
        let text = |expr: &Expr| match self.eval(frame.id, expr) {
            Ok(text) => crate::value::show(&text),
            Err(error) => error.to_string(),
        };
        let fact = match mark {
            Mark::Commit => Fact::Committed { frame: frame.id, node },
            Mark::End(name) => Fact::Concluded { frame: frame.id, node, name: text(name) },
            Mark::Fail(why) => Fact::Failed { frame: frame.id, node, fault: Fault::Decided, why: text(why) },
        };
        self.record(fact);
    }

    fn enter_group(&mut self, frame: &Frame, child: NodeId, group: &Group) -> Next {
        let Role::Step(step) = &group.role else {
            let fact = self.enter(frame.id, child, None);
            self.record(fact);
            return Next::Opened;
        };
        match step.condition.as_ref().map_or(Ok(true), |condition| self.truth(frame.id, condition)) {
            Ok(true) => return self.enter_step(frame, child),
            Ok(false) => self.skip(frame, child, "its condition does not hold"),
            Err(why) => self.fail(frame, child, Fault::Failed, why),
        }
        Next::Opened
    }

    /// No step starts outside the windows of the phases around it.
    fn enter_step(&mut self, frame: &Frame, child: NodeId) -> Next {
        let opens = self.window_opens(frame);
        let fact = self.enter(frame.id, child, None);
        self.at(opens, Command::Record(fact));
        if opens > self.state.now { Next::Blocked } else { Next::Opened }
    }

    fn window_opens(&self, frame: &Frame) -> Timestamp {
        let mut opens = self.state.now;
        let mut at = Some(frame).filter(|frame| frame.context == Context::Forward);
        while let Some(around) = at {
            if let Some(Role::Phase(scope)) = self.group(around.node).map(|group| &group.role)
                && let Some(window) = scope.window.as_deref()
            {
                opens = Window::next_opening_of(window, opens).unwrap_or(opens);
            }
            at = around.parent.and_then(|parent| self.state.frame(parent));
        }
        opens
    }
}

/// What cannot be computed gives no answer where one only looks; elsewhere it is this fault.
fn uncomputed(frame: &Frame, otherwise: Fault) -> Fault {
    if frame.context == Context::Look { Fault::Inconclusive } else { otherwise }
}

/// What became of a child that was to open.
pub(super) enum Next {
    /// It leaves no record; the next one may open.
    Silent,
    /// Something is recorded or begun.
    Opened,
    /// It may not open yet.
    Blocked,
}
