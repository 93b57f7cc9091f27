//! Steps: in place, armed, done; and the bodies of their undos.

use super::{Command, Doing, Pass, Trouble, TroubleKind, not_kept};
use crate::event::{
    Choice, Context, Fact, Fault, Frame, Key, Kind, Site, Slot, StepState, UndoState, Verdict,
};
use crate::plan::{DueSince, Step};
use crate::run::time::later;
use crate::value::{Artifact, Value, VarId, hollow};

impl<'a> Pass<'a> {
    pub(super) fn step(&mut self, frame: &'a Frame, state: &'a StepState) {
        self.look_of(state);
        if let Some(own) = frame.slot(frame.node) {
            return self.own(frame, own);
        }
        let Some(step) = self.plan.step(frame.node) else { return };
        if state.waived {
            return self.leave(frame, Verdict::Passed);
        }
        if state.settled == Some(Verdict::Passed) {
            return self.tear(frame, Verdict::Passed); // an unknown outcome turned out to be all of it
        }
        if frame.next == 0 && frame.slots.is_empty() && !self.ready(frame, state, step) {
            return;
        }
        if self.children(frame) {
            self.leave(frame, Verdict::Passed);
        }
    }

    /// What stands open for the frame itself.
    fn own(&mut self, frame: &'a Frame, own: &'a Slot) {
        match own.effect() {
            Some(run) => self.effect(frame, own, run),
            None => self.trouble(frame, own),
        }
    }

    /// Whether the body may begin: it is not in place, and everything its undo needs is there.
    fn ready(&mut self, frame: &'a Frame, state: &StepState, step: &Step) -> bool {
        if state.looking.is_some() || self.is_held(frame) {
            return false;
        }
        match (&state.before, step.done_when) {
            (None, Some(done_when)) => {
                let fact = self.enter(frame.id, done_when, Some(Key::Turn(state.looks + 1)));
                self.record(fact);
                return false;
            }
            (Some(Verdict::Passed), _) => {
                self.leave(frame, Verdict::InPlace);
                return false;
            }
            (Some(Verdict::Inconclusive(why)), _) => {
                let why = format!("whether it is done already cannot be told: {why}");
                self.fail(frame, frame.node, Fault::Inconclusive, why);
                return false;
            }
            _ => {}
        }
        let armed = state.armed || frame.context != Context::Forward || self.arm(frame, step);
        armed && (state.let_go || self.may_begin(frame))
    }

    /// Where each step is asked about: asks. A step inside a step goes with it; an undo is not asked about.
    fn may_begin(&mut self, frame: &Frame) -> bool {
        let parent = frame.parent.and_then(|parent| self.state.frame(parent));
        let inner = parent.is_some_and(|parent| parent.step.is_some());
        if inner || frame.context != Context::Forward || !self.asks_before_steps() {
            return true;
        }
        let site = Site { frame: frame.id, node: frame.node };
        let trouble = Trouble {
            site,
            effect: None,
            kind: TroubleKind::Step,
            why: "it is asked about before it begins".into(),
            lacks: self.gone(frame, frame.node),
        };
        let command = self.begin(site, None, 0, Doing::Question(trouble));
        self.out.push(command);
        false
    }

    pub(super) fn asks_before_steps(&self) -> bool {
        self.state.settings.as_ref().is_some_and(|settings| settings.step)
    }

    /// Checks that everything its undo takes from before exists.
    fn arm(&mut self, frame: &Frame, step: &Step) -> bool {
        let is_hollow =
            |var: &&VarId| self.state.value(frame.id, **var).is_some_and(|value| hollow(value).is_some());
        if let Some(secret) = step.needs.iter().find(|var| is_hollow(var) && !self.is_known(frame, **var)) {
            let name = self.name(*secret);
            let why = format!("it could not be undone later: {}", not_kept(name));
            self.wait_for(Site { frame: frame.id, node: frame.node }, None, &why);
            return false;
        }
        if let Some(missing) = step.needs.iter().find(|var| !self.is_known(frame, **var)) {
            let why = format!("it cannot be undone later: `{}` is unknown", self.name(*missing));
            self.fail(frame, frame.node, Fault::Failed, why);
            return false;
        }
        let values = step.needs.iter().filter_map(|var| self.state.value(frame.id, *var));
        if values.flat_map(artifacts).next().is_none() {
            return true;
        }
        let site = Site { frame: frame.id, node: frame.node };
        let command = self.begin(site, None, 1, Doing::Verify);
        self.out.push(command);
        false
    }

    pub(super) fn is_known(&self, frame: &Frame, var: VarId) -> bool {
        match self.state.value(frame.id, var) {
            Some(Value::Secret(secret)) => secret.text.is_some(),
            Some(_) => true,
            None => false,
        }
    }

