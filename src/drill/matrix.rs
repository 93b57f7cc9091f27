//! All that can go wrong in a plan, one thing after the other, on every course: the matrix of ends.

use std::collections::{BTreeMap, HashSet, VecDeque};

use super::cast::{Cast, Part};
use super::course::Course;
use super::play::{End, Played, Stageful, Ways, inputs};
use super::scripted::{Piece, Strike};
use super::stage::{refuse, staged};
use super::unknown::{Inputs, Matter, Unknown};
use crate::event::{Fact, Injection, StoredInput};
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

impl Drill {
    /// Whether every run ended as it may.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.points.iter().flat_map(|point| &point.cases).all(|case| case.end.is_clean())
    }
}

/// Drills a plan of which these inputs are known.
#[must_use]
pub fn drill(plan: &Plan, known: &Inputs, options: Options) -> Drill {
    let unknown = Unknown::of(plan, known);
    let mut search = Search { unknown: &unknown, options, points: BTreeMap::new(), runs: 0 };
    let mut courses: Vec<Course> = vec![];
    let (mut next, mut tried) = (VecDeque::from([Course::default()]), HashSet::new());
    while let Some(course) =
        next.pop_front().filter(|_| options.courses == 0 || courses.len() < options.courses)
    {
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
    let courses = courses.iter().map(|course| course.taken(&unknown)).collect();
    Drill { courses, points: search.points.into_values().collect(), runs: search.runs }
}

struct Search<'s> {
    unknown: &'s Unknown<'s>,
    options: Options,
    points: BTreeMap<(NodeId, String), Point>,
    runs: usize,
}

impl Search<'_> {
    /// Everything on one course. Gives the nodes that its runs came to.
    fn course(&mut self, course: &Course, number: usize) -> HashSet<NodeId> {
        let plan = staged(self.unknown, course);
        let cast = Cast::of(self.unknown, course);
        let inputs = inputs(self.unknown, course);
        let sites = course.last().and_then(|choice| Some(self.unknown.choices.get(choice)?.sites.as_slice()));
        let mut way = Way {
            search: self,
            number,
            sites,
            cast: &cast,
            plan: &plan,
            inputs: &inputs,
            known: HashSet::new(),
            same: HashSet::new(),
            ways: Ways::new(),
            seen: HashSet::new(),
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
struct Way<'w, 's> {
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
    ways: Ways,
    seen: HashSet<NodeId>,
    queue: VecDeque<Turn>,
}

impl Way<'_, '_> {
    fn walk(&mut self) {
        let base = self.play(self.plan, vec![]);
        let root = Piece { node: Plan::ROOT, path: String::new() };
        self.note(&root, None, vec![], &base);
        self.differs(&base);
        self.found(&base, &[]);
        self.expectations();
        while let Some(Turn { piece, after }) = self.queue.pop_front() {
            for kind in self.kinds(&piece, &after) {
                let mut strikes = after.clone();
                strikes.push(Strike { at: piece.clone(), kind });
                let played = self.play(self.plan, strikes.clone());
                self.note(&piece, Some(kind), after.clone(), &played);
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
        let nodes = base.events.iter().filter_map(|event| match &event.fact {
            Fact::Entered { node, .. } | Fact::Skipped { node, .. } => Some(*node),
            Fact::Began(begun) => Some(begun.node),
            _ => None,
        });
        self.same.extend(nodes.take_while(|node| !sites.contains(node)));
    }

    /// What is tried at a point. What was tried in full on another course is only failed on this one: what is owed then
    /// may differ, not what each way to fail means. A point before anything differs is not tried again.
    fn kinds(&self, piece: &Piece, after: &[Strike]) -> Vec<Injection> {
        let tried = self.search.points.contains_key(&(piece.node, piece.path.clone()));
        match tried {
            true if self.same.contains(&piece.node) || !after.is_empty() => vec![],
            _ if self.search.options.only.is_some() => self.search.options.only.into_iter().collect(),
            true => vec![Injection::Failure],
            false => Injection::ALL.into_iter().filter(|kind| !self.is_alike(piece.node, *kind)).collect(),
        }
    }

    /// Whether a failure is one that was tried in another form: of what only looks, every way to give no answer is one.
    fn is_alike(&self, node: NodeId, kind: Injection) -> bool {
        let Some(Op::Do(effect)) = self.plan.op(node) else { return false };
        let limited = kind == Injection::Hang && effect.timeout.is_some();
        effect.class == Class::Looks && (kind == Injection::Clean || limited)
    }

    /// Everything that follows the first failure fails, too.
    fn second(&mut self, played: &Played, strikes: &[Strike]) {
        let at = strikes.last().and_then(|strike| played.asked.iter().position(|piece| *piece == strike.at));
        for piece in played.asked.iter().skip(at.map_or(0, |at| at + 1)) {
            for kind in Injection::ALL {
                let mut both = strikes.to_vec();
                both.push(Strike { at: piece.clone(), kind });
                let second = self.play(self.plan, both);
                self.note(piece, Some(kind), strikes.to_vec(), &second);
            }
        }
    }

    /// What was asked for in a run and not before is to fail as well.
    fn found(&mut self, played: &Played, after: &[Strike]) {
        for piece in &played.asked {
            if self.known.insert(piece.clone()) {
                self.queue.push_back(Turn { piece: piece.clone(), after: after.to_vec() });
            }
        }
    }

    /// Expectations of what nobody knows do not hold, one after the other.
    fn expectations(&mut self) {
        let parents = self.search.unknown.plan.parents();
        for (at, node) in (0..).map(NodeId).zip(&self.search.unknown.plan.nodes) {
            let (Op::Eval(Eval::Expect(expect)), Some(parent)) = (&node.op, parents.get(at.0 as usize))
            else {
                continue;
            };
            if !self.search.unknown.is_open(&expect.condition) || !self.seen.contains(parent) {
                continue;
            }
            let mut plan = self.plan.clone();
            refuse(&mut plan, at);
            let played = self.play(&plan, vec![]);
            let piece = Piece { node: at, path: String::new() };
            self.note(&piece, Some(Injection::Failure), vec![], &played);
        }
    }

    fn play(&mut self, plan: &Plan, strikes: Vec<Strike>) -> Played {
        self.search.runs += 1;
        let played = Stageful { plan, cast: self.cast, inputs: self.inputs }.play(strikes, &mut self.ways);
        for event in &played.events {
            match &event.fact {
                Fact::Entered { node, .. } | Fact::Skipped { node, .. } => _ = self.seen.insert(*node),
                Fact::Began(begun) => _ = self.seen.insert(begun.node),
                _ => {}
            }
        }
        played
    }

    fn note(&mut self, piece: &Piece, kind: Option<Injection>, after: Vec<Strike>, played: &Played) {
        let case = Case { kind, after, course: self.number, end: played.end.clone(), killed: played.killed };
        self.search.note(piece, self.cast.part(piece.node), case);
    }
}
