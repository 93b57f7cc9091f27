//! Goes through what happened, and says each thing again in the new plan's numbers.

use std::collections::HashMap;

use jiff::Timestamp;

use super::history::History;
use super::names::Titles;
use super::words::{CarriedOver, Choose, NotCarried, Replan, Touched, Words};
use crate::event::{Carried, Carry, EffectId, Event, Fact, FrameId, RunState, Site, StoredInput};
use crate::plan::{Anew, NodeId};
use crate::run::path_of;
use crate::value::VarId;

const ROOT: NodeId = crate::plan::Plan::ROOT;

pub(super) type Done<T = ()> = Result<T, NotCarried>;

/// What becomes of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is told, with what is in it; its number now.
    As(FrameId),
    /// It is told, and what it did in one.
    Hollow(FrameId),
    /// It is told up to that child, and goes on from there.
    Open(FrameId, usize),
    /// It is not told.
    Gone,
}

/// Something that needs a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum About {
    /// A part of the plan before that is over.
    Old(NodeId),
    /// One that has begun and is not over: in that frame. Of a loop each turn is another.
    Begun(FrameId),
    /// The undo of a step of it.
    Undo(NodeId),
    /// A part that is new.
    New(NodeId),
}

pub(super) struct Carrier<'a> {
    pub(super) replan: &'a Replan<'a>,
    pub(super) anew: &'a Anew,
    pub(super) history: &'a History,
    words: &'a Words,
    pub(super) old_titles: Titles<'a>,
    pub(super) new_titles: Titles<'a>,
    /// The run under the plan before, so far.
    pub(super) then: RunState,
    /// The same under the new plan.
    pub(super) now: RunState,
    pub(super) frames: HashMap<FrameId, Fate>,
    pub(super) effects: HashMap<EffectId, Option<EffectId>>,
    /// The nodes of frames before.
    pub(super) old_nodes: HashMap<FrameId, NodeId>,
    /// The frames around them, before.
    pub(super) around: HashMap<FrameId, FrameId>,
    /// Frames that are not in the new plan, and why they stay.
    pub(super) gone: Vec<(FrameId, String)>,
    /// Values that nothing gives any more, and what would.
    pub(super) lost: HashMap<VarId, NodeId>,
    about: HashMap<About, String>,
    touched: Vec<Touched>,
    pub(super) is_open: bool,
    at: Timestamp,
    out: Vec<Event>,
}

impl<'a> Carrier<'a> {
    pub(super) fn new(
        replan: &'a Replan<'a>,
        anew: &'a Anew,
        history: &'a History,
        words: &'a Words,
    ) -> Self {
        let before: Vec<StoredInput> = history.last.inputs.clone();
        Self {
            replan,
            anew,
            history,
            words,
            old_titles: Titles::of(replan.old, &before),
            new_titles: Titles::of(replan.new, replan.inputs),
            then: RunState::default(),
            now: RunState::default(),
            frames: HashMap::from([(RunState::ROOT, Fate::As(RunState::ROOT))]),
            effects: HashMap::new(),
            old_nodes: HashMap::new(),
            around: HashMap::new(),
            gone: vec![],
            lost: HashMap::new(),
            about: HashMap::new(),
            touched: vec![],
            is_open: false,
            at: Timestamp::UNIX_EPOCH,
            out: vec![],
        }
    }

    pub(super) fn over(self) -> CarriedOver {
        CarriedOver { events: self.out, state: self.now, touched: self.touched, is_open: self.is_open }
    }

    /// Takes in one event.
    pub(super) fn event(&mut self, event: &Event) -> Done {
        self.at = event.at;
        let applied = self.then.apply(self.replan.old, event);
        applied.map_err(|error| self.refusal(ROOT, &error.why))?;
        self.fact(&event.fact)
    }

