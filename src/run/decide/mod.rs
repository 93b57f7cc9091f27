//! What to do next: a pure walk over the active frames.
//!
//! Nothing here does I/O, reads a clock or draws a random number; time is that of the last event.
//! One pass names every move that can be made now; the loop applies them and asks again.

mod children;
mod effect;
mod expiry;
mod gate;
mod gone;
mod loops;
mod scope;
mod step;
mod suspend;
mod tear;
mod trouble;

pub(super) use step::artifacts;

use jiff::{SignedDuration, Timestamp};

use super::door::StopHow;
use super::missing::value_in;
use super::time::duration;
use crate::event::{Asked, Choice, Context, EffectId, Fact, Frame, FrameId, Kind, RunState, Site, Slot};
use crate::plan::{NodeId, Plan};
use crate::value::{EvalError, Expr, Value, lacking};

/// A move of the core.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Record a fact; it needs nothing from the world. Frames that begin are numbered when recorded.
    Record(Fact),
    /// Record the intent, then start the work.
    Begin(Intent),
    /// The same, once that time has come.
    At(Timestamp, Box<Command>),
    /// Stop work in flight.
    Stop(EffectId, StopHow),
}

/// Work that is to begin.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    /// Its number; `None` for one that has not begun before.
    pub effect: Option<EffectId>,
    /// Where.
    pub site: Site,
    /// The attempt, from 1; 0 for a question about what failed.
    pub attempt: u32,
    /// What.
    pub what: Doing,
}

/// What work is.
#[derive(Clone, Debug, PartialEq)]
pub enum Doing {
    /// The node's own act.
    Act,
    /// Verify the artifacts that the undo of a step needs.
    Verify,
    /// Ask how it goes on after a failure.
    Question(Trouble),
}

/// Something that does not go on by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    /// Where; the frame's own node means the frame itself.
    pub site: Site,
    /// The effect, if it is one.
    pub effect: Option<EffectId>,
    /// What kind.
    pub kind: TroubleKind,
    /// What is wrong, or what it waits for.
    pub why: String,
    /// In words which value is gone that it takes: it cannot be done any more.
    pub lacks: Option<String>,
}

/// Kinds of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// Something failed going forward.
    Failed,
    /// Nobody knows whether an effect was done.
    Unknown,
    /// A gate or check holds.
    Held,
    /// A guard broke.
    Guard,
    /// Stop was asked for.
    Cancelled,
    /// A rollback or restore failed.
    Undo,
    /// Nothing is wrong: a step is asked about before it begins.
    Step,
}

/// How a run stands: what a person or a time is waited for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// What a person must settle (`bowline settle`); the run is stuck.
    pub stuck: Vec<Trouble>,
    /// What was left, or is not answered; the run is waiting.
    pub waiting: Vec<Trouble>,
    /// The earliest time that something is due.
    pub due: Option<Timestamp>,
}

impl Standing {
    /// What only a person settles (`bowline settle`): what is stuck, else failures that wait for a decision.
    #[must_use]
    pub fn in_doubt(&self) -> Vec<&Trouble> {
        if !self.stuck.is_empty() {
            return self.stuck.iter().collect();
        }
        let held = |trouble: &&Trouble| matches!(trouble.kind, TroubleKind::Failed | TroubleKind::Guard);
        self.waiting.iter().filter(held).collect()
    }
}

/// What to do next.
#[must_use]
pub fn decide(plan: &Plan, state: &RunState) -> Vec<Command> {
    survey(plan, state).0
}

/// How the run stands.
#[must_use]
pub fn standing(plan: &Plan, state: &RunState) -> Standing {
    survey(plan, state).1
}

/// What stands open at a place, if something does.
#[must_use]
pub fn trouble_at(plan: &Plan, state: &RunState, site: Site) -> Option<Trouble> {
    Pass::new(plan, state).trouble_at(site)
}

fn survey(plan: &Plan, state: &RunState) -> (Vec<Command>, Standing) {
    let mut pass = Pass::new(plan, state);
    match (state.root(), &state.finished) {
        (Some(_), None) if state.alive().next().is_some() => pass.wait_for_the_end_of_what_lives(),
        (Some(root), None) => pass.frame(root),
        _ => {}
    }
    pass.finish()
}

/// One walk.
struct Pass<'a> {
    plan: &'a Plan,
    state: &'a RunState,
    out: Vec<Command>,
    /// Whether nothing new may begin going forward.
    hold: bool,
    /// Whether that is for a decision that is open, a cancel included; not only for an outcome that is unknown.
    asked: bool,
    watched: bool,
    /// Whether somebody is asked about an undo that failed: nothing new begins but questions.
    frozen: bool,
    timers: Vec<Timestamp>,
    standing: Standing,
}

impl<'a> Pass<'a> {
    fn new(plan: &'a Plan, state: &'a RunState) -> Self {
        let asked = state.cancels > 0 || state.frames().any(is_asked);
        let mut pass = Self {
            plan,
            state,
            out: vec![],
            hold: asked,
            asked,
            watched: false,
            frozen: false,
            timers: vec![],
            standing: Standing::default(),
        };
        pass.hold |= state.frames().any(|frame| pass.is_doubtful(frame));
        pass
    }

