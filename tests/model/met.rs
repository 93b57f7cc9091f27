//! What a case met: questions about one plan, its world and its run. What must be met is in `coverage`.

use super::adapter::Ran;
use super::coverage::Moment;
use super::world::{Answer, End, Event, Key, Outcome, Part, Script, Step, Tree};
use std::collections::{BTreeMap, BTreeSet};

/// One case and its run.
pub(crate) struct Met<'a> {
    pub(crate) plan: &'a Outline,
    pub(crate) script: &'a Script,
    pub(crate) ran: &'a Ran,
}

impl Met<'_> {
    pub(crate) fn end(&self) -> End {
        self.ran.verdict.end
    }

    pub(crate) fn started(&self) -> impl DoubleEndedIterator<Item = &Key> + Clone {
        self.ran
            .events
            .iter()
            .filter_map(|event| if let Event::Started(key) = event { Some(key) } else { None })
    }

    pub(crate) fn ended(&self) -> impl Iterator<Item = (&Key, Outcome)> {
        self.ran.events.iter().filter_map(|event| match event {
            Event::Ended(key, outcome) => Some((key, *outcome)),
            _ => None,
        })
    }

    /// How often an effect started.
    pub(crate) fn tries(&self, key: &Key) -> usize {
        self.started().filter(|other| *other == key).count()
    }

    /// Whether anything ran in a block of that kind.
    pub(crate) fn ran_in(&self, kind: &str) -> bool {
        let names = self.plan.kinds.get(kind);
        names.is_some_and(|names| self.started().any(|key| names.contains(key.name())))
    }

    /// Whether the body of such a step began.
    pub(crate) fn ran(&self, is: fn(&Step) -> bool) -> bool {
        let such = |key: &&Key| self.plan.steps.get(key.name()).is_some_and(is);
        self.started().filter(|key| key.part.is_body()).any(|key| such(&key))
    }

    fn was_done(&self, key: &Key) -> bool {
        self.ended().any(|(other, outcome)| other == key && outcome == Outcome::Done)
    }

    /// All events with what ran when they came.
    pub(crate) fn moments(&self) -> impl Iterator<Item = Moment<'_>> {
        let (mut running, mut unwinding) = (Vec::<&Key>::new(), false);
        self.ran.events.iter().map(move |event| {
            let moment = Moment { event, running: running.clone(), unwinding };
            match event {
                Event::Started(key) => {
                    running.push(key);
                    unwinding |= key.part.is_rollback();
                }
                Event::Ended(key, _) => running.retain(|other| *other != key),
                Event::Crash => running.clear(),
                Event::Cancel => {}
            }
            moment
        })
    }

    pub(crate) fn crashes(&self) -> impl Iterator<Item = Moment<'_>> {
        self.moments().filter(|moment| *moment.event == Event::Crash)
    }

    pub(crate) fn cancels(&self) -> impl Iterator<Item = Moment<'_>> {
        self.moments().filter(|moment| *moment.event == Event::Cancel)
    }

    /// Of each start of a restore, whether a rollback had begun before.
    pub(crate) fn restores(&self) -> impl Iterator<Item = bool> {
        let restore = |event: &Event| matches!(event, Event::Started(key) if key.part.is_restore());
        self.moments().filter(move |moment| restore(moment.event)).map(|moment| moment.unwinding)
    }

    /// Bodies whose outcome the world reported as unknown.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = &Key> {
        let unknown = |(key, outcome): &(&Key, Outcome)| key.part.is_body() && *outcome == Outcome::Unknown;
        self.ended().filter(unknown).map(|(key, _)| key)
    }

    pub(crate) fn is_once(&self, key: &Key) -> bool {
        let answer = self.plan.steps.get(key.name()).map(|step| &step.answer);
        matches!(answer, Some(Answer::Rollback { once: true, .. }))
    }

    /// Whether a step with such an answer stayed for good.
    pub(crate) fn kept(&self, is: fn(&Answer) -> bool) -> bool {
        let mut steps = self.ran.verdict.kept.iter().filter_map(|id| self.plan.steps.get(base(id)));
        steps.any(|step| is(&step.answer))
    }

    /// Whether the run is stuck with such an undo as the last that was tried and never done.
    pub(crate) fn failed_for_good(&self, is: fn(&Part) -> bool) -> bool {
        self.end() == End::Stuck && self.started().any(|key| is(&key.part) && !self.was_done(key))
    }

    /// Stuck before a rollback that takes a value which its step never bound.
    pub(crate) fn misses_a_value(&self) -> bool {
        let missed = |key: &Key| {
            let answer = self.plan.steps.get(key.name()).map(|step| &step.answer);
            let Some(Answer::Rollback { needs: Some(effect), best_effort: false, .. }) = answer else {
                return false;
            };
            key.part.is_rollback() && !self.was_done(&Key { part: Part::Body(*effect), ..key.clone() })
        };
        self.end() == End::Stuck && self.ran.verdict.owed.iter().any(missed)
    }

    /// How `done when` answered after a rollback.
    pub(crate) fn looks_after_rollback(&self) -> impl Iterator<Item = Outcome> {
        let mut rolled = BTreeSet::new();
        self.ended().filter_map(move |(key, outcome)| {
            if key.part.is_rollback() {
                rolled.insert(&key.step);
            }
            (key.part == Part::Look && rolled.contains(&key.step)).then_some(outcome)
        })
    }

    pub(crate) fn in_place(&self) -> bool {
        let began = |step: &str| self.started().any(|key| key.step == step && key.part.is_body());
        let yes = |(key, outcome): (&Key, Outcome)| {
            key.part == Part::Look && outcome == Outcome::Done && !began(&key.step)
        };
        self.ended().any(yes)
    }

    /// A `done when` said yes after an unknown outcome.
    pub(crate) fn settled_as_done(&self) -> bool {
        let mut unknown = BTreeSet::new();
        self.ended().any(|(key, outcome)| {
            if key.part.is_body() && outcome == Outcome::Unknown {
                unknown.insert(&key.step);
            }
            key.part == Part::Look && outcome == Outcome::Done && unknown.contains(&key.step)
        })
    }

    /// More branches than may run at once began.
    pub(crate) fn binding_limit(&self) -> bool {
        let began = |branch: &BTreeSet<String>| self.started().any(|key| branch.contains(key.name()));
        let many = |(limit, branches): &(usize, Vec<BTreeSet<String>>)| {
            branches.iter().filter(|branch| began(branch)).count() > *limit
        };
        self.plan.limited.iter().any(many)
    }
}