    fn fact(&mut self, fact: &Fact) -> Done {
        match fact {
            Fact::Started { .. } => self.started(fact),
            Fact::StartedLate { node, place, why, by } => {
                let node = self.known(*node, "the run began there")?;
                let (place, why, by) = (place.clone(), why.clone(), by.clone());
                self.emit(Fact::StartedLate { node, place, why, by })
            }
            Fact::SecretChanged { var, fingerprint, by } => match self.anew.var(*var) {
                Some(var) => {
                    let (fingerprint, by) = (fingerprint.clone(), by.clone());
                    self.emit(Fact::SecretChanged { var, fingerprint, by })
                }
                None => Ok(()),
            },
            Fact::Entered { frame, parent, node, key } => {
                self.entered((*frame, *parent), *node, key.as_ref())
            }
            Fact::Left { frame, verdict } => self.left(*frame, verdict),
            Fact::Unwinding { .. }
            | Fact::Unwound { .. }
            | Fact::Overdue { .. }
            | Fact::Noted { .. }
            | Fact::Listed { .. } => self.of_frame(fact),
            Fact::Skipped { .. }
            | Fact::Bound { .. }
            | Fact::Failed { .. }
            | Fact::Due { .. }
            | Fact::Retrying { .. }
            | Fact::Decided { .. }
            | Fact::Settled { .. }
            | Fact::Committed { .. }
            | Fact::Concluded { .. }
            | Fact::Carried(_) => self.sited(fact),
            Fact::Began(_)
            | Fact::Spawned { .. }
            | Fact::Ended { .. }
            | Fact::Unanswered { .. }
            | Fact::Held { .. }
            | Fact::Requested { .. }
            | Fact::Voted { .. } => self.of_effect(fact),
            Fact::Finished { .. } => Err(self.refusal(ROOT, "the run has ended")),
            Fact::PlannedAnew { .. }
            | Fact::LeftBehind { .. }
            | Fact::RoleBound { .. }
            | Fact::HandedOver { .. }
            | Fact::Enrolled { .. }
            | Fact::VoteRefused { .. }
            | Fact::Resumed { .. }
            | Fact::Injected { .. }
            | Fact::GoneOn { .. }
            | Fact::CancelRequested { .. }
            | Fact::Suspended { .. } => self.emit(fact.clone()),
        }
    }

    /// A fact of a frame as a whole.
    fn of_frame(&mut self, fact: &Fact) -> Done {
        let mut fact = fact.clone();
        let inside = matches!(fact, Fact::Overdue { .. } | Fact::Noted { .. });
        let (Fact::Unwinding { frame, .. }
        | Fact::Unwound { frame }
        | Fact::Overdue { frame, .. }
        | Fact::Noted { frame, .. }
        | Fact::Listed { frame, .. }) = &mut fact
        else {
            return Ok(());
        };
        match self.fate(*frame) {
            Fate::As(id) => *frame = id,
            Fate::Hollow(id) | Fate::Open(id, _) if inside => *frame = id,
            _ => return Ok(()),
        }
        self.emit(fact)
    }

    fn started(&mut self, fact: &Fact) -> Done {
        let Fact::Started { dir, path, salt, settings, .. } = fact else { return Ok(()) };
        self.emit(Fact::Started {
            digest: self.replan.new.digest.clone(),
            dir: dir.clone(),
            path: path.clone(),
            salt: salt.clone(),
            sources: self.replan.sources.to_vec(),
            inputs: self.replan.inputs.to_vec(),
            settings: settings.clone(),
        })
    }

    /// Tells a fact under the new plan.
    pub(super) fn emit(&mut self, fact: Fact) -> Done {
        let place = self.place_of(&fact);
        let event = Event { seq: self.now.seq + 1, at: self.at, fact };
        self.now.apply(self.replan.new, &event).map_err(|error| NotCarried { place, why: error.why })?;
        self.out.push(event);
        Ok(())
    }

