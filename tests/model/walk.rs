//! How the model reads a record: the walk, its paths and their cuts. No rule of compensation is here.
//!
//! A walk replays what the record holds and collects what is wanted next; `model` says in which order.

use super::world::{Answer, Event, Key, OnFailure, Outcome, Part, Script, Step};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A time that does not come.
pub(super) const NEVER: usize = usize::MAX;

/// How far a path has come. Of a parallel block's branches the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    Done,
    /// `end "…"`: stop well.
    Ended,
    /// Suspended until a person decides (R: hold).
    Held,
    /// Nothing new starts here any more, for a reason from outside.
    Stopped,
    /// A person must act: an outcome is unknown and nobody is there to say (O).
    Doubt,
    Failed,
    /// An undo failed (C3, C6).
    Stuck,
    /// Something runs or may start.
    Pending,
}

/// A path's state: how far it is, what it owes (C4: one stack, oldest first), and the times from which its
/// trouble stops others: `back` those that will be undone with it, `freeze` the whole run, `stuck` even
/// what is being undone.
pub(super) struct Flow<'a> {
    pub(super) how: How,
    pub(super) owed: Vec<Owed<'a>>,
    pub(super) back: usize,
    pub(super) freeze: usize,
    pub(super) stuck: usize,
}

#[derive(Clone)]
pub(super) enum Owed<'a> {
    Step(Rc<Undo<'a>>),
    Parallel(usize, Rc<Vec<Vec<Owed<'a>>>>),
}

/// What one step owes.
#[derive(Clone)]
pub(super) struct Undo<'a> {
    pub(super) step: &'a Step,
    /// With the items of its loops.
    pub(super) id: String,
    pub(super) rollback: bool,
    pub(super) restore: bool,
    /// Owed to an attempt that is not over.
    pub(super) inner: bool,
    pub(super) known: Known,
}

/// What is known of a step that has begun.
#[derive(Clone, Default)]
pub(super) struct Known {
    pub(super) touched: bool,
    pub(super) failed: bool,
    pub(super) doubt: bool,
    /// The effects that ended well, so that what they bind exists.
    pub(super) bound: Vec<usize>,
    /// Answers that `done when` has given.
    pub(super) looks: usize,
}

/// One start of an effect. Times are positions in the record, from 1.
#[derive(Clone, Copy)]
pub(super) struct Try {
    pub(super) start: usize,
    pub(super) end: Option<(usize, Outcome)>,
}

/// What a walk has found so far.
#[derive(Clone, Default)]
pub(super) struct Found {
    pub(super) wanted: Vec<Key>,
    /// When the last effect of this path ended.
    pub(super) clock: usize,
    pub(super) committed: bool,
    pub(super) undone: BTreeSet<Key>,
    pub(super) kept: BTreeSet<String>,
    /// Whether any unwinding so far had something to undo.
    pub(super) undid: bool,
    /// Whether `before rollback` runs, and `after rollback`.
    pub(super) handlers: (bool, bool),
}

/// What is on record, by effect.
#[derive(Default)]
pub(crate) struct Record {
    tries: BTreeMap<Key, Vec<Try>>,
    events: usize,
    /// When a cancel came first.
    cancel: Option<usize>,
    /// When another process took the run up last.
    crash: usize,
}

impl Record {
    pub(crate) fn of(events: &[Event]) -> Record {
        let mut record = Record::default();
        events.iter().for_each(|event| record.push(event));
        record
    }

    pub(crate) fn push(&mut self, event: &Event) {
        self.events += 1;
        let at = self.events;
        match event {
            Event::Started(key) => {
                self.tries.entry(key.clone()).or_default().push(Try { start: at, end: None });
            }
            Event::Ended(key, outcome) => {
                if let Some(tried) = self.tries.get_mut(key).and_then(|tries| tries.last_mut()) {
                    tried.end = Some((at, *outcome));
                }
            }
            Event::Cancel => self.cancel = self.cancel.or(Some(at)),
            Event::Crash => {
                self.crash = at;
                for tried in self.tries.values_mut().flatten().filter(|tried| tried.end.is_none()) {
                    tried.end = Some((at, Outcome::Cut));
                }
            }
        }
    }

    pub(super) fn tries(&self, key: &Key) -> &[Try] {
        self.tries.get(key).map_or(&[], Vec::as_slice)
    }

