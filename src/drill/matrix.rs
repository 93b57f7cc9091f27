//! All that can go wrong in a plan, one thing after the other, on every course: the matrix of ends.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use super::cast::{Cast, Part};
use super::course::Course;
use super::play::{End, Played, Staged, inputs};
use super::scripted::{Piece, Strike};
use super::stage::{refuse, staged};
use super::unknown::{Inputs, Matter, Unknown};
use super::ways::WaysOut;
use crate::event::{Event, Fact, Injection, StoredInput};
use crate::plan::{Class, Eval, NodeId, Op, Plan};
use crate::value::Value;

/// What a drill is to do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// After every failure each piece of work that follows fails, too.
    pub pairs: bool,
    /// Only this goes wrong.
    pub only: Option<Injection>,
    /// At most so many courses; 0 is all.
    pub courses: usize,
}

/// What a drill found.
#[derive(Debug)]
pub struct Drill {
    /// The courses that were taken, by what they take otherwise than the first.
    pub courses: Vec<Vec<(Matter, Value)>>,
    /// What the first takes where another takes something else.
    pub first: Vec<(Matter, Value)>,
    /// Where something can go wrong, in the order of the plan.
    pub points: Vec<Point>,
    /// How many runs it took.
    pub runs: usize,
}

/// A place where something can go wrong.
#[derive(Debug)]
pub struct Point {
    /// The effect or expectation.
    pub node: NodeId,
    /// The titles that lead to it.
    pub path: String,
    /// In which part of the runbook it stands.
    pub part: Part,
    /// What was tried there.
    pub cases: Vec<Case>,
}

/// One run.
#[derive(Debug)]
pub struct Case {
    /// What went wrong at the point; nothing in the run in which all goes well.
    pub kind: Option<Injection>,
    /// What went wrong before, so that the point was reached.
    pub after: Vec<Strike>,
    /// The course, by its number.
    pub course: usize,
    /// How the run ended.
    pub end: End,
    /// Whether what hung had no limit and was stopped by a person.
    pub killed: bool,
}

impl Case {
    /// Whether a run may end so. One in which nothing went wrong, nor anything was taken otherwise, may not be stuck:
    /// that runbook could never be done.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        let untouched = self.kind.is_none() && self.course == 0;
        self.end.is_clean() && !(untouched && matches!(self.end, End::Stuck { .. }))
    }
}

impl Drill {
    /// Whether every run ended as it may.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.points.iter().flat_map(|point| &point.cases).all(Case::is_clean)
    }
}

/// How far a drill is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// The course that is being drilled, from 1.
    pub course: usize,
    /// The courses known so far.
    pub courses: usize,
    /// Runs so far.
    pub runs: usize,
}

/// Drills a plan of which these inputs are known; after every run `watch` is told how far it is.
#[must_use]
pub fn drill(plan: &Plan, known: &Inputs, options: Options, watch: &mut dyn FnMut(Progress)) -> Drill {
    let unknown = Unknown::of(plan, known);
    let progress = Progress { course: 0, courses: 1, runs: 0 };
    let points = BTreeMap::new();
    let parents = plan.parents();
    let expectations = expectations(&unknown, &parents);
    let reached = HashMap::new();
    let mut search =
        Search { unknown: &unknown, parents, expectations, options, points, reached, progress, watch };
    let mut courses: Vec<Course> = vec![];
    let (mut next, mut tried) = (VecDeque::from([Course::default()]), HashSet::new());
    while let Some(course) =
        next.pop_front().filter(|_| options.courses == 0 || courses.len() < options.courses)
    {
        search.progress.course = courses.len() + 1;
        search.progress.courses = search.progress.course + next.len();
        let seen = search.course(&course, courses.len());
        for (choice, of) in unknown.choices.iter().enumerate() {
            if of.sites.iter().any(|site| seen.contains(site)) {
                tried.insert((choice, course.number(choice)));
                let others = (0..of.values.len()).filter(|value| tried.insert((choice, *value)));
                next.extend(others.map(|value| course.with(choice, value)));
            }
        }
        courses.push(course);
    }
    let first = Course::default().against(&courses, &unknown);
    let courses = courses.iter().map(|course| course.taken(&unknown)).collect();
    Drill { courses, first, runs: search.progress.runs, points: search.points.into_values().collect() }
}

/// The expectations of what nobody knows, each with the block that it stands in.
fn expectations(unknown: &Unknown<'_>, parents: &[NodeId]) -> Vec<(NodeId, NodeId)> {
    let all = (0..).map(NodeId).zip(&unknown.plan.nodes).zip(parents);
    let open = all.filter_map(|((at, node), parent)| match &node.op {
        Op::Eval(Eval::Expect(expect)) if unknown.is_open(&expect.condition) => Some((at, *parent)),
        _ => None,
    });
    open.collect()
}

