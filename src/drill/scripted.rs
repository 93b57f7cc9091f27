//! The host of a drill: answers at once that all is well, but for what is struck. Touches no world.
//!
//! Its clock jumps to whatever comes next. What a person kills by hand, it kills when nothing else would happen any more.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use super::cast::{Cast, Part};
use super::replies::{decided, failed, said_no, somebody, tell_turn, well};
use super::stage::WATCH;
use crate::event::{EffectId, Injection};
use crate::plan::{Class, NodeId};
use crate::run::{Failure, Host, Reply, Report, Request, StopHow, Work};

/// So much work a run asks for at most; one that asks for more would never end.
const ENDLESS: usize = 5_000;

/// So often a person stops what hangs, before the run counts as endless.
const ENDLESS_STOPS: u32 = 50;

/// Nobody waits longer for what hangs, whatever else goes on meanwhile.
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);

/// A piece of work: an effect, in one turn of the loops around it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Piece {
    /// The effect.
    pub node: NodeId,
    /// The titles that lead to it.
    pub path: String,
}

/// What goes wrong, and where: at every attempt of that piece of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strike {
    /// Where.
    pub at: Piece,
    /// What.
    pub kind: Injection,
}

/// What goes wrong at what a scenario names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The end of a path.
    pub(super) place: String,
    /// Whether its undo is meant.
    pub(super) undo: bool,
    /// What.
    pub(super) kind: Injection,
}

/// What was started and has not answered.
struct Hanging {
    effect: EffectId,
    piece: Piece,
    /// Whether the run is asked to stop with it: it goes forward, and changes something.
    cancels: bool,
    since: Timestamp,
}

/// The host.
pub(super) struct Scripted<'c> {
    cast: &'c Cast,
    strikes: Vec<Strike>,
    named: Vec<Named>,
    pub(super) now: Timestamp,
    queue: BTreeMap<(Timestamp, u64), Report>,
    order: u64,
    hanging: Vec<Hanging>,
    /// What is in place, by step and path; else it is as the course says.
    places: HashMap<(NodeId, String), bool>,
    /// Every piece of work that was asked for, in order.
    pub(super) asked: Vec<Piece>,
    /// What was struck because it was named.
    pub(super) struck: Vec<Piece>,
    seen: HashSet<Piece>,
    /// How often what tells the turns of a loop was answered, and where.
    turns: HashMap<(NodeId, String), usize>,
    count: usize,
    /// The process is dead.
    pub(super) crashed: bool,
    /// A person had to stop what hung.
    pub(super) killed: bool,
    /// How often nothing would have happened any more.
    starved: u32,
}

impl<'c> Scripted<'c> {
    pub(super) fn new(cast: &'c Cast, strikes: Vec<Strike>) -> Self {
        Self {
            cast,
            strikes,
            named: vec![],
            now: Timestamp::UNIX_EPOCH,
            queue: BTreeMap::new(),
            order: 0,
            hanging: vec![],
            places: HashMap::new(),
            asked: vec![],
            struck: vec![],
            seen: HashSet::new(),
            turns: HashMap::new(),
            count: 0,
            crashed: false,
            killed: false,
            starved: 0,
        }
    }

    /// The same, with that gone wrong at what is named so.
    pub(super) fn naming(mut self, named: Vec<Named>) -> Self {
        self.named = named;
        self
    }

    /// Another process: what the one before waited for never comes. A crash happens once.
    pub(super) fn restart(&mut self) {
        self.crashed = false;
        self.strikes.retain(|strike| strike.kind != Injection::Crash);
        self.queue.clear();
        self.hanging.clear();
    }

    /// Nothing goes wrong any more.
    pub(super) fn mend(&mut self) {
        self.restart();
        self.strikes.clear();
        self.named.clear();
    }

    /// Whether it asked for more than any run would.
    pub(super) fn is_endless(&self) -> bool {
        self.count > ENDLESS
    }