    /// Whether another process took the run up since then.
    pub(super) fn resumed_since(&self, at: usize) -> bool {
        at < self.crash
    }

    /// How often an effect started.
    pub(crate) fn starts(&self, key: &Key) -> usize {
        self.tries(key).len()
    }
}

pub(super) struct Walk<'a> {
    pub(super) script: &'a Script,
    pub(super) record: &'a Record,
    /// Where in loops: `[0][2]`.
    pub(super) items: String,
    /// From here on nothing new starts on this path.
    pub(super) cut: usize,
    /// That part of `cut` which stops without undoing: something is held or stuck.
    pub(super) ice: usize,
    /// Whether an attempt's block is around.
    pub(super) inside: bool,
    /// The same where something is being undone: only what is stuck stops that.
    pub(super) frost: usize,
    pub(super) found: Found,
}

impl<'a> Walk<'a> {
    pub(super) fn new(script: &'a Script, record: &'a Record) -> Walk<'a> {
        Walk {
            script,
            record,
            items: String::new(),
            cut: record.cancel.unwrap_or(NEVER),
            frost: NEVER,
            ice: NEVER,
            inside: false,
            found: Found::default(),
        }
    }

    /// The nth try of an effect: replayed if it began before the cut, else wanted unless cut.
    pub(super) fn perform(&mut self, key: &Key, n: usize) -> Result<Outcome, How> {
        let tried = self.record.tries(key).get(n).filter(|tried| tried.start < self.cut);
        match tried.map(|tried| tried.end) {
            Some(Some((at, outcome))) => {
                self.found.clock = self.found.clock.max(at);
                Ok(outcome)
            }
            Some(None) => Err(How::Pending),
            None if self.cut < NEVER => Err(How::Stopped),
            None => {
                self.found.wanted.push(key.clone());
                Err(How::Pending)
            }
        }
    }

    pub(super) fn is_cut(&self) -> bool {
        self.cut <= self.found.clock
    }

    /// Cut, and not by what undoes it all.
    pub(super) fn is_frozen(&self) -> bool {
        self.ice == self.cut && self.is_cut()
    }

    pub(super) fn hold(&self) -> bool {
        self.script.on_failure == OnFailure::Hold
    }

    pub(super) fn key(&self, id: &str, part: Part) -> Key {
        Key { step: format!("{id}{}", self.items), part }
    }
}

impl Known {
    pub(super) fn note(&mut self, outcome: Outcome, effect: usize) {
        self.touched |= outcome != Outcome::FailedClean;
        self.failed = matches!(outcome, Outcome::Failed | Outcome::FailedClean);
        self.doubt |= matches!(outcome, Outcome::Unknown | Outcome::Cut);
        if outcome == Outcome::Done {
            self.bound.push(effect);
        }
    }
}

impl Undo<'_> {
    pub(super) fn key(&self, part: Part) -> Key {
        Key { step: self.id.clone(), part }
    }
}

impl Flow<'_> {
    pub(super) fn of(how: How) -> Self {
        Flow { how, owed: Vec::new(), back: NEVER, freeze: NEVER, stuck: NEVER }
    }
}

/// The same stack with each step's undo changed.
pub(super) fn each<'a>(owed: &[Owed<'a>], change: fn(&mut Undo<'a>)) -> Vec<Owed<'a>> {
    let mut owed = owed.to_vec();
    for entry in &mut owed {
        match entry {
            Owed::Step(undo) => change(Rc::make_mut(undo)),
            Owed::Parallel(_, branches) => {
                for branch in Rc::make_mut(branches) {
                    *branch = each(branch, change);
                }
            }
        }
    }
    owed
}

/// The undo parts in a stack. An irreversible step owes no rollback.
pub(super) fn keys(owed: &[Owed<'_>]) -> BTreeSet<Key> {
    let mut all = BTreeSet::new();
    for entry in owed {
        match entry {
            Owed::Step(undo) => {
                if undo.rollback && undo.step.answer != Answer::Irreversible {
                    all.insert(undo.key(Part::Rollback(0)));
                }
                if undo.restore {
                    all.insert(undo.key(Part::Restore(0)));
                }
            }
            Owed::Parallel(_, branches) => all.extend(branches.iter().flat_map(|owed| keys(owed))),
        }
    }
    all
}
