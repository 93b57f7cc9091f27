//! Random plans for the reference model, as proptest strategies that shrink: every id once, nothing that
//! cannot be reached, nothing where the language does not allow it. It knows neither rules nor engine.

use super::world::{Answer, Step, Tree};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// How large the plans get. Numbers are upper bounds of what is asked for; loops multiply.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) depth: u32,
    pub(crate) statements: u32,
}

impl Default for Size {
    fn default() -> Size {
        Size { depth: 3, statements: 12 }
    }
}

/// Tidy plans: every id once, nothing unreachable, `commit` and `end` only where they may stand.
pub(crate) fn runs(size: Size) -> impl Strategy<Value = Vec<Tree>> {
    let leaf = prop_oneof![
        16 => steps().prop_map(Tree::Step),
        2 => Just(Tree::Check(String::new())),
        1 => Just(Tree::Fail),
        1 => Just(Tree::Commit),
        1 => Just(Tree::End),
    ];
    let tree = leaf.prop_recursive(size.depth, size.statements, 3, |inner| blocks(&inner));
    let commit = proptest::option::weighted(0.15, any::<Index>());
    (vec(tree, 1..5), commit).prop_map(|(mut run, commit)| {
        if let Some(index) = commit {
            run.insert(index.index(run.len()), Tree::Commit);
        }
        Tidy::default().run(run)
    })
}

fn blocks(inner: &BoxedStrategy<Tree>) -> impl Strategy<Value = Tree> + use<> {
    let body = || vec(inner.clone(), 1..4);
    let limit = || prop_oneof![2 => Just(None), 1 => (1..4usize).prop_map(Some)];
    prop_oneof![
        3 => body().prop_map(Tree::Phase),
        1 => body().prop_map(Tree::Call),
        4 => (limit(), vec(inner.clone(), 2..4))
            .prop_map(|(limit, branches)| Tree::Parallel { limit, branches }),
        2 => (0..4usize, limit(), body()).prop_map(|(items, parallel, body)| Tree::For { items, parallel, body }),
        2 => (any::<bool>(), body(), vec(inner.clone(), 0..3))
            .prop_map(|(cond, then, otherwise)| Tree::If { cond, then, otherwise }),
        3 => (body(), body()).prop_map(|(body, otherwise)| Tree::Attempt { body, otherwise }),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    let effects = prop_oneof![4 => Just(1), 2 => Just(2), 1 => Just(3usize)];
    let restore = prop_oneof![5 => Just(0), 3 => Just(1), 1 => Just(2usize)];
    let retry = prop_oneof![5 => Just(0), 1 => Just(1), 1 => Just(2usize)];
    let flags = (sometimes(0.12), sometimes(0.25), sometimes(0.2), sometimes(0.15));
    (effects, answers(), restore, retry, flags).prop_map(|(effects, answer, restore, retry, flags)| {
        let (atomic, idempotent, done_when, file) = flags;
        let takes_file = file && (restore > 0 || matches!(answer, Answer::Rollback { .. }));
        let answer = match answer {
            Answer::Rollback { effects: n, best_effort, once, needs } => {
                let needs = needs.map(|effect| effect % effects).filter(|_| !done_when);
                Answer::Rollback { effects: n, best_effort, once, needs }
            }
            other => other,
        };
        Step { id: String::new(), effects, answer, restore, atomic, idempotent, retry, done_when, takes_file }
    })
}

fn answers() -> impl Strategy<Value = Answer> {
    let needs = prop_oneof![5 => Just(None), 1 => (0..3usize).prop_map(Some)];
    let rollback =
        (1..3usize, sometimes(0.2), sometimes(0.3), needs).prop_map(|(effects, best_effort, once, needs)| {
            Answer::Rollback { effects, best_effort, once, needs }
        });
    prop_oneof![12 => rollback, 2 => Just(Answer::Nothing), 1 => Just(Answer::Irreversible)]
}

pub(crate) fn sometimes(probability: f64) -> impl Strategy<Value = bool> {
    proptest::bool::weighted(probability)
}

/// Numbers the statements and replaces what may not stand where it stands by a check.
#[derive(Default)]
struct Tidy {
    count: usize,
    committed: bool,
    /// Nothing has started yet in this branch: a `fail` here would race with its siblings' first effects (Q24).
    leading: bool,
}

/// What a block may hold.
#[derive(Clone, Copy)]
struct Place {
    /// 0 is the run's own block, 1 a phase there, 2 anything else.
    level: u8,
    end: bool,
}

impl Tidy {
    fn run(&mut self, run: Vec<Tree>) -> Vec<Tree> {
        self.block(run, Place { level: 0, end: true })
    }

    fn block(&mut self, body: Vec<Tree>, place: Place) -> Vec<Tree> {
        let mut tidy = Vec::new();
        for tree in body {
            tidy.push(self.tree(tree, place));
            if matches!(tidy.last(), Some(Tree::Fail | Tree::End)) {
                break; // what follows cannot be reached
            }
        }
        tidy
    }

    fn tree(&mut self, tree: Tree, place: Place) -> Tree {
        let inner = Place { level: 2, ..place };
        let closed = Place { level: 2, end: false };
        match tree {
            Tree::Step(step) => Tree::Step(Step { id: self.id('s'), ..step }),
            Tree::Commit if place.level < 2 && !self.committed => {
                self.committed = true;
                Tree::Commit
            }
            Tree::End if place.end => Tree::End,
            Tree::Fail if !self.leading => Tree::Fail,
            Tree::Check(_) | Tree::Commit | Tree::End | Tree::Fail => Tree::Check(self.id('c')),
            Tree::Phase(body) => {
                Tree::Phase(self.block(body, Place { level: if place.level == 0 { 1 } else { 2 }, ..place }))
            }
            Tree::Call(body) => Tree::Call(self.block(body, closed)),
            Tree::Parallel { limit, branches } => {
                let branches = branches.into_iter().map(|tree| self.branch(|tidy| tidy.tree(tree, closed)));
                Tree::Parallel { limit, branches: branches.collect() }
            }
            Tree::For { items, parallel: parallel @ Some(_), body } => {
                Tree::For { items, parallel, body: self.branch(|tidy| tidy.block(body, closed)) }
            }
            Tree::For { items, parallel, body } => {
                Tree::For { items, parallel, body: self.block(body, inner) }
            }
            Tree::If { cond, then, otherwise } => {
                let leading = self.leading;
                let then = self.block(then, inner);
                self.leading = leading;
                let otherwise = self.block(otherwise, inner);
                self.leading = leading;
                Tree::If { cond, then, otherwise }
            }
            Tree::Attempt { body, otherwise } => {
                let body = self.block(body, closed);
                Tree::Attempt { body, otherwise: self.block(otherwise, closed) }
            }
        }
    }

    fn branch<T>(&mut self, tidy: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.leading, true);
        let branch = tidy(self);
        self.leading = outer;
        branch
    }

    fn id(&mut self, kind: char) -> String {
        self.leading = false;
        self.count += 1;
        format!("{kind}{}", self.count)
    }
}