    fn answer(&mut self, effect: EffectId, reply: Reply, takes: SignedDuration) {
        self.order += 1;
        let at = self.now.checked_add(takes).unwrap_or(Timestamp::MAX);
        self.queue.insert((at, self.order), Report::Reply { effect, reply });
    }

    /// What goes wrong there. What was named is from then on a strike like any other.
    fn strike(&mut self, at: &Piece) -> Option<Injection> {
        let struck = self.strikes.iter().find(|strike| strike.at == *at).map(|strike| strike.kind);
        struck.or_else(|| {
            let cast = self.cast;
            let meant = |named: &Named| cast.is_named(at.node, &at.path, (&named.place, named.undo));
            let found = self.named.iter().position(meant)?;
            let kind = self.named.get(found)?.kind;
            self.named.retain(|named| !(meant(named) && kind == Injection::Crash));
            self.struck.push(at.clone());
            self.strikes.push(Strike { at: at.clone(), kind });
            Some(kind)
        })
    }

    /// The piece of work; what is done in a second turn is another one than in the first.
    fn piece(&self, work: &Work) -> Piece {
        let first = Piece { node: work.node, path: work.address.clone() };
        let Some(by) = self.cast.turned.get(&work.node) else { return first };
        let common = |path: &str| {
            path.bytes().zip(work.address.bytes()).take_while(|(one, other)| one == other).count()
        };
        let turns = self.turns.iter().filter(|((node, _), _)| node == by);
        let answered = turns.max_by_key(|((_, path), _)| common(path)).map_or(0, |(_, count)| *count);
        // What stands behind what tells the turn is done after that has told this one.
        let before = if work.node > *by { answered.saturating_sub(1) } else { answered };
        if before == 0 { first } else { Piece { path: format!("{}, turn 2", first.path), ..first } }
    }

    /// Where a guard is struck, everything else takes so long that it can break meanwhile.
    fn takes(&self, work: &Work) -> SignedDuration {
        let watching = |strike: &Strike| self.cast.part(strike.at.node) == Part::Watch;
        if self.cast.part(work.node) == Part::Watch || !self.strikes.iter().any(watching) {
            return SignedDuration::ZERO;
        }
        let breaks = WATCH * (self.cast.misses + 1);
        let takes = work.timeout.map_or(breaks, |limit| breaks.min(limit / 2));
        SignedDuration::try_from(takes).unwrap_or_default()
    }

    /// The world after an effect was really done.
    fn did(&mut self, piece: &Piece) {
        if let Some(step) = self.cast.does.get(&piece.node) {
            self.places.insert((*step, piece.path.clone()), true);
        }
        if let Some(step) = self.cast.undoes.get(&piece.node) {
            self.places.retain(|(of, _), _| of != step);
        }
    }

    fn is_in_place(&self, step: NodeId, path: &str) -> bool {
        let known = self.places.get(&(step, path.to_owned())).copied();
        known.unwrap_or_else(|| self.cast.in_place.contains(&step))
    }

    /// What it answers where nothing goes wrong.
    fn usual(&self, piece: &Piece, request: &Request) -> Reply {
        let looked = self.cast.tells.get(&piece.node).map(|step| self.is_in_place(*step, &piece.path));
        let no = looked.map_or_else(|| self.cast.noes.contains(&piece.node), |in_place| !in_place);
        if no { said_no(request) } else { well(request) }
    }