struct Search<'s> {
    unknown: &'s Unknown<'s>,
    parents: Vec<NodeId>,
    /// The expectations of what nobody knows, each with its block.
    expectations: Vec<(NodeId, NodeId)>,
    options: Options,
    points: BTreeMap<(NodeId, String), Point>,
    /// What was come to, undos among it, once that had gone wrong so.
    reached: HashMap<(Piece, Injection), HashSet<NodeId>>,
    progress: Progress,
    watch: &'s mut dyn FnMut(Progress),
}

impl Search<'_> {
    /// Everything on one course. Gives the nodes that its runs came to.
    fn course(&mut self, course: &Course, number: usize) -> HashSet<NodeId> {
        let plan = staged(self.unknown, course);
        let cast = Cast::of(self.unknown, course);
        let inputs = inputs(self.unknown, course);
        let sites = course.last().and_then(|choice| Some(self.unknown.choices.get(choice)?.sites.as_slice()));
        let mut way = OnCourse {
            search: self,
            number,
            sites,
            cast: &cast,
            plan: &plan,
            inputs: &inputs,
            known: HashSet::new(),
            same: HashSet::new(),
            ways: WaysOut::new(),
            seen: HashSet::new(),
            base: vec![],
            queue: VecDeque::new(),
        };
        way.walk();
        way.seen
    }

    fn note(&mut self, piece: &Piece, part: Part, case: Case) {
        let key = (piece.node, piece.path.clone());
        let point = || Point { node: piece.node, path: piece.path.clone(), part, cases: vec![] };
        self.points.entry(key).or_insert_with(point).cases.push(case);
    }
}

/// A piece of work that is to fail, and what has to fail before so that it is reached.
struct Turn {
    piece: Piece,
    after: Vec<Strike>,
}

/// One course being drilled.
struct OnCourse<'w, 's> {
    search: &'w mut Search<'s>,
    number: usize,
    /// Where it differs from the one that it was made of.
    sites: Option<&'s [NodeId]>,
    cast: &'w Cast,
    plan: &'w Plan,
    inputs: &'w [StoredInput],
    known: HashSet<Piece>,
    /// Nodes that were come to before the course differs from the one that it was made of.
    same: HashSet<NodeId>,
    ways: WaysOut,
    seen: HashSet<NodeId>,
    /// What was asked for where nothing was struck.
    base: Vec<Piece>,
    queue: VecDeque<Turn>,
}

impl OnCourse<'_, '_> {
    fn walk(&mut self) {
        let base = self.play(&[]);
        let root = Piece { node: Plan::ROOT, path: String::new() };
        self.note(&root, None, vec![], &base);
        self.differs(&base);
        self.found(&base, &[]);
        self.base = base.asked;
        while let Some(Turn { piece, after }) = self.queue.pop_front() {
            for kind in self.kinds(&piece, &after) {
                let mut strikes = after.clone();
                strikes.push(Strike { at: piece.clone(), kind });
                let played = self.play(&strikes);
                self.note(&piece, Some(kind), after.clone(), &played);
                let reached = self.search.reached.entry((piece.clone(), kind)).or_default();
                reached.extend(played.events.iter().filter_map(met));
                // What follows a failure once is drilled after that; with two at a time, after every one.
                if after.is_empty() && self.search.options.pairs {
                    self.second(&played, &strikes);
                }
                self.found(&played, &strikes);
            }
        }
    }

    /// Sees to where the course differs first.
    fn differs(&mut self, base: &Played) {
        let Some(sites) = self.sites else { return };
        let nodes = base.events.iter().filter_map(met);
        self.same.extend(nodes.take_while(|node| !sites.contains(node)));
    }

    /// What is tried at a point. What was tried in full on another course is only failed on this one: what is owed then
    /// may differ, not what each way to fail means. A point before anything differs is tried again only in a way after
    /// which that was come to, in an undo.
    fn kinds(&self, piece: &Piece, after: &[Strike]) -> Vec<Injection> {
        let tried = self.search.points.contains_key(&(piece.node, piece.path.clone()));
        if tried && !after.is_empty() {
            return vec![];
        }
        if tried && self.is_same(piece.node) {
            return Injection::ALL
                .into_iter()
                .find(|kind| self.has_differed(piece, *kind))
                .into_iter()
                .collect();
        }
        let only = self.search.options.only;
        if tried && only.is_none() { vec![Injection::Failure] } else { self.ways_to_fail(piece.node) }
    }

    /// Whether a run in which that had gone wrong so came to where this course differs.
    fn has_differed(&self, piece: &Piece, kind: Injection) -> bool {
        let reached = self.search.reached.get(&(piece.clone(), kind));
        reached
            .zip(self.sites)
            .is_some_and(|(reached, sites)| sites.iter().any(|site| reached.contains(site)))
    }

