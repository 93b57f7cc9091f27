//! The state of a run: what is active, what is owed, how it stands.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::{
    Actor, Asked, Attended, Debt, EffectId, EffectRun, Ending, Frame, FrameId, Holder, OPERATOR, Settings,
    Slot, Status, StoredInput, Waiver,
};
use crate::approval::Roster;
use crate::plan::NodeId;
use crate::value::{Value, VarId};

/// A fold over the events of a run. Its size is that of what is active and owed, not of what happened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunState {
    /// Sequence number of the last event.
    pub seq: u64,
    /// Time of the last event; the only clock of the core.
    pub now: Timestamp,
    /// How the run was started or last resumed; `None` before it started.
    pub settings: Option<Settings>,
    /// Digest of the plan it was started with.
    pub digest: String,
    /// When it was taken up last, if it was.
    pub taken_up: Option<Timestamp>,
    /// The folder where it was started.
    pub dir: String,
    /// The `PATH` under which it was started, and under which it goes on.
    pub path: String,
    /// Salt of the fingerprints.
    pub salt: String,
    /// The inputs as they were stored.
    pub inputs: Vec<StoredInput>,
    /// Who holds each role.
    pub roles: BTreeMap<String, String>,
    /// Who may approve, as it was settled when the run started.
    pub roster: Option<Roster>,
    /// Whether the point of no return was passed.
    pub committed: bool,
    /// The outcome named by an `end`.
    pub concluded: Option<String>,
    /// Why a person gave up after `commit`.
    pub given_up: Option<String>,
    /// How often stop was asked for since it last took effect.
    pub cancels: u32,
    /// Who asked for it last.
    pub cancelled_by: Option<String>,
    /// Whether a failed scope owed an undo when its unwinding began.
    pub undid: bool,
    /// Steps that stay although they were to be undone (irreversible, skipped, best effort).
    pub kept: Vec<Debt>,
    /// What was passed over by a person, with the reason; listed in the end.
    pub passed_over: Vec<PassedOver>,
    /// What was done under a plan before, and nothing undoes.
    pub left_behind: Vec<LeftBehind>,
    /// Steps that changed something and owe no rollback, or none any more since the point of no return; how often.
    pub stood: BTreeMap<NodeId, u32>,
    /// What a person waived, each for so long.
    pub waivers: Vec<Waiver>,
    /// Set while no process drives the run: until when it waits, and for what.
    pub suspended: Option<(Option<Timestamp>, String)>,
    /// The end, with its name or reason.
    pub finished: Option<(Ending, Option<String>)>,
    /// Locks that were asked for and never had, by the effect of their `exclusive`; who held them, where that is known.
    pub wanted: BTreeMap<EffectId, Option<Holder>>,
    /// Where it began, if not at its first step.
    pub late: Option<Late>,
    /// When each step ended, for `due`.
    pub step_ends: HashMap<NodeId, Timestamp>,
    pub(super) frames: BTreeMap<FrameId, Frame>,
    pub(super) effects: HashMap<EffectId, Site>,
    pub(super) next_frame: u64,
    pub(super) next_effect: u64,
    /// Whether a value lacks a secret, which the journal does not hold.
    pub(super) gaps: bool,
    /// Who drives the run or has driven it.
    pub(super) operators: BTreeSet<String>,
    /// Hashes of what was handed in for approvals.
    pub(super) handed_in: BTreeSet<String>,
}

/// A place in the run: a node in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// The frame.
    pub frame: FrameId,
    /// The node.
    pub node: NodeId,
}

/// A run that began at a step in its middle.
#[derive(Clone, Debug, PartialEq)]
pub struct Late {
    /// What is passed over for it.
    pub left_out: BTreeSet<NodeId>,
    /// Why.
    pub why: String,
    /// Who said so.
    pub by: Actor,
}

/// Something that a person passed over.
#[derive(Clone, Debug, PartialEq)]
pub struct PassedOver {
    /// The node.
    pub node: NodeId,
    /// The reason given.
    pub why: String,
    /// Whether it was done by hand instead.
    pub by_hand: bool,
}

/// Something that was done under a plan before this one, and that nothing undoes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftBehind {
    /// What, as a reader knows it.
    pub what: String,
    /// Why.
    pub why: String,
}

impl RunState {
    /// The frame of the run.
    pub const ROOT: FrameId = FrameId(0);

    /// A frame that is active.
    #[must_use]
    pub fn frame(&self, id: FrameId) -> Option<&Frame> {
        self.frames.get(&id)
    }

    /// The frame of the run; `None` before it started.
    #[must_use]
    pub fn root(&self) -> Option<&Frame> {
        self.frame(Self::ROOT)
    }