    /// Where a fact stands in the new plan, for a refusal.
    fn place_of(&self, fact: &Fact) -> String {
        let of_frame = |frame: &FrameId| self.now.frame(*frame).map(|frame| frame.node);
        let node = match fact {
            Fact::Entered { node, .. } | Fact::Skipped { node, .. } | Fact::Failed { node, .. } => {
                Some(*node)
            }
            Fact::Began(begun) => Some(begun.node),
            Fact::Left { frame, .. } | Fact::Bound { frame, .. } => of_frame(frame),
            _ => None,
        };
        self.new_titles.path(node.unwrap_or(ROOT))
    }

    pub(super) fn fate(&self, frame: FrameId) -> Fate {
        self.frames.get(&frame).copied().unwrap_or(Fate::Gone)
    }

    /// The number of a frame now, if it is told.
    pub(super) fn number(&self, frame: FrameId) -> Option<FrameId> {
        match self.fate(frame) {
            Fate::As(id) | Fate::Hollow(id) | Fate::Open(id, _) => Some(id),
            Fate::Gone => None,
        }
    }

    /// What stands for a node without which the run cannot go on.
    pub(super) fn known(&self, node: NodeId, what: &str) -> Done<NodeId> {
        let why = || self.refusal(node, &format!("{what}, and the new plan does not have it"));
        self.anew.node(node).ok_or_else(why)
    }

    /// A refusal at a node of the plan before.
    pub(super) fn refusal(&self, node: NodeId, why: &str) -> NotCarried {
        NotCarried { place: self.old_titles.path(node), why: why.to_owned() }
    }

    /// What was said of something; where nothing was, the first of its choices, for the time being.
    pub(super) fn word(&mut self, about: About, what: &str, choices: &'static [Choose]) -> (Choose, String) {
        let place = self.name(about, what, choices);
        match self.words.get(&place) {
            Some((choose, why)) if choices.contains(choose) => (*choose, why.clone()),
            _ => {
                self.is_open = true;
                (choices.first().copied().unwrap_or(Choose::Keep), String::new())
            }
        }
    }

    fn name(&mut self, about: About, what: &str, choices: &'static [Choose]) -> String {
        if let Some(known) = self.about.get(&about) {
            return known.clone();
        }
        let path = match about {
            About::Old(node) | About::Undo(node) => self.old_titles.path(node),
            About::Begun(frame) => self.begun_path(frame),
            About::New(node) => self.new_titles.path(node),
        };
        let taken = |place: &String| self.touched.iter().any(|one| one.place == *place);
        let undo = matches!(about, About::Undo(_)).then(|| format!("{path} (undo)"));
        let numbered = (2_u32..).map(|number| format!("{path} ({number})"));
        let names = std::iter::once(path.clone()).chain(undo).chain(numbered);
        let place = names.into_iter().find(|place| !taken(place)).unwrap_or_default();
        self.about.insert(about, place.clone());
        self.touched.push(Touched { place: place.clone(), what: what.to_owned(), choices });
        place
    }

    /// The titles down to something that is not over, with the item of a loop's turn.
    fn begun_path(&self, frame: FrameId) -> String {
        let state = &self.history.last;
        let Some(node) = state.frame(frame).map(|frame| frame.node) else { return String::new() };
        path_of(self.replan.old, state, Site { frame, node }).join(" / ")
    }

    /// Why, as it was said of a part of the plan before.
    pub(super) fn said_of(&self, old: NodeId) -> String {
        let place = self.about.get(&About::Old(old));
        place.and_then(|place| self.words.get(place)).map(|(_, why)| why.clone()).unwrap_or_default()
    }

    /// How something that was done or begun before stands in a frame now.
    pub(super) fn carried(&self, frame: FrameId, node: NodeId, how: Carry, why: &str) -> Carried {
        Carried {
            frame,
            node,
            how,
            values: vec![],
            started: false,
            in_doubt: false,
            why: why.to_owned(),
            by: self.replan.by.clone(),
        }
    }
}