    /// Each way in which that can go wrong, as far as it is asked for.
    fn ways_to_fail(&self, node: NodeId) -> Vec<Injection> {
        let only = self.search.options.only;
        let wanted = |kind: &Injection| only.is_none_or(|only| only == *kind);
        let alike = |kind: &Injection| only.is_none() && self.is_alike(node, *kind);
        Injection::ALL
            .into_iter()
            .filter(|kind| wanted(kind) && !alike(kind))
            .filter(|kind| self.can(node, *kind))
            .collect()
    }

    /// Whether that can go wrong so: an expectation only does not hold.
    fn can(&self, node: NodeId, kind: Injection) -> bool {
        kind == Injection::Failure || !self.is_expectation(node)
    }

    fn is_expectation(&self, node: NodeId) -> bool {
        matches!(self.plan.op(node), Some(Op::Eval(_)))
    }

    /// Whether it was come to before the course differs. Of an expectation its block tells.
    fn is_same(&self, node: NodeId) -> bool {
        let parent = self.search.parents.get(node.0 as usize).filter(|_| self.is_expectation(node));
        self.same.contains(parent.unwrap_or(&node))
    }

    /// Whether a failure is one that was tried in another form: of what only looks, every way to give no answer is one.
    fn is_alike(&self, node: NodeId, kind: Injection) -> bool {
        let Some(Op::Do(effect)) = self.plan.op(node) else { return false };
        let limited = kind == Injection::Hang && effect.timeout.is_some();
        effect.class == Class::Looks && (kind == Injection::Clean || limited)
    }

    /// Everything that follows the first failure fails, too.
    fn second(&mut self, played: &Played, strikes: &[Strike]) {
        for piece in self.follows(played, strikes) {
            for kind in self.ways_to_fail(piece.node) {
                let mut both = strikes.to_vec();
                both.push(Strike { at: piece.clone(), kind });
                let second = self.play(&both);
                self.note(&piece, Some(kind), strikes.to_vec(), &second);
            }
        }
    }

    /// What comes after a failure: what is asked for from there on, and the expectations in what is come to.
    fn follows(&self, played: &Played, strikes: &[Strike]) -> Vec<Piece> {
        let Some(first) = strikes.last() else { return vec![] };
        let asked = played.asked.iter().position(|piece| *piece == first.at).map(|at| at + 1);
        // Until something fails, a run asks for what one without a failure does.
        let alike = || played.asked.iter().zip(&self.base).take_while(|(one, other)| one == other).count();
        let mut pieces: Vec<Piece> = played.asked.iter().skip(asked.unwrap_or_else(alike)).cloned().collect();
        let parent = self.search.parents.get(first.at.node.0 as usize);
        let site = parent.copied().filter(|_| self.is_expectation(first.at.node)).unwrap_or(first.at.node);
        let after: HashSet<NodeId> =
            played.events.iter().filter_map(met).skip_while(|node| *node != site).collect();
        let expects = self
            .search
            .expectations
            .iter()
            .filter(|(at, parent)| after.contains(parent) && *at != first.at.node);
        pieces.extend(expects.map(|(node, _)| Piece { node: *node, path: String::new() }));
        pieces
    }

    /// What was asked for in a run and not before is to fail as well, and each expectation of what nobody knows not to hold.
    fn found(&mut self, played: &Played, after: &[Strike]) {
        let entered: HashSet<NodeId> = played.events.iter().filter_map(met).collect();
        let expects = self.search.expectations.iter().filter(|(_, parent)| entered.contains(parent));
        let expects: Vec<Piece> =
            expects.map(|(node, _)| Piece { node: *node, path: String::new() }).collect();
        for piece in played.asked.iter().cloned().chain(expects) {
            if self.known.insert(piece.clone()) {
                self.queue.push_back(Turn { piece, after: after.to_vec() });
            }
        }
    }

    /// Plays it with that gone wrong: expectations among it do not hold, until the cause is mended.
    fn play(&mut self, strikes: &[Strike]) -> Played {
        let (refused, struck): (Vec<_>, Vec<_>) =
            strikes.iter().cloned().partition(|strike| self.is_expectation(strike.at.node));
        let mut plan = Cow::Borrowed(self.plan);
        refused.iter().for_each(|strike| refuse(plan.to_mut(), strike.at.node));
        let stage = Staged { plan: &plan, mended: self.plan, cast: self.cast, inputs: self.inputs };
        let played = stage.play(struck, &mut self.ways);
        self.seen.extend(played.events.iter().filter_map(met));
        self.search.progress.runs += 1;
        (self.search.watch)(self.search.progress);
        played
    }

    fn note(&mut self, piece: &Piece, kind: Option<Injection>, after: Vec<Strike>, played: &Played) {
        let case = Case { kind, after, course: self.number, end: played.end.clone(), killed: played.killed };
        self.search.note(piece, self.cast.part(piece.node), case);
    }
}

/// The node that a run comes to with an event.
fn met(event: &Event) -> Option<NodeId> {
    match &event.fact {
        Fact::Entered { node, .. } | Fact::Skipped { node, .. } => Some(*node),
        Fact::Began(begun) => Some(begun.node),
        _ => None,
    }
}