    fn record(&mut self, fact: Fact) {
        self.out.push(Command::Record(fact));
    }

    /// A frame that begins; whoever records it numbers it.
    fn enter(&self, parent: FrameId, node: NodeId, key: Option<crate::event::Key>) -> Fact {
        Fact::Entered { frame: self.state.next_frame(), parent, node, key }
    }

    fn begin(&self, site: Site, effect: Option<EffectId>, attempt: u32, what: Doing) -> Command {
        Command::Begin(Intent { effect, site, attempt, what })
    }

    /// Does it when that time has come; the last event's time is the earliest that is known to have come.
    fn at(&mut self, time: Timestamp, command: Command) {
        if time <= self.state.now {
            self.out.push(command);
        } else {
            self.timers.push(time);
            self.out.push(Command::At(time, Box::new(command)));
        }
    }

    fn frame(&mut self, frame: &'a Frame) {
        if frame.unwind.is_some() && !self.is_interrupted(frame) {
            return self.unwind(frame);
        }
        if frame.unwind.is_some() && frame.id != RunState::ROOT {
            return; // it is left by what interrupts it
        }
        if frame.failing.is_some() && !frame.unwound {
            return self.fall(frame);
        }
        match &frame.kind {
            Kind::Plain => self.plain(frame),
            Kind::Scope(scope) => self.scope(frame, scope),
            Kind::Step(step) => self.step(frame, step),
            Kind::Gate(gate) => self.gate(frame, gate),
            Kind::For(turns) => self.turns(frame, turns),
            Kind::Repeat => self.repeat(frame),
            Kind::Poll(poll) => self.poll(frame, poll),
            Kind::Undo(undo) => self.undo(frame, undo),
        }
    }

    fn kid(&mut self, id: FrameId) {
        if let Some(frame) = self.state.frame(id) {
            self.frame(frame);
        }
    }

    fn plain(&mut self, frame: &'a Frame) {
        if self.children(frame) {
            self.leave(frame, crate::event::Verdict::Passed);
        }
    }

    fn leave(&mut self, frame: &Frame, verdict: crate::event::Verdict) {
        if self.note_late(frame, &verdict) {
            return; // the note comes first: beside a failure nothing else is recorded
        }
        self.record(Fact::Left { frame: frame.id, verdict });
    }

    /// In words which secret something reads that is not at hand since the run was taken up again; it waits for that.
    fn lacks(&self, frame: &Frame, node: NodeId) -> Option<String> {
        let waits = matches!(frame.context, Context::Forward | Context::Look);
        let node = self.plan.node(node).filter(|_| waits && self.state.has_gaps())?;
        self.secret_missing(frame, node)
    }

    fn secret_missing(&self, frame: &Frame, node: &crate::plan::Node) -> Option<String> {
        use crate::plan::{Act, Op};
        let seen = self.state.seen_from(frame.id);
        // What only passes a value on takes it as it is.
        let passes = match &node.op {
            Op::Do(effect) => matches!(effect.act, Act::Evidence(_)),
            _ => true,
        };
        let bare = crate::plan::Node { title: None, ..node.clone() };
        let mut found = None;
        bare.exprs(&mut |expr| {
            let fits = passes && crate::value::eval(expr, &seen).is_ok();
            found = found.take().or_else(|| lacking(expr, &seen).filter(|_| !fits));
        });
        found.map(|name| not_kept(&name))
    }

    fn eval(&self, frame: FrameId, expr: &Expr) -> Result<Value, EvalError> {
        value_in(self.plan, self.state, frame, expr)
    }

    fn truth(&self, frame: FrameId, expr: &Expr) -> Result<bool, String> {
        match self.eval(frame, expr) {
            Ok(Value::Bool(yes)) => Ok(yes),
            Ok(_) => Err("a condition is neither true nor false".into()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// A length of time; one that cannot be computed counts as none.
    fn duration(&self, frame: FrameId, expr: Option<&Expr>) -> Option<SignedDuration> {
        duration(self.state, frame, expr?)
    }
}

/// What to do about a secret that is not at hand any more.
pub(super) fn not_kept(name: &str) -> String {
    format!(
        "the secret `{name}` came from a program and is not kept; to go on, give it: --secret {name}=env:VARIABLE"
    )
}

/// Undos that could not begin for want of a value, which is there now: they begin.
#[must_use]
pub fn unblocked(plan: &Plan, state: &RunState) -> Vec<Fact> {
    let sites = Pass::new(plan, state).unblocked().into_iter();
    let again =
        |Site { frame, node }| Fact::Decided { frame, node, choice: Choice::Retry, by: None, note: None };
    sites.map(again).collect()
}

/// Whether something in it waits for a decision, so that nothing else may begin meanwhile.
fn is_asked(frame: &Frame) -> bool {
    let holds = |slot: &Slot| matches!(&slot.fault, Some((crate::event::Fault::Inconclusive, _)));
    let asked = |slot: &Slot| slot.question != Asked::No && !holds(slot);
    frame.context == Context::Forward && frame.slots.iter().any(asked)
}