    fn struck(&mut self, work: &Work, piece: &Piece, kind: Injection) {
        let limit = work.timeout.and_then(|limit| SignedDuration::try_from(limit).ok());
        if kind != Injection::Clean {
            self.did(piece);
        }
        let (reply, takes) = match kind {
            Injection::Failure => (said_no(&work.request), self.takes(work)),
            Injection::Clean => (failed(Failure::NotStarted), SignedDuration::ZERO),
            Injection::Unknown => (failed(Failure::Lost), self.takes(work)),
            Injection::Crash => return self.crashed = true,
            Injection::Hang => {
                let Some(limit) = limit else {
                    let cancels = work.class == Class::Changes && self.cast.part(work.node) == Part::Forward;
                    let (effect, since) = (work.effect, self.now);
                    return self.hanging.push(Hanging { effect, piece: piece.clone(), cancels, since });
                };
                (failed(Failure::TimedOut), limit)
            }
        };
        // A question that got no answer is asked again: that it gets none is told once.
        if matches!((&work.request, kind), (Request::Ask(_), Injection::Unknown | Injection::Hang)) {
            self.strikes.retain(|strike| strike.at != *piece);
        }
        self.answer(work.effect, reply, takes);
    }

    /// Nothing would happen any more: a person ends what hangs. Where that changes something, going forward, it is a wish to
    /// stop the run.
    fn starve(&mut self) -> Report {
        self.starved += 1;
        self.killed = true;
        let hanging = std::mem::take(&mut self.hanging);
        if self.starved > ENDLESS_STOPS {
            self.count = usize::MAX;
        }
        if hanging.is_empty() {
            return Report::HangUp;
        }
        let cancels = hanging.iter().any(|one| one.cancels);
        for one in hanging {
            // Whoever stops it sees to it that it does not hang again.
            self.strikes.retain(|strike| strike.at != one.piece || strike.kind != Injection::Hang);
            self.answer(one.effect, failed(Failure::Stopped), SignedDuration::ZERO);
        }
        if cancels {
            Report::Cancel(somebody())
        } else {
            Report::Note("what hung was stopped by hand".into())
        }
    }
}

impl Host for Scripted<'_> {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn start(&mut self, work: Work) {
        self.count += 1;
        if let Some(reply) = decided(&work.request) {
            return self.answer(work.effect, reply, SignedDuration::ZERO);
        }
        if matches!(work.request, Request::Verify(_)) {
            return self.answer(work.effect, well(&work.request), SignedDuration::ZERO);
        }
        let piece = self.piece(&work);
        if self.seen.insert(piece.clone()) {
            self.asked.push(piece.clone());
        }
        if let Some(kind) = self.strike(&piece) {
            return self.struck(&work, &piece, kind);
        }
        let mut reply = self.usual(&piece, &work.request);
        if self.cast.turned.get(&work.node) == Some(&work.node) {
            let turn = self.turns.entry((work.node, work.address.clone())).or_default();
            *turn += 1;
            tell_turn(&mut reply, *turn);
        }
        self.did(&piece);
        self.answer(work.effect, reply, self.takes(&work));
    }

    fn stop(&mut self, effect: EffectId, _: StopHow) {
        let own = |report: &Report| matches!(report, Report::Reply { effect: of, .. } if *of == effect);
        self.queue.retain(|_, report| !own(report));
        self.hanging.retain(|one| one.effect != effect);
        self.answer(effect, failed(Failure::Stopped), SignedDuration::ZERO);
    }

    async fn next(&mut self, until: Option<Timestamp>) -> Option<Report> {
        if self.crashed || self.is_endless() {
            std::future::pending::<()>().await;
        }
        let first = self.queue.first_key_value().map(|((at, _), _)| *at);
        if self.hanging.iter().any(|one| self.now.duration_since(one.since) > PATIENCE) {
            return Some(self.starve());
        }
        match (first, until) {
            (Some(at), until) if until.is_none_or(|until| at <= until) => {
                self.now = self.now.max(at);
                self.queue.pop_first().map(|(_, report)| report)
            }
            (_, Some(until)) => {
                self.now = self.now.max(until);
                None
            }
            (_, None) => Some(self.starve()),
        }
    }

    fn locate(&self, paths: &[String]) -> String {
        paths.first().cloned().unwrap_or_default()
    }

    fn mask(&self, text: &str) -> String {
        text.to_owned()
    }

    fn tainted(&self, _: &str) -> bool {
        false
    }

    fn learn(&self, _: &str) {}
}