    pub(super) fn name(&self, var: VarId) -> &'a str {
        self.plan.var(var).map_or("?", |var| var.name.as_str())
    }

    /// A step that ends after it was due is late however it ends; what nobody did now is not.
    /// True when that is recorded now.
    pub(super) fn note_late(&mut self, frame: &Frame, verdict: &Verdict) -> bool {
        let done = |state: &&StepState| !state.late && !state.waived && *verdict != Verdict::InPlace;
        let step = frame.as_step().filter(done).and_then(|_| self.plan.step(frame.node));
        let Some(due) = step.and_then(|step| step.due.as_ref()) else { return false };
        let since = match &due.since {
            DueSince::Step(step) => self.state.step_ends.get(step).copied(),
            DueSince::Time(time) => match self.eval(frame.id, time) {
                Ok(Value::Time(time)) => Some(time),
                _ => None,
            },
        };
        let after = self.duration(frame.id, Some(&due.after)).unwrap_or_default();
        let Some(due) = since.map(|since| later(since, after)) else { return false };
        let late = self.state.now > due;
        if late {
            self.record(Fact::Overdue { frame: frame.id, due });
        }
        late
    }

    /// The body of a rollback or restore: whole or not at all.
    pub(super) fn undo(&mut self, frame: &'a Frame, state: &'a UndoState) {
        match state.settled {
            Some(true) => return self.tear(frame, Verdict::Passed),
            Some(false) => return self.tear(frame, Verdict::Failed("passed over by a person".into())),
            None => {}
        }
        if let Some(own) = frame.slot(frame.node) {
            let Some(next) = self.undo_again(frame, state).filter(|_| state.verified.is_some()) else {
                return self.trouble(frame, own);
            };
            if !own.retrying {
                return self.announce(frame, own, next);
            }
            let (frame, node) = (frame.id, frame.node);
            let again = Fact::Decided { frame, node, choice: Choice::Retry, by: None, note: None };
            return self.at(next.at, Command::Record(again));
        }
        let Some(step) = self.plan.step(state.step) else { return };
        let begins = frame.next == 0 && frame.slots.is_empty();
        if begins && let Some(why) = self.undo_lacks(frame) {
            return self.fail(frame, frame.node, Fault::Failed, format!("cannot undo: {why}"));
        }
        if begins && let Some(missing) = step.captures.iter().find(|var| self.is_missing(frame, **var)) {
            let why = format!("cannot undo: `{}` is unknown", self.name(*missing));
            return self.fail(frame, frame.node, Fault::Failed, why);
        }
        if self.children(frame) {
            self.verify(frame, state, step);
        }
    }

    /// In words which secret an undo takes that is not at hand.
    fn undo_lacks(&self, undo: &Frame) -> Option<String> {
        if !self.state.has_gaps() {
            return None;
        }
        let mut nodes = vec![undo.node];
        while let Some(node) = nodes.pop().and_then(|node| self.plan.node(node)) {
            if let Some(why) = self.secret_missing(undo, node) {
                return Some(why);
            }
            node.below(&mut |below| nodes.push(below));
        }
        None
    }

    /// Undos that could not begin for want of a secret, which is there now.
    pub(super) fn unblocked(&self) -> Vec<Site> {
        let blocked = self.state.frames().filter(|frame| match &frame.kind {
            Kind::Undo(undo) => {
                let own =
                    frame.slot(frame.node).is_some_and(|own| own.fault.is_some() && own.effect().is_none());
                own && frame.next == 0
                    && frame.slots.len() == 1
                    && undo.verified.is_none()
                    && undo.settled.is_none()
            }
            _ => false,
        });
        let free = blocked.filter(|frame| match &frame.kind {
            Kind::Undo(undo) => {
                let captures =
                    self.plan.step(undo.step).map(|step| step.captures.as_slice()).unwrap_or_default();
                self.undo_lacks(frame).is_none() && !captures.iter().any(|var| self.is_missing(frame, *var))
            }
            _ => false,
        });
        free.map(|frame| Site { frame: frame.id, node: frame.node }).collect()
    }

    /// Whether an undo reads a variable that has no value.
    fn is_missing(&self, undo: &Frame, var: VarId) -> bool {
        let mut nodes = vec![undo.node];
        while let Some(node) = nodes.pop().filter(|_| !self.is_known(undo, var)) {
            let Some(node) = self.plan.node(node) else { continue };
            let mut reads = false;
            node.reads(&mut |read| reads |= read == var);
            if reads {
                return true;
            }
            node.below(&mut |below| nodes.push(below));
        }
        false
    }

    /// After a rollback the step's `done when` must no longer hold.
    fn verify(&mut self, frame: &'a Frame, state: &UndoState, step: &Step) {
        if let Some(look) = state.looking {
            return self.kid(look);
        }
        match (&state.verified, step.done_when.filter(|_| state.rollback)) {
            (_, None) | (Some(Verdict::Failed(_)), _) => self.leave(frame, Verdict::Passed),
            (None, Some(done_when)) => {
                let fact = self.enter(frame.id, done_when, Some(Key::Turn(1)));
                self.record(fact);
            }
            (Some(Verdict::Passed), _) => {
                let why = "the rollback is unverified: `done when` still holds";
                self.fail(frame, frame.node, Fault::Failed, why.into());
            }
            (Some(_), _) => {
                let why = "the rollback is unverified: `done when` gave no answer";
                self.fail(frame, frame.node, Fault::Failed, why.into());
            }
        }
    }
}

/// The artifacts in a value.
pub(crate) fn artifacts(value: &Value) -> Vec<Artifact> {
    match value {
        Value::Artifact(artifact) => vec![artifact.clone()],
        Value::List(items) => items.iter().flat_map(artifacts).collect(),
        Value::Map(items) => items.values().flat_map(artifacts).collect(),
        _ => vec![],
    }
}
