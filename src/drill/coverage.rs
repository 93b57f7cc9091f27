//! What the scenarios of a runbook came to: branches taken, checks that passed and failed, rollbacks that ran.

use std::collections::{BTreeSet, HashMap};

use crate::event::{Event, Fact, FrameId, Key, Verdict};
use crate::plan::{Act, Answer, Arm, Effect, Loop, NodeId, Op, Plan, QuestionKind};
use crate::value::{Expr, VarId};

/// What was come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Branches of conditions: an arm, or a condition that none of its arms met.
    pub branches: BTreeSet<(NodeId, bool)>,
    /// Checks that passed.
    pub passed: BTreeSet<NodeId>,
    /// Checks that did not.
    pub failed: BTreeSet<NodeId>,
    /// Steps whose rollback ran to its end.
    pub rollbacks: BTreeSet<NodeId>,
}

impl Coverage {
    /// All that can be come to.
    #[must_use]
    pub fn whole(plan: &Plan) -> Self {
        let (mut whole, picked) = (Self::default(), picked(plan));
        for (at, node) in (0..).map(NodeId).zip(&plan.nodes) {
            match &node.op {
                Op::Branch(arms) => {
                    whole.branches.extend(arms.iter().map(|arm| (arm.body, true)));
                    let other = arms.iter().all(|arm| arm.when.is_some()) && !chosen(arms, &picked);
                    if other {
                        whole.branches.insert((at, false));
                    }
                }
                Op::Loop(looped) if matches!(**looped, Loop::Poll { .. }) => {
                    whole.passed.insert(at);
                    whole.failed.insert(at);
                }
                _ => {}
            }
            if let Some(step) = plan.step(at) {
                if step.condition.is_some() {
                    whole.branches.extend([(at, true), (at, false)]);
                }
                if matches!(step.undo, Answer::Rollback(_)) {
                    whole.rollbacks.insert(at);
                }
            }
        }
        whole
    }

    /// What a run came to.
    pub(super) fn of(plan: &Plan, events: &[Event]) -> Self {
        let mut covered = Self::default();
        let mut frames: HashMap<FrameId, (NodeId, bool)> = HashMap::new();
        for event in events {
            match &event.fact {
                Fact::Entered { frame, node, key, .. } => {
                    covered.branches.insert((*node, true));
                    frames.insert(*frame, (*node, matches!(key, Some(Key::Undo(_)))));
                }
                Fact::Skipped { node, by: None, .. } => _ = covered.branches.insert((*node, false)),
                Fact::Left { frame, verdict } => {
                    if let Some((node, undo)) = frames.get(frame) {
                        covered.left(*node, *undo, verdict);
                    }
                }
                _ => {}
            }
        }
        covered.rollbacks = covered.rollbacks.iter().filter_map(|body| step_of(plan, *body)).collect();
        covered.within(&Self::whole(plan))
    }

    fn left(&mut self, node: NodeId, undo: bool, verdict: &Verdict) {
        match verdict {
            Verdict::Passed if undo => _ = self.rollbacks.insert(node),
            Verdict::Passed => _ = self.passed.insert(node),
            Verdict::Failed(_) | Verdict::Inconclusive(_) => _ = self.failed.insert(node),
            Verdict::InPlace | Verdict::Stopped => {}
        }
    }

    fn within(&self, whole: &Self) -> Self {
        Self {
            branches: self.branches.intersection(&whole.branches).copied().collect(),
            passed: self.passed.intersection(&whole.passed).copied().collect(),
            failed: self.failed.intersection(&whole.failed).copied().collect(),
            rollbacks: self.rollbacks.intersection(&whole.rollbacks).copied().collect(),
        }
    }

    /// With what another run came to.
    pub fn add(&mut self, other: Self) {
        self.branches.extend(other.branches);
        self.passed.extend(other.passed);
        self.failed.extend(other.failed);
        self.rollbacks.extend(other.rollbacks);
    }
}

/// What `choose` asks for: it is always one of its answers.
fn picked(plan: &Plan) -> BTreeSet<VarId> {
    let asks = |effect: &Effect| match &effect.act {
        Act::Person(question) => matches!(question.kind, QuestionKind::Choose { .. }),
        _ => false,
    };
    let effects =
        plan.nodes.iter().filter_map(|node| if let Op::Do(effect) = &node.op { Some(effect) } else { None });
    effects.filter(|effect| asks(effect)).flat_map(|effect| &effect.binds).map(|bind| bind.var).collect()
}

/// Whether the arms are the answers of a `choose`.
fn chosen(arms: &[Arm], picked: &BTreeSet<VarId>) -> bool {
    let compared = arms.first().and_then(|arm| arm.when.as_ref());
    matches!(compared, Some(Expr::Binary(_, var, _)) if matches!(**var, Expr::Var(var) if picked.contains(&var)))
}

/// The step whose rollback that is.
fn step_of(plan: &Plan, body: NodeId) -> Option<NodeId> {
    let is_of = |at: &NodeId| match plan.step(*at).map(|step| &step.undo) {
        Some(Answer::Rollback(undo)) => undo.body == body,
        _ => false,
    };
    (0..=body.0).rev().map(NodeId).find(is_of)
}