/// What of a plan is asked about.
#[derive(Default)]
pub(crate) struct Outline {
    pub(crate) steps: BTreeMap<String, Step>,
    /// Names in the block of an attempt, in an `otherwise`.
    pub(crate) attempted: BTreeSet<String>,
    pub(crate) otherwise: BTreeSet<String>,
    /// Names in the blocks of each kind.
    kinds: BTreeMap<&'static str, BTreeSet<String>>,
    /// Limits with the names in each branch.
    limited: Vec<(usize, Vec<BTreeSet<String>>)>,
}

impl Outline {
    pub(crate) fn of(run: &[Tree]) -> Outline {
        let mut outline = Outline::default();
        outline.block(run);
        outline
    }

    /// Gives the names of what stands in a block.
    fn block(&mut self, body: &[Tree]) -> BTreeSet<String> {
        body.iter().flat_map(|tree| self.tree(tree)).collect()
    }

    fn tree(&mut self, tree: &Tree) -> BTreeSet<String> {
        let names = self.names(tree);
        if let Some(kind) = kind(tree) {
            self.kinds.entry(kind).or_default().extend(names.iter().cloned());
        }
        names
    }

    fn names(&mut self, tree: &Tree) -> BTreeSet<String> {
        match tree {
            Tree::Step(step) => {
                self.steps.insert(step.id.clone(), step.clone());
                BTreeSet::from([step.id.clone()])
            }
            Tree::Check(id) => BTreeSet::from([id.clone()]),
            Tree::Commit | Tree::Fail | Tree::End => BTreeSet::new(),
            Tree::Phase(body) | Tree::Call(body) | Tree::For { body, .. } => self.block(body),
            Tree::If { then, otherwise, .. } => &self.block(then) | &self.block(otherwise),
            Tree::Parallel { limit, branches } => {
                let branches: Vec<_> = branches.iter().map(|branch| self.tree(branch)).collect();
                let names = branches.iter().flatten().cloned().collect();
                self.limited.extend(limit.map(|limit| (limit, branches)));
                names
            }
            Tree::Attempt { body, otherwise } => {
                let (body, otherwise) = (self.block(body), self.block(otherwise));
                self.attempted.extend(body.iter().cloned());
                self.otherwise.extend(otherwise.iter().cloned());
                &body | &otherwise
            }
        }
    }
}

fn kind(tree: &Tree) -> Option<&'static str> {
    Some(match tree {
        Tree::Phase(_) => "phase",
        Tree::Call(_) => "call",
        Tree::Parallel { .. } => "parallel",
        Tree::For { parallel: None, .. } => "for",
        Tree::For { .. } => "for parallel",
        Tree::If { cond: true, .. } => "if",
        Tree::If { .. } => "else",
        Tree::Attempt { .. } => "attempt",
        _ => return None,
    })
}

/// The name of a step without the items of its loops.
fn base(step: &str) -> &str {
    step.split('[').next().unwrap_or_default()
}

impl Key {
    pub(crate) fn name(&self) -> &str {
        base(&self.step)
    }
}

impl Part {
    pub(crate) fn is_body(&self) -> bool {
        matches!(self, Part::Body(_))
    }

    pub(crate) fn is_rollback(&self) -> bool {
        matches!(self, Part::Rollback(_))
    }

    pub(crate) fn is_restore(&self) -> bool {
        matches!(self, Part::Restore(_))
    }
}