    /// All active frames, in the order begun.
    pub fn frames(&self) -> impl Iterator<Item = &Frame> {
        self.frames.values()
    }

    /// Where an effect or question stands that is not done.
    #[must_use]
    pub fn site(&self, effect: EffectId) -> Option<Site> {
        self.effects.get(&effect).copied()
    }

    /// The open child at a place.
    #[must_use]
    pub fn slot(&self, site: Site) -> Option<&Slot> {
        self.frame(site.frame)?.slot(site.node)
    }

    /// Number of the next frame.
    #[must_use]
    pub fn next_frame(&self) -> FrameId {
        FrameId(self.next_frame)
    }

    /// Number of the next effect.
    #[must_use]
    pub fn next_effect(&self) -> EffectId {
        EffectId(self.next_effect)
    }

    /// Whether a person is there.
    #[must_use]
    pub fn is_attended(&self) -> bool {
        self.settings.as_ref().is_some_and(|settings| settings.attended == Attended::Terminal)
    }

    /// Whether a question about a failure may find an answer.
    #[must_use]
    pub fn may_be_answered(&self) -> bool {
        self.settings.as_ref().is_some_and(|settings| settings.attended != Attended::Nobody)
    }

    /// Effects in flight, with their places; questions about failures are not among them.
    pub fn running(&self) -> impl Iterator<Item = (Site, &EffectRun)> {
        self.open_effects().filter(|(_, effect)| effect.status == Status::Running)
    }

    fn open_effects(&self) -> impl Iterator<Item = (Site, &EffectRun)> {
        self.frames.values().flat_map(|frame| {
            let site = |slot: &Slot| Site { frame: frame.id, node: slot.node };
            frame.slots.iter().filter_map(move |slot| Some((site(slot), slot.effect()?)))
        })
    }

    /// Effects whose program could not be ended: it may be at work still.
    pub fn alive(&self) -> impl Iterator<Item = (Site, &EffectRun)> {
        self.open_effects().filter(|(_, run)| run.alive)
    }

    /// Questions about failures that are being asked.
    pub fn asking(&self) -> impl Iterator<Item = EffectId> {
        self.frames.values().flat_map(|frame| &frame.slots).filter_map(|slot| match slot.question {
            Asked::Open(effect) => Some(effect),
            _ => None,
        })
    }

    /// Who answers, in words: of what is asked of a role also whose answer it is, where somebody else gave it.
    #[must_use]
    pub fn answerer(&self, role: Option<&str>, by: &str) -> String {
        match role.map(|role| (role, self.roles.get(role))) {
            // The operator is whoever drives the run.
            None | Some((OPERATOR, _)) => by.to_owned(),
            Some((role, Some(holder))) if holder != by => format!("{holder} as {role}, typed by {by}"),
            Some((role, _)) => format!("{by} as {role}"),
        }
    }

    /// What a variable holds, seen from a frame: its own scope, then those around it.
    #[must_use]
    pub fn value(&self, frame: FrameId, var: VarId) -> Option<&Value> {
        let mut at = Some(frame);
        while let Some(frame) = at.and_then(|id| self.frame(id)) {
            let own = frame.vars.as_ref().and_then(|vars| vars.get(var));
            if let Some(value) = own.or_else(|| frame.turns.iter().find_map(|turn| turn.vars.get(var))) {
                return Some(value);
            }
            at = frame.parent;
        }
        None
    }

    /// The scope that is unwound when something fails in a frame: the nearest attempt whose block it is in, or the run.
    #[must_use]
    pub fn scope_of(&self, frame: FrameId) -> FrameId {
        let mut at = frame;
        while let Some(frame) = self.frame(at) {
            let Some(parent) = frame.parent else { break };
            let inside = frame.purpose != super::Purpose::Otherwise;
            if inside && self.frame(parent).is_some_and(Frame::is_attempt_or_run) {
                return parent;
            }
            at = parent;
        }
        Self::ROOT
    }

    /// Takes a value for granted, to tell what is still to come; never in a state that a run goes on from.
    pub fn suppose(&mut self, frame: FrameId, var: VarId, value: &Value) {
        // Every frame has a scope around it.
        let _ = self.set_var(frame, var, value.clone());
    }

    /// Supplies a secret again after a resume: every hollow copy of that variable's value is filled.
    pub fn supply(&mut self, var: VarId, value: &Value) {
        for frame in self.frames.values_mut() {
            if let Some(vars) = frame.vars.as_mut().filter(|vars| vars.get(var).is_some()) {
                vars.set(var, value.clone());
            }
        }
    }
}
